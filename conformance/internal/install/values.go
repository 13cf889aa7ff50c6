package install

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// withProfile says the profile where charts read it. Tools with profiles of their own have platforms and versions as values.
func withProfile(values map[string]any, profile string) map[string]any {
	result := merged(map[string]any{}, values)
	if global, isMap := result["global"].(map[string]any); isMap && global["platform"] != nil {
		profile = fmt.Sprintf("platform-%v", global["platform"])
		global = maps.Clone(global)
		delete(global, "platform")
		result["global"] = global
		if len(global) == 0 {
			delete(result, "global")
		}
	}
	if version := result["compatibilityVersion"]; version != nil {
		profile = fmt.Sprintf("compatibility-version-%v", version)
		delete(result, "compatibilityVersion")
	}
	if profile != "" {
		result["profile"] = profile
	}
	return result
}

// merged lays one tree over another; lists are replaced.
func merged(below, above map[string]any) map[string]any {
	result := maps.Clone(below)
	for key, value := range above {
		low, isMap := result[key].(map[string]any)
		high, areMaps := value.(map[string]any)
		if isMap && areMaps {
			value = merged(low, high)
		}
		result[key] = value
	}
	return result
}

// oneTree gives all charts but gateways the values of all of them, as `istioctl` does. Two that differ at one place are an error.
func oneTree(releases []release) ([]release, error) {
	all := map[string]any{}
	for _, one := range releases {
		if one.chart == "gateway" {
			continue
		}
		tree, err := treeOf(one)
		if err != nil {
			return nil, err
		}
		next := merged(all, tree)
		if !reflect.DeepEqual(next, merged(tree, all)) {
			return nil, fmt.Errorf("%s has another value than a chart before it, at one place", one)
		}
		all = next
	}
	shared, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	result := slices.Clone(releases)
	for index, one := range result {
		if one.chart != "gateway" {
			result[index].values = shared
		}
	}
	return result, nil
}

func treeOf(one release) (map[string]any, error) {
	var tree map[string]any
	err := yaml.Unmarshal(one.values, &tree)
	return tree, err
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }

func isManifest(file string) bool { return strings.HasSuffix(file, ".yaml") }
