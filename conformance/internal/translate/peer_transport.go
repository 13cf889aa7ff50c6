package translate

import (
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"

	networking "istio.io/api/networking/v1alpha3"
)

// What an endpoint says of itself where its pod has a proxy.
const (
	tlsMode     = "tlsMode"
	tlsModeMesh = "istio"
)

// sockets are how a client's proxy speaks to the endpoints of a cluster: where no rule says so, mutual TLS to those that have a
// proxy, and plain text to the rest.
func (c *Caller) sockets(host *mesh.Host, port mesh.Port, subset string, pods []*network.Pod, written *networking.ClientTLSSettings) object {
	server := written.GetSni()
	if server == "" {
		server = fmt.Sprintf("outbound_.%d_.%s_.%s", port.Number, subset, host.Name)
	}
	switch {
	case written.GetMode() == networking.ClientTLSSettings_ISTIO_MUTUAL:
		return object{"transport_socket": c.mutualTLS(port, server, pods)}
	case written != nil:
		return object{}
	}
	plain := object{"name": "envoy.transport_sockets.raw_buffer", "typed_config": typed("extensions.transport_sockets.raw_buffer.v3.RawBuffer", nil)}
	return object{"transport_socket_matches": list{
		object{"name": "mutual TLS", "match": object{tlsMode: tlsModeMesh}, "transport_socket": c.mutualTLS(port, server, pods)},
		object{"name": "plain text", "match": object{}, "transport_socket": plain},
	}}
}

// mutualTLS believes the accounts that run the pods of the host, and nobody else.
func (c *Caller) mutualTLS(port mesh.Port, server string, pods []*network.Pod) object {
	var names list
	var seen []string
	for _, pod := range pods {
		for _, domain := range c.Domains {
			name := fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", domain, pod.Namespace, pod.Account)
			if !slices.Contains(seen, name) {
				seen = append(seen, name)
				names = append(names, object{"san_type": "URI", "matcher": object{"exact": name}})
			}
		}
	}
	protocols := list{"istio-peer-exchange", "istio"}
	switch {
	case port.HTTP2():
		protocols = list{"istio-h2", "istio", "h2"}
	case port.HTTP():
		protocols = list{"istio-http/1.1", "istio", "http/1.1"}
	}
	return object{"name": "envoy.transport_sockets.tls", "typed_config": typed("extensions.transport_sockets.tls.v3.UpstreamTlsContext", object{
		"sni": server,
		"common_tls_context": object{
			"alpn_protocols":   protocols,
			"tls_certificates": list{object{"certificate_chain": inline(c.Identity.Chain), "private_key": inline(c.Identity.Key)}},
			"validation_context": wanted(
				"trusted_ca", inline(c.Identity.Roots), "match_typed_subject_alt_names", names,
			),
		},
	})}
}
