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

const (
	httpRBAC    = "envoy.filters.http.rbac"
	networkRBAC = "envoy.filters.network.rbac"
	dryDeny     = "dry_run_deny_"
	dryAllow    = "dry_run_allow_"
	httpBackend = "http"
	tcpBackend  = "tcp"
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

// hostChains are what a gateway takes in: mutual TLS for the hosts of its servers, by the name that the caller asks for.
func (g guard) hostChains(end mesh.End, servers []mesh.Server) (list, error) {
	var chains list
	for _, server := range servers {
		filters, err := g.filters(end, server.HTTP, server.Hosts)
		if err != nil {
			return nil, err
		}
		chains = append(chains, object{
			"name": fmt.Sprintf("%d %v", end.Port, server.Hosts), "filters": filters, "transport_socket": g.mutualTLS(server.HTTP),
			"filter_chain_match": object{"destination_port": end.Port, "transport_protocol": "tls", "server_names": server.Hosts},
		})
	}
	return chains, nil
}

// chains are what a port takes in: mutual TLS, plain text or both, by what its PeerAuthentication says.
func (g guard) chains(end mesh.End) (list, error) {
	if servers := g.security.Servers(end); servers != nil {
		return g.hostChains(end, servers)
	}
	mode, err := g.security.Mode(end.Pod, end.Port)
	if err != nil {
		return nil, err
	}
	both := mode == security.PeerAuthentication_MutualTLS_PERMISSIVE
	var chains list
	add := func(http, encrypted bool, protocols list) error {
		filters, err := g.filters(end, http, []string{"*"})
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

func (g guard) filters(end mesh.End, http bool, hosts []string) (list, error) {
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
	filters, err := Tokens{g.security.TokenRules(g.pod), g.identity.KeySet}.filter()
	if err != nil {
		return nil, err
	}
	filters = append(append(filters, rules...), router())
	route := object{"match": object{"prefix": "/"}, "route": object{"cluster": httpBackend, "timeout": "0s"}}
	manager := object{
		"stat_prefix": Inbound, "http_filters": filters, "access_log": list{accessLog(OfRequest, httpRBAC)},
		// The application is told who calls it, and by nobody but the proxy.
		"forward_client_cert_details": "SANITIZE_SET", "set_current_client_cert_details": object{"uri": true},
		"route_config": object{"virtual_hosts": list{object{"name": Inbound, "domains": hosts, "routes": list{route}}}},
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
