package translate

import (
	"fmt"
	"slices"
)

// tokens is the filter that checks tokens; one that is missing passes it.
func (g guard) tokens() (list, error) {
	rules := g.security.TokenRules(g.pod)
	if len(rules) == 0 {
		return nil, nil
	}
	providers, accepted := object{}, list{}
	for index, rule := range rules {
		keys, err := g.identity.KeySet(rule.Issuer)
		if err != nil {
			return nil, err
		}
		var headers list
		for _, header := range rule.FromHeaders {
			headers = append(headers, wanted("name", header.Name, "value_prefix", header.Prefix))
		}
		// These two claims are lists with spaces between, as OAuth writes them.
		delimited := append(slices.Clone(rule.SpaceDelimitedClaims), "scope", "permission")
		provider := wanted("issuer", rule.Issuer, "audiences", rule.Audiences, "from_headers", headers, "from_params", rule.FromParams,
			"from_cookies", rule.FromCookies, "forward", rule.ForwardOriginalToken)
		provider["local_jwks"] = inline(keys)
		provider["payload_in_metadata"] = payload
		provider["normalize_payload_in_metadata"] = object{"space_delimited_claims": delimited}
		name := fmt.Sprintf("origins-%d", index)
		providers[name] = provider
		accepted = append(accepted, object{"provider_name": name})
	}
	accepted = append(accepted, object{"allow_missing": object{}})
	return list{object{"name": tokenFilter, "typed_config": typed("extensions.filters.http.jwt_authn.v3.JwtAuthentication", object{
		"providers": providers, "bypass_cors_preflight": true,
		"rules": list{object{"match": object{"prefix": "/"}, "requires": object{"requires_any": object{"requirements": accepted}}}},
	})}}, nil
}
