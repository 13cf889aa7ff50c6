package routes

import (
	"encoding/json"
	"fmt"
	"slices"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/translate"
)

// question is one configuration that Envoy is asked about: of every client for one port of one host, equal ones once.
type question struct {
	name    string
	configs [][]byte
	reasons []string
}

// Accepted asks Envoy about every port of every host that the set's own objects configure, for every client.
func Accepted(binary string, own, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	if err := proxy.Check(); err != nil {
		return nil, err
	}
	m, err := mesh.New(slices.Concat(own, context), nil)
	if err != nil {
		return nil, err
	}
	m.Sidecars = nil // Envoy reads the routes to every host, also to those that a client does not know.
	mine, err := mesh.New(own, nil)
	if err != nil {
		return nil, err
	}
	var questions []*question
	for _, ask := range []func(all, mine *mesh.Mesh) ([]*question, error){outboundQuestions, entranceQuestions, inboundQuestions} {
		asked, err := ask(m, mine)
		if err != nil {
			return nil, err
		}
		questions = append(questions, asked...)
	}
	if err := all(questions, func(q *question) error {
		progress("envoy reads " + q.name)
		return q.ask(binary)
	}); err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, question := range questions {
		checks = append(checks, report.NewCheck("envoy accepts "+question.name, question.reasons...))
	}
	return checks, nil
}

func (q *question) ask(binary string) error {
	for _, config := range q.configs {
		complaint, err := proxy.Validate(binary, config)
		if err != nil {
			return err
		}
		if complaint != "" {
			q.reasons = append(q.reasons, complaint)
		}
	}
	return nil
}

// add takes a configuration up unless it is there already.
func (q *question) add(config *translate.Config) error {
	text, err := config.Bootstrap("@conformance")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(q.configs, func(other []byte) bool { return string(other) == string(text) }) {
		q.configs = append(q.configs, text)
	}
	return nil
}

func anywhere(*network.Pod, mesh.Port) int { return 1 }

func outboundQuestions(m, mine *mesh.Mesh) ([]*question, error) {
	clients := clientsOf(m)
	var questions []*question
	for _, host := range mine.Hosts {
		for _, port := range host.Ports {
			asked := &question{name: fmt.Sprintf("the routes to %s:%d", host.Name, port.Number)}
			for _, client := range clients {
				config, err := translate.Client(m, client, host.Name, port.Number, nil, anywhere)
				if err != nil {
					return nil, err
				}
				if err := asked.add(config); err != nil {
					return nil, err
				}
			}
			questions = append(questions, asked)
		}
	}
	return questions, nil
}

// clientsOf gives one client for each namespace and set of labels.
func clientsOf(m *mesh.Mesh) []mesh.Client {
	var clients []mesh.Client
	seen := map[string]bool{}
	for _, pod := range m.Pods {
		key, _ := json.Marshal(pod.Labels)
		if id := pod.Namespace + string(key); !seen[id] {
			seen[id] = true
			clients = append(clients, mesh.Client{Namespace: pod.Namespace, Labels: pod.Labels})
		}
	}
	return clients
}

// entranceQuestions stand in for the gateway's own pods, which the set need not have.
func entranceQuestions(m, mine *mesh.Mesh) ([]*question, error) {
	var questions []*question
	for _, gateway := range mine.Gateways {
		client := mesh.Client{Namespace: gateway.Namespace, Labels: gateway.Spec.Selector}
		for _, server := range gateway.Spec.Servers {
			for _, host := range server.Hosts {
				name := mesh.Unqualified(host)
				asked := &question{name: fmt.Sprintf("the routes to %s:%d at the gateway", name, server.Port.GetNumber())}
				config, err := translate.Client(m, client, name, server.Port.GetNumber(), nil, anywhere)
				if err != nil {
					return nil, err
				}
				if err := asked.add(config); err != nil {
					return nil, err
				}
				questions = append(questions, asked)
			}
		}
	}
	return questions, nil
}

func inboundQuestions(_, mine *mesh.Mesh) ([]*question, error) {
	var questions []*question
	seen := map[string]bool{}
	for _, host := range mine.Hosts {
		for _, port := range host.Ports {
			for _, pod := range host.Pods {
				workload := fmt.Sprintf("%s/%s:%d", pod.Namespace, pod.Workload, port.TargetPort(pod))
				if seen[workload] {
					continue
				}
				seen[workload] = true
				config, fronted, err := inbound(mine, map[end]int{{pod, port}: 1})
				if err != nil {
					return nil, err
				}
				if len(fronted) == 0 {
					continue
				}
				asked := &question{name: "the filters in front of " + workload}
				if err := asked.add(config); err != nil {
					return nil, err
				}
				questions = append(questions, asked)
			}
		}
	}
	return questions, nil
}
