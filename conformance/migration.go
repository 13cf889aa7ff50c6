package main

import (
	"path/filepath"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/policies"
	"cdk8s-mesh/conformance/internal/report"
)

func migrationCommand(input arguments) ([]report.Check, error) {
	if len(input.paths) != 2 {
		return nil, report.Bad("migration takes a folder and a call file\n%s", usage)
	}
	context, err := manifests.LoadFiles(input.context)
	if err != nil {
		return nil, err
	}
	return migrated(input.paths[0], input.paths[1], context)
}

// migrated makes the calls at every stage.
func migrated(folder, calls string, context []manifests.Object) ([]report.Check, error) {
	binary, err := setting("CONFORMANCE_ENVOY")
	if err != nil {
		return nil, err
	}
	stages, err := stagesIn(folder)
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, stage := range stages {
		valid, err := validateObjects(stage.Objects)
		if err != nil {
			return nil, err
		}
		checks = append(checks, prefixed(stage.Name, valid)...)
	}
	played, err := policies.Rollout(binary, calls, stages, context, progress)
	return append(checks, played...), err
}

// stagesIn reads the stages: each is a file of the folder, in the order of their names.
func stagesIn(folder string) ([]policies.Stage, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, report.Bad("`%s` has no stages; fix: name a folder with a .yaml file for each", folder)
	}
	slices.Sort(files)
	var stages []policies.Stage
	for _, file := range files {
		objects, err := manifests.LoadFiles([]string{file})
		if err != nil {
			return nil, err
		}
		stages = append(stages, policies.Stage{Name: strings.TrimSuffix(filepath.Base(file), ".yaml"), Objects: objects})
	}
	return stages, nil
}
