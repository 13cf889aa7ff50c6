package network

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// filter writes NetworkPolicies as the filter table of the node, in one version of IP.
type filter struct {
	*System
	family *family
}

// rules writes the policies as a filter table for the node that forwards between pods. A pod that a
// policy selects gets a chain for that direction, which returns what is allowed and drops the rest. Traffic of the
// node itself is not forwarded, so it is admitted, as Kubernetes does for kubelet probes.
func (s filter) rules(policies []networkingv1.NetworkPolicy) (string, error) {
	var chains, jumps, rules strings.Builder
	for _, direction := range []networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress} {
		for index, pod := range s.Pods {
			chain := fmt.Sprintf("%s-%d", strings.ToUpper(string(direction)), index)
			allowed, isolated, err := s.allowed(pod, direction, policies)
			if err != nil {
				return "", err
			}
			if !isolated {
				continue
			}
			match := "-d"
			if direction == networkingv1.PolicyTypeEgress {
				match = "-s"
			}
			fmt.Fprintf(&chains, ":%s - [0:0]\n", chain)
			fmt.Fprintf(&jumps, "-A FORWARD %s %s -j %s\n", match, pod.Addresses[s.family], chain)
			for _, condition := range allowed {
				fmt.Fprintf(&rules, "-A %s%s -j RETURN\n", chain, condition)
			}
			fmt.Fprintf(&rules, "-A %s -j DROP\n", chain)
		}
	}
	return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + chains.String() +
		"-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n" + jumps.String() + rules.String() + "COMMIT\n", nil
}

// allowed gives the iptables conditions under which a pod's traffic passes, and whether any policy selects the pod.
func (s filter) allowed(pod *Pod, direction networkingv1.PolicyType, policies []networkingv1.NetworkPolicy) (conditions []string, isolated bool, err error) {
	for _, policy := range policies {
		selects, err := matches(&policy.Spec.PodSelector, pod.Labels)
		if err != nil {
			return nil, false, err
		}
		if policy.Namespace != pod.Namespace || !selects || !slices.Contains(types(policy), direction) {
			continue
		}
		isolated = true
		for _, rule := range rulesOf(policy, direction) {
			found, err := s.conditions(pod, direction, policy.Namespace, rule)
			if err != nil {
				return nil, false, err
			}
			conditions = append(conditions, found...)
		}
	}
	return conditions, isolated, nil
}

func (s filter) conditions(pod *Pod, direction networkingv1.PolicyType, namespace string, r rule) ([]string, error) {
	match := "-s"
	if direction == networkingv1.PolicyTypeEgress {
		match = "-d"
	}
	var conditions []string
	add := func(address string, destination *Pod) {
		for _, port := range portConditions(r.ports, destination) {
			conditions = append(conditions, address+port)
		}
	}
	// The pod whose ports a rule names is always the one that is called.
	called := func(peer *Pod) *Pod {
		if direction == networkingv1.PolicyTypeIngress {
			return pod
		}
		return peer
	}
	if len(r.peers) == 0 {
		add("", called(nil))
		if hasNamedPort(r.ports) && direction == networkingv1.PolicyTypeEgress {
			for _, peer := range s.Pods {
				add(fmt.Sprintf(" %s %s", match, peer.Addresses[s.family]), peer)
			}
		}
	}
	for _, peer := range r.peers {
		if peer.IPBlock != nil {
			prefixes, err := block(*peer.IPBlock)
			if err != nil {
				return nil, err
			}
			for _, prefix := range prefixes {
				if familyOf(prefix.Addr()) != s.family {
					continue
				}
				add(fmt.Sprintf(" %s %s", match, prefix), called(nil))
			}
			continue
		}
		pods, err := s.peers(peer, namespace)
		if err != nil {
			return nil, err
		}
		for _, other := range pods {
			add(fmt.Sprintf(" %s %s", match, other.Addresses[s.family]), called(other))
		}
	}
	return conditions, nil
}

func hasNamedPort(ports []networkingv1.NetworkPolicyPort) bool {
	return slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool { return port.Port != nil && port.Port.StrVal != "" })
}

// portConditions gives one condition per port; a named port is that of the called pod, and none where it has no such port.
func portConditions(ports []networkingv1.NetworkPolicyPort, called *Pod) []string {
	if len(ports) == 0 {
		return []string{""}
	}
	var conditions []string
	for _, port := range ports {
		protocol := corev1.ProtocolTCP
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		condition := " -p " + strings.ToLower(string(protocol))
		switch {
		case port.Port == nil:
		case port.Port.StrVal != "":
			number := int32(0)
			if called != nil {
				number = called.named(port.Port.StrVal, protocol)
			}
			if number == 0 {
				continue
			}
			condition += fmt.Sprintf(" --dport %d", number)
		case port.EndPort != nil:
			condition += fmt.Sprintf(" --dport %d:%d", port.Port.IntVal, *port.EndPort)
		default:
			condition += fmt.Sprintf(" --dport %d", port.Port.IntVal)
		}
		conditions = append(conditions, condition)
	}
	return conditions
}
