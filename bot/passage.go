package bot

import (
	"context"
	"regexp"
	"slices"

	"frontdesk/knowledge"
)

// passage is a part of one article that may answer a question: the pieces of
// its best chunks, scored, and the one to begin with.
type passage struct {
	hit    knowledge.ArticleHit
	pieces []piece // of the whole article, in order
	lead   int     // index of the piece that answers best, -1 if there is none
	// links gives the address of the article that a relative link leads to, ""
	// if none is known; nil knows none.
	links func(href string) string
}

// piece is a quotable part of the article with what is known of it.
type piece struct {
	knowledge.Piece
	chunk  float64 // score of the chunk it lies in; 0 if that was not read
	score  float64 // nearness to the question, about 0..2; 0 if it was not read
	cosine float64
	blank  bool // its value is missing: "[value not available]"
	barred bool // it speaks to a model and is never quoted
}

// newPiece looks at what a piece says. The number of a step is the list's,
// not the step's own words.
func newPiece(k knowledge.Piece) piece {
	k.Text = listNumber.ReplaceAllString(k.Text, "")
	return piece{Piece: k, blank: blanks.MatchString(k.Text)}
}

const (
	// chunksRead is how many of an article's best chunks are read for the
	// sentence that answers: all that a search gives. With two, answers hold
	// fewer of the facts (own .67 -> .72, arduino_help .79 -> .82 with three: 107
	// and 34 questions, within noise); with five, the steps that a how-to begins
	// with are read whatever words they use.
	chunksRead = 5
	// maxScored bounds how many pieces are embedded. A chunk has at most about
	// 160 words, which is 8 to 15 sentences.
	maxScored = 16 * chunksRead
	// wordWeight is what sharing all content words counts beside the cosine.
	wordWeight = .5
	// chunkWeight is what the chunk counts for that a piece stands in.
	chunkWeight = .5
	// valueBonus lifts a piece that holds the kind of value asked for.
	valueBonus = .15
	// stepBonus lifts a step of a numbered list where it is asked how to do
	// something. It changes no figure of the sets, but what is seen first: who
	// asks how to clean it gets the steps and not the sentence that says how often.
	stepBonus = .3
)

// blanks are the marks of a value that an article should hold but does not.
var blanks = regexp.MustCompile(`(?i)\[[^\]\n]*\b(not available|unavailable|missing|unknown|to be (announced|confirmed|defined)|tba|tbc|tbd)\b[^\]\n]*\]|\bT\.?B\.?[ACD]\b|\{\{[^}\n]*\}\}|\$\{[^}\n]*\}`)

// read scores the pieces of an article's best chunks against a question. Where
// pieces cannot be embedded, words alone score them.
func (e *Engine) read(ctx context.Context, question string, found knowledge.Result, hit knowledge.ArticleHit) passage {
	p := passage{hit: hit, lead: -1, pieces: slices.Clone(e.reading(hit.Document).pieces())}
	for i := range p.pieces {
		k := &p.pieces[i]
		for _, c := range hit.Chunks[:min(len(hit.Chunks), chunksRead)] {
			if k.Span.Start < c.Chunk.End && c.Chunk.Start < k.Span.End {
				k.chunk = max(k.chunk, c.Score)
			}
		}
	}
	e.score(ctx, question, found, &p)
	if p.lead < 0 && hit.List {
		p.lead = slices.IndexFunc(p.pieces, func(k piece) bool { return k.Text == hit.Phrasing.Text && !k.barred })
	}
	return p
}

// score rates the pieces that were read and picks the lead.
func (e *Engine) score(ctx context.Context, question string, found knowledge.Result, p *passage) {
	want, kind, how := stems(question), valueAsked(question), asksHow.MatchString(question)
	var texts []string
	var at []int
	for i, k := range p.pieces {
		if k.chunk > 0 && k.Kind != knowledge.PieceHeading && !k.barred && len(at) < maxScored {
			texts = append(texts, k.Text)
			at = append(at, i)
		}
	}
	cosines := e.cosines(ctx, found, texts)
	best := 0.0
	for n, i := range at {
		k := &p.pieces[i]
		k.score = wordWeight*share(want, stems(k.Text)) + chunkWeight*(k.chunk-p.hit.Chunks[0].Score)
		if cosines != nil {
			k.cosine = cosines[n]
			k.score += k.cosine
		}
		if kind != "" && (k.blank || holdsValue(kind, k.Text)) {
			k.score += valueBonus
		}
		if how && k.Kind == knowledge.PieceStep && p.number(i) > 0 {
			k.score += stepBonus
		}
		if p.lead < 0 || k.score > best {
			p.lead, best = i, k.score
		}
	}
}

// leadCosine is the lead's cosine to the question.
func (p passage) leadCosine() float64 {
	if p.lead < 0 {
		return 0
	}
	return p.pieces[p.lead].cosine
}

// asksHow is how people ask for the steps to do something.
var asksHow = regexp.MustCompile(`(?i)\bhow (do|can|could|should|would|must|does|to)\b|\bsteps? (to|for|by)\b|\b(walk|guide) me through\b`)
