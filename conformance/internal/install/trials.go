package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// trial is one more thing that `Delivery.rendered` does with real Helm, and what must come of it.
type trial struct {
	name    string
	request request
	judge   func(r *run, answer answer) []string
}

func (t trial) check(r *run, answer answer) report.Check {
	return report.NewCheck("install: "+t.name, t.judge(r, answer)...)
}

const (
	tenMegabytes = 10 << 20
	// bigTemplate is longer than the construct of cdk8s takes.
	bigTemplate = "{{- range until 40 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: big-{{ . }}\ndata:\n  text: {{ repeat 300000 \"x\" }}\n{{- end }}\n"
	// Helm 2, which is asked for what it does not have.
	oldHelm = "#!/bin/sh\ncase \"$1\" in\nversion) echo 'Client: v2.17.0+ga690bad' ;;\n*) echo 'Error: unknown flag: --include-crds' >&2; exit 1 ;;\nesac\n"
)

// trials prepares folders with charts that are somehow special, and says what is tried on them.
func (h *helm) trials(charts *repository) ([]trial, error) {
	big, failing, absent := filepath.Join(h.folder, "big"), filepath.Join(h.folder, "failing"), filepath.Join(h.folder, "absent")
	old := filepath.Join(h.folder, "old-helm")
	err := errors.Join(
		os.CopyFS(big, os.DirFS(h.unpacked(newVersion))),
		os.WriteFile(filepath.Join(big, "istiod/templates/big.yaml"), []byte(bigTemplate), 0o644),
		os.CopyFS(failing, os.DirFS(h.unpacked(newVersion))),
		os.WriteFile(filepath.Join(failing, "istiod/templates/failing.yaml"), []byte(`{{ fail "the moon is full" }}`), 0o644),
		os.Mkdir(absent, 0o755),
		os.WriteFile(old, []byte(oldHelm), 0o755),
	)
	if err != nil {
		return nil, err
	}
	rendered := func(install, repository string, options renderedOptions) request {
		return request{Install: install, Delivery: "rendered", Rendered: &options, ChartRepository: repository}
	}
	packed := renderedOptions{ChartFolder: h.packed()}
	return []trial{
		{"charts in folders are rendered as those in archives", rendered("plain", "", renderedOptions{ChartFolder: h.unpacked(newVersion)}), asPlain},
		{"charts of an HTTPS repository are rendered as those on disk", rendered("plain", charts.at("https", "charts"), renderedOptions{}), asPlain},
		{"charts of an OCI registry are rendered as those on disk", rendered("plain", charts.at("oci", "oci"), renderedOptions{}), asPlain},
		{"a helm that is given by its path renders as that of the path", rendered("plain", "", renderedOptions{Helm: h.binary, ChartFolder: h.packed()}), asPlain},
		{"charts know the kinds that the cluster has", rendered("plain", "", renderedOptions{ChartFolder: h.packed(), APIVersions: []string{"monitoring.coreos.com/v1/ServiceMonitor"}}), asMonitored},
		{"a chart of more than ten megabytes is rendered", rendered("plain", "", renderedOptions{ChartFolder: big}), asBig},
		refused("what a chart says against its values is passed on", rendered("plain", "", renderedOptions{ChartFolder: failing}),
			"helm did not render `istiod`", "the moon is full", "helm template istiod"),
		refused("a value that the schema of a chart refuses is named", rendered("a value of another type", "", packed),
			"helm did not render `front`", "terminationGracePeriodSeconds"),
		refused("a chart that its repository does not have is named", rendered("plain", charts.at("https", "empty"), renderedOptions{}),
			"helm did not render `istio-base`", `"base"`, "/empty"),
		refused("a chart that its registry does not have is named", rendered("plain", charts.at("oci", "nowhere"), renderedOptions{}),
			"helm did not render `istio-base`", "nowhere/base"),
		refused("a repository that is not there is named", rendered("plain", "https://localhost:1/charts", renderedOptions{}),
			"helm did not render `istio-base`", "https://localhost:1/charts"),
		refused("charts of another release than the one that is installed are refused", rendered("an older release", "", renderedOptions{ChartFolder: h.unpacked(newVersion)}),
			"`"+newVersion+"`", "`"+oldVersion+"`"),
		refused("a folder without charts is refused", rendered("plain", "", renderedOptions{ChartFolder: absent}), "Chart.yaml"),
		refused("a helm that is not there is told from one that fails", rendered("plain", "", renderedOptions{Helm: filepath.Join(absent, "helm"), ChartFolder: h.packed()}),
			"cannot be run", "install Helm 3.8 or later"),
		refused("a helm that is too old is called so", rendered("plain", "", renderedOptions{Helm: old, ChartFolder: h.packed()}),
			"2.17.0", "install Helm 3.8 or later"),
	}, nil
}

// asPlain expects the objects that the packed charts on disk come to.
func asPlain(r *run, got answer) []string {
	if got.Error != "" {
		return []string{got.Error}
	}
	if wanted := r.texts["plain"]["rendered"]; !reflect.DeepEqual(got, wanted) {
		return []string{fmt.Sprintf("expected %q, got %q", wanted.Files, got.Files)}
	}
	return nil
}

// asMonitored expects what a chart says of a kind that only this cluster has.
func asMonitored(r *run, got answer) []string {
	const said = "monitored: "
	for file, text := range r.texts["plain"]["rendered"].Files {
		if without := strings.ReplaceAll(text, said+"false", said+"true"); without == text || without != got.Files[file] {
			return []string{fmt.Sprintf("expected %q, got %q %s", without, got.Files[file], got.Error)}
		}
	}
	return nil
}

// asBig expects all that the charts print.
func asBig(r *run, got answer) []string {
	if got.Error != "" {
		return []string{got.Error}
	}
	found, err := readRendered(got.Files)
	if err != nil {
		return []string{err.Error()}
	}
	var reasons []string
	size, count := 0, 0
	for _, text := range got.Files {
		size += len(text)
	}
	for _, object := range found.objects {
		if strings.HasPrefix(object.Name(), "big-") {
			count++
		}
	}
	if size < tenMegabytes || count != 40 {
		reasons = append(reasons, fmt.Sprintf("%d bytes and %d objects are rendered", size, count))
	}
	return reasons
}

// refused expects an error in the words of the library that has these parts.
func refused(name string, request request, says ...string) trial {
	return trial{name, request, func(_ *run, got answer) []string {
		var reasons []string
		for _, part := range append([]string{"MESH-API-", "; fix: "}, says...) {
			if !strings.Contains(got.Error, part) {
				reasons = append(reasons, fmt.Sprintf("the error does not say %q: %s", part, got.Error))
			}
		}
		return reasons
	}}
}
