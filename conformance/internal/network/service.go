package network

import (
	"fmt"
	"strings"
)

// natRules writes the Services as kube-proxy does: a connection to a Service's address goes to one of its endpoints,
// each equally likely.
func (s *System) natRules() string {
	var rules strings.Builder
	for _, service := range s.Services {
		if !service.Address.IsValid() {
			continue
		}
		for _, port := range service.Ports {
			protocol := strings.ToLower(string(protocolOf(port.Protocol)))
			for index, pod := range service.Endpoints {
				target := pod.TargetPort(port)
				if target == 0 {
					continue
				}
				chance := ""
				if left := len(service.Endpoints) - index; left > 1 {
					chance = fmt.Sprintf(" -m statistic --mode random --probability %.8f", 1/float64(left))
				}
				fmt.Fprintf(&rules, "-A PREROUTING -d %s -p %s --dport %d%s -j DNAT --to-destination %s:%d\n",
					service.Address, protocol, port.Port, chance, pod.Addresses[ipv4], target)
			}
		}
	}
	return "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n" + rules.String() + "COMMIT\n"
}
