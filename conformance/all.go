package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/report"
)

const shopManifests = "testdata/shop/manifests.yaml"

// allCommand runs everything on every example; and first, what shows that the suite itself can be trusted.
func allCommand(input arguments) ([]report.Check, error) {
	if len(input.paths)+len(input.context) > 0 {
		return nil, report.Bad("the run of everything takes no paths\n%s", usage)
	}
	fmt.Fprintln(os.Stderr, "not shown here: Istio's webhook rules, its analyzers, and what istiod itself sends to proxies; see conformance/README.md")
	home, err := setting("CONFORMANCE_HOME")
	if err != nil {
		return nil, err
	}
	if err := network.CheckHost(); err != nil {
		return nil, err
	}
	files, err := systems(home)
	if err != nil {
		return nil, err
	}
	// Networks mostly wait for what must not come: meanwhile, there is time for all else.
	var networks queue
	weak := networks.add(func() ([]report.Check, error) { return weakened(home) })
	connections := map[string]part{}
	for _, name := range sorted(files) {
		connections[name] = networks.add(func() ([]report.Check, error) { return connected(home, name, files[name]) })
	}
	parts := []part{
		func() ([]report.Check, error) { return broken(filepath.Join(home, "testdata/broken")) },
		func() ([]report.Check, error) { return refusals(home) },
		func() ([]report.Check, error) {
			// Not before this is done: what is left is told by network namespaces, and none of this process may be among them.
			defer func() { go networks.run() }()
			return interruptions(home), nil
		},
		func() ([]report.Check, error) { return ownAlerts(home) },
		func() ([]report.Check, error) { return installed(home) },
		weak,
		func() ([]report.Check, error) { return clinic(home) },
		func() ([]report.Check, error) { return weakenedPolicies(home) },
		func() ([]report.Check, error) { return weakenedMigrations(home) },
		func() ([]report.Check, error) { return stories(home, files, connections) },
		func() ([]report.Check, error) { return migrations(home) },
		func() ([]report.Check, error) { return platforms(home) },
	}
	var checks []report.Check
	for _, part := range parts {
		of, err := part()
		if err != nil {
			return nil, err
		}
		checks = append(checks, of...)
	}
	return checks, nil
}

// systems are the suite's own system and every example, by name.
func systems(home string) (map[string]string, error) {
	files := map[string]string{"shop": filepath.Join(home, shopManifests)}
	examples, err := filepath.Glob(filepath.Join(home, "../examples/*/main.ts"))
	for _, example := range examples {
		if dir := filepath.Dir(example); !isPlatform(dir) {
			files[filepath.Base(dir)] = filepath.Join(dir, "expected.yaml")
		}
	}
	return files, err
}

// lacking is what a system cannot be looked at without.
func lacking(home, name, file string) string {
	if _, err := os.Stat(file); err != nil {
		return "there is no expected.yaml; fix: run `npm run examples:accept`"
	}
	if _, err := os.Stat(callsOf(home, name)); err != nil {
		return fmt.Sprintf("there is no call file; fix: write conformance/calls/%s.yaml", name)
	}
	return ""
}

func callsOf(home, name string) string { return filepath.Join(home, "calls", name+".yaml") }

// connected makes the connections of one system.
func connected(home, name, file string) ([]report.Check, error) {
	if lacking(home, name, file) != "" {
		return nil, nil
	}
	objects, context, err := system(home, name, file)
	if err != nil {
		return nil, err
	}
	return network.Run(callsOf(home, name), objects, context, func(step string) { progress(name + ": " + step) })
}

// stories goes through the suite's own system, and through every example.
func stories(home string, files map[string]string, connections map[string]part) ([]report.Check, error) {
	var checks []report.Check
	for _, name := range sorted(files) {
		of, err := story(home, name, files[name], connections[name])
		if err != nil {
			return nil, err
		}
		checks = append(checks, of...)
	}
	return checks, nil
}

// story validates one system and makes its calls; what an example lacks is a failure, not an omission.
func story(home, name, file string, connections part) ([]report.Check, error) {
	progress(name)
	if reason := lacking(home, name, file); reason != "" {
		return []report.Check{report.NewCheck(name, reason)}, nil
	}
	objects, context, err := system(home, name, file)
	if err != nil {
		return nil, err
	}
	checks, err := validateObjects(objects)
	if err != nil {
		return nil, err
	}
	requests, err := routed(callsOf(home, name), objects, context)
	if err != nil {
		return nil, err
	}
	verdicts, err := called(callsOf(home, name), objects, context)
	if err != nil {
		return nil, err
	}
	connected, err := connections()
	if err != nil {
		return nil, err
	}
	return prefixed(name, slices.Concat(checks, connected, requests, verdicts)), nil
}

// isPlatform says whether an example is about what installs the mesh: its calls are those of other examples.
func isPlatform(dir string) bool {
	return strings.HasPrefix(filepath.Base(dir), "platform")
}

// platforms validates what has the mesh installed, at every stage of an upgrade.
func platforms(home string) ([]report.Check, error) {
	var checks []report.Check
	for _, pattern := range []string{"expected.yaml", "upgrade/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(home, "../examples/platform*", pattern))
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			checks = append(checks, report.NewCheck("platforms", "there is no examples/platform*/"+pattern+"; fix: run `npm run examples:accept`"))
		}
		for _, file := range files {
			name, _ := filepath.Rel(filepath.Join(home, "../examples"), strings.TrimSuffix(file, ".yaml"))
			progress(name)
			objects, err := manifests.LoadFiles([]string{file})
			if err != nil {
				return nil, err
			}
			of, err := validateObjects(objects)
			if err != nil {
				return nil, err
			}
			checks = append(checks, prefixed(name, of)...)
		}
	}
	return checks, nil
}

// migrations goes through the stages of every example that has them.
func migrations(home string) ([]report.Check, error) {
	folders, err := filepath.Glob(filepath.Join(home, "../examples/*/migration"))
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, folder := range folders {
		name := filepath.Base(filepath.Dir(folder)) + "-migration"
		progress(name)
		context, err := manifests.LoadFiles([]string{filepath.Join(home, "context", name+".yaml")})
		if err != nil {
			return nil, err
		}
		of, err := migrated(folder, filepath.Join(home, "calls", name+".yaml"), context)
		if err != nil {
			return nil, err
		}
		checks = append(checks, prefixed(name, of)...)
	}
	return checks, nil
}

// clinic is the suite's own system of tokens and denials, which has neither routes nor NetworkPolicies.
func clinic(home string) ([]report.Check, error) {
	const name = "clinic"
	progress(name)
	objects, context, err := system(home, name, filepath.Join(home, "testdata", name, "manifests.yaml"))
	if err != nil {
		return nil, err
	}
	checks, err := validateObjects(objects)
	if err != nil {
		return nil, err
	}
	verdicts, err := called(filepath.Join(home, "calls", name+".yaml"), objects, context)
	return prefixed(name, slices.Concat(checks, verdicts)), err
}

// system reads the objects of a system, and those of the context that it has here.
func system(home, name, file string) (objects, context []manifests.Object, err error) {
	if objects, err = manifests.LoadFiles([]string{file}); err != nil {
		return nil, nil, err
	}
	context, err = manifests.LoadFiles([]string{
		filepath.Join(home, "context/cluster.yaml"), filepath.Join(home, "context", name+".yaml"),
	})
	return objects, context, err
}

func prefixed(name string, checks []report.Check) []report.Check {
	for index := range checks {
		checks[index].Name = name + ": " + checks[index].Name
	}
	return checks
}

func sorted(files map[string]string) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
