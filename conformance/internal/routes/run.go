// Package routes sends requests through real Envoys, whose configuration it translates from a set of manifests.
package routes

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/report"
)

// abreast is how many requests of a file run at a time, each with proxies of its own; most of them wait.
const abreast = 6

// trial is a request as written, and the same without what makes it come out so.
type trial struct {
	request   calls.Request
	asWritten *cell
	control   *cell
	reasons   []string // why the request did not come out as expected
	found     []string // why the control did not, as it must not
}

// Run makes the requests of a call file, each also against its negative control.
func Run(binary, path string, own, context []manifests.Object, progress func(string)) ([]report.Check, error) {
	if err := proxy.Check(); err != nil {
		return nil, err
	}
	file, err := calls.Load(path)
	if err != nil {
		return nil, err
	}
	if len(file.Requests) == 0 {
		return nil, report.Bad("`%s` has no `requests`; fix: give it some, or run `network`", path)
	}
	objects := slices.Concat(own, context)
	var trials []*trial
	for _, request := range file.Requests {
		one, err := newTrial(request, objects)
		if err != nil {
			return nil, err
		}
		trials = append(trials, one)
	}
	var runs []func() error
	for _, trial := range trials {
		runs = append(runs, func() (err error) {
			progress(trial.request.Name)
			trial.reasons, err = trial.asWritten.run(binary)
			return err
		}, func() (err error) {
			trial.found, err = trial.control.run(binary)
			return err
		})
	}
	if err := all(runs, func(run func() error) error { return run() }); err != nil {
		return nil, err
	}
	var checks []report.Check
	for _, trial := range trials {
		checks = append(checks, trial.check())
	}
	return checks, nil
}

func newTrial(request calls.Request, objects []manifests.Object) (*trial, error) {
	t := &trial{request: request}
	var err error
	if t.asWritten, err = newCell(request, objects); err != nil {
		return nil, err
	}
	changed, err := manifests.Change(objects, request.Without, request.Instead)
	if err != nil {
		return nil, at(request, err)
	}
	t.control, err = newCell(request, changed)
	return t, err
}

func (t *trial) check() report.Check {
	if len(t.found) == 0 {
		t.reasons = append(t.reasons, fmt.Sprintf("the control (%s) comes out the same", strings.Join(t.changes(), ", ")))
	}
	check := report.NewCheck("routes "+t.request.Name, t.reasons...)
	check.Control = t.found
	return check
}

func (t *trial) changes() []string {
	var changes []string
	for _, place := range t.request.Without {
		changes = append(changes, "without "+place)
	}
	for place, value := range t.request.Instead {
		changes = append(changes, fmt.Sprintf("%s: %v", place, value))
	}
	slices.Sort(changes)
	return changes
}

// all does the work a few at a time and gives the first error.
func all[T any](items []T, work func(T) error) error {
	var group sync.WaitGroup
	queue := make(chan T)
	failures := make(chan error, len(items))
	for range abreast {
		group.Go(func() {
			for item := range queue {
				if err := work(item); err != nil {
					failures <- err
				}
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	group.Wait()
	close(failures)
	return <-failures
}
