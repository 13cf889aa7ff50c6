// Package translate writes the configuration of one client's proxy in Envoy's own terms, following what Istio documents
// of its VirtualServices and DestinationRules. It is not Istio's code.
package translate

import (
	"fmt"
	"maps"
	"strings"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"

	networking "istio.io/api/networking/v1alpha3"
)

// Config is listeners and clusters for Envoy.
type Config struct {
	Listeners []object
	Clusters  []object
}

// Address gives the loopback port that stands for a port of a pod.
type Address func(pod *network.Pod, port mesh.Port) int

// Outbound is the listener's name.
const Outbound = "outbound"

// Caller is what a client's proxy shows to those of others, and which pods have one. Where nobody says, proxies speak
// plaintext to each other.
type Caller struct {
	Identity Identity
	Proxied  func(pod *network.Pod) bool
	Domains  []string // the names of the mesh's trust domain
}

type translation struct {
	mesh       *mesh.Mesh
	client     mesh.Client
	localities map[*network.Pod]string
	address    Address
	config     *Config
	policies   map[string]*networking.TrafficPolicy // by cluster
	reached    map[string]bool
	caller     *Caller
	tokens     Tokens
}

// Client configures the proxy of one client for what it sends to one host, as it writes the host, and one port.
func Client(m *mesh.Mesh, client mesh.Client, host string, port uint32, localities map[*network.Pod]string, address Address) (*Config, error) {
	return proxied(m, client, nil, Tokens{}, host, port, localities, address)
}

// Checking does the same for a client that checks the tokens of what it sends on, as gateways do.
func Checking(m *mesh.Mesh, client mesh.Client, tokens Tokens, host string, port uint32, localities map[*network.Pod]string, address Address) (*Config, error) {
	return proxied(m, client, nil, tokens, host, port, localities, address)
}

// Proxied does the same for a client that speaks mutual TLS to pods which have a proxy.
func Proxied(m *mesh.Mesh, client mesh.Client, caller *Caller, host string, port uint32, localities map[*network.Pod]string, address Address) (*Config, error) {
	return proxied(m, client, caller, Tokens{}, host, port, localities, address)
}

func proxied(m *mesh.Mesh, client mesh.Client, caller *Caller, tokens Tokens, host string, port uint32, localities map[*network.Pod]string, address Address) (*Config, error) {
	t := &translation{m, client, localities, address, &Config{}, map[string]*networking.TrafficPolicy{}, map[string]bool{}, caller, tokens}
	target := m.Host(host, client.Namespace)
	redirects := false
	if entrance, found := m.Entrance(client, host, port); found {
		t.client.Gateway, redirects = entrance.Gateway, entrance.Redirects
		target = &mesh.Host{Name: host, Ports: []mesh.Port{{Number: port, Protocol: entrance.Protocol}}}
	}
	if target == nil {
		return nil, report.Bad("goes to `%s`, which is no host of the set; fix: write service.namespace:port, or a host that the caller's Gateway takes in", host)
	}
	on, found := target.Port(port)
	if !found {
		return nil, report.Bad("goes to port `%d`, which `%s` does not have", port, target.Name)
	}
	service, err := m.VirtualService(t.client, target.Name)
	if err != nil {
		return nil, err
	}
	chains, err := t.chains(service, target, on, redirects)
	if err != nil {
		return nil, err
	}
	listener := object{"name": Outbound, "address": socket(0), "filter_chains": chains}
	if on.TLS() {
		listener["listener_filters"] = list{object{
			"name": "envoy.filters.listener.tls_inspector", "typed_config": typed("extensions.filters.listener.tls_inspector.v3.TlsInspector", nil),
		}}
	}
	t.config.Listeners = append(t.config.Listeners, listener)
	return t.config, nil
}

func (t *translation) chains(service virtualService, target *mesh.Host, on mesh.Port, redirects bool) (list, error) {
	direct := t.client.Gateway == ""
	if direct && t.mesh.Refused(t.client, target) {
		return t.refusal(on), nil
	}
	if direct {
		if err := t.reach(target, on); err != nil {
			return nil, err
		}
	}
	switch {
	case on.HTTP():
		routes := list{}
		if direct && (service == nil || len(service.Spec.Http) == 0) {
			routes = append(routes, t.defaultRoute(target, on))
		} else if service != nil {
			var err error
			if routes, err = t.routes(service, on); err != nil {
				return nil, err
			}
		}
		filters := httpFilters()
		if !direct {
			checks, err := t.tokens.filter()
			if err != nil {
				return nil, err
			}
			filters = append(checks, filters...)
		}
		return list{object{"filters": list{connectionManager(Outbound, routes, filters, redirects)}}}, nil
	case on.TLS():
		return t.tlsChains(service, target, on)
	}
	return t.tcpChains(service, target, on)
}

// reach makes the clusters of a port, once.
func (t *translation) reach(host *mesh.Host, port mesh.Port) error {
	key := fmt.Sprintf("%s:%d", host.Name, port.Number)
	if t.reached[key] {
		return nil
	}
	t.reached[key] = true
	return t.clusters(host, port)
}

