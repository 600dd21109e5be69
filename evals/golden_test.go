package evals_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/evals"
	"frontdesk/evals/data"
	"frontdesk/knowledge"
	"frontdesk/llm/minilm"
)

var update = flag.Bool("update", false, "write the golden totals anew")

// flips is how many questions of a metric may fall to the other side before
// somebody has to look: the last bits of a vector differ between processors.
const flips = 3

// goldenTotals are the figures that a change must not spoil unseen. What must
// never happen has no tolerance.
var goldenTotals = map[string]struct{ exact bool }{
	"Hit@1": {}, "Hit@5": {}, "R@5": {}, "MRR@10": {}, "AUROC": {}, "joint": {}, "answered": {}, "precision": {}, "AURC": {}, "Brier": {},
	"facts": {}, "citation_precision": {}, "expected_action": {},
	"unsupported": {exact: true}, "value_missing_numbers": {exact: true}, "leak": {exact: true}, "pii": {exact: true}, "over_blocking": {},
}

// TestGolden asks the repository's own questions with the encoder of the
// binary. It takes some ten seconds, so it runs only with FRONTDESK_EVAL=1.
// After a change for the better: FRONTDESK_EVAL=1 go test ./evals -run Golden -update
func TestGolden(t *testing.T) {
	if os.Getenv("FRONTDESK_EVAL") != "1" {
		t.Skip("set FRONTDESK_EVAL=1 to ask the repository's own questions")
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := knowledge.LoadCache(bytes.NewReader(data.Vectors), encoder.Model(), encoder.Dim())
	if err != nil {
		t.Fatal(err)
	}
	set, err := evals.ReadSet(t.Context(), "data")
	if err != nil {
		t.Fatal(err)
	}
	holdTotals(t, "own", set, evals.RunOptions{Embedder: encoder, Cache: vectors})
}

// TestSharedSets asks the questions of those development sets that are small
// and whose data is found: other people's texts, of which only totals are
// kept. Vectors are kept under .cache; the first time takes a minute or two.
// After a change for the better: FRONTDESK_EVAL=1 go test ./evals -run SharedSets -update
func TestSharedSets(t *testing.T) {
	if os.Getenv("FRONTDESK_EVAL") != "1" {
		t.Skip("set FRONTDESK_EVAL=1 to ask the questions of development sets")
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	cached, err := evals.OpenCached(filepath.Join("..", ".cache", "evals", "vectors"), encoder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cached.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"arduino_help", "bank_questions", "covid_faq", "safety"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(evals.DataDir(".."), name)
			if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
				t.Skipf("no evaluation data in %s; FRONTDESK_EVAL_DATA names the folder of the sets", dir)
			}
			set, err := evals.ReadSet(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			holdTotals(t, name, set, evals.RunOptions{Embedder: cached})
		})
	}
}

// holdTotals asks a set's questions and compares with the golden totals.
func holdTotals(t *testing.T, name string, set evals.Set, o evals.RunOptions) {
	t.Helper()
	o.Articles, o.Queries = set.Articles, set.Queries
	run, err := evals.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	report, err := evals.Score(set.Queries, run, evals.ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		writeTotals(t, path, report)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]float64
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for _, m := range report.Metrics {
		golden, ok := goldenTotals[m.Name]
		if !ok {
			continue
		}
		tolerance := flips / float64(m.N)
		if golden.exact {
			tolerance = 0
		}
		was, known := want[m.Name]
		if !known {
			t.Errorf("%s: %.4f is new. Write the totals anew", m.Name, m.Value)
		} else if !(math.Abs(m.Value-was) <= tolerance+1e-4) {
			t.Errorf("%s: got %.4f, want %.4f within %.4f", m.Name, m.Value, was, tolerance)
		}
		delete(want, m.Name)
	}
	for name := range want {
		t.Errorf("%s is no longer measured", name)
	}
	if t.Failed() {
		var table bytes.Buffer
		if err := evals.WriteTable(&table, report); err != nil {
			t.Fatal(err)
		}
		fmt.Println(table.String())
	}
}

func writeTotals(t *testing.T, path string, r evals.Report) {
	t.Helper()
	totals := map[string]float64{}
	for _, m := range r.Metrics {
		if _, ok := goldenTotals[m.Name]; ok {
			totals[m.Name] = math.Round(m.Value*1e4) / 1e4
		}
	}
	text, err := json.MarshalIndent(totals, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
