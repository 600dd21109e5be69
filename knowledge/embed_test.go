package knowledge

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/llm"
)

// countingEmbedder counts the texts it embeds and can be made to fail.
type countingEmbedder struct {
	llm.FakeEmbedder
	mu    sync.Mutex
	texts []string
	calls []time.Time
	err   error
}

func (c *countingEmbedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, time.Now())
	if c.err != nil {
		return nil, c.err
	}
	c.texts = append(c.texts, texts...)
	return c.FakeEmbedder.EmbedDocuments(ctx, texts)
}

func (c *countingEmbedder) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.texts
	c.texts = nil
	return out
}

func TestIndexer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, e := newMemStore(), &countingEmbedder{}
		b := NewBase(Options{Store: m, Embedder: e, Log: slog.New(slog.DiscardHandler)})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		ix := NewIndexer(b, "node", nil, nil)
		ix.Start(t.Context())
		defer ix.Close()

		all := inputs(100)
		mustImport(t, b, m, false, all...)
		time.Sleep(2 * pollEvery)
		synctest.Wait()
		want := IndexStatus{Articles: 100, Chunks: 200, Vectors: 200, Model: "fake", Version: 100}
		if diff := cmp.Diff(want, b.Status(m.ws)); diff != "" {
			t.Error(diff)
		}
		if n := len(e.take()); n != 200+300 {
			t.Errorf("%d texts were embedded, want 200 chunks, 100 titles and 200 sentences", n)
		}
		all[5].Body = strings.Replace(all[5].Body, "Also", "Zebra also", 1)
		mustImport(t, b, m, false, all...)
		time.Sleep(2 * pollEvery)
		synctest.Wait()
		if got := e.take(); len(got) != 2 || !strings.Contains(got[0], "Zebra") || !strings.Contains(got[1], "Zebra") {
			t.Errorf("embedded %q, want the changed chunk and its sentence only", got)
		}
		if m.holder != "" {
			t.Errorf("the lease still belongs to %q", m.holder)
		}
		r, err := b.Search(t.Context(), m.ws, Query{Text: "zebra also number5", Articles: 1})
		if err != nil || r.Degraded != "" || ids(r)[0] != "a005" || r.Articles[0].Chunks[0].Cosine == 0 {
			t.Errorf("%v %+v", err, r)
		}
	})
}

func TestIndexerWaitsAfterErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, e := newMemStore(), &countingEmbedder{err: errors.New("the model is down")}
		b := NewBase(Options{Store: m, Embedder: e, Log: slog.New(slog.DiscardHandler)})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		ix := NewIndexer(b, "node", nil, nil)
		ix.Start(t.Context())
		defer ix.Close()
		mustImport(t, b, m, false, inputs(2)...)
		time.Sleep(10 * time.Minute)
		e.mu.Lock()
		calls := slices.Clone(e.calls)
		e.err = nil
		e.mu.Unlock()
		if n := len(calls); n < 10 || n > 20 {
			t.Errorf("%d attempts in 10 minutes, want pauses that grow to a minute", n)
		}
		if got := found(t, b, m, "number1"); !slices.Equal(got, []string{"a001"}) {
			t.Errorf("words do not answer meanwhile: %v", got)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if s := b.Status(m.ws); s.Pending != 0 || s.Vectors != 4 {
			t.Errorf("%+v after the model came back", s)
		}
	})
}

func TestIndexerLeavesWorkToTheNodeThatHasTheLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, e := newMemStore(), &countingEmbedder{}
		b := NewBase(Options{Store: m, Embedder: e, Log: slog.New(slog.DiscardHandler)})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		m.holder, m.until = "another", time.Now().Add(30*time.Second)
		ix := NewIndexer(b, "node", nil, nil)
		ix.Start(t.Context())
		defer ix.Close()
		mustImport(t, b, m, false, inputs(2)...)
		time.Sleep(27 * time.Second)
		if n := len(e.take()); n != 0 {
			t.Errorf("%d texts embedded under another's lease", n)
		}
		// What the other node embeds is seen here.
		all, _, _ := m.PendingVectors(t.Context(), m.ws, "fake", 3)
		vectors, err := embedTexts(t.Context(), e.FakeEmbedder, all)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.PutVectors(t.Context(), m.ws, "fake", vectors); err != nil {
			t.Fatal(err)
		}
		time.Sleep(pollEvery)
		synctest.Wait()
		if s := b.Status(m.ws); s.Vectors != 3 {
			t.Errorf("%+v, want the 3 vectors of the other node", s)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if n := len(e.take()); n != 1+6 {
			t.Errorf("%d texts embedded after the lease ran out, want the last chunk, then titles and sentences", n)
		}
	})
}

