package bot

import (
	"testing"

	"frontdesk/knowledge"
	"frontdesk/llm"
)

// TestAsking: what a coffee shop's customers ask is told from what they want
// done, in sentences that the head was not fitted on.
func TestAsking(t *testing.T) {
	t.Parallel()
	encoder := encoder(t)
	e := newEngine(t, func(o *Options, _ *memory) { o.Embedder = encoder })
	rate := func(text string) float64 {
		vec, err := encoder.EmbedQuery(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		return e.asking(t.Context(), understanding{question: text, query: text}, knowledge.Result{Vector: vec})
	}
	asks := []string{
		"Does the grinder come with a spare burr?", "is the kettle loud?", "Can I put the lid into the dishwasher?",
		"how long does the battery of the scale last", "Do they have decaf beans?", "what does delivery cost",
	}
	does := []string{
		"Yes, book me a table for five on Sunday at noon.", "No thanks, that is all I need today.",
		"I would like a cheap one in the north, please.", "Friday at 18:30 for two people.",
	}
	for _, a := range asks {
		for _, d := range does {
			if pa, pd := rate(a), rate(d); pa <= pd {
				t.Errorf("%q has %.2f, %q %.2f", a, pa, d, pd)
			}
		}
	}
}

func TestAskingKnowsNothing(t *testing.T) {
	t.Parallel()
	e := newEngine(t, func(*Options, *memory) {})
	vec := make([]float32, 8)
	for name, got := range map[string]float64{
		"another encoder": e.asking(t.Context(), understanding{question: "a", query: "a"}, knowledge.Result{Vector: vec}),
		"no vector":       e.asking(t.Context(), understanding{question: "a", query: "a"}, knowledge.Result{}),
		"no question":     e.asking(t.Context(), understanding{}, knowledge.Result{Vector: vec}),
	} {
		if got != unsureAsks {
			t.Errorf("%s: got %.2f, want %.2f", name, got, unsureAsks)
		}
	}
}

// TestFitAsks: two kinds of turns are told apart by a head fitted on them, the
// same ones give the same head, and each is rated by heads that had not seen it.
func TestFitAsks(t *testing.T) {
	t.Parallel()
	var list []AskExample
	for _, set := range []string{"one", "two"} {
		for _, n := range []string{"kettle", "grinder", "scale", "filter", "cup"} {
			list = append(list, AskExample{set, "does the " + n + " leak", true}, AskExample{set, "please send me a " + n, false})
		}
	}
	embed := llm.FakeEmbedder{Dims: 64}
	a, err := FitAsks(t.Context(), embed, list)
	if err != nil {
		t.Fatal(err)
	}
	b, err := FitAsks(t.Context(), embed, list)
	if err != nil || string(a.File) != string(b.File) {
		t.Errorf("two fits differ (%v)", err)
	}
	for _, p := range [][]float64{a.Held, a.OtherSets} {
		for i, x := range list {
			if (p[i] > .5) != x.Asks {
				t.Errorf("%q of set %s has %.2f", x.Text, x.Set, p[i])
			}
		}
	}
}
