//go:build !linux

package network

import (
	"net/netip"

	"cdk8s-mesh/conformance/internal/report"
)

type host struct{}

func checkHost() error {
	return report.Bad("network needs Linux, because it makes network namespaces; fix: run it in a Linux machine or container")
}

func newHost() (host, error)                            { return host{}, checkHost() }
func (h host) close()                                   {}
func (h host) inside(func() error) error                { return checkHost() }
func (h host) forwarding() error                        { return checkHost() }
func (h host) connect(host, string, []netip.Addr) error { return checkHost() }
func (h host) tables(*family, string) error             { return checkHost() }
