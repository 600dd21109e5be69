package evals

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestReadPinned(t *testing.T) {
	t.Parallel()
	want := []Pinned{
		{Text: "one?", MustCite: oneOrMore{"a"}, MustSay: oneOrMore{"x", "y"}},
		{Text: "two?", MustHandOff: true, MustNotSay: oneOrMore{"z"}},
	}
	for name, c := range map[string]struct{ text, fail string }{
		"a.yaml":  {"- text: one?\n  must_cite: a\n  must_say: [x, y]\n- text: two?\n  must_hand_off: true\n  must_not_say: z\n", ""},
		"a.jsonl": {"{\"text\":\"one?\",\"must_cite\":[\"a\"],\"must_say\":[\"x\",\"y\"]}\n\n{\"text\":\"two?\",\"must_hand_off\":true,\"must_not_say\":\"z\"}\n", ""},
		"b.yaml":  {"", "holds none"},
		"c.jsonl": {`{"text":"one?","must_quote":"a"}`, "must_quote"},
		"d.jsonl": {`{"must_cite":"a"}`, "no text"},
		"e.jsonl": {`{"text":"one?","must_cite":"a","must_hand_off":true}`, "question 1: what must be handed off"},
		"f.yaml":  {"- text: one?", "demands nothing"},
		"g.yml":   {"text: one?", "g.yml"},
		"h.jsonl": {`{"text":"one?","must_cite":{"a":1}}`, "h.jsonl:1"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadPinned(path)
		if c.fail == "" {
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", name, err, diff)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.fail) || chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: error %v, want one with %q", name, err, c.fail)
		}
	}
	if _, err := ReadPinned(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a file that is not there")
	}
}

func TestPinnedFailures(t *testing.T) {
	t.Parallel()
	answer := Reply{Action: chat.ActionAnswer, Cited: []string{"a", "b"}, Text: "It costs 5 €."}
	handoff := Reply{Action: chat.ActionHandoff}
	for name, c := range map[string]struct {
		p    Pinned
		r    Reply
		want []string // parts, one for each failure
	}{
		"kept":             {Pinned{MustCite: oneOrMore{"b", "c"}, MustSay: oneOrMore{"COSTS 5"}, MustNotSay: oneOrMore{"6"}}, answer, nil},
		"another article":  {Pinned{MustCite: oneOrMore{"c"}}, answer, []string{"must cite c, and cites a, b"}},
		"not answered":     {Pinned{MustCite: oneOrMore{"c", "d"}}, handoff, []string{"answered out of c or d, and the bot's action is handoff"}},
		"handed off":       {Pinned{MustHandOff: true}, handoff, nil},
		"not handed off":   {Pinned{MustHandOff: true}, answer, []string{"must be handed off"}},
		"words":            {Pinned{MustSay: oneOrMore{"6 €"}, MustNotSay: oneOrMore{"5 €"}}, answer, []string{`must say "6 €"`, `must not say "5 €"`}},
		"not said is kept": {Pinned{MustNotSay: oneOrMore{"6 €"}}, handoff, nil},
	} {
		got := c.p.Failures(c.r)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", name, got[i], c.want[i])
			}
		}
	}
}
