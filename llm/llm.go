// Package llm declares what Frontdesk asks of models, and fakes of it for
// tests: an Embedder turns text into vectors, a Generator writes text. It is a
// leaf: it imports nothing of ours. llm/minilm is the Embedder inside the
// binary; llm/openai speaks to any OpenAI-compatible endpoint.
package llm

import "context"

// Embedder turns text into unit vectors. Questions and documents are embedded
// by different methods, because some models ask for different prompts and
// because a question must not wait behind an import.
//
// All methods may be called concurrently.
type Embedder interface {
	// Model names the vector space: vectors of different names are never compared.
	Model() string
	// Dim is the length of every vector.
	Dim() int
	// EmbedQuery embeds one live question, ahead of any running EmbedDocuments.
	EmbedQuery(ctx context.Context, text string) ([]float32, error)
	// EmbedDocuments embeds texts in bulk, in order. It stops at the first
	// error; on success it returns exactly one vector a text.
	EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error)
}

// Lexicon is what an Embedder may be besides: one that tells which words it
// learnt, so that a word it knows is not taken for a misspelt other. Who wraps
// an Embedder hands it on.
type Lexicon interface {
	// Knows reports whether the model learnt a lower-case word as a whole.
	Knows(word string) bool
}
