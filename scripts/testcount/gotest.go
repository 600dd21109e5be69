package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output, instead of Package
	Test       string // empty for what concerns the whole package
	Output     string
}

// pkg is what is known of a package whose tests have not all ended.
type pkg struct {
	output map[string][]string // by test, "" for the package itself
	order  []string            // tests in the order in which they began
	done   map[string]bool
	counts counts
}

// readGoTest copies the outcome of `go test -json` to out as a person wants to read it: a line a package, the whole
// output of tests that failed, a line for each skipped one. A package that fails although none of its tests did (it does
// not compile, TestMain fails, it runs out of time) counts as one failed test and is printed whole. Lines that are not
// JSON are copied.
func readGoTest(in io.Reader, out io.Writer) (counts, error) {
	var total counts
	packages := map[string]*pkg{}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
				fmt.Fprint(out, line)
			} else {
				total.add(handle(packages, e, out))
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return total, fmt.Errorf("read go test's output: %w", err)
		}
	}
	// go test itself was killed: what had not ended did not pass.
	for name, p := range packages {
		p.print(out, p.order...)
		fmt.Fprintf(out, "FAIL\t%s [did not end]\n", name)
		p.counts.Failed++
		total.add(p.counts)
	}
	return total, nil
}

// handle takes in one event. It returns the counts of the package that ended with it, if one did.
func handle(packages map[string]*pkg, e event, out io.Writer) counts {
	if strings.HasPrefix(e.Action, "build-") {
		fmt.Fprint(out, e.Output)
		return counts{}
	}
	p := packages[e.Package]
	if p == nil {
		p = &pkg{output: map[string][]string{}, done: map[string]bool{}}
		packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.order = append(p.order, e.Test)
	case "output":
		if keep(e) {
			p.output[e.Test] = append(p.output[e.Test], e.Output)
		}
	case "pass", "fail", "skip":
		if e.Test != "" {
			p.end(e, out)
			return counts{}
		}
		delete(packages, e.Package)
		p.finish(e.Action, out)
		return p.counts
	}
	return counts{}
}

// end records the outcome of one test.
func (p *pkg) end(e event, out io.Writer) {
	p.done[e.Test] = true
	switch e.Action {
	case "pass":
		p.counts.Passed++
	case "skip":
		p.counts.Skipped++
		fmt.Fprintf(out, "SKIP\t%s %s: %s\n", e.Package, e.Test, reason(p.output[e.Test]))
	case "fail":
		p.counts.Failed++
		p.print(out, e.Test)
	}
	delete(p.output, e.Test)
}

// finish prints the package's own line. When no test explains the package's failure, it prints the tests that were
// running and counts the package.
func (p *pkg) finish(action string, out io.Writer) {
	if action == "fail" && p.counts.Failed == 0 {
		p.counts.Failed++
		var running []string
		for _, test := range p.order {
			if !p.done[test] {
				running = append(running, test)
			}
		}
		p.print(out, running...)
	}
	own := p.output[""]
	if action == "pass" && len(own) > 1 {
		// As go test does: of a package that passed, only the last line.
		own = own[len(own)-1:]
	}
	for _, text := range own {
		fmt.Fprint(out, text)
	}
}

func (p *pkg) print(out io.Writer, tests ...string) {
	for _, test := range tests {
		for _, text := range p.output[test] {
			fmt.Fprint(out, text)
		}
	}
}

// keep tells what a person wants to see from the noise of -json, which implies -v.
func keep(e event) bool {
	if e.Test == "" {
		return e.Output != "PASS\n" && e.Output != "FAIL\n" && !strings.Contains(e.Output, "[no test files]")
	}
	for _, noise := range []string{"=== RUN", "=== PAUSE", "=== CONT", "=== NAME"} {
		if strings.HasPrefix(e.Output, noise) {
			return false
		}
	}
	return true
}

// reason finds what a test said when it skipped: its last line but for go test's own.
func reason(output []string) string {
	for i := len(output) - 1; i >= 0; i-- {
		line := strings.TrimSpace(output[i])
		if line != "" && !strings.HasPrefix(line, "--- SKIP") {
			return line
		}
	}
	return "no reason given"
}
