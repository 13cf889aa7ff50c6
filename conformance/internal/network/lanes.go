package network

import (
	"fmt"
	"slices"
	"sync"

	networkingv1 "k8s.io/api/networking/v1"
)

const (
	laneCount = 8
	// atOnce bounds the connections that are open together in a lane; most wait for an answer that must not come.
	atOnce = 96
)

// experiment is a set of policies, and what some of the trials must come to under it.
type experiment struct {
	policies []networkingv1.NetworkPolicy
	trials   []int
	want     func(Call) string
}

// outcomes are what the connections of each trial came to, by the trial's index.
type outcomes map[int][]string

// lanes are equal clusters, so that experiments, which are mostly waiting, go on side by side.
type lanes struct{ clusters []*cluster }

func newLanes(system *System, listeners []listener) (*lanes, error) {
	l := &lanes{clusters: make([]*cluster, laneCount)}
	failures := make([]error, laneCount)
	var running sync.WaitGroup
	for index := range laneCount {
		running.Go(func() { l.clusters[index], failures[index] = newCluster(system, listeners) })
	}
	running.Wait()
	if err := firstOf(failures); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *lanes) close() {
	for _, c := range l.clusters {
		if c != nil {
			c.close()
		}
	}
}

// try makes every experiment in the lane that is free next, and says so before it starts.
func (l *lanes) try(trials []trial, experiments []experiment, start func(int)) ([]outcomes, error) {
	results, failures := make([]outcomes, len(experiments)), make([]error, len(experiments))
	queue := make(chan int)
	var running sync.WaitGroup
	for _, c := range l.clusters {
		running.Go(func() {
			for index := range queue {
				results[index], failures[index] = c.try(trials, experiments[index])
			}
		})
	}
	for index := range experiments {
		start(index)
		queue <- index
	}
	close(queue)
	running.Wait()
	return results, firstOf(failures)
}

func firstOf(failures []error) error {
	if index := slices.IndexFunc(failures, func(err error) bool { return err != nil }); index >= 0 {
		return failures[index]
	}
	return nil
}

func (c *cluster) try(trials []trial, e experiment) (outcomes, error) {
	results := outcomes{}
	if len(e.trials) == 0 {
		return results, nil
	}
	if err := c.enforce(e.policies); err != nil {
		return nil, err
	}
	var lock sync.Mutex
	var failure error
	var running sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for _, index := range e.trials {
		t := trials[index]
		want := e.want(t.call)
		for _, caller := range t.callers {
			for _, end := range t.target.ends {
				places <- struct{}{}
				running.Go(func() {
					defer func() { <-places }()
					outcome, err := c.connect(caller, end, t.call, want)
					lock.Lock()
					defer lock.Unlock()
					results[index] = append(results[index], outcome)
					if err != nil {
						failure = err
					}
				})
			}
		}
	}
	running.Wait()
	return results, failure
}

// connect tries a connection that should connect and was cut once more: a busy machine loses packets, too.
func (c *cluster) connect(caller *Pod, target end, call Call, want string) (string, error) {
	answer, outcome, err := c.from(caller).dial(target.address, call.Protocol)
	if outcome == Cut && want == Connected {
		answer, outcome, err = c.from(caller).dial(target.address, call.Protocol)
	}
	if outcome == Connected && !slices.Contains(target.answers, answer) {
		outcome = fmt.Sprintf("an answer of `%s`", answer)
	}
	return outcome, err
}
