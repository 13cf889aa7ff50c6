package translate

import (
	"fmt"

	"cdk8s-mesh/conformance/internal/mesh"

	security "istio.io/api/security/v1beta1"
)

// rules are the filters of the policies that hold for the pod, in the order in which Istio asks them.
func (g guard) rules(http bool) (list, error) {
	var filters list
	for _, step := range []struct {
		action       security.AuthorizationPolicy_Action
		name, shadow string
	}{
		{security.AuthorizationPolicy_AUDIT, "LOG", "dry_run_audit_"},
		{security.AuthorizationPolicy_DENY, "DENY", dryDeny},
		{security.AuthorizationPolicy_ALLOW, "ALLOW", dryAllow},
	} {
		var enforced, rehearsed []mesh.Policy
		for _, policy := range g.security.Policies(g.pod, step.action) {
			if policy.Rehearsed {
				rehearsed = append(rehearsed, policy)
			} else {
				enforced = append(enforced, policy)
			}
		}
		config := object{}
		for key, policies := range map[string][]mesh.Policy{"rules": enforced, "shadow_rules": rehearsed} {
			if len(policies) == 0 {
				continue
			}
			written, err := g.written(policies, http)
			if err != nil {
				return nil, err
			}
			config[key] = object{"action": step.name, "policies": written}
		}
		if len(config) == 0 {
			continue
		}
		config["shadow_rules_stat_prefix"] = step.shadow
		if http {
			filters = append(filters, object{"name": httpRBAC, "typed_config": typed("extensions.filters.http.rbac.v3.RBAC", config)})
		} else {
			config["stat_prefix"] = Inbound
			filters = append(filters, object{"name": networkRBAC, "typed_config": typed("extensions.filters.network.rbac.v3.RBAC", config)})
		}
	}
	return filters, nil
}

// Allowing names the ALLOW policies that are enforced on the pod of an end.
func Allowing(s *mesh.Security, end mesh.End) []string {
	var names []string
	for _, policy := range s.Policies(end.Pod, security.AuthorizationPolicy_ALLOW) {
		if !policy.Rehearsed {
			names = append(names, policy.Name)
		}
	}
	return names
}

// written gives each rule the name by which Envoy says in a call's details that it matched.
func (g guard) written(policies []mesh.Policy, http bool) (object, error) {
	written := object{}
	for _, policy := range policies {
		for index, rule := range policy.Spec.Rules {
			r := ruleOf{policy: policy, settings: g.security.Settings, field: fmt.Sprintf("spec.rules[%d]", index), http: http}
			compiled, err := r.compile(rule)
			if err != nil {
				return nil, err
			}
			if compiled != nil {
				written[fmt.Sprintf("ns[%s]-policy[%s]-rule[%d]", policy.Namespace, policy.Name, index)] = compiled
			}
		}
	}
	return written, nil
}

// ruleOf is one rule of a policy on its way into Envoy's terms.
type ruleOf struct {
	policy   mesh.Policy
	settings mesh.Settings
	field    string
	http     bool
	dropped  bool // something that only HTTP has was left out
}

// compile is nil for a rule that does not hold: on a connection that is not HTTP, what only HTTP has makes an ALLOW rule
// void, and is left out of every other, which then holds for more.
func (r *ruleOf) compile(rule *security.Rule) (object, error) {
	var sources, operations, principals, permissions []object
	for index, from := range rule.From {
		source, err := r.source(fmt.Sprintf("%s.from[%d].source", r.field, index), from.Source)
		if err != nil {
			return nil, err
		}
		sources = append(sources, allIDs(source))
	}
	for _, to := range rule.To {
		operations = append(operations, allRules(r.operation(to.Operation)))
	}
	for index, when := range rule.When {
		principal, permission, err := r.condition(fmt.Sprintf("%s.when[%d]", r.field, index), when)
		if err != nil {
			return nil, err
		}
		principals, permissions = append(principals, principal...), append(permissions, permission...)
	}
	if r.dropped && r.policy.Spec.Action == security.AuthorizationPolicy_ALLOW {
		return nil, nil
	}
	return object{
		"principals":  list{allIDs(append(anyOf("or_ids", "ids", sources), principals...))},
		"permissions": list{allRules(append(anyOf("or_rules", "rules", operations), permissions...))},
	}, nil
}

func allIDs(parts []object) object   { return joinedBy("and_ids", "ids", parts) }
func allRules(parts []object) object { return joinedBy("and_rules", "rules", parts) }

// joinedBy is anything where there is nothing to join.
func joinedBy(key, items string, parts []object) object {
	if len(parts) == 0 {
		return object{"any": true}
	}
	var all list
	for _, part := range parts {
		all = append(all, part)
	}
	return object{key: object{items: all}}
}

func anyOf(key, items string, parts []object) []object {
	if len(parts) == 0 {
		return nil
	}
	return []object{joinedBy(key, items, parts)}
}

// oneOf holds where one of the values does, and none of the others.
func oneOf(or, items string, values, others []string, match func(string) object) []object {
	several := func(values []string) []object {
		var parts []object
		for _, value := range values {
			parts = append(parts, match(value))
		}
		return anyOf(or, items, parts)
	}
	key := map[string]string{"or_ids": "not_id", "or_rules": "not_rule"}[or]
	parts := several(values)
	for _, not := range several(others) {
		parts = append(parts, object{key: not})
	}
	return parts
}
