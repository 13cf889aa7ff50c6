package network

import "net/netip"

// family is a version of IP. Each has addresses and an iptables of its own.
type family struct {
	restore string
	pods    netip.Prefix
	node    netip.Addr
	link    netip.Addr // the node's end of every pod's cable; a pod needs no other neighbour
}

var (
	ipv4 = &family{
		restore: "iptables-restore",
		pods:    netip.MustParsePrefix("10.244.0.0/16"),
		node:    netip.MustParseAddr("10.10.0.1"),
		link:    netip.MustParseAddr("169.254.1.1"),
	}
	ipv6 = &family{
		restore: "ip6tables-restore",
		pods:    netip.MustParsePrefix("fd00:10:244::/64"),
		node:    netip.MustParseAddr("fd00:10:10::1"),
		link:    netip.MustParseAddr("fe80::1"),
	}
	families = []*family{ipv4, ipv6}

	serviceRange = netip.MustParsePrefix("10.96.0.0/16")
)

func familyOf(address netip.Addr) *family {
	if address.Is4() {
		return ipv4
	}
	return ipv6
}

// givenOut says whether the run itself uses an address for a pod, a Service or the node.
func givenOut(address netip.Addr) bool {
	f := familyOf(address)
	return f.pods.Contains(address) || address == f.node || address == f.link || serviceRange.Contains(address)
}
