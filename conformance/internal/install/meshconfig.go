package install

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	meshv1alpha1 "istio.io/api/mesh/v1alpha1"
	"sigs.k8s.io/yaml"
)

// meshConfigProblems says what Istio's own types do not take of the mesh config in rendered manifests: unknown fields, and values of
// other types.
func meshConfigProblems(files map[string]string) []string {
	objects, err := parsed(files)
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	found := 0
	for _, object := range objects {
		data, _ := object.Content["data"].(map[string]any)
		text, isText := data["mesh"].(string)
		if object.Kind() != "ConfigMap" || !isText {
			continue
		}
		found++
		content, err := yaml.YAMLToJSONStrict([]byte(text))
		if err == nil {
			err = protojson.Unmarshal(content, &meshv1alpha1.MeshConfig{})
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("`%s`: %v", object.ID(), err))
		}
	}
	if found == 0 {
		problems = append(problems, "there is no mesh config")
	}
	return problems
}