// defaultRoute is what Istio does for a host that nothing routes.
func (t *translation) defaultRoute(host *mesh.Host, port mesh.Port) object {
	name := clusterName(host, port, "")
	action := object{"cluster": name, "timeout": "0s", "retry_policy": retryPolicy(nil)}
	if hashes := hashPolicy(t.policies[name]); hashes != nil {
		action["hash_policy"] = hashes
	}
	return object{"match": object{"prefix": "/"}, "route": action}
}

func connectionManager(name string, routes, filters list, redirects bool) object {
	host := object{"name": name, "domains": list{"*"}, "routes": routes}
	if redirects {
		host["require_tls"] = "ALL"
	}
	return object{"name": "envoy.filters.network.http_connection_manager", "typed_config": typed(
		"extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", object{
			"stat_prefix": name, "http_filters": filters, "normalize_path": true,
			// A route to a subset that is not there answers 503; it does not stop the proxy.
			"route_config": object{"name": name, "validate_clusters": false, "virtual_hosts": list{host}},
		})}
}

func (t *translation) tcpChains(service virtualService, target *mesh.Host, on mesh.Port) (list, error) {
	if service != nil {
		for index, route := range service.Spec.Tcp {
			if taken(t.client, service, on, route.Match) {
				proxy, err := t.tcpProxy(service, fmt.Sprintf("spec.tcp[%d]", index), route.Route)
				return list{object{"filters": list{proxy}}}, err
			}
		}
	}
	return list{object{"filters": list{t.unrouted(target, on)}}}, nil
}

// unrouted is where connections go that nothing routes: to the host itself, and at a gateway nowhere.
func (t *translation) unrouted(target *mesh.Host, on mesh.Port) object {
	if t.client.Gateway == "" {
		return tcpProxy(object{"cluster": clusterName(target, on, "")})
	}
	return t.nowhere()
}

func (t *translation) nowhere() object {
	t.config.Clusters = append(t.config.Clusters, object{"name": blackHole, "type": "STATIC", "connect_timeout": "1s"})
	return tcpProxy(object{"cluster": blackHole})
}

// blackHole is a cluster without endpoints.
const blackHole = "BlackHoleCluster"

// refusal is what Istio does with a host that the client's Sidecar does not know: 502 to requests, an end to connections.
func (t *translation) refusal(on mesh.Port) list {
	if !on.HTTP() {
		return list{object{"filters": list{t.nowhere()}}}
	}
	routes := list{object{"match": object{"prefix": "/"}, "direct_response": object{"status": 502}}}
	return list{object{"filters": list{connectionManager(Outbound, routes, httpFilters(), false)}}}
}

func taken(client mesh.Client, service virtualService, on mesh.Port, matches []*networking.L4MatchAttributes) bool {
	for _, match := range matches {
		if (match.Port == 0 || match.Port == on.Number) && service.Matches(client, match.Gateways, match.SourceLabels, match.SourceNamespace) {
			return true
		}
	}
	return len(matches) == 0
}

// tlsChains go by the server name that the client asks for. Where routes do, a connection that asks for another is closed.
func (t *translation) tlsChains(service virtualService, target *mesh.Host, on mesh.Port) (list, error) {
	var chains list
	if service != nil {
		for index, route := range service.Spec.Tls {
			for _, match := range route.Match {
				if match.Port != 0 && match.Port != on.Number || !service.Matches(t.client, match.Gateways, match.SourceLabels, match.SourceNamespace) {
					continue
				}
				proxy, err := t.tcpProxy(service, fmt.Sprintf("spec.tls[%d]", index), route.Route)
				if err != nil {
					return nil, err
				}
				chains = append(chains, object{"filters": list{proxy}, "filter_chain_match": object{"server_names": match.SniHosts}})
			}
		}
	}
	if chains == nil {
		chains = list{object{"filters": list{t.unrouted(target, on)}}}
	}
	return chains, nil
}

func (t *translation) tcpProxy(service virtualService, field string, to []*networking.RouteDestination) (object, error) {
	var weighted list
	for index, destination := range to {
		name, err := t.destination(service, fmt.Sprintf("%s.route[%d].destination", field, index), destination.Destination)
		if err != nil {
			return nil, err
		}
		if len(to) == 1 {
			return tcpProxy(object{"cluster": name}), nil
		}
		if destination.Weight > 0 { // Envoy refuses a TCP weight of 0.
			weighted = append(weighted, object{"name": name, "weight": destination.Weight})
		}
	}
	return tcpProxy(object{"weighted_clusters": object{"clusters": weighted}}), nil
}

func tcpProxy(to object) object {
	config := object{"stat_prefix": Outbound}
	maps.Copy(config, to)
	return object{"name": "envoy.filters.network.tcp_proxy", "typed_config": typed("extensions.filters.network.tcp_proxy.v3.TcpProxy", config)}
}

func socket(port int) object {
	return object{"socket_address": object{"address": "127.0.0.1", "port_value": port}}
}

func joined(words []string) string { return strings.Join(words, ",") }
