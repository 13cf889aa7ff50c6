package main

// conformance/run takes the CRDs from these modules' folders; the imports are what pins the modules in go.mod.
import (
	_ "istio.io/api/label"
	_ "sigs.k8s.io/gateway-api/pkg/consts"
)
