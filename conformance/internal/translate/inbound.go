package translate

import (
	"encoding/json"
	"fmt"

	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"

	"google.golang.org/protobuf/encoding/protojson"
	networking "istio.io/api/networking/v1alpha3"
)

const (
	managerName = "envoy.filters.network.http_connection_manager"
	routerName  = "envoy.filters.http.router"
)

// Inbound is the prefix of the names that belong to a callee's proxy.
const Inbound = "inbound_"

// Inbound puts the callee's own proxy in front of a pod's port where an EnvoyFilter changes it, and names its listener.
// What the filter inserts is taken over word for word.
func (c *Config) Inbound(m *mesh.Mesh, pod *network.Pod, port uint32, backend int) (string, error) {
	var filters list
	for _, filter := range m.EnvoyFilters {
		if !mesh.Selects(filter, pod) {
			continue
		}
		for index, patch := range filter.Spec.ConfigPatches {
			value, err := inserted(filter, fmt.Sprintf("spec.configPatches[%d]", index), patch, port)
			if err != nil {
				return "", err
			}
			if value != nil {
				filters = append(filters, value)
			}
		}
	}
	if filters == nil {
		return "", nil
	}
	name := fmt.Sprintf("%s%s_%d", Inbound, pod.Name, port)
	route := object{"match": object{"prefix": "/"}, "route": object{"cluster": name, "timeout": "0s"}}
	c.Listeners = append(c.Listeners, object{"name": name, "address": socket(0), "filter_chains": list{
		object{"filters": list{connectionManager(name, list{route}, append(filters, router()), false)}},
	}})
	c.Clusters = append(c.Clusters, object{
		"name": name, "type": "STATIC", "load_assignment": object{"cluster_name": name, "endpoints": list{
			object{"lb_endpoints": list{object{"endpoint": object{"address": socket(backend)}}}},
		}},
		"typed_extension_protocol_options": object{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
			"extensions.upstreams.http.v3.HttpProtocolOptions", object{
				"use_downstream_protocol_config": object{"http_protocol_options": object{}, "http2_protocol_options": object{}},
			})},
	})
	return name, nil
}

// inserted is the filter that a patch puts before the router of the pod's inbound side; nothing where it is about another
// port. Every other patch is bad input.
func inserted(filter mesh.Resource[*networking.EnvoyFilter], field string, patch *networking.EnvoyFilter_EnvoyConfigObjectPatch, port uint32) (object, error) {
	if patch.ApplyTo != networking.EnvoyFilter_HTTP_FILTER || patch.Patch.GetOperation() != networking.EnvoyFilter_Patch_INSERT_BEFORE ||
		patch.Match.GetContext() != networking.EnvoyFilter_SIDECAR_INBOUND {
		return nil, filter.Bad(field, "is none that this suite applies; fix: insert an HTTP_FILTER before the router of SIDECAR_INBOUND")
	}
	listener := patch.Match.GetListener()
	manager := listener.GetFilterChain().GetFilter()
	if manager.GetName() != managerName || manager.GetSubFilter().GetName() != routerName {
		return nil, filter.Bad(field+".match.listener", "does not name the router; fix: name %s and in it %s", managerName, routerName)
	}
	for _, only := range []uint32{listener.PortNumber, listener.FilterChain.DestinationPort} {
		if only != 0 && only != port {
			return nil, nil
		}
	}
	data, err := protojson.Marshal(patch.Patch.Value)
	if err != nil {
		return nil, err
	}
	var value object
	return value, json.Unmarshal(data, &value)
}
