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
	kubelet = "kubelet" // the node itself
	outside = "outside" // a pod of a namespace that no manifest knows
)

// target is where a call leads: an address, and who may answer there.
type target struct {
	address netip.AddrPort
	answers []string
	listen  []listener
}

// listener is a port that must be open for a call to be able to connect.
type listener struct {
	pod      *Pod // nil for an address outside the cluster
	address  netip.AddrPort
	protocol corev1.Protocol
}

// caller gives the pod that a call comes from, nil for the node.
func (s *System) caller(call Call) (*Pod, error) {
	if call.From == kubelet {
		return nil, nil
	}
	namespace, account, isAccount := strings.Cut(call.From, "/")
	if call.From == outside {
		namespace, account, isAccount = outside, "default", true
	}
	for _, pod := range s.Pods {
		if isAccount && pod.Namespace == namespace && pod.Account == account {
			return pod, nil
		}
	}
	return nil, report.Bad("call `%s` comes from `%s`, which runs no pod; fix: write namespace/service account, outside or kubelet", call.Name, call.From)
}

// target reads `service.namespace:port`, `namespace/workload:container port` or `address:port`.
func (s *System) target(call Call) (target, error) {
	host, portText, hasPort := strings.Cut(call.To, ":")
	port, err := strconv.ParseUint(portText, 10, 16)
	if !hasPort || err != nil || port == 0 {
		return target{}, report.Bad("call `%s` goes to `%s`, which has no port; fix: write host:port", call.Name, call.To)
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return s.external(call, netip.AddrPortFrom(address, uint16(port)))
	}
	if namespace, workload, isPod := strings.Cut(host, "/"); isPod {
		return s.workload(call, namespace, workload, uint16(port))
	}
	return s.serviceTarget(call, host, int32(port))
}

func (s *System) external(call Call, address netip.AddrPort) (target, error) {
	if !address.Addr().Is4() || podRange.Contains(address.Addr()) || serviceRange.Contains(address.Addr()) || address.Addr() == nodeAddress {
		return target{}, report.Bad("call `%s` goes to `%s`, an address that the run itself gives out or cannot carry", call.Name, call.To)
	}
	return target{
		address: address, answers: []string{address.Addr().String()},
		listen: []listener{{address: address, protocol: call.Protocol}},
	}, nil
}

func (s *System) workload(call Call, namespace, workload string, port uint16) (target, error) {
	for _, pod := range s.Pods {
		if pod.Namespace == namespace && pod.Workload == workload {
			address := netip.AddrPortFrom(pod.Address, port)
			return target{address: address, answers: []string{pod.Name}, listen: []listener{{pod, address, call.Protocol}}}, nil
		}
	}
	return target{}, report.Bad("call `%s` goes to workload `%s/%s`, which is not in the set", call.Name, namespace, workload)
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
		found := target{address: netip.AddrPortFrom(service.Address, uint16(port))}
		for _, pod := range service.Endpoints {
			if number := pod.TargetPort(service.Ports[index]); number != 0 {
				found.answers = append(found.answers, pod.Name)
				found.listen = append(found.listen, listener{pod, netip.AddrPortFrom(pod.Address, uint16(number)), call.Protocol})
			}
		}
		if len(found.answers) == 0 {
			return target{}, report.Bad("call `%s` goes to `%s`, which has no endpoint; fix: give --context the workload behind it", call.Name, call.To)
		}
		return found, nil
	}
	return target{}, report.Bad("call `%s` goes to `%s`, which is no service of the set; fix: write service.namespace:port", call.Name, call.To)
}
