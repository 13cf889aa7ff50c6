package mesh

import (
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/network"

	networking "istio.io/api/networking/v1alpha3"
	corev1 "k8s.io/api/core/v1"
)

// AddUnknown adds a host that no manifest names, with one pod that answers in its place.
func (m *Mesh) AddUnknown(name string, number uint32, protocol string) {
	m.Hosts = append(m.Hosts, &Host{
		Name: name, Pods: []*network.Pod{{Name: name, Workload: name}}, exportTo: []string{"~"},
		Ports: []Port{{number, protocol, corev1.ServicePort{Port: int32(number)}}},
	})
}

// Refused says whether the client's Sidecar leaves a host out and refuses what it leaves out. Gateways have no Sidecar.
func (m *Mesh) Refused(client Client, host *Host) bool {
	sidecar := m.sidecar(client)
	if client.Gateway != "" || sidecar == nil {
		return false
	}
	return !m.imports(sidecar, client, host) &&
		sidecar.Spec.GetOutboundTrafficPolicy().GetMode() == networking.OutboundTrafficPolicy_REGISTRY_ONLY
}

// sidecar is that of the client's pods, before that of its namespace.
func (m *Mesh) sidecar(client Client) *Resource[*networking.Sidecar] {
	var general *Resource[*networking.Sidecar]
	for index := range m.Sidecars {
		sidecar := &m.Sidecars[index]
		labels := sidecar.Spec.GetWorkloadSelector().GetLabels()
		switch {
		case sidecar.Namespace != client.Namespace || !contains(client.Labels, labels):
		case len(labels) > 0:
			return sidecar
		default:
			general = sidecar
		}
	}
	return general
}

func (m *Mesh) imports(sidecar *Resource[*networking.Sidecar], client Client, host *Host) bool {
	if !visible(host.exportTo, host.Namespace, client.Namespace) {
		return false
	}
	// An absent or empty egress imports everything.
	all := len(sidecar.Spec.Egress) == 0
	return all || slices.ContainsFunc(sidecar.Spec.Egress, func(listener *networking.IstioEgressListener) bool {
		return slices.ContainsFunc(listener.Hosts, func(written string) bool {
			namespace, name, _ := strings.Cut(written, "/")
			owner := namespace == "*" || namespace == host.Namespace || namespace == "." && host.Namespace == client.Namespace
			return owner && covers(name, host.Name)
		})
	})
}
