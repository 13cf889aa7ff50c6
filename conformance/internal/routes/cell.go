package routes

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/identity"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
	"cdk8s-mesh/conformance/internal/translate"
)

// cell is one request under one set of manifests, with proxies and pods of its own.
type cell struct {
	request    calls.Request
	mesh       *mesh.Mesh
	client     mesh.Client
	localities map[*network.Pod]string
	issuers    *identity.Issuers
	tokens     translate.Tokens
	host       string
	port       uint32
	ends       []end
}

// end is a port of a pod that the client's proxy may choose.
type end struct {
	pod  *network.Pod
	port mesh.Port
}

// newCell looks up everything that the request names, and translates once to learn which pods it can reach.
func newCell(request calls.Request, objects []manifests.Object) (*cell, error) {
	c := &cell{request: request, localities: map[*network.Pod]string{}}
	var err error
	if c.mesh, err = mesh.New(objects, request.Replicas); err != nil {
		return nil, at(request, err)
	}
	var caller *network.Pod
	if c.client, caller, err = c.mesh.Client(request.From); err != nil {
		return nil, at(request, err)
	}
	if err := c.locate(caller); err != nil {
		return nil, err
	}
	if err := c.check(caller, objects); err != nil {
		return nil, at(request, err)
	}
	host, port, hasPort := strings.Cut(request.To, ":")
	number, err := strconv.ParseUint(port, 10, 16)
	if !hasPort || err != nil {
		return nil, report.Bad("`%s` goes to `%s`, which has no port; fix: write service.namespace:port", request.Place, request.To)
	}
	c.host, c.port = host, uint32(number)
	if request.Undeclared {
		if c.mesh.Host(host, c.client.Namespace) != nil {
			return nil, report.Bad("`%s` is `undeclared` and goes to `%s`, which the set has", request.Place, host)
		}
		c.mesh.AddUnknown(host, c.port, c.spoken())
	}
	_, err = c.translated(func(pod *network.Pod, port mesh.Port) int {
		c.ends = append(c.ends, end{pod, port})
		return 1
	})
	if err != nil {
		return nil, at(request, err)
	}
	return c, c.checkNames()
}

// spoken is what the client speaks to a host of which manifests say nothing.
func (c *cell) spoken() string {
	switch {
	case c.request.Method != "":
		return "http"
	case c.request.SNI != "":
		return "tls"
	}
	return "tcp"
}

func at(request calls.Request, err error) error {
	return report.Bad("`%s`: request `%s`: %v", request.Place, request.Name, err)
}

func (c *cell) translated(address translate.Address) (*translate.Config, error) {
	return translate.Checking(c.mesh, c.client, c.tokens, c.host, c.port, c.localities, address)
}

// check learns whose tokens the caller's proxy takes, if it is a gateway.
func (c *cell) check(caller *network.Pod, objects []manifests.Object) error {
	security, err := mesh.NewTokens(objects)
	if err != nil {
		return err
	}
	if c.issuers, err = identity.NewIssuers(); err != nil {
		return err
	}
	c.tokens = translate.Tokens{Rules: security.TokenRules(caller), KeySet: c.issuers.KeySet}
	return nil
}

// authorized is the request with the token that it carries.
func (c *cell) authorized() (calls.Request, error) {
	if c.request.Token == nil {
		return c.request, nil
	}
	token, err := c.issuers.Sign(*c.request.Token)
	if err != nil {
		return c.request, err
	}
	request := c.request
	request.Headers = maps.Clone(request.Headers)
	if request.Headers == nil {
		request.Headers = map[string]string{}
	}
	request.Headers["authorization"] = "Bearer " + token
	return request, nil
}

// locate gives pods their localities in turn; a caller's is that of its first pod.
func (c *cell) locate(caller *network.Pod) error {
	for workload, localities := range c.request.Localities {
		count := 0
		for _, pod := range c.mesh.Pods {
			if pod.Namespace+"/"+pod.Workload == workload && len(localities) > 0 {
				c.localities[pod] = localities[count%len(localities)]
				count++
			}
		}
		if count == 0 {
			return report.Bad("`%s`: `localities` names `%s`, which is no workload of the set", c.request.Place, workload)
		}
	}
	c.client.Locality = c.localities[caller]
	return nil
}

