package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/internal/simd"
	"frontdesk/llm"
)

// careless is a vector index outside the process that ignores every filter.
type careless struct {
	docs    []Document
	vectors map[Hash][]float32
}

func (c careless) Nearest(_ context.Context, q []float32, k int, _ VectorFilter) ([]VectorHit, error) {
	var out []VectorHit
	for _, d := range c.docs {
		for _, chunk := range d.Chunks {
			out = append(out, VectorHit{d.Version, chunk.Ordinal, float64(simd.Dot(q, c.vectors[chunk.Hash]))})
		}
	}
	slices.SortStableFunc(out, func(a, b VectorHit) int { return cmp.Compare(b.Cosine, a.Cosine) })
	return out[:min(len(out), k)], nil
}

func (c careless) Vectors(_ context.Context, hashes []Hash) ([]Vector, error) {
	var out []Vector
	for _, h := range hashes {
		out = append(out, Vector{h, c.vectors[h]})
	}
	return out, nil
}

// drawnWords are few, so that articles share them and ties are frequent.
var drawnWords = []string{"burr", "kettle", "order", "return", "M2", "Bogen", "Mühle", "wifi", "R4", "water", "brush", "delivery"}

func drawText(t *rapid.T, name string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(drawnWords), 1, most).Draw(t, name), " ")
}

// drawShop draws articles of all kinds, and their vectors.
func drawShop(t *rapid.T) ([]Document, []Vector) {
	var docs []Document
	var vectors []Vector
	for i := range rapid.IntRange(1, 12).Draw(t, "articles") {
		d := docOf(fmt.Sprintf("a%02d", i), drawText(t, "title", 3), drawText(t, "body", 8), func(in *Input) {
			in.Locale = rapid.SampledFrom([]string{"", "en", "de-AT", "ja"}).Draw(t, "locale")
			in.Visibility = rapid.SampledFrom([]Visibility{Public, Internal}).Draw(t, "visibility")
			in.Tags = rapid.SampledFrom([][]string{nil, {"x"}, {"x", "y"}}).Draw(t, "tags")
		})
		docs = append(docs, d)
		for _, c := range d.Chunks {
			v, err := llm.FakeEmbedder{}.EmbedDocuments(context.Background(), []string{c.Text})
			if err != nil {
				t.Fatal(err)
			}
			vectors = append(vectors, Vector{c.Hash, v[0]})
		}
	}
	return docs, vectors
}

// paths gives the same articles searched in each way there is.
func paths(docs []Document, vectors []Vector) map[string]*Index {
	byHash := map[Hash][]float32{}
	for _, v := range vectors {
		byHash[v.Hash] = v.Values
	}
	e := llm.FakeEmbedder{}
	return map[string]*Index{
		"words":  NewIndex(NewSearcher(nil, 0)).With(Update{Documents: docs}),
		"memory": NewIndex(NewSearcher(e, 0)).With(Update{Documents: docs, Vectors: vectors}),
		"half":   NewIndex(NewSearcher(e, 0)).With(Update{Documents: docs, Vectors: vectors[:len(vectors)/2]}),
		"remote": NewIndex(NewSearcher(e, 0)).With(Update{Documents: docs, Remote: careless{docs, byHash}}),
	}
}

// TestNothingIsFoundThatAQueryExcludes: internal articles for customers,
// other languages and tags, whichever way is searched.
func TestNothingIsFoundThatAQueryExcludes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		docs, vectors := drawShop(t)
		q := Query{
			Text:     drawText(t, "question", 4),
			Audience: rapid.SampledFrom([]Audience{"", AudienceCustomer, AudienceAgent, "nobody"}).Draw(t, "audience"),
			Locale:   rapid.SampledFrom([]string{"", "de", "en-US"}).Draw(t, "only"),
			Prefer:   rapid.SampledFrom([]string{"", "de", "fr"}).Draw(t, "prefer"),
			Tags:     rapid.SampledFrom([][]string{nil, {"x"}, {"y", "x"}}).Draw(t, "tags"),
		}
		for name, x := range paths(docs, vectors) {
			r, err := x.Search(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range r.Articles {
				d := a.Document
				if d.Visibility == Internal && q.Audience != AudienceAgent {
					t.Errorf("%s: internal %s for %q", name, d.ExternalID, q.Audience)
				}
				if d.Locale != "" && q.Locale != "" && d.Locale[:2] != q.Locale[:2] {
					t.Errorf("%s: %s is in %s, not %s", name, d.ExternalID, d.Locale, q.Locale)
				}
				for _, tag := range q.Tags {
					if !slices.Contains(d.Tags, tag) {
						t.Errorf("%s: %s lacks the tag %s", name, d.ExternalID, tag)
					}
				}
			}
		}
	})
}

