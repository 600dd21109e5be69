package prompt

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Line{
		"[1] Wipe it.":                {1, 0, "Wipe it."},
		"  [12]   Wipe it. ":          {12, 0, "Wipe it."},
		"[1] 2. Wipe it.":             {1, 2, "Wipe it."},
		"[2] 3) Wipe it.":             {2, 3, "Wipe it."},
		"[-] I am sorry.":             {0, 0, "I am sorry."},
		"[–] I am sorry.":             {0, 0, "I am sorry."},
		"- [1] Wipe it.":              {1, 0, "Wipe it."},
		"**[1]** Wipe it.":            {1, 0, "Wipe it."},
		"[Passage 2]: Wipe it.":       {2, 0, "Wipe it."},
		"[1][2] Wipe it.":             {1, 0, "Wipe it."},
		"[1, 2] Wipe it.":             {1, 0, "Wipe it."},
		"Wipe it. [3]":                {3, 0, "Wipe it."},
		"Wipe it [3].":                {3, 0, "Wipe it."},
		"1. Wipe it. [2]":             {2, 1, "Wipe it."},
		"[1] 2.5 bar is the pressure": {1, 0, "2.5 bar is the pressure"},
		"[1]":                         {1, 0, ""},
	} {
		got, marked := ParseLine(in)
		if diff := cmp.Diff(want, got); diff != "" || !marked {
			t.Errorf("%q: marked %t %s", in, marked, diff)
		}
	}
	for _, in := range []string{"Wipe it.", "", "[x] no", "1. Wipe it."} {
		if l, marked := ParseLine(in); marked || l.N != 0 {
			t.Errorf("%q: %+v", in, l)
		}
	}
}

func TestLinesComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := Line{rapid.IntRange(0, 99).Draw(t, "n"), rapid.IntRange(0, 99).Draw(t, "step"), rapid.StringMatching(`[A-Z][a-z ,0-9]{0,40}[a-z]\.`).Draw(t, "text")}
		if got, marked := ParseLine(l.String()); !marked || got != l {
			t.Errorf("%+v came back as %+v", l, got)
		}
	})
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-zü\[\] ]{0,9}\n){0,6}[a-z]{0,5}`).Draw(t, "text")
		var want []string
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				want = append(want, line)
			}
		}
		var s Splitter
		var got []string
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			got = append(got, s.Add(rest[:n])...)
			rest = rest[n:]
		}
		if last := s.Rest(); last != "" {
			got = append(got, last)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	})
	var s Splitter
	for range 100 {
		s.Add(strings.Repeat("x", 1000))
	}
	if n := len(s.Rest()); n != maxLine {
		t.Errorf("a line without end came to %d bytes", n)
	}
}
