package translate

import (
	networking "istio.io/api/networking/v1alpha3"
)

// effective is the policy of one port of a subset. A block of the subset replaces the host's block whole, and what is
// written for a port inherits nothing: blocks it lacks are Istio's defaults.
func effective(host, subset *networking.TrafficPolicy, port uint32) *networking.TrafficPolicy {
	merged := forPort(&networking.TrafficPolicy{}, host, port)
	return forPort(merged, subset, port)
}

func forPort(base, over *networking.TrafficPolicy, port uint32) *networking.TrafficPolicy {
	merged := &networking.TrafficPolicy{
		LoadBalancer: base.LoadBalancer, ConnectionPool: base.ConnectionPool,
		OutlierDetection: base.OutlierDetection, Tls: base.Tls, RetryBudget: base.RetryBudget,
	}
	if over.GetLoadBalancer() != nil {
		merged.LoadBalancer = over.LoadBalancer
	}
	if over.GetConnectionPool() != nil {
		merged.ConnectionPool = over.ConnectionPool
	}
	if over.GetOutlierDetection() != nil {
		merged.OutlierDetection = over.OutlierDetection
	}
	if over.GetTls() != nil {
		merged.Tls = over.Tls
	}
	if over.GetRetryBudget() != nil {
		merged.RetryBudget = over.RetryBudget
	}
	for _, level := range over.GetPortLevelSettings() {
		if level.GetPort().GetNumber() == port {
			merged.LoadBalancer, merged.ConnectionPool = level.LoadBalancer, level.ConnectionPool
			merged.OutlierDetection, merged.Tls = level.OutlierDetection, level.Tls
		}
	}
	return merged
}

// hashPolicy says by what of a request the balancer picks the endpoint.
func hashPolicy(policy *networking.TrafficPolicy) list {
	switch key := policy.GetLoadBalancer().GetConsistentHash().GetHashKey().(type) {
	case *networking.LoadBalancerSettings_ConsistentHashLB_HttpHeaderName:
		return list{object{"header": object{"header_name": key.HttpHeaderName}}}
	case *networking.LoadBalancerSettings_ConsistentHashLB_HttpCookie:
		cookie := wanted("name", key.HttpCookie.Name, "path", key.HttpCookie.Path)
		if key.HttpCookie.Ttl != nil {
			cookie["ttl"] = seconds(key.HttpCookie.Ttl)
		}
		var attributes list
		for _, attribute := range key.HttpCookie.Attributes {
			attributes = append(attributes, object{"name": attribute.Name, "value": attribute.Value})
		}
		if attributes != nil {
			cookie["attributes"] = attributes
		}
		return list{object{"cookie": cookie}}
	case *networking.LoadBalancerSettings_ConsistentHashLB_UseSourceIp:
		return list{object{"connection_properties": object{"source_ip": key.UseSourceIp}}}
	case *networking.LoadBalancerSettings_ConsistentHashLB_HttpQueryParameterName:
		return list{object{"query_parameter": object{"name": key.HttpQueryParameterName}}}
	}
	return nil
}
