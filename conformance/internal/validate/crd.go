package validate

import (
	"context"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// CRDs are the custom resource definitions to hold objects against. A schema is compiled when first asked for.
type CRDs struct {
	served   map[schema.GroupVersionKind]*apiextensionsv1.CustomResourceValidation
	compiled map[schema.GroupVersionKind]*customResource
}

type customResource struct {
	structural *structural.Structural
	schema     validation.SchemaValidator
	cel        *cel.Validator
}

// LoadCRDs reads the definitions of these files.
func LoadCRDs(files []string) (*CRDs, error) {
	objects, err := manifests.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	crds := &CRDs{
		served:   map[schema.GroupVersionKind]*apiextensionsv1.CustomResourceValidation{},
		compiled: map[schema.GroupVersionKind]*customResource{},
	}
	for _, object := range objects {
		var definition apiextensionsv1.CustomResourceDefinition
		if err := object.Into(&definition); err != nil {
			return nil, err
		}
		for _, version := range definition.Spec.Versions {
			if version.Served {
				kind := schema.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
				crds.served[kind] = version.Schema
			}
		}
	}
	if len(crds.served) == 0 {
		return nil, report.Bad("`%s` defines no custom resource", strings.Join(files, "`, `"))
	}
	return crds, nil
}

// find gives nil for a kind that no definition serves.
func (c *CRDs) find(kind schema.GroupVersionKind) (*customResource, error) {
	source, isServed := c.served[kind]
	if !isServed {
		return nil, nil
	}
	if found, done := c.compiled[kind]; done {
		return found, nil
	}
	var internal apiextensions.CustomResourceValidation
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(source, &internal, nil); err != nil {
		return nil, err
	}
	shape, err := structural.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	checker, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	c.compiled[kind] = &customResource{structural: shape, schema: checker, cel: cel.NewValidator(shape, true, celconfig.PerCallLimit)}
	return c.compiled[kind], nil
}

// validate goes the API server's way: unknown fields, defaults, schema, list types, CEL.
func (r *customResource) validate(object manifests.Object) []Finding {
	content := runtime.DeepCopyJSON(object.Content)

	var findings []Finding
	options := structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(content, r.structural, true, options) {
		findings = append(findings, at(object, RuleUnknownField, path, "unknown field `"+path+"`"))
	}
	defaulting.Default(content, r.structural)

	problems := validation.ValidateCustomResource(nil, content, r.schema)
	problems = append(problems, listtype.ValidateListSetsAndMaps(nil, r.structural, content)...)
	for _, problem := range problems {
		findings = append(findings, fromField(object, RuleSchema, problem))
	}
	// Like the API server: CEL rules may assume what the schema promises.
	if len(problems) == 0 && r.cel != nil {
		broken, _ := r.cel.Validate(context.Background(), nil, r.structural, content, nil, celconfig.RuntimeCELCostBudget)
		for _, problem := range broken {
			findings = append(findings, fromField(object, RuleCEL, problem))
		}
	}
	return findings
}

func fromField(object manifests.Object, rule string, problem *field.Error) Finding {
	return at(object, rule, problem.Field, problem.Error())
}
