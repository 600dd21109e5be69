package bot

import (
	"testing"

	"frontdesk/chat"
	"frontdesk/llm"
)

// lexical is an encoder that learnt some words.
type lexical struct {
	llm.FakeEmbedder
	words map[string]bool
}

func (l lexical) Knows(word string) bool { return l.words[word] }

// TestMisspeltSentencesAreClassed as what was meant: by the words of the
// examples, and by those of the articles.
func TestMisspeltSentencesAreClassed(t *testing.T) {
	t.Parallel()
	embed := lexical{llm.FakeEmbedder{Dims: 256}, map[string]bool{"persona": true}}
	e := newEngine(t, func(o *Options, _ *memory) {
		o.Embedder, o.Search = embed, newSnapshot(t, embed, shop...)
	})
	for text, want := range map[string]string{
		"let me talk to a persn":      "let me talk to a person",
		"let me talk to a persona":    "let me talk to a persona",
		"brush the burrrs":            "brush the burrs",
		"where is my order KK-20418?": "where is my order KK-20418?",
	} {
		if got := e.spelt(Turn{}, text); got != want {
			t.Errorf("%q is classed as %q, want %q", text, got, want)
		}
	}
	if d := ask(t, e, Turn{Messages: []string{"let me talk to a persn"}}); d.Reason != chat.ReasonAsked {
		t.Errorf("%s, %s", d.Action, d.Reason)
	}
	without := newEngine(t, nil)
	if got := without.spelt(Turn{}, "a persn"); got != "a persn" {
		t.Errorf("without a lexicon: %q", got)
	}
}
