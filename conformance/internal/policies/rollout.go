package policies

import (
	"fmt"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
)

// Stage is one of a migration: everything that stands there.
type Stage struct {
	Name    string
	Objects []manifests.Object
}

// rollout plays the calls of a migration while some pods have their proxies already and others do not.
type rollout struct {
	world    *world
	calls    calls.Migration
	context  []manifests.Object
	variants map[string]*varied
	checks   []func() report.Check
}

// Rollout makes every call of a migration at each of its stages: by a caller without a proxy and by one with it, to pods
// without a proxy and to pods with it, in one Service.
func Rollout(binary, path string, stages []Stage, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	if err := proxy.Check(); err != nil {
		return nil, err
	}
	file, err := calls.Load(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, stage := range stages {
		names = append(names, stage.Name)
	}
	if err := file.Migration.Check(names); err != nil {
		return nil, err
	}
	world, err := newWorld(binary)
	if err != nil {
		return nil, err
	}
	defer world.close()
	r := &rollout{world: world, calls: file.Migration, context: context, variants: map[string]*varied{}}
	for index, stage := range stages {
		if err := r.add(stage, r.refusals(stage)); err != nil {
			return nil, err
		}
		if index == 0 {
			continue
		}
		mixtures, err := between(stages[index-1], stage)
		if err != nil {
			return nil, err
		}
		for _, mixture := range mixtures {
			if err := r.add(mixture, r.refusals(stages[index-1], stage)); err != nil {
				return nil, err
			}
		}
	}
	rigs := map[string]*rig{}
	for key, one := range r.variants {
		rigs[key] = one.rig
	}
	if err := runRigs(rigs, progress); err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, check := range r.checks {
		checks = append(checks, check())
	}
	return checks, nil
}

// refusals gives what may come of an old pod's call to a new one: what comes of it at one of the stages.
func (r *rollout) refusals(stages ...Stage) func(to string) []string {
	return func(to string) []string {
		var outcomes []string
		for _, stage := range stages {
			outcome := calls.Served
			if slices.Contains(r.calls.Refuses[stage.Name], to) {
				outcome = calls.PlaintextRefused
			}
			if !slices.Contains(outcomes, outcome) {
				outcomes = append(outcomes, outcome)
			}
		}
		return outcomes
	}
}

// add plans the calls of a stage as it is, and under what must change how they come out.
func (r *rollout) add(stage Stage, expected func(to string) []string) error {
	asWritten, err := r.variant(stage, asItIs)
	if err != nil {
		return err
	}
	controls := map[variant]*played{}
	for _, call := range r.calls.Calls {
		made, err := asWritten.plan(call)
		if err != nil {
			return report.Bad("`%s`: at `%s`: %v", call.Place, stage.Name, err)
		}
		for _, name := range []variant{refusing, serving, encrypting} {
			set, err := r.variant(stage, name)
			if err != nil {
				return err
			}
			if controls[name], err = set.plan(call); err != nil {
				return report.Bad("`%s`: at `%s`: %v", call.Place, stage.Name, err)
			}
		}
		outcomes := expected(call.To)
		refuse, serve, encrypt := controls[refusing], controls[serving], controls[encrypting]
		r.checks = append(r.checks, func() report.Check {
			reasons := made.against(outcomes)
			if slices.Contains(outcomes, calls.PlaintextRefused) {
				reasons = append(reasons, serve.flips("without PeerAuthentications", calls.Served)...)
			}
			if slices.Contains(outcomes, calls.Served) {
				reasons = append(reasons, refuse.flips("where the whole mesh is STRICT", calls.PlaintextRefused)...)
			}
			return report.NewCheck(fmt.Sprintf("migration %s: %s -> %s", stage.Name, call.From, call.To), append(reasons, encrypt.cutOff()...)...)
		})
	}
	return nil
}

// played is one call, as each kind of pods makes and takes it.
type played struct {
	rig      *rig
	oldToOld []*try
	oldToNew []*try
	newToAny *passage // none where the caller never gets a proxy
}

// against gives the reasons why a call did not fare as it must, where that of an old pod to a new one may come out in some ways.
func (p *played) against(expected []string) []string {
	if p.rig.refusal != "" {
		return p.rig.refusals()
	}
	reasons := append(outcomes("an old pod to an old one", p.oldToOld, calls.Served), outcomes("an old pod to a new one", p.oldToNew, expected...)...)
	if p.newToAny == nil {
		return reasons
	}
	answered := p.newToAny.by
	if answered[withoutProxy]+answered[behindProxy] != passages {
		reasons = append(reasons, fmt.Sprintf("a new pod to any: %v of %d are answered: %s", answered, passages, p.newToAny.failure))
	}
	if answered[withoutProxy] == 0 || len(p.oldToNew) > 0 && answered[behindProxy] == 0 {
		reasons = append(reasons, fmt.Sprintf("a new pod to any: not every kind of pods answers: %v", answered))
	}
	if p.newToAny.unknown > 0 {
		reasons = append(reasons, fmt.Sprintf("a new pod to a new one: %d requests do not say by certificate who calls", p.newToAny.unknown))
	}
	return reasons
}

func outcomes(who string, tries []*try, expected ...string) []string {
	var reasons []string
	for _, one := range tries {
		if !slices.Contains(expected, one.verdict.outcome) {
			reasons = append(reasons, fmt.Sprintf("%s: expected %s, got %s", who, strings.Join(expected, " or "), one.verdict))
		}
	}
	return reasons
}

// flips gives the reasons why a control shows nothing: an old pod to a new one must fare the other way in it.
func (p *played) flips(where, expected string) []string {
	if p.rig.refusal != "" {
		return p.rig.refusals()
	}
	return outcomes("the control, "+where+": an old pod to a new one", p.oldToNew, expected)
}

// cutOff gives the reasons why the control shows nothing in which callers encrypt for everybody: old pods cannot answer then.
func (p *played) cutOff() []string {
	if p.rig.refusal != "" {
		return p.rig.refusals()
	}
	if p.newToAny == nil || p.newToAny.by[withoutProxy] == 0 && p.newToAny.by[behindProxy] > 0 {
		return nil
	}
	return []string{fmt.Sprintf("the control, with DestinationRules that say ISTIO_MUTUAL: not the new pods alone answer: %v", p.newToAny.by)}
}

// oldAndNew says of a callee's workload that it has one pod of each kind.
const oldAndNew = 2

func isOld(pod *network.Pod) bool { return pod.Name == pod.Workload+"-0" }
