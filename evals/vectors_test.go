package evals

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/llm"
)

// counting counts what is really embedded. Questions and documents get
// different vectors, as some models give them.
type counting struct {
	llm.FakeEmbedder
	queries, documents *atomic.Int64
	name               string
}

func newCounting() counting {
	return counting{llm.FakeEmbedder{Dims: 8}, &atomic.Int64{}, &atomic.Int64{}, "counting"}
}

func (c counting) Model() string { return c.name }

func (c counting) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	c.queries.Add(1)
	return c.FakeEmbedder.EmbedQuery(ctx, "question: "+text)
}

func (c counting) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	c.documents.Add(int64(len(texts)))
	return c.FakeEmbedder.EmbedDocuments(ctx, texts)
}

func openCached(t *testing.T, path string, e llm.Embedder) *CachedEmbedder {
	t.Helper()
	c, err := OpenCached(path, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// embedAll embeds texts as documents and the first of them as a question too.
func embedAll(t *testing.T, e llm.Embedder, texts ...string) [][]float32 {
	t.Helper()
	out, err := e.EmbedDocuments(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	q, err := e.EmbedQuery(t.Context(), texts[0])
	if err != nil {
		t.Fatal(err)
	}
	return append(out, q)
}

func TestCachedEmbedderRemembers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "vectors")
	inner := newCounting()
	first := openCached(t, path, inner)
	want := embedAll(t, inner, "red lamp", "clock", "red lamp")
	inner.documents.Store(0)
	inner.queries.Store(0)
	if diff := cmp.Diff(want, embedAll(t, first, "red lamp", "clock", "red lamp")); diff != "" {
		t.Error(diff)
	}
	if n := inner.documents.Load(); n != 2 {
		t.Errorf("%d documents embedded, want each text once", n)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := openCached(t, path, inner)
	got := embedAll(t, second, "red lamp", "clock", "red lamp")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d, q := inner.documents.Load(), inner.queries.Load(); d != 2 || q != 1 {
		t.Errorf("the second time %d documents and %d questions in all, want 2 and 1", d, q)
	}
	got[0][0] = 42 // what is given out is the caller's
	if diff := cmp.Diff(want, embedAll(t, second, "red lamp", "clock", "red lamp")); diff != "" {
		t.Error(diff)
	}

	other := inner
	other.name = "another model"
	embedAll(t, openCached(t, path, other), "red lamp")
	if n := inner.documents.Load(); n != 3 {
		t.Errorf("another model's vector was used (%d embedded)", n)
	}
}

// A file torn at any byte, and written on after that, loses the torn record only.
func TestCachedEmbedderSurvivesATornFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	c := openCached(t, whole, newCounting())
	embedAll(t, c, "one", "two") // three records
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut <= len(data); cut += 7 {
		path := filepath.Join(dir, fmt.Sprint(cut))
		if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		inner := newCounting()
		torn := openCached(t, path, inner)
		want := embedAll(t, torn, "one", "two")
		records := cut / (len(data) / 3)
		if lost := int(inner.documents.Load() + inner.queries.Load()); lost != 3-records {
			t.Errorf("cut at %d: %d embedded again, want %d", cut, lost, 3-records)
		}
		if err := torn.Close(); err != nil {
			t.Fatal(err)
		}
		again := newCounting()
		if diff := cmp.Diff(want, embedAll(t, openCached(t, path, again), "one", "two")); diff != "" {
			t.Error(diff)
		}
		if n := again.documents.Load() + again.queries.Load(); n != 0 {
			t.Errorf("cut at %d: %d embedded after the repair", cut, n)
		}
	}
	data[len(data)/2] ^= 1 // one flipped bit
	path := filepath.Join(dir, "flipped")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	inner := newCounting()
	embedAll(t, openCached(t, path, inner), "one", "two")
	if n := inner.documents.Load() + inner.queries.Load(); n != 1 {
		t.Errorf("a flipped bit: %d embedded again, want 1", n)
	}
}

// What no model gives is neither taken from a file nor written.
func TestCachedEmbedderRefusesWhatIsNoVector(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vectors")
	inner := newCounting()
	c := openCached(t, path, inner)
	key := c.key(kindDocument, "lamp")
	for _, x := range []float32{1e30, float32(math.NaN()), float32(math.Inf(-1))} {
		bad := make([]float32, inner.Dim())
		bad[3] = x
		if err := c.put([]vectorKey{key}, [][]float32{bad}, true); err == nil {
			t.Errorf("a vector with %v was written", x)
		}
		if err := os.WriteFile(path, appendRecord(nil, key, bad), 0o600); err != nil {
			t.Fatal(err)
		}
		before := inner.documents.Load()
		embedAll(t, openCached(t, path, inner), "lamp")
		if inner.documents.Load() != before+1 {
			t.Errorf("a vector with %v was taken from the file", x)
		}
	}
}

func TestCachedEmbedderTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vectors")
	inner := newCounting()
	// Two that share a file, as two processes would, eight at a time each.
	caches := []*CachedEmbedder{openCached(t, path, inner), openCached(t, path, inner)}
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			for n := range 50 {
				text := fmt.Sprint("text ", (n*7+i)%60)
				if _, err := caches[i%2].EmbedDocuments(t.Context(), []string{text, "shared"}); err != nil {
					t.Error(err)
				}
				if _, err := caches[i%2].EmbedQuery(t.Context(), text); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for _, c := range caches {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again := newCounting()
	c := openCached(t, path, again)
	for n := range 60 {
		text := fmt.Sprint("text ", n)
		got := embedAll(t, c, text)
		if diff := cmp.Diff(embedAll(t, newCounting(), text), got); diff != "" {
			t.Error(diff)
		}
	}
	if n := again.documents.Load() + again.queries.Load(); n != 0 {
		t.Errorf("%d vectors were lost", n)
	}
}

func TestCachedEmbedderPassesErrorsOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vectors")
	broken := counting{llm.FakeEmbedder{Dims: 8, Err: errNoEmbedding}, &atomic.Int64{}, &atomic.Int64{}, "counting"}
	c := openCached(t, path, broken)
	if _, err := c.EmbedQuery(t.Context(), "x"); !errors.Is(err, errNoEmbedding) {
		t.Errorf("got %v", err)
	}
	if _, err := c.EmbedDocuments(t.Context(), []string{"x"}); !errors.Is(err, errNoEmbedding) {
		t.Errorf("got %v", err)
	}
	if _, err := OpenCached(t.TempDir(), broken); err == nil {
		t.Error("a folder was opened as a file")
	}
}

var errNoEmbedding = errors.New("no embedding")
