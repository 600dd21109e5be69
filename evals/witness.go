package evals

import (
	"context"
	"strings"
	"sync"

	"frontdesk/llm"
)

// witness sees what leaves the bot while a question is asked: what is logged,
// and what is given to the encoder, which may be somebody else's.
type witness struct {
	llm.Embedder

	mu   sync.Mutex
	seen strings.Builder
}

func (w *witness) Knows(word string) bool {
	l, ok := w.Embedder.(llm.Lexicon)
	return ok && l.Knows(word)
}

func (w *witness) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	w.note(text)
	return w.Embedder.EmbedQuery(ctx, text)
}

func (w *witness) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	w.note(texts...)
	return w.Embedder.EmbedDocuments(ctx, texts)
}

// Write takes what is logged.
func (w *witness) Write(line []byte) (int, error) {
	w.note(string(line))
	return len(line), nil
}

func (w *witness) note(texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range texts {
		w.seen.WriteString(strings.ToLower(t) + "\n")
	}
}

// forget begins anew.
func (w *witness) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.Reset()
}

// saw counts those of secrets that it saw, in any case of letters.
func (w *witness) saw(secrets []string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, s := range secrets {
		if strings.Contains(w.seen.String(), strings.ToLower(s)) {
			n++
		}
	}
	return n
}
