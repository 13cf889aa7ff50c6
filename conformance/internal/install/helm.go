package install

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"cdk8s-mesh/conformance/internal/manifests"
)

// kubernetesVersion is that of the cluster for which all charts are rendered.
const kubernetesVersion = "1.33"

// helm is the program, with charts of the suite's own in the place of Istio's.
type helm struct {
	binary string
	// folder holds everything of a run: charts as they are written and as they are packed, and what Helm keeps.
	folder string

	lock sync.Mutex
	done map[string]func() ([]manifests.Object, error)
}

// newHelm packs the charts as every version of Istio that is installed.
func newHelm(binary, source, folder string, versions ...string) (*helm, error) {
	h := &helm{binary: binary, folder: folder, done: map[string]func() ([]manifests.Object, error){}}
	for _, version := range versions {
		for _, chart := range charts {
			target := filepath.Join(h.unpacked(version), chart)
			if err := writeChart(source, chart, version, target); err != nil {
				return nil, err
			}
			if _, err := h.run("package", target, "--destination", h.packed()); err != nil {
				return nil, err
			}
		}
	}
	return h, nil
}

func (h *helm) unpacked(version string) string { return filepath.Join(h.folder, "charts", version) }

func (h *helm) packed() string { return filepath.Join(h.folder, "packed") }

// writeChart makes a chart from its own files and those that all have.
func writeChart(source, chart, version, target string) error {
	err := errors.Join(
		os.CopyFS(target, os.DirFS(filepath.Join(source, chart))),
		os.CopyFS(filepath.Join(target, "templates"), os.DirFS(filepath.Join(source, "shared"))),
	)
	if err != nil {
		return err
	}
	file := filepath.Join(target, "Chart.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, bytes.Replace(text, []byte("version: 0.0.0"), []byte("version: "+version), 1), 0o644)
}

// environment keeps what people have told their own Helm away.
func (h *helm) environment() []string {
	var own []string
	for _, variable := range []string{"HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"} {
		own = append(own, variable+"="+filepath.Join(h.folder, "helm"))
	}
	return append(os.Environ(), own...)
}

func (h *helm) run(words ...string) (string, error) {
	var out, complaint bytes.Buffer
	command := exec.Command(h.binary, words...)
	command.Env, command.Stdout, command.Stderr = h.environment(), &out, &complaint
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("`helm %s`: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(complaint.String()))
	}
	return out.String(), nil
}

// objects are those of a release. One that is like another to the byte is rendered once.
func (h *helm) objects(one release) ([]manifests.Object, error) {
	h.lock.Lock()
	key := fmt.Sprintf("%q %q %q %q %v %s", one.name, one.namespace, one.chart, one.version, one.makesCRDs, one.values)
	if h.done[key] == nil {
		h.done[key] = sync.OnceValues(func() ([]manifests.Object, error) { return h.template(one, sha256.Sum256([]byte(key))) })
	}
	objects := h.done[key]
	h.lock.Unlock()
	return objects()
}

func (h *helm) template(one release, id [32]byte) ([]manifests.Object, error) {
	values := filepath.Join(h.folder, fmt.Sprintf("values-%x.yaml", id[:8]))
	if err := os.WriteFile(values, one.values, 0o644); err != nil {
		return nil, err
	}
	archive := filepath.Join(h.packed(), fmt.Sprintf("%s-%s.tgz", one.chart, one.version))
	words := []string{"template", one.name, archive, "--namespace", one.namespace, "--values", values, "--kube-version", kubernetesVersion, "--skip-tests"}
	if one.makesCRDs {
		words = append(words, "--include-crds")
	}
	text, err := h.run(words...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", one, err)
	}
	return manifests.Parse(one.name, text)
}
