package mesh

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"

	networking "istio.io/api/networking/v1alpha3"
	corev1 "k8s.io/api/core/v1"
)

const clusterDomain = ".svc.cluster.local"

// Host is what can be called: a Service, or a host of a ServiceEntry.
type Host struct {
	Name      string
	Namespace string
	Ports     []Port
	Pods      []*network.Pod
	exportTo  []string
}

// Port is one port of a host.
type Port struct {
	Number   uint32
	Protocol string // as Istio reads it: http, http2, grpc, https, tls, tcp …
	service  corev1.ServicePort
}

// HTTP says whether proxies look into requests of the port.
func (p Port) HTTP() bool { return p.Protocol == "http" || p.HTTP2() }

// HTTP2 says whether endpoints of the port are spoken to in HTTP/2.
func (p Port) HTTP2() bool {
	return p.Protocol == "http2" || p.Protocol == "grpc" || p.Protocol == "grpc-web"
}

// TLS says whether the port carries TLS that proxies do not end.
func (p Port) TLS() bool { return p.Protocol == "https" || p.Protocol == "tls" }

// TargetPort is where a pod of the host takes the port's traffic.
func (p Port) TargetPort(pod *network.Pod) uint32 { return uint32(pod.TargetPort(p.service)) }

func (m *Mesh) addServices(objects []manifests.Object, system *network.System) error {
	for _, service := range system.Services {
		host := &Host{Name: service.Name + "." + service.Namespace + clusterDomain, Namespace: service.Namespace, Pods: service.Endpoints}
		for _, port := range service.Ports {
			if port.Protocol != corev1.ProtocolUDP {
				host.Ports = append(host.Ports, Port{uint32(port.Port), protocol(port), port})
			}
		}
		m.Hosts = append(m.Hosts, host)
	}
	for _, object := range objects {
		if object.Kind() != "ServiceEntry" || object.GVK().Group != "networking.istio.io" {
			continue
		}
		var entry networking.ServiceEntry
		if err := decode(object, &entry); err != nil {
			return err
		}
		for _, name := range entry.Hosts {
			m.Hosts = append(m.Hosts, external(object, name, &entry))
		}
	}
	return nil
}

// external gives a host outside the cluster one pod that answers in its place.
func external(object manifests.Object, name string, entry *networking.ServiceEntry) *Host {
	host := &Host{Name: name, Namespace: namespaceOf(object), exportTo: entry.ExportTo}
	host.Pods = []*network.Pod{{Name: name, Workload: name, Namespace: host.Namespace}}
	for _, port := range entry.Ports {
		host.Ports = append(host.Ports, Port{port.Number, strings.ToLower(port.Protocol), corev1.ServicePort{Port: int32(port.Number)}})
	}
	return host
}

// protocol is read from appProtocol, then from the port's name before its first dash.
func protocol(port corev1.ServicePort) string {
	name, _, _ := strings.Cut(port.Name, "-")
	if strings.HasPrefix(port.Name, "grpc-web") {
		name = "grpc-web"
	}
	if port.AppProtocol != nil {
		name = *port.AppProtocol
	}
	switch strings.ToLower(name) {
	case "kubernetes.io/h2c":
		return "http2"
	case "http", "http2", "grpc", "grpc-web", "https", "tls":
		return strings.ToLower(name)
	}
	return "tcp"
}

// Host finds a host by the name that an object in the given namespace calls it by, before others one that is exported to there;
// nil where there is none.
func (m *Mesh) Host(name, namespace string) *Host {
	full := FullName(name, namespace)
	var found *Host
	for _, host := range m.Hosts {
		if host.Name != full && host.Name != name && host.Name != name+clusterDomain {
			continue
		}
		if visible(host.exportTo, host.Namespace, namespace) {
			return host
		}
		if found == nil {
			found = host
		}
	}
	return found
}

// FullName completes a name without dots, as Istio does.
func FullName(name, namespace string) string {
	if strings.Contains(name, ".") || strings.Contains(name, "*") {
		return name
	}
	return name + "." + namespace + clusterDomain
}

// Port finds a port of the host by its number.
func (h *Host) Port(number uint32) (Port, bool) {
	index := slices.IndexFunc(h.Ports, func(p Port) bool { return p.Number == number })
	if index < 0 {
		return Port{}, false
	}
	return h.Ports[index], true
}

// Subset gives the pods that have all of the labels.
func (h *Host) Subset(labels map[string]string) []*network.Pod {
	var found []*network.Pod
	for _, pod := range h.Pods {
		if contains(pod.Labels, labels) {
			found = append(found, pod)
		}
	}
	return found
}

func contains(all, some map[string]string) bool {
	for key, value := range some {
		if all[key] != value {
			return false
		}
	}
	return true
}

// Scaled replaces how many pods workloads (namespace/name) have.
func Scaled(objects []manifests.Object, replicas map[string]int) ([]manifests.Object, error) {
	left := maps.Clone(replicas)
	objects = slices.Clone(objects)
	for index, object := range objects {
		count, named := left[object.Namespace()+"/"+object.Name()]
		spec, _ := object.Content["spec"].(map[string]any)
		_, hasPods := spec["template"]
		if !named || !hasPods {
			continue
		}
		delete(left, object.Namespace()+"/"+object.Name())
		var err error
		if objects[index], err = object.With("spec.replicas", json.Number(fmt.Sprint(count))); err != nil {
			return nil, err
		}
	}
	for name := range left {
		return nil, report.Bad("`replicas` names `%s`, which is no workload of the set; fix: write namespace/name", name)
	}
	return objects, nil
}
