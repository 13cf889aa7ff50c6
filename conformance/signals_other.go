//go:build !linux

package main

import "cdk8s-mesh/conformance/internal/report"

func unprivileged(string) report.Check {
	return report.NewCheck("network without root", "this needs Linux")
}

func interruptions(string) []report.Check { return nil }
