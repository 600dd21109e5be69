package minilm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"frontdesk/llm"
	"frontdesk/llm/minilm/internal/modelfile"
)

var _ llm.Embedder = (*Encoder)(nil)

func TestModelIsTheOneInNotice(t *testing.T) {
	t.Parallel()
	notice, err := os.ReadFile(filepath.Join("..", "..", "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(embedded))
	if want := "model.bin          " + hex.EncodeToString(sum[:]); !strings.Contains(string(notice), want) {
		t.Errorf("NOTICE does not hold %q", want)
	}
	e := open(t)
	if got, want := e.Model(), "all-MiniLM-L6-v2/int8-v1"; got != want {
		t.Errorf("Model() = %q, want %q", got, want)
	}
	if got := e.Dim(); got != 384 {
		t.Errorf("Dim() = %d, want 384", got)
	}
}

// TestModelTellsFilesApart gives models of one name, and the embedded one as a
// file.
func TestModelTellsFilesApart(t *testing.T) {
	t.Parallel()
	mean, first := small(t, modelfile.PoolMean).Model(), small(t, modelfile.PoolFirst).Model()
	if mean == first || !strings.HasPrefix(mean, "small/int8-v1/") || !strings.HasPrefix(first, "small/int8-v1/") {
		t.Errorf("models that pool differently are %q and %q", mean, first)
	}
	if again := small(t, modelfile.PoolMean).Model(); again != mean {
		t.Errorf("the same model is %q, then %q", mean, again)
	}
	file, err := Open(Options{Model: []byte(embedded)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := file.Model(), open(t).Model(); got != want {
		t.Errorf("the embedded model from a file is %q, want %q", got, want)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Open(Options{Threads: -1}); err == nil {
		t.Error("negative threads: no error")
	}
	for name, data := range map[string]string{
		"empty":     "",
		"foreign":   "\x7fELF" + strings.Repeat("x", 1000),
		"truncated": embedded[:len(embedded)/2],
	} {
		e, err := Open(Options{Model: []byte(data)})
		if err == nil || e != nil {
			t.Errorf("%s: encoder %v, error %v", name, e, err)
		}
	}
	if _, err := Open(Options{Model: []byte("pickle")}); !errors.Is(err, modelfile.ErrForeign) {
		t.Errorf("foreign: %v", err)
	}
}

func TestOpenRefusesVocabulary(t *testing.T) {
	t.Parallel()
	for name, vocab := range map[string]string{
		"short":         strings.Join(smallVocab[:5], "\n"),
		"no specials":   strings.Repeat("x\n", len(smallVocab)-1) + "y",
		"too long":      strings.Join(smallVocab, "\n") + "\nmore",
		"nothing there": "",
	} {
		m := smallModel(modelfile.PoolMean)
		m.Vocab = []byte(vocab)
		if _, err := Open(Options{Model: encode(t, m)}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMeaning(t *testing.T) {
	t.Parallel()
	v, err := open(t).EmbedDocuments(t.Context(), []string{
		"How can I get my money back?",
		"Refunds go to the card you paid with within five working days.",
		"Charge the hub before you pair the door sensor.",
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range v {
		if n := cosineSelf(v[i]); math.Abs(n-1) > 1e-5 {
			t.Errorf("vector %d has length %g", i, n)
		}
	}
	if right, wrong := cosine(v[0], v[1]), cosine(v[0], v[2]); right < wrong+0.2 {
		t.Errorf("the right passage scores %.3f, the wrong one %.3f", right, wrong)
	}
}

func cosineSelf(v []float32) float64 {
	var s float64
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	return math.Sqrt(s)
}

// TestSameAlone checks that a text's vector does not depend on what is embedded
// beside it or on what its buffers held before.
func TestSameAlone(t *testing.T) {
	t.Parallel()
	e := small(t, modelfile.PoolMean)
	texts := make([]string, 40)
	for i := range texts {
		texts[i] = strings.Repeat("ab c d ", (i*7)%30)
	}
	together, err := e.EmbedDocuments(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var workers sync.WaitGroup
	for i, text := range texts {
		workers.Go(func() {
			alone, err := e.EmbedQuery(t.Context(), text)
			if err != nil || !slices.Equal(alone, together[i]) {
				t.Errorf("text %d: alone it differs (error %v)", i, err)
			}
		})
	}
	workers.Wait()
}

func TestNoTexts(t *testing.T) {
	t.Parallel()
	v, err := small(t, modelfile.PoolMean).EmbedDocuments(t.Context(), nil)
	if err != nil || len(v) != 0 {
		t.Errorf("%d vectors, error %v", len(v), err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	e := small(t, modelfile.PoolMean)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := e.EmbedDocuments(ctx, []string{"a", "b", "c"}); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("documents: %v, error %v", v, err)
	}
	if v, err := e.EmbedQuery(ctx, "a"); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("question: %v, error %v", v, err)
	}
	if _, _, v, err := e.Tokens(ctx, "a"); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("tokens: %v, error %v", v, err)
	}
	if n := e.questions.Load(); n != 0 {
		t.Errorf("%d questions under way at the end", n)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	e := open(t)
	text := "Café déjà-vu 我 unaffordable"
	ids, offsets, vectors, err := e.Tokens(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if want := e.ids(text); !slices.Equal(ids, want) {
		t.Errorf("ids %v, want %v", ids, want)
	}
	var parts []string
	for _, o := range offsets[1 : len(offsets)-1] {
		parts = append(parts, text[o[0]:o[1]])
	}
	if want := []string{"Café", "dé", "jà", "-", "vu", "我", "una", "ff", "ord", "able"}; !slices.Equal(parts, want) {
		t.Errorf("the tokens stand for %q, want %q", parts, want)
	}
	if first, last := offsets[0], offsets[len(offsets)-1]; first != [2]int{-1, -1} || last != first {
		t.Errorf("the specials stand at %v and %v", first, last)
	}
	mean := make([]float32, e.Dim())
	for i, v := range vectors {
		if n := cosineSelf(v); math.Abs(n-1) > 1e-5 {
			t.Errorf("token %d has length %g", i, n)
		}
		for j := range v {
			mean[j] += v[j]
		}
	}
	whole, err := e.EmbedQuery(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if c := cosine(mean, whole); c < 0.95 {
		t.Errorf("the mean of the tokens is at %.3f of the text", c)
	}
}

func TestAllocations(t *testing.T) {
	if sample > 1 {
		t.Skip("the race detector empties pools at random")
	}
	e := small(t, modelfile.PoolMean)
	out := make([]float32, e.Dim())
	text := "Ab, cdé 我 " + strings.Repeat("a b ", 50)
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() {
		if err := e.embed(ctx, out, "", text, inBulk); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%g allocations a pass, want none", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := e.EmbedQuery(ctx, text); err != nil {
			t.Fatal(err)
		}
	}); n != 1 {
		t.Errorf("%g allocations a question, want only its vector", n)
	}
}

// TestThreadsDoNotMatter: the vectors are the same to the last bit.
func TestThreadsDoNotMatter(t *testing.T) {
	t.Parallel()
	texts := []string{"Clean the burrs.", "a", "How long may I return a kettle that I have used?", "Delivery to Austria costs 6.90 €.", "M2"}
	var first [][]float32
	for _, threads := range []int{1, 3} {
		e, err := Open(Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.EmbedDocuments(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		for i := range got {
			if !slices.Equal(first[i], got[i]) {
				t.Errorf("%d threads: %q has another vector", threads, texts[i])
			}
		}
	}
}

func TestKnows(t *testing.T) {
	t.Parallel()
	e := open(t)
	for word, want := range map[string]bool{"kettle": true, "thursday": true, "thursdya": false, "kettel": false, "": false} {
		if got := e.Knows(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}
