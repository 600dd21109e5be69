package evals

import (
	"context"
	"strconv"
	"testing"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/llm"
)

func TestRepeat(t *testing.T) {
	t.Parallel()
	run, err := Run(t.Context(), RunOptions{Articles: fewArticles, Queries: fewQueries(), Embedder: llm.FakeEmbedder{Dims: 128}, Threshold: .01, Repeat: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range run {
		if len(o.Again) != 2 || o.Again[0].Action != o.Action || o.Again[1].Text != o.Text {
			t.Errorf("%s: %+v", o.ID, o.Again)
		}
	}
}

func TestPassAndStability(t *testing.T) {
	t.Parallel()
	answer := func(cited, text string) Attempt {
		return Attempt{Action: chat.ActionAnswer, Cited: []string{cited}, Text: text}
	}
	queries := []Query{{ID: "a", Relevant: []string{"x"}}, {ID: "b", Relevant: []string{"x"}}, {ID: "c", Relevant: []string{"x"}}, {ID: "d"}}
	first := func(id string, again ...Attempt) Outcome {
		return Outcome{ID: id, Action: chat.ActionAnswer, Cited: []string{"x"}, Text: "it is", Again: again}
	}
	run := []Outcome{
		first("a", answer("x", "it is"), answer("x", "it is")),
		first("b", answer("x", "so it is"), answer("x", "it is")),
		first("c", answer("y", "it is not"), answer("x", "it is")),
		{ID: "d", Action: chat.ActionHandoff, Cited: []string{}, Again: []Attempt{{Action: chat.ActionHandoff}, answer("x", "it is")}},
	}
	report, err := Score(queries, run, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"pass^k": .5, "steady": .5, "verbatim": .25, "joint": 1} {
		if got := report.Value(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if report.Runs != 3 {
		t.Errorf("%d runs", report.Runs)
	}
	for i := range run {
		run[i].Again = nil
	}
	if report, err = Score(queries, run, ScoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, ok := report.Metric("pass^k"); ok || report.Runs != 0 {
		t.Error("pass^k of questions that were asked once")
	}
}

// numbering words every answer with a number of its own, and each second one not at all.
type numbering struct{ n *int }

func (c numbering) Compose(_ context.Context, in bot.Composition, show func(string)) (bot.Composed, error) {
	*c.n++
	if *c.n%2 == 0 {
		return bot.Composed{Dropped: map[string]int{"number": 1}}, &bot.NotComposed{Why: bot.SetbackUnanswered}
	}
	show("number")
	return bot.Composed{Text: "number " + strconv.Itoa(*c.n), Citations: in.Decision.Answer.Citations}, nil
}

func TestAnswersAreWorded(t *testing.T) {
	t.Parallel()
	n := 0
	run, err := Run(t.Context(), RunOptions{Articles: fewArticles, Queries: fewQueries()[:2], Embedder: llm.FakeEmbedder{Dims: 128}, Threshold: .01, Composer: numbering{&n}})
	if err != nil {
		t.Fatal(err)
	}
	a, b := run[0], run[1]
	if a.Text != "number 1" || a.Worded == nil || a.Worded.Outcome != bot.WordedAnew || a.Worded.ShownMS <= 0 || len(a.Unsupported) != 1 {
		t.Errorf("%+v, %+v", a, a.Worded)
	}
	if b.Worded == nil || b.Worded.Outcome != string(bot.SetbackUnanswered) || b.Worded.Dropped["number"] != 1 || b.Text == "number 2" {
		t.Errorf("%+v, %+v", b, b.Worded)
	}
	report, err := Score(fewQueries()[:2], run, ScoreOptions{})
	if got := report.Value("composed"); err != nil || got != .5 {
		t.Errorf("composed is %v, %v", got, err)
	}
}
