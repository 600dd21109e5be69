package bot

import (
	"container/list"
	"context"
	"sync"

	"frontdesk/llm"
)

// keptVectors is how many vectors of titles and sentences are kept: all of a
// help centre of a hundred articles, in 6 MiB with the built-in encoder.
const keptVectors = 4096

// vectors embeds texts of articles (titles, sentences) when a question first
// needs them, and keeps those used last: the same few articles answer most
// questions. Safe for concurrent use.
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

// of gives the vectors of texts, in order.
func (v *vectors) of(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		if out[i] = v.get(text); out[i] != nil {
			continue
		}
		vec, err := v.embed.EmbedQuery(ctx, text) // ahead of any import: somebody waits
		if err != nil {
			return nil, err
		}
		v.put(text, vec)
		out[i] = vec
	}
	return out, nil
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
