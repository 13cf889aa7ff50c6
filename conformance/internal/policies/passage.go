package policies

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/proxy"
)

const (
	passages = 24 // enough to meet both of two pods
	// Nobody else has this number.
	passageNumber = "1023"
	callerHeader  = "X-Forwarded-Client-Cert"
)

// passage is a call that goes through its caller's own proxy, some number of times, to any pod of the callee.
type passage struct {
	*caller

	by      map[string]int // how many were answered, by the kind of the pod
	unknown int            // of requests that a pod with a proxy answered: from nobody, or from somebody else
	failure string         // of those that were not answered
}

func (p *passage) run(r *rig, guards *proxy.Envoy) error {
	path, stop, err := p.start(r, guards, passageNumber)
	defer stop()
	if err != nil {
		p.failure = err.Error()
		return nil
	}
	from := "/ns/" + strings.Replace(p.attempt.From, "/", "/sa/", 1)
	grpc := strings.HasPrefix(p.attempt.Headers["content-type"], calls.GRPCType)
	p.by = map[string]int{}
	for range passages {
		got := path.send(p.attempt, "")
		if got.err != nil || got.by == "" || p.attempt.Method != "" && got.status != http.StatusOK || grpc && got.grpc != 0 {
			p.failure = fmt.Sprintf("status %d, grpc-status %d, %v", got.status, got.grpc, got.err)
			continue
		}
		p.by[got.by]++
		said := got.header.Get(seenPrefix + textproto.CanonicalMIMEHeaderKey(callerHeader))
		if got.by == behindProxy && p.attempt.Method != "" && !strings.HasSuffix(said, from) {
			p.unknown++
		}
	}
	return nil
}
