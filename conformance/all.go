package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/validate"
)

// allCommand runs everything on every example, and on the suite's own system and broken manifests.
func allCommand(input arguments) ([]report.Check, error) {
	if len(input.paths)+len(input.context) > 0 {
		return nil, report.Bad("the run of everything takes no paths\n%s", usage)
	}
	fmt.Fprintln(os.Stderr, "not shown here: Istio's webhook rules and analyzers, xDS, and proxies; see conformance/README.md")
	home, err := setting("CONFORMANCE_HOME")
	if err != nil {
		return nil, err
	}
	checks, err := broken(filepath.Join(home, "testdata/broken"))
	if err != nil {
		return nil, err
	}
	refused, err := refusals(home)
	if err != nil {
		return nil, err
	}
	checks = slices.Concat(checks, refused, interruptions(home))
	examples, err := filepath.Glob(filepath.Join(home, "../examples/*/main.ts"))
	if err != nil {
		return nil, err
	}
	stories := map[string]string{"shop": filepath.Join(home, "testdata/shop/manifests.yaml")}
	for _, example := range examples {
		dir := filepath.Dir(example)
		stories[filepath.Base(dir)] = filepath.Join(dir, "expected.yaml")
	}
	for _, name := range sorted(stories) {
		of, err := story(home, name, stories[name])
		if err != nil {
			return nil, err
		}
		checks = append(checks, of...)
	}
	return checks, nil
}

// story validates one system and makes its calls; what an example lacks is a failure, not an omission.
func story(home, name, file string) ([]report.Check, error) {
	progress(name)
	if _, err := os.Stat(file); err != nil {
		return []report.Check{report.NewCheck(name, "there is no expected.yaml; fix: run `npm run examples:accept`")}, nil
	}
	objects, err := manifests.LoadFiles([]string{file})
	if err != nil {
		return nil, err
	}
	checks, err := validateObjects(objects)
	if err != nil {
		return nil, err
	}
	calls := filepath.Join(home, "calls", name+".yaml")
	if _, err := os.Stat(calls); err != nil {
		missing := report.NewCheck("network", fmt.Sprintf("there is no call file; fix: write conformance/calls/%s.yaml", name))
		return prefixed(name, append(checks, missing)), nil
	}
	context, err := manifests.LoadFiles([]string{filepath.Join(home, "context/cluster.yaml"), filepath.Join(home, "context", name+".yaml")})
	if err != nil {
		return nil, err
	}
	connections, err := network.Run(calls, objects, context, func(step string) { progress(name + ": " + step) })
	if err != nil {
		return nil, err
	}
	return prefixed(name, append(checks, connections...)), nil
}

func prefixed(name string, checks []report.Check) []report.Check {
	for index := range checks {
		checks[index].Name = name + ": " + checks[index].Name
	}
	return checks
}

var marker = regexp.MustCompile(`# broken: (\S+)$`)

// broken expects of each manifest exactly the findings that its own lines are marked with.
func broken(dir string) ([]report.Check, error) {
	crds, err := loadCRDs()
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		objects, err := manifests.Parse(file, string(text))
		if err != nil {
			return nil, err
		}
		findings, err := validate.Objects(objects, crds)
		if err != nil {
			return nil, err
		}
		checks = append(checks, asMarked(file, string(text), findings))
	}
	return checks, nil
}

func asMarked(file, text string, findings []validate.Finding) report.Check {
	var want, got, reasons []string
	for number, line := range strings.Split(text, "\n") {
		if match := marker.FindStringSubmatch(line); match != nil {
			want = append(want, fmt.Sprintf("%s on line %d", match[1], number+1))
		}
	}
	for _, finding := range findings {
		got = append(got, fmt.Sprintf("%s on line %d", finding.Rule, finding.Line))
	}
	if len(want) == 0 || !slices.Equal(want, got) {
		reasons = append(reasons, fmt.Sprintf("expected %v, found %v", want, got))
	}
	return report.NewCheck("broken "+strings.TrimSuffix(filepath.Base(file), ".yaml")+" is caught", reasons...)
}

func sorted(stories map[string]string) []string {
	var names []string
	for name := range stories {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
