package network

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	corev1 "k8s.io/api/core/v1"
)

// Callers that are no service account of the set.
const (
	Kubelet = "kubelet" // the node itself
	Outside = "outside" // a pod of a namespace that no manifest knows
)

// target is where a call leads: addresses that must all behave alike, and the ports behind them.
type target struct {
	ends   []end
	listen []listener
}

// end is an address, and who may answer there.
type end struct {
	address netip.AddrPort
	answers []string
}

// listener is a port that must be open for a call to be able to connect.
type listener struct {
	pod      *Pod // nil for an address outside the cluster
	address  netip.AddrPort
	protocol corev1.Protocol
}

// callers gives every pod that a call comes from; nil stands for the node.
func (s *System) callers(call Call) ([]*Pod, error) {
	if call.From == Kubelet {
		return []*Pod{nil}, nil
	}
	namespace, account, isAccount := strings.Cut(call.From, "/")
	if call.From == Outside {
		namespace, account, isAccount = Outside, "default", true
	}
	var found []*Pod
	for _, pod := range s.Pods {
		if isAccount && pod.Namespace == namespace && pod.Account == account {
			found = append(found, pod)
		}
	}
	if len(found) == 0 {
		return nil, report.Bad("call `%s` comes from `%s`, which runs no pod; fix: write namespace/service account, outside or kubelet", call.Name, call.From)
	}
	return found, nil
}

// target reads `service.namespace:port`, `namespace/workload:container port` or `address:port`.
func (s *System) target(call Call) (target, error) {
	if address, err := netip.ParseAddrPort(call.To); err == nil {
		return s.external(call, address)
	}
	host, portText, hasPort := strings.Cut(call.To, ":")
	port, err := strconv.ParseUint(portText, 10, 16)
	if !hasPort || err != nil || port == 0 {
		return target{}, report.Bad("call `%s` goes to `%s`, which has no port; fix: write host:port", call.Name, call.To)
	}
	if namespace, workload, isPod := strings.Cut(host, "/"); isPod {
		return s.workload(call, namespace, workload, uint16(port))
	}
	return s.serviceTarget(call, host, int32(port))
}

func (s *System) external(call Call, address netip.AddrPort) (target, error) {
	if givenOut(address.Addr()) || address.Addr().Is4In6() || address.Addr().Zone() != "" {
		return target{}, report.Bad("call `%s` goes to `%s`, an address that the run itself gives out or cannot carry", call.Name, call.To)
	}
	return target{
		ends:   []end{{address, []string{address.Addr().String()}}},
		listen: []listener{{address: address, protocol: call.Protocol}},
	}, nil
}

// workload leads to every pod of a workload, in both versions of IP.
func (s *System) workload(call Call, namespace, workload string, port uint16) (target, error) {
	var found target
	for _, pod := range s.Pods {
		if pod.Namespace != namespace || pod.Workload != workload {
			continue
		}
		for _, f := range families {
			address := netip.AddrPortFrom(pod.Addresses[f], port)
			found.ends = append(found.ends, end{address, []string{pod.Name}})
			found.listen = append(found.listen, listener{pod, address, call.Protocol})
		}
	}
	if len(found.ends) == 0 {
		return target{}, report.Bad("call `%s` goes to workload `%s/%s`, which is not in the set", call.Name, namespace, workload)
	}
	return found, nil
}

func (s *System) serviceTarget(call Call, host string, port int32) (target, error) {
	name, namespace, _ := strings.Cut(strings.TrimSuffix(host, ".svc.cluster.local"), ".")
	for _, service := range s.Services {
		if service.Name != name || service.Namespace != namespace {
			continue
		}
		index := slices.IndexFunc(service.Ports, func(p corev1.ServicePort) bool {
			return p.Port == port && protocolOf(p.Protocol) == call.Protocol
		})
		if index < 0 {
			return target{}, report.Bad("call `%s` goes to `%s`: the service has no %s port `%d`", call.Name, call.To, call.Protocol, port)
		}
		found := service.target(service.Ports[index], call.Protocol)
		if len(found.ends) == 0 {
			return target{}, report.Bad("call `%s` goes to `%s`, which has no endpoint; fix: give --context the workload behind it", call.Name, call.To)
		}
		return found, nil
	}
	return target{}, report.Bad("call `%s` goes to `%s`, which is no service of the set; fix: write service.namespace:port", call.Name, call.To)
}

// target leads to the Service's address, and to each endpoint by itself: which one a connection gets is chance.
func (s *Service) target(port corev1.ServicePort, protocol corev1.Protocol) target {
	var found target
	var names []string
	for _, pod := range s.Endpoints {
		number := pod.TargetPort(port)
		if number == 0 {
			continue
		}
		open := netip.AddrPortFrom(pod.Addresses[ipv4], uint16(number))
		called := open
		if !s.Address.IsValid() {
			called = netip.AddrPortFrom(open.Addr(), uint16(port.Port)) // Nothing translates the port of a headless Service.
		}
		names = append(names, pod.Name)
		found.ends = append(found.ends, end{called, []string{pod.Name}})
		found.listen = append(found.listen, listener{pod, open, protocol})
	}
	if s.Address.IsValid() && len(names) > 0 {
		found.ends = append(found.ends, end{netip.AddrPortFrom(s.Address, uint16(port.Port)), names})
	}
	return found
}
