package bot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestTwoQuestions(t *testing.T) {
	t.Parallel()
	for message, want := range map[string][]string{
		"how do I reset my password and what does delivery to Austria cost?": {"how do I reset my password", "and what does delivery to Austria cost?"},
		"How do I reset my password? What does delivery cost?":               {"How do I reset my password?", "What does delivery cost?"},
		"I bought it. How do I clean it, and how long does the refund take?": {"I bought it. How do I clean it", "and how long does the refund take?"},
		"how do I reset it":                            nil,
		"how do I open and close the lid":              nil,
		"what is it and how":                           nil,
		"how do I a? how do I b? what does c cost now": nil,
		"I did this and what you said":                 nil,
		"":                                             nil,
	} {
		if diff := cmp.Diff(want, twoQuestions(message)); diff != "" {
			t.Errorf("%q: %s", message, diff)
		}
	}
}

func TestTwoQuestionsAreAnsweredFromTwoArticles(t *testing.T) {
	t.Parallel()
	e := newEngine(t, nil)
	d := ask(t, e, Turn{Messages: []string{"how do I reset my password and what are the delivery costs to Austria?"}})
	if d.Action != chat.ActionAnswer || len(d.Answer.Citations) != 2 {
		t.Fatalf("got %s %q with %+v", d.Action, d.Reason, d.Answer.Citations)
	}
	for i, id := range []string{"reset", "costs"} {
		c := d.Answer.Citations[i]
		if c.N != i+1 || c.ExternalID != id || d.Ranked[i].ExternalID != id {
			t.Errorf("citation %d is %d of %s, ranked %s", i, c.N, c.ExternalID, d.Ranked[i].ExternalID)
		}
	}
	if !strings.Contains(d.Text, "Type a new password twice.") || !strings.Contains(d.Text, "Austria | 6.90 €") || len(d.Versions()) != 2 {
		t.Errorf("text %q", d.Text)
	}
	bodies := map[int]string{1: shop[1].Body, 2: shop[2].Body}
	for _, s := range d.Answer.Statements {
		if s.Span.End > len(bodies[s.Citation]) {
			t.Errorf("statement %+v outside its article", s)
		}
	}
	// Where one of them has no answer, nothing is made up for it.
	d = ask(t, e, Turn{Messages: []string{"how do I reset my password and what are the delivery costs to Norway?"}})
	if len(d.Answer.Citations) > 1 || strings.Contains(d.Text, "not available") {
		t.Errorf("got %s with %+v: %q", d.Action, d.Answer.Citations, d.Text)
	}
}
