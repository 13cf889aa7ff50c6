// Package manifests reads Kubernetes YAML the way kubectl does, and remembers where everything stood.
package manifests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"cdk8s-mesh/conformance/internal/report"

	yamlv3 "gopkg.in/yaml.v3"
	kubejson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// Load reads every YAML file under dir. A folder without any object is bad input.
func Load(dir string) ([]Object, error) {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, report.Bad("`%s` is not a folder; fix: name a folder of Kubernetes YAML", dir)
	}
	var files []string
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && (strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, report.Bad("cannot read `%s`: %v", dir, err)
	}
	sort.Strings(files)
	objects, err := LoadFiles(files)
	if err == nil && len(objects) == 0 {
		return nil, report.Bad("`%s` has no Kubernetes YAML; fix: name a folder that holds .yaml files", dir)
	}
	return objects, err
}

// LoadFiles reads the objects of the given files, in that order.
func LoadFiles(files []string) ([]Object, error) {
	var objects []Object
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, report.Bad("cannot read `%s`: %v", file, err)
		}
		found, err := Parse(file, string(text))
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

// Parse reads the documents of one file.
func Parse(file, text string) ([]Object, error) {
	var objects []Object
	for _, document := range split(text) {
		data, err := yaml.YAMLToJSONStrict([]byte(document))
		if err != nil {
			return nil, unparsable(file, err)
		}
		var node yamlv3.Node
		if err := yamlv3.Unmarshal([]byte(document), &node); err != nil {
			return nil, unparsable(file, err)
		}
		// Kubernetes' own decoder keeps integers apart from floats, as schemas and CEL need it.
		var content map[string]any
		if err := kubejson.Unmarshal(data, &content); err != nil {
			return nil, report.Bad("`%s:%d` is no mapping; fix: leave only Kubernetes objects there", file, node.Content[0].Line)
		}
		if len(content) == 0 {
			continue
		}
		found, err := fromDocument(file, content, node.Content[0])
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

var lineNumber = regexp.MustCompile(`line (\d+): `)

// unparsable moves the line that a parser complains about behind the file's name.
func unparsable(file string, err error) error {
	place, message := file, strings.TrimPrefix(err.Error(), "error converting YAML to JSON: ")
	if match := lineNumber.FindStringSubmatch(message); match != nil {
		place, message = file+":"+match[1], strings.Replace(message, match[0], "", 1)
	}
	return report.Bad("`%s` does not parse: %s", place, message)
}

// split cuts a file at its document markers. Each document keeps the lines before it as empty ones, so that every
// parser counts lines from the top of the file.
func split(text string) []string {
	var documents []string
	var current strings.Builder
	for number, line := range strings.Split(text, "\n") {
		if line == "---" || strings.HasPrefix(line, "--- ") {
			documents = append(documents, current.String())
			current.Reset()
			current.WriteString(strings.Repeat("\n", number+1))
			continue
		}
		current.WriteString(line + "\n")
	}
	return append(documents, current.String())
}
