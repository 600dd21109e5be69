package bot

import (
	"context"
	"sync"

	"frontdesk/llm"
)

// turnEncoder is the encoder as one turn sees it: it embeds each text once. The
// sentence that is classed is most often the question that is searched, and
// that is searched twice. Safe for concurrent use.
type turnEncoder struct {
	llm.Embedder

	mu   sync.Mutex
	seen map[string]*turnVector
}

// turnVector is of one text, made by whoever holds the lock.
type turnVector struct {
	sync.Mutex
	vector []float32
}

// forTurn is the engine with an encoder that remembers the texts of one turn.
func (e *Engine) forTurn() *Engine {
	one := *e
	one.embed = &turnEncoder{Embedder: e.embed, seen: map[string]*turnVector{}}
	one.classes = &classifier{embed: one.embed, Classes: e.classes.Classes}
	return &one
}

// EmbedQuery gives the vector of a text, which is read-only. An error is not
// remembered: who asks next may have more time.
func (t *turnEncoder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	t.mu.Lock()
	one := t.seen[text]
	if one == nil {
		one = &turnVector{}
		t.seen[text] = one
	}
	t.mu.Unlock()
	one.Lock()
	defer one.Unlock()
	if one.vector != nil {
		return one.vector, ctx.Err()
	}
	var err error
	one.vector, err = t.Embedder.EmbedQuery(ctx, text)
	return one.vector, err
}
