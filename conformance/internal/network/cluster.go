package network

import (
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// cluster is a system laid out on hosts: a node that forwards, a host for each pod, and one for everything outside.
type cluster struct {
	system  *System
	node    host
	outside host
	pods    map[*Pod]host
	servers []io.Closer
}

func newCluster(system *System, listeners []listener) (*cluster, error) {
	c := &cluster{system: system, pods: map[*Pod]host{}}
	if err := c.build(listeners); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *cluster) build(listeners []listener) (err error) {
	if c.node, err = newHost(); err != nil {
		return err
	}
	if err := c.node.forwarding(); err != nil {
		return err
	}
	for index, pod := range c.system.Pods {
		machine, err := newHost()
		if err != nil {
			return err
		}
		c.pods[pod] = machine
		if err := c.node.connect(machine, fmt.Sprintf("pod%d", index), slices.Collect(maps.Values(pod.Addresses))); err != nil {
			return err
		}
	}
	if c.outside, err = newHost(); err != nil {
		return err
	}
	if err := c.node.connect(c.outside, "outside", externalAddresses(listeners)); err != nil {
		return err
	}
	return c.listen(listeners)
}

func externalAddresses(listeners []listener) []netip.Addr {
	var addresses []netip.Addr
	seen := map[netip.Addr]bool{}
	for _, open := range listeners {
		if address := open.address.Addr(); open.pod == nil && !seen[address] {
			seen[address] = true
			addresses = append(addresses, address)
		}
	}
	return addresses
}

func (c *cluster) listen(listeners []listener) error {
	done := map[listener]bool{}
	for _, open := range listeners {
		if done[open] {
			continue
		}
		done[open] = true
		machine, name := c.outside, open.address.Addr().String()
		if open.pod != nil {
			machine, name = c.pods[open.pod], open.pod.Name
		}
		server, err := machine.serve(open.address, open.protocol, name)
		if err != nil {
			return err
		}
		c.servers = append(c.servers, server)
	}
	return nil
}

// enforce puts the policies in force in place of those before.
func (c *cluster) enforce(policies []networkingv1.NetworkPolicy) error {
	for _, f := range families {
		rules, err := filter{c.system, f}.rules(policies)
		if err != nil {
			return err
		}
		if f == ipv4 {
			rules += c.system.natRules()
		}
		if err := c.node.tables(f, rules); err != nil {
			return err
		}
	}
	return nil
}

// from is the host of a caller; no pod stands for the node.
func (c *cluster) from(pod *Pod) host {
	if pod == nil {
		return c.node
	}
	return c.pods[pod]
}

func (c *cluster) close() {
	for _, server := range c.servers {
		_ = server.Close()
	}
	for _, machine := range c.pods {
		machine.close()
	}
	c.outside.close()
	c.node.close()
}
