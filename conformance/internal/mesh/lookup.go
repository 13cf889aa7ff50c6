package mesh

import (
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"

	networking "istio.io/api/networking/v1alpha3"
)

// Client is the pod whose proxy is configured. A gateway names the Gateway that its traffic comes in by.
type Client struct {
	Namespace string
	Labels    map[string]string
	Locality  string
	Gateway   string
}

// VirtualService is the one that holds for a host at the client; nil where there is none.
func (m *Mesh) VirtualService(client Client, host string) (*Resource[*networking.VirtualService], error) {
	var found []*Resource[*networking.VirtualService]
	for index := range m.VirtualServices {
		service := &m.VirtualServices[index]
		if visible(service.Spec.ExportTo, service.Namespace, client.Namespace) && service.enters(client, service.Spec.Gateways) &&
			slices.ContainsFunc(service.Spec.Hosts, func(name string) bool { return covers(FullName(name, service.Namespace), host) }) {
			found = append(found, service)
		}
	}
	if len(found) > 1 {
		return nil, found[1].Bad("spec.hosts", "names `%s`, which `%s` routes already; of two Istio keeps one", host, found[0].object.ID())
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// Enters says whether a list of gateways lets the client's traffic in; an empty one means every sidecar.
func (r Resource[T]) enters(client Client, gateways []string) bool {
	if client.Gateway == "" {
		return len(gateways) == 0 || slices.Contains(gateways, "mesh")
	}
	return slices.ContainsFunc(gateways, func(name string) bool { return r.gateway(name) == client.Gateway })
}

func (r Resource[T]) gateway(name string) string {
	if strings.Contains(name, "/") || name == "mesh" {
		return name
	}
	return r.Namespace + "/" + name
}

// Matches says whether a match of the resource concerns the client at all.
func (r Resource[T]) Matches(client Client, gateways []string, labels map[string]string, namespace string) bool {
	if len(gateways) > 0 && !r.enters(client, gateways) {
		return false
	}
	// Istio leaves the caller out of account for matches that name gateways, and at gateways.
	if len(gateways) > 0 || client.Gateway != "" {
		return true
	}
	return contains(client.Labels, labels) && (namespace == "" || namespace == client.Namespace)
}

// DestinationRule is the one of a host at the client: of the client's namespace, before the host's own.
func (m *Mesh) DestinationRule(client Client, host *Host) (*Resource[*networking.DestinationRule], error) {
	tiers := make([][]*Resource[*networking.DestinationRule], 3)
	for index := range m.DestinationRules {
		rule := &m.DestinationRules[index]
		selector := rule.Spec.WorkloadSelector.GetMatchLabels()
		if FullName(rule.Spec.Host, rule.Namespace) != host.Name || !visible(rule.Spec.ExportTo, rule.Namespace, client.Namespace) {
			continue
		}
		switch {
		case len(selector) > 0:
			if rule.Namespace == client.Namespace && contains(client.Labels, selector) {
				tiers[0] = append(tiers[0], rule)
			}
		case rule.Namespace == client.Namespace:
			tiers[1] = append(tiers[1], rule)
		case rule.Namespace == host.Namespace:
			tiers[2] = append(tiers[2], rule)
		}
	}
	for _, tier := range tiers {
		if len(tier) > 1 {
			return nil, tier[1].Bad("spec.host", "is that of `%s`, too; this suite does not merge them", tier[0].object.ID())
		}
		if len(tier) == 1 {
			return tier[0], nil
		}
	}
	return nil, nil
}

// Client finds a caller by namespace/service account: the labels are those of its first pod.
func (m *Mesh) Client(account string) (Client, *network.Pod, error) {
	namespace, name, _ := strings.Cut(account, "/")
	for _, pod := range m.Pods {
		if pod.Namespace == namespace && pod.Account == name {
			return Client{Namespace: namespace, Labels: pod.Labels}, pod, nil
		}
	}
	return Client{}, nil, report.Bad("comes from `%s`, which runs no pod; fix: write namespace/service account, and give --context its workload", account)
}

// Entrance is how a gateway pod takes in a host on a port: the Gateway, whether it only redirects to HTTPS, and what is spoken
// inside the TLS that it ends.
type Entrance struct {
	Gateway   string
	Redirects bool
	Protocol  string
}

// Entrance finds how a gateway pod takes in a host on a port.
func (m *Mesh) Entrance(client Client, host string, port uint32) (entrance Entrance, found bool) {
	for _, gateway := range m.Gateways {
		if !contains(client.Labels, gateway.Spec.Selector) {
			continue
		}
		for _, server := range gateway.Spec.Servers {
			if server.Port.GetNumber() == port && slices.ContainsFunc(server.Hosts, func(written string) bool { return covers(Unqualified(written), host) }) {
				return Entrance{gateway.Namespace + "/" + gateway.Name, server.Tls.GetHttpsRedirect(), spoken(server)}, true
			}
		}
	}
	return Entrance{}, false
}

func spoken(server *networking.Server) string {
	switch {
	case strings.EqualFold(server.Port.GetProtocol(), "TCP"):
		return "tcp"
	case !strings.EqualFold(server.Port.GetProtocol(), "TLS"):
		return "http"
	case server.Tls.GetMode() == networking.ServerTLSSettings_PASSTHROUGH:
		return "tls"
	}
	return "tcp"
}

// Unqualified is a Gateway's host without the namespace that may stand before it.
func Unqualified(host string) string {
	if _, name, qualified := strings.Cut(host, "/"); qualified {
		return name
	}
	return host
}

// covers says whether a host as written, which may begin with a star, stands for a host.
func covers(written, host string) bool {
	if suffix, wild := strings.CutPrefix(written, "*"); wild {
		return written == host || strings.HasSuffix(host, suffix) && len(host) > len(suffix)
	}
	return written == host
}

// visible reads exportTo, where nothing means everywhere.
func visible(exportTo []string, owner, reader string) bool {
	return len(exportTo) == 0 || slices.ContainsFunc(exportTo, func(namespace string) bool {
		return namespace == "*" || namespace == reader || namespace == "." && owner == reader
	})
}

// Selects says whether an EnvoyFilter holds for a pod; one without a selector holds for its whole namespace.
func Selects(filter Resource[*networking.EnvoyFilter], pod *network.Pod) bool {
	return filter.Namespace == pod.Namespace && contains(pod.Labels, filter.Spec.WorkloadSelector.GetLabels())
}
