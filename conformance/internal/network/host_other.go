//go:build !linux

package network

import (
	"net/netip"

	"cdk8s-mesh/conformance/internal/report"
)

type host struct{}

// CheckHost says what the machine lacks.
func CheckHost() error {
	return report.Bad("network needs Linux, because it makes network namespaces; fix: run it in a Linux machine or container")
}

func newHost() (host, error)                            { return host{}, CheckHost() }
func (h host) close()                                   {}
func (h host) inside(func() error) error                { return CheckHost() }
func (h host) forwarding() error                        { return CheckHost() }
func (h host) connect(host, string, []netip.Addr) error { return CheckHost() }
func (h host) tables(*family, string) error             { return CheckHost() }
