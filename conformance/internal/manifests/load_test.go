package manifests

import (
	"strings"
	"testing"
)

func TestLinesCountFromTheTopOfTheFile(t *testing.T) {
	objects, err := Parse("x.yaml", `# a comment
---
apiVersion: v1
kind: ConfigMap
metadata: {name: first}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: second
  labels:
    a: b
`)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) != 2 {
		t.Fatalf("got %d objects, want 2", len(objects))
	}
	for field, want := range map[string]int{"": 7, "metadata.labels": 11, "metadata.labels.a": 12, "metadata.absent": 9} {
		if got := objects[1].Line(field); got != want {
			t.Errorf("%q: line %d, want %d", field, got, want)
		}
	}
}

func TestAKeyGivenTwiceIsRefusedWithItsLine(t *testing.T) {
	_, err := Parse("x.yaml", "---\napiVersion: v1\nkind: ConfigMap\nkind: Secret\n")
	if err == nil || !strings.Contains(err.Error(), "x.yaml:4") {
		t.Errorf("got %v", err)
	}
}

func TestAListIsItsItems(t *testing.T) {
	objects, err := Parse("x.yaml", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: a}\n")
	if err != nil || len(objects) != 1 || objects[0].ID() != "Secret//a" || objects[0].Line("metadata.name") != 6 {
		t.Errorf("got %+v, %v", objects, err)
	}
}
