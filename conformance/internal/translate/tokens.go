package translate

import (
	"fmt"
	"slices"

	security "istio.io/api/security/v1beta1"
)

// Tokens are what a proxy checks of the tokens of requests, and with which keys.
type Tokens struct {
	Rules  []*security.JWTRule
	KeySet func(issuer string) (string, error)
}

// filter checks tokens; one that is missing passes it. Afterwards a route is looked for again, which may go by claims.
func (t Tokens) filter() (list, error) {
	if len(t.Rules) == 0 {
		return nil, nil
	}
	providers, accepted := object{}, list{}
	for index, rule := range t.Rules {
		keys, err := t.KeySet(rule.Issuer)
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
		provider["clear_route_cache"] = true
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
