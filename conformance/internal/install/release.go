// Package install holds the deliveries of one install against each other. What each emits is read as its own tool reads it, real
// Helm renders charts with the values found there, and the same objects must come out of all.
package install

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
)

// charts are those of Istio, in the order in which they are installed.
var charts = []string{"base", "cni", "istiod", "gateway"}

// release is one `helm install`, as a tool is told to make it.
type release struct {
	name       string
	namespace  string
	chart      string
	version    string
	repository string
	// values are what the tool hands to Helm: YAML or JSON.
	values []byte
	// makesNamespace and makesCRDs say what the tool does beside what Helm does by itself.
	makesNamespace bool
	makesCRDs      bool
	// after are the names of the releases that the tool waits for.
	after []string
}

// emitted is what a tool finds in the files of a delivery.
type emitted struct {
	releases []release
	// objects are those that somebody applies as they are.
	objects []manifests.Object
}

// readers read what is emitted, by the name of the delivery.
var readers = map[string]func(files map[string]string) (emitted, error){
	"argoCd":    readArgoCd,
	"flux":      readFlux,
	"terraform": readTerraform,
	"sail":      readSail,
	"istioctl":  readIstioctl,
	"rendered":  readRendered,
}

// readRendered has nothing but objects.
func readRendered(files map[string]string) (emitted, error) {
	objects, err := parsed(files)
	return emitted{objects: objects}, err
}

// parsed reads the manifests among files, in the order of their names.
func parsed(files map[string]string) ([]manifests.Object, error) {
	var objects []manifests.Object
	for _, name := range sortedKeys(files) {
		if !isManifest(name) {
			continue
		}
		found, err := manifests.Parse(name, files[name])
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

// readObjects reads objects of a tool as releases, and keeps the others.
func readObjects(files map[string]string, kinds []string, read func(manifests.Object) ([]release, error)) (emitted, error) {
	all, err := parsed(files)
	if err != nil {
		return emitted{}, err
	}
	var found emitted
	for _, object := range all {
		if !slices.Contains(kinds, object.Kind()) {
			found.objects = append(found.objects, object)
			continue
		}
		releases, err := read(object)
		if err != nil {
			return emitted{}, err
		}
		found.releases = append(found.releases, releases...)
	}
	return found, nil
}

// strictly decodes content whose every field must be known: one that is not read is one whose effect nobody looks at.
func strictly(what string, content, target any) error {
	data, err := json.Marshal(content)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return report.Bad("%s is not read: %v; fix: let its reader know what this is for", what, err)
	}
	return nil
}

// closure is everything that is waited for, with what that waits for.
func closure(releases []release) {
	direct := map[string][]string{}
	for _, one := range releases {
		direct[one.name] = one.after
	}
	for index := range releases {
		seen := map[string]bool{}
		queue := slices.Clone(releases[index].after)
		for len(queue) > 0 {
			name := queue[0]
			queue = queue[1:]
			if !seen[name] {
				seen[name] = true
				queue = append(queue, direct[name]...)
			}
		}
		releases[index].after = sortedKeys(seen)
	}
}

// disorder names every release that does not wait for what its chart needs.
func disorder(delivery string, releases []release) []string {
	var reasons []string
	for _, one := range releases {
		for _, other := range releases {
			needs := slices.Index(charts, other.chart) < slices.Index(charts, one.chart)
			// A gateway needs one control plane, not that of another revision.
			if one.chart == "gateway" && other.chart == "istiod" && waitsForSome(one, releases, "istiod") {
				needs = false
			}
			if needs && !slices.Contains(one.after, other.name) {
				reasons = append(reasons, fmt.Sprintf("%s: %s does not wait for `%s`", delivery, one, other.name))
			}
		}
	}
	return reasons
}

func waitsForSome(one release, releases []release, chart string) bool {
	return slices.ContainsFunc(releases, func(other release) bool {
		return other.chart == chart && slices.Contains(one.after, other.name)
	})
}

func (r release) String() string { return fmt.Sprintf("release `%s` of chart `%s`", r.name, r.chart) }
