package calls

import (
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// Migration is what to try at each stage of a migration: every call that is made, and who refuses plain text when.
type Migration struct {
	Calls []Passage `yaml:"calls"`
	// Refuses gives, by stage, the targets that refuse plain text.
	Refuses map[string][]string `yaml:"refuses"`

	path string
}

// Passage is one call of a migration, which its caller makes with and without a proxy.
type Passage struct {
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	Method string `yaml:"method"`
	Path   string `yaml:"path"`
	GRPC   string `yaml:"grpc"`

	Place string `yaml:"-"` // file:line
}

// Attempt is the call, in plain text or by mutual TLS.
func (p Passage) Attempt() Attempt {
	attempt := Attempt{From: p.From, To: p.To, Method: p.Method, Path: p.Path, GRPC: p.GRPC}
	_ = attempt.complete("")
	return attempt
}

// Check holds the file against the stages that there are.
func (m Migration) Check(stages []string) error {
	if len(m.Calls) == 0 {
		return report.Bad("`%s` has no `migration` with `calls`; fix: give it some, or run `policies`", m.path)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Refuses)) {
		if !slices.Contains(stages, name) {
			return report.Bad("`%s`: `refuses` has the unknown stage `%s`; fix: write one of %s", m.path, name, strings.Join(stages, ", "))
		}
		for _, target := range m.Refuses[name] {
			if !slices.ContainsFunc(m.Calls, func(call Passage) bool { return call.To == target }) {
				return report.Bad("`%s`: `refuses` of `%s` has `%s`, where no call goes", m.path, name, target)
			}
		}
	}
	for _, stage := range stages {
		if _, written := m.Refuses[stage]; !written {
			return report.Bad("`%s`: `refuses` lacks the stage `%s`; fix: write who refuses plain text there, or []", m.path, stage)
		}
	}
	return nil
}

func (f *File) checkMigration(data []byte) error {
	f.Migration.path = f.path
	lines := linesOf(data, "migration", "calls")
	for index := range f.Migration.Calls {
		call := &f.Migration.Calls[index]
		call.Place = placeOf(f.path, lines, index)
		attempt := Attempt{From: call.From, To: call.To, Method: call.Method, Path: call.Path, GRPC: call.GRPC}
		if err := attempt.complete(call.Place); err != nil {
			return err
		}
	}
	return nil
}
