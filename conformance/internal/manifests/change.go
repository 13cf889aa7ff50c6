package manifests

import (
	"encoding/json"
	"strconv"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	kubejson "k8s.io/apimachinery/pkg/util/json"
)

// With is the object with another value at a field path; nil takes the field away. All but the last step must be there.
func (o Object) With(field string, value any) (Object, error) {
	data, err := json.Marshal(o.Content)
	if err != nil {
		return o, err
	}
	var copied map[string]any
	if err := kubejson.Unmarshal(data, &copied); err != nil {
		return o, err
	}
	steps := steps(field)
	if !put(copied, steps, value) {
		return o, report.Bad("`%s` has no field `%s`; fix: name a field that is there", o.ID(), field)
	}
	o.Content = copied
	return o, nil
}

func steps(field string) []string {
	var names []string
	for _, part := range step.FindAllStringSubmatch(field, -1) {
		name := part[0]
		if part[1] != "" {
			name = part[1]
		}
		names = append(names, name)
	}
	return names
}

// put says whether the way to the field exists; what is taken away must exist, too.
func put(node any, steps []string, value any) bool {
	if len(steps) == 0 {
		return false
	}
	last := len(steps) == 1
	switch parent := node.(type) {
	case map[string]any:
		if !last {
			return put(parent[steps[0]], steps[1:], value)
		}
		_, there := parent[steps[0]]
		if value == nil {
			delete(parent, steps[0])
			return there
		}
		parent[steps[0]] = value
		return true
	case []any:
		index, err := strconv.Atoi(steps[0])
		if err != nil || index < 0 || index >= len(parent) {
			return false
		}
		if !last {
			return put(parent[index], steps[1:], value)
		}
		parent[index] = value
		return value != nil
	}
	return false
}

// Change leaves out whole objects (`Kind/namespace/name`), and single fields of objects (`Kind/namespace/name:spec.http`),
// and gives other fields another value.
func Change(objects []Object, without []string, instead map[string]any) ([]Object, error) {
	var whole []string
	changes := map[string]any{}
	for _, place := range without {
		if strings.Contains(place, ":") {
			changes[place] = nil
		} else {
			whole = append(whole, place)
		}
	}
	for place, value := range instead {
		if !strings.Contains(place, ":") || value == nil {
			return nil, report.Bad("`instead` has `%s`; fix: write Kind/namespace/name:field.path, and a value", place)
		}
		changes[place] = value
	}
	objects, err := Without(objects, whole)
	if err != nil {
		return nil, err
	}
	for place, value := range changes {
		if objects, err = changed(objects, place, value); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

func changed(objects []Object, place string, value any) ([]Object, error) {
	id, field, _ := strings.Cut(place, ":")
	changed := make([]Object, len(objects))
	found := false
	for index, object := range objects {
		changed[index] = object
		if object.ID() != id {
			continue
		}
		found = true
		var err error
		if changed[index], err = object.With(field, value); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, report.Bad("the control names `%s`, which is not in the set; fix: write Kind/namespace/name of an object there", id)
	}
	return changed, nil
}
