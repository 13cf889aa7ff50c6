package install

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/report"
)

// Settings are what a run needs from outside.
type Settings struct {
	// Helm is the program.
	Helm string
	// Root is the folder of the library, and Charts that of the suite's charts.
	Root, Charts string
	// Refused says what an API server would say to objects.
	Refused func([]manifests.Object) ([]string, error)
}

// oldVersion and newVersion are those of the installs in scripts/conformance/installs.ts.
const (
	oldVersion = "1.29.4"
	newVersion = "1.30.3"
)

// everything is the install with every option, in which the controls change what they change.
const everything = "everything"

var (
	installs   = []string{"plain", everything, "platform", "upgrade before"}
	stages     = []string{"base", "cni", "control-plane", "canary", "tags", "gateways", "workloads", "default-revision", "old-removed"}
	deliveries = []string{"rendered", "argoCd", "flux", "terraform", "sail", "istioctl"}
)

// argoWithout is Argo CD with what the Sail operator can install: no gateways.
const argoWithout = "argoCd without gateways"

// ofCharts are the deliveries that say what each chart is given. The others have words of their own for some of it.
var ofCharts = []string{"argoCd", "flux", "terraform"}

// run is everything that was emitted, by install and delivery.
type run struct {
	helm    *helm
	refused func([]manifests.Object) ([]string, error)
	texts   map[string]map[string]answer
}

// Run synthesizes every install by every delivery, and holds what comes of them against each other.
func Run(settings Settings, progress func(string)) ([]report.Check, error) {
	folder, err := os.MkdirTemp("", "conformance-install-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	progress("packing charts")
	h, err := newHelm(settings.Helm, settings.Charts, folder, oldVersion, newVersion)
	if err != nil {
		return nil, err
	}
	charts, err := h.serve()
	if err != nil {
		return nil, err
	}
	defer charts.close()
	trials, err := h.trials(charts)
	if err != nil {
		return nil, err
	}
	requests := h.matrix()
	for _, one := range trials {
		requests = append(requests, one.request)
	}
	progress("synthesizing installs")
	answers, err := h.emit(settings.Root, charts.certificate, requests)
	if err != nil {
		return nil, err
	}
	if len(answers) != len(requests) {
		return nil, fmt.Errorf("%d requests have %d answers", len(requests), len(answers))
	}
	r := &run{helm: h, refused: settings.Refused, texts: map[string]map[string]answer{}}
	matrix := len(requests) - len(trials)
	for index, one := range requests[:matrix] {
		if r.texts[one.Install] == nil {
			r.texts[one.Install] = map[string]answer{}
		}
		delivery := one.Delivery
		if delivery == "argoCd" && one.WithoutGateways {
			delivery = argoWithout
		}
		r.texts[one.Install][delivery] = answers[index]
	}
	var checks []report.Check
	for _, name := range names() {
		progress("rendering: " + name)
		checks = append(checks, r.compared(name)...)
	}
	progress("changing values")
	checks = append(checks, r.noticed()...)
	for index, one := range trials {
		checks = append(checks, one.check(r, answers[matrix+index]))
	}
	return checks, nil
}

func names() []string {
	all := slices.Clone(installs)
	for _, stage := range stages {
		all = append(all, "upgrade "+stage)
	}
	return append(all, "upgrade after")
}

// matrix asks for every install by every delivery that can have it.
func (h *helm) matrix() []request {
	var requests []request
	for _, name := range names() {
		for _, delivery := range deliveries {
			stage := strings.TrimPrefix(name, "upgrade ")
			// One input of istioctl is of one version, and the stage of gateways is none without gateways.
			if (delivery == "istioctl" && slices.Contains(stages, stage)) || (delivery == "sail" && stage == "gateways") {
				continue
			}
			one := request{Install: name, Delivery: delivery}
			if delivery == "rendered" {
				one.Rendered = &renderedOptions{ChartFolder: h.packed()}
			}
			if delivery == "sail" {
				one.WithoutGateways = true
				requests = append(requests, request{Install: name, Delivery: "argoCd", WithoutGateways: true})
			}
			requests = append(requests, one)
		}
	}
	return requests
}

// compared holds every delivery of an install against what `Delivery.rendered` made of it.
func (r *run) compared(name string) []report.Check {
	var checks []report.Check
	for _, delivery := range deliveries {
		of, there := r.texts[name][delivery]
		if !there {
			continue
		}
		label := fmt.Sprintf("install %s by %s: the objects of all other deliveries, in order", name, delivery)
		if of.Error != "" {
			checks = append(checks, report.NewCheck(label, of.Error))
			continue
		}
		checks = append(checks, report.NewCheck(label, r.against(name, delivery, of.Files)...))
		if isTaken := slices.Contains([]string{"argoCd", "flux", "rendered"}, delivery); isTaken {
			checks = append(checks, r.taken(fmt.Sprintf("install %s by %s: an API server takes every object", name, delivery), of.Files))
		}
	}
	text := r.texts[name]["rendered"].Files
	return append(checks, report.NewCheck(fmt.Sprintf("install %s: Istio's types read the mesh config", name), meshConfigProblems(text)...))
}

// taken holds objects against what an API server says, but for those of kinds that the suite's charts define.
func (r *run) taken(label string, files map[string]string) report.Check {
	objects, err := parsed(files)
	if err != nil {
		return report.NewCheck(label, err.Error())
	}
	objects = slices.DeleteFunc(objects, func(object manifests.Object) bool {
		return object.Kind() == "CustomResourceDefinition" || object.GVK().Group == "standin.example.com"
	})
	reasons, err := r.refused(objects)
	if err != nil {
		return report.NewCheck(label, err.Error())
	}
	return report.NewCheck(label, reasons...)
}

// against says where files of a delivery come to something else than the other deliveries of the install.
func (r *run) against(name, delivery string, files map[string]string) []string {
	found, err := readers[delivery](files)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", delivery, err)}
	}
	got, err := r.helm.comesTo(found)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", delivery, err)}
	}
	other := "rendered"
	if !slices.Contains(ofCharts, delivery) {
		other = "argoCd"
	}
	wanted, err := r.wanted(name, delivery, other)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", other, err)}
	}
	reasons := differences(got, delivery, wanted, other)
	if delivery == "rendered" {
		return append(reasons, misplaced(found.objects)...)
	}
	if slices.Contains(ofCharts, delivery) {
		return append(reasons, disorder(delivery, found.releases)...)
	}
	return reasons
}

