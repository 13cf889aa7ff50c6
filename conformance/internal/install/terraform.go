package install

import (
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	"github.com/hashicorp/hcl/v2"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

const stackFile = "cdk.tf.json"

var stackSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "terraform"},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
}}

// readTerraform reads a stack by Terraform's own language, in which every text is a template.
func readTerraform(files map[string]string) (emitted, error) {
	found, err := readRendered(files)
	if err != nil {
		return found, err
	}
	stack, problems := hcljson.Parse([]byte(files[stackFile]), stackFile)
	if problems.HasErrors() {
		return found, problems
	}
	content, problems := stack.Body.Content(stackSchema)
	if problems.HasErrors() {
		return found, problems
	}
	for _, block := range content.Blocks {
		if block.Type != "resource" {
			continue
		}
		if block.Labels[0] != "helm_release" {
			return found, report.Bad("the stack has the resource `%s`; fix: let its reader know what this is for", block.Labels[0])
		}
		one, err := helmReleaseOf(block)
		if err != nil {
			return found, err
		}
		found.releases = append(found.releases, one)
	}
	closure(found.releases)
	return found, nil
}

func helmReleaseOf(block *hcl.Block) (release, error) {
	// The provider installs the CRDs of a chart unless `skip_crds` says otherwise.
	one := release{makesCRDs: true}
	attributes, problems := block.Body.JustAttributes()
	if problems.HasErrors() {
		return one, problems
	}
	texts := map[string]*string{
		"name": &one.name, "namespace": &one.namespace, "chart": &one.chart, "version": &one.version, "repository": &one.repository,
	}
	for name, attribute := range attributes {
		value, problems := attribute.Expr.Value(&hcl.EvalContext{})
		if problems.HasErrors() {
			return one, problems
		}
		switch {
		case texts[name] != nil && value.Type() == cty.String:
			*texts[name] = value.AsString()
		case name == "create_namespace" && value.Type() == cty.Bool:
			one.makesNamespace = value.True()
		case name == "timeout" && value.Type() == cty.Number:
		case name == "values" && value.LengthInt() == 1:
			one.values = []byte(value.AsValueSlice()[0].AsString())
		case name == "depends_on":
			for _, before := range value.AsValueSlice() {
				one.after = append(one.after, strings.TrimPrefix(before.AsString(), "helm_release."))
			}
		default:
			return one, report.Bad("`helm_release.%s` has the attribute `%s`; fix: let its reader know what this is for", block.Labels[1], name)
		}
	}
	slices.Sort(one.after)
	return one, nil
}
