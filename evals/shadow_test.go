package evals

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestShadowCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    Shadow
		want Agreement
	}{
		"no answer":                   {Shadow{Action: chat.ActionHandoff, Linked: []string{"a"}, Cited: []string{"a"}}, Silent},
		"the linked article":          {Shadow{Action: chat.ActionAnswer, Linked: []string{"b", "a"}, Cited: []string{"c", "a"}, Agent: "See here", Text: "Other words"}, Agreed},
		"another, in the same words":  {Shadow{Action: chat.ActionAnswer, Linked: []string{"b"}, Cited: []string{"c"}, Agent: "It costs 6.90 €.", Text: "Delivery costs 6.90 €"}, Agreed},
		"another, of the same sense":  {Shadow{Action: chat.ActionAnswer, Linked: []string{"b"}, Cited: []string{"c"}, Agent: "Two AAA", Text: "Alkaline batteries", Nearness: .5}, Agreed},
		"another":                     {Shadow{Action: chat.ActionAnswer, Linked: []string{"b"}, Cited: []string{"c"}, Agent: "Two AAA", Text: "Alkaline batteries", Nearness: .49}, Differed},
		"nothing of the agent's":      {Shadow{Action: chat.ActionAnswer, Cited: []string{"c"}, Text: "Alkaline batteries"}, Unknown},
		"a link without words, other": {Shadow{Action: chat.ActionAnswer, Linked: []string{"b"}, Cited: []string{"c"}, Text: "Alkaline"}, Differed},
	} {
		c.s.Compare()
		if c.s.Agreement != c.want {
			t.Errorf("%s: %s, want %s", name, c.s.Agreement, c.want)
		}
	}
}

func TestSumShadows(t *testing.T) {
	t.Parallel()
	all := []Shadow{
		{Agreement: Agreed, Cited: []string{"pay"}, Known: true},
		{Agreement: Differed, Cited: []string{"pay"}, Confidence: .6, Question: "How?", Text: strings.Repeat("word ", 100), Agent: "Other", Line: 3},
		{Agreement: Differed, Cited: []string{"lost"}, Confidence: .9, Question: "Where?", Line: 4},
		{Agreement: Unknown, Cited: nil},
		{Agreement: Silent, Action: chat.ActionHandoff},
		{Agreement: Silent, Action: chat.ActionClarify, Known: true},
	}
	r := SumShadows(all)
	want := ShadowReport{
		Asked: 6, Answered: 4, Agreed: 1, Differed: 2, Unknown: 1, Known: 2, KnownAgreed: 1,
		Silent: map[chat.Action]int{chat.ActionHandoff: 1, chat.ActionClarify: 1},
		Topics: []ShadowTopic{{"pay", 2, 1, 1}, {"(no article)", 1, 0, 0}, {"lost", 1, 0, 1}},
		Worst:  []Shadow{all[2], all[1]},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var out strings.Builder
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"4 of 6 (67 %)", "1 of 4 (25 %)", "would have handed over", "without them 0 of 4 conversations agreed", "line 4, 0.90: Where?", "word …"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %q in:\n%s", part, out.String())
		}
	}
	if got := SumShadows(nil); got.Asked != 0 || got.Topics == nil || got.Worst == nil {
		t.Errorf("of nothing: %+v", got)
	}
}
