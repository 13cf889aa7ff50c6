// Command roundtrip reads lines of JSON, each with a YAML text and the JSON that it shall mean, and reads the YAML as kubectl
// does. It prints how many lines there were, and fails at the first that means something else.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"sigs.k8s.io/yaml"
)

const longestLine = 1 << 24

type line struct {
	YAML string `json:"yaml"`
	JSON string `json:"json"`
}

func main() {
	count, err := readAll()
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: line %d: %v\n", count, err)
		os.Exit(1)
	}
	fmt.Println(count)
}

func readAll() (int, error) {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, longestLine)
	count := 0
	for scanner.Scan() {
		count++
		if err := check(scanner.Bytes()); err != nil {
			return count, err
		}
	}
	return count, scanner.Err()
}

func check(text []byte) error {
	var one line
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	var wanted, got any
	if err := json.Unmarshal([]byte(one.JSON), &wanted); err != nil {
		return err
	}
	if err := yaml.Unmarshal([]byte(one.YAML), &got); err != nil {
		return fmt.Errorf("%w\n%s", err, one.YAML)
	}
	if !reflect.DeepEqual(wanted, got) {
		return fmt.Errorf("%s is read as %#v\n%s", one.JSON, got, one.YAML)
	}
	return nil
}
