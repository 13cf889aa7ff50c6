package translate

import (
	"cdk8s-mesh/conformance/internal/outside"

	networking "istio.io/api/networking/v1alpha3"
)

// originatedTLS is TLS to a host outside; the suite's own authority stands for those that the system trusts.
func originatedTLS(tls *networking.ClientTLSSettings) object {
	names := list{}
	for _, name := range tls.SubjectAltNames {
		names = append(names, object{"san_type": "DNS", "matcher": object{"exact": name}})
	}
	validation := object{"trusted_ca": object{"inline_string": outside.AuthorityPEM()}}
	if len(names) > 0 {
		validation["match_typed_subject_alt_names"] = names
	}
	return object{"name": "envoy.transport_sockets.tls", "typed_config": typed(
		"extensions.transport_sockets.tls.v3.UpstreamTlsContext", object{
			"sni": tls.Sni, "common_tls_context": object{"validation_context": validation},
		})}
}
