package knowledge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// named gives an index of articles: title, body, tags.
func named(articles ...[3]string) *Index {
	u := Update{Version: 1}
	for i, a := range articles {
		in := Input{Source: "test", ExternalID: fmt.Sprintf("%03d", i), Title: a[0], Body: a[1], Visibility: Public, Status: StatusPublished}
		if a[2] != "" {
			in.Tags = strings.Split(a[2], ",")
		}
		p := Prepare(in)
		u.Documents = append(u.Documents, Document{Chunks: p.Chunks, Article: Article{
			ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.ExternalID)), Source: p.Source, ExternalID: p.ExternalID, Title: p.Title,
			Body: p.Body, Tags: p.Tags, Visibility: p.Visibility, Status: p.Status,
		}})
	}
	return NewIndex(NewSearcher(nil, 0)).With(u)
}

var plans = [][3]string{
	{"Roast Club Basic: price", "The Roast Club Basic plan costs 9 euros.", ""},
	{"Roast Club Basic: pause", "Pause the Roast Club Basic plan at any time.", ""},
	{"Roast Club Plus: price", "The Roast Club Plus plan costs 15 euros.", ""},
	{"Roast Club Plus: pause", "Pause the Roast Club Plus plan at any time.", ""},
	{"Clean the Bogen", "Wipe the Bogen.", "kettle,Bogen"},
	{"Where to clean a kettle", "In the sink.", "kettle,cleaning"},
	{"Clean a grinder", "Brush it. Clean it once a week.", "cleaning"},
	{"Clean a shirt", "Clean shirts are washed with soap.", ""},
	{"Note: this is single", "One title with a colon makes no name.", ""},
}

func TestNames(t *testing.T) {
	t.Parallel()
	names := named(plans...).Names()
	got := map[string]*Name{}
	for i := range names.Len() {
		got[names.Name(i).Text] = names.Name(i)
	}
	for _, want := range []string{"Roast Club Basic", "Roast Club Plus", "Bogen", "kettle", "cleaning"} {
		if got[want] == nil {
			t.Errorf("no name %q", want)
		}
	}
	if got["Note"] != nil {
		t.Error("the head of a single title became a name")
	}
	if b := got["Roast Club Basic"]; len(b.Articles) != 2 || b.Own < .6 {
		t.Errorf("Roast Club Basic: %d articles, own %.2f", len(b.Articles), b.Own)
	}
	if got["cleaning"].Own >= got["Roast Club Basic"].Own {
		t.Errorf("a subject of all is as much its group's own (%.2f) as a plan (%.2f)", got["cleaning"].Own, got["Roast Club Basic"].Own)
	}
}

func TestNamesOfNothing(t *testing.T) {
	t.Parallel()
	var none *Names
	if none.Len() != 0 || NewIndex(NewSearcher(nil, 0)).Names().Len() != 0 {
		t.Error("names out of nothing")
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	names := named(plans...).Names()
	for text, want := range map[string]string{
		"how much is the Roast Club Plus plan": "Roast Club Plus",
		"roastclub basic please":               "Roast Club Basic",
		"is plus better?":                      "Roast Club Plus",
		"roast club":                           "Roast Club Basic,Roast Club Plus", // both are meant
		"my bogn leaks":                        "",                                 // too short to be sure
		"the BOGEN leaks":                      "Bogen",
		"nothing of ours":                      "",
		"":                                     "",
	} {
		var got []string
		for _, m := range names.Mentions(text) {
			got = append(got, names.Name(m.Name).Text)
			if m.Strength <= 0 || m.Strength > 1 || m.From >= m.To {
				t.Errorf("%q: odd mention %+v", text, m)
			}
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q: got %v, want %s", text, got, want)
		}
	}
}

func TestMentionsAreBounded(t *testing.T) {
	t.Parallel()
	names := named(plans...).Names()
	long := strings.Repeat("roastt clubb pluss ", 5000)
	if got := names.Mentions(long); len(got) == 0 {
		t.Error("nothing found in a long text")
	}
	if n := len(MentionWords(long)); n != longestText {
		t.Errorf("%d words are looked at, want %d", n, longestText)
	}
}

func TestEditDistance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"same", "same", 0}} {
		if got := editDistance(tc.a, tc.b); got != tc.want {
			t.Errorf("%q to %q: %d, want %d", tc.a, tc.b, got, tc.want)
		}
		if got := editDistance(tc.b, tc.a); got != tc.want {
			t.Errorf("%q to %q: %d, want %d", tc.b, tc.a, got, tc.want)
		}
	}
}

func TestFavour(t *testing.T) {
	t.Parallel()
	x := named(plans...)
	plain, err := x.Search(t.Context(), Query{Text: "pause the plan"})
	if err != nil {
		t.Fatal(err)
	}
	second := plain.Articles[1].Document
	r, err := x.Search(t.Context(), Query{Text: "pause the plan", Favour: map[uuid.UUID]float64{second.ID: .5}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Articles[0].Document.ID != second.ID {
		t.Errorf("got %q first, want the favoured %q", r.Articles[0].Document.Title, second.Title)
	}
	if a, b := r.Articles[0].Score, plain.Articles[1].Score+.5; a < b-1e-6 || a > b+1e-6 {
		t.Errorf("score %.4f, want %.4f", a, b)
	}
}

func BenchmarkNames(b *testing.B) {
	var articles [][3]string
	for i := range 12_000 {
		thing := fmt.Sprintf("Thing%d Model %c", i/20, 'A'+i/20%26)
		articles = append(articles, [3]string{fmt.Sprintf("Question %d of it", i%20), "About " + thing + ". It does this.", "kind" + string(rune('a'+i%3)) + "," + thing})
	}
	x := named(articles...)
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			newNames(x)
		}
	})
	b.Run("mentions", func(b *testing.B) {
		for b.Loop() {
			x.Names().Mentions("hello, I would like to know whether the thing317 modell can be washed and how loud it is please")
		}
	})
}
