package bot

import (
	"container/list"
	"context"
	"sync"

	"frontdesk/knowledge"
	"frontdesk/llm"
)

// keptVectors is how many vectors of titles and sentences are kept: all of a
// help centre of a hundred articles, in 6 MiB with the built-in encoder.
const keptVectors = 4096

// vectors embeds texts of articles (titles, sentences) that the index has no
// vectors of yet, just after an import or with an index outside the process, and
// keeps those used last. Safe for concurrent use.
type vectors struct {
	embed llm.Embedder

	mu    sync.Mutex
	order *list.List // of *kept, the last used in front
	byKey map[string]*list.Element
}

type kept struct {
	text string
	vec  []float32
}

func newVectors(embed llm.Embedder) *vectors {
	return &vectors{embed: embed, order: list.New(), byKey: map[string]*list.Element{}}
}

// cosines gives the similarity of texts of articles to the question that was
// searched, in order: nil where it has no vector, or a text that the index has
// not embedded yet cannot be.
func (e *Engine) cosines(ctx context.Context, found knowledge.Result, texts []string) []float64 {
	if found.Vector == nil {
		return nil
	}
	out := make([]float64, len(texts))
	for i, text := range texts {
		known := false
		if out[i], known = found.Cosine(text); known {
			continue
		}
		vec, err := e.vectors.of(ctx, text)
		if err != nil || len(vec) != len(found.Vector) {
			return nil
		}
		out[i] = dot(found.Vector, vec)
	}
	return out
}

// of gives the vector of a text.
func (v *vectors) of(ctx context.Context, text string) ([]float32, error) {
	if vec := v.get(text); vec != nil {
		return vec, nil
	}
	vec, err := v.embed.EmbedQuery(ctx, text) // ahead of any import: somebody waits
	if err != nil {
		return nil, err
	}
	v.put(text, vec)
	return vec, nil
}

func (v *vectors) get(text string) []float32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.byKey[text]
	if !ok {
		return nil
	}
	v.order.MoveToFront(e)
	return e.Value.(*kept).vec
}

func (v *vectors) put(text string, vec []float32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.byKey[text]; ok {
		return
	}
	v.byKey[text] = v.order.PushFront(&kept{text, vec})
	if v.order.Len() > keptVectors {
		last := v.order.Back()
		v.order.Remove(last)
		delete(v.byKey, last.Value.(*kept).text)
	}
}
