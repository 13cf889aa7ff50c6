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

// linkAddress is the node's end of every pod's cable; a pod needs no other neighbour.
var linkAddress = netip.MustParseAddr("169.254.1.1")

// host is a machine of the network. Only this process's file descriptor holds its network namespace, so that it is gone
// with the process, however that ends.
type host struct{ handle netns.NsHandle }

func checkHost() error {
	if os.Geteuid() != 0 {
		return report.Bad("network needs root, because it makes network namespaces; fix: run it as root")
	}
	if _, err := exec.LookPath("iptables-restore"); err != nil {
		return report.Bad("network needs iptables; fix: start this through conformance/run, which installs it")
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

// forwarding makes the host a router with an address of its own.
func (h host) forwarding(address netip.Addr) error {
	return h.inside(func() error {
		if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
			return err
		}
		return addAddress("lo", address)
	})
}

// connect lays a cable from the router to another host, which then answers to the addresses.
func (h host) connect(other host, name string, addresses []netip.Addr) error {
	err := h.inside(func() error {
		cable := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: "eth0", PeerNamespace: netlink.NsFd(int(other.handle))}
		if err := netlink.LinkAdd(cable); err != nil {
			return err
		}
		if err := netlink.LinkSetUp(cable); err != nil {
			return err
		}
		if err := addAddress(name, linkAddress); err != nil {
			return err
		}
		for _, address := range addresses {
			route := &netlink.Route{LinkIndex: cable.Attrs().Index, Dst: single(address), Scope: netlink.SCOPE_LINK, Src: nodeAddress.AsSlice()}
			if err := netlink.RouteAdd(route); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cable %s: %w", name, err)
	}
	return other.inside(func() error {
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
		index := end.Attrs().Index
		if err := netlink.RouteAdd(&netlink.Route{LinkIndex: index, Dst: single(linkAddress), Scope: netlink.SCOPE_LINK}); err != nil {
			return err
		}
		return netlink.RouteAdd(&netlink.Route{LinkIndex: index, Gw: linkAddress.AsSlice()})
	})
}

// tables replaces the host's iptables tables by the given ones, each at once.
func (h host) tables(rules string) error {
	return h.inside(func() error {
		command := exec.Command("iptables-restore")
		command.Stdin = strings.NewReader(rules)
		command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("iptables-restore: %w: %s", err, output)
		}
		return nil
	})
}

func addAddress(device string, address netip.Addr) error {
	link, err := netlink.LinkByName(device)
	if err != nil {
		return err
	}
	return netlink.AddrAdd(link, &netlink.Addr{IPNet: single(address)})
}

func single(address netip.Addr) *net.IPNet {
	return &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(32, 32)}
}