// checkNames finds misspelt names. A control may lead to other pods than the request, so that shares are those of any pod.
func (c *cell) checkNames() error {
	reached, known := map[string]bool{}, map[string]bool{calls.Nobody: true}
	for _, end := range c.ends {
		reached[end.pod.Name] = true
		known[end.pod.Name], known[end.pod.Labels["version"]] = true, true
	}
	for _, pod := range c.mesh.Pods {
		known[pod.Name], known[pod.Labels["version"]] = true, true
	}
	for _, name := range c.request.Backend.Pods {
		if !reached[name] {
			return report.Bad("`%s`: `backend.pods` names `%s`, which the request cannot reach; fix: write workload-0, workload-1 …", c.request.Place, name)
		}
	}
	for version := range c.request.Expect.Share {
		if !known[version] {
			return report.Bad("`%s`: `share` names version `%s`, which no pod of the set has", c.request.Place, version)
		}
	}
	return nil
}

// run makes the requests. What Envoy refuses, and what it does differently, are reasons against the request.
func (c *cell) run(binary string) ([]string, error) {
	pods := &backends{behaviour: c.request.Backend}
	defer pods.close()
	ports := map[end]int{}
	for _, end := range c.ends {
		if ports[end] != 0 {
			continue
		}
		number, err := pods.open(end.pod, end.port)
		if err != nil {
			return nil, err
		}
		ports[end] = number
	}
	callee, err := c.callee(binary, ports)
	if err != nil {
		return []string{"the callee's proxy: " + err.Error()}, nil
	}
	if callee != nil {
		defer callee.Stop()
	}
	config, err := c.translated(func(pod *network.Pod, port mesh.Port) int { return ports[end{pod, port}] })
	if err != nil {
		return nil, err
	}
	envoy, err := start(binary, config)
	if err != nil {
		return []string{err.Error()}, nil
	}
	defer envoy.Stop()
	seen := evidence{pods: c.mesh.Pods}
	request, err := c.authorized()
	if err != nil {
		return nil, err
	}
	seen.responses = send(request, c.host, c.speaksHTTP2(), envoy.Ports[translate.Outbound], func() { seen.half = len(pods.seen()) })
	if c.request.Expect.Mirrored != nil {
		time.Sleep(300 * time.Millisecond) // Nobody waits for a copy.
	}
	seen.hits = pods.seen()
	for _, hit := range seen.hits {
		if !hit.mirror {
			seen.attempts++
		}
	}
	if callee != nil {
		if seen.attempts, err = arrived(callee); err != nil {
			return nil, err
		}
	}
	return seen.against(c.request.Expect), nil
}

func start(binary string, config *translate.Config) (*proxy.Envoy, error) {
	admin := proxy.AdminName()
	text, err := config.Bootstrap(admin)
	if err != nil {
		return nil, err
	}
	return proxy.Start(binary, admin, text)
}

func (c *cell) speaksHTTP2() bool {
	if strings.HasPrefix(c.request.Headers["content-type"], "application/grpc") {
		return true
	}
	host := c.mesh.Host(c.host, c.client.Namespace)
	if host == nil {
		return false
	}
	port, _ := host.Port(c.port)
	return port.HTTP2()
}

// callee runs the proxies of the pods whose inbound side an EnvoyFilter changes, and puts them in front of the pods.
func (c *cell) callee(binary string, ports map[end]int) (*proxy.Envoy, error) {
	config, fronted, err := inbound(c.mesh, ports)
	if err != nil || len(fronted) == 0 {
		return nil, err
	}
	envoy, err := start(binary, config)
	if err != nil {
		return nil, err
	}
	for front, name := range fronted {
		ports[front] = envoy.Ports[name]
	}
	return envoy, nil
}

// inbound configures the callees' side of every end that has one, and names the listeners.
func inbound(m *mesh.Mesh, ports map[end]int) (*translate.Config, map[end]string, error) {
	config, fronted := &translate.Config{}, map[end]string{}
	for end, backend := range ports {
		name, err := config.Inbound(m, end.pod, end.port.TargetPort(end.pod), backend)
		if err != nil {
			return nil, nil, err
		}
		if name != "" {
			fronted[end] = name
		}
	}
	return config, fronted, nil
}

// arrived counts the requests that reached the callees' proxies, whether or not they were let through.
func arrived(callee *proxy.Envoy) (int, error) {
	counters, err := callee.Stats(fmt.Sprintf("^http\\.%s.*\\.downstream_rq_total$", translate.Inbound))
	total := 0
	for _, count := range counters {
		total += count
	}
	return total, err
}
