package mesh

import (
	"slices"

	"cdk8s-mesh/conformance/internal/manifests"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// Settings are those of the mesh config that bear on policies.
type Settings struct {
	RootNamespace string
	TrustDomain   string
	Aliases       []string // further names of the trust domain
	Foreign       []string // trust domains whose certificates are taken, and which stay foreign
	Normalization string   // of paths: NONE, BASE, MERGE_SLASHES or DECODE_AND_MERGE_SLASHES
}

var normalizations = []string{"NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"}

// newSettings reads the mesh config from the ConfigMap `istio` of istio-system, as istiod does. The rest of it is not looked at.
func newSettings(objects []manifests.Object) (Settings, error) {
	settings := Settings{RootNamespace: "istio-system", TrustDomain: "cluster.local", Normalization: "BASE"}
	for _, object := range objects {
		if object.ID() != "ConfigMap/istio-system/istio" {
			continue
		}
		var source corev1.ConfigMap
		if err := object.Into(&source); err != nil {
			return settings, err
		}
		var written struct {
			RootNamespace      string   `json:"rootNamespace"`
			TrustDomain        string   `json:"trustDomain"`
			TrustDomainAliases []string `json:"trustDomainAliases"`
			CACertificates     []struct {
				TrustDomains []string `json:"trustDomains"`
			} `json:"caCertificates"`
			PathNormalization struct {
				Normalization string `json:"normalization"`
			} `json:"pathNormalization"`
		}
		if err := yaml.Unmarshal([]byte(source.Data["mesh"]), &written); err != nil {
			return settings, badField(object, "data.mesh", "does not parse: %v", err)
		}
		if written.RootNamespace != "" {
			settings.RootNamespace = written.RootNamespace
		}
		if written.TrustDomain != "" {
			settings.TrustDomain = written.TrustDomain
		}
		if name := written.PathNormalization.Normalization; name != "" && name != "DEFAULT" {
			if !slices.Contains(normalizations, name) {
				return settings, badField(object, "data.mesh", "has the unknown normalization `%s`", name)
			}
			settings.Normalization = name
		}
		settings.Aliases = written.TrustDomainAliases
		for _, certificate := range written.CACertificates {
			settings.Foreign = append(settings.Foreign, certificate.TrustDomains...)
		}
	}
	return settings, nil
}

// TrustDomains are the names of the mesh's own trust domain.
func (s Settings) TrustDomains() []string { return append([]string{s.TrustDomain}, s.Aliases...) }
