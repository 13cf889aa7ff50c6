package policies

import (
	"fmt"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/identity"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/translate"
)

// world is what all calls of a run share.
type world struct {
	binary      string
	authority   *identity.Authority
	stranger    *identity.Authority
	issuers     *identity.Issuers
	application *application
	bare        *application // of pods without a proxy
}

// The kinds of applications.
const (
	behindProxy  = "proxied"
	withoutProxy = "bare"
)

// rig is one set of manifests with the calls to make on it, in one Envoy that holds the proxies of all callees.
type rig struct {
	world    *world
	security *mesh.Security
	objects  []manifests.Object
	traffic  *mesh.Mesh // of the objects, where a caller's proxy needs it
	tries    []*try
	passages []*passage
	guarded  []mesh.End
	refusal  string // why Envoy takes nothing in
}

// try is one call to one end.
type try struct {
	attempt calls.Attempt
	end     mesh.End
	through *caller // to any of its ends; the end is one of these
	verdict verdict
}

// plan looks up where an attempt goes, and gives one try for each end.
func (r *rig) plan(attempt calls.Attempt) ([]*try, error) {
	if attempt.Proxied {
		return r.planProxied(attempt)
	}
	ends, err := r.ends(&attempt)
	if err != nil {
		return nil, err
	}
	if err := r.checkCaller(attempt); err != nil {
		return nil, err
	}
	var planned []*try
	for _, end := range ends {
		planned = append(planned, &try{attempt: attempt, end: end})
		if !r.security.Bypassed(end) {
			r.guarded = append(r.guarded, end)
		}
	}
	if len(planned) == 0 {
		return nil, report.Bad("goes to `%s`, which has no pods", attempt.To)
	}
	r.tries = append(r.tries, planned...)
	return planned, nil
}

// planProxied leaves it to the caller's proxy where an attempt goes.
func (r *rig) planProxied(attempt calls.Attempt) ([]*try, error) {
	if r.traffic == nil {
		var err error
		if r.traffic, err = mesh.New(r.objects, nil); err != nil {
			return nil, err
		}
	}
	through, err := r.newCaller(attempt, r.traffic)
	if err != nil {
		return nil, err
	}
	planned := &try{attempt: attempt, through: through}
	for _, end := range through.ends {
		if !r.security.Bypassed(end) {
			r.guarded, planned.end = append(r.guarded, end), end
		}
	}
	if planned.end.Pod == nil {
		return nil, report.Bad("goes to `%s` by a way on which no pod has a proxy; fix: try it by `requests`", attempt.To)
	}
	r.tries = append(r.tries, planned)
	return []*try{planned}, nil
}

func (r *rig) ends(attempt *calls.Attempt) ([]mesh.End, error) {
	if attempt.From == network.Kubelet || attempt.From == network.Outside {
		attempt.Plaintext = true
	}
	if !strings.HasSuffix(attempt.To, "Probe") {
		return r.security.Ends(attempt.To)
	}
	end, path, err := r.security.Probe(attempt.To)
	if path != "" {
		attempt.Method, attempt.Path = "GET", path
	}
	return []mesh.End{end}, err
}

func (r *rig) checkCaller(attempt calls.Attempt) error {
	if attempt.From == network.Kubelet || attempt.From == network.Outside {
		return nil
	}
	for _, account := range r.security.Accounts() {
		if account == attempt.From {
			return nil
		}
	}
	return report.Bad("comes from `%s`, which runs no pod; fix: write namespace/service account, outside or kubelet, and give --context its workload", attempt.From)
}

// run makes the calls.
func (r *rig) run() error {
	config, err := r.config()
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
		r.refusal = err.Error()
		return nil
	}
	defer envoy.Stop()
	var numbers []string
	responses := make([]response, len(r.tries))
	for index, one := range r.tries {
		if responses[index], err = r.send(envoy, numberOf(index), one); err != nil {
			return err
		}
		if !r.security.Bypassed(one.end) {
			numbers = append(numbers, numberOf(index))
		}
	}
	for _, one := range r.passages {
		if err := one.run(r, envoy); err != nil {
			return err
		}
	}
	entries, err := written(envoy, numbers)
	if err != nil {
		return err
	}
	for index, one := range r.tries {
		var log entry
		if !r.security.Bypassed(one.end) {
			log = entries[numberOf(index)]
		}
		one.verdict = judge(one.attempt, responses[index], log)
		one.verdict.applied = translate.Allowing(r.security, one.end)
	}
	return nil
}

// numberOf is also a port, none of the lowest ones.
func numberOf(index int) string { return strconv.Itoa(1024 + index) }

// config has the proxies of the callees that are asked.
func (r *rig) config() (*translate.Config, error) {
	config := &translate.Config{}
	config.Serve(r.world.application.backends)
	byPod := map[*network.Pod][]mesh.End{}
	var pods []*network.Pod
	seen := map[mesh.End]bool{}
	for _, end := range r.guarded {
		if seen[end] {
			continue
		}
		seen[end] = true
		if byPod[end.Pod] == nil {
			pods = append(pods, end.Pod)
		}
		byPod[end.Pod] = append(byPod[end.Pod], end)
	}
	for _, pod := range pods {
		own, err := r.identity(pod.Namespace, pod.Account)
		if err != nil {
			return nil, err
		}
		if err := config.Guard(r.security, pod, byPod[pod], own); err != nil {
			return nil, err
		}
	}
	return config, nil
}

// identity is what the proxy of an account's pods shows.
func (r *rig) identity(namespace, account string) (translate.Identity, error) {
	certificate, err := r.world.authority.Workload(r.security.Settings.TrustDomain, namespace, account)
	if err != nil {
		return translate.Identity{}, err
	}
	chain, key, err := identity.PEM(certificate)
	return translate.Identity{Chain: chain, Key: key, Roots: r.world.authority.Roots, KeySet: r.world.issuers.KeySet}, err
}

func (r *rig) send(envoy *proxy.Envoy, number string, one *try) (response, error) {
	if one.through != nil {
		path, stop, err := one.through.start(r, envoy, number)
		defer stop()
		if err != nil {
			return response{status: noStatus, grpc: noStatus, err: err}, nil
		}
		path.server = one.attempt.SNI
		return path.send(one.attempt, ""), nil
	}
	path := wire{port: one.end.Port, number: number}
	if path.bypassed = r.security.Bypassed(one.end); path.bypassed {
		path.address = fmt.Sprintf("127.0.0.1:%d", r.world.bare.port(one.attempt))
	} else {
		path.address = fmt.Sprintf("127.0.0.1:%d", envoy.Ports[translate.GuardName(one.end.Pod)])
	}
	if !one.attempt.Plaintext {
		domain := one.attempt.TrustDomain
		if domain == "" {
			domain = r.security.Settings.TrustDomain
		}
		signer := r.world.authority
		if one.attempt.Forged {
			signer = r.world.stranger
		}
		namespace, account, _ := strings.Cut(one.attempt.From, "/")
		certificate, err := signer.Workload(domain, namespace, account)
		if err != nil {
			return response{}, err
		}
		path.certificate, path.server = &certificate, one.attempt.SNI
	}
	token := ""
	if one.attempt.Token != nil {
		var err error
		if token, err = r.world.issuers.Sign(*one.attempt.Token); err != nil {
			return response{}, err
		}
	}
	return path.send(one.attempt, token), nil
}
