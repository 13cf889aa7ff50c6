package routes

import (
	"fmt"
	"math"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/network"
)

const (
	sigmas          = 4
	grpcUnavailable = 14
	// A busy machine is late, and a timer of Envoy's may be a little early.
	late, early = 1500 * time.Millisecond, 50 * time.Millisecond
)

// evidence is what there is to judge a request by.
type evidence struct {
	pods      []*network.Pod
	responses []response
	hits      []hit
	half      int // how many hits there were when half of the requests were done
	attempts  int
}

// against gives the reasons why the evidence is not what was expected.
func (e evidence) against(want calls.Outcome) []string {
	var reasons []string
	differs := func(what string, wanted, got any) {
		if fmt.Sprint(wanted) != fmt.Sprint(got) {
			reasons = append(reasons, fmt.Sprintf("expected %s %v, got %v", what, wanted, got))
		}
	}
	for number, response := range e.responses {
		if want.Closed != (response.err != nil) {
			reasons = append(reasons, fmt.Sprintf("request %d: closed %t: %v", number, response.err != nil, response.err))
			break
		}
	}
	settled := e.responses
	if want.Ejected != nil {
		settled = settled[len(settled)/2:]
		differs("ejected", *want.Ejected, e.ejected())
	}
	status, grpc := func(r response) int { return r.status }, func(r response) int { return r.grpc }
	if want.Status != nil {
		differs("status", map[int]int{*want.Status: len(settled)}, tally(settled, status))
	}
	if want.GRPCStatus != nil {
		differs("grpcStatus", map[int]int{*want.GRPCStatus: len(settled)}, tally(settled, grpc))
	}
	if want.Counts != nil {
		differs("counts", want.Counts, tally(e.responses, status))
	}
	if want.GRPCCounts != nil {
		differs("grpcCounts", want.GRPCCounts, tally(e.responses, grpc))
	}
	if want.Attempts != nil {
		differs("attempts", *want.Attempts, e.attempts)
	}
	if want.AttemptsMax != nil && e.attempts > *want.AttemptsMax {
		reasons = append(reasons, fmt.Sprintf("expected attempts up to %d, got %d", *want.AttemptsMax, e.attempts))
	}
	if want.Pods != nil {
		differs("pods", *want.Pods, len(tally(e.responses, func(r response) string { return r.pod })))
	}
	if want.Share != nil {
		answered := tally(e.responses, func(r response) string { return e.name(r.pod, want.Share) })
		reasons = append(reasons, shares("share", want.Share, answered, len(e.responses))...)
	}
	if want.Mirrored != nil {
		copies, fractions := map[string]int{}, map[string]float64{}
		for _, hit := range e.hits {
			if hit.mirror {
				copies[hit.pod.Labels["version"]]++
			}
		}
		for version, count := range want.Mirrored {
			fractions[version] = float64(count) / float64(len(e.responses))
		}
		reasons = append(reasons, shares("mirrored", fractions, copies, len(e.responses))...)
	}
	return append(reasons, append(e.time(want), e.texts(want)...)...)
}

// shares allows what chance allows: four standard deviations, which is nothing for a share of none or all.
func shares(what string, want map[string]float64, got map[string]int, total int) []string {
	var reasons []string
	for _, version := range keys(want, got) {
		expected := want[version] * float64(total)
		margin := sigmas * math.Sqrt(expected*(1-want[version]))
		if math.Abs(float64(got[version])-expected) > margin {
			reasons = append(reasons, fmt.Sprintf("expected %s of `%s` %.0f of %d, give or take %.0f, got %d", what, version, expected, total, margin, got[version]))
		}
	}
	return reasons
}

func keys(want map[string]float64, got map[string]int) []string {
	all := map[string]bool{}
	for key := range want {
		all[key] = true
	}
	for key := range got {
		all[key] = true
	}
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (e evidence) time(want calls.Outcome) []string {
	var reasons []string
	for number, response := range e.responses {
		if at := want.TimeoutAfter; at != 0 && (!response.timedOut() || response.took < at-early || response.took > at+late) {
			reasons = append(reasons, fmt.Sprintf("expected a timeout after %s, request %d got %d after %s", at, number, response.status, response.took.Round(time.Millisecond)))
			break
		}
		if at := want.AtLeast; response.took < at-early {
			reasons = append(reasons, fmt.Sprintf("expected request %d to take at least %s, it took %s", number, at, response.took.Round(time.Millisecond)))
			break
		}
	}
	return reasons
}

// timedOut reads what Envoy says to HTTP, and UNAVAILABLE to gRPC.
func (r response) timedOut() bool {
	return r.status == http.StatusGatewayTimeout || r.status == http.StatusOK && r.grpc == grpcUnavailable
}

// texts compares headers of the last response, and what the callee was sent first.
func (e evidence) texts(want calls.Outcome) []string {
	var reasons []string
	check := func(what, wanted, got string) {
		if wanted != got {
			reasons = append(reasons, fmt.Sprintf("expected %s `%s`, got `%s`", what, wanted, got))
		}
	}
	last := e.responses[len(e.responses)-1]
	for name, value := range want.Headers {
		check("header "+name, value, last.header.Get(name))
	}
	if want.Received.Path == "" && want.Received.Host == "" && want.Received.Headers == nil {
		return reasons
	}
	at := slices.IndexFunc(e.hits, func(h hit) bool { return !h.mirror })
	if at < 0 {
		return append(reasons, "expected the callee to receive the request, nothing reached it")
	}
	got := e.hits[at]
	if want.Received.Path != "" {
		check("received path", want.Received.Path, got.path)
	}
	if want.Received.Host != "" {
		check("received host", want.Received.Host, got.host)
	}
	for name, value := range want.Received.Headers {
		check("received header "+name, value, strings.Join(got.header[textproto.CanonicalMIMEHeaderKey(name)], ","))
	}
	return reasons
}

// ejected counts the endpoints that were asked at first and not at all in the last half.
func (e evidence) ejected() int {
	first, last := map[*network.Pod]bool{}, map[*network.Pod]bool{}
	for index, hit := range e.hits {
		if index < e.half {
			first[hit.pod] = true
		} else {
			last[hit.pod] = true
		}
	}
	count := 0
	for pod := range first {
		if !last[pod] {
			count++
		}
	}
	return count
}

// name is a pod's version, or its own name where the shares are those of pods; nobody is none.
func (e evidence) name(answered string, shares map[string]float64) string {
	for _, pod := range e.pods {
		if pod.Name != answered {
			continue
		}
		if _, byPod := shares[pod.Name]; byPod {
			return pod.Name
		}
		return pod.Labels["version"]
	}
	return calls.Nobody
}

func tally[K comparable](responses []response, of func(response) K) map[K]int {
	counts := map[K]int{}
	for _, response := range responses {
		counts[of(response)]++
	}
	return counts
}
