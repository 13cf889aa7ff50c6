package translate

import (
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// routeMatch is one match of a VirtualService, whose fields must all hold. A prefix is one of the raw path.
func routeMatch(match *networking.HTTPMatchRequest) object {
	written := object{}
	switch uri := match.GetUri().GetMatchType().(type) {
	case *networking.StringMatch_Exact:
		written["path"] = uri.Exact
	case *networking.StringMatch_Prefix:
		written["prefix"] = uri.Prefix
	case *networking.StringMatch_Regex:
		written["safe_regex"] = object{"regex": uri.Regex}
	default:
		written["prefix"] = "/"
	}
	if match.GetIgnoreUriCase() {
		written["case_sensitive"] = false
	}
	var headers list
	for _, pseudo := range []struct {
		name  string
		value *networking.StringMatch
	}{{":method", match.GetMethod()}, {":authority", match.GetAuthority()}, {":scheme", match.GetScheme()}} {
		if pseudo.value != nil {
			headers = append(headers, headerMatch(pseudo.name, pseudo.value))
		}
	}
	var claims list
	for _, name := range slices.Sorted(maps.Keys(match.GetHeaders())) {
		if path := claimPath(name); path != nil {
			claims = append(claims, claimMatch(path, match.Headers[name]))
			continue
		}
		headers = append(headers, headerMatch(name, match.Headers[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(match.GetWithoutHeaders())) {
		if path := claimPath(name); path != nil {
			claim := claimMatch(path, match.WithoutHeaders[name])
			claim["invert"] = true
			claims = append(claims, claim)
			continue
		}
		header := headerMatch(name, match.WithoutHeaders[name])
		header["invert_match"] = true
		if header["present_match"] == nil {
			header["treat_missing_header_as_empty"] = true
		}
		headers = append(headers, header)
	}
	var parameters list
	for _, name := range slices.Sorted(maps.Keys(match.GetQueryParams())) {
		parameter := object{"name": name}
		if pattern := stringMatch(match.QueryParams[name]); pattern != nil {
			parameter["string_match"] = pattern
		} else {
			parameter["present_match"] = true
		}
		parameters = append(parameters, parameter)
	}
	maps.Copy(written, wanted("headers", headers, "query_parameters", parameters, "dynamic_metadata", claims))
	return written
}

const claimPrefix = "@request.auth.claims"

// claimPath reads a name that is no header's: a claim by the names on the way to it, each in brackets or after a dot.
func claimPath(name string) []string {
	rest, found := strings.CutPrefix(name, claimPrefix)
	switch {
	case !found || len(rest) < 2:
		return nil
	case rest[0] == '.':
		return strings.Split(rest[1:], ".")
	case rest[0] == '[' && strings.HasSuffix(rest, "]"):
		return strings.Split(rest[1:len(rest)-1], "][")
	}
	return nil
}

// claimMatch compares a claim of a checked token that is one value, or a list that has it.
func claimMatch(path []string, value *networking.StringMatch) object {
	steps := list{object{"key": payload}}
	for _, step := range path {
		steps = append(steps, object{"key": step})
	}
	one := object{"string_match": stringMatch(value)}
	return object{"filter": tokenFilter, "path": steps, "value": object{"or_match": object{"value_matchers": list{
		one, object{"list_match": object{"one_of": one}},
	}}}}
}

func headerMatch(name string, value *networking.StringMatch) object {
	if pattern := stringMatch(value); pattern != nil {
		return object{"name": name, "string_match": pattern}
	}
	return object{"name": name, "present_match": true}
}

// stringMatch is nil for a match without a value, which asks only for presence.
func stringMatch(match *networking.StringMatch) object {
	switch value := match.GetMatchType().(type) {
	case *networking.StringMatch_Exact:
		return object{"exact": value.Exact}
	case *networking.StringMatch_Prefix:
		return object{"prefix": value.Prefix}
	case *networking.StringMatch_Regex:
		return object{"safe_regex": object{"regex": value.Regex}}
	}
	return nil
}
