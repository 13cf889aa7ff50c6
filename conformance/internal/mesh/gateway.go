package mesh

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// Server is what a gateway's pod takes in from proxies of the mesh: the hosts, and whether it looks into requests.
type Server struct {
	Hosts []string
	HTTP  bool
}

// Servers are those that a gateway's pod has for mutual TLS on a port; none for every other pod, and for those who call from outside.
func (s *Security) Servers(end End) []Server {
	var servers []Server
	for _, gateway := range s.gateways {
		if !contains(end.Pod.Labels, gateway.Spec.Selector) {
			continue
		}
		for _, server := range gateway.Spec.Servers {
			if server.Tls.GetMode() != networking.ServerTLSSettings_ISTIO_MUTUAL || !s.arrives(end, server.Port.GetNumber()) {
				continue
			}
			var hosts []string
			for _, host := range server.Hosts {
				hosts = append(hosts, Unqualified(host))
			}
			servers = append(servers, Server{hosts, strings.EqualFold(server.Port.GetProtocol(), "HTTPS")})
		}
	}
	return servers
}

// arrives says whether what goes to a port of a gateway's Service comes to a port of its pod.
func (s *Security) arrives(end End, number uint32) bool {
	for _, service := range s.system.Services {
		for _, port := range service.Ports {
			for _, pod := range service.Endpoints {
				if pod == end.Pod && uint32(port.Port) == number {
					return uint32(pod.TargetPort(port)) == end.Port
				}
			}
		}
	}
	return number == end.Port
}
