package main

import (
	"path/filepath"

	"cdk8s-mesh/conformance/internal/install"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/validate"
)

func installCommand(input arguments) ([]report.Check, error) {
	if len(input.paths)+len(input.context) > 0 {
		return nil, report.Bad("install takes no paths\n%s", usage)
	}
	home, err := setting("CONFORMANCE_HOME")
	if err != nil {
		return nil, err
	}
	return installed(home)
}

// installed holds the deliveries of an install against each other.
func installed(home string) ([]report.Check, error) {
	helm, err := setting("CONFORMANCE_HELM")
	if err != nil {
		return nil, err
	}
	return install.Run(install.Settings{
		Helm:    helm,
		Root:    filepath.Dir(home),
		Charts:  filepath.Join(home, "testdata/charts"),
		Refused: refusedObjects,
	}, progress)
}

func refusedObjects(objects []manifests.Object) ([]string, error) {
	crds, err := loadCRDs()
	if err != nil {
		return nil, err
	}
	findings, err := validate.Objects(objects, crds)
	var reasons []string
	for _, finding := range findings {
		reasons = append(reasons, finding.String())
	}
	return reasons, err
}
