package translate

import (
	"strconv"

	networking "istio.io/api/networking/v1alpha3"
)

// httpFilters are those of every client, the router last.
func httpFilters() list {
	return list{
		object{"name": "envoy.filters.http.cors", "typed_config": typed("extensions.filters.http.cors.v3.Cors", nil)},
		object{"name": "envoy.filters.http.fault", "typed_config": typed("extensions.filters.http.fault.v3.HTTPFault", nil)},
		router(),
	}
}

func router() object {
	return object{"name": "envoy.filters.http.router", "typed_config": typed("extensions.filters.http.router.v3.Router", nil)}
}

var grpcCodes = map[string]int{
	"OK": 0, "CANCELLED": 1, "UNKNOWN": 2, "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "ALREADY_EXISTS": 6,
	"PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "ABORTED": 10, "OUT_OF_RANGE": 11,
	"UNIMPLEMENTED": 12, "INTERNAL": 13, "UNAVAILABLE": 14, "DATA_LOSS": 15, "UNAUTHENTICATED": 16,
}

func faultFilter(service virtualService, field string, fault *networking.HTTPFaultInjection) (object, error) {
	written := object{}
	if delay := fault.Delay; delay != nil {
		written["delay"] = object{"fixed_delay": seconds(delay.GetFixedDelay()), "percentage": percentage(delay.Percentage)}
	}
	if abort := fault.Abort; abort != nil {
		with := object{"percentage": percentage(abort.Percentage)}
		if name := abort.GetGrpcStatus(); name != "" {
			code, known := grpcCodes[name]
			if !known {
				return nil, service.Bad(field+".fault.abort.grpcStatus", "is `%s`, which is no name of a gRPC status", name)
			}
			with["grpc_status"] = code
		} else {
			with["http_status"] = abort.GetHttpStatus()
		}
		written["abort"] = with
	}
	return typed("extensions.filters.http.fault.v3.HTTPFault", written), nil
}

func corsPolicy(policy *networking.CorsPolicy) object {
	var origins list
	for _, origin := range policy.AllowOrigins {
		origins = append(origins, stringMatch(origin))
	}
	written := wanted("allow_origin_string_match", origins, "allow_methods", joined(policy.AllowMethods),
		"allow_headers", joined(policy.AllowHeaders), "expose_headers", joined(policy.ExposeHeaders))
	if policy.MaxAge != nil {
		written["max_age"] = strconv.Itoa(int(policy.MaxAge.AsDuration().Seconds()))
	}
	if policy.AllowCredentials != nil {
		written["allow_credentials"] = policy.AllowCredentials.Value
	}
	if policy.UnmatchedPreflights == networking.CorsPolicy_IGNORE {
		written["forward_not_matching_preflights"] = false
	}
	return typed("extensions.filters.http.cors.v3.CorsPolicy", written)
}
