package install

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// change is one value of what a delivery emits for the install with everything, and where the difference must be seen.
type change struct {
	what       string
	deliveries []string
	pattern    string
	with       string
	// owner and place must be named.
	owner, place string
}

var (
	ofBase   = []string{"argoCd", "flux", "terraform", "istioctl", "rendered"}
	ofValues = []string{"argoCd", "flux", "terraform", "sail", "istioctl"}
)

var changes = []change{
	{"a number", deliveries, `autoscaleMax: 9`, "autoscaleMax: 8", "istiod-1-30-3", "/pilot/autoscaleMax"},
	{"a flag that becomes a text", deliveries, `logAsJson: true`, "logAsJson: 'true'", "istiod-1-30-3", "/global/logAsJson"},
	{"a text that becomes a number", deliveries, `TEXT_7: (\\?["'])012(\\?["'])`, "TEXT_7: 10", "istiod-1-30-3", "/pilot/env/TEXT_7"},
	{"a trust domain", ofValues, `trustDomain: prod\.example\.com`, "trustDomain: prod.example.org", "istiod-1-30-3", "/meshConfig/trustDomain"},
	{"a value of cni", deliveries, `cniBinDir: /home/kubernetes/bin`, "cniBinDir: /opt", "istio-cni", "/cni/cniBinDir"},
	{"a value of base", ofBase, `defaultRevision: '1-30-3'`, "defaultRevision: default", "istio-base", "/defaultRevision"},
	{"an annotation of a gateway", ofBase, `example\.com/scheme: internal`, "example.com/scheme: external", "front", "example.com/scheme"},

	{"a release's namespace", []string{"argoCd", "sail", "istioctl"}, `namespace: cni-system`, "namespace: kube-system", "istio-cni", "kube-system/istio-cni"},
	{"a release's namespace", []string{"flux"}, `targetNamespace: cni-system`, "targetNamespace: kube-system", "istio-cni", "kube-system/istio-cni"},
	{"a release's namespace", []string{"terraform"}, `"namespace": "cni-system"`, `"namespace": "kube-system"`, "istio-cni", "kube-system/istio-cni"},
	{"a chart's version", []string{"argoCd"}, `(chart: cni\n(?s:.*?)targetRevision: ')1\.30\.3`, "${1}1.29.4", "istio-cni", "/spec/version"},
	{"a chart's version", []string{"flux"}, `(chart: cni\n(?s:.*?)version: ')1\.30\.3`, "${1}1.29.4", "istio-cni", "/spec/version"},
	{"a chart's version", []string{"terraform"}, `("chart": "cni",(?s:.*?)"version": ")1\.30\.3`, "${1}1.29.4", "istio-cni", "/spec/version"},
	{"a chart's version", []string{"sail"}, `(kind: IstioCNI\n(?s:.*?)version: v)1\.30\.3`, "${1}1.29.4", "istio-cni", "/spec/version"},
	{"a chart's version", []string{"istioctl"}, `with istioctl 1\.30\.3`, "with istioctl 1.29.4", "istio-cni", "/spec/version"},
	{"the name of a release", []string{"argoCd"}, `releaseName: front`, "releaseName: side", "release `side`", "Service/edge/side"},
	{"the name of a release", []string{"flux"}, `releaseName: front`, "releaseName: side", "release `side`", "Service/edge/side"},
	{"the name of a release", []string{"terraform"}, `"name": "front"`, `"name": "side"`, "release `side`", "Service/edge/side"},
	{"the revision", []string{"sail"}, `(kind: Istio\n(?s:.*?)name: ')1-30-3`, "${1}1-30-4", "istiod-1-30-4", "/istiod-1-30-4"},
	{"the profile", []string{"sail"}, `(kind: IstioCNI\n(?s:.*?)profile: )demo`, "${1}platform-gke", "istio-cni", "/profile"},
	{"the profile", []string{"istioctl"}, `profile: demo`, "profile: minimal", "istiod-1-30-3", "/profile"},
	{"the registry of images", []string{"istioctl"}, `hub: registry\.example\.com/istio`, "hub: docker.io/istio", "istiod-1-30-3", "/global/hub"},
	{"a component that is on", []string{"istioctl"}, `(cni:\n\s+enabled: )true`, "${1}false", "istio-cni", "DaemonSet/cni-system/istio-cni-node"},
	{"the size of a gateway", []string{"istioctl"}, `minReplicas: 4`, "minReplicas: 3", "front", "/autoscaling/minReplicas"},
	{"a namespace that nobody makes", []string{"argoCd"}, `(namespace: cni-system\n(?s:.*?))CreateNamespace=true`, "${1}CreateNamespace=false", ofNobody, "Namespace//cni-system"},
	{"a namespace that nobody makes", []string{"flux"}, `(chart: cni\n(?s:.*?)createNamespace: )true`, "${1}false", ofNobody, "Namespace//cni-system"},
	{"a namespace that nobody makes", []string{"terraform"}, `("chart": "cni",\s+"create_namespace": )true`, "${1}false", ofNobody, "Namespace//cni-system"},
	{"definitions that nobody makes", []string{"flux"}, `(chart: base\n(?s:.*?)crds: )CreateReplace`, "${1}Skip", ofNobody, "CustomResourceDefinition//showns.standin.example.com"},
	{"what is waited for", []string{"argoCd"}, `(sync-wave: ["'])2`, "${1}0", "istiod-1-30-3", "does not wait for `istio-base`"},
	{"what is waited for", []string{"flux"}, `(dependsOn:\n\s+- name: )istiod-1-30-3`, "${1}istio-base", "release `back`", "does not wait for `istiod-1-30-3`"},
	{"what is waited for", []string{"terraform"}, `"helm_release.istiod-1-30-3"`, `"helm_release.istio-base"`, "", "does not wait for `istiod-1-30-3`"},
	{"the order of charts", []string{"rendered"}, `(apiVersion: apps/v1\nkind: DaemonSet(?s:.*?)\n---\n)((?s:.*))`, "${2}---\n${1}", "release `istiod-1-30-3`", "does not wait for `istio-cni`"},
	{"the place of definitions", []string{"rendered"}, `(apiVersion: apiextensions.k8s.io/v1\n(?s:.*?)\n---\n)((?s:.*))`, "${2}---\n${1}", "CustomResourceDefinition//", "stands behind"},
	{"a field that nobody reads", []string{"argoCd"}, `(\n +)(releaseName: istio-base)`, "${1}${2}${1}skipCrds: true", "Application/argocd/istio-base", "skipCrds"},
	{"a field that nobody reads", []string{"flux"}, `(\n +)(releaseName: istio-base)`, "${1}${2}${1}maxHistory: 3", "HelmRelease/flux-system/istio-base", "maxHistory"},
	{"a field that nobody reads", []string{"terraform"}, `("name": "istio-base",)`, `${1} "atomic": true,`, "helm_release.istio-base", "atomic"},
	{"a field that nobody reads", []string{"sail"}, `(\n +)(profile: demo)`, "${1}${2}${1}paused: true", "Istio//1-30-3", "paused"},
	{"a field that nobody reads", []string{"istioctl"}, `(\n +)(profile: demo)`, "${1}${2}${1}tag: latest", "istio-1-30-3.istioctl", "tag"},
	{"a template of Terraform's", []string{"terraform"}, `\$\$\{a\}`, `$${\"b\"}`, "istiod-1-30-3", "/pilot/env/TEXT_16"},
}

