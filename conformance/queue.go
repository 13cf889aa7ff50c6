package main

import "cdk8s-mesh/conformance/internal/report"

// part is some of a run. It gives its checks when they are there.
type part func() ([]report.Check, error)

// queue holds parts that go on beside the run, one after the other.
type queue struct{ work []func() }

// add gives the part as it stands in the run, which waits for it.
func (q *queue) add(work part) part {
	var checks []report.Check
	var err error
	done := make(chan struct{})
	q.work = append(q.work, func() {
		defer close(done)
		checks, err = work()
	})
	return func() ([]report.Check, error) {
		<-done
		return checks, err
	}
}

// run makes every part in turn.
func (q *queue) run() {
	for _, work := range q.work {
		work()
	}
}