// TestAPreferenceExcludesNothing: the same articles are found with and without.
func TestAPreferenceExcludesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		docs, vectors := drawShop(t)
		text := drawText(t, "question", 4)
		for name, x := range paths(docs, vectors) {
			find := func(prefer string) []string {
				r, err := x.Search(context.Background(), Query{Text: text, Prefer: prefer, Articles: 50})
				if err != nil {
					t.Fatal(err)
				}
				found := ids(r)
				slices.Sort(found)
				return found
			}
			if diff := gocmp.Diff(find(""), find("de")); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// TestOrderDoesNotDependOnImport: the articles may come in any order, at once
// or one by one, anew or changed, and may be searched by many at a time.
func TestOrderDoesNotDependOnImport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		docs, vectors := drawShop(t)
		q := Query{Text: drawText(t, "question", 4) + " kettel", Audience: AudienceAgent, Prefer: "de"}
		other := rapid.Permutation(docs).Draw(t, "order")
		shuffled := rapid.Permutation(vectors).Draw(t, "vectors")
		step := NewIndex(NewSearcher(llm.FakeEmbedder{}, 0))
		for i, d := range other {
			old := d
			old.Chunks = docOf("old", "Old", drawText(t, "old body", 5)).Chunks
			step = step.With(Update{Documents: []Document{old}}).With(Update{Documents: []Document{d}, Vectors: shuffled[:i+1]})
		}
		step = step.With(Update{Vectors: shuffled})
		want := ranking(t, paths(docs, vectors)["memory"], q)
		for name, x := range map[string]*Index{"one by one": step, "in another order": paths(other, shuffled)["memory"]} {
			if diff := gocmp.Diff(want, ranking(t, x, q)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if diff := gocmp.Diff(want, ranking(t, step, q)); diff != "" {
					t.Errorf("at the same time: %s", diff)
				}
			})
		}
		wait.Wait()
	})
}

// placed is all of a result that may not change.
type placed struct {
	ID     string
	Score  float64
	Chunks []ChunkHit
}

func ranking(t *rapid.T, x *Index, q Query) []placed {
	r, err := x.Search(context.Background(), q)
	if err != nil {
		t.Error(err)
	}
	var out []placed
	for _, a := range r.Articles {
		out = append(out, placed{a.Document.ExternalID, a.Score, a.Chunks})
	}
	return out
}

func TestBaseSetSynonyms(t *testing.T) {
	t.Parallel()
	m := newMemStore()
	b := newBase(t, m, nil)
	mustImport(t, b, m, false, Input{Source: "s", ExternalID: "parcel", Title: "Send a parcel", Body: "It leaves today."})
	count := func(ws uuid.UUID) int {
		r, err := b.Search(t.Context(), ws, Query{Text: "shipment"})
		if err != nil {
			t.Fatal(err)
		}
		return len(r.Articles)
	}
	if err := b.SetSynonyms(m.ws, Synonyms{{Words: []string{"x"}, Weight: .5}}); err == nil || count(m.ws) != 0 {
		t.Errorf("wrong synonyms: %v", err)
	}
	if err := b.SetSynonyms(m.ws, Synonyms{{Words: []string{"shipment", "parcel"}, Weight: .5}}); err != nil || count(m.ws) != 1 {
		t.Errorf("synonyms: %v, %d found", err, count(m.ws))
	}
	mustImport(t, b, m, false, Input{Source: "s", ExternalID: "box", Title: "Boxes", Body: "Parcels need one."})
	if count(m.ws) != 2 {
		t.Errorf("%d found after an import, want 2", count(m.ws))
	}
	if err := b.SetSynonyms(m.ws, nil); err != nil || count(m.ws) != 0 {
		t.Errorf("none: %v, %d found", err, count(m.ws))
	}
}
