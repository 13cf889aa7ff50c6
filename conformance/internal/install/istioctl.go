package install

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	"sigs.k8s.io/yaml"
)

// operator is the input of `istioctl install`, as far as the delivery uses it.
type operator struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		Profile    string         `json:"profile"`
		Revision   string         `json:"revision"`
		Namespace  string         `json:"namespace"`
		Hub        string         `json:"hub"`
		MeshConfig map[string]any `json:"meshConfig"`
		Components struct {
			Base            component   `json:"base"`
			Pilot           component   `json:"pilot"`
			CNI             component   `json:"cni"`
			Ztunnel         component   `json:"ztunnel"`
			IngressGateways []component `json:"ingressGateways"`
			EgressGateways  []component `json:"egressGateways"`
		} `json:"components"`
		Values map[string]any `json:"values"`
	} `json:"spec"`
}

type component struct {
	Name      string            `json:"name"`
	Namespace string            `json:"namespace"`
	Enabled   bool              `json:"enabled"`
	Label     map[string]string `json:"label"`
	K8s       struct {
		Service             map[string]any `json:"service"`
		ServiceAnnotations  map[string]any `json:"serviceAnnotations"`
		HPASpec             map[string]any `json:"hpaSpec"`
		PodDisruptionBudget map[string]any `json:"podDisruptionBudget"`
	} `json:"k8s"`
}

// The charts are those of istioctl itself, whose version only people are told.
var ofVersion = regexp.MustCompile(`(?m)^# Only with istioctl (\S+),`)

// readIstioctl gives the charts that `istioctl` installs, by names that it does not say: those that other deliveries give them.
func readIstioctl(files map[string]string) (emitted, error) {
	found, err := readRendered(files)
	if err != nil {
		return found, err
	}
	inputs := slices.DeleteFunc(sortedKeys(files), func(name string) bool { return !strings.HasSuffix(name, ".istioctl") })
	if len(inputs) != 1 {
		return found, report.Bad("there are %d inputs for istioctl, not one", len(inputs))
	}
	text := files[inputs[0]]
	var content any
	if err := yaml.UnmarshalStrict([]byte(text), &content); err != nil {
		return found, err
	}
	var input operator
	if err := strictly(inputs[0], content, &input); err != nil {
		return found, err
	}
	version := ofVersion.FindStringSubmatch(text)
	if version == nil {
		return found, report.Bad("`%s` does not say which istioctl reads it", inputs[0])
	}
	found.releases, err = input.releases(version[1])
	return found, err
}

func (o operator) releases(version string) ([]release, error) {
	spec, parts := o.Spec, o.Spec.Components
	profile := strings.TrimPrefix(spec.Profile, "minimal")
	tree := withProfile(merged(spec.Values, map[string]any{"meshConfig": spec.MeshConfig}), profile)
	revision, suffix := map[string]any{}, ""
	if spec.Revision != "" {
		revision, suffix = map[string]any{"revision": spec.Revision}, "-"+spec.Revision
	}
	tree = merged(tree, revision)
	if spec.Hub != "" {
		tree = merged(tree, map[string]any{"global": map[string]any{"hub": spec.Hub}})
	}
	values, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	var releases []release
	add := func(enabled bool, name, namespace, chart string, values []byte) {
		if enabled {
			releases = append(releases, release{name: name, namespace: namespace, chart: chart, version: version, values: values, makesCRDs: true})
		}
	}
	add(parts.Base.Enabled, "istio-base", spec.Namespace, "base", values)
	add(parts.CNI.Enabled, "istio-cni", parts.CNI.Namespace, "cni", values)
	add(parts.Pilot.Enabled, "istiod"+suffix, spec.Namespace, "istiod", values)
	add(parts.Ztunnel.Enabled, "ztunnel", spec.Namespace, "ztunnel", values)
	for _, gateway := range slices.Concat(parts.IngressGateways, parts.EgressGateways) {
		own, err := json.Marshal(gateway.values(tree, revision))
		if err != nil {
			return nil, err
		}
		add(gateway.Enabled, gateway.Name, gateway.Namespace, "gateway", own)
	}
	return releases, nil
}

// values are those of the chart `gateway` for what istioctl is told in words of its own.
func (c component) values(tree, revision map[string]any) map[string]any {
	values := maps.Clone(revision)
	if profile := tree["profile"]; profile != nil {
		values["profile"] = profile
	}
	values["service"] = c.K8s.Service
	if c.K8s.ServiceAnnotations != nil {
		values["service"] = merged(c.K8s.Service, map[string]any{"annotations": c.K8s.ServiceAnnotations})
	}
	values["autoscaling"] = merged(map[string]any{"enabled": true}, c.K8s.HPASpec)
	if c.K8s.PodDisruptionBudget != nil {
		values["podDisruptionBudget"] = c.K8s.PodDisruptionBudget
	}
	global, _ := tree["global"].(map[string]any)
	if names, _ := global["imagePullSecrets"].([]any); names != nil {
		secrets := []any{}
		for _, name := range names {
			secrets = append(secrets, map[string]any{"name": name})
		}
		values["imagePullSecrets"] = secrets
	}
	return values
}
