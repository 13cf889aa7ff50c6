package translate

import (
	"regexp"
	"strings"

	security "istio.io/api/security/v1beta1"
)

var (
	headerKey = regexp.MustCompile(`^request\.headers\[([^\]]+)\]$`)
	claimKey  = regexp.MustCompile(`^request\.auth\.claims((?:\[[^\]]+\])+)$`)
)

// condition is one part about the caller, or one about the call.
func (r *ruleOf) condition(field string, when *security.Condition) (principal, permission []object, err error) {
	ids := func(match func(string) object) []object {
		return oneOf("or_ids", "ids", when.Values, when.NotValues, match)
	}
	permissions := func(match func(string) object) []object {
		return oneOf("or_rules", "rules", when.Values, when.NotValues, match)
	}
	if match := headerKey.FindStringSubmatch(when.Key); match != nil {
		return r.ofHTTP(ids(func(value string) object { return header(strings.ToLower(match[1]), valueMatch(value)) })), nil, nil
	}
	if match := claimKey.FindStringSubmatch(when.Key); match != nil {
		path := strings.Split(strings.Trim(match[1], "[]"), "][")
		return r.ofHTTP(ids(func(value string) object { return claim(path, value) })), nil, nil
	}
	switch when.Key {
	case "source.principal":
		return oneOf("or_ids", "ids", r.local(when.Values), r.local(when.NotValues), principalMatch), nil, nil
	case "source.namespace":
		return ids(namespaceMatch), nil, nil
	case "request.auth.principal":
		return r.ofHTTP(ids(requestPrincipal)), nil, nil
	case "request.auth.audiences":
		return r.ofHTTP(ids(func(value string) object { return claim([]string{"aud"}, value) })), nil, nil
	case "request.auth.presenter":
		return r.ofHTTP(ids(func(value string) object { return claim([]string{"azp"}, value) })), nil, nil
	case "destination.port":
		return nil, permissions(portMatch), nil
	case "connection.sni":
		return nil, permissions(func(value string) object { return object{"requested_server_name": valueMatch(value)} }), nil
	}
	return nil, nil, r.policy.Bad(field+".key", "is `%s`, which is not carried into Envoy's configuration by this suite; fix: extend internal/translate, or leave it out of what is tried", when.Key)
}
