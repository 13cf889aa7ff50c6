// Package validate holds objects against what the Kubernetes API server would say to them.
package validate

import (
	"encoding/json"
	"fmt"
	"regexp"

	"cdk8s-mesh/conformance/internal/manifests"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	strictjson "sigs.k8s.io/json"
)

// Rules, as they stand in a finding.
const (
	RuleSchema       = "schema"
	RuleUnknownField = "unknown-field"
	RuleCEL          = "cel"
	RuleMetadata     = "metadata"
	RuleUnknownKind  = "unknown-kind"
	RuleDuplicate    = "duplicate"
)

// Finding is one thing that the API server would refuse or warn about.
type Finding struct {
	Resource string `json:"resource"`
	Rule     string `json:"rule"`
	Message  string `json:"message"`
	File     string `json:"file"`
	Line     int    `json:"line"`
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s: %s", f.File, f.Line, f.Rule, f.Resource, f.Message)
}

// Objects gives the findings for every object, in the order of the objects.
func Objects(objects []manifests.Object, crds *CRDs) ([]Finding, error) {
	findings := []Finding{}
	seen := map[string]manifests.Object{}
	for _, object := range objects {
		// The version is left out: two versions of one kind are one object to the API server.
		key := object.GVK().Group + "/" + object.ID()
		if first, twice := seen[key]; twice {
			findings = append(findings, at(object, RuleDuplicate, "metadata.name",
				fmt.Sprintf("also defined at %s:%d", first.File, first.Line(""))))
		}
		seen[key] = object

		found, err := one(object, crds)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

func one(object manifests.Object, crds *CRDs) ([]Finding, error) {
	findings := metadata(object)
	if isBuiltIn(object.GVK()) {
		return append(findings, builtIn(object)...), nil
	}
	resource, err := crds.find(object.GVK())
	if err != nil {
		return nil, err
	}
	if resource == nil {
		return append(findings, at(object, RuleUnknownKind, "kind",
			fmt.Sprintf("neither Kubernetes nor Istio serves %s", object.GVK()))), nil
	}
	return append(findings, resource.validate(object)...), nil
}

func metadata(object manifests.Object) []Finding {
	data, err := json.Marshal(object.Content["metadata"])
	if err != nil {
		return []Finding{at(object, RuleMetadata, "metadata", err.Error())}
	}
	var meta metav1.ObjectMeta
	strict, err := strictjson.UnmarshalStrict(data, &meta)
	if err != nil {
		return []Finding{at(object, RuleMetadata, "metadata", err.Error())}
	}
	findings := unknownFields(object, "metadata.", strict)
	// Whether a kind is namespaced is not asked here: kubectl fills an absent namespace in.
	for _, problem := range apivalidation.ValidateObjectMeta(&meta, meta.Namespace != "", apivalidation.NameIsDNSSubdomain, field.NewPath("metadata")) {
		findings = append(findings, at(object, RuleMetadata, problem.Field, problem.Error()))
	}
	return findings
}

var quoted = regexp.MustCompile(`"([^"]+)"`)

// unknownFields turns the messages of a strict decoder, which name the field in quotes, into findings.
func unknownFields(object manifests.Object, prefix string, problems []error) []Finding {
	var findings []Finding
	for _, problem := range problems {
		path := ""
		if match := quoted.FindStringSubmatch(problem.Error()); match != nil {
			path = prefix + match[1]
		}
		findings = append(findings, at(object, RuleUnknownField, path, problem.Error()))
	}
	return findings
}

func at(object manifests.Object, rule, path, message string) Finding {
	return Finding{Resource: object.ID(), Rule: rule, Message: message, File: object.File, Line: object.Line(path)}
}
