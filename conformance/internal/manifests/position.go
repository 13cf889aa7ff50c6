package manifests

import (
	"regexp"
	"strconv"

	yamlv3 "gopkg.in/yaml.v3"
)

var step = regexp.MustCompile(`\[([^\]]*)\]|[^.\[]+`)

// descend follows a field path like `spec.http[0].route` as far as the document goes. A mapping's entry is answered by
// its value, but on the line of its key, which is where a reader looks.
func descend(node *yamlv3.Node, path string) *yamlv3.Node {
	for _, part := range step.FindAllStringSubmatch(path, -1) {
		name := part[0]
		if part[1] != "" {
			name = part[1]
		}
		next := child(node, name)
		if next == nil {
			return node
		}
		node = next
	}
	return node
}

func child(node *yamlv3.Node, name string) *yamlv3.Node {
	switch node.Kind {
	case yamlv3.SequenceNode:
		if index, err := strconv.Atoi(name); err == nil && index < len(node.Content) {
			return node.Content[index]
		}
	case yamlv3.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == name {
				value := *node.Content[i+1]
				value.Line = node.Content[i].Line
				return &value
			}
		}
	}
	return nil
}
