// Package report holds what every subcommand says in the same way: bad input, and the outcome of a check.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// BadInput is an error that the caller can mend; it ends the program with exit code 2.
type BadInput struct{ message string }

func (e *BadInput) Error() string { return e.message }

// Bad says what is wrong; the format ends with "; fix: ..." where a fix is not obvious.
func Bad(format string, args ...any) error {
	return &BadInput{message: fmt.Sprintf(format, args...)}
}

// Check is one thing that was tried: it holds when it has no reasons against it.
type Check struct {
	Name    string   `json:"name"`
	Passed  bool     `json:"passed"`
	Reasons []string `json:"reasons,omitempty"`
	// Control is how the check failed, as it must, without what makes it hold.
	Control []string `json:"control,omitempty"`
}

// NewCheck makes a check that passed exactly when there are no reasons against it.
func NewCheck(name string, reasons ...string) Check {
	return Check{Name: name, Passed: len(reasons) == 0, Reasons: reasons}
}

// Text writes one line per check, its reasons below it, and the totals as the last line.
func Text(w io.Writer, checks []Check) {
	for _, check := range checks {
		mark := "ok  "
		if !check.Passed {
			mark = "FAIL"
		}
		fmt.Fprintf(w, "%s %s\n", mark, check.Name)
		for _, reason := range check.Reasons {
			fmt.Fprintf(w, "       %s\n", strings.ReplaceAll(reason, "\n", "\n       "))
		}
	}
	passed, failed := Count(checks)
	fmt.Fprintf(w, "%d passed, %d failed\n", passed, failed)
}

// JSON writes the checks and the totals as one document.
func JSON(w io.Writer, checks []Check) error {
	passed, failed := Count(checks)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{"checks": checks, "passed": passed, "failed": failed})
}

// Count gives how many checks passed and failed.
func Count(checks []Check) (passed, failed int) {
	for _, check := range checks {
		if check.Passed {
			passed++
		} else {
			failed++
		}
	}
	return passed, failed
}
