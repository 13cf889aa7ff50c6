package network

import (
	"fmt"
	"slices"
	"sync"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	networkingv1 "k8s.io/api/networking/v1"
)

// atOnce bounds the connections that are open together; most of them wait for an answer that must not come.
const atOnce = 64

// trial is a call that is ready to be made.
type trial struct {
	call   Call
	caller *Pod
	target target
}

// Run makes the calls of a file, each also against its negative control. Progress goes to the given function.
// Rules of the policies in own must matter where the file says so; those of the context belong to somebody else.
func Run(file string, own, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	if err := checkHost(); err != nil {
		return nil, err
	}
	objects := slices.Concat(own, context)
	system, err := NewSystem(objects)
	if err != nil {
		return nil, err
	}
	if err := system.checkSupported(); err != nil {
		return nil, err
	}
	calls, err := LoadCalls(file, system)
	if err != nil {
		return nil, err
	}
	trials, listeners, err := prepare(system, calls.Calls)
	if err != nil {
		return nil, err
	}
	changes, err := controls(objects, system.Policies, trials)
	if err != nil {
		return nil, err
	}
	laid, err := newCluster(system, listeners)
	if err != nil {
		return nil, err
	}
	defer laid.close()

	progress(fmt.Sprintf("%d calls between %d pods", len(trials), len(system.Pods)))
	checks, err := laid.verdicts(trials, changes)
	if err != nil || !calls.EveryRuleMatters {
		return checks, err
	}
	// What a policy's rule is needed for can only be told on a system where every call does what it should.
	if _, failed := report.Count(checks); failed > 0 {
		return append(checks, report.NewCheck("every rule matters", "not tried, because calls above failed")), nil
	}
	owned, err := NewSystem(own)
	if err != nil {
		return nil, err
	}
	needed, err := laid.everyRuleMatters(trials, owned.Policies, progress)
	return append(checks, needed...), err
}

func prepare(system *System, calls []Call) ([]trial, []listener, error) {
	var trials []trial
	var listeners []listener
	for _, call := range calls {
		caller, err := system.caller(call)
		if err != nil {
			return nil, nil, err
		}
		found, err := system.target(call)
		if err != nil {
			return nil, nil, err
		}
		trials = append(trials, trial{call, caller, found})
		listeners = append(listeners, found.listen...)
	}
	return trials, listeners, nil
}

func (c *cluster) verdicts(trials []trial, controls []control) ([]report.Check, error) {
	everything := make([]int, len(trials))
	for index := range trials {
		everything[index] = index
	}
	outcomes, err := c.try(trials, everything, c.system.Policies)
	if err != nil {
		return nil, err
	}
	reasons := make([][]string, len(trials))
	for index, trial := range trials {
		if outcomes[index] != trial.call.Expect {
			reasons[index] = append(reasons[index], fmt.Sprintf("expected %s, got %s", trial.call.Expect, outcomes[index]))
		}
	}
	for _, control := range controls {
		outcomes, err := c.try(trials, control.trials, control.policies)
		if err != nil {
			return nil, err
		}
		for _, index := range control.trials {
			if want := control.want(trials[index].call); outcomes[index] != want {
				reasons[index] = append(reasons[index], fmt.Sprintf("%s it must be %s, got %s", control.label, want, outcomes[index]))
			}
		}
	}
	var checks []report.Check
	for index, trial := range trials {
		name := fmt.Sprintf("network %s (%s): %s", trial.call.Name, trial.call.Protocol, trial.call.Expect)
		checks = append(checks, report.NewCheck(name, reasons[index]...))
	}
	return checks, nil
}

// try makes some of the calls at once under the given policies, and gives the outcome of each by its index.
func (c *cluster) try(trials []trial, indices []int, policies []networkingv1.NetworkPolicy) (map[int]string, error) {
	outcomes := map[int]string{}
	if len(indices) == 0 {
		return outcomes, nil
	}
	if err := c.enforce(policies); err != nil {
		return nil, err
	}
	var lock sync.Mutex
	var failure error
	var running sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for _, index := range indices {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			outcome, err := c.attempt(trials[index])
			lock.Lock()
			defer lock.Unlock()
			outcomes[index] = outcome
			if err != nil {
				failure = err
			}
		})
	}
	running.Wait()
	return outcomes, failure
}

func (c *cluster) attempt(t trial) (string, error) {
	answer, outcome, err := c.from(t.caller).dial(t.target.address, t.call.Protocol)
	if outcome == Connected && !slices.Contains(t.target.answers, answer) {
		outcome = fmt.Sprintf("an answer of `%s`", answer)
	}
	return outcome, err
}