func TestLargeWorkspaceAsksTheStoresIndex(t *testing.T) {
	t.Parallel()
	for _, indexes := range []bool{true, false} {
		m, e := newMemStore(), llm.FakeEmbedder{}
		m.indexes = indexes
		b := NewBase(Options{Store: m, Embedder: e, Log: slog.New(slog.DiscardHandler), MaxVectors: -1})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Close)
		mustImport(t, b, m, false, inputs(80)...)
		if err := NewIndexer(b, "node", nil, nil).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := b.Status(m.ws)
		if s.Remote != indexes || s.Vectors != 160 {
			t.Errorf("%+v, want the store's index: %t", s, indexes)
		}
		x := b.Index(m.ws)
		if indexes && len(x.rows) > 0 {
			t.Errorf("%d vectors are in memory too", len(x.rows)/64)
		}
		exact := NewIndex(NewSearcher(e, 0)).With(Update{Documents: documents(x), Vectors: vectorsOf(t, e, documents(x)...)})
		for _, text := range []string{"number7 more text", "article 12", "also number33"} {
			got, err := x.Search(t.Context(), Query{Text: text, Articles: 5})
			if err != nil || got.Degraded != "" {
				t.Fatal(err, got.Degraded)
			}
			want, err := exact.Search(t.Context(), Query{Text: text, Articles: 5})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ids(want), ids(got)); diff != "" {
				t.Errorf("%q: not what an exact search finds: %s", text, diff)
			}
			if d := got.Articles[0].Chunks[0].Cosine - want.Articles[0].Chunks[0].Cosine; math.Abs(d) > 1e-4 {
				t.Errorf("%q: cosine differs by %v", text, d)
			}
		}
		if indexes {
			m.set(func() { m.indexed = false })
			r, err := x.Search(t.Context(), Query{Text: "number7"})
			if err != nil || r.Degraded != "vector search failed" || ids(r)[0] != "a007" {
				t.Errorf("without the index: %v %q %v", err, r.Degraded, ids(r))
			}
		}
	}
}

func documents(x *Index) []Document {
	var out []Document
	for _, d := range x.Documents() {
		out = append(out, *d)
	}
	return out
}

func TestVectorCache(t *testing.T) {
	t.Parallel()
	e := llm.FakeEmbedder{Dims: 96}
	all := inputs(5)
	var file bytes.Buffer
	if err := BuildCache(t.Context(), &file, e, seqOf(all...)); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	slices.Reverse(all)
	if err := BuildCache(t.Context(), &again, e, seqOf(all...)); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
		t.Errorf("the file depends on the order of the articles (%v)", err)
	}
	cache, err := LoadCache(bytes.NewReader(file.Bytes()), e.Model(), e.Dim())
	if err != nil || cache.Len() != 5*5 {
		t.Fatal(err, cache.Len())
	}
	for _, c := range Prepare(all[0]).Chunks {
		want, _ := e.EmbedQuery(t.Context(), c.Text)
		var cosine float64
		for i, v := range cache.get(c.Hash) {
			cosine += float64(v) * float64(want[i])
		}
		if cosine < .9995 {
			t.Errorf("cosine %v to what was cached", cosine)
		}
	}
	for name, other := range map[string]struct {
		model string
		dim   int
	}{"another model": {"other", 96}, "another dimension": {"fake", 64}} {
		if c, err := LoadCache(bytes.NewReader(file.Bytes()), other.model, other.dim); err != nil || c.Len() != 0 {
			t.Errorf("%s: %v, %d vectors", name, err, c.Len())
		}
	}
	for _, n := range []int{0, 5, 12, 30, file.Len() - 1} {
		if _, err := LoadCache(bytes.NewReader(file.Bytes()[:n]), "fake", 96); err == nil {
			t.Errorf("a file cut after %d bytes is no error", n)
		}
	}
	changed := all[0]
	changed.Body += " Zebra."
	if missing := cache.Missing([]Put{Prepare(all[1]), Prepare(changed)}); len(missing) != 2 || !strings.Contains(missing[0].Text, "Zebra") || missing[1].Text != "Zebra." {
		t.Errorf("missing %+v", missing)
	}
}

func TestIndexerUsesTheCache(t *testing.T) {
	t.Parallel()
	m, e := newMemStore(), &countingEmbedder{}
	all := inputs(4)
	var file bytes.Buffer
	if err := BuildCache(t.Context(), &file, e, seqOf(all[:3]...)); err != nil {
		t.Fatal(err)
	}
	e.take()
	cache, err := LoadCache(&file, e.Model(), e.Dim())
	if err != nil {
		t.Fatal(err)
	}
	b := newBase(t, m, e)
	mustImport(t, b, m, false, all...)
	if err := NewIndexer(b, uuid.NewString(), cache, nil).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := e.take(); len(got) != 2+3 {
		t.Errorf("embedded %q, want only what the cache lacks", got)
	}
	if s := b.Status(m.ws); s.Vectors != 8 {
		t.Errorf("%+v", s)
	}
}
