package main

import (
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/policies"
	"cdk8s-mesh/conformance/internal/report"
)

func policiesCommand(input arguments) ([]report.Check, error) {
	objects, context, err := input.set("policies")
	if err != nil {
		return nil, err
	}
	return called(input.paths[1], objects, context)
}

// called makes the calls of the call file to the callees' proxies.
func called(calls string, objects, context []manifests.Object) ([]report.Check, error) {
	binary, err := setting("CONFORMANCE_ENVOY")
	if err != nil {
		return nil, err
	}
	return policies.Run(binary, calls, objects, context, progress)
}
