package main

import (
	"path/filepath"

	"cdk8s-mesh/conformance/internal/alerts"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
)

func alertsCommand(input arguments) ([]report.Check, error) {
	if len(input.paths)+len(input.context) == 0 {
		home, err := setting("CONFORMANCE_HOME")
		if err != nil {
			return nil, err
		}
		return ownAlerts(home)
	}
	if len(input.paths) < 2 || len(input.context) > 0 {
		return nil, report.Bad("alerts takes a folder and files of tests, or nothing for the suite's own\n%s", usage)
	}
	promtool, err := setting("CONFORMANCE_PROMTOOL")
	if err != nil {
		return nil, err
	}
	objects, err := manifests.Load(input.paths[0])
	if err != nil {
		return nil, err
	}
	rules, err := alerts.FromObjects(objects)
	if err != nil {
		return nil, err
	}
	return alerts.Run(promtool, rules, input.paths[1:], progress)
}

// ownAlerts tests the rules that the library makes, on series of the suite's own.
func ownAlerts(home string) ([]report.Check, error) {
	promtool, err := setting("CONFORMANCE_PROMTOOL")
	if err != nil {
		return nil, err
	}
	rules, err := alerts.ReadRules(filepath.Join(home, "testdata/alerts/rules.yaml"))
	if err != nil {
		return nil, err
	}
	tests, err := filepath.Glob(filepath.Join(home, "testdata/alerts/*.test.yaml"))
	if err != nil {
		return nil, err
	}
	checks, err := alerts.Run(promtool, rules, tests, progress)
	return prefixed("alerts", checks), err
}
