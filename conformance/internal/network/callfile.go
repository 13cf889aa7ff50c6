package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"

	"cdk8s-mesh/conformance/internal/report"

	yamlv3 "gopkg.in/yaml.v3"
	corev1 "k8s.io/api/core/v1"
)

// Expectations of a call.
const (
	Connected = "connected" // the callee answered
	Cut       = "cut"       // nothing came back, not even a refusal
)

// Call is one connection to try.
type Call struct {
	Name     string          `yaml:"name"`
	From     string          `yaml:"from"`
	To       string          `yaml:"to"`
	Protocol corev1.Protocol `yaml:"protocol"`
	Expect   string          `yaml:"expect"`
	Without  []string        `yaml:"without"`

	// bothSides says that the caller's policies and the callee's each forbid the call without the other's help.
	bothSides bool
}

// Matrix stands for every service account of a namespace, and the pod outside, calling every Service port there.
type Matrix struct {
	Namespace string              `yaml:"namespace"`
	Allowed   map[string][]string `yaml:"allowed"`
}

// CallFile is the calls to try on a system.
type CallFile struct {
	EveryRuleMatters bool     `yaml:"everyRuleMatters"`
	Matrix           []Matrix `yaml:"matrix"`
	Calls            []Call   `yaml:"calls"`
}

var unknownField = regexp.MustCompile(`line (\d+): field (\S+) not found`)

// LoadCalls reads a call file and writes its matrices out.
func LoadCalls(file string, system *System) (*CallFile, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, report.Bad("cannot read `%s`: %v", file, err)
	}
	decoder := yamlv3.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var calls CallFile
	if err := decoder.Decode(&calls); err != nil && !errors.Is(err, io.EOF) {
		if match := unknownField.FindStringSubmatch(err.Error()); match != nil {
			return nil, report.Bad("`%s:%s` has the unknown field `%s`; fix: see the call file in conformance/README.md", file, match[1], match[2])
		}
		return nil, report.Bad("`%s` does not parse: %v", file, err)
	}
	for _, matrix := range calls.Matrix {
		expanded, err := matrix.expand(file, system)
		if err != nil {
			return nil, err
		}
		calls.Calls = append(calls.Calls, expanded...)
	}
	if len(calls.Calls) == 0 {
		return nil, report.Bad("`%s` has no calls; fix: give it `calls` or `matrix`", file)
	}
	for index := range calls.Calls {
		if err := calls.Calls[index].check(file); err != nil {
			return nil, err
		}
	}
	return &calls, nil
}

func (c *Call) check(file string) error {
	if c.Name == "" {
		c.Name = fmt.Sprintf("%s -> %s", c.From, c.To)
	}
	c.Protocol = protocolOf(c.Protocol)
	if c.Protocol != corev1.ProtocolTCP && c.Protocol != corev1.ProtocolUDP {
		return report.Bad("`%s`: call `%s` has the unknown protocol `%s`; fix: write TCP or UDP", file, c.Name, c.Protocol)
	}
	if c.Expect != Connected && c.Expect != Cut {
		return report.Bad("`%s`: call `%s` has the unknown expectation `%s`; fix: write connected or cut", file, c.Name, c.Expect)
	}
	return nil
}

// expand leaves out what a service calls on itself: that does not cross the network's policies alike everywhere.
func (m Matrix) expand(file string, system *System) ([]Call, error) {
	accounts := system.accounts(m.Namespace)
	if len(accounts) == 0 {
		return nil, report.Bad("`%s`: the matrix names namespace `%s`, which has no pods", file, m.Namespace)
	}
	unused := map[string]bool{}
	for account, targets := range m.Allowed {
		if !slices.Contains(accounts, account) {
			return nil, report.Bad("`%s`: the matrix of `%s` allows calls of `%s`, which runs no pod there", file, m.Namespace, account)
		}
		for _, target := range targets {
			unused[account+" "+target] = true
		}
	}
	var calls []Call
	for _, service := range system.Services {
		for _, port := range service.Ports {
			if service.Namespace == m.Namespace {
				calls = append(calls, Call{From: outside, To: service.at(port), Protocol: port.Protocol, Expect: Cut})
			}
		}
	}
	for _, account := range accounts {
		for _, service := range system.Services {
			if service.Namespace != m.Namespace || service.servedBy(account) {
				continue
			}
			for _, port := range service.Ports {
				target := service.at(port)
				expect := Cut
				if slices.Contains(m.Allowed[account], target) {
					expect = Connected
				}
				delete(unused, account+" "+target)
				calls = append(calls, Call{From: m.Namespace + "/" + account, To: target, Protocol: port.Protocol, Expect: expect, bothSides: expect == Cut})
			}
		}
	}
	for left := range unused {
		return nil, report.Bad("`%s`: the matrix of `%s` allows `%s`, which is no call between its services", file, m.Namespace, left)
	}
	return calls, nil
}

func (s *Service) at(port corev1.ServicePort) string {
	return fmt.Sprintf("%s.%s:%d", s.Name, s.Namespace, port.Port)
}

func (s *Service) servedBy(account string) bool {
	return slices.ContainsFunc(s.Endpoints, func(pod *Pod) bool { return pod.Account == account })
}
