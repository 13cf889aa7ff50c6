package translate

import (
	"fmt"
	"maps"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"

	networking "istio.io/api/networking/v1alpha3"
)

func clusterName(host *mesh.Host, port mesh.Port, subset string) string {
	return fmt.Sprintf("outbound|%d|%s|%s", port.Number, subset, host.Name)
}

// clusters are those of one port: of the host as a whole, and of each subset. A subset that no rule has gets none.
func (t *translation) clusters(host *mesh.Host, port mesh.Port) error {
	rule, err := t.mesh.DestinationRule(t.client, host)
	if err != nil {
		return err
	}
	if rule == nil {
		return t.cluster(host, port, "", host.Pods, &networking.TrafficPolicy{})
	}
	for field, policy := range tlsPolicies(rule.Spec) {
		if policy.GetMode() == networking.ClientTLSSettings_MUTUAL {
			return rule.Bad(field, "asks for TLS with a certificate of our own, which this suite does not have")
		}
	}
	if err := t.cluster(host, port, "", host.Pods, effective(rule.Spec.TrafficPolicy, nil, port.Number)); err != nil {
		return err
	}
	for _, subset := range rule.Spec.Subsets {
		policy := effective(rule.Spec.TrafficPolicy, subset.TrafficPolicy, port.Number)
		if err := t.cluster(host, port, subset.Name, host.Subset(subset.Labels), policy); err != nil {
			return err
		}
	}
	return nil
}

func tlsPolicies(rule *networking.DestinationRule) map[string]*networking.ClientTLSSettings {
	found := map[string]*networking.ClientTLSSettings{}
	add := func(path string, policy *networking.TrafficPolicy) {
		found[path+".tls"] = policy.GetTls()
		for index, level := range policy.GetPortLevelSettings() {
			found[fmt.Sprintf("%s.portLevelSettings[%d].tls", path, index)] = level.Tls
		}
	}
	add("spec.trafficPolicy", rule.TrafficPolicy)
	for index, subset := range rule.Subsets {
		add(fmt.Sprintf("spec.subsets[%d].trafficPolicy", index), subset.TrafficPolicy)
	}
	return found
}

func (t *translation) cluster(host *mesh.Host, port mesh.Port, subset string, pods []*network.Pod, policy *networking.TrafficPolicy) error {
	name := clusterName(host, port, subset)
	t.policies[name] = policy
	written := object{
		"name": name, "type": "STATIC", "connect_timeout": "10s",
		"circuit_breakers": object{"thresholds": list{thresholds(policy)}},
	}
	maps.Copy(written, balancer(policy.LoadBalancer))
	common := object{}
	if policy.OutlierDetection != nil {
		written["outlier_detection"] = outliers(policy.OutlierDetection)
		common["healthy_panic_threshold"] = object{"value": policy.OutlierDetection.MinHealthPercent}
	}
	written["load_assignment"] = object{"cluster_name": name, "endpoints": t.endpoints(port, pods, policy, common)}
	written["common_lb_config"] = common
	tcp := policy.GetConnectionPool().GetTcp()
	if tcp.GetConnectTimeout() != nil {
		written["connect_timeout"] = seconds(tcp.ConnectTimeout)
	}
	if alive := tcp.GetTcpKeepalive(); alive != nil {
		settings := wanted("keepalive_probes", alive.Probes)
		if alive.Time != nil {
			settings["keepalive_time"] = int(alive.Time.AsDuration().Seconds())
		}
		if alive.Interval != nil {
			settings["keepalive_interval"] = int(alive.Interval.AsDuration().Seconds())
		}
		written["upstream_connection_options"] = object{"tcp_keepalive": settings}
	}
	if policy.GetTls().GetMode() == networking.ClientTLSSettings_SIMPLE {
		written["transport_socket"] = originatedTLS(policy.Tls)
	} else if t.caller != nil {
		maps.Copy(written, t.caller.sockets(host, port, subset, pods, policy.GetTls()))
	}
	if port.HTTP() {
		written["typed_extension_protocol_options"] = object{
			"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": upstream(port, policy.GetConnectionPool()),
		}
	}
	t.config.Clusters = append(t.config.Clusters, written)
	return nil
}

