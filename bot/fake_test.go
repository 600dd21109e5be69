package bot

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"frontdesk/knowledge"
	"frontdesk/llm"
)

// fitted is fitted once for all tests that use the fake encoder.
var fitted = sync.OnceValues(func() (*Classes, error) {
	return NewClasses(context.Background(), llm.FakeEmbedder{Dims: 256})
})

func fakeClasses(t testing.TB) *Classes {
	t.Helper()
	c, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// memory is a Searcher over articles in memory: exact cosine plus coverage,
// enough to drive the engine without a store.
type memory struct {
	embed    llm.Embedder
	docs     []*knowledge.Document
	vecs     [][][]float32
	err      error
	degraded string
}

func newMemory(t testing.TB, embed llm.Embedder, inputs ...knowledge.Input) *memory {
	t.Helper()
	m := &memory{embed: embed}
	for _, in := range inputs {
		in.Source = "test"
		p := knowledge.Prepare(in)
		d := &knowledge.Document{Chunks: p.Chunks, Article: knowledge.Article{
			ID: uuid.New(), Version: uuid.New(), Number: 1, Source: p.Source, ExternalID: p.ExternalID, Title: p.Title,
			Body: p.Body, URL: p.URL, Locale: p.Locale, Visibility: p.Visibility, Status: p.Status,
		}}
		var texts []string
		for _, c := range p.Chunks {
			texts = append(texts, c.Text)
		}
		vecs, err := embed.EmbedDocuments(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		m.docs, m.vecs = append(m.docs, d), append(m.vecs, vecs)
	}
	return m
}

// Names gives none: conversations are about nothing in particular.
func (m *memory) Names(uuid.UUID) *knowledge.Names { return nil }

func (m *memory) Search(ctx context.Context, _ uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	if m.err != nil {
		return knowledge.Result{}, m.err
	}
	r := knowledge.Result{Version: 7, Degraded: m.degraded}
	if m.degraded == "" {
		embed := q.Embed
		if embed == nil {
			embed = m.embed.EmbedQuery
		}
		v, err := embed(ctx, q.Text)
		if err != nil {
			return r, err
		}
		r.Vector = v
	}
	df := map[string]float64{}
	for _, d := range m.docs {
		for term := range stems(d.Title + "\n" + d.Body) {
			df[term]++
		}
	}
	idf := func(term string) float64 { return math.Log(1 + float64(len(m.docs))/(df[term]+.5)) }
	want := stems(q.Text)
	for i, d := range m.docs {
		if d.Visibility == knowledge.Internal && q.Audience != knowledge.AudienceAgent {
			continue
		}
		hit := knowledge.ArticleHit{Document: d}
		for j := range d.Chunks {
			c := knowledge.ChunkHit{Chunk: &d.Chunks[j]}
			have := stems(c.Chunk.Text)
			var got, all float64
			for term := range want {
				all += idf(term)
				if have[term] {
					got += idf(term)
				}
			}
			if all > 0 {
				c.Coverage, c.Words = got/all, got
			}
			if r.Vector != nil {
				c.Cosine = dot(r.Vector, m.vecs[i][j])
			}
			c.Score = c.Cosine + c.Coverage
			hit.Chunks = append(hit.Chunks, c)
		}
		slices.SortFunc(hit.Chunks, func(a, b knowledge.ChunkHit) int { return cmp.Compare(b.Score, a.Score) })
		if len(hit.Chunks) > 0 && hit.Chunks[0].Score > 0 {
			hit.Score = hit.Chunks[0].Score
			r.Articles = append(r.Articles, hit)
		}
	}
	slices.SortFunc(r.Articles, func(a, b knowledge.ArticleHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Document.ExternalID, b.Document.ExternalID))
	})
	if q.Articles == 0 {
		q.Articles = 10
	}
	r.Articles = r.Articles[:min(len(r.Articles), q.Articles)]
	return r, nil
}
