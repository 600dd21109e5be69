// Package minilm is the sentence encoder that ships inside the binary: a small
// BERT (all-MiniLM-L6-v2) in pure Go, with its weights embedded as int8.
//
// A text becomes a vector of unit length; texts of like meaning have a large
// dot product. Arithmetic is float32 throughout. The last bits of a vector
// differ between processors, so vectors are never compared or hashed exactly.
package minilm

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"frontdesk/internal/simd"
	"frontdesk/llm/minilm/internal/modelfile"
)

// embedded is all-MiniLM-L6-v2, made by package convert. It is a string
// so that it is read where it lies in the binary.
//
//go:embed model.bin
var embedded string

// Options says which model to open and how. The zero value is the embedded
// model on all cores.
type Options struct {
	// Model is the content of a weight file, made by package convert.
	// It must not change as long as the encoder is in use. Nil means the
	// embedded model.
	Model []byte

	// Threads is how many texts EmbedDocuments works on at a time; 0 means
	// GOMAXPROCS, looked up at each call.
	Threads int
}

// Encoder turns texts into vectors. It may be used by any number of goroutines
// at once and needs no closing.
type Encoder struct {
	model     *modelfile.Model
	name      string
	tokenizer *tokenizer
	threads   int
	passes    sync.Pool    // of *pass
	questions atomic.Int32 // under way: documents wait meanwhile
}

// Open makes an encoder of a weight file. A file that is damaged, truncated or
// something else gives an error that says so.
func Open(o Options) (*Encoder, error) {
	if o.Threads < 0 {
		return nil, fmt.Errorf("minilm: open: %d threads", o.Threads)
	}
	data := o.Model
	if data == nil {
		data = unsafe.Slice(unsafe.StringData(embedded), len(embedded))
	}
	m, err := modelfile.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("minilm: open: %w", err)
	}
	k, err := newTokenizer(m.Vocab, m.Vocabulary)
	if err != nil {
		return nil, fmt.Errorf("minilm: open: %w", err)
	}
	return &Encoder{model: m, name: nameOf(m, data), tokenizer: k, threads: o.Threads, passes: sync.Pool{New: func() any { return new(pass) }}}, nil
}

// nameOf names a model, its format and, unless it is the embedded one, its
// content: two files give one name only if they give the same vectors.
func nameOf(m *modelfile.Model, data []byte) string {
	name := fmt.Sprintf("%s/int8-v%d", m.Name, modelfile.Version)
	if unsafe.String(unsafe.SliceData(data), len(data)) == embedded {
		return name
	}
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s/%x", name, sum[:4])
}

// Default returns the embedded model, opened at the first call and shared.
var Default = sync.OnceValues(func() (*Encoder, error) { return Open(Options{}) })

// Model names the model, the form of its weights and, for a file, its content,
// as in "all-MiniLM-L6-v2/int8-v1" and "bge-small-en/int8-v1/0f8a2c31". Vectors
// may be compared only under one name.
func (e *Encoder) Model() string { return e.name }

// Dim is the number of values in a vector.
func (e *Encoder) Dim() int { return e.model.Hidden }

// Knows reports whether a lower-case word is a piece of the vocabulary by
// itself: about 20,000 frequent words are. A word that is not may be one all the same.
func (e *Encoder) Knows(word string) bool {
	_, ok := e.tokenizer.first[word]
	return ok
}

// EmbedQuery returns the vector of a question someone waits for. It runs at
// once, on the caller's goroutine, and documents give way to it meanwhile.
// Text beyond the model's limit (256 tokens) is cut off. The only error is
// the context's.
func (e *Encoder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	e.questions.Add(1)
	defer e.questions.Add(-1)
	out := make([]float32, e.model.Hidden)
	if err := e.embed(ctx, out, e.model.QueryPrefix, text, atOnce); err != nil {
		return nil, fmt.Errorf("minilm: embed question: %w", err)
	}
	return out, nil
}

// EmbedDocuments returns the vectors of texts, in their order. It uses all the
// threads of Options, at low priority where the system lets it, stops between
// two steps while a question is under way (for a bounded time), and between two
// layers when ctx ends. Each text is cut
// like a question. The only error is the context's; then there is no result.
func (e *Encoder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	dim := e.model.Hidden
	values := make([]float32, len(texts)*dim)
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = values[i*dim : (i+1)*dim : (i+1)*dim]
	}
	if err := e.embedAll(ctx, out, texts); err != nil {
		return nil, fmt.Errorf("minilm: embed %d texts: %w", len(texts), err)
	}
	return out, nil
}

// embedAll fills out, sharing the texts out among the threads.
func (e *Encoder) embedAll(ctx context.Context, out [][]float32, texts []string) error {
	threads := e.threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var (
		workers sync.WaitGroup
		next    atomic.Int64
		failed  atomic.Pointer[error]
	)
	for range min(threads, len(texts)) {
		workers.Go(func() {
			background()
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(texts) {
					return
				}
				if err := e.embed(ctx, out[i], e.model.DocumentPrefix, texts[i], inBulk); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// embed writes the vector of one text to out.
func (e *Encoder) embed(ctx context.Context, out []float32, prefix, text string, u urgency) error {
	if prefix != "" {
		text = prefix + text
	}
	p := e.passes.Get().(*pass)
	defer e.passes.Put(p)
	if err := e.run(ctx, p, text, u); err != nil {
		return err
	}
	p.pool(out, e.model.Pooling)
	return nil
}

// pool makes one vector of unit length of the token vectors.
func (p *pass) pool(out []float32, how string) {
	dim := len(out)
	copy(out, p.x[:dim])
	if how == modelfile.PoolMean {
		for i := 1; i < p.count; i++ {
			for j, v := range p.x[i*dim:][:dim] {
				out[j] += v
			}
		}
	}
	unit(out)
}

// unit scales v to length 1; a zero vector stays.
func unit(v []float32) {
	square := float64(simd.Dot(v, v))
	if square == 0 {
		return
	}
	inverse := float32(1 / math.Sqrt(square))
	for i := range v {
		v[i] *= inverse
	}
}

// Tokens returns what the model made of each token of text, [CLS] and [SEP]
// included: its id in the vocabulary, the bytes of text it stands for, from and
// to (-1, -1 for the specials), and its vector in context, of unit length.
// Text beyond the model's limit is cut off, and no prefix is put before it. It
// runs at the priority of documents. The only error is the context's.
func (e *Encoder) Tokens(ctx context.Context, text string) (ids []int, offsets [][2]int, vectors [][]float32, err error) {
	p := e.passes.Get().(*pass)
	defer e.passes.Put(p)
	if err := e.run(ctx, p, text, inBulk); err != nil {
		return nil, nil, nil, fmt.Errorf("minilm: token vectors: %w", err)
	}
	dim := e.model.Hidden
	values := append([]float32(nil), p.x[:p.count*dim]...)
	for i, id := range p.tokens.ids {
		ids = append(ids, int(id))
		offsets = append(offsets, [2]int{p.tokens.spans[i].from, p.tokens.spans[i].to})
		v := values[i*dim : (i+1)*dim : (i+1)*dim]
		unit(v)
		vectors = append(vectors, v)
	}
	return ids, offsets, vectors, nil
}
