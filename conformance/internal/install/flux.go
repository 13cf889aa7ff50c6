package install

import (
	"encoding/json"

	"cdk8s-mesh/conformance/internal/manifests"
)

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
