package knowledge

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/internal/simd"
)

// matcher finds the article that an exchange is about.
type matcher struct {
	docs  []*Document
	links *Links

	dim   int
	rows  []float32 // the chunks' vectors, one after another
	owner []int     // of each row: its document
	dots  []float32
}

// matched is the article of an exchange. Without one it is what came nearest,
// and by is "".
type matched struct {
	doc   *Document // nil when there is nothing at all
	by    Match
	score float64
}

// newMatcher loads what exchanges of ws are compared with. CodeUnavailable:
// the articles have no vectors yet.
func (b *Base) newMatcher(ctx context.Context, ws uuid.UUID) (*matcher, error) {
	m := &matcher{docs: b.Index(ws).Documents(), links: NewLinks()}
	for _, d := range m.docs {
		m.links.Add(d.ExternalID, d.URL)
	}
	if b.options.Embedder == nil {
		return m, nil
	}
	m.dim = b.options.Embedder.Dim()
	return m, m.load(ctx, b, ws)
}

func (m *matcher) load(ctx context.Context, b *Base, ws uuid.UUID) error {
	owners := map[Hash][]int{}
	var hashes []Hash
	for i, d := range m.docs {
		for _, c := range d.Chunks {
			if len(owners[c.Hash]) == 0 {
				hashes = append(hashes, c.Hash)
			}
			owners[c.Hash] = append(owners[c.Hash], i)
		}
	}
	vectors, err := b.loadVectors(ctx, ws, b.options.Embedder.Model(), hashes)
	if err != nil {
		return err
	}
	if missing := len(hashes) - len(vectors); missing > 0 {
		return chat.Errorf(chat.CodeUnavailable, "%d of %d passages of the articles are not embedded yet. Try again in a moment.", missing, len(hashes))
	}
	for _, v := range vectors {
		for _, doc := range owners[v.Hash] {
			m.rows, m.owner = append(m.rows, v.Values...), append(m.owner, doc)
		}
	}
	m.dots = make([]float32, len(m.owner))
	return nil
}

const (
	// answerWeight is what the nearness of the agent's answer counts for beside
	// that of the question (1 - answerWeight), and nearEnough the least nearness
	// of a match. Measured with the built-in encoder on evals/data/history.jsonl
	// (50 exchanges whose article is known, 24 that no article answers): 45 of the
	// 50 get their article, 2 another, 3 none, and none of the 24 gets one. By the
	// question alone 32 are right, 11 wrong and 8 of the 24 get one; by the answer
	// alone 41, 9 and 1. Between .40 and .45 it is flat.
	answerWeight = 0.5
	nearEnough   = 0.45
)

// match finds an exchange's article: the one that the agent linked to, of
// several the nearest; without a link the nearest, if it is near enough.
// question and answer are their vectors, nil without an embedder; answer is
// nil too if there was none.
func (m *matcher) match(e Exchange, question, answer []float32) matched {
	near := m.nearness(question, answer)
	var best matched
	consider := func(doc int, by Match) {
		score := 0.0
		if near != nil {
			score = near[doc]
		}
		if best.doc == nil || score > best.score {
			best = matched{m.docs[doc], by, score}
		}
	}
	for _, doc := range m.links.Find(e.Links) {
		consider(doc, MatchLink)
	}
	if best.doc != nil {
		best.score = 1 // a person said so
		return best
	}
	for doc := range near {
		consider(doc, MatchNearness)
	}
	if best.score < nearEnough || answer == nil {
		best.by = ""
	}
	return best
}

// nearness gives, for each document, how near question and answer are to its
// nearest chunks, 0..1; nil without vectors.
func (m *matcher) nearness(question, answer []float32) []float64 {
	if question == nil || len(m.rows) == 0 {
		return nil
	}
	q := m.nearest(question)
	if answer == nil {
		return q
	}
	near := m.nearest(answer)
	for i := range near {
		near[i] = answerWeight*near[i] + (1-answerWeight)*q[i]
	}
	return near
}

// nearest gives each document's highest cosine with v, at least 0.
func (m *matcher) nearest(v []float32) []float64 {
	simd.DotRows(m.dots, v, m.rows, m.dim)
	top := make([]float64, len(m.docs))
	for row, doc := range m.owner {
		top[doc] = max(top[doc], float64(m.dots[row]))
	}
	for i := range top {
		top[i] = min(top[i], 1) // rounding
	}
	return top
}

// embedAll embeds texts as documents; nil for an empty one.
func (b *Base) embedAll(ctx context.Context, texts []string) ([][]float32, error) {
	var some []string
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	values := make([][]float32, 0, len(some))
	for batch := range slices.Chunk(some, embedBatch) {
		vs, err := b.options.Embedder.EmbedDocuments(ctx, batch)
		if err == nil && len(vs) != len(batch) {
			err = fmt.Errorf("the model gave %d vectors", len(vs))
		}
		if err != nil {
			return nil, fmt.Errorf("embed %d texts: %w", len(batch), err)
		}
		values = append(values, vs...)
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if t != "" {
			out[i], values = values[0], values[1:]
		}
	}
	return out, nil
}
