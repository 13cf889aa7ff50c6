package translate

import "encoding/json"

// Bootstrap is the whole of what one Envoy starts with.
func (c *Config) Bootstrap(admin string) ([]byte, error) {
	return json.Marshal(object{
		"node":             object{"id": "conformance", "cluster": "conformance"},
		"admin":            object{"address": object{"pipe": object{"path": admin}}},
		"static_resources": object{"listeners": c.Listeners, "clusters": c.Clusters},
	})
}
