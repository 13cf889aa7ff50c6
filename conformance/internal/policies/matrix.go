package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
)

const (
	elsewhere = "elsewhere.example" // a trust domain that nobody knows
	everybody = "*"                 // every account of the set
)

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
	believing, err := r.believing()
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
	ask := func(rig *rig, name string, attempt calls.Attempt, allowed bool) error {
		attempt.To = service + "." + namespace + ":" + port
		one := asked{name: name, allowed: allowed}
		var err error
		if one.tries, err = rig.plan(attempt); err != nil {
			return err
		}
		// Without policies, a gateway for the mesh takes no plain text either.
		gateway := slices.ContainsFunc(one.tries, func(try *try) bool { return asWritten.security.Servers(try.end) != nil })
		if !allowed && r.controlled && !(gateway && attempt.From == network.Outside) {
			if one.bare, err = bare.plan(attempt); err != nil {
				return err
			}
		}
		all = append(all, one)
		return nil
	}
	for _, account := range accounts {
		if err := ask(asWritten, account, target.Attempt(account), slices.Contains(allowed, account)); err != nil {
			return err
		}
		namesake := target.Attempt(account)
		namesake.TrustDomain = elsewhere
		if err := ask(asWritten, account+" of another trust domain", namesake, false); err != nil {
			return err
		}
		if slices.Contains(target.Allowed, everybody) {
			continue
		}
		if err := ask(believing, account+" of another trust domain that is believed", namesake, false); err != nil {
			return err
		}
	}
	if err := ask(asWritten, network.Outside, target.Attempt(network.Outside), slices.Contains(allowed, network.Outside)); err != nil {
		return err
	}
	r.checks = append(r.checks, func() report.Check {
		reasons := slices.Concat(asWritten.refusals(), believing.refusals(), bare.refusals())
		if reasons == nil {
			reasons = deviations(all)
		}
		return report.NewCheck(fmt.Sprintf("policies %s.%s:%s is for its callers", service, namespace, port), reasons...)
	})
	return nil
}

// allowed gives the callers of a target in full.
func (r *run) allowed(namespace string, written, accounts []string) ([]string, error) {
	var allowed []string
	for _, account := range written {
		if account == everybody {
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
	objects, err := manifests.Without(r.objects, without)
	if err != nil {
		return nil, err
	}
	return r.trusting("without policies", objects)
}

// believing is the set as written, where policies alone tell namesakes apart.
func (r *run) believing() (*rig, error) { return r.trusting("as written", r.objects) }

func (r *run) trusting(name string, objects []manifests.Object) (*rig, error) {
	if r.rigs[name] != nil {
		return r.rigs[name], nil
	}
	security, err := mesh.NewSecurity(objects)
	if err != nil {
		return nil, err
	}
	security.Settings.Foreign = append(security.Settings.Foreign, elsewhere)
	r.rigs[name] = &rig{world: r.world, security: security, objects: objects}
	return r.rigs[name], nil
}

func deviations(all []asked) []string {
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
