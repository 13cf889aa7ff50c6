package validate

import (
	"encoding/json"
	"regexp"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kubejson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
)

// goField is how the decoder names the field whose type is wrong: behind the Go type that has it.
var goField = regexp.MustCompile(`Go struct field \w+\.(\S+) of type`)

func isBuiltIn(kind schema.GroupVersionKind) bool { return scheme.Scheme.Recognizes(kind) }

// builtIn decodes an object of Kubernetes itself with the decoder that serves `kubectl apply --validate=strict`.
func builtIn(object manifests.Object) []Finding {
	data, err := json.Marshal(object.Content)
	if err != nil {
		return []Finding{at(object, RuleSchema, "", err.Error())}
	}
	decoder := kubejson.NewSerializerWithOptions(kubejson.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, kubejson.SerializerOptions{Strict: true})
	_, _, err = decoder.Decode(data, nil, nil)
	if strict, isStrict := runtime.AsStrictDecodingError(err); isStrict {
		return withoutMetadata(unknownFields(object, "", strict.Errors()))
	}
	if err != nil {
		path := ""
		if match := goField.FindStringSubmatch(err.Error()); match != nil {
			path = match[1]
		}
		return []Finding{at(object, RuleSchema, path, err.Error())}
	}
	return nil
}

// withoutMetadata leaves out what the metadata check, which every kind goes through, has said already.
func withoutMetadata(findings []Finding) []Finding {
	var rest []Finding
	for _, finding := range findings {
		if !strings.Contains(finding.Message, `"metadata.`) {
			rest = append(rest, finding)
		}
	}
	return rest
}
