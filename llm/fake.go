package llm

import (
	"context"
	"hash/fnv"
	"math"
	"strings"
	"unicode"
)

// FakeEmbedder is a deterministic Embedder for tests: a text's vector is the
// sum of its words' hashed directions, so texts that share words are near.
// Err, when set, is what every call returns.
type FakeEmbedder struct {
	Dims int // 0 means 64
	Err  error
}

// Model gives "fake".
func (f FakeEmbedder) Model() string { return "fake" }

// Dim gives Dims.
func (f FakeEmbedder) Dim() int {
	if f.Dims == 0 {
		return 64
	}
	return f.Dims
}

// EmbedQuery embeds text.
func (f FakeEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	if f.Err != nil {
		return nil, f.Err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.embed(text), nil
}

// EmbedDocuments embeds texts one by one.
func (f FakeEmbedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		v, err := f.EmbedQuery(ctx, t)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (f FakeEmbedder) embed(text string) []float32 {
	v := make([]float32, f.Dim())
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, w := range words {
		h := fnv.New64a()
		h.Write([]byte(w))
		state := h.Sum64()
		for i := range v {
			state = state*6364136223846793005 + 1442695040888963407 // Knuth's MMIX generator
			v[i] += float32(int32(state>>32)) / math.MaxInt32
		}
	}
	return unit(v)
}

func unit(v []float32) []float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		v[0] = 1
		return v
	}
	n := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= n
	}
	return v
}

// FakeGenerator is a scripted Generator for tests. For each Request it asks
// Reply, or takes Pieces and Err if Reply is nil.
type FakeGenerator struct {
	Pieces []string
	Err    error
	Reply  func(Request) (pieces []string, r Result, err error)
}

// Model gives "fake".
func (f FakeGenerator) Model() string { return "fake" }

// Generate emits the script.
func (f FakeGenerator) Generate(ctx context.Context, req Request, emit func(string) error) (Result, error) {
	pieces, r, err := f.Pieces, Result{}, f.Err
	if f.Reply != nil {
		pieces, r, err = f.Reply(req)
	}
	r.Model, r.Endpoint = f.Model(), f.Model()
	for _, p := range pieces {
		if ctx.Err() != nil {
			return r, &Error{Fault: FaultCanceled, Err: ctx.Err()}
		}
		if err := emit(p); err != nil {
			return r, err
		}
		r.Usage.Completion += Estimate(p)
	}
	return r, err
}
