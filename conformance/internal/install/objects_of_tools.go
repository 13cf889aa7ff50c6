package install

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	"sigs.k8s.io/yaml"
)

// application is the spec of Argo CD's Application, as far as deliveries use it.
type application struct {
	Project     string `json:"project"`
	Destination struct {
		Server    string `json:"server"`
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"destination"`
	Source struct {
		RepoURL        string `json:"repoURL"`
		Chart          string `json:"chart"`
		TargetRevision string `json:"targetRevision"`
		Helm           struct {
			ReleaseName  string          `json:"releaseName"`
			ValuesObject json.RawMessage `json:"valuesObject"`
		} `json:"helm"`
	} `json:"source"`
	IgnoreDifferences []any `json:"ignoreDifferences"`
	SyncPolicy        struct {
		SyncOptions []string `json:"syncOptions"`
	} `json:"syncPolicy"`
}

func readArgoCd(files map[string]string) (emitted, error) {
	waves := map[string]int{}
	found, err := readObjects(files, []string{"Application"}, func(object manifests.Object) ([]release, error) {
		var spec application
		if err := strictly(object.ID(), object.Content["spec"], &spec); err != nil {
			return nil, err
		}
		wave, err := strconv.Atoi(object.Annotation("argocd.argoproj.io/sync-wave"))
		if err != nil {
			return nil, report.Bad("`%s` has no sync wave: %v", object.ID(), err)
		}
		waves[spec.Source.Helm.ReleaseName] = wave
		// Argo CD hands the object to Helm as a file of YAML.
		values, err := yaml.JSONToYAML(spec.Source.Helm.ValuesObject)
		return []release{{
			name:           spec.Source.Helm.ReleaseName,
			namespace:      spec.Destination.Namespace,
			chart:          spec.Source.Chart,
			version:        spec.Source.TargetRevision,
			repository:     spec.Source.RepoURL,
			values:         values,
			makesNamespace: slices.Contains(spec.SyncPolicy.SyncOptions, "CreateNamespace=true"),
			makesCRDs:      true,
		}}, err
	})
	for index, one := range found.releases {
		for _, other := range found.releases {
			if waves[other.name] < waves[one.name] {
				found.releases[index].after = append(found.releases[index].after, other.name)
			}
		}
	}
	return found, err
}

// helmRelease is the spec of Flux's HelmRelease, as far as deliveries use it.
type helmRelease struct {
	ReleaseName      string `json:"releaseName"`
	TargetNamespace  string `json:"targetNamespace"`
	StorageNamespace string `json:"storageNamespace"`
	Interval         string `json:"interval"`
	Timeout          string `json:"timeout"`
	DependsOn        []struct {
		Name string `json:"name"`
	} `json:"dependsOn"`
	Chart struct {
		Spec struct {
			Chart     string `json:"chart"`
			Version   string `json:"version"`
			SourceRef struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"sourceRef"`
			Interval string `json:"interval"`
		} `json:"spec"`
	} `json:"chart"`
	Install struct {
		CreateNamespace bool   `json:"createNamespace"`
		CRDs            string `json:"crds"`
	} `json:"install"`
	Upgrade struct {
		CRDs string `json:"crds"`
	} `json:"upgrade"`
	Values json.RawMessage `json:"values"`
}

func readFlux(files map[string]string) (emitted, error) {
	repositories := map[string]string{}
	found, err := readObjects(files, []string{"HelmRepository", "HelmRelease"}, func(object manifests.Object) ([]release, error) {
		if object.Kind() == "HelmRepository" {
			var spec struct {
				URL      string `json:"url"`
				Interval string `json:"interval"`
			}
			err := strictly(object.ID(), object.Content["spec"], &spec)
			repositories[object.Name()] = spec.URL
			return nil, err
		}
		var spec helmRelease
		if err := strictly(object.ID(), object.Content["spec"], &spec); err != nil {
			return nil, err
		}
		one := release{
			name:           spec.ReleaseName,
			namespace:      spec.TargetNamespace,
			chart:          spec.Chart.Spec.Chart,
			version:        spec.Chart.Spec.Version,
			repository:     spec.Chart.Spec.SourceRef.Name,
			values:         spec.Values,
			makesNamespace: spec.Install.CreateNamespace,
			makesCRDs:      spec.Install.CRDs != "Skip" && spec.Upgrade.CRDs != "" && spec.Upgrade.CRDs != "Skip",
		}
		for _, before := range spec.DependsOn {
			one.after = append(one.after, before.Name)
		}
		return []release{one}, nil
	})
	for index, one := range found.releases {
		found.releases[index].repository = repositories[one.repository]
	}
	closure(found.releases)
	return found, err
}

// sailSpec is the spec of Sail's Istio and IstioCNI, as far as the delivery uses it.
type sailSpec struct {
	Version        string `json:"version"`
	Namespace      string `json:"namespace"`
	Profile        string `json:"profile"`
	UpdateStrategy struct {
		Type string `json:"type"`
	} `json:"updateStrategy"`
	Values map[string]any `json:"values"`
}

// readSail gives the charts that the operator installs, by names that it does not say: those that other deliveries give them.
func readSail(files map[string]string) (emitted, error) {
	return readObjects(files, []string{"Istio", "IstioCNI"}, func(object manifests.Object) ([]release, error) {
		var spec sailSpec
		if err := strictly(object.ID(), object.Content["spec"], &spec); err != nil {
			return nil, err
		}
		one := release{name: "istio-cni", namespace: spec.Namespace, chart: "cni", version: strings.TrimPrefix(spec.Version, "v")}
		values := withProfile(spec.Values, spec.Profile)
		if object.Kind() == "Istio" {
			one.name, one.chart = "istiod", "istiod"
			if revision := object.Name(); revision != "default" {
				one.name += "-" + revision
				values = merged(values, map[string]any{"revision": revision})
			}
		}
		var err error
		one.values, err = json.Marshal(values)
		return []release{one}, err
	})
}

// readObjects reads objects of a tool as releases, and keeps the others.
func readObjects(files map[string]string, kinds []string, read func(manifests.Object) ([]release, error)) (emitted, error) {
	all, err := parsed(files)
	if err != nil {
		return emitted{}, err
	}
	var found emitted
	for _, object := range all {
		if !slices.Contains(kinds, object.Kind()) {
			found.objects = append(found.objects, object)
			continue
		}
		releases, err := read(object)
		if err != nil {
			return emitted{}, err
		}
		found.releases = append(found.releases, releases...)
	}
	return found, nil
}
