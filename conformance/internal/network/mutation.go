package network

import (
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/report"

	networkingv1 "k8s.io/api/networking/v1"
)

// mutant is a policy that lacks one thing it allowed.
type mutant struct {
	label  string
	policy networkingv1.NetworkPolicy
}

// mutants takes every rule away in turn, and every peer and port of a rule that has several.
func mutants(policy networkingv1.NetworkPolicy) []mutant {
	var all []mutant
	add := func(label string, change func(*networkingv1.NetworkPolicySpec)) {
		changed := *policy.DeepCopy()
		// The types are written out: without its last egress rule a policy would otherwise stop selecting egress.
		changed.Spec.PolicyTypes = types(policy)
		change(&changed.Spec)
		all = append(all, mutant{fmt.Sprintf("NetworkPolicy/%s/%s %s", policy.Namespace, policy.Name, label), changed})
	}
	for i, rule := range policy.Spec.Ingress {
		label := fmt.Sprintf("spec.ingress[%d]", i)
		add(label, func(s *networkingv1.NetworkPolicySpec) { s.Ingress = slices.Delete(s.Ingress, i, i+1) })
		each(len(rule.From), func(j int) {
			add(fmt.Sprintf("%s.from[%d]", label, j), func(s *networkingv1.NetworkPolicySpec) {
				s.Ingress[i].From = slices.Delete(s.Ingress[i].From, j, j+1)
			})
		})
		each(len(rule.Ports), func(j int) {
			add(fmt.Sprintf("%s.ports[%d]", label, j), func(s *networkingv1.NetworkPolicySpec) {
				s.Ingress[i].Ports = slices.Delete(s.Ingress[i].Ports, j, j+1)
			})
		})
	}
	for i, rule := range policy.Spec.Egress {
		label := fmt.Sprintf("spec.egress[%d]", i)
		add(label, func(s *networkingv1.NetworkPolicySpec) { s.Egress = slices.Delete(s.Egress, i, i+1) })
		each(len(rule.To), func(j int) {
			add(fmt.Sprintf("%s.to[%d]", label, j), func(s *networkingv1.NetworkPolicySpec) {
				s.Egress[i].To = slices.Delete(s.Egress[i].To, j, j+1)
			})
		})
		each(len(rule.Ports), func(j int) {
			add(fmt.Sprintf("%s.ports[%d]", label, j), func(s *networkingv1.NetworkPolicySpec) {
				s.Egress[i].Ports = slices.Delete(s.Egress[i].Ports, j, j+1)
			})
		})
	}
	return all
}

// each visits the entries of a list that has several; taking away the only one would open the rule instead.
func each(length int, visit func(int)) {
	if length < 2 {
		return
	}
	for index := range length {
		visit(index)
	}
}

// everyRuleMatters gives one check for each mutant of each policy: some call that connects must be cut by it.
func (l *lanes) everyRuleMatters(trials []trial, all, own []networkingv1.NetworkPolicy, progress func(string)) ([]report.Check, error) {
	connecting := where(trials, func(call Call) bool { return call.Expect == Connected })
	var found []mutant
	var experiments []experiment
	for _, policy := range own {
		for _, mutant := range mutants(policy) {
			found = append(found, mutant)
			experiments = append(experiments, experiment{policies: replaced(all, mutant.policy), trials: connecting, want: expected})
		}
	}
	outcomes, err := l.try(trials, experiments, func(index int) { progress("without " + found[index].label) })
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	for index, mutant := range found {
		check := report.NewCheck("network needs "+mutant.label, "without it every call still connects; fix: take it away, or add the call that it is for")
		for _, outcome := range outcomes[index] {
			if slices.Contains(outcome, Cut) {
				check = report.NewCheck(check.Name)
			}
		}
		checks = append(checks, check)
	}
	return checks, nil
}

func replaced(policies []networkingv1.NetworkPolicy, policy networkingv1.NetworkPolicy) []networkingv1.NetworkPolicy {
	changed := slices.Clone(policies)
	for index := range changed {
		if changed[index].Namespace == policy.Namespace && changed[index].Name == policy.Name {
			changed[index] = policy
		}
	}
	return changed
}
