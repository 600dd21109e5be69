package bot

import (
	"context"
	"regexp"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// passage is a part of one article that may answer a question: the pieces of
// its best chunk, scored, and the one to begin with.
type passage struct {
	hit    knowledge.ArticleHit
	chunk  knowledge.ChunkHit
	pieces []piece // of the whole article, in order
	lead   int     // index of the piece that answers best, -1 if there is none
}

// piece is a quotable part of the article with what is known of it.
type piece struct {
	knowledge.Piece
	inChunk bool
	score   float64 // nearness to the question, about 0..2; 0 outside the chunk
	cosine  float64
	blank   bool // its value is missing: "[value not available]"
	barred  bool // it speaks to a model and is never quoted
}

const (
	// maxScored bounds how many pieces of a chunk are embedded. A chunk has at
	// most about 160 words, which is 8 to 15 sentences.
	maxScored = 16
	// wordWeight is what sharing all content words counts beside the cosine.
	wordWeight = .5
	// valueBonus lifts a piece that holds the kind of value asked for.
	valueBonus = .15
)

// blanks are the marks of a value that an article should hold but does not.
var blanks = regexp.MustCompile(`(?i)\[[^\]\n]*\b(not available|unavailable|missing|unknown|to be (announced|confirmed|defined)|tba|tbc|tbd)\b[^\]\n]*\]|\bT\.?B\.?[ACD]\b|\{\{[^}\n]*\}\}|\$\{[^}\n]*\}`)

// read scores the pieces of an article's best chunk against a question. Where
// pieces cannot be embedded, words alone score them.
func (e *Engine) read(ctx context.Context, question string, vector []float32, hit knowledge.ArticleHit) passage {
	p := passage{hit: hit, lead: -1}
	if len(hit.Chunks) == 0 {
		return p
	}
	p.chunk = hit.Chunks[0]
	within := chat.Span{Start: p.chunk.Chunk.Start, End: p.chunk.Chunk.End}
	body := hit.Document.Body
	for _, k := range knowledge.Pieces(body, chat.Span{Start: 0, End: len(body)}) {
		p.pieces = append(p.pieces, piece{
			Piece:   k,
			inChunk: k.Span.Start < within.End && within.Start < k.Span.End,
			blank:   blanks.MatchString(k.Text),
			barred:  speaksToModel(k.Text),
		})
	}
	e.score(ctx, question, vector, &p)
	return p
}

// score rates the pieces in the chunk and picks the lead.
func (e *Engine) score(ctx context.Context, question string, vector []float32, p *passage) {
	want, kind := stems(question), valueAsked(question)
	var texts []string
	var at []int
	for i, k := range p.pieces {
		if k.inChunk && k.Kind != knowledge.PieceHeading && !k.barred && len(at) < maxScored {
			texts = append(texts, k.Text)
			at = append(at, i)
		}
	}
	vecs, err := e.pieceVectors(ctx, texts, vector)
	best := 0.0
	for n, i := range at {
		k := &p.pieces[i]
		k.score = wordWeight * share(want, stems(k.Text))
		if err == nil && vecs != nil {
			k.cosine = dot(vector, vecs[n])
			k.score += k.cosine
		}
		if kind != "" && (k.blank || holdsValue(kind, k.Text)) {
			k.score += valueBonus
		}
		if p.lead < 0 || k.score > best {
			p.lead, best = i, k.score
		}
	}
}

// pieceVectors embeds texts, or gives nil when the question has no vector to
// compare them with.
func (e *Engine) pieceVectors(ctx context.Context, texts []string, vector []float32) ([][]float32, error) {
	if vector == nil || len(texts) == 0 {
		return nil, nil
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		v, err := e.embed.EmbedQuery(ctx, t)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// leadScore is the lead's nearness to the question, 0 without a lead.
func (p passage) leadScore() float64 {
	if p.lead < 0 {
		return 0
	}
	return p.pieces[p.lead].score
}

// leadCosine is the lead's cosine to the question.
func (p passage) leadCosine() float64 {
	if p.lead < 0 {
		return 0
	}
	return p.pieces[p.lead].cosine
}

// isOrdered reports whether the step at i stands in a numbered list.
func (p passage) isOrdered(i int) bool {
	body, start := p.hit.Document.Body, p.pieces[i].Span.Start
	line := body[strings.LastIndexByte(body[:start], '\n')+1 : start]
	return strings.ContainsAny(line, "0123456789")
}
