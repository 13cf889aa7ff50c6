package mesh

import (
	"fmt"
	"regexp"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"

	networking "istio.io/api/networking/v1alpha3"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
)

// matched gives the matches of Istio's that stand for one of Gateway API, and a name that sorts by how early it is tried. A prefix
// there is one of whole segments.
func matched(match gateway.HTTPRouteMatch) (matches []*networking.HTTPMatchRequest, precedence string) {
	common := func() *networking.HTTPMatchRequest {
		one := &networking.HTTPMatchRequest{}
		if match.Method != nil {
			one.Method = exactly(string(*match.Method))
		}
		for _, header := range match.Headers {
			if one.Headers == nil {
				one.Headers = map[string]*networking.StringMatch{}
			}
			one.Headers[strings.ToLower(string(header.Name))] = valued(header.Type != nil && *header.Type == gateway.HeaderMatchRegularExpression, header.Value)
		}
		for _, query := range match.QueryParams {
			if one.QueryParams == nil {
				one.QueryParams = map[string]*networking.StringMatch{}
			}
			one.QueryParams[string(query.Name)] = valued(query.Type != nil && *query.Type == gateway.QueryParamMatchRegularExpression, query.Value)
		}
		return one
	}
	kind, value := pathOf(match.Path)
	add := func(uri *networking.StringMatch) {
		one := common()
		one.Uri = uri
		matches = append(matches, one)
	}
	rank := 0
	switch {
	case kind == gateway.PathMatchExact:
		rank = 2
		add(exactly(value))
	case kind == gateway.PathMatchRegularExpression:
		rank = 1
		add(valued(true, value))
	case strings.Trim(value, "/") == "":
		add(nil)
	default:
		value = strings.TrimSuffix(value, "/")
		add(exactly(value))
		add(&networking.StringMatch{MatchType: &networking.StringMatch_Prefix{Prefix: value + "/"}})
	}
	methods := 0
	if match.Method != nil {
		methods = 1
	}
	return matches, fmt.Sprintf("%d-%05d-%d-%03d-%03d", rank, len(value), methods, len(match.Headers), len(match.QueryParams))
}

func pathOf(path *gateway.HTTPPathMatch) (gateway.PathMatchType, string) {
	kind, value := gateway.PathMatchPathPrefix, "/"
	if path != nil && path.Type != nil {
		kind = *path.Type
	}
	if path != nil && path.Value != nil {
		value = *path.Value
	}
	return kind, value
}

func exactly(value string) *networking.StringMatch {
	return &networking.StringMatch{MatchType: &networking.StringMatch_Exact{Exact: value}}
}

func valued(expression bool, value string) *networking.StringMatch {
	if expression {
		return &networking.StringMatch{MatchType: &networking.StringMatch_Regex{Regex: value}}
	}
	return exactly(value)
}

// destination is a Service; one of another namespace would need a ReferenceGrant.
func destination(object manifests.Object, field string, to gateway.BackendRef) (*networking.Destination, error) {
	switch {
	case to.Kind != nil && *to.Kind != "Service" || to.Group != nil && *to.Group != "":
		return nil, badField(object, field, "is no Service, which is not carried into Envoy's configuration by this suite")
	case to.Port == nil:
		return nil, badField(object, field, "has no port")
	case to.Namespace != nil && string(*to.Namespace) != namespaceOf(object):
		return nil, badField(object, field+".namespace", "is another one, which is not carried into Envoy's configuration by this suite")
	}
	return &networking.Destination{Host: FullName(string(to.Name), namespaceOf(object)), Port: &networking.PortSelector{Number: uint32(*to.Port)}}, nil
}

