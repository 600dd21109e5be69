package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sources is a module whose packages end in each way that a package can.
var sources = map[string]string{
	"go.mod":         "module sample\n\ngo 1.26.0\n",
	"empty/empty.go": "package empty\n",
	"good/good_test.go": `package good

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	fmt.Println("not worth showing either")
	os.Exit(m.Run())
}

func TestA(t *testing.T) {
	t.Run("x", func(t *testing.T) {})
	t.Run("y", func(t *testing.T) { t.Log("not worth showing") })
}

func FuzzB(f *testing.F) {
	f.Add("a")
	f.Fuzz(func(t *testing.T, s string) {})
}

func TestC(t *testing.T) { t.Skip("there is no C here") }
`,
	"bad/bad_test.go": `package bad

import "testing"

func TestA(t *testing.T) { t.Run("x", func(t *testing.T) { t.Error("want 1, have 2") }) }
func TestB(t *testing.T) { t.Log("not worth showing") }
`,
	"unbuilt/unbuilt_test.go": `package unbuilt

import "testing"

func TestA(t *testing.T) { undefinedName() }
`,
	"leaking/leaking_test.go": `package leaking

import (
	"fmt"
	"os"
	"testing"
)

func TestA(t *testing.T) {}

func TestMain(m *testing.M) {
	m.Run()
	fmt.Println("a goroutine was left")
	os.Exit(1)
}
`,
	"panicking/panicking_test.go": `package panicking

import "testing"

func TestA(t *testing.T) {}
func TestB(t *testing.T) { panic("out of luck") }
func TestC(t *testing.T) {}
`,
}

// sample writes the module to a folder.
func sample(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range sources {
		write(t, filepath.Join(folder, name), text)
	}
	return folder
}

