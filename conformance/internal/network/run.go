package network

import (
	"fmt"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
)

// EveryRuleMatters names the one check that stands for all rules where they could not be tried.
const EveryRuleMatters = "network needs every rule"

// trial is a call that is ready to be made: from every pod of the caller to every end of the target.
type trial struct {
	call    Call
	callers []*Pod
	target  target
}

// Run makes the calls of a file, each also against its negative control. Progress goes to the given function.
// Rules of the policies in own must matter where the file says so; those of the context belong to somebody else.
func Run(path string, own, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	if err := CheckHost(); err != nil {
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
	file, made, err := loadCalls(path, system)
	if err != nil {
		return nil, err
	}
	trials, listeners, err := prepare(system, made)
	if err != nil {
		return nil, err
	}
	changes, err := controls(objects, system.Policies, trials)
	if err != nil {
		return nil, err
	}
	progress(fmt.Sprintf("laying cables between %d pods", len(system.Pods)))
	lanes, err := newLanes(system, listeners)
	if err != nil {
		return nil, err
	}
	defer lanes.close()

	checks, err := lanes.verdicts(trials, slices.Insert(changes, 0, asWritten(system, trials)), progress)
	if err != nil || !file.EveryRuleMatters {
		return checks, err
	}
	// What a policy's rule is needed for can only be told on a system where every call does what it should.
	if _, failed := report.Count(checks); failed > 0 {
		return append(checks, report.NewCheck(EveryRuleMatters, "not tried, because calls above failed")), nil
	}
	owned, err := NewSystem(own)
	if err != nil {
		return nil, err
	}
	needed, err := lanes.everyRuleMatters(trials, system.Policies, owned.Policies, progress)
	return append(checks, needed...), err
}

func prepare(system *System, calls []Call) ([]trial, []listener, error) {
	var trials []trial
	var listeners []listener
	for _, call := range calls {
		callers, err := system.callers(call)
		if err != nil {
			return nil, nil, err
		}
		found, err := system.target(call)
		if err != nil {
			return nil, nil, err
		}
		trials = append(trials, trial{call, callers, found})
		listeners = append(listeners, found.listen...)
	}
	return trials, listeners, nil
}

// asWritten makes every call under the policies of the set.
func asWritten(system *System, trials []trial) control {
	return control{"", experiment{
		policies: system.Policies,
		trials:   where(trials, func(Call) bool { return true }),
		want:     expected,
	}}
}

// verdicts gives one check for each trial: under every control it must come to what the control wants.
func (l *lanes) verdicts(trials []trial, controls []control, progress func(string)) ([]report.Check, error) {
	var experiments []experiment
	for _, control := range controls {
		experiments = append(experiments, control.experiment)
	}
	outcomes, err := l.try(trials, experiments, func(index int) {
		progress(strings.TrimSpace(fmt.Sprintf("%d calls %s", len(experiments[index].trials), controls[index].label)))
	})
	if err != nil {
		return nil, err
	}
	reasons := make([][]string, len(trials))
	for number, control := range controls {
		for _, index := range control.trials {
			want, got := control.want(trials[index].call), summary(outcomes[number][index])
			if got != want {
				reasons[index] = append(reasons[index], strings.TrimSpace(fmt.Sprintf("%s expected %s, got %s", control.label, want, got)))
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

// summary is the one thing that every connection came to, or how many came to what.
func summary(outcomes []string) string {
	counts := map[string]int{}
	for _, outcome := range outcomes {
		counts[outcome]++
	}
	if len(counts) == 1 {
		return outcomes[0]
	}
	var parts []string
	for outcome, count := range counts {
		parts = append(parts, fmt.Sprintf("%s %d times", outcome, count))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
