package install

import (
	"encoding/json"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
)

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
