package main

import (
	"fmt"
	"os"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
)

func networkCommand(input arguments) ([]report.Check, error) {
	objects, context, err := input.set("network")
	if err != nil {
		return nil, err
	}
	return network.Run(input.paths[1], objects, context, progress)
}

// set reads the manifests of a command that takes a folder and a call file.
func (a arguments) set(command string) (objects, context []manifests.Object, err error) {
	if len(a.paths) != 2 {
		return nil, nil, report.Bad("%s takes a folder and a call file\n%s", command, usage)
	}
	if objects, err = manifests.Load(a.paths[0]); err != nil {
		return nil, nil, err
	}
	context, err = manifests.LoadFiles(a.context)
	return objects, context, err
}

// progress keeps one line of a terminal up to date, and is silent where nobody watches.
func progress(step string) {
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r\033[K%s\r", step)
	}
}
