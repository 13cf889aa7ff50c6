package main

import (
	"path/filepath"
	"sync"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/validate"
)

func validateCommand(input arguments) ([]report.Check, error) {
	if len(input.paths) != 1 || len(input.context) > 0 {
		return nil, report.Bad("validate takes one folder\n%s", usage)
	}
	objects, err := manifests.Load(input.paths[0])
	if err != nil {
		return nil, err
	}
	return validateObjects(objects)
}

// validateObjects gives one check for each object.
func validateObjects(objects []manifests.Object) ([]report.Check, error) {
	crds, err := loadCRDs()
	if err != nil {
		return nil, err
	}
	findings, err := validate.Objects(objects, crds)
	if err != nil {
		return nil, err
	}
	reasons := map[string][]string{}
	for _, finding := range findings {
		reasons[finding.Resource] = append(reasons[finding.Resource], finding.String())
	}
	var checks []report.Check
	done := map[string]bool{}
	for _, object := range objects {
		if id := object.ID(); !done[id] {
			done[id] = true
			checks = append(checks, report.NewCheck("validate "+id, reasons[id]...))
		}
	}
	return checks, nil
}

// loadCRDs reads the definitions when first asked for them.
var loadCRDs = sync.OnceValues(func() (*validate.CRDs, error) {
	files, err := setting("CONFORMANCE_CRDS")
	if err != nil {
		return nil, err
	}
	return validate.LoadCRDs(filepath.SplitList(files))
})
