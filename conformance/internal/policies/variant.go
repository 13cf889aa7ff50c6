package policies

import (
	"strings"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
)

// variant is a stage as it is, or one of its controls.
type variant string

const (
	asItIs     variant = "as it is"
	refusing   variant = "the whole mesh STRICT"
	serving    variant = "without PeerAuthentications"
	encrypting variant = "DestinationRules with ISTIO_MUTUAL"
)

const wholeMeshStrict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
`

// varied is a variant of a stage, with pods of both kinds.
type varied struct {
	rig  *rig
	mesh *mesh.Mesh
	name variant
}

func (r *rollout) variant(stage Stage, name variant) (*varied, error) {
	key := stage.Name + ": " + string(name)
	if r.variants[key] != nil {
		return r.variants[key], nil
	}
	objects, err := name.of(append(append([]manifests.Object{}, stage.Objects...), r.context...))
	if err != nil {
		return nil, err
	}
	once, err := mesh.NewSecurity(objects)
	if err != nil {
		return nil, err
	}
	replicas, old := map[string]int{}, map[string]bool{}
	for _, pod := range once.Pods() {
		if once.Joins(pod) {
			replicas[pod.Namespace+"/"+pod.Workload] = oldAndNew
		}
	}
	if objects, err = mesh.Scaled(objects, replicas); err != nil {
		return nil, err
	}
	read, err := mesh.New(objects, nil)
	if err != nil {
		return nil, err
	}
	security, err := mesh.NewSecurity(objects)
	if err != nil {
		return nil, err
	}
	for _, pod := range security.Pods() {
		if security.Joins(pod) && isOld(pod) {
			old[pod.Namespace+"/"+pod.Name] = true
		}
	}
	security.Old = old
	r.variants[key] = &varied{&rig{world: r.world, security: security, objects: objects}, read, name}
	return r.variants[key], nil
}

func (v variant) of(objects []manifests.Object) ([]manifests.Object, error) {
	var changed []manifests.Object
	for _, object := range objects {
		switch {
		case object.Kind() == "PeerAuthentication" && (v == refusing || v == serving):
			continue
		case object.Kind() == "DestinationRule" && v == encrypting:
			var err error
			if object, err = object.With("spec.trafficPolicy.tls", map[string]any{"mode": "ISTIO_MUTUAL"}); err != nil {
				return nil, err
			}
		}
		changed = append(changed, object)
	}
	if v != refusing {
		return changed, nil
	}
	strict, err := manifests.Parse("control", wholeMeshStrict)
	return append(changed, strict...), err
}

// plan makes of a call what each kind of pods makes of it; of a control only what it is for.
func (v *varied) plan(call calls.Passage) (*played, error) {
	attempt := call.Attempt()
	if err := v.rig.checkCaller(attempt); err != nil {
		return nil, err
	}
	ends, err := v.rig.security.EveryEnd(attempt.To)
	if err != nil {
		return nil, err
	}
	made := &played{rig: v.rig}
	plain := attempt
	plain.Plaintext = true
	for _, end := range ends {
		guarded := !v.rig.security.Bypassed(end)
		if guarded {
			v.rig.guarded = append(v.rig.guarded, end)
		}
		if v.name == encrypting || !guarded && v.name != asItIs {
			continue
		}
		one := &try{attempt: plain, end: end}
		v.rig.tries = append(v.rig.tries, one)
		if guarded {
			made.oldToNew = append(made.oldToNew, one)
		} else {
			made.oldToOld = append(made.oldToOld, one)
		}
	}
	if v.joins(attempt.From) && (v.name == asItIs || v.name == encrypting) {
		own, err := v.rig.newCaller(attempt, v.mesh)
		if err != nil {
			return nil, err
		}
		made.newToAny = &passage{caller: own}
		v.rig.passages = append(v.rig.passages, made.newToAny)
	}
	return made, nil
}

func (v *varied) joins(account string) bool {
	namespace, name, _ := strings.Cut(account, "/")
	for _, pod := range v.rig.security.Pods() {
		if pod.Namespace == namespace && pod.Account == name && pod.Namespace != network.Outside {
			return v.rig.security.Joins(pod)
		}
	}
	return false
}