// filtered puts what filters do into a route.
func filtered(route *networking.HTTPRoute, object manifests.Object, field string, filters []gateway.HTTPRouteFilter, path *gateway.HTTPPathMatch) error {
	changes := &networking.Headers{}
	for index, filter := range filters {
		at := fmt.Sprintf("%s.filters[%d]", field, index)
		switch filter.Type {
		case gateway.HTTPRouteFilterRequestHeaderModifier:
			changes.Request = operations(filter.RequestHeaderModifier)
		case gateway.HTTPRouteFilterResponseHeaderModifier:
			changes.Response = operations(filter.ResponseHeaderModifier)
		case gateway.HTTPRouteFilterRequestRedirect:
			to := filter.RequestRedirect
			route.Redirect = &networking.HTTPRedirect{RedirectCode: 302}
			if to.StatusCode != nil {
				route.Redirect.RedirectCode = uint32(*to.StatusCode)
			}
			if to.Scheme != nil {
				route.Redirect.Scheme = *to.Scheme
			}
			if to.Hostname != nil {
				route.Redirect.Authority = string(*to.Hostname)
			}
			if to.Port != nil {
				route.Redirect.RedirectPort = &networking.HTTPRedirect_Port{Port: uint32(*to.Port)}
			}
			if to.Path != nil && to.Path.ReplaceFullPath == nil {
				return badField(object, at, "replaces a prefix, which is not carried into Envoy's configuration by this suite")
			}
			if to.Path != nil {
				route.Redirect.Uri = *to.Path.ReplaceFullPath
			}
		case gateway.HTTPRouteFilterURLRewrite:
			route.Rewrite = rewritten(filter.URLRewrite, path)
		default:
			return badField(object, at, "is `%s`, which is not carried into Envoy's configuration by this suite", filter.Type)
		}
	}
	if changes.Request != nil || changes.Response != nil {
		route.Headers = changes
	}
	return nil
}

func operations(change *gateway.HTTPHeaderFilter) *networking.Headers_HeaderOperations {
	values := func(headers []gateway.HTTPHeader) map[string]string {
		all := map[string]string{}
		for _, header := range headers {
			all[string(header.Name)] = header.Value
		}
		return all
	}
	return &networking.Headers_HeaderOperations{Set: values(change.Set), Add: values(change.Add), Remove: change.Remove}
}

// rewritten replaces the whole path, or the prefix that was matched, with what comes after it kept.
func rewritten(to *gateway.HTTPURLRewriteFilter, path *gateway.HTTPPathMatch) *networking.HTTPRewrite {
	written := &networking.HTTPRewrite{}
	if to.Hostname != nil {
		written.Authority = string(*to.Hostname)
	}
	switch {
	case to.Path == nil:
	case to.Path.ReplaceFullPath != nil:
		written.UriRegexRewrite = &networking.RegexRewrite{Match: "^[^?]*", Rewrite: *to.Path.ReplaceFullPath}
	case to.Path.ReplacePrefixMatch != nil:
		_, prefix := pathOf(path)
		begin := "^" + regexp.QuoteMeta(strings.TrimSuffix(prefix, "/"))
		written.UriRegexRewrite = &networking.RegexRewrite{Match: begin + "/?(.*)$", Rewrite: `/\1`}
		if becomes := strings.TrimSuffix(*to.Path.ReplacePrefixMatch, "/"); becomes != "" {
			written.UriRegexRewrite = &networking.RegexRewrite{Match: begin + "(/.*)?$", Rewrite: becomes + `\1`}
		}
	}
	return written
}

func tlsRule(from attached[gateway.TLSRoute], hosts []string) (*networking.TLSRoute, error) {
	rule := &networking.TLSRoute{Match: []*networking.TLSMatchAttributes{{SniHosts: hosts}}}
	if len(from.route.Spec.Rules) != 1 {
		return nil, badField(from.object, "spec.rules", "are several, which is not carried into Envoy's configuration by this suite")
	}
	for index, backend := range from.route.Spec.Rules[0].BackendRefs {
		to, err := destination(from.object, fmt.Sprintf("spec.rules[0].backendRefs[%d]", index), backend)
		if err != nil {
			return nil, err
		}
		weight := int32(1)
		if backend.Weight != nil {
			weight = *backend.Weight
		}
		rule.Route = append(rule.Route, &networking.RouteDestination{Destination: to, Weight: weight})
	}
	return rule, nil
}
