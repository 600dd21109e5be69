package words

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func texts(ws []Word) []string {
	var out []string
	for _, w := range ws {
		out = append(out, w.Text)
	}
	return out
}

func TestOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                    nil,
		" -- !":                               nil,
		"Where is my ORDER?":                  {"where", "is", "my", "order"},
		"Größe, Straße, Œuvre, Łódź":          {"grosse", "strasse", "oeuvre", "lodz"},
		"Gro\u0308ße":                         {"grosse"}, // the mark apart
		"ann@example.com":                     {"ann", "example", "com"},
		"KK-20418, 12,50 €":                   {"kk", "20418", "12", "50"},
		"日本語 ok":                              {"日", "本", "語", "ok"},
		"ﬁne ①":                               {"fine", "1"},
		strings.Repeat("ä", 2*maxWord):        {strings.Repeat("a", maxWord)},
		"İstanbul ıhlamur":                    {"istanbul", "ihlamur"},
		"\u0301 alone":                        {"alone"},
		"caf\u00e9 = cafe\u0301 = CAFE\u0301": {"cafe", "cafe", "cafe"},
	} {
		if diff := cmp.Diff(want, texts(Of(text))); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
}

// A word is what comes of the words of itself, and holds what an index can take.
func TestWordsAreStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		end := 0
		for _, w := range Of(text) {
			if w.Start < end || w.End <= w.Start || w.End > len(text) {
				t.Fatalf("%q: %+v stands before %d", text, w, end)
			}
			end = w.End
			if len(w.Text) > maxWord || !utf8.ValidString(w.Text) || strings.ContainsAny(w.Text, " '\"\\:*") {
				t.Fatalf("%q gave %q", text, w.Text)
			}
			if again := texts(Of(w.Text)); strings.Join(again, "") != w.Text {
				t.Fatalf("%q gave %q, and that %q", text, w.Text, again)
			}
		}
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]Phrase{
		``:                      nil,
		` ? `:                   nil,
		`Lost parc`:             {{[]string{"lost"}, false}, {[]string{"parc"}, true}},
		`a`:                     {{[]string{"a"}, false}},
		`"lost parcel"`:         {{[]string{"lost", "parcel"}, false}},
		`"lost parcel" x "open`: {{[]string{"lost", "parcel"}, false}, {[]string{"x"}, false}, {[]string{"open"}, true}},
		`Ann@Example.com`:       {{[]string{"ann", "example", "com"}, true}},
		`日本`:                    {{[]string{"日", "本"}, true}},
	} {
		if diff := cmp.Diff(want, Parse(typed).Phrases); diff != "" {
			t.Errorf("%s:\n%s", typed, diff)
		}
	}
	if n := len(Parse(strings.Repeat("word ", 100)).Phrases); n != maxPhrases {
		t.Errorf("a hundred words gave %d phrases", n)
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("before it ", 30) + "comes the lost Parcel, " + strings.Repeat("and after it ", 30)
	for _, c := range []struct {
		typed, text string
		want        string // marks in brackets
	}{
		{"parc", "Where is my parcel?\n\nThe Parcel of Ann", "Where is my [parcel]? The [Parcel] of Ann"},
		{`"lost parcel"`, "A lost parcel, a parcel that is lost", "A [lost] [parcel], a parcel that is lost"},
		{"straße", "In der STRASSE 5", "In der [STRASSE] 5"},
		{"nothing", "like it", "like it"},
		{"parcel", long, "…it before it before it comes the lost [Parcel], and after it and after it and…"},
		{"absent", long, "before it before it before it before it before it before it before it before it…"},
	} {
		got := strings.Builder{}
		for _, p := range Parse(c.typed).Excerpt(c.text, 80) {
			if p.Marked {
				got.WriteString("[" + p.Text + "]")
			} else {
				got.WriteString(p.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s in %.40q…:\n got %s\nwant %s", c.typed, c.text, got.String(), c.want)
		}
	}
}

func TestExcerptNeverBreaksACharacter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 400, -1).Draw(t, "text")
		q := Parse(rapid.String().Draw(t, "typed"))
		size := 0
		for _, p := range q.Excerpt(text, 60) {
			if !utf8.ValidString(p.Text) {
				t.Fatalf("broken: %q", p.Text)
			}
			size += len(p.Text)
		}
		if size > 60+2*len("…") {
			t.Fatalf("%d bytes", size)
		}
	})
}
