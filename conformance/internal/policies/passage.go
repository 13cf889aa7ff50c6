package policies

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/translate"
)

const (
	passages = 24 // enough to meet both of two pods
	// Nobody else has this number.
	passageNumber = "1023"
	callerHeader  = "X-Forwarded-Client-Cert"
)

// passage is a call that goes through its caller's own proxy, some number of times, to any pod of the callee.
type passage struct {
	attempt calls.Attempt
	mesh    *mesh.Mesh
	ends    []mesh.End

	by      map[string]int // how many were answered, by the kind of the pod
	unknown int            // of requests that a pod with a proxy answered: from nobody, or from somebody else
	failure string         // of those that were not answered
}

func (p *passage) run(r *rig, guards *proxy.Envoy) error {
	config, stop, err := p.config(r, guards)
	defer stop()
	if err != nil {
		return err
	}
	admin := proxy.AdminName()
	text, err := config.Bootstrap(admin)
	if err != nil {
		return err
	}
	envoy, err := proxy.Start(r.world.binary, admin, text)
	if err != nil {
		p.failure = "the caller's proxy: " + err.Error()
		return nil
	}
	defer envoy.Stop()
	path := wire{number: passageNumber, bypassed: true, address: fmt.Sprintf("127.0.0.1:%d", envoy.Ports[translate.Outbound])}
	caller := strings.Replace(p.attempt.From, "/", "/sa/", 1)
	p.by = map[string]int{}
	for range passages {
		got := path.send(p.attempt, "")
		grpc := strings.HasPrefix(p.attempt.Headers["content-type"], calls.GRPCType)
		if got.err != nil || got.by == "" || p.attempt.Method != "" && got.status != http.StatusOK || grpc && got.grpc != 0 {
			p.failure = fmt.Sprintf("status %d, grpc-status %d, %v", got.status, got.grpc, got.err)
			continue
		}
		p.by[got.by]++
		said := got.header.Get(seenPrefix + textproto.CanonicalMIMEHeaderKey(callerHeader))
		if got.by == behindProxy && p.attempt.Method != "" && !strings.HasSuffix(said, "/ns/"+caller) {
			p.unknown++
		}
	}
	return nil
}

// config is the caller's proxy, with relays in front of the callees' proxies.
func (p *passage) config(r *rig, guards *proxy.Envoy) (config *translate.Config, stop func(), err error) {
	ports, relays := map[string]int{}, []*relay{}
	stop = func() {
		for _, one := range relays {
			one.close()
		}
	}
	for _, end := range p.ends {
		name := translate.GuardName(end.Pod)
		if r.security.Bypassed(end) {
			ports[name] = r.world.bare.port(p.attempt)
			continue
		}
		one, err := newRelay(fmt.Sprintf("127.0.0.1:%d", guards.Ports[name]), passageNumber, end.Port)
		if err != nil {
			return nil, stop, err
		}
		relays = append(relays, one)
		ports[name] = one.port()
	}
	client, _, err := p.mesh.Client(p.attempt.From)
	if err != nil {
		return nil, stop, err
	}
	namespace, account, _ := strings.Cut(p.attempt.From, "/")
	own, err := r.identity(namespace, account)
	if err != nil {
		return nil, stop, err
	}
	caller := &translate.Caller{Identity: own, Domains: r.security.Settings.TrustDomains(), Proxied: r.security.Injected}
	host, written, _ := strings.Cut(p.attempt.To, ":")
	number, err := strconv.ParseUint(written, 10, 16)
	if err != nil {
		return nil, stop, err
	}
	config, err = translate.Proxied(p.mesh, client, caller, host, uint32(number), nil, func(pod *network.Pod, _ mesh.Port) int {
		return ports[translate.GuardName(pod)]
	})
	return config, stop, err
}
