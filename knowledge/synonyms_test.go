package knowledge

import (
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestReadSynonyms(t *testing.T) {
	t.Parallel()
	s, err := ReadSynonyms(strings.NewReader(`[{"words":["parcel","package"],"weight":0.6},{"words":["wlan"],"means":["wireless network"],"weight":0.5}]`))
	if err != nil || len(s) != 2 || s[1].Means[0] != "wireless network" {
		t.Fatalf("read %v, %v", s, err)
	}
	for text, want := range map[string]string{
		`{}`:                                            "no list",
		`[{"word":["a"]}]`:                              "no list",
		`[{"words":["x","y"],"weight":1}]`:              "weight",
		`[{"words":["x","y"]}]`:                         "weight",
		`[{"words":["x"],"weight":0.5}]`:                "needs words",
		`[{"words":["x1","the"],"weight":0.5}]`:         "no word",
		`[{"words":["x1","k l m n o p"],"weight":0.5}]`: "too long",
	} {
		_, err := ReadSynonyms(strings.NewReader(text))
		if chat.CodeOf(err) != chat.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestSynonyms(t *testing.T) {
	t.Parallel()
	bare := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: []Document{
		docOf("parcel", "Send a parcel", "The parcel leaves today."),
		docOf("wifi", "Wireless network", "How to join your wireless network."),
		docOf("radio", "Wireless radio", "A radio without a cable."),
		docOf("other", "Burrs", "Brush them."),
	}})
	x := bare.With(Update{Synonyms: Synonyms{
		{Words: []string{"parcels", "shipment", "pakkage"}, Weight: .6},
		{Words: []string{"WLAN", "hot spot"}, Means: []string{"wireless network"}, Weight: .5},
	}})
	find := func(x *Index, text string) []ArticleHit {
		r, err := x.Search(t.Context(), Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return r.Articles
	}
	for text, want := range map[string]string{"shipments": "parcel", "wlan": "wifi", "the hot spot": "wifi", "parcel": "parcel"} {
		if got := find(x, text); len(got) == 0 || got[0].Document.ExternalID != want {
			t.Errorf("%q: %d found, want %s first", text, len(got), want)
		}
	}
	if got := find(bare, "shipments"); len(got) != 0 {
		t.Errorf("without synonyms: %d found", len(got))
	}
	if itself, other := find(x, "parcel")[0].Chunks[0], find(x, "shipment")[0].Chunks[0]; other.Words >= itself.Words || other.Coverage >= itself.Coverage {
		t.Errorf("a synonym counts for %v, %v, the word for %v, %v", other.Words, other.Coverage, itself.Words, itself.Coverage)
	}
	if bare, with := find(bare, "parcel")[0].Score, find(x, "parcel")[0].Score; bare != with {
		t.Errorf("synonyms changed a known word's score from %v to %v", bare, with)
	}
	later := x.With(Update{Documents: []Document{docOf("new", "Rückgabe", "Das Paket an uns schicken, und die Rechnung nicht vergessen.", func(in *Input) { in.Locale = "de" })}})
	if len(find(later, "shipments")) == 0 {
		t.Error("a change of articles lost the synonyms")
	}
	if len(find(later.With(Update{Synonyms: Synonyms{}}), "shipments")) != 0 {
		t.Error("an empty list drops the synonyms")
	}
}
