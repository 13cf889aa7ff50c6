// Command conformance holds manifests against what Kubernetes would say to them and what its network would do.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

const usage = `usage: conformance                                         everything
       conformance validate DIR [--json]                   schema, unknown fields and CEL rules
       conformance network DIR CALLS.yaml [--context FILES] [--json]   live: NetworkPolicies, real connections
       conformance alerts [DIR TESTS.yaml...] [--json]     promtool: alerts of PrometheusRules, on series
       conformance routes DIR CALLS.yaml [--context FILES] [--json]    live: routes and resilience in real Envoys
       conformance policies DIR CALLS.yaml [--context FILES] [--json]  live: identities, tokens and denials at real Envoys
       conformance migration DIR CALLS.yaml [--context FILES] [--json] live: each stage of a migration, with old pods and new ones
       conformance install [--json]                        Helm: what every delivery of Istio has installed`

func main() {
	checks, err := run(os.Args[1:])
	var bad *report.BadInput
	switch {
	case errors.As(err, &bad):
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		os.Exit(1)
	}
	if _, failed := report.Count(checks); failed > 0 {
		os.Exit(1)
	}
}

func run(words []string) ([]report.Check, error) {
	command, words := "all", words
	if len(words) > 0 {
		command, words = words[0], words[1:]
	}
	input, err := parse(words)
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	switch command {
	case "validate":
		checks, err = validateCommand(input)
	case "network":
		checks, err = networkCommand(input)
	case "alerts":
		checks, err = alertsCommand(input)
	case "routes":
		checks, err = routesCommand(input)
	case "policies":
		checks, err = policiesCommand(input)
	case "migration":
		checks, err = migrationCommand(input)
	case "install":
		checks, err = installCommand(input)
	case "all":
		checks, err = allCommand(input)
	default:
		err = report.Bad("unknown command `%s`\n%s", command, usage)
	}
	if err != nil {
		return nil, err
	}
	if input.json {
		return checks, report.JSON(os.Stdout, checks)
	}
	report.Text(os.Stdout, checks)
	return checks, nil
}

// arguments are the words after the command.
type arguments struct {
	paths   []string
	context []string
	json    bool
}

func parse(words []string) (arguments, error) {
	var parsed arguments
	target := &parsed.paths
	for _, word := range words {
		switch {
		case word == "--json":
			parsed.json = true
		case word == "--context":
			target = &parsed.context
		case strings.HasPrefix(word, "-"):
			return parsed, report.Bad("unknown option `%s`\n%s", word, usage)
		default:
			*target = append(*target, resolve(word))
		}
	}
	return parsed, nil
}

// resolve reads a relative path from where the caller stood, which npm hands on in INIT_CWD.
func resolve(path string) string {
	base := os.Getenv("INIT_CWD")
	if filepath.IsAbs(path) || base == "" {
		return path
	}
	return filepath.Join(base, path)
}

// setting is a place that conformance/run has prepared.
func setting(name string) (string, error) {
	value := os.Getenv(name)
	if value == "" {
		return "", report.Bad("%s is not set; fix: start this through conformance/run", name)
	}
	return value, nil
}
