package evals

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

// Five questions: answered rightly, answered wrongly, handed over in vain,
// left unanswered rightly, answered where there is nothing to answer from.
var (
	fiveQueries = []Query{
		{ID: "1", Relevant: []string{"a"}, Label: "answerable", Facts: []string{"30 days", "free|no charge"}},
		{ID: "2", Relevant: []string{"b"}, Label: "answerable"},
		{ID: "3", Relevant: []string{"c"}, Label: "answerable"},
		{ID: "4", Label: "near", Expect: "handoff", MustNotContain: []string{"SECRET"}},
		{ID: "5", Label: "value_missing", Expect: "urgent", Forbidden: []string{"z"}},
	}
	fiveOutcomes = []Outcome{
		{ID: "1", Action: chat.ActionAnswer, Confidence: .9, Ranked: []string{"a", "b"}, Cited: []string{"a"}, Text: "30 Days.", Values: 1},
		{ID: "2", Action: chat.ActionAnswer, Confidence: .7, Ranked: []string{"a", "b"}, Cited: []string{"a", "b"}, Values: 3, Unsupported: []string{"7"}},
		{ID: "3", Action: chat.ActionClarify, Confidence: .4, Ranked: []string{"x"}},
		{ID: "4", Action: chat.ActionHandoff, Reason: chat.ReasonAsked, Confidence: .1, Ranked: []string{"x"}, Text: "a secret"},
		{ID: "5", Action: chat.ActionAnswer, Confidence: .6, Ranked: []string{"x"}, Cited: []string{"z"}, Text: "It is 5."},
	}
)

func TestScore(t *testing.T) {
	t.Parallel()
	r, err := Score(fiveQueries, fiveOutcomes, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{
		"Hit@1":                 1.0 / 3,
		"MRR@10":                (1 + .5 + 0) / 3,
		"AUROC":                 5.0 / 6, // of .9 .7 .4 over .1 .6 only .4 < .6
		"F1_abstain":            2.0 / 4, // 3 and 4 not answered, 4 rightly; 4 and 5 have no answer
		"F1_answer":             4.0 / 6,
		"joint":                 3.0 / 5, // 1, 2 (it cites b as well) and 4
		"answered":              3.0 / 5,
		"precision":             2.0 / 3,
		"coverage@80":           1.0 / 5,
		"AURC":                  (0 + .5 + 2.0/3 + .75 + .8) / 5,
		"Brier":                 (.01 + .49 + .16 + .01 + .36) / 5,
		"facts":                 .5,
		"unsupported":           1.0 / 4,
		"citation_precision":    (1 + .5 + 0) / 3,
		"value_missing_numbers": 1,
		"expected_action":       .5,
		"leak":                  1, // "secret" in 4, z cited in 5
	} {
		near(t, name, r.Value(name), want)
	}
	if diff := cmp.Diff([]string{"3", "5"}, r.Wrong); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"4", "5"}, r.Unsafe); diff != "" {
		t.Error(diff)
	}
	near(t, "ECE of a small set", r.Value("ECE"), math.NaN())
	if len(r.Labels) != 3 || r.Labels[0].Actions["answer"] != 2 || r.Labels[1].Actions["handoff:asked"] != 1 {
		t.Errorf("labels %+v", r.Labels)
	}
}

func TestScoreAtAThreshold(t *testing.T) {
	t.Parallel()
	at := .65
	r, err := Score(fiveQueries, fiveOutcomes, ScoreOptions{Threshold: &at})
	if err != nil {
		t.Fatal(err)
	}
	// Answered with the first article: 1 (right) and 2 (a, wrong).
	near(t, "answered", r.Value("answered"), 2.0/5)
	near(t, "joint", r.Value("joint"), 3.0/5)
	near(t, "at_threshold", r.Value("at_threshold"), 3.0/5)
}

func TestScoreRefusesARunOfOtherQuestions(t *testing.T) {
	t.Parallel()
	for name, run := range map[string][]Outcome{
		"too few":  fiveOutcomes[:4],
		"repeated": append(append([]Outcome{}, fiveOutcomes[:4]...), fiveOutcomes[0]),
		"unknown":  append(append([]Outcome{}, fiveOutcomes[:4]...), Outcome{ID: "9"}),
	} {
		if _, err := Score(fiveQueries, run, ScoreOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestWriteTable(t *testing.T) {
	t.Parallel()
	r, err := Score(fiveQueries, fiveOutcomes, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteTable(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"joint", "0.600", "value_missing", "handoff:asked 1", "4 5"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}
