package main

// conformance/run takes the CRDs from this module's folder; the import is what pins the module in go.mod.
import _ "istio.io/api/label"
