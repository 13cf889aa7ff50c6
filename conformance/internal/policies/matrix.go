package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
)

// elsewhere is a trust domain that nobody knows.
const elsewhere = "elsewhere.example"

// addMatrix lets every account of the set, its namesake in another trust domain and a pod without identity make the one
// request of each target. Those that are not allowed must be refused, and served once there are no policies.
func (r *run) addMatrix(policies calls.Policies) error {
	for _, namespace := range slices.Sorted(maps.Keys(policies.Matrix)) {
		targets := policies.Matrix[namespace]
		place := fmt.Sprintf("`%s`: `policies.matrix` of `%s`", policies.Place(), namespace)
		asWritten, err := r.rig(nil, map[string]any{})
		if err != nil {
			return err
		}
		for _, name := range asWritten.security.ServicePorts(namespace) {
			if _, written := targets[name]; !written {
				return report.Bad("%s lacks `%s`; fix: give every port of the namespace's services a request", place, name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(targets)) {
			if err := r.addTarget(namespace, name, targets[name]); err != nil {
				return report.Bad("%s: `%s`: %v", place, name, err)
			}
		}
	}
	return nil
}

// asked is one caller of a target.
type asked struct {
	name    string
	allowed bool
	tries   []*try
	bare    []*try // without any policy
}

func (r *run) addTarget(namespace, name string, target calls.Target) error {
	asWritten, err := r.rig(nil, map[string]any{})
	if err != nil {
		return err
	}
	bare, err := r.bare()
	if err != nil {
		return err
	}
	service, port, _ := strings.Cut(name, ":")
	var all []asked
	accounts := asWritten.security.Accounts()
	allowed, err := r.allowed(namespace, target.Allowed, accounts)
	if err != nil {
		return err
	}
	ask := func(name string, attempt calls.Attempt, allowed bool) error {
		attempt.To = service + "." + namespace + ":" + port
		one := asked{name: name, allowed: allowed}
		var err error
		if one.tries, err = asWritten.plan(attempt); err != nil {
			return err
		}
		if !allowed && r.controlled {
			if one.bare, err = bare.plan(attempt); err != nil {
				return err
			}
		}
		all = append(all, one)
		return nil
	}
	for _, account := range accounts {
		if err := ask(account, target.Attempt(account), slices.Contains(allowed, account)); err != nil {
			return err
		}
		namesake := target.Attempt(account)
		namesake.TrustDomain = elsewhere
		if err := ask(account+" of another trust domain", namesake, false); err != nil {
			return err
		}
	}
	if err := ask(network.Outside, target.Attempt(network.Outside), slices.Contains(allowed, network.Outside)); err != nil {
		return err
	}
	r.checks = append(r.checks, func() report.Check {
		reasons := append(asWritten.deviations(all), bare.refusals()...)
		return report.NewCheck(fmt.Sprintf("policies %s.%s:%s is for its callers", service, namespace, port), reasons...)
	})
	return nil
}

// allowed gives the callers of a target in full.
func (r *run) allowed(namespace string, written, accounts []string) ([]string, error) {
	var allowed []string
	for _, account := range written {
		if account == "*" {
			allowed = append(allowed, accounts...)
			continue
		}
		if !strings.Contains(account, "/") && account != network.Outside {
			account = namespace + "/" + account
		}
		if !slices.Contains(accounts, account) && account != network.Outside {
			return nil, report.Bad("allows `%s`, which runs no pod", account)
		}
		allowed = append(allowed, account)
	}
	return allowed, nil
}

// bare is the set without any policy, and with certificates of that other trust domain believed.
func (r *run) bare() (*rig, error) {
	var without []string
	for _, object := range r.objects {
		if object.GVK().Group == "security.istio.io" {
			without = append(without, object.ID())
		}
	}
	rig, err := r.rig(without, map[string]any{})
	if err == nil && !slices.Contains(rig.security.Settings.Foreign, elsewhere) {
		rig.security.Settings.Foreign = append(rig.security.Settings.Foreign, elsewhere)
	}
	return rig, err
}

func (r *rig) deviations(all []asked) []string {
	if r.refusal != "" {
		return r.refusals()
	}
	var reasons []string
	for _, one := range all {
		for _, try := range one.tries {
			refused := slices.Contains([]string{calls.Denied, calls.PlaintextRefused, calls.CertificateRefused}, try.verdict.outcome)
			if served := try.verdict.outcome == calls.Served; served != one.allowed || refused == one.allowed {
				reasons = append(reasons, fmt.Sprintf("%s: allowed %t: %s", one.name, one.allowed, try.verdict))
			}
		}
		for _, try := range one.bare {
			if try.verdict.outcome != calls.Served {
				reasons = append(reasons, fmt.Sprintf("%s: is not served without policies either: %s", one.name, try.verdict))
			}
		}
	}
	return reasons
}
