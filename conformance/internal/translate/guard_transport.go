package translate

import "cdk8s-mesh/conformance/internal/mesh"

// The protocols by which proxies of the mesh know each other when they agree on TLS.
var (
	meshHTTP = list{"istio-http/1.0", "istio-http/1.1", "istio-h2"}
	meshTCP  = list{"istio-peer-exchange", "istio"}
)

// inspectors find out where a connection is going, whether it asks for TLS, and what it speaks where nobody says so.
func inspectors(ends []mesh.End) list {
	var declared list
	for _, end := range ends {
		if !end.Sniffed() {
			declared = append(declared, object{"destination_port_range": object{"start": end.Port, "end": end.Port + 1}})
		}
	}
	sniffer := object{"name": "envoy.filters.listener.http_inspector", "typed_config": typed("extensions.filters.listener.http_inspector.v3.HttpInspector", nil)}
	switch len(declared) {
	case 0:
	case 1:
		sniffer["filter_disabled"] = declared[0]
	default:
		sniffer["filter_disabled"] = object{"or_match": object{"rules": declared}}
	}
	return list{
		object{"name": "envoy.filters.listener.proxy_protocol", "typed_config": typed("extensions.filters.listener.proxy_protocol.v3.ProxyProtocol", nil)},
		object{"name": "envoy.filters.listener.tls_inspector", "typed_config": typed("extensions.filters.listener.tls_inspector.v3.TlsInspector", nil)},
		sniffer,
	}
}

// mutualTLS takes certificates of the mesh's own trust domain, of its aliases and of those that it was told to believe.
func (g guard) mutualTLS(http bool) object {
	var names list
	for _, domain := range append(g.security.Settings.TrustDomains(), g.security.Settings.Foreign...) {
		names = append(names, object{"san_type": "URI", "matcher": object{"prefix": "spiffe://" + domain + "/"}})
	}
	protocols := meshTCP
	if http {
		protocols = list{"h2", "http/1.1"}
	}
	return object{"name": "envoy.transport_sockets.tls", "typed_config": typed("extensions.transport_sockets.tls.v3.DownstreamTlsContext", object{
		"require_client_certificate": true,
		"common_tls_context": object{
			"alpn_protocols":   protocols,
			"tls_params":       object{"tls_minimum_protocol_version": "TLSv1_2"},
			"tls_certificates": list{object{"certificate_chain": inline(g.identity.Chain), "private_key": inline(g.identity.Key)}},
			"validation_context": object{
				"trusted_ca": inline(g.identity.Roots), "match_typed_subject_alt_names": names,
			},
		},
	})}
}

func inline(text string) object { return object{"inline_string": text} }