// thresholds are without limit where Istio is not given one.
func thresholds(policy *networking.TrafficPolicy) object {
	http, tcp := policy.GetConnectionPool().GetHttp(), policy.GetConnectionPool().GetTcp()
	limit := func(written int32) int64 {
		if written > 0 {
			return int64(written)
		}
		return unlimited
	}
	limits := object{
		"max_connections": limit(tcp.GetMaxConnections()), "max_pending_requests": limit(http.GetHttp1MaxPendingRequests()),
		"max_requests": limit(http.GetHttp2MaxRequests()), "max_retries": limit(http.GetMaxRetries()), "track_remaining": true,
	}
	if budget := policy.RetryBudget; budget != nil {
		retries := object{"budget_percent": object{"value": 20.0}, "min_retry_concurrency": 3}
		if budget.Percent != nil {
			retries["budget_percent"] = object{"value": budget.Percent.Value}
		}
		if budget.MinRetryConcurrency > 0 {
			retries["min_retry_concurrency"] = budget.MinRetryConcurrency
		}
		limits["retry_budget"] = retries
	}
	return limits
}

func outliers(detection *networking.OutlierDetection) object {
	written := wanted("max_ejection_percent", detection.MaxEjectionPercent,
		"split_external_local_origin_errors", detection.SplitExternalLocalOriginErrors)
	written["enforcing_success_rate"] = 0
	counter := func(name string, count interface{ GetValue() uint32 }, given bool) {
		if given {
			enforced := 0
			if count.GetValue() > 0 {
				enforced, written[name] = 100, count.GetValue()
			}
			written["enforcing_"+name] = enforced
		}
	}
	counter("consecutive_5xx", detection.Consecutive_5XxErrors, detection.Consecutive_5XxErrors != nil)
	counter("consecutive_gateway_failure", detection.ConsecutiveGatewayErrors, detection.ConsecutiveGatewayErrors != nil)
	counter("consecutive_local_origin_failure", detection.ConsecutiveLocalOriginFailures, detection.ConsecutiveLocalOriginFailures != nil)
	if detection.Interval != nil {
		written["interval"] = seconds(detection.Interval)
	}
	if detection.BaseEjectionTime != nil {
		written["base_ejection_time"] = seconds(detection.BaseEjectionTime)
	}
	return written
}

// upstream chooses the protocol that endpoints are spoken to in, and the limits of each connection.
func upstream(port mesh.Port, pool *networking.ConnectionPoolSettings) object {
	http := pool.GetHttp()
	two := wanted("max_concurrent_streams", http.GetMaxConcurrentStreams())
	written := object{}
	switch {
	case http.GetUseClientProtocol():
		written["use_downstream_protocol_config"] = object{"http_protocol_options": object{}, "http2_protocol_options": two}
	case port.HTTP2() || http.GetH2UpgradePolicy() == networking.ConnectionPoolSettings_HTTPSettings_UPGRADE:
		written["explicit_http_config"] = object{"http2_protocol_options": two}
	default:
		written["explicit_http_config"] = object{"http_protocol_options": object{}}
	}
	common := wanted("max_requests_per_connection", http.GetMaxRequestsPerConnection())
	if http.GetIdleTimeout() != nil {
		common["idle_timeout"] = seconds(http.IdleTimeout)
	} else if pool.GetTcp().GetIdleTimeout() != nil {
		common["idle_timeout"] = seconds(pool.Tcp.IdleTimeout)
	}
	if pool.GetTcp().GetMaxConnectionDuration() != nil {
		common["max_connection_duration"] = seconds(pool.Tcp.MaxConnectionDuration)
	}
	written["common_http_protocol_options"] = common
	return typed("extensions.upstreams.http.v3.HttpProtocolOptions", written)
}
