package policies

import (
	"fmt"
	"maps"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/report"
)

func (r *rig) refusals() []string {
	if r.refusal == "" {
		return nil
	}
	return []string{r.refusal}
}

func (r *run) add(call calls.Policy) error {
	asWritten, err := r.rig(nil, orEmpty(call.Given))
	if err != nil {
		return err
	}
	tries, err := asWritten.plan(call.Attempt)
	if err != nil {
		return err
	}
	var controlled *rig
	var control []*try
	if r.controlled {
		if controlled, control, err = r.control(call); err != nil {
			return err
		}
	}
	r.checks = append(r.checks, func() report.Check {
		check := report.NewCheck("policies "+call.Name, asWritten.reasons(call, tries)...)
		if !r.controlled {
			return check
		}
		flipped, reasons := controlled.flipped(call, control)
		check = report.NewCheck(check.Name, append(check.Reasons, reasons...)...)
		check.Control = flipped
		return check
	})
	return nil
}

// control is the same call under other manifests, or another call.
func (r *run) control(call calls.Policy) (*rig, []*try, error) {
	instead := maps.Clone(orEmpty(call.Given))
	maps.Copy(instead, call.Instead)
	rig, err := r.rig(call.Without, instead)
	if err != nil {
		return nil, nil, err
	}
	attempt, err := call.Attempt.Changed(call.Unlike)
	if err != nil {
		return nil, nil, err
	}
	tries, err := rig.plan(attempt)
	return rig, tries, err
}

// flipped says how the control came out otherwise, and what is wrong with it. One that fails for another reason shows nothing.
func (r *rig) flipped(call calls.Policy, control []*try) (flipped, reasons []string) {
	if r.refusal != "" {
		return nil, []string{"the control: " + r.refusal}
	}
	for _, one := range control {
		if !calls.Known(one.verdict.outcome) {
			reasons = append(reasons, "the control is neither served nor refused: "+one.verdict.String())
		}
		flipped = append(flipped, one.verdict.against(call)...)
	}
	if len(flipped) == 0 {
		reasons = append(reasons, "the control comes out the same")
	}
	return flipped, reasons
}

func orEmpty(values map[string]any) map[string]any {
	if values == nil {
		return map[string]any{}
	}
	return values
}

func (r *rig) reasons(call calls.Policy, tries []*try) []string {
	if r.refusal != "" {
		return r.refusals()
	}
	var reasons []string
	for _, one := range tries {
		for _, reason := range one.verdict.against(call) {
			reasons = append(reasons, fmt.Sprintf("%s/%s:%d: %s", one.end.Pod.Namespace, one.end.Pod.Workload, one.end.Port, reason))
		}
	}
	return reasons
}
