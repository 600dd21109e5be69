package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/evals"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// small makes a set of four questions in dir/name.
func small(t *testing.T, dir, name string) {
	t.Helper()
	files := map[string]string{
		"articles.jsonl": `{"id":"lamp","title":"Change the lamp","body":"Turn the lamp to the left to change it. A lamp costs 7 euros."}
{"id":"clock","title":"Set the clock","body":"Hold the button for 3 seconds to set the clock."}`,
		"queries.jsonl": `{"id":"q1","text":"change the lamp zebra","relevant":["lamp"],"label":"answerable"}
{"id":"q2","text":"and to set it zebra","history":[{"role":"user","text":"the clock"},{"role":"assistant","text":"Yes?"}],"relevant":["clock"],"label":"follow_up"}
{"id":"q3","text":"rent a boat zebra","relevant":[],"label":"near"}
{"id":"q4","text":"zebra button clock","relevant":["clock"],"label":"answerable"}`,
	}
	for file, text := range files {
		path := filepath.Join(dir, name, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRunsAreKeptAndTold(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it fits the classes for each of its runs")
	}
	data, cache, out := t.TempDir(), t.TempDir(), t.TempDir()
	small(t, data, "arduino_help")
	small(t, data, "clinc150")
	list := []plan{{name: "arduino_help", floor: evals.ContextUser, ablate: true}, {name: "not there"}, {name: "clinc150"}}
	var log bytes.Buffer
	s := &suite{embed: llm.FakeEmbedder{Dims: 64}, data: data, cache: cache, program: "one", log: &log}
	results, err := s.all(t.Context(), list, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 || len(results[0].runs) != len(variants)-1 || len(results[1].runs) != 1 || len(results[0].floor) != 4 || results[0].before != nil {
		t.Fatalf("results %+v", results)
	}
	if !strings.Contains(log.String(), "not there: left out") {
		t.Errorf("nothing says what is left out:\n%s", log.String())
	}

	// The same program takes what is there; half of it was lost.
	if err := os.Remove(filepath.Join(cache, "runs", "arduino_help.words.jsonl.stamp")); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	if _, err := s.all(t.Context(), list, 1); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(log.String(), "questions in"); got != 1 || !strings.Contains(log.String(), "arduino_help, words") {
		t.Errorf("the second time:\n%s", log.String())
	}

	// Another program asks again, and is compared with the one before.
	s.program = "two"
	if results, err = s.all(t.Context(), list, 1); err != nil {
		t.Fatal(err)
	}
	if len(results[0].before) != 4 {
		t.Errorf("before: %d outcomes", len(results[0].before))
	}
	sum, err := summarise(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := sum.write(out); err != nil {
		t.Fatal(err)
	}
	checkReport(t, out)

	s.program, s.embed = "three", llm.FakeEmbedder{Dims: 64, Err: errors.New("broken")}
	if _, err := s.all(t.Context(), list, 2); err == nil {
		t.Error("a broken encoder: no error")
	}
}

// checkReport checks the report: figures and ids, and no text of a set.
func checkReport(t *testing.T, dir string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## Goals", "| arduino_help | hit@1 |", "Against the run before", "words alone", "not measured", "| q"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "totals.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all totals
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Goals) != len(goals) || all.Sets["arduino_help"].Questions != 4 || len(all.Sets["arduino_help"].Before) != 2 {
		t.Errorf("totals %+v", all)
	}
	for _, secret := range []string{"zebra", "boat", "Turn the lamp"} {
		if strings.Contains(string(page)+string(text), secret) {
			t.Errorf("the report holds %q, a text of the set", secret)
		}
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	s := evals.Set{Articles: []knowledge.Input{{Title: "Lost card", Body: "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"}, {Title: "Short", Body: "1\n2"}}}
	got := plan{past: 5}.derive(s).Articles
	if strings.Join(got[0].Phrasings, " ") != "1 3 5 7 9" || got[0].Body != "Lost card" {
		t.Errorf("got %+v", got[0])
	}
	if strings.Join(got[1].Phrasings, " ") != "1 2" {
		t.Errorf("got %+v", got[1])
	}
	if got := withoutPast(got); got[0].Phrasings != nil {
		t.Errorf("got %+v", got)
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want target
		v    float64
		met  bool
		text string
	}{
		{least(.84), .84, true, "≥ .84"}, {least(.935), .9349, false, "≥ .935"}, {most(.18), .19, false, "≤ .18"}, {most(0), 0, true, "0"}, {most(1), 1, true, "≤ 1"},
	} {
		if c.want.met(c.v) != c.met || c.want.String() != c.text {
			t.Errorf("%s: %v is met: %v", c.want, c.v, c.want.met(c.v))
		}
	}
}
