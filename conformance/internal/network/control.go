package network

import (
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	networkingv1 "k8s.io/api/networking/v1"
)

// control is an experiment that shows why the calls come out as they do; the label says what it changes.
type control struct {
	label string
	experiment
}

// controls gives every control of a run.
func controls(objects []manifests.Object, policies []networkingv1.NetworkPolicy, trials []trial) ([]control, error) {
	named, err := withoutObjects(objects, trials)
	if err != nil {
		return nil, err
	}
	// Without any policy a call that is cut must connect, so that a callee that is merely dead cannot pass for protected.
	all := []control{{"without any NetworkPolicy", experiment{
		trials: where(trials, func(call Call) bool { return call.Expect == Cut }),
		want:   flipped,
	}}}
	for _, side := range []networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress} {
		all = append(all, control{fmt.Sprintf("with only the %s side of the policies", side), experiment{
			policies: oneSide(policies, side),
			trials:   where(trials, func(call Call) bool { return call.bothSides }),
			want:     expected,
		}})
	}
	return append(all, named...), nil
}

// withoutObjects gives one control for each set of objects that calls want left out.
func withoutObjects(objects []manifests.Object, trials []trial) ([]control, error) {
	var all []control
	for index, trial := range trials {
		if len(trial.call.Without) == 0 {
			continue
		}
		label := fmt.Sprintf("without %v", trial.call.Without)
		if at := slices.IndexFunc(all, func(c control) bool { return c.label == label }); at >= 0 {
			all[at].trials = append(all[at].trials, index)
			continue
		}
		left, err := manifests.Without(objects, trial.call.Without)
		if err != nil {
			return nil, report.Bad("call `%s`: %v", trial.call.Name, err)
		}
		system, err := NewSystem(left)
		if err != nil {
			return nil, err
		}
		all = append(all, control{label, experiment{policies: system.Policies, trials: []int{index}, want: flipped}})
	}
	return all, nil
}

func where(trials []trial, holds func(Call) bool) []int {
	var indices []int
	for index, trial := range trials {
		if holds(trial.call) {
			indices = append(indices, index)
		}
	}
	return indices
}

func expected(call Call) string { return call.Expect }

func flipped(call Call) string {
	if call.Expect == Cut {
		return Connected
	}
	return Cut
}

// oneSide keeps only what the policies say of one direction.
func oneSide(policies []networkingv1.NetworkPolicy, side networkingv1.PolicyType) []networkingv1.NetworkPolicy {
	var kept []networkingv1.NetworkPolicy
	for _, policy := range policies {
		if slices.Contains(types(policy), side) {
			changed := *policy.DeepCopy()
			changed.Spec.PolicyTypes = []networkingv1.PolicyType{side}
			kept = append(kept, changed)
		}
	}
	return kept
}
