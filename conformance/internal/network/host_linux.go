package network

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"cdk8s-mesh/conformance/internal/report"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// host is a machine of the network. Only this process's file descriptor holds its network namespace, so that it is gone
// with the process, however that ends.
type host struct{ handle netns.NsHandle }

// CheckHost says what the machine lacks.
func CheckHost() error {
	if os.Geteuid() != 0 {
		return report.Bad("network needs root, because it makes network namespaces; fix: run it as root")
	}
	for _, f := range families {
		if _, err := exec.LookPath(f.restore); err != nil {
			return report.Bad("network needs `%s`; fix: start this through conformance/run, which installs it", f.restore)
		}
	}
	return nil
}

func newHost() (host, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := netns.Get()
	if err != nil {
		return host{}, err
	}
	defer before.Close()
	created, err := netns.New()
	if err != nil {
		return host{}, report.Bad("cannot make a network namespace: %v; fix: run this where the kernel allows it", err)
	}
	if err := netns.Set(before); err != nil {
		return host{}, err
	}
	machine := host{handle: created}
	return machine, machine.inside(func() error {
		// The addresses that the kernel makes up itself would otherwise wait a second, to see whether a neighbour has them.
		if err := os.WriteFile("/proc/sys/net/ipv6/conf/default/accept_dad", []byte("0"), 0o644); err != nil {
			return report.Bad("the kernel has no IPv6: %v; fix: enable it", err)
		}
		loopback, err := netlink.LinkByName("lo")
		if err != nil {
			return err
		}
		return netlink.LinkSetUp(loopback)
	})
}

func (h host) close() { _ = h.handle.Close() }

// inside runs work on a thread that stands in the host's namespace. Sockets made there stay there.
func (h host) inside(work func() error) error {
	runtime.LockOSThread()
	before, err := netns.Get()
	if err != nil {
		return err
	}
	defer before.Close()
	if err := netns.Set(h.handle); err != nil {
		return err
	}
	failure := work()
	if err := netns.Set(before); err != nil {
		return err // The thread stays locked, so the runtime throws it away with the goroutine.
	}
	runtime.UnlockOSThread()
	return failure
}

// forwarding makes the host a router with addresses of its own.
func (h host) forwarding() error {
	return h.inside(func() error {
		for _, setting := range []string{"ipv4/ip_forward", "ipv6/conf/all/forwarding"} {
			if err := os.WriteFile("/proc/sys/net/"+setting, []byte("1"), 0o644); err != nil {
				return err
			}
		}
		for _, f := range families {
			if err := addAddress("lo", f.node); err != nil {
				return err
			}
		}
		return nil
	})
}

// connect lays a cable from the router to another host, which then answers to the addresses.
func (h host) connect(other host, name string, addresses []netip.Addr) error {
	var near, far net.HardwareAddr
	var index int
	err := h.inside(func() error {
		cable := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: "eth0", PeerNamespace: netlink.NsFd(int(other.handle))}
		if err := netlink.LinkAdd(cable); err != nil {
			return err
		}
		if err := netlink.LinkSetUp(cable); err != nil {
			return err
		}
		for _, f := range families {
			if err := addAddress(name, f.link); err != nil {
				return err
			}
		}
		laid, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		index, near = laid.Attrs().Index, laid.Attrs().HardwareAddr
		for _, address := range addresses {
			route := &netlink.Route{LinkIndex: index, Dst: single(address), Scope: netlink.SCOPE_LINK, Src: familyOf(address).node.AsSlice()}
			if err := netlink.RouteAdd(route); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cable %s: %w", name, err)
	}
	err = other.inside(func() error {
		for _, address := range addresses {
			if err := addAddress("eth0", address); err != nil {
				return err
			}
		}
		end, err := netlink.LinkByName("eth0")
		if err != nil {
			return err
		}
		if err := netlink.LinkSetUp(end); err != nil {
			return err
		}
		far = end.Attrs().HardwareAddr
		index := end.Attrs().Index
		for _, f := range families {
			if err := addNeighbour(index, f.link, near); err != nil {
				return err
			}
			if err := netlink.RouteAdd(&netlink.Route{LinkIndex: index, Dst: single(f.link), Scope: netlink.SCOPE_LINK}); err != nil {
				return err
			}
			if err := netlink.RouteAdd(&netlink.Route{LinkIndex: index, Gw: f.link.AsSlice()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cable %s: %w", name, err)
	}
	return h.inside(func() error {
		for _, address := range addresses {
			if err := addNeighbour(index, address, far); err != nil {
				return err
			}
		}
		return nil
	})
}

// addNeighbour says who answers to an address. What a kernel learns by asking is limited over all of the machine's network
// namespaces together, which a large system soon exceeds.
func addNeighbour(link int, address netip.Addr, hardware net.HardwareAddr) error {
	return netlink.NeighAdd(&netlink.Neigh{LinkIndex: link, IP: address.AsSlice(), HardwareAddr: hardware, State: netlink.NUD_PERMANENT})
}

// tables replaces the host's iptables tables by the given ones, each at once.
func (h host) tables(f *family, rules string) error {
	return h.inside(func() error {
		command := exec.Command(f.restore)
		command.Stdin = strings.NewReader(rules)
		command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", f.restore, err, output)
		}
		return nil
	})
}

func addAddress(device string, address netip.Addr) error {
	link, err := netlink.LinkByName(device)
	if err != nil {
		return err
	}
	written := &netlink.Addr{IPNet: single(address)}
	if address.Is6() {
		written.Flags = syscall.IFA_F_NODAD // No neighbour can have it, too.
	}
	return netlink.AddrAdd(link, written)
}

func single(address netip.Addr) *net.IPNet {
	return &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(address.BitLen(), address.BitLen())}
}
