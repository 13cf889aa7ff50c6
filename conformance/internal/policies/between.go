package policies

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
)

// What bears on who is served, and is applied in any order.
var ordered = []string{"PeerAuthentication", "DestinationRule", "AuthorizationPolicy", "RequestAuthentication"}

// mostChanges is how many objects may come in any order in one step; each more doubles what stands in between.
const mostChanges = 5

// between gives everything that can stand on the way from one stage to the next one, or back, whatever object is applied or deleted first.
func between(from, to Stage) ([]Stage, error) {
	before, after := byID(from), byID(to)
	var changed []string
	for _, kind := range ordered {
		for _, object := range slices.Concat(from.Objects, to.Objects) {
			if object.Kind() == kind && !slices.Contains(changed, object.ID()) && specOf(before, object.ID()) != specOf(after, object.ID()) {
				changed = append(changed, object.ID())
			}
		}
	}
	if len(changed) > mostChanges {
		return nil, report.Bad("from `%s` to `%s`, %d objects change who is served, more than this suite tries in any order; fix: make smaller steps", from.Name, to.Name, len(changed))
	}
	var stages []Stage
	for bits := 1; bits < 1<<len(changed)-1; bits++ {
		var first []string
		objects := []manifests.Object{}
		for _, object := range to.Objects {
			if !slices.Contains(changed, object.ID()) {
				objects = append(objects, object)
			}
		}
		for index, id := range changed {
			stands := before
			if bits>>index&1 == 1 {
				stands, first = after, append(first, id)
			}
			if object, there := stands[id]; there {
				objects = append(objects, object)
			}
		}
		name := fmt.Sprintf("between %s and %s, with %s", from.Name, to.Name, strings.Join(first, ", "))
		stages = append(stages, Stage{name, objects})
	}
	return stages, nil
}

func byID(stage Stage) map[string]manifests.Object {
	all := map[string]manifests.Object{}
	for _, object := range stage.Objects {
		all[object.ID()] = object
	}
	return all
}

// specOf leaves out what is only a note.
func specOf(objects map[string]manifests.Object, id string) string {
	object, there := objects[id]
	if !there {
		return ""
	}
	text, _ := json.Marshal(object.Content["spec"])
	return string(text)
}
