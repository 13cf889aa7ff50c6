package network

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cdk8s-mesh/conformance/internal/report"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

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

// selectors are those that were read, by what they say: a run asks for the same ones for every pod and every experiment.
var selectors sync.Map

func matches(selector *metav1.LabelSelector, set map[string]string) (bool, error) {
	key := said(selector)
	if known, there := selectors.Load(key); there {
		return known.(labels.Selector).Matches(labels.Set(set)), nil
	}
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, report.Bad("a NetworkPolicy has a selector that Kubernetes refuses: %v", err)
	}
	selectors.Store(key, parsed)
	return parsed.Matches(labels.Set(set)), nil
}

func said(selector *metav1.LabelSelector) string {
	if len(selector.MatchExpressions) > 0 {
		return selector.String()
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(selector.MatchLabels)) {
		text.WriteString(strconv.Quote(name) + strconv.Quote(selector.MatchLabels[name]))
	}
	return text.String()
}

// block gives the prefixes of an ipBlock without its exceptions.
func block(source networkingv1.IPBlock) ([]netip.Prefix, error) {
	whole, err := netip.ParsePrefix(source.CIDR)
	if err != nil {
		return nil, report.Bad("a NetworkPolicy has the ipBlock `%s`, which is no CIDR", source.CIDR)
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
	bytes := prefix.Addr().AsSlice()
	bytes[prefix.Bits()/8] |= 1 << (7 - prefix.Bits()%8)
	upper, _ := netip.AddrFromSlice(bytes)
	high := netip.PrefixFrom(upper, prefix.Bits()+1)
	return append(subtract(low, hole), subtract(high, hole)...)
}
