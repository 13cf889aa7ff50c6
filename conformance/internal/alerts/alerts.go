// Package alerts holds alerting rules against series that must and must not fire them, with promtool.
package alerts

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"

	"sigs.k8s.io/yaml"
)

// Newest is the last minor release of Prometheus whose language the rules may use.
const Newest = "2.42"

// Rules are groups as Prometheus reads them.
type Rules struct {
	Groups []Group `json:"groups"`
}

// Group is a list of rules that are evaluated together.
type Group struct {
	Name  string           `json:"name"`
	Rules []map[string]any `json:"rules"`
}

// ReadRules reads a file of rules.
func ReadRules(file string) (Rules, error) {
	var rules Rules
	text, err := os.ReadFile(file)
	if err != nil {
		return rules, report.Bad("cannot read `%s`: %v", file, err)
	}
	if err := yaml.UnmarshalStrict(text, &rules); err != nil {
		return rules, report.Bad("`%s` has no rules: %v", file, err)
	}
	return rules, nil
}

// FromObjects joins the rules of every PrometheusRule.
func FromObjects(objects []manifests.Object) (Rules, error) {
	var all Rules
	for _, object := range objects {
		if object.Kind() != "PrometheusRule" {
			continue
		}
		text, err := yaml.Marshal(object.Content["spec"])
		if err != nil {
			return all, err
		}
		var rules Rules
		if err := yaml.Unmarshal(text, &rules); err != nil {
			return all, report.Bad("PrometheusRule `%s` of `%s` has no rules: %v", object.Name(), object.File, err)
		}
		all.Groups = append(all.Groups, rules.Groups...)
	}
	if len(all.Groups) == 0 {
		return all, report.Bad("there is no PrometheusRule with a group")
	}
	return all, nil
}

// Run makes every test with the rules as they are; and with each alert broken in both ways, which some test must notice.
func Run(promtool string, rules Rules, tests []string, progress func(string)) ([]report.Check, error) {
	if err := checkVersion(promtool); err != nil {
		return nil, err
	}
	bench, err := newBench(promtool, tests)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(bench.dir)
	output, passed, err := bench.run(rules, bench.tests)
	if err != nil {
		return nil, err
	}
	if !passed {
		return []report.Check{report.NewCheck("alerts fire when they must, and only then", output)}, nil
	}
	checks := []report.Check{report.NewCheck("alerts fire when they must, and only then")}
	for group := range rules.Groups {
		for rule, content := range rules.Groups[group].Rules {
			alert, isAlert := content["alert"].(string)
			if !isAlert {
				continue
			}
			progress(alert + " of " + rules.Groups[group].Name)
			check, err := bench.control(rules, group, rule, alert)
			if err != nil {
				return nil, err
			}
			checks = append(checks, check)
		}
	}
	return checks, nil
}

// broken are rules that are wrong in one way each, and what no test expects where none of them notices.
var broken = []struct{ expr, missing string }{
	{"vector(1) < 0", "no test expects it to fire"},
	{"vector(1)", "no test expects it to be silent"},
}

// testFile is a file of promtool's tests, as far as it matters here.
type testFile struct {
	name    string
	content map[string]any
}

// bench is a folder in which rules and tests are put.
type bench struct {
	promtool, dir string
	tests         []testFile
}

func newBench(promtool string, tests []string) (bench, error) {
	dir, err := os.MkdirTemp("", "alerts-")
	if err != nil {
		return bench{}, err
	}
	made := bench{promtool: promtool, dir: dir}
	for index, file := range tests {
		text, err := os.ReadFile(file)
		if err != nil {
			return made, report.Bad("cannot read `%s`: %v", file, err)
		}
		test := testFile{name: fmt.Sprintf("%d-%s", index, filepath.Base(file))}
		if err := yaml.UnmarshalStrict(text, &test.content); err != nil {
			return made, report.Bad("`%s` does not parse: %v", file, err)
		}
		made.tests = append(made.tests, test)
	}
	return made, nil
}

