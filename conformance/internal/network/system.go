// Package network puts the pods of a set of manifests on a network that enforces its NetworkPolicies, and makes
// connections there.
package network

import (
	"fmt"
	"net/netip"
	"sort"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Pod is one replica of a workload.
type Pod struct {
	Name      string
	Workload  string
	Namespace string
	Account   string
	Labels    map[string]string
	Addresses map[*family]netip.Addr
	Ports     []corev1.ContainerPort
	// Template is what the pod was made from.
	Template corev1.PodTemplateSpec
}

// Service is a Kubernetes Service with the address that the run gave it.
type Service struct {
	Name      string
	Namespace string
	Address   netip.Addr // none for a headless Service, which stands for its endpoints' own addresses
	Ports     []corev1.ServicePort
	Endpoints []*Pod
}

// System is what of a set of manifests the network sees.
type System struct {
	Namespaces map[string]map[string]string
	Pods       []*Pod
	Services   []*Service
	Policies   []networkingv1.NetworkPolicy
}

// NewSystem reads a system from objects. A workload gets its pods here because no controller runs.
func NewSystem(objects []manifests.Object) (*System, error) {
	system := &System{Namespaces: map[string]map[string]string{}}
	system.addOutside()
	var services []corev1.Service
	for _, object := range objects {
		if err := system.add(object, &services); err != nil {
			return nil, err
		}
	}
	next := map[*family]netip.Addr{ipv4: ipv4.pods.Addr(), ipv6: ipv6.pods.Addr()}
	for _, pod := range system.Pods {
		system.namespace(pod.Namespace)
		pod.Addresses = map[*family]netip.Addr{}
		for _, f := range families {
			next[f] = next[f].Next()
			pod.Addresses[f] = next[f]
		}
	}
	address := serviceRange.Addr()
	for _, service := range services {
		found := system.service(service)
		if service.Spec.ClusterIP != corev1.ClusterIPNone {
			address = address.Next()
			found.Address = address
		}
		system.Services = append(system.Services, found)
	}
	return system, nil
}

// addOutside is the pod that no manifest knows: in a namespace of its own, with no label.
func (s *System) addOutside() {
	s.Pods = append(s.Pods, &Pod{Name: "outside-0", Workload: Outside, Namespace: Outside, Account: "default"})
}

func (s *System) add(object manifests.Object, services *[]corev1.Service) error {
	switch object.GVK().GroupKind().String() {
	case "Namespace":
		var namespace corev1.Namespace
		if err := object.Into(&namespace); err != nil {
			return err
		}
		for key, value := range namespace.Labels {
			s.namespace(namespace.Name)[key] = value
		}
	case "Service":
		var service corev1.Service
		if err := object.Into(&service); err != nil {
			return err
		}
		service.Namespace = orDefault(service.Namespace)
		*services = append(*services, service)
	case "NetworkPolicy.networking.k8s.io":
		var policy networkingv1.NetworkPolicy
		if err := object.Into(&policy); err != nil {
			return err
		}
		policy.Namespace = orDefault(policy.Namespace)
		s.Policies = append(s.Policies, policy)
	case "Pod":
		var pod corev1.Pod
		if err := object.Into(&pod); err != nil {
			return err
		}
		s.addPods(object, 1, corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec})
	case "Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "DaemonSet.apps", "Job.batch":
		var workload workload
		if err := object.Into(&workload); err != nil {
			return err
		}
		s.addPods(object, replicas(workload.Spec.Replicas), workload.Spec.Template)
	case "CronJob.batch":
		var job batchv1.CronJob
		if err := object.Into(&job); err != nil {
			return err
		}
		s.addPods(object, 1, job.Spec.JobTemplate.Spec.Template)
	}
	return nil
}

// workload is what every kind that makes pods has in common; a DaemonSet has one pod because there is one node.
type workload struct {
	Spec struct {
		Replicas *int32                 `json:"replicas"`
		Template corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

func (s *System) addPods(object manifests.Object, count int, template corev1.PodTemplateSpec) {
	account := template.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	var ports []corev1.ContainerPort
	for _, container := range template.Spec.Containers {
		ports = append(ports, container.Ports...)
	}
	for index := range count {
		s.Pods = append(s.Pods, &Pod{
			Name:      fmt.Sprintf("%s-%d", object.Name(), index),
			Workload:  object.Name(),
			Namespace: orDefault(object.Namespace()),
			Account:   account,
			Labels:    template.Labels,
			Ports:     ports,
			Template:  template,
		})
	}
}

func (s *System) namespace(name string) map[string]string {
	if s.Namespaces[name] == nil {
		s.Namespaces[name] = map[string]string{corev1.LabelMetadataName: name}
	}
	return s.Namespaces[name]
}

func (s *System) service(source corev1.Service) *Service {
	service := &Service{Name: source.Name, Namespace: source.Namespace, Ports: source.Spec.Ports}
	if len(source.Spec.Selector) == 0 {
		return service
	}
	selector := labels.SelectorFromSet(source.Spec.Selector)
	for _, pod := range s.Pods {
		if pod.Namespace == service.Namespace && selector.Matches(labels.Set(pod.Labels)) {
			service.Endpoints = append(service.Endpoints, pod)
		}
	}
	return service
}

// TargetPort is the port of one pod that a Service port leads to; 0 where the pod has no port of that name.
func (p *Pod) TargetPort(port corev1.ServicePort) int32 {
	switch {
	case port.TargetPort.StrVal != "":
		return p.named(port.TargetPort.StrVal, port.Protocol)
	case port.TargetPort.IntVal != 0:
		return port.TargetPort.IntVal
	}
	return port.Port
}

func (p *Pod) named(name string, protocol corev1.Protocol) int32 {
	for _, port := range p.Ports {
		if port.Name == name && protocolOf(port.Protocol) == protocolOf(protocol) {
			return port.ContainerPort
		}
	}
	return 0
}

// accounts lists the service accounts of a namespace that run pods.
func (s *System) accounts(namespace string) []string {
	found := map[string]bool{}
	for _, pod := range s.Pods {
		if pod.Namespace == namespace {
			found[pod.Account] = true
		}
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func replicas(written *int32) int {
	if written == nil {
		return 1
	}
	return int(*written)
}

func orDefault(namespace string) string {
	if namespace == "" {
		return "default"
	}
	return namespace
}

func protocolOf(protocol corev1.Protocol) corev1.Protocol {
	if protocol == "" {
		return corev1.ProtocolTCP
	}
	return protocol
}

// checkSupported refuses what the network cannot carry, rather than testing something else in its place.
func (s *System) checkSupported() error {
	for _, service := range s.Services {
		for _, port := range service.Ports {
			if protocolOf(port.Protocol) == corev1.ProtocolSCTP {
				return report.Bad("service `%s/%s` has an SCTP port, which this network does not carry", service.Namespace, service.Name)
			}
		}
	}
	return nil
}
