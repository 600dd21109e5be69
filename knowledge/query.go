package knowledge

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Query asks the snapshot for the articles that answer a question.
type Query struct {
	Text     string // the question, made self-contained by whoever asks
	Audience Audience
	Locale   string // only articles in its language, or in an unknown one; "" for any
	// Prefer is the locale of whoever asks: articles in another language come
	// after equals in this one, and are found where it has none. A question that
	// shows its language is taken at its word instead. "" for no preference.
	Prefer   string
	Tags     []string // only articles with all of them
	Articles int      // how many articles at most; 0 means 10
	// Favour is added to the score of articles: those that the conversation is about.
	Favour map[uuid.UUID]float64
	// VectorsOnly leaves out what shared words count for, where there are
	// vectors: to measure what they give.
	VectorsOnly bool
	// Embed gives the vector of the question, with the index's own encoder, to
	// whoever has made it before or will need it again; nil: the search makes it.
	Embed func(ctx context.Context, text string) ([]float32, error)
}

// Result is what a search found, best first, in a total order: score, then
// external id, then source. It is read-only.
type Result struct {
	index *Index // that was searched

	Version  int64 // knowledge version of the snapshot that was searched
	Articles []ArticleHit
	Vector   []float32 // the question's vector; nil when Degraded
	// Spelling is what was put right in the question before it was embedded.
	Spelling []chat.Respelling
	// Degraded says why vectors were not used ("embedding late", "embedding
	// failed", "no vectors yet"); "" when they were.
	Degraded string
}

// ArticleHit is one article, with its best chunks first.
type ArticleHit struct {
	Document *Document
	Score    float64 // fused; comparable within one result only
	SetBack  float64 // how much lower Score is for being in another language than asked for
	Favour   float64 // how much higher it is for being what the conversation is about
	found    float64 // before both
	Chunks   []ChunkHit
	List     bool        // the article is nothing but a list of what customers say
	Phrasing PhrasingHit // the nearest question that it answers; zero if it has none
}

// PhrasingHit is a question that an article answers, with the evidence for it.
type PhrasingHit struct {
	Text   string
	Score  float64 // fused, as a chunk's
	Cosine float64
}

// ChunkHit is one chunk with the evidence for it.
type ChunkHit struct {
	Chunk  *Chunk
	Score  float64 // fused
	Cosine float64 // similarity to the question, -1..1; 0 when there is no vector
	Words  float64 // BM25, unnormalised
	// Coverage is the share (by idf) of the question's content words that the chunk's text holds, 0..1.
	Coverage float64
}