// wanted is what another delivery of the install comes to, as far as this one can have it.
func (r *run) wanted(name, delivery, other string) (installed, error) {
	var found emitted
	var err error
	switch delivery {
	case "sail":
		found, err = readArgoCd(r.texts[name][argoWithout].Files)
		// CRDs and what else `base` has are the operator's own.
		found.releases = slices.DeleteFunc(found.releases, func(one release) bool { return one.chart == "base" })
	case "istioctl":
		if found, err = readArgoCd(r.texts[name]["argoCd"].Files); err == nil {
			found.releases, err = oneTree(found.releases)
		}
		// Namespaces of gateways have to be there before.
		for index := range found.releases {
			found.releases[index].makesNamespace = false
		}
	default:
		found, err = readers[other](r.texts[name][other].Files)
	}
	if err != nil {
		return nil, err
	}
	return r.helm.comesTo(found)
}

// misplaced names what `Delivery.rendered` puts before something that it needs.
func misplaced(objects []manifests.Object) []string {
	first, last := map[string]int{}, map[string]int{}
	var firstOfChart int
	for index, object := range objects {
		chart, _, isOfChart := strings.Cut(object.Label("helm.sh/chart"), "-")
		if !isOfChart {
			if object.Kind() == "CustomResourceDefinition" && len(first) > 0 {
				return []string{fmt.Sprintf("rendered: `%s` stands behind `%s`", object.ID(), objects[firstOfChart].ID())}
			}
			continue
		}
		if len(first) == 0 {
			firstOfChart = index
		}
		release := chart + " " + object.Label("app.kubernetes.io/instance")
		if _, there := first[release]; !there {
			first[release] = index
		}
		last[release] = index
	}
	var releases []release
	for _, key := range sortedKeys(first) {
		chart, name, _ := strings.Cut(key, " ")
		one := release{name: name, chart: chart}
		for _, other := range sortedKeys(last) {
			if _, before, _ := strings.Cut(other, " "); last[other] < first[key] {
				one.after = append(one.after, before)
			}
		}
		releases = append(releases, one)
	}
	return disorder("rendered", releases)
}
