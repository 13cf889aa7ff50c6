package mesh

import (
	"slices"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// End is a port of a pod. Its protocol is empty where no Service says what it is.
type End struct {
	Pod      *network.Pod
	Port     uint32
	Protocol string
}

// HTTP says whether the callee's proxy looks into requests of the port.
func (e End) HTTP() bool { return Port{Protocol: e.Protocol}.HTTP() }

// Sniffed says whether the callee's proxy finds out what a connection speaks.
func (e End) Sniffed() bool { return e.Protocol == "" }

// agentPorts are those that the injector leaves out of what the proxy takes in: metrics, health, and the probes that it rewrites.
var agentPorts = []string{"15020", "15021", "15090"}

const agentPort = 15020

// Bypassed says whether connections to the port do not go through the callee's proxy.
func (s *Security) Bypassed(end End) bool {
	excluded := strings.Split(end.Pod.Template.Annotations["traffic.sidecar.istio.io/excludeInboundPorts"], ",")
	return !s.Injected(end.Pod) || slices.Contains(append(excluded, agentPorts...), strconv.Itoa(int(end.Port)))
}

// Injected says whether a pod has a proxy: by its own label, else by its namespace, if it was made after either said so.
func (s *Security) Injected(pod *network.Pod) bool {
	return !s.Old[pod.Namespace+"/"+pod.Name] && s.Joins(pod)
}

// Joins says whether a pod gets a proxy when it is made now.
func (s *Security) Joins(pod *network.Pod) bool {
	if own := pod.Labels["sidecar.istio.io/inject"]; own != "" {
		return own == "true"
	}
	namespace := s.system.Namespaces[pod.Namespace]
	return namespace["istio-injection"] == "enabled" || namespace["istio-injection"] == "" && namespace["istio.io/rev"] != ""
}

// Ends finds what a call goes to: `service.namespace:port`, or `namespace/workload:port`; one pod of each workload stands
// for the rest.
func (s *Security) Ends(to string) ([]End, error) {
	name, port, _ := strings.Cut(to, ":")
	if namespace, workload, ofWorkload := strings.Cut(name, "/"); ofWorkload {
		number, err := strconv.ParseUint(port, 10, 16)
		for _, pod := range s.system.Pods {
			if err == nil && pod.Namespace == namespace && pod.Workload == workload {
				return []End{s.end(pod, uint32(number))}, nil
			}
		}
		return nil, report.Bad("goes to `%s`, which is no workload of the set; fix: write namespace/workload:port", to)
	}
	for _, service := range s.system.Services {
		if service.Name+"."+service.Namespace != name {
			continue
		}
		for _, on := range service.Ports {
			if strconv.Itoa(int(on.Port)) == port {
				return s.endsOf(service, on), nil
			}
		}
	}
	return nil, report.Bad("goes to `%s`, which is no port of a service of the set; fix: write service.namespace:port", to)
}

// EveryEnd finds what a call to `service.namespace:port` goes to, with every pod of a workload.
func (s *Security) EveryEnd(to string) ([]End, error) {
	some, err := s.Ends(to)
	if err != nil {
		return nil, err
	}
	var ends []End
	for _, pod := range s.system.Pods {
		for _, end := range some {
			if pod.Namespace == end.Pod.Namespace && pod.Workload == end.Pod.Workload {
				ends = append(ends, s.end(pod, end.Port))
			}
		}
	}
	return ends, nil
}

// Pod finds a pod that was read elsewhere from the same set; nil for what stands for a host outside.
func (s *Security) Pod(other *network.Pod) *network.Pod {
	for _, pod := range s.system.Pods {
		if pod.Namespace == other.Namespace && pod.Name == other.Name {
			return pod
		}
	}
	return nil
}

// EndOf is a port of a pod, with the protocol that Services say.
func (s *Security) EndOf(pod *network.Pod, number uint32) End { return s.end(pod, number) }

// Pods are those of the set, without the one outside.
func (s *Security) Pods() []*network.Pod {
	return slices.DeleteFunc(slices.Clone(s.system.Pods), func(pod *network.Pod) bool { return pod.Namespace == network.Outside })
}

func (s *Security) endsOf(service *network.Service, port corev1.ServicePort) []End {
	var ends []End
	for _, pod := range service.Endpoints {
		if !slices.ContainsFunc(ends, func(e End) bool { return e.Pod.Workload == pod.Workload }) {
			ends = append(ends, s.end(pod, uint32(pod.TargetPort(port))))
		}
	}
	return ends
}

// end takes a port's protocol from the Services that lead to it.
func (s *Security) end(pod *network.Pod, number uint32) End {
	for _, service := range s.system.Services {
		for _, port := range service.Ports {
			if slices.Contains(service.Endpoints, pod) && uint32(pod.TargetPort(port)) == number {
				return End{pod, number, protocol(port)}
			}
		}
	}
	return End{pod, number, ""}
}

// ServicePorts are the TCP ports of a namespace's Services, as `service:port`.
func (s *Security) ServicePorts(namespace string) []string {
	var names []string
	for _, service := range s.system.Services {
		for _, port := range service.Ports {
			if service.Namespace == namespace && port.Protocol != corev1.ProtocolUDP {
				names = append(names, service.Name+":"+strconv.Itoa(int(port.Port)))
			}
		}
	}
	return names
}

// Everywhere is every port of every workload that a Service among the given objects leads to.
func (s *Security) Everywhere(objects []manifests.Object) []End {
	var ends []End
	for _, service := range s.system.Services {
		if !slices.ContainsFunc(objects, func(o manifests.Object) bool { return o.ID() == "Service/"+service.Namespace+"/"+service.Name }) {
			continue
		}
		for _, port := range service.Ports {
			for _, end := range s.endsOf(service, port) {
				if port.Protocol != corev1.ProtocolUDP && !slices.Contains(ends, end) {
					ends = append(ends, end)
				}
			}
		}
	}
	return ends
}

// Accounts are those that run pods, as `namespace/account`.
func (s *Security) Accounts() []string {
	var names []string
	for _, pod := range s.system.Pods {
		if name := pod.Namespace + "/" + pod.Account; pod.Namespace != network.Outside && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Probe is where the kubelet asks for a workload's health, `namespace/workload:readinessProbe`, and by what HTTP path, none
// being a TCP connection. The injector leads the probes of a pod with a proxy to the agent.
func (s *Security) Probe(to string) (end End, path string, err error) {
	name, kind, _ := strings.Cut(to, ":")
	namespace, workload, _ := strings.Cut(name, "/")
	for _, pod := range s.system.Pods {
		if pod.Namespace != namespace || pod.Workload != workload {
			continue
		}
		for _, container := range pod.Template.Spec.Containers {
			probe := map[string]*corev1.Probe{
				"readinessProbe": container.ReadinessProbe, "livenessProbe": container.LivenessProbe, "startupProbe": container.StartupProbe,
			}[kind]
			var port intstr.IntOrString
			switch {
			case probe == nil:
				continue
			case probe.HTTPGet != nil:
				port, path = probe.HTTPGet.Port, "/"+strings.TrimPrefix(probe.HTTPGet.Path, "/")
			case probe.TCPSocket != nil:
				port = probe.TCPSocket.Port
			case probe.GRPC != nil:
				port = intstr.FromInt32(probe.GRPC.Port)
			default:
				continue
			}
			end := s.end(pod, uint32(pod.TargetPort(corev1.ServicePort{TargetPort: port})))
			if s.Injected(pod) && pod.Template.Annotations["sidecar.istio.io/rewriteAppHTTPProbers"] != "false" {
				end = End{pod, agentPort, end.Protocol}
			}
			return end, path, nil
		}
	}
	return End{}, "", report.Bad("goes to `%s`, which is no probe of the set; fix: write namespace/workload:readinessProbe", to)
}
