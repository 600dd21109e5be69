package bot

import (
	"slices"
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestEitherOfTwoArticlesIsAnswered(t *testing.T) {
	t.Parallel()
	ofTwo := func(o *Options, _ *memory) {
		o.Threshold = .5
		o.Judge = &Judge{Best: Model{Bias: -1}, Pair: Model{Bias: 1}, Among: Model{Bias: 1}, BestWords: Model{Bias: -1}, PairWords: Model{Bias: 1}}
	}
	question := "how do I clean the grinder password?"
	d := ask(t, newEngine(t, ofTwo), Turn{Messages: []string{question}})
	if d.Action != chat.ActionAnswer || len(d.Answer.Citations) != 2 || d.Confidence >= .5 {
		t.Fatalf("got %s %q, confidence %.2f, with %+v", d.Action, d.Reason, d.Confidence, d.Answer.Citations)
	}
	for i, c := range d.Answer.Citations {
		if c.N != i+1 || c.ExternalID != d.Ranked[i].ExternalID || !strings.Contains(d.Text, d.Ranked[i].Title) {
			t.Errorf("citation %d: %+v, ranked %q, text %q", i, c, d.Ranked[i].Title, d.Text)
		}
	}
	if len(d.Versions()) != 2 || d.Blocks[0].T != "p" || d.Blocks[0].Kids[0].T != "strong" {
		t.Errorf("versions %v, first block %+v", d.Versions(), d.Blocks[0])
	}
	numbered := newEngine(t, func(o *Options, m *memory) {
		ofTwo(o, m)
		list := slices.Clone(shop)
		for i := range list {
			list[i].Title += " of 2031" // which no article's text holds
		}
		o.Search = newMemory(t, o.Embedder, list...)
	})
	if d := ask(t, numbered, Turn{Messages: []string{question}}); d.Action != chat.ActionAnswer || !strings.Contains(d.Text, "of 2031") {
		t.Errorf("with numbers in the titles: %s %s %q", d.Action, d.Reason, d.Text)
	}
	unsure := newEngine(t, func(o *Options, m *memory) {
		ofTwo(o, m)
		o.Judge.Pair, o.Judge.PairWords = Model{Bias: -1}, Model{Bias: -1}
		o.Judge.Among = Model{Bias: -1}
	})
	if d := ask(t, unsure, Turn{Messages: []string{question}}); d.Action != chat.ActionHandoff {
		t.Errorf("got %s with a pair that is as unsure", d.Action)
	}
}
