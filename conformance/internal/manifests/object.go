package manifests

import (
	"encoding/json"
	"fmt"
	"maps"

	"cdk8s-mesh/conformance/internal/report"

	yamlv3 "gopkg.in/yaml.v3"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object is one Kubernetes object and the place it was read from.
type Object struct {
	File    string
	Content map[string]any
	node    *yamlv3.Node
}

func fromDocument(file string, content map[string]any, node *yamlv3.Node) ([]Object, error) {
	object := Object{File: file, Content: content, node: node}
	if object.text("kind") != "List" {
		if object.text("apiVersion") == "" || object.text("kind") == "" || object.Name() == "" {
			return nil, report.Bad("`%s:%d` is no Kubernetes object; fix: give it apiVersion, kind and metadata.name", file, node.Line)
		}
		return []Object{object}, nil
	}
	items, _ := content["items"].([]any)
	var objects []Object
	for index, item := range items {
		child, isObject := item.(map[string]any)
		if !isObject {
			return nil, report.Bad("`%s:%d` has an item that is no object", file, node.Line)
		}
		found, err := fromDocument(file, child, descend(node, fmt.Sprintf("items[%d]", index)))
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

func (o Object) text(key string) string {
	value, _ := o.Content[key].(string)
	return value
}

func (o Object) metadata(key string) string {
	metadata, _ := o.Content["metadata"].(map[string]any)
	value, _ := metadata[key].(string)
	return value
}

// Kind is the object's kind alone.
func (o Object) Kind() string { return o.text("kind") }

// GVK is the object's group, version and kind.
func (o Object) GVK() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(o.text("apiVersion"), o.Kind())
}

// Name is metadata.name.
func (o Object) Name() string { return o.metadata("name") }

// Namespace is metadata.namespace as written, empty where it is absent.
func (o Object) Namespace() string { return o.metadata("namespace") }

// Annotation is the value of one of metadata.annotations, empty where it is absent.
func (o Object) Annotation(key string) string { return o.entry("annotations", key) }

// Label is the value of one of metadata.labels, empty where it is absent.
func (o Object) Label(key string) string { return o.entry("labels", key) }

func (o Object) entry(field, key string) string {
	metadata, _ := o.Content["metadata"].(map[string]any)
	entries, _ := metadata[field].(map[string]any)
	value, _ := entries[key].(string)
	return value
}

// Within is the object in another namespace.
func (o Object) Within(namespace string) Object {
	metadata, _ := o.Content["metadata"].(map[string]any)
	moved := maps.Clone(metadata)
	moved["namespace"] = namespace
	o.Content = maps.Clone(o.Content)
	o.Content["metadata"] = moved
	return o
}

// ID names the object as `Kind/namespace/name`; the namespace is empty for cluster-wide objects.
func (o Object) ID() string { return o.Kind() + "/" + o.Namespace() + "/" + o.Name() }

// Into decodes the object into a Kubernetes type.
func (o Object) Into(target any) error {
	data, err := json.Marshal(o.Content)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, target); err != nil {
		return report.Bad("`%s` in `%s:%d` is not a valid %s: %v", o.ID(), o.File, o.Line(""), o.Kind(), err)
	}
	return nil
}

// Line is where the field stands, or the nearest field above it that is there.
func (o Object) Line(field string) int { return descend(o.node, field).Line }

// Without leaves out the objects that have one of the given IDs; an ID that names nothing is bad input.
func Without(objects []Object, ids []string) ([]Object, error) {
	drop := map[string]bool{}
	for _, id := range ids {
		drop[id] = false
	}
	var kept []Object
	for _, object := range objects {
		if _, dropped := drop[object.ID()]; dropped {
			drop[object.ID()] = true
			continue
		}
		kept = append(kept, object)
	}
	for _, id := range ids {
		if !drop[id] {
			return nil, report.Bad("`without` names `%s`, which is not in the set; fix: write Kind/namespace/name of an object there", id)
		}
	}
	return kept, nil
}