// noticed changes one value at a time, and expects the comparison to name the delivery, the release and the place.
func (r *run) noticed() []report.Check {
	var checks []report.Check
	for _, one := range changes {
		for _, delivery := range one.deliveries {
			name := fmt.Sprintf("install: %s, changed in what %s emits, is seen", one.what, delivery)
			checks = append(checks, report.NewCheck(name, r.unseen(one, delivery)...))
		}
	}
	changed, err := replaced(r.texts[everything]["rendered"].Files, change{pattern: `outboundTrafficPolicy:`, with: "outboundTrafficPolicies:"})
	name := "install: a field that the mesh config does not have is seen"
	if err != nil {
		return append(checks, report.NewCheck(name, err.Error()))
	}
	problems := meshConfigProblems(changed)
	if !strings.Contains(strings.Join(problems, "\n"), "outboundTrafficPolicies") {
		return append(checks, report.NewCheck(name, fmt.Sprintf("expected `outboundTrafficPolicies`, found %q", problems)))
	}
	return append(checks, report.NewCheck(name))
}

func (r *run) unseen(one change, delivery string) []string {
	changed, err := replaced(r.texts[everything][delivery].Files, one)
	if err != nil {
		return []string{err.Error()}
	}
	found := r.against(everything, delivery, changed)
	names := func(reason string) bool {
		return strings.HasPrefix(reason, delivery+": ") && strings.Contains(reason, one.owner) && strings.Contains(reason, one.place)
	}
	if !slices.ContainsFunc(found, names) {
		return []string{fmt.Sprintf("expected `%s` and `%s` to be named, found %q", one.owner, one.place, found)}
	}
	return nil
}

// replaced changes the first place that the pattern matches; there must be one.
func replaced(files map[string]string, one change) (map[string]string, error) {
	pattern := regexp.MustCompile(one.pattern)
	for _, name := range sortedKeys(files) {
		found := pattern.FindStringSubmatchIndex(files[name])
		if found == nil {
			continue
		}
		text := files[name]
		changed := maps.Clone(files)
		changed[name] = text[:found[0]] + string(pattern.ExpandString(nil, one.with, text, found)) + text[found[1]:]
		return changed, nil
	}
	return nil, fmt.Errorf("nothing that is emitted matches `%s`", one.pattern)
}