func write(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestGoTestIsCountedAndShown(t *testing.T) {
	t.Parallel()
	folder := sample(t)
	tests := []struct {
		pkg    string
		want   counts
		shows  []string
		hidden []string
	}{
		{pkg: "empty", hidden: []string{"empty"}},
		{
			pkg:    "good",
			want:   counts{Passed: 5, Skipped: 1}, // TestA, x, y, FuzzB, its seed; TestC
			shows:  []string{"ok  \tsample/good", "SKIP\tsample/good TestC: good_test.go:24: there is no C here"},
			hidden: []string{"not worth showing", "RUN", "PASS"},
		},
		{
			pkg:    "bad",
			want:   counts{Passed: 1, Failed: 2},
			shows:  []string{"want 1, have 2", "--- FAIL: TestA/x", "FAIL\tsample/bad"},
			hidden: []string{"not worth showing"},
		},
		{pkg: "unbuilt", want: counts{Failed: 1}, shows: []string{"undefined: undefinedName", "FAIL\tsample/unbuilt"}},
		{pkg: "leaking", want: counts{Passed: 1, Failed: 1}, shows: []string{"a goroutine was left", "FAIL\tsample/leaking"}},
		{pkg: "panicking", want: counts{Passed: 1, Failed: 1}, shows: []string{"out of luck", "FAIL\tsample/panicking"}},
	}
	for _, test := range tests {
		t.Run(test.pkg, func(t *testing.T) {
			t.Parallel()
			command := exec.Command("go", "test", "-json", "./"+test.pkg)
			command.Dir = folder
			command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
			report, _ := command.Output() // go test fails where the sample does
			var shown bytes.Buffer
			got, err := readGoTest(bytes.NewReader(report), &shown)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			for _, text := range test.shows {
				if !strings.Contains(shown.String(), text) {
					t.Errorf("%q is not shown", text)
				}
			}
			for _, text := range test.hidden {
				if strings.Contains(shown.String(), text) {
					t.Errorf("%q is shown", text)
				}
			}
			if t.Failed() {
				t.Log(shown.String())
			}
		})
	}
}

func TestGoTestThatWasKilledHasFailed(t *testing.T) {
	t.Parallel()
	const report = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestB","Output":"waiting\n"}
signal: killed
`
	var shown bytes.Buffer
	got, err := readGoTest(strings.NewReader(report), &shown)
	if err != nil {
		t.Fatal(err)
	}
	if want := (counts{Passed: 1, Failed: 1}); got != want {
		t.Errorf("counts: got %v, want %v", got, want)
	}
	if want := "signal: killed\nwaiting\nFAIL\tp [did not end]\n"; shown.String() != want {
		t.Errorf("shown: got %q, want %q", shown.String(), want)
	}
}

func TestVitest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, report string
		want         counts
		wantErr      bool
	}{
		{
			name:   "all kinds",
			report: `{"numPassedTests":3,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1,"testResults":[{"status":"failed","assertionResults":[{}]}]}`,
			want:   counts{Passed: 3, Failed: 1, Skipped: 3},
		},
		{
			name:   "a file that cannot be read",
			report: `{"numPassedTests":3,"numFailedTests":0,"testResults":[{"status":"failed","assertionResults":[]}]}`,
			want:   counts{Passed: 3, Failed: 1},
		},
		{name: "another report", report: `{}`, wantErr: true},
		{name: "cut short", report: `{"numPassedTests":3`, wantErr: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := readVitest(write(t, filepath.Join(t.TempDir(), "report.json"), test.report))
			if (err != nil) != test.wantErr {
				t.Fatalf("error: %v", err)
			}
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	const (
		passing = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"pass","Package":"p"}` + "\n"
		failing = `{"Action":"fail","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"fail","Package":"p"}` + "\n"
	)
	tests := []struct {
		name  string
		files map[string]string // in the folder named FOLDER in args
		args  string
		stdin string
		code  int
		out   string
	}{
		{name: "go passes", args: "go -o FOLDER/c.json", stdin: passing, out: "1 passed, 0 failed, 0 skipped\n"},
		{name: "go fails", args: "go -o FOLDER/c.json", stdin: failing, code: 1, out: "0 passed, 1 failed, 0 skipped\n"},
		{name: "go without file", args: "go", stdin: passing, code: 2},
		{
			name:  "sum",
			files: map[string]string{"a.json": `{"passed":2,"skipped":1}`, "b.json": `{"passed":3}`, "c.txt": "no counts"},
			args:  "sum FOLDER",
			out:   "5 passed, 0 failed, 1 skipped\n",
		},
		{
			name:  "sum with a failure",
			files: map[string]string{"a.json": `{"passed":2}`, "b.json": `{"failed":1}`},
			args:  "sum FOLDER",
			code:  1,
			out:   "2 passed, 1 failed, 0 skipped\n",
		},
		{name: "sum of nothing", args: "sum FOLDER", code: 1, out: "0 passed, 0 failed, 0 skipped\n"},
		{
			name:  "sum of skipped tests",
			files: map[string]string{"a.json": `{"skipped":1}`},
			args:  "sum FOLDER",
			code:  1,
			out:   "0 passed, 0 failed, 1 skipped\n",
		},
		{name: "sum of a broken file", files: map[string]string{"a.json": `{`}, args: "sum FOLDER", code: 2},
		{name: "no command", code: 2},
		{name: "unknown command", args: "count FOLDER", code: 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			for name, text := range test.files {
				write(t, filepath.Join(folder, name), text)
			}
			args := strings.Fields(strings.ReplaceAll(test.args, "FOLDER", folder))
			var out, errs bytes.Buffer
			if code := run(args, strings.NewReader(test.stdin), &out, &errs); code != test.code {
				t.Errorf("exit code: got %d, want %d (%s)", code, test.code, errs.String())
			}
			if (errs.Len() > 0) != (test.code == 2) {
				t.Errorf("standard error: %q", errs.String())
			}
			// The sum is the last line, alone: .ci/run ends with it.
			if lines := strings.SplitAfter(out.String(), "\n"); test.out != "" && lines[max(0, len(lines)-2)] != test.out {
				t.Errorf("output: got %q, want it to end with %q", out.String(), test.out)
			}
		})
	}
}

func TestCountsSurviveTheFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	want := counts{Passed: 7, Failed: 1, Skipped: 2}
	if err := writeCounts(filepath.Join(folder, "c.json"), want); err != nil {
		t.Fatal(err)
	}
	got, err := sum(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
