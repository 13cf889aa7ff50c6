// Package policies makes calls to the proxies of callees, as callers with identities of their own or with none, and holds
// what comes of them against what a call file expects.
package policies

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/identity"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
)

// abreast is how many Envoys run at a time; most of the time they start.
const abreast = 4

// Accepts is the check that Envoy reads the policies of every callee of the set.
const Accepts = "policies: envoy accepts the proxies of all callees"

// run is one call file on one set of manifests.
type run struct {
	world   *world
	objects []manifests.Object
	rigs    map[string]*rig
	checks  []func() report.Check
	// controlled is whether everything is tried without what makes it come out as it does, too.
	controlled bool
}

// Run makes the calls of a call file, and each also against its negative control.
func Run(binary, path string, own, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	return tried(binary, path, own, context, true, progress)
}

// Verdicts makes the calls of a call file without their controls, and not those that change the manifests first.
func Verdicts(binary, path string, own, context []manifests.Object) ([]report.Check, error) {
	return tried(binary, path, own, context, false, func(string) {})
}

func tried(binary, path string, own, context []manifests.Object, controlled bool, progress func(string)) ([]report.Check, error) {
	if err := proxy.Check(); err != nil {
		return nil, err
	}
	file, err := calls.Load(path)
	if err != nil {
		return nil, err
	}
	if file.Policies.Empty() {
		return nil, report.Bad("`%s` has no `policies`; fix: give it some, or run `network` or `routes`", path)
	}
	world, err := newWorld(binary)
	if err != nil {
		return nil, err
	}
	defer world.close()
	r := &run{world: world, objects: slices.Concat(own, context), rigs: map[string]*rig{}, controlled: controlled}
	if err := r.everywhere(own); err != nil {
		return nil, err
	}
	for _, call := range file.Policies.Calls {
		if !controlled && call.Given != nil {
			continue
		}
		if err := r.add(call); err != nil {
			return nil, report.Bad("`%s`: call `%s`: %v", call.Place, call.Name, err)
		}
	}
	if err := r.addMatrix(file.Policies); err != nil {
		return nil, err
	}
	if err := runRigs(r.rigs, progress); err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, check := range r.checks {
		checks = append(checks, check())
	}
	return checks, nil
}

func newWorld(binary string) (*world, error) {
	authority, err := identity.NewAuthority()
	if err != nil {
		return nil, err
	}
	stranger, err := identity.NewAuthority()
	if err != nil {
		return nil, err
	}
	issuers, err := identity.NewIssuers()
	if err != nil {
		return nil, err
	}
	guarded, err := newApplication(behindProxy)
	if err != nil {
		return nil, err
	}
	bare, err := newApplication(withoutProxy)
	return &world{binary, authority, stranger, issuers, guarded, bare}, err
}

func (w *world) close() {
	w.application.close()
	w.bare.close()
}

// rig gives the one for a change of the manifests; equal changes share it.
func (r *run) rig(without []string, instead map[string]any) (*rig, error) {
	key, err := json.Marshal([]any{slices.Sorted(slices.Values(without)), instead})
	if err != nil {
		return nil, err
	}
	if r.rigs[string(key)] != nil {
		return r.rigs[string(key)], nil
	}
	changed, err := manifests.Change(r.objects, without, instead)
	if err != nil {
		return nil, err
	}
	security, err := mesh.NewSecurity(changed)
	if err != nil {
		return nil, err
	}
	r.rigs[string(key)] = &rig{world: r.world, security: security, objects: changed}
	return r.rigs[string(key)], nil
}

// everywhere lets Envoy read the policies of every callee of the set, also of those that nobody calls.
func (r *run) everywhere(own []manifests.Object) error {
	asWritten, err := r.rig(nil, map[string]any{})
	if err != nil {
		return err
	}
	for _, end := range asWritten.security.Everywhere(own) {
		if !asWritten.security.Bypassed(end) {
			asWritten.guarded = append(asWritten.guarded, end)
		}
	}
	r.checks = append(r.checks, func() report.Check { return report.NewCheck(Accepts, asWritten.refusals()...) })
	return nil
}

func runRigs(rigs map[string]*rig, progress func(string)) error {
	var group sync.WaitGroup
	queue := make(chan *rig)
	failures := make(chan error, len(rigs))
	for range abreast {
		group.Go(func() {
			for rig := range queue {
				if err := rig.run(); err != nil {
					failures <- err
				}
			}
		})
	}
	done := 0
	for _, rig := range rigs {
		if len(rig.guarded)+len(rig.tries) == 0 {
			continue
		}
		done++
		progress(fmt.Sprintf("policies: %d of %d sets of proxies", done, len(rigs)))
		queue <- rig
	}
	close(queue)
	group.Wait()
	close(failures)
	return <-failures
}
