package install

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cdk8s-mesh/conformance/internal/manifests"
)

// made is an object of an install, and whose it is.
type made struct {
	content map[string]any
	owner   string
}

// installed is everything that a delivery comes to, by kind, namespace and name.
type installed map[string]made

const ofNobody = "no release"

// comesTo renders every release of a delivery, and adds what is applied as it is.
func (h *helm) comesTo(found emitted) (installed, error) {
	rendered := make([][]manifests.Object, len(found.releases))
	failures := make([]error, len(found.releases))
	var group sync.WaitGroup
	for index, one := range found.releases {
		group.Go(func() { rendered[index], failures[index] = h.objects(one) })
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	all := slices.Concat(append(rendered, found.objects)...)
	isClusterWide := clusterWide(all)
	result := installed{}
	for index, one := range found.releases {
		if one.makesNamespace {
			result["Namespace//"+one.namespace] = made{namespaceObject(one.namespace), ofNobody}
		}
		for _, object := range rendered[index] {
			if err := result.add(inNamespace(object, one.namespace, isClusterWide), one.String()); err != nil {
				return nil, err
			}
		}
	}
	for _, object := range found.objects {
		if err := result.add(object, ownerOf(object)); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func (i installed) add(object manifests.Object, owner string) error {
	if first, twice := i[object.ID()]; twice && object.Kind() != "Namespace" {
		return fmt.Errorf("`%s` is made by %s and by %s", object.ID(), first.owner, owner)
	}
	i[object.ID()] = made{object.Content, owner}
	return nil
}

func namespaceObject(name string) map[string]any {
	return map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}
}

// ownerOf is the release that an object of the suite's charts names.
func ownerOf(object manifests.Object) string {
	if name := object.Label("app.kubernetes.io/instance"); name != "" {
		return "release `" + name + "`"
	}
	return ofNobody
}

// clusterWide tells kinds without a namespace, by what defines them or by what Kubernetes says.
func clusterWide(objects []manifests.Object) map[string]bool {
	kinds := map[string]bool{
		"ClusterRole": true, "CustomResourceDefinition": true, "MutatingWebhookConfiguration": true, "Namespace": true,
		"ValidatingWebhookConfiguration": true,
	}
	for _, object := range objects {
		spec, _ := object.Content["spec"].(map[string]any)
		names, _ := spec["names"].(map[string]any)
		if kind, isText := names["kind"].(string); isText && spec["scope"] == "Cluster" {
			kinds[kind] = true
		}
	}
	return kinds
}

// inNamespace puts what names no namespace into that of its release, as Helm does when it installs.
func inNamespace(object manifests.Object, namespace string, isClusterWide map[string]bool) manifests.Object {
	if object.Namespace() != "" || isClusterWide[object.Kind()] {
		return object
	}
	return object.Within(namespace)
}

// differences says where one differs from another, naming whose object it is.
func differences(got installed, of string, wanted installed, wantedOf string) []string {
	var reasons []string
	for _, id := range sortedKeys(wanted) {
		if _, there := got[id]; !there {
			reasons = append(reasons, fmt.Sprintf("%s: %s: `%s` is missing, which is there by %s", of, wanted[id].owner, id, wantedOf))
		}
	}
	for _, id := range sortedKeys(got) {
		other, there := wanted[id]
		if !there {
			reasons = append(reasons, fmt.Sprintf("%s: %s: `%s` is there, and not by %s", of, got[id].owner, id, wantedOf))
			continue
		}
		for _, place := range places("", got[id].content, other.content) {
			reasons = append(reasons, fmt.Sprintf("%s: %s: `%s` has `%s` %s, and %s by %s", of, got[id].owner, id, place.path, place.got, place.wanted, wantedOf))
		}
	}
	return reasons
}

type place struct{ path, got, wanted string }

// places are those at which two trees differ. Numbers are told by what they are, not by how they are written.
func places(path string, got, wanted any) []place {
	left, isMap := got.(map[string]any)
	right, areMaps := wanted.(map[string]any)
	if isMap && areMaps {
		var found []place
		for _, key := range sortedKeys(merged(left, right)) {
			found = append(found, places(path+"/"+key, entry(left, key), entry(right, key))...)
		}
		return found
	}
	some, isList := got.([]any)
	others, areLists := wanted.([]any)
	if isList && areLists && len(some) == len(others) {
		var found []place
		for index := range some {
			found = append(found, places(fmt.Sprintf("%s/%d", path, index), some[index], others[index])...)
		}
		return found
	}
	if reflect.DeepEqual(number(got), number(wanted)) || (noMetadata(path, got) && noMetadata(path, wanted)) {
		return nil
	}
	return []place{{path, show(got), show(wanted)}}
}

// noMetadata says that there are no labels or annotations. An empty map of them is none.
func noMetadata(path string, value any) bool {
	entries, isMap := value.(map[string]any)
	_, isAbsent := value.(absent)
	ofMetadata := strings.HasSuffix(path, "/metadata/annotations") || strings.HasSuffix(path, "/metadata/labels")
	return ofMetadata && (isAbsent || (isMap && len(entries) == 0))
}

type absent struct{}

func entry(tree map[string]any, key string) any {
	if value, there := tree[key]; there {
		return value
	}
	return absent{}
}

func number(value any) any {
	if whole, isInteger := value.(int64); isInteger {
		return float64(whole)
	}
	return value
}

func show(value any) string {
	if _, isAbsent := value.(absent); isAbsent {
		return "not"
	}
	return fmt.Sprintf("%#v", value)
}
