package network

import (
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/report"

	corev1 "k8s.io/api/core/v1"
)

// Expectations of a call.
const (
	Connected = "connected" // the callee answered
	Cut       = "cut"       // nothing came back, not even a refusal
)

// Call is one connection to try.
type Call struct {
	calls.Call

	// bothSides says that the caller's policies and the callee's each forbid the call without the other's help.
	bothSides bool
}

// matrix is a matrix of a call file.
type matrix calls.Matrix

// loadCalls reads the connections of a call file and writes its matrices out.
func loadCalls(path string, system *System) (file *calls.File, made []Call, err error) {
	if file, err = calls.Load(path); err != nil {
		return nil, nil, err
	}
	for _, call := range file.Calls {
		made = append(made, Call{Call: call})
	}
	for _, written := range file.Matrix {
		expanded, err := matrix(written).expand(path, system)
		if err != nil {
			return nil, nil, err
		}
		made = append(made, expanded...)
	}
	if len(made) == 0 {
		return nil, nil, report.Bad("`%s` has no connections; fix: give it `calls` or `matrix`", path)
	}
	for index := range made {
		if err := made[index].check(path); err != nil {
			return nil, nil, err
		}
	}
	return file, made, nil
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
func (m matrix) expand(file string, system *System) ([]Call, error) {
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
	var made []Call
	for _, service := range system.Services {
		for _, port := range service.Ports {
			if service.Namespace == m.Namespace {
				made = append(made, Call{Call: calls.Call{From: Outside, To: service.at(port), Protocol: port.Protocol, Expect: Cut}})
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
				call := calls.Call{From: m.Namespace + "/" + account, To: target, Protocol: port.Protocol, Expect: expect}
				made = append(made, Call{call, expect == Cut})
			}
		}
	}
	for left := range unused {
		return nil, report.Bad("`%s`: the matrix of `%s` allows `%s`, which is no call between its services", file, m.Namespace, left)
	}
	return made, nil
}

func (s *Service) at(port corev1.ServicePort) string {
	return fmt.Sprintf("%s.%s:%d", s.Name, s.Namespace, port.Port)
}

func (s *Service) servedBy(account string) bool {
	return slices.ContainsFunc(s.Endpoints, func(pod *Pod) bool { return pod.Account == account })
}
