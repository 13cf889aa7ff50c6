package calls

import (
	"fmt"
	"slices"
	"time"

	"cdk8s-mesh/conformance/internal/report"

	yamlv3 "gopkg.in/yaml.v3"
)

// Request is what one client sends through its own proxy, some number of times. Without a method it is a TCP connection.
type Request struct {
	Name    string            `yaml:"name"`
	From    string            `yaml:"from"`
	To      string            `yaml:"to"`
	Method  string            `yaml:"method"`
	Path    string            `yaml:"path"`
	Headers map[string]string `yaml:"headers"`
	SNI     string            `yaml:"sni"`
	Token   *Token            `yaml:"token"` // the bearer token, which a gateway may check
	// Undeclared says that the host is one that no manifest names.
	Undeclared bool           `yaml:"undeclared"`
	Times      int            `yaml:"times"`
	Parallel   int            `yaml:"parallel"`
	Every      time.Duration  `yaml:"every"` // between the starts of two requests
	Backend    Backend        `yaml:"backend"`
	Replicas   map[string]int `yaml:"replicas"`
	// Localities are those of a workload's pods in turn, and of the caller.
	Localities map[string][]string `yaml:"localities"`
	Expect     Outcome             `yaml:"expect"`
	Without    []string            `yaml:"without"`
	Instead    map[string]any      `yaml:"instead"`

	Place string `yaml:"-"` // file:line
}

// Nobody has the share of requests that no pod answered.
const Nobody = "none"

// Backend is how the callee's pods behave during a request.
type Backend struct {
	Status     int           `yaml:"status"`
	GRPCStatus int           `yaml:"grpcStatus"`
	Delay      time.Duration `yaml:"delay"`
	FailFirst  int           `yaml:"failFirst"` // only the first n requests fail
	Refuse     bool          `yaml:"refuse"`    // connections are refused
	Pods       []string      `yaml:"pods"`      // only these misbehave
}

// Outcome is what must come of a request; only what is set is looked at.
type Outcome struct {
	Status       *int               `yaml:"status"`
	GRPCStatus   *int               `yaml:"grpcStatus"`
	Counts       map[int]int        `yaml:"counts"`
	GRPCCounts   map[int]int        `yaml:"grpcCounts"`
	Share        map[string]float64 `yaml:"share"`
	Attempts     *int               `yaml:"attempts"`
	AttemptsMax  *int               `yaml:"attemptsAtMost"`
	Mirrored     map[string]int     `yaml:"mirrored"`
	Ejected      *int               `yaml:"ejected"`
	Pods         *int               `yaml:"pods"`
	Closed       bool               `yaml:"closed"`
	TimeoutAfter time.Duration      `yaml:"timeoutAfter"`
	AtLeast      time.Duration      `yaml:"atLeast"`
	Headers      map[string]string  `yaml:"headers"`
	Received     Received           `yaml:"received"`
}

// Received is what the callee was sent; a header with an empty value must be absent.
type Received struct {
	Path    string            `yaml:"path"`
	Host    string            `yaml:"host"`
	Headers map[string]string `yaml:"headers"`
}

func (o Outcome) empty() bool {
	return o.Status == nil && o.GRPCStatus == nil && o.Counts == nil && o.GRPCCounts == nil && o.Share == nil && o.Attempts == nil && o.AttemptsMax == nil &&
		o.Mirrored == nil && !o.Closed && o.Ejected == nil && o.Pods == nil && o.TimeoutAfter == 0 && o.AtLeast == 0 && o.Headers == nil &&
		o.Received.Path == "" && o.Received.Host == "" && o.Received.Headers == nil
}

func (f *File) checkRequests(data []byte) error {
	lines := linesOf(data, "requests")
	for index := range f.Requests {
		request := &f.Requests[index]
		request.Place = placeOf(f.path, lines, index)
		if err := request.check(); err != nil {
			return err
		}
	}
	return nil
}

var methods = []string{"", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

func (r *Request) check() error {
	if r.Name == "" {
		r.Name = fmt.Sprintf("%s -> %s", r.From, r.To)
	}
	if r.Times == 0 {
		r.Times = 1
	}
	if r.Parallel == 0 {
		r.Parallel = 1
	}
	if r.Path == "" {
		r.Path = "/"
	}
	switch {
	case r.From == "" || r.To == "":
		return report.Bad("`%s` has no `from` or no `to`; fix: write namespace/service account, and service.namespace:port", r.Place)
	case !slices.Contains(methods, r.Method):
		return report.Bad("`%s` has the unknown `method` `%s`; fix: write an HTTP method, or none for TCP", r.Place, r.Method)
	case r.Times < 0 || r.Parallel < 0:
		return report.Bad("`%s` has `times` or `parallel` below 1; fix: write a number above 0", r.Place)
	case r.Path[0] != '/':
		return report.Bad("`%s` has the `path` `%s`; fix: begin it with /", r.Place, r.Path)
	case r.Expect.empty():
		return report.Bad("`%s` expects nothing; fix: give it `expect`", r.Place)
	case len(r.Without)+len(r.Instead) == 0:
		return report.Bad("`%s` has no control; fix: name in `without` or `instead` what makes it come out as it does", r.Place)
	}
	return r.checkNumbers()
}

func (r *Request) checkNumbers() error {
	var sum float64
	for version, share := range r.Expect.Share {
		if share < 0 || share > 1 {
			return report.Bad("`%s` expects the `share` %v of `%s`; fix: write a fraction from 0 to 1", r.Place, share, version)
		}
		sum += share
	}
	if r.Expect.Share != nil && (sum < 0.999 || sum > 1.001) {
		return report.Bad("`%s` expects shares that add up to %v; fix: make them add up to 1", r.Place, sum)
	}
	for _, counts := range []map[int]int{r.Expect.Counts, r.Expect.GRPCCounts} {
		total := 0
		for _, count := range counts {
			total += count
		}
		if counts != nil && total != r.Times {
			return report.Bad("`%s` expects %d responses of %d requests; fix: count every response", r.Place, total, r.Times)
		}
	}
	for version, count := range r.Expect.Mirrored {
		if count > r.Times {
			return report.Bad("`%s` expects %d mirrored to `%s` of %d requests", r.Place, count, version, r.Times)
		}
	}
	return nil
}

// linesOf gives the line of each item of a list, which stands below the given keys.
func linesOf(data []byte, keys ...string) []int {
	var document yamlv3.Node
	if yamlv3.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return nil
	}
	node := document.Content[0]
	for _, key := range keys {
		if node = below(node, key); node == nil {
			return nil
		}
	}
	var lines []int
	for _, item := range node.Content {
		lines = append(lines, item.Line)
	}
	return lines
}

func placeOf(path string, lines []int, index int) string {
	return fmt.Sprintf("%s:%d", path, lines[index])
}

func below(node *yamlv3.Node, key string) *yamlv3.Node {
	for index := 0; index+1 < len(node.Content); index += 2 {
		if node.Content[index].Value == key {
			return node.Content[index+1]
		}
	}
	return nil
}
