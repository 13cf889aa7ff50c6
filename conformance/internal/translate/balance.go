package translate

import (
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"

	networking "istio.io/api/networking/v1alpha3"
)

// balancer picks endpoints; where nothing is written Istio takes the one with the fewest requests.
func balancer(settings *networking.LoadBalancerSettings) object {
	if hash := settings.GetConsistentHash(); hash != nil {
		if table := hash.GetMaglev(); table != nil {
			if table.TableSize == 0 {
				return object{"lb_policy": "MAGLEV"}
			}
			return object{"lb_policy": "MAGLEV", "maglev_lb_config": object{"table_size": table.TableSize}}
		}
		size := hash.GetRingHash().GetMinimumRingSize()
		if size == 0 {
			size = 1024
		}
		return object{"lb_policy": "RING_HASH", "ring_hash_lb_config": object{"minimum_ring_size": size}}
	}
	slow := slowStart(settings.GetWarmup())
	switch settings.GetSimple() {
	case networking.LoadBalancerSettings_RANDOM:
		return object{"lb_policy": "RANDOM"}
	case networking.LoadBalancerSettings_ROUND_ROBIN:
		return wanted("lb_policy", "ROUND_ROBIN", "round_robin_lb_config", slow)
	case networking.LoadBalancerSettings_PASSTHROUGH:
		// There is no original destination here: a client that picks its own endpoint is served by the only one.
		return object{"lb_policy": "ROUND_ROBIN"}
	}
	return wanted("lb_policy", "LEAST_REQUEST", "least_request_lb_config", slow)
}

func slowStart(warmup *networking.WarmupConfiguration) object {
	if warmup == nil {
		return nil
	}
	config := object{"slow_start_window": seconds(warmup.Duration)}
	if warmup.Aggression != nil {
		config["aggression"] = object{"default_value": warmup.Aggression.Value, "runtime_key": "conformance.aggression"}
	}
	if warmup.MinimumPercent != nil {
		config["min_weight_percent"] = object{"value": warmup.MinimumPercent.Value}
	}
	return object{"slow_start_config": config}
}

// endpoints come in groups by locality where localities are known and the policy heeds them.
func (t *translation) endpoints(port mesh.Port, pods []*network.Pod, policy *networking.TrafficPolicy, common object) list {
	groups := map[string]list{}
	for _, pod := range pods {
		locality := t.localities[pod]
		endpoint := object{"endpoint": object{"address": socket(t.address(pod, port))}}
		if t.caller != nil && t.caller.Proxied(pod) {
			endpoint["metadata"] = object{"filter_metadata": object{"envoy.transport_socket_match": object{tlsMode: tlsModeMesh}}}
		}
		groups[locality] = append(groups[locality], endpoint)
	}
	settings := policy.GetLoadBalancer().GetLocalityLbSetting()
	heeded := t.client.Locality != "" && (settings.GetEnabled() == nil || settings.Enabled.Value)
	var written list
	weights := distribution(settings, t.client.Locality)
	for _, locality := range slices.Sorted(maps.Keys(groups)) {
		group := object{"locality": localityOf(locality), "lb_endpoints": groups[locality]}
		switch {
		case heeded && weights != nil:
			common["locality_weighted_lb_config"] = object{}
			weight := weighed(weights, locality)
			if weight == 0 {
				continue
			}
			group["load_balancing_weight"] = weight
		case heeded && policy.OutlierDetection != nil:
			group["priority"] = distance(settings, t.client.Locality, locality)
		}
		written = append(written, group)
	}
	renumber(written)
	return written
}

func localityOf(text string) object {
	parts := strings.SplitN(text+"//", "/", 4)
	return wanted("region", parts[0], "zone", parts[1], "sub_zone", parts[2])
}

func distribution(settings *networking.LocalityLoadBalancerSetting, from string) map[string]uint32 {
	for _, rule := range settings.GetDistribute() {
		if within(rule.From, from) {
			return rule.To
		}
	}
	return nil
}

func weighed(weights map[string]uint32, locality string) uint32 {
	for pattern, weight := range weights {
		if within(pattern, locality) {
			return weight
		}
	}
	return 0
}

// within reads region/zone/sub-zone, where a star stands for what follows.
func within(pattern, locality string) bool {
	pattern = strings.TrimSuffix(strings.TrimSuffix(pattern, "*"), "/")
	return pattern == "" || locality == pattern || strings.HasPrefix(locality, pattern+"/")
}

// distance counts how much of the caller's locality an endpoint does not share; the named failover comes before the rest.
func distance(settings *networking.LocalityLoadBalancerSetting, from, to string) int {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	shared := 0
	for shared < len(a) && shared < len(b) && a[shared] == b[shared] {
		shared++
	}
	if shared > 0 {
		return len(a) - shared
	}
	for _, rule := range settings.GetFailover() {
		if rule.From == a[0] && rule.To == b[0] {
			return len(a)
		}
	}
	return len(a) + 1
}

// renumber closes the gaps between priorities, which Envoy does not take.
func renumber(groups list) {
	used := map[int]bool{}
	for _, group := range groups {
		if priority, given := group.(object)["priority"].(int); given {
			used[priority] = true
		}
	}
	order := slices.Sorted(maps.Keys(used))
	for _, group := range groups {
		if priority, given := group.(object)["priority"].(int); given {
			group.(object)["priority"] = slices.Index(order, priority)
		}
	}
}
