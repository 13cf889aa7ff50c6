// Package calls reads call files: which connections and requests to make on a set of manifests, and what must come of them.
package calls

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"

	"cdk8s-mesh/conformance/internal/report"

	yamlv3 "gopkg.in/yaml.v3"
	corev1 "k8s.io/api/core/v1"
)

// File is what to try on a system: connections under its NetworkPolicies, requests through its routes, and calls to its
// callees' proxies.
type File struct {
	EveryRuleMatters bool      `yaml:"everyRuleMatters"`
	Matrix           []Matrix  `yaml:"matrix"`
	Calls            []Call    `yaml:"calls"`
	Requests         []Request `yaml:"requests"`
	Policies         Policies  `yaml:"policies"`
	Migration        Migration `yaml:"migration"`

	path string
}

// Matrix stands for every service account of a namespace, and the pod outside, calling every Service port there.
type Matrix struct {
	Namespace string              `yaml:"namespace"`
	Allowed   map[string][]string `yaml:"allowed"`
}

// Call is one connection to try.
type Call struct {
	Name     string          `yaml:"name"`
	From     string          `yaml:"from"`
	To       string          `yaml:"to"`
	Protocol corev1.Protocol `yaml:"protocol"`
	Expect   string          `yaml:"expect"`
	Without  []string        `yaml:"without"`
}

var unknownField = regexp.MustCompile(`line (\d+): field (\S+) not found`)

// Load reads a call file. What it names is not looked up yet.
func Load(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, report.Bad("cannot read `%s`: %v", path, err)
	}
	decoder := yamlv3.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	file := File{path: path}
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		if match := unknownField.FindStringSubmatch(err.Error()); match != nil {
			return nil, report.Bad("`%s:%s` has the unknown field `%s`; fix: see the call file in conformance/README.md", path, match[1], match[2])
		}
		return nil, report.Bad("`%s` does not parse: %v", path, err)
	}
	if len(file.Calls)+len(file.Matrix)+len(file.Requests)+len(file.Migration.Calls) == 0 && file.Policies.Empty() {
		return nil, report.Bad("`%s` has no calls; fix: give it `calls`, `matrix`, `requests`, `policies` or `migration`", path)
	}
	if err := file.checkRequests(data); err != nil {
		return nil, err
	}
	if err := file.checkPolicies(data); err != nil {
		return nil, err
	}
	return &file, file.checkMigration(data)
}
