// Package mesh reads Istio's objects with Istio's own types, and finds those that bear on one client and one host.
package mesh

import (
	"bytes"
	"encoding/json"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"

	"github.com/golang/protobuf/jsonpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	networking "istio.io/api/networking/v1alpha3"
)

// Resource is one Istio object with its typed spec.
type Resource[T any] struct {
	Name, Namespace string
	Spec            T
	object          manifests.Object
}

// Bad is bad input about one field of the resource.
func (r Resource[T]) Bad(field, format string, args ...any) error {
	return badField(r.object, field, format, args...)
}

func badField(object manifests.Object, field, format string, args ...any) error {
	all := append([]any{object.File, object.Line(field), field, object.ID()}, args...)
	return report.Bad("`%s:%d`: `%s` of `%s` "+format, all...)
}

// Mesh is what one set of manifests says about traffic.
type Mesh struct {
	Hosts            []*Host
	Pods             []*network.Pod
	VirtualServices  []Resource[*networking.VirtualService]
	DestinationRules []Resource[*networking.DestinationRule]
	Gateways         []Resource[*networking.Gateway]
	EnvoyFilters     []Resource[*networking.EnvoyFilter]
	Sidecars         []Resource[*networking.Sidecar]
}

// New reads a mesh; replicas replaces how many pods a workload (namespace/name) has.
func New(objects []manifests.Object, replicas map[string]int) (*Mesh, error) {
	objects, err := Scaled(objects, replicas)
	if err != nil {
		return nil, err
	}
	system, err := network.NewSystem(objects)
	if err != nil {
		return nil, err
	}
	read := &Mesh{Pods: system.Pods}
	if err := read.addServices(objects, system); err != nil {
		return nil, err
	}
	for _, object := range objects {
		if object.GVK().Group != "networking.istio.io" {
			continue
		}
		var err error
		switch object.Kind() {
		case "VirtualService":
			err = add(object, &networking.VirtualService{}, &read.VirtualServices)
		case "DestinationRule":
			err = add(object, &networking.DestinationRule{}, &read.DestinationRules)
		case "Gateway":
			err = add(object, &networking.Gateway{}, &read.Gateways)
		case "Sidecar":
			err = add(object, &networking.Sidecar{}, &read.Sidecars)
		case "EnvoyFilter":
			err = add(object, &networking.EnvoyFilter{}, &read.EnvoyFilters)
		}
		if err != nil {
			return nil, err
		}
	}
	return read, read.addStandard(objects, system.Namespaces)
}

func add[T proto.Message](object manifests.Object, spec T, to *[]Resource[T]) error {
	if err := decode(object, spec); err != nil {
		return err
	}
	*to = append(*to, Resource[T]{object.Name(), namespaceOf(object), spec, object})
	return nil
}

func namespaceOf(object manifests.Object) string {
	if object.Namespace() == "" {
		return "default"
	}
	return object.Namespace()
}

// decode fails on a field that Istio does not have, and on one that the translation does not carry.
func decode(object manifests.Object, spec proto.Message) error {
	content, written := object.Content["spec"]
	if !written {
		content = map[string]any{}
	}
	data, err := json.Marshal(content)
	if err != nil {
		return err
	}
	// Istio's own types are read by this package, which takes `500ms` for a duration where the newer one does not.
	if err := (&jsonpb.Unmarshaler{}).Unmarshal(bytes.NewReader(data), protoadapt.MessageV1Of(spec)); err != nil {
		return badField(object, "spec", "is not valid: %v", err)
	}
	if field := notCarried(spec.ProtoReflect(), "spec"); field != "" {
		return badField(object, field, "is not carried into Envoy's configuration by this suite; fix: extend internal/translate, or leave it out of what is tried")
	}
	return nil
}
