package bot

import (
	"context"

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
	kept  *recent[string, []float32]
}

func newVectors(embed llm.Embedder) *vectors {
	return &vectors{embed, newRecent[string, []float32](keptVectors)}
}

// cosines gives the similarity of texts of articles to the question that was
// searched, in order: nil where it has no vector, or a text that the index has
// not embedded yet cannot be.
func (e *Engine) cosines(ctx context.Context, found knowledge.Result, texts []string) []float64 {
	if found.Vector == nil {
		return nil
	}
	actual := func() []float64 { return e.nearness(ctx, found, texts) }
	if e.tape != nil {
		return e.tape.cosines(found.Vector, texts, actual)
	}
	return actual()
}

func (e *Engine) nearness(ctx context.Context, found knowledge.Result, texts []string) []float64 {
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
	if vec, ok := v.kept.get(text); ok {
		return vec, nil
	}
	vec, err := v.embed.EmbedQuery(ctx, text) // ahead of any import: somebody waits
	if err != nil {
		return nil, err
	}
	return v.kept.put(text, vec), nil
}
