package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/chat"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want int
	}{
		{"return", "return", 0},
		{"retrun", "return", 1},
		{"retur", "return", 1},
		{"returnn", "return", 1},
		{"reburn", "return", 1},
		{"delivrey", "delivery", 1},
		{"delvrey", "delivery", 2},
		{"kettle", "delivery", 3}, // more than the limit
		{"", "ab", 2},
	}
	for _, tt := range tests {
		if got := distance([]rune(tt.a), tt.b, 2); got != tt.want {
			t.Errorf("%s, %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestNearestFindsWhatAScanFinds compares the buckets with looking at all words.
func TestNearestFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching("[a-c]{3,9}")
		d := newDictionary()
		all := rapid.SliceOfDistinct(word, rapid.ID).Draw(t, "vocabulary")
		for i, w := range all {
			d.vocabulary.add(w, uint32(i))
		}
		asked := rapid.StringMatching("[a-c]{4,9}").Draw(t, "word")
		slips := rapid.IntRange(1, 2).Draw(t, "slips")
		least, want := slips, []string{}
		for _, w := range all {
			n := distance([]rune(asked), w, slips)
			same := w[0] == asked[0] || w[0] == asked[1] && w[1] == asked[0]
			if n > least || !same {
				continue
			}
			if n < least {
				least, want = n, want[:0]
			}
			want = append(want, w)
		}
		got := []string{}
		for _, n := range d.nearest([]rune(asked), slips, func(uint32) bool { return true }) {
			got = append(got, n.word)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// knower is an encoder that has learnt some words.
type knower map[string]bool

func (k knower) Knows(word string) bool { return k[word] }

func TestSpelling(t *testing.T) {
	t.Parallel()
	docs := []Document{
		docOf("return", "Return an order", "Send the parcel back with KK-20418 on it. Delivery is free."),
		docOf("clean", "Cleaning the burrs", "Brush both burrs. Never use water. Configuration is not needed."),
		docOf("checkin", "Checkin by email", "The checkin opens a day before."),
		docOf("board", "UNO R4 WiFi", "The UNO R4 WiFi has a matrix. Use it in your project."),
	}
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: docs})
	tests := []struct {
		name, text string
		want       string // first article; "" for none at all
		spelling   string // what the text is taken for; "" for itself
	}{
		{"letters swapped", "retrun", "return", "return"},
		{"the first two swapped", "erturn", "return", "return"},
		{"a letter lost", "the parcl", "return", "the parcel"},
		{"two slips in a long word", "confgiurtion", "clean", "configuration"},
		{"an ending that stems otherwise", "configuraton", "clean", "configuration"},
		{"two slips are too many for a short word", "prcl", "", ""},
		{"a word of three letters", "wtr", "", ""},
		{"a known word stays", "burr", "clean", ""},
		{"a code stays", "KK-20419", "return", ""}, // by "kk"
		{"a number stays", "20419", "", ""},
		{"a product stays", "M20418", "", ""},
		{"a name with a capital inside stays", "ReturNs", "return", ""},
		{"a word that the encoder knows stays", "parrel", "", ""},
		{"a misspelt stop word is none", "wiht", "", ""},
		{"two words for one", "check in", "checkin", ""},
		{"two words for one, misspelt", "the check kin", "checkin", ""},
		{"e mail", "e mail", "checkin", ""},
		{"one word for two", "brushwater", "clean", "brush water"},
		{"one word with a stop word", "theparcel", "return", "the parcel"},
		{"numbers spoken", "nine four one", "", ""},
		{"in capitals", "RETRUN", "return", "return"},
		{"a name in parts", "R4WiFi", "board", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := *x
			x.asker.lexicon = knower{"parrel": true}
			r, err := x.Search(t.Context(), Query{Text: tt.text})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(r.Articles) > 0 {
				got = r.Articles[0].Document.ExternalID
			}
			if got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			want := tt.spelling
			if want == "" {
				want = tt.text
			}
			if got := Respell(tt.text, r.Spelling); got != want {
				t.Errorf("taken for %q, want %q", got, want)
			}
		})
	}
}

// TestAMisspeltWordCountsForLess than the word itself.
func TestAMisspeltWordCountsForLess(t *testing.T) {
	t.Parallel()
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: []Document{docOf("a", "Return", "An order."), docOf("b", "Water", "Never.")}})
	found := func(text string) ChunkHit {
		r, err := x.Search(t.Context(), Query{Text: text})
		if err != nil || len(r.Articles) != 1 {
			t.Fatalf("%q: %v, %v", text, ids(r), err)
		}
		return r.Articles[0].Chunks[0]
	}
	right, wrong := found("return"), found("retrun")
	if wrong.Words <= 0 || wrong.Words >= right.Words || wrong.Coverage <= 0 || wrong.Coverage >= right.Coverage || right.Coverage != 1 {
		t.Errorf("misspelt: words %v, coverage %v; spelt: %v, %v", wrong.Words, wrong.Coverage, right.Words, right.Coverage)
	}
}

// TestSpellingKnowsTheSnapshot: words of articles that are gone put nothing right.
func TestSpellingKnowsTheSnapshot(t *testing.T) {
	t.Parallel()
	gone := docOf("a", "Return", "An order.")
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: []Document{gone, docOf("b", "Water", "Never.")}})
	gone.Status = StatusArchived
	x = x.With(Update{Documents: []Document{gone}})
	if q := x.asker.read("retrun", ""); len(q.spelling) > 0 || len(q.terms[0].means) > 0 {
		t.Errorf("taken for %v", q.spelling)
	}
}

// TestNamesAreUnits: of boards that share their words, the one whose name
// stands in the question comes first.
func TestNamesAreUnits(t *testing.T) {
	t.Parallel()
	var docs []Document
	for _, name := range []string{"UNO R4 WiFi", "UNO R4 Minima", "UNO R3", "Nano ESP32", "Korn 64", "Korn 46", "IDE v1.8.19", "IDE v1.8.13", "C++", "C#"} {
		body := fmt.Sprintf("Connect the %s to your computer. WiFi, R4, 64 and 46 are explained elsewhere, as are Korn, Minima and UNO.", name)
		docs = append(docs, docOf(strings.ToLower(name), "Set up the "+name, body))
	}
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: docs})
	for question, want := range map[string]string{
		"set up uno r4 wifi": "uno r4 wifi", "set up the UNO R4WiFi": "uno r4 wifi", "unor4 minima": "uno r4 minima", "UNO-R3": "uno r3",
		"korn 64": "korn 64", "korn46": "korn 46", "ide 1.8.19": "ide v1.8.19", "v1.8.13": "ide v1.8.13", "c++ computer": "c++", "C#": "c#",
		"nano esp32": "nano esp32", "nano esp 32": "nano esp32",
	} {
		r, err := x.Search(t.Context(), Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(r); len(got) == 0 || got[0] != want {
			t.Errorf("%q: found %v, want %s first", question, got, want)
		}
	}
}

func TestRespell(t *testing.T) {
	t.Parallel()
	list := []chat.Respelling{{From: "retrun", To: "return"}, {From: "theparcel", To: "the parcel"}}
	for text, want := range map[string]string{
		"": "", "…": "…", "Can I Retrun theparcel? retruns": "Can I return the parcel? retruns", "(retrun)": "(return)",
	} {
		if got := Respell(text, list); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
