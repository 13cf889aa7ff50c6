package main

import (
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/routes"
)

func routesCommand(input arguments) ([]report.Check, error) {
	objects, context, err := input.set("routes")
	if err != nil {
		return nil, err
	}
	return routed(input.paths[1], objects, context)
}

// routed makes the requests of the call file, and asks Envoy about every other route of the set.
func routed(calls string, objects, context []manifests.Object) ([]report.Check, error) {
	binary, err := setting("CONFORMANCE_ENVOY")
	if err != nil {
		return nil, err
	}
	requests, err := routes.Run(binary, calls, objects, context, progress)
	if err != nil {
		return nil, err
	}
	accepted, err := routes.Accepted(binary, objects, context, progress)
	return append(accepted, requests...), err
}