// run makes the tests; passed is whether all came out as expected.
func (b bench) run(rules Rules, tests []testFile) (output string, passed bool, err error) {
	if err := b.write("rules.yaml", rules); err != nil {
		return "", false, err
	}
	words := []string{"test", "rules"}
	for _, test := range tests {
		content := maps.Clone(test.content)
		content["rule_files"] = []string{"rules.yaml"}
		if err := b.write(test.name, content); err != nil {
			return "", false, err
		}
		words = append(words, test.name)
	}
	command := exec.Command(b.promtool, words...)
	command.Dir = b.dir
	said, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", false, err
	}
	return strings.TrimSpace(string(said)), err == nil, nil
}

func (b bench) write(name string, content any) error {
	text, err := yaml.Marshal(content)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, name), text, 0o644)
}

// about leaves what the files say of one alert.
func about(files []testFile, alert string) []testFile {
	var left []testFile
	for _, file := range files {
		var tests []any
		for _, item := range list(file.content["tests"]) {
			test, _ := item.(map[string]any)
			expectations := slices.DeleteFunc(slices.Clone(list(test["alert_rule_test"])), func(item any) bool {
				expectation, _ := item.(map[string]any)
				return expectation["alertname"] != alert
			})
			if len(expectations) > 0 {
				copied := maps.Clone(test)
				copied["alert_rule_test"] = expectations
				tests = append(tests, copied)
			}
		}
		if len(tests) > 0 {
			content := maps.Clone(file.content)
			content["tests"] = tests
			left = append(left, testFile{name: file.name, content: content})
		}
	}
	return left
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

// control breaks one alert, so that it never fires and so that it always does. Other alerts do not matter then.
func (b bench) control(rules Rules, group, rule int, alert string) (report.Check, error) {
	name := fmt.Sprintf("%s of `%s` is tested: broken, it fails", alert, rules.Groups[group].Name)
	tests := about(b.tests, alert)
	if len(tests) == 0 {
		return report.NewCheck(name, "no test names it"), nil
	}
	var reasons []string
	for _, way := range broken {
		_, passed, err := b.run(withExpr(rules, group, rule, alert, way.expr), tests)
		if err != nil {
			return report.Check{}, err
		}
		if passed {
			reasons = append(reasons, way.missing)
		}
	}
	return report.NewCheck(name, reasons...), nil
}

// withExpr gives the rules of one alert, with another expression in one of them.
func withExpr(rules Rules, group, rule int, alert, expr string) Rules {
	var changed Rules
	for g, source := range rules.Groups {
		kept := Group{Name: source.Name}
		for r, content := range source.Rules {
			if content["alert"] != alert {
				continue
			}
			content = maps.Clone(content)
			if g == group && r == rule {
				content["expr"] = expr
			}
			kept.Rules = append(kept.Rules, content)
		}
		if len(kept.Rules) > 0 {
			changed.Groups = append(changed.Groups, kept)
		}
	}
	return changed
}

// checkVersion refuses a promtool that takes what the oldest supported Prometheus may not.
func checkVersion(promtool string) error {
	said, err := exec.Command(promtool, "--version").CombinedOutput()
	if err != nil {
		return report.Bad("promtool at `%s` does not run: %v", promtool, err)
	}
	var major, minor, newestMajor, newestMinor int
	if _, err := fmt.Sscanf(string(said), "promtool, version %d.%d", &major, &minor); err != nil {
		return report.Bad("`%s` is no promtool: %s", promtool, said)
	}
	if _, err := fmt.Sscanf(Newest, "%d.%d", &newestMajor, &newestMinor); err != nil {
		return err
	}
	if major > newestMajor || major == newestMajor && minor > newestMinor {
		return report.Bad("promtool is of %d.%d, and would take what %s does not know; fix: remove conformance/build/promtool", major, minor, Newest)
	}
	return nil
}
