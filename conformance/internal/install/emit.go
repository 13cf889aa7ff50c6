package install

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// request is one install by one delivery, as scripts/conformance/emit-installs.ts takes it.
type request struct {
	Install         string           `json:"install"`
	Delivery        string           `json:"delivery"`
	WithoutGateways bool             `json:"withoutGateways,omitempty"`
	Rendered        *renderedOptions `json:"rendered,omitempty"`
	ChartRepository string           `json:"chartRepository,omitempty"`
}

// renderedOptions are those of `Delivery.rendered`.
type renderedOptions struct {
	Helm        string   `json:"helm,omitempty"`
	ChartFolder string   `json:"chartFolder,omitempty"`
	APIVersions []string `json:"apiVersions,omitempty"`
}

// answer is what the library emits for a request: files by their names, or an error.
type answer struct {
	Files map[string]string `json:"files"`
	Error string            `json:"error"`
}

// emit lets the library synthesize. Helm is the suite's, by its name on the path, and believes the suite's repository.
func (h *helm) emit(root, certificate string, requests []request) ([]answer, error) {
	path := filepath.Join(h.folder, "path")
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	if err := os.Symlink(h.binary, filepath.Join(path, "helm")); err != nil {
		return nil, err
	}
	asked, answered := filepath.Join(h.folder, "requests.json"), filepath.Join(h.folder, "answers.json")
	text, err := json.Marshal(requests)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(asked, text, 0o644); err != nil {
		return nil, err
	}
	var said bytes.Buffer
	command := exec.Command("node", "-r", "ts-node/register/transpile-only", "scripts/conformance/emit-installs.ts", asked, answered)
	command.Dir = root
	command.Env = append(h.environment(), "PATH="+path+string(os.PathListSeparator)+os.Getenv("PATH"), "SSL_CERT_FILE="+certificate)
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("what is installed cannot be synthesized: %w: %s", err, strings.TrimSpace(said.String()))
	}
	if text, err = os.ReadFile(answered); err != nil {
		return nil, err
	}
	var answers []answer
	return answers, json.Unmarshal(text, &answers)
}
