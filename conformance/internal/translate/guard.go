package translate

import (
	"fmt"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"

	security "istio.io/api/security/v1beta1"
)

// Identity is what a callee's proxy shows, and whom it believes.
type Identity struct {
	Chain, Key, Roots string
	KeySet            func(issuer string) (string, error)
}

// Backends are the loopback ports of the application that stands for every one.
type Backends struct{ HTTP, TCP int }

// AccessLog is where proxies write what they did.
const AccessLog = "/dev/fd/4"

// CallHeader numbers the requests of a run.
const CallHeader = "x-conformance-call"

// What a line of the access log has. A connection is told by the port that its client says to come from, and a request,
// whose client may be another, by a header.
const (
	LogCall      = "call"
	LogKind      = "kind"
	LogDetails   = "details"
	LogClosed    = "closed"
	LogFailure   = "failure"
	LogRehearsed = "rehearsed"
	OfRequest    = "request"
	OfConnection = "connection"
)

const (
	httpRBAC    = "envoy.filters.http.rbac"
	networkRBAC = "envoy.filters.network.rbac"
	dryDeny     = "dry_run_deny_"
	dryAllow    = "dry_run_allow_"
	shadowName  = "shadow_effective_policy_id"
	shadowSays  = "shadow_engine_result"
	httpBackend = "http"
	tcpBackend  = "tcp"
)

// The protocols by which proxies of the mesh know each other when they agree on TLS.
var (
	meshHTTP = list{"istio-http/1.0", "istio-http/1.1", "istio-h2"}
	meshTCP  = list{"istio-peer-exchange", "istio"}
)

type guard struct {
	security *mesh.Security
	pod      *network.Pod
	identity Identity
}

// Guard puts a callee's proxy in front of the given ports of a pod, as a listener of the pod's name. Where a connection was
// going before the proxy took it in is told in front of it by the PROXY protocol, which stands for iptables.
func (c *Config) Guard(s *mesh.Security, pod *network.Pod, ends []mesh.End, identity Identity) error {
	g := guard{s, pod, identity}
	var chains list
	for _, end := range ends {
		made, err := g.chains(end)
		if err != nil {
			return err
		}
		chains = append(chains, made...)
	}
	c.Listeners = append(c.Listeners, object{
		"name": GuardName(pod), "address": socket(0), "filter_chains": chains, "access_log": list{accessLog(OfConnection, networkRBAC)},
		"listener_filters": inspectors(ends),
	})
	return nil
}

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

// GuardName is the listener of a pod.
func GuardName(pod *network.Pod) string { return pod.Namespace + "/" + pod.Name }

// Serve tells the proxies where applications are.
func (c *Config) Serve(backends Backends) {
	for name, port := range map[string]int{httpBackend: backends.HTTP, tcpBackend: backends.TCP} {
		c.Clusters = append(c.Clusters, object{
			"name": name, "type": "STATIC", "load_assignment": object{"cluster_name": name, "endpoints": list{
				object{"lb_endpoints": list{object{"endpoint": object{"address": socket(port)}}}},
			}},
			"typed_extension_protocol_options": object{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
				"extensions.upstreams.http.v3.HttpProtocolOptions", object{
					"use_downstream_protocol_config": object{"http_protocol_options": object{}, "http2_protocol_options": object{}},
				})},
		})
	}
}

// chains are what a port takes in: mutual TLS, plain text or both, by what its PeerAuthentication says.
func (g guard) chains(end mesh.End) (list, error) {
	mode, err := g.security.Mode(end.Pod, end.Port)
	if err != nil {
		return nil, err
	}
	both := mode == security.PeerAuthentication_MutualTLS_PERMISSIVE
	var chains list
	add := func(http, encrypted bool, protocols list) error {
		filters, err := g.filters(end, http)
		if err != nil {
			return err
		}
		transport := map[bool]string{true: "tls", false: "raw_buffer"}[encrypted]
		match := wanted("transport_protocol", transport, "application_protocols", protocols)
		match["destination_port"] = end.Port
		chain := object{"name": fmt.Sprintf("%d %s %v", end.Port, transport, protocols), "filters": filters, "filter_chain_match": match}
		if encrypted {
			chain["transport_socket"] = g.mutualTLS(http)
		}
		chains = append(chains, chain)
		return nil
	}
	if mode != security.PeerAuthentication_MutualTLS_DISABLE {
		switch {
		case end.Sniffed():
			err = firstOf(add(true, true, meshHTTP), add(false, true, meshTCP))
		case both:
			// What asks for TLS otherwise than a proxy does is the application's own.
			err = add(end.HTTP(), true, append(append(list{}, meshHTTP...), meshTCP...))
		default:
			err = add(end.HTTP(), true, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	if both || mode == security.PeerAuthentication_MutualTLS_DISABLE {
		err = add(end.HTTP(), false, nil)
		if end.Sniffed() {
			err = firstOf(err, add(true, false, list{"http/1.0", "http/1.1", "h2c"}))
		}
	}
	return chains, err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
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

func (g guard) filters(end mesh.End, http bool) (list, error) {
	rules, err := g.rules(http)
	if err != nil {
		return nil, err
	}
	if !http {
		proxy := object{"name": "envoy.filters.network.tcp_proxy", "typed_config": typed("extensions.filters.network.tcp_proxy.v3.TcpProxy", object{
			"stat_prefix": Inbound, "cluster": tcpBackend,
		})}
		return append(rules, proxy), nil
	}
	filters, err := g.tokens()
	if err != nil {
		return nil, err
	}
	filters = append(append(filters, rules...), router())
	route := object{"match": object{"prefix": "/"}, "route": object{"cluster": httpBackend, "timeout": "0s"}}
	manager := object{
		"stat_prefix": Inbound, "http_filters": filters, "access_log": list{accessLog(OfRequest, httpRBAC)},
		"route_config": object{"virtual_hosts": list{object{"name": Inbound, "domains": list{"*"}, "routes": list{route}}}},
	}
	g.normalize(manager)
	return list{object{"name": managerName, "typed_config": typed("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", manager)}}, nil
}

// normalize does to paths what the mesh config says, before any filter sees them.
func (g guard) normalize(manager object) {
	switch g.security.Settings.Normalization {
	case "DECODE_AND_MERGE_SLASHES":
		manager["path_with_escaped_slashes_action"] = "UNESCAPE_AND_FORWARD"
		fallthrough
	case "MERGE_SLASHES":
		manager["merge_slashes"] = true
		fallthrough
	case "BASE":
		manager["normalize_path"] = true
	}
}

func accessLog(kind, filter string) object {
	call := map[string]string{OfRequest: "%REQ(" + CallHeader + ")%", OfConnection: "%DOWNSTREAM_REMOTE_PORT%"}[kind]
	shadow := func(prefix string) string {
		return fmt.Sprintf("%%DYNAMIC_METADATA(%s:%s%s)%%=%%DYNAMIC_METADATA(%s:%s%s)%%", filter, prefix, shadowSays, filter, prefix, shadowName)
	}
	return object{"name": "envoy.access_loggers.file", "typed_config": typed("extensions.access_loggers.file.v3.FileAccessLog", object{
		"path": AccessLog, "log_format": object{"json_format": object{
			LogKind: kind, LogCall: call, LogDetails: "%RESPONSE_CODE_DETAILS%", LogClosed: "%CONNECTION_TERMINATION_DETAILS%", LogFailure: "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%",
			LogRehearsed: shadow(dryDeny) + " " + shadow(dryAllow),
		}},
	})}
}
