package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// filterRules writes the policies as an iptables filter table for the node that forwards between pods. A pod that a
// policy selects gets a chain for that direction, which returns what is allowed and drops the rest. Traffic of the
// node itself is not forwarded, so it is admitted, as Kubernetes does for kubelet probes.
func (s *System) filterRules(policies []networkingv1.NetworkPolicy) (string, error) {
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
			fmt.Fprintf(&jumps, "-A FORWARD %s %s -j %s\n", match, pod.Address, chain)
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
func (s *System) allowed(pod *Pod, direction networkingv1.PolicyType, policies []networkingv1.NetworkPolicy) (conditions []string, isolated bool, err error) {
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

// rule is an ingress or an egress rule; both have the same shape.
type rule struct {
	peers []networkingv1.NetworkPolicyPeer
	ports []networkingv1.NetworkPolicyPort
}

func rulesOf(policy networkingv1.NetworkPolicy, direction networkingv1.PolicyType) []rule {
	var rules []rule
	if direction == networkingv1.PolicyTypeIngress {
		for _, ingress := range policy.Spec.Ingress {
			rules = append(rules, rule{ingress.From, ingress.Ports})
		}
		return rules
	}
	for _, egress := range policy.Spec.Egress {
		rules = append(rules, rule{egress.To, egress.Ports})
	}
	return rules
}

// types follows the API's default: Ingress always, Egress where there are egress rules.
func types(policy networkingv1.NetworkPolicy) []networkingv1.PolicyType {
	if len(policy.Spec.PolicyTypes) > 0 {
		return policy.Spec.PolicyTypes
	}
	if len(policy.Spec.Egress) > 0 {
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	}
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
}

func (s *System) conditions(pod *Pod, direction networkingv1.PolicyType, namespace string, r rule) ([]string, error) {
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
				add(fmt.Sprintf(" %s %s", match, peer.Address), peer)
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
				add(fmt.Sprintf(" %s %s", match, prefix), called(nil))
			}
			continue
		}
		pods, err := s.peers(peer, namespace)
		if err != nil {
			return nil, err
		}
		for _, other := range pods {
			add(fmt.Sprintf(" %s %s", match, other.Address), called(other))
		}
	}
	return conditions, nil
}

func (s *System) peers(peer networkingv1.NetworkPolicyPeer, namespace string) ([]*Pod, error) {
	var pods []*Pod
	for _, pod := range s.Pods {
		inNamespace := pod.Namespace == namespace
		if peer.NamespaceSelector != nil {
			selected, err := matches(peer.NamespaceSelector, s.Namespaces[pod.Namespace])
			if err != nil {
				return nil, err
			}
			inNamespace = selected
		}
		selected := true
		if peer.PodSelector != nil {
			var err error
			if selected, err = matches(peer.PodSelector, pod.Labels); err != nil {
				return nil, err
			}
		}
		if inNamespace && selected {
			pods = append(pods, pod)
		}
	}
	return pods, nil
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

func matches(selector *metav1.LabelSelector, set map[string]string) (bool, error) {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, report.Bad("a NetworkPolicy has a selector that Kubernetes refuses: %v", err)
	}
	return parsed.Matches(labels.Set(set)), nil
}

func block(source networkingv1.IPBlock) ([]netip.Prefix, error) {
	whole, err := netip.ParsePrefix(source.CIDR)
	if err != nil {
		return nil, report.Bad("a NetworkPolicy has the ipBlock `%s`, which is no CIDR", source.CIDR)
	}
	if !whole.Addr().Is4() {
		return nil, nil // The network is IPv4, so an IPv6 block admits none of its addresses.
	}
	prefixes := []netip.Prefix{whole.Masked()}
	for _, text := range source.Except {
		hole, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, report.Bad("a NetworkPolicy has the exception `%s`, which is no CIDR", text)
		}
		var rest []netip.Prefix
		for _, prefix := range prefixes {
			rest = append(rest, subtract(prefix, hole.Masked())...)
		}
		prefixes = rest
	}
	return prefixes, nil
}

// subtract gives the prefixes that cover a prefix but for a hole in it.
func subtract(prefix, hole netip.Prefix) []netip.Prefix {
	if !prefix.Overlaps(hole) {
		return []netip.Prefix{prefix}
	}
	if hole.Bits() <= prefix.Bits() {
		return nil
	}
	low := netip.PrefixFrom(prefix.Addr(), prefix.Bits()+1)
	bytes := prefix.Addr().As4()
	bytes[prefix.Bits()/8] |= 1 << (7 - prefix.Bits()%8)
	high := netip.PrefixFrom(netip.AddrFrom4(bytes), prefix.Bits()+1)
	return append(subtract(low, hole), subtract(high, hole)...)
}
