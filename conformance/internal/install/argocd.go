package install

import (
	"encoding/json"
	"slices"
	"strconv"

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
