package policies

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/translate"
)

// caller is the own proxy of whoever makes a call, on its way to any of some pods.
type caller struct {
	attempt calls.Attempt
	mesh    *mesh.Mesh
	host    string
	port    uint32
	ends    []mesh.End
}

// newCaller finds out where the proxy of a caller sends a call.
func (r *rig) newCaller(attempt calls.Attempt, m *mesh.Mesh) (*caller, error) {
	host, port, _ := strings.Cut(attempt.To, ":")
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, report.Bad("goes to `%s`, which has no port; fix: write service.namespace:port", attempt.To)
	}
	c := &caller{attempt, m, host, uint32(number), nil}
	_, err = c.translated(r, func(pod *network.Pod, port mesh.Port) int {
		if known := r.security.Pod(pod); known != nil {
			if end := r.security.EndOf(known, port.TargetPort(pod)); !slices.Contains(c.ends, end) {
				c.ends = append(c.ends, end)
			}
		}
		return 1
	})
	return c, err
}

func (c *caller) translated(r *rig, address translate.Address) (*translate.Config, error) {
	client, _, err := c.mesh.Client(c.attempt.From)
	if err != nil {
		return nil, err
	}
	namespace, account, _ := strings.Cut(c.attempt.From, "/")
	own, err := r.identity(namespace, account)
	if err != nil {
		return nil, err
	}
	shown := &translate.Caller{Identity: own, Domains: r.security.Settings.TrustDomains(), Proxied: func(pod *network.Pod) bool {
		known := r.security.Pod(pod)
		return known != nil && r.security.Injected(known)
	}}
	return translate.Proxied(c.mesh, client, shown, c.host, c.port, nil, address)
}

// start runs the proxy, with relays in front of those of the callees, and gives the way to it. An error is what Envoy does not take.
func (c *caller) start(r *rig, guards *proxy.Envoy, number string) (to wire, stop func(), err error) {
	ports, relays := map[string]int{}, []*relay{}
	stop = func() {
		for _, one := range relays {
			one.close()
		}
	}
	for _, end := range c.ends {
		name := translate.GuardName(end.Pod)
		if r.security.Bypassed(end) {
			ports[name] = r.world.bare.port(c.attempt)
			continue
		}
		one, err := newRelay(fmt.Sprintf("127.0.0.1:%d", guards.Ports[name]), number, end.Port)
		if err != nil {
			return wire{}, stop, err
		}
		relays = append(relays, one)
		ports[name] = one.port()
	}
	config, err := c.translated(r, func(pod *network.Pod, _ mesh.Port) int {
		if port, inside := ports[translate.GuardName(pod)]; inside {
			return port
		}
		return r.world.bare.port(c.attempt)
	})
	if err != nil {
		return wire{}, stop, err
	}
	admin := proxy.AdminName()
	text, err := config.Bootstrap(admin)
	if err != nil {
		return wire{}, stop, err
	}
	envoy, err := proxy.Start(r.world.binary, admin, text)
	if err != nil {
		return wire{}, stop, fmt.Errorf("the caller's proxy: %w", err)
	}
	closeRelays := stop
	stop = func() {
		envoy.Stop()
		closeRelays()
	}
	return wire{number: number, bypassed: true, address: fmt.Sprintf("127.0.0.1:%d", envoy.Ports[translate.Outbound])}, stop, nil
}
