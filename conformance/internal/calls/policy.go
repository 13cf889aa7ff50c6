package calls

import (
	"fmt"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// Policies is what to try on the callees' proxies: who may do what, and who may not.
type Policies struct {
	// Matrix gives, by namespace and `service:port`, one request that some callers may make and nobody else.
	Matrix map[string]map[string]Target `yaml:"matrix"`
	Calls  []Policy                     `yaml:"calls"`

	place string
}

// Target is a request that is granted to exactly the callers that it lists: `account`, `namespace/account`, `*` for every
// account of the set, or `outside`.
type Target struct {
	Method  string   `yaml:"method"`
	Path    string   `yaml:"path"`
	GRPC    string   `yaml:"grpc"`
	SNI     string   `yaml:"sni"`
	Token   *Token   `yaml:"token"`
	Allowed []string `yaml:"allowed"`
}

// Policy is one call with what must come of it, and what it comes of.
type Policy struct {
	Name      string `yaml:"name"`
	Attempt   `yaml:",inline"`
	Expect    string         `yaml:"expect"`
	By        string         `yaml:"by"`
	Applied   []string       `yaml:"applied"`
	Rehearsed string         `yaml:"rehearsed"`
	Received  Received       `yaml:"received"`
	Given     map[string]any `yaml:"given"`
	Without   []string       `yaml:"without"`
	Instead   map[string]any `yaml:"instead"`
	Unlike    *Attempt       `yaml:"unlike"`

	Place string `yaml:"-"` // file:line
}

// What can come of a call.
const (
	Served             = "served"
	Denied             = "denied"
	WrongToken         = "wrong token"
	WrongAudience      = "wrong audience"
	PlaintextRefused   = "plaintext refused"
	EncryptionRefused  = "mutual TLS refused"
	CertificateRefused = "certificate refused"
	UnknownHost        = "unknown host"
)

var outcomes = []string{Served, Denied, WrongToken, WrongAudience, PlaintextRefused, EncryptionRefused, CertificateRefused, UnknownHost}

// Known says whether an outcome is one that a call can expect.
func Known(outcome string) bool { return slices.Contains(outcomes, outcome) }

func (f *File) checkPolicies(data []byte) error {
	f.Policies.place = f.path
	lines := linesOf(data, "policies", "calls")
	for index := range f.Policies.Calls {
		call := &f.Policies.Calls[index]
		call.Place = placeOf(f.path, lines, index)
		if err := call.check(); err != nil {
			return err
		}
	}
	for namespace, targets := range f.Policies.Matrix {
		for name, target := range targets {
			attempt := target.Attempt(namespace + "/x")
			if err := attempt.complete(fmt.Sprintf("%s`: `policies.matrix` of `%s", f.path, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Empty says whether there is nothing to try.
func (p Policies) Empty() bool { return len(p.Calls)+len(p.Matrix) == 0 }

// Place is where the file is.
func (p Policies) Place() string { return p.place }

// Attempt is the target's request, of a caller.
func (t Target) Attempt(from string) Attempt {
	attempt := Attempt{From: from, To: "-", Method: t.Method, Path: t.Path, GRPC: t.GRPC, SNI: t.SNI, Token: t.Token}
	_ = attempt.complete("")
	return attempt
}

func (p *Policy) check() error {
	if p.Name == "" {
		p.Name = strings.TrimSpace(fmt.Sprintf("%s -> %s %s %s%s", p.From, p.To, p.Method, p.GRPC, p.Path))
	}
	if err := p.complete(p.Place); err != nil {
		return err
	}
	switch {
	case !slices.Contains(outcomes, p.Expect):
		return report.Bad("`%s` has the unknown expectation `%s`; fix: write one of %s", p.Place, p.Expect, strings.Join(outcomes, ", "))
	case (p.Expect == Denied) != (p.By != ""):
		return report.Bad("`%s` has `expect: %s` and `by: %s`; fix: give `denied`, and nothing else, the policy's name or none", p.Place, p.Expect, p.By)
	case len(p.Without)+len(p.Instead) == 0 && p.Unlike == nil:
		return report.Bad("`%s` has no control; fix: name in `without`, `instead` or `unlike` what makes it come out as it does", p.Place)
	}
	return nil
}
