package translate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/mesh"

	networking "istio.io/api/networking/v1alpha3"
)

type virtualService = *mesh.Resource[*networking.VirtualService]

// routes are those of a VirtualService in order: the first whose match holds is taken.
func (t *translation) routes(service virtualService, port mesh.Port) (list, error) {
	var written list
	for index, route := range service.Spec.Http {
		field := fmt.Sprintf("spec.http[%d]", index)
		common, err := t.route(service, field, route)
		if err != nil {
			return nil, err
		}
		matches := route.Match
		if len(matches) == 0 {
			matches = []*networking.HTTPMatchRequest{{}}
		}
		for _, match := range matches {
			if match.GetPort() != 0 && match.Port != port.Number ||
				!service.Matches(t.client, match.GetGateways(), match.GetSourceLabels(), match.GetSourceNamespace()) {
				continue
			}
			one := maps.Clone(common)
			one["match"] = routeMatch(match)
			written = append(written, one)
		}
	}
	return written, nil
}

// route is what a route does with a request, whichever match took it there.
func (t *translation) route(service virtualService, field string, route *networking.HTTPRoute) (object, error) {
	filters := object{}
	written := object{"typed_per_filter_config": filters}
	headers(written, route.Headers)
	if fault := route.Fault; fault != nil {
		filter, err := faultFilter(service, field, fault)
		if err != nil {
			return nil, err
		}
		filters["envoy.filters.http.fault"] = filter
	}
	if route.CorsPolicy != nil {
		filters["envoy.filters.http.cors"] = corsPolicy(route.CorsPolicy)
	}
	switch {
	case route.Redirect != nil:
		written["redirect"] = redirect(route.Redirect)
		return written, nil
	case route.DirectResponse != nil:
		answer := object{"status": route.DirectResponse.Status}
		if body := route.DirectResponse.GetBody().GetString_(); body != "" {
			answer["body"] = object{"inline_string": body}
		}
		written["direct_response"] = answer
		return written, nil
	}
	action := object{"timeout": "0s"}
	if route.Timeout != nil {
		action["timeout"] = seconds(route.Timeout)
	}
	if policy := retryPolicy(route.Retries); policy != nil {
		action["retry_policy"] = policy
	}
	rewrite(action, route.Rewrite)
	mirrors, err := t.mirrors(service, field, route)
	if err != nil {
		return nil, err
	}
	if mirrors != nil {
		action["request_mirror_policies"] = mirrors
	}
	written["route"] = action
	return written, t.destinations(service, field, route.Route, written, action)
}

// destinations puts one cluster, or several with weights, into the action.
func (t *translation) destinations(service virtualService, field string, to []*networking.HTTPRouteDestination, route, action object) error {
	if len(to) == 0 {
		return service.Bad(field, "leads nowhere; fix: give it route, redirect or directResponse")
	}
	var weighted, hashes list
	for index, destination := range to {
		name, err := t.destination(service, fmt.Sprintf("%s.route[%d].destination", field, index), destination.Destination)
		if err != nil {
			return err
		}
		for _, hash := range hashPolicy(t.policies[name]) {
			if len(hashes) == 0 {
				hashes = append(hashes, hash)
			}
		}
		if len(to) == 1 {
			action["cluster"] = name
			headers(route, destination.Headers)
			break
		}
		one := object{"name": name, "weight": destination.Weight}
		headers(one, destination.Headers)
		weighted = append(weighted, one)
	}
	if hashes != nil {
		action["hash_policy"] = hashes
	}
	if weighted != nil {
		action["weighted_clusters"] = object{"clusters": weighted}
	}
	return nil
}

// destination names the cluster that a destination leads to, and sees to it that it exists where Istio would make it.
func (t *translation) destination(service virtualService, field string, to *networking.Destination) (string, error) {
	host := t.mesh.Host(to.GetHost(), service.Namespace)
	if host == nil {
		return "outbound|" + fmt.Sprint(to.GetPort().GetNumber()) + "|" + to.GetSubset() + "|" + to.GetHost(), nil
	}
	number := to.GetPort().GetNumber()
	if number == 0 {
		if len(host.Ports) != 1 {
			return "", service.Bad(field, "names no port of `%s`, which has %d; this suite does not guess", host.Name, len(host.Ports))
		}
		number = host.Ports[0].Number
	}
	port, found := host.Port(number)
	if !found {
		return fmt.Sprintf("outbound|%d|%s|%s", number, to.GetSubset(), host.Name), nil
	}
	return clusterName(host, port, to.GetSubset()), t.reach(host, port)
}

func (t *translation) mirrors(service virtualService, field string, route *networking.HTTPRoute) (list, error) {
	copies := slices.Clone(route.Mirrors)
	if route.Mirror != nil {
		copies = append(copies, &networking.HTTPMirrorPolicy{Destination: route.Mirror, Percentage: route.MirrorPercentage})
	}
	var written list
	for index, mirror := range copies {
		name, err := t.destination(service, fmt.Sprintf("%s.mirrors[%d].destination", field, index), mirror.Destination)
		if err != nil {
			return nil, err
		}
		written = append(written, object{"cluster": name, "runtime_fraction": object{"default_value": percentage(mirror.Percentage)}})
	}
	return written, nil
}

func rewrite(action object, to *networking.HTTPRewrite) {
	if pattern := to.GetUriRegexRewrite(); pattern != nil {
		action["regex_rewrite"] = object{"pattern": object{"regex": pattern.Match}, "substitution": pattern.Rewrite}
	} else if to.GetUri() != "" {
		action["prefix_rewrite"] = to.Uri
	}
	if to.GetAuthority() != "" {
		action["host_rewrite_literal"] = to.Authority
	}
}

var redirectCodes = map[uint32]string{
	0: "MOVED_PERMANENTLY", 301: "MOVED_PERMANENTLY", 302: "FOUND", 303: "SEE_OTHER", 307: "TEMPORARY_REDIRECT", 308: "PERMANENT_REDIRECT",
}

func redirect(to *networking.HTTPRedirect) object {
	written := wanted("host_redirect", to.Authority, "scheme_redirect", to.Scheme, "port_redirect", to.GetPort(),
		"response_code", redirectCodes[to.RedirectCode])
	if prefix, isPrefix := strings.CutPrefix(to.Uri, "%PREFIX()%"); isPrefix {
		written["prefix_rewrite"] = prefix
	} else if to.Uri != "" {
		written["path_redirect"] = to.Uri
	}
	return written
}

// headers adds to a route, or to one of its clusters, what a VirtualService does to headers.
func headers(to object, change *networking.Headers) {
	for side, operations := range map[string]*networking.Headers_HeaderOperations{"request": change.GetRequest(), "response": change.GetResponse()} {
		added, _ := to[side+"_headers_to_add"].(list)
		for _, way := range []struct {
			action string
			values map[string]string
		}{{overwrite, operations.GetSet()}, {appendValue, operations.GetAdd()}} {
			for _, name := range slices.Sorted(maps.Keys(way.values)) {
				added = append(added, object{"header": object{"key": name, "value": way.values[name]}, "append_action": way.action})
			}
		}
		removed, _ := to[side+"_headers_to_remove"].(list)
		for _, name := range operations.GetRemove() {
			removed = append(removed, name)
		}
		maps.Copy(to, wanted(side+"_headers_to_add", added, side+"_headers_to_remove", removed))
	}
}
