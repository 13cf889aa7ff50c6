package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/policies"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/validate"
)

var (
	marker = regexp.MustCompile(`# broken: (\S+)$`)
	fails  = regexp.MustCompile(`(?m)^# fails: (.+)$`)
	staged = regexp.MustCompile(`(?m)^# stage: (.+)$`)
)

// broken expects of each manifest exactly the findings that its own lines are marked with.
func broken(dir string) ([]report.Check, error) {
	crds, err := loadCRDs()
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	err = eachFile(dir, func(file, text string, objects []manifests.Object) error {
		findings, err := validate.Objects(objects, crds)
		checks = append(checks, asMarked(file, text, findings))
		return err
	})
	return checks, err
}

func asMarked(file, text string, findings []validate.Finding) report.Check {
	var want, got []string
	for number, line := range strings.Split(text, "\n") {
		if match := marker.FindStringSubmatch(line); match != nil {
			want = append(want, fmt.Sprintf("%s on line %d", match[1], number+1))
		}
	}
	for _, finding := range findings {
		got = append(got, fmt.Sprintf("%s on line %d", finding.Rule, finding.Line))
	}
	return caught("broken", file, want, got)
}

// weakened puts each policy in the place of the suite's own one, and expects exactly the checks to fail that its first
// lines name.
func weakened(home string) ([]report.Check, error) {
	calls := filepath.Join(home, "calls/shop.yaml")
	return eachWeakened(home, "shop", "testdata/weakened", func(objects, context []manifests.Object) ([]report.Check, error) {
		found, err := network.Run(calls, objects, context, func(string) {})
		return slices.DeleteFunc(found, func(c report.Check) bool { return c.Name == network.EveryRuleMatters }), err
	})
}

// weakenedPolicies does the same with what callees' proxies enforce.
func weakenedPolicies(home string) ([]report.Check, error) {
	binary, err := setting("CONFORMANCE_ENVOY")
	if err != nil {
		return nil, err
	}
	calls := filepath.Join(home, "calls/clinic.yaml")
	return eachWeakened(home, "clinic", "testdata/weakened-policies", func(objects, context []manifests.Object) ([]report.Check, error) {
		return policies.Verdicts(binary, calls, objects, context)
	})
}

func eachWeakened(home, name, dir string, run func(objects, context []manifests.Object) ([]report.Check, error)) ([]report.Check, error) {
	whole, context, err := system(home, name, filepath.Join(home, "testdata", name, "manifests.yaml"))
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	err = eachFile(filepath.Join(home, dir), func(file, text string, objects []manifests.Object) error {
		progress("weakened: " + filepath.Base(file))
		others, err := manifests.Without(whole, []string{objects[0].ID()})
		if err != nil {
			return err
		}
		found, err := run(append(others, objects...), context)
		if err != nil {
			return err
		}
		checks = append(checks, asNamed(file, text, found))
		return nil
	})
	return checks, err
}

// weakenedMigrations does the same with the stages of a migration, which come out as they must without that.
func weakenedMigrations(home string) ([]report.Check, error) {
	binary, err := setting("CONFORMANCE_ENVOY")
	if err != nil {
		return nil, err
	}
	stages, err := stagesIn(filepath.Join(home, "testdata/depot"))
	if err != nil {
		return nil, err
	}
	calls := filepath.Join(home, "calls/depot-migration.yaml")
	checks, err := policies.Rollout(binary, calls, stages, nil, progress)
	if err != nil {
		return nil, err
	}
	checks = prefixed("depot", checks)
	err = eachFile(filepath.Join(home, "testdata/weakened-migration"), func(file, text string, objects []manifests.Object) error {
		progress("weakened: " + filepath.Base(file))
		changed := slices.Clone(stages)
		for index, stage := range changed {
			named := func(match []string) bool { return match[1] == stage.Name }
			if !slices.ContainsFunc(staged.FindAllStringSubmatch(text, -1), named) {
				continue
			}
			others, err := manifests.Without(stage.Objects, []string{objects[0].ID()})
			if err != nil {
				return err
			}
			changed[index].Objects = append(others, objects...)
		}
		found, err := policies.Rollout(binary, calls, changed, nil, progress)
		checks = append(checks, asNamed(file, text, found))
		return err
	})
	return checks, err
}

// asNamed expects exactly the checks to fail that a file names.
func asNamed(file, text string, found []report.Check) report.Check {
	var want, got []string
	for _, match := range fails.FindAllStringSubmatch(text, -1) {
		want = append(want, match[1])
	}
	for _, check := range found {
		if !check.Passed {
			got = append(got, check.Name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	return caught("weakened", file, want, got)
}

func caught(what, file string, want, got []string) report.Check {
	name := fmt.Sprintf("%s %s is caught", what, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	if len(want) == 0 || !slices.Equal(want, got) {
		return report.NewCheck(name, fmt.Sprintf("expected %q, found %q", want, got))
	}
	return report.NewCheck(name)
}

func eachFile(dir string, visit func(file, text string, objects []manifests.Object) error) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		objects, err := manifests.Parse(file, string(text))
		if err != nil {
			return err
		}
		if err := visit(file, string(text), objects); err != nil {
			return err
		}
	}
	return nil
}
