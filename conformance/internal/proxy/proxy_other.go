//go:build !linux

package proxy

import "cdk8s-mesh/conformance/internal/report"

var errNoLinux = report.Bad("routes needs Linux, because Envoy is published for it; fix: run it in a Linux container")

// Envoy is one running proxy.
type Envoy struct{ Ports map[string]int }

// Check says whether this machine can run Envoy at all.
func Check() error { return errNoLinux }

// AdminName is a socket name that nobody else has.
func AdminName() string { return "" }

// Validate asks Envoy whether it accepts a configuration.
func Validate(string, []byte) (string, error) { return "", errNoLinux }

// Start runs Envoy.
func Start(string, string, []byte) (*Envoy, error) { return nil, errNoLinux }

// Stop ends the process.
func (e *Envoy) Stop() {}

// Log is what listeners have written to the access log so far.
func (e *Envoy) Log() ([]byte, error) { return nil, errNoLinux }

// Stats gives the counters whose names match a regular expression.
func (e *Envoy) Stats(string) (map[string]int, error) { return nil, errNoLinux }

// Refusing holds a port that refuses every connection.
func Refusing() (int, func(), error) { return 0, nil, errNoLinux }
