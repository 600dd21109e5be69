// Package openai speaks to any OpenAI-compatible endpoint, through
// sashabaranov/go-openai. It is the only place that speaks HTTP to a model.
package openai

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	goopenai "github.com/sashabaranov/go-openai"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Config names an endpoint. BaseURL ends in the version, as in
// http://localhost:11434/v1; "" is OpenAI's own.
type Config struct {
	BaseURL string
	APIKey  string
	KeyFile string // instead of APIKey; read again when the endpoint refuses what it held
	Model   string
	Log     *slog.Logger // nil: nothing is logged
}

// batch is how many texts go into one request: small enough for the context
// windows and time-outs of local servers.
const batch = 32

// requestWithin is the most that one request may take. A question has its
// caller's own, shorter limit.
const requestWithin = 2 * time.Minute

// Embedder asks an endpoint's /embeddings. Make it with NewEmbedder.
type Embedder struct {
	client *goopenai.Client
	model  string
	dim    int
	// bulk lets one bulk request at a time through, so that a question does
	// not wait behind many of them in the endpoint's own queue.
	bulk sync.Mutex
}

// NewEmbedder asks the endpoint once, to learn the model's dimension. CodeUnavailable says why
// it did not answer, CodeInvalid what is wrong with its answer or the configuration.
func NewEmbedder(ctx context.Context, c Config) (*Embedder, error) {
	if c.Model == "" {
		return nil, chat.Errorf(chat.CodeInvalid, "no embedding model is named: set FRONTDESK_EMBED_MODEL")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	at, err := Endpoint{BaseURL: c.BaseURL, Model: c.Model, Key: c.APIKey, KeyFile: c.KeyFile}.defaults()
	if err != nil {
		return nil, err
	}
	k, err := newKey(at.Key, at.KeyFile)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "embedding endpoint: %w", err)
	}
	t, err := newTransport(route{}, k, c.Log.With("endpoint", at.Name))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "embedding endpoint: %w", err)
	}
	t.client.Timeout = requestWithin
	cfg := goopenai.DefaultConfig("") // the transport adds the key
	cfg.BaseURL, cfg.HTTPClient = at.BaseURL, t
	e := &Embedder{client: goopenai.NewClientWithConfig(cfg), model: c.Model}
	vs, err := e.request(ctx, []string{"dimension"})
	if err != nil {
		return nil, err
	}
	e.dim = len(vs[0])
	return e, nil
}

// Model names the vector space by model and dimension.
func (e *Embedder) Model() string { return fmt.Sprintf("%s/%d", e.model, e.dim) }

// Dim is the length of every vector.
func (e *Embedder) Dim() int { return e.dim }

// EmbedQuery embeds one question.
func (e *Embedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	vs, err := e.request(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	return vs[0], nil
}

// EmbedDocuments embeds texts, one batch after the other.
func (e *Embedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	e.bulk.Lock()
	defer e.bulk.Unlock()
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		n := min(batch, len(texts))
		vs, err := e.request(ctx, texts[:n])
		if err != nil {
			return nil, err
		}
		out = append(out, vs...)
		texts = texts[n:]
	}
	return out, nil
}

// request embeds at most batch texts and checks what comes back.
func (e *Embedder) request(ctx context.Context, texts []string) ([][]float32, error) {
	resp, err := e.client.CreateEmbeddings(ctx, goopenai.EmbeddingRequestStrings{Input: texts, Model: goopenai.EmbeddingModel(e.model)})
	if err != nil {
		return nil, e.explain(err)
	}
	if len(resp.Data) != len(texts) {
		return nil, chat.Errorf(chat.CodeInvalid, "embedding model %s gave %d vectors for %d texts: is this an embeddings endpoint?", e.model, len(resp.Data), len(texts))
	}
	out := make([][]float32, len(texts))
	for _, d := range resp.Data {
		if d.Index < 0 || d.Index >= len(out) || out[d.Index] != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "embedding model %s gave an index out of order", e.model)
		}
		v, ok := unit(d.Embedding)
		if !ok || e.dim != 0 && len(v) != e.dim {
			return nil, chat.Errorf(chat.CodeInvalid, "embedding model %s gave a vector of %d numbers that is empty, not finite or not of its dimension %d", e.model, len(d.Embedding), e.dim)
		}
		out[d.Index] = v
	}
	return out, nil
}

// explain says what an operator can do about a failed request.
func (e *Embedder) explain(err error) error {
	switch llm.FaultOf(err) {
	case llm.FaultRefused:
		return chat.Errorf(chat.CodeInvalid, "the embedding endpoint refused the key: set OPENAI_API_KEY (%w)", err)
	case llm.FaultUnknown:
		return chat.Errorf(chat.CodeInvalid, "the embedding endpoint does not know the model %q or has no /embeddings: check OPENAI_BASE_URL (it ends in /v1) and FRONTDESK_EMBED_MODEL (%w)", e.model, err)
	}
	return chat.Errorf(chat.CodeUnavailable, "embedding with %s failed: %w", e.model, err)
}

// unit scales v to length 1 in place; ok is false for a vector without direction.
func unit(v []float32) ([]float32, bool) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, false
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return v, true
}
