package evals

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestCasesSayWhatWentWrong(t *testing.T) {
	t.Parallel()
	in := []string{"x"}
	var queries []Query
	var run []Outcome
	add := func(id string, relevant []string, o Outcome) {
		o.ID = id
		queries, run = append(queries, Query{ID: id, Relevant: relevant}), append(run, o)
	}
	add("good", in, Outcome{Action: chat.ActionAnswer, Confidence: .9, Ranked: in, Cited: in})
	add("made up", nil, Outcome{Action: chat.ActionAnswer, Confidence: .6, Ranked: in, Cited: in})
	add("other", in, Outcome{Action: chat.ActionAnswer, Confidence: .7, Ranked: []string{"y", "x"}, Cited: []string{"y"}})
	add("rule", in, Outcome{Action: chat.ActionHandoff, Reason: chat.ReasonPersonOnly, Confidence: .8, Ranked: in})
	add("careful", in, Outcome{Action: chat.ActionHandoff, Reason: chat.ReasonLowConfidence, Confidence: .3, Ranked: in})
	add("asked back", in, Outcome{Action: chat.ActionClarify, Confidence: .4, Ranked: []string{"y", "x"}})
	add("missed", in, Outcome{Action: chat.ActionHandoff, Reason: chat.ReasonLowConfidence, Confidence: .2, Ranked: []string{"y"}})
	add("silent", nil, Outcome{Action: chat.ActionHandoff, Confidence: .1})
	cases, err := Cases(queries, run, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Fault{}
	ranks := map[string]int{}
	for _, c := range cases {
		got[c.ID], ranks[c.ID] = c.Fault, c.Rank
		if (c.Explain() == "") != c.Joint {
			t.Errorf("%s: explained as %q", c.ID, c.Explain())
		}
	}
	want := map[string]Fault{
		"good": "", "made up": FaultAnswered, "other": FaultArticle, "rule": FaultRule, "careful": FaultCareful, "asked back": FaultRanked, "missed": FaultMissed, "silent": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if ranks["other"] != 2 || ranks["missed"] != 0 || ranks["good"] != 1 {
		t.Errorf("ranks %v", ranks)
	}
	var order []string
	for _, c := range Worst(cases, 5) {
		order = append(order, c.ID)
	}
	if diff := cmp.Diff([]string{"other", "made up", "careful", "rule", "asked back"}, order); diff != "" {
		t.Error(diff)
	}
}

func TestRiskCurveAndReliability(t *testing.T) {
	t.Parallel()
	var cases []Case
	for _, c := range []scored{{.9, true}, {.8, false}, {.8, true}, {.2, false}} {
		cases = append(cases, Case{Outcome: Outcome{Confidence: c.confidence}, Right: c.yes})
	}
	want := []CurvePoint{{.25, 0, .9}, {.75, 1.0 / 3, .8}, {1, .5, .2}}
	if diff := cmp.Diff(want, RiskCurve(cases)); diff != "" {
		t.Error(diff)
	}
	bins := Reliability(cases, 2)
	if len(bins) != 2 || bins[0].N != 2 || bins[1].N != 2 {
		t.Fatalf("bins %+v", bins)
	}
	near(t, "said, low", bins[0].Said, .5)
	near(t, "was, low", bins[0].Was, .5) // .8 right, .2 wrong: equal ones keep their order
	near(t, "said, high", bins[1].Said, .85)
	near(t, "was, high", bins[1].Was, .5)
	if bins[0].Low != 0 || bins[0].High != 1 {
		t.Errorf("interval %v to %v", bins[0].Low, bins[0].High)
	}
	if got := Reliability(cases[:1], 15); len(got) != 1 {
		t.Errorf("%d bins of one case", len(got))
	}
}

func TestRiskBand(t *testing.T) {
	t.Parallel()
	var cases []Case
	for i := range 200 { // the surer half is always right, the other half never
		cases = append(cases, Case{Outcome: Outcome{Confidence: 1 - float64(i)/200}, Right: i < 100})
	}
	band := RiskBand(cases, 4)
	if len(band) != 4 {
		t.Fatalf("%d points", len(band))
	}
	near(t, "a quarter, low", band[0].Low, 0)
	near(t, "a quarter, high", band[0].High, 0) // 50 of some 100 right ones
	// All: a share of one half with a standard error of .035.
	if b := band[3]; b.Coverage != 1 || b.Low < .41 || b.Low > .45 || b.High < .55 || b.High > .59 {
		t.Errorf("all: %+v", b)
	}
}
