// Command testcount counts tests. It turns the reports of the test runners that this project uses into one form, so
// that .ci/run can end with a single sum.
//
//	go test -json ./... | testcount go -o FILE    print what `go test` would print, and the skipped tests
//	testcount vitest -o FILE REPORT.json          read the report of vitest's json reporter
//	testcount sum FOLDER                          print the sum of the *.json in FOLDER: "N passed, N failed, N skipped"
//
// FILE is one object: {"passed":1,"failed":0,"skipped":0}. It exits with 1 when a test failed, and with 2 when it could
// not do its work. A sum in which no test ran at all is a failure too.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	total, err := dispatch(args, stdin, stdout)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "testcount:", err)
		return 2
	case total.Failed > 0 || (args[0] == "sum" && total.Passed == 0):
		return 1
	}
	return 0
}

var errUsage = errors.New("usage: testcount go -o FILE | vitest -o FILE REPORT | sum FOLDER")

func dispatch(args []string, stdin io.Reader, stdout io.Writer) (counts, error) {
	if len(args) == 0 {
		return counts{}, errUsage
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("o", "", "")
	if err := flags.Parse(args[1:]); err != nil {
		return counts{}, fmt.Errorf("%w (%w)", err, errUsage)
	}
	switch {
	case args[0] == "go" && *file != "" && flags.NArg() == 0:
		total, err := readGoTest(stdin, stdout)
		if err != nil {
			return total, err
		}
		fmt.Fprintln(stdout, total)
		return total, writeCounts(*file, total)
	case args[0] == "vitest" && *file != "" && flags.NArg() == 1:
		total, err := readVitest(flags.Arg(0))
		if err != nil {
			return total, err
		}
		return total, writeCounts(*file, total)
	case args[0] == "sum" && flags.NArg() == 1:
		total, err := sum(flags.Arg(0))
		if err != nil {
			return total, err
		}
		fmt.Fprintln(stdout, total)
		return total, nil
	}
	return counts{}, errUsage
}

// counts are numbers of tests, top-level and sub-tests alike.
type counts struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

func (c counts) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.Passed, c.Failed, c.Skipped)
}

func (c *counts) add(other counts) {
	c.Passed += other.Passed
	c.Failed += other.Failed
	c.Skipped += other.Skipped
}

func writeCounts(file string, c counts) error {
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode counts: %w", err)
	}
	if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("write counts: %w", err)
	}
	return nil
}

// sum adds up the counts in a folder. A file that does not hold counts is an error: a count left out would make a
// failure look like a success.
func sum(folder string) (counts, error) {
	var total counts
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return total, fmt.Errorf("list %s: %w", folder, err)
	}
	for _, file := range files {
		var c counts
		if err := readJSON(file, &c); err != nil {
			return total, err
		}
		total.add(c)
	}
	return total, nil
}

// readVitest reads a report of vitest, which has jest's form. A test file that failed before its tests could run, by a
// syntax error say, counts as one failed test.
func readVitest(file string) (counts, error) {
	var report struct {
		Passed  *int `json:"numPassedTests"`
		Failed  int  `json:"numFailedTests"`
		Pending int  `json:"numPendingTests"`
		Todo    int  `json:"numTodoTests"`
		Files   []struct {
			Status string     `json:"status"`
			Tests  []struct{} `json:"assertionResults"`
		} `json:"testResults"`
	}
	if err := readJSON(file, &report); err != nil {
		return counts{}, err
	}
	if report.Passed == nil {
		return counts{}, fmt.Errorf("%s is no report of vitest: it has no numPassedTests", file)
	}
	c := counts{Passed: *report.Passed, Failed: report.Failed, Skipped: report.Pending + report.Todo}
	for _, f := range report.Files {
		if f.Status == "failed" && len(f.Tests) == 0 {
			c.Failed++
		}
	}
	return c, nil
}

func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read counts: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read counts: %s: %w", file, err)
	}
	return nil
}
