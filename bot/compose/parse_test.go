package compose

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// read gives the sentences of a text that comes in pieces of n runes, written
// for people to compare: "¶" begins a paragraph, "3." a step, "•" a point, and
// "+" goes on in the line.
func read(text string, n int) (out []string) {
	p := parser{}
	var got []sentence
	runes := []rune(text)
	for len(runes) > 0 {
		k := min(n, len(runes))
		got = append(got, p.add(string(runes[:k]))...)
		runes = runes[k:]
	}
	for _, s := range append(got, p.end()...) {
		out = append(out, written(s))
	}
	return out
}

func written(s sentence) string {
	front := ""
	switch {
	case !s.opens:
		front = "+ "
	case s.step > 0:
		front = string(rune('0'+s.step)) + ". "
	case s.point:
		front = "• "
	}
	if s.para {
		front = "¶ " + front
	}
	return front + s.text
}

var wordings = map[string]struct {
	text string
	want []string
}{
	"the protocol": {
		"[-] Sorry that the lamp arrived broken.\n[1] Send us a photo within 14 days.\n[2] 1. Open your order.\n[2] 2. Press \"Report damage\".\n",
		[]string{"Sorry that the lamp arrived broken.", "Send us a photo within 14 days.", "1. Open your order.", `2. Press "Report damage".`},
	},
	"two sentences a line": {
		"[1] It takes 5 days. It goes back the way you paid.\n[1] 1. Open it. Wait until it is dry.\n",
		[]string{"It takes 5 days.", "+ It goes back the way you paid.", "1. Open it.", "+ Wait until it is dry."},
	},
	"marks vary": {
		"- [1]: First.\n**[Passage 2]** Second.\n[source 1, 2] Third.\n[#3] • Fourth.\n[–] Fifth.",
		[]string{"• First.", "Second.", "Third.", "• Fourth.", "Fifth."},
	},
	"one paragraph with marks in front": {
		"[1] It takes 5 days. [1] It goes back the way you paid. [-] I hope that helps!",
		[]string{"It takes 5 days.", "It goes back the way you paid.", "I hope that helps!"},
	},
	"one paragraph with marks behind": {
		"It takes 5 days [1]. It goes back the way you paid.[2] A third one. [1]",
		[]string{"It takes 5 days.", "+ It goes back the way you paid.", "+ A third one."},
	},
	"steps in one paragraph": {
		"To reset it: 1. Open the menu. 2. Choose Reset, e.g. with the knob. 3. Wait 2.5 minutes.",
		[]string{"To reset it:", "1. Open the menu.", "2. Choose Reset, e.g. with the knob.", "3. Wait 2.5 minutes."},
	},
	"steps in one paragraph with marks": {
		"[1] 1. Open the menu. [1] 2. Choose Reset.",
		[]string{"1. Open the menu.", "2. Choose Reset."},
	},
	"Markdown": {
		"## How to reset it\n\nThat is easy:\n\n* Open the **menu**\n* Choose Reset\n\n> Wait.\n\n---\nDone.",
		[]string{"How to reset it", "¶ That is easy:", "¶ • Open the **menu**", "• Choose Reset", "¶ Wait.", "¶ Done."},
	},
	"numbered by words": {"**Step 1: Open it.**\nStep 2. Close it.", []string{"1. Open it.", "2. Close it."}},
	"thoughts in front": {
		"<think>The customer wants. [1] I must not say.</think>\n\n[1] It takes 5 days.",
		[]string{"It takes 5 days."},
	},
	"a fence": {"```text\n[1] It takes 5 days.\n[1] Or 6.\n```", []string{"It takes 5 days.", "Or 6."}},
	"JSON with lines": {
		`{"lines":[{"n":1,"text":"It takes 5 days."},{"passage":2,"step":1,"text":"Open \"it\".\u00e4\ud83d\ude00"}], "confidence": 1}`,
		[]string{"It takes 5 days.", `1. Open "it".ä😀`},
	},
	"JSON with one text": {
		`{"language":"en","answer":"It takes 5 days. It goes back\nthe way you paid."}`,
		[]string{"It takes 5 days.", "+ It goes back", "the way you paid."},
	},
	"JSON in a fence":  {"```json\n{\"answer\": \"It takes 5 days.\"}\n```\n", []string{"It takes 5 days."}},
	"JSON array":       {`[{"n": 1, "text": "One."}, {"n": 2, "text": "Two."}]`, []string{"One.", "Two."}},
	"JSON strings":     {`["[1] One.", "[-] Two."]`, []string{"One.", "Two."}},
	"JSON with steps":  {`{"answer":"So:","steps":["Open it.","Close it."]}`, []string{"So:", "1. Open it.", "2. Close it."}},
	"JSON that is cut": {`{"answer":"It takes 5 days. It goes`, []string{"It takes 5 days.", "+ It goes"}},
	"no end":           {"[1] It takes 5 days", []string{"It takes 5 days"}},
	"a number first":   {"5 days is what it takes. Or 1. 6 of them.", []string{"5 days is what it takes.", "+ Or 1.", "+ 6 of them."}},
	"nothing":          {" \n\n ", nil},
	"only marks":       {"[1]\n[2] 1. \n[-]", nil},
	"an open bracket":  {"[", []string{"["}},
	"no words":         {"```\n```", nil},
}

func TestParserReadsWhatModelsSay(t *testing.T) {
	t.Parallel()
	for name, c := range wordings {
		for _, n := range []int{1, 2, 3, 7, 1000} {
			if diff := cmp.Diff(c.want, read(c.text, n)); diff != "" {
				t.Errorf("%s, in pieces of %d: %s", name, n, diff)
				break
			}
		}
	}
}

func TestParserGivesASentenceWhenTheNextBegins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"[1] It takes 5 days.":                   0, // may go on: "5 days.5"
		"[1] It takes 5 days.\n":                 1,
		"It takes 5 days. It":                    1,
		`{"answer":"It takes 5 days. It`:         1,
		`{"lines":[{"text":"It takes 5 days."}`:  1,
		"<think>hm</think>It takes 5 days. It g": 1,
	} {
		p := parser{}
		if got := len(p.add(text)); got != want {
			t.Errorf("%q: %d sentences, want %d", text, got, want)
		}
	}
}

func TestParserBoundsALine(t *testing.T) {
	t.Parallel()
	p := parser{}
	for range 10_000 {
		p.add("word word ")
		if len(p.line) > maxLine+20 {
			t.Fatalf("holds %d bytes", len(p.line))
		}
	}
}

// FuzzParser: the pieces make no difference, and nothing is made up.
func FuzzParser(f *testing.F) {
	for _, c := range wordings {
		f.Add(c.text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		if !utf8.ValidString(text) || n < 1 || len(text) > 2000 {
			return
		}
		one, many := read(text, n), read(text, len(text)+1)
		if diff := cmp.Diff(many, one); diff != "" && len(text) < maxLine {
			t.Errorf("%q in pieces of %d: %s", text, n, diff)
		}
		for _, s := range one {
			if strings.Contains(s, "\n") {
				t.Errorf("%q has an end of line", s)
			}
		}
	})
}
