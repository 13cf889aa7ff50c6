package main

import (
	"fmt"
	"os"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
)

func networkCommand(input arguments) ([]report.Check, error) {
	if len(input.paths) != 2 {
		return nil, report.Bad("network takes a folder and a call file\n%s", usage)
	}
	objects, err := manifests.Load(input.paths[0])
	if err != nil {
		return nil, err
	}
	context, err := manifests.LoadFiles(input.context)
	if err != nil {
		return nil, err
	}
	return network.Run(input.paths[1], objects, context, progress)
}

// progress keeps one line of a terminal up to date, and is silent where nobody watches.
func progress(step string) {
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r\033[K%s\r", step)
	}
}
