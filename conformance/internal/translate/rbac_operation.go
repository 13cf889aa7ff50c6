package translate

import (
	"regexp"
	"strconv"
	"strings"

	security "istio.io/api/security/v1beta1"
)

// operation is what a call does; every part must hold.
func (r *ruleOf) operation(to *security.Operation) []object {
	parts := oneOf("or_rules", "rules", to.GetPorts(), to.GetNotPorts(), portMatch)
	add := func(values, others []string, match func(string) object) {
		parts = append(parts, r.ofHTTP(oneOf("or_rules", "rules", values, others, match))...)
	}
	add(to.GetHosts(), to.GetNotHosts(), func(value string) object {
		pattern := valueMatch(value)
		if pattern["safe_regex"] == nil {
			pattern["ignore_case"] = true
		}
		return header(":authority", pattern)
	})
	add(to.GetMethods(), to.GetNotMethods(), func(value string) object { return header(":method", valueMatch(value)) })
	add(to.GetPaths(), to.GetNotPaths(), pathMatch)
	return parts
}

// ofHTTP leaves out, on other connections, what only HTTP has.
func (r *ruleOf) ofHTTP(parts []object) []object {
	if r.http || len(parts) == 0 {
		return parts
	}
	r.dropped = true
	return nil
}

func portMatch(value string) object {
	number, _ := strconv.Atoi(value)
	return object{"destination_port": number}
}

func header(name string, pattern object) object {
	return object{"header": object{"name": name, "string_match": pattern}}
}

// pathMatch leaves the query out. In a template, {*} is one segment and {**} any number of them.
func pathMatch(value string) object {
	if strings.Contains(value, "{*}") || strings.Contains(value, "{**}") {
		template := strings.NewReplacer("{**}", "**", "{*}", "*").Replace(value)
		return object{"uri_template": object{
			"name":         "envoy.path.match.uri_template.uri_template_matcher",
			"typed_config": typed("extensions.path.match.uri_template.v3.UriTemplateMatchConfig", object{"path_template": template}),
		}}
	}
	return object{"url_path": object{"path": valueMatch(value)}}
}

// valueMatch reads a value of a policy: `*` is anything but nothing, a star at one end stands for whatever is there.
func valueMatch(value string) object {
	switch {
	case value == "*":
		return object{"safe_regex": object{"regex": ".+"}}
	case strings.HasPrefix(value, "*"):
		return object{"suffix": value[1:]}
	case strings.HasSuffix(value, "*"):
		return object{"prefix": strings.TrimSuffix(value, "*")}
	}
	return object{"exact": value}
}

// glob is a regular expression for a value in which a star stands for any characters of a kind.
func glob(value, any string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(value), `\*`, any)
}
