package knowledge

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"frontdesk/internal/simd"
)

// QuestionStore is what an import of questions asks of the store; its methods
// are explained there.
type QuestionStore interface {
	PutQuestions(ctx context.Context, ws uuid.UUID, qs []Question) ([]QuestionResult, error)
	ListQuestions(ctx context.Context, ws uuid.UUID, q QuestionQuery) (QuestionPage, error)
}

// QuestionReport says what an import of questions did.
type QuestionReport struct {
	Proposed   int `json:"proposed"`   // new, for review
	Accepted   int `json:"accepted"`   // new and accepted, as the agent had linked
	Linked     int `json:"linked"`     // of both: through the agent's link
	Unchanged  int `json:"unchanged"`  // there before
	Duplicates int `json:"duplicates"` // nearly the same as another of the article
	// Gaps are questions that no article answers, in the order of the history.
	Gaps []QuestionGap `json:"gaps"`
}

// Add adds another part of the same import.
func (r *QuestionReport) Add(more QuestionReport) {
	r.Proposed, r.Accepted, r.Linked = r.Proposed+more.Proposed, r.Accepted+more.Accepted, r.Linked+more.Linked
	r.Unchanged, r.Duplicates = r.Unchanged+more.Unchanged, r.Duplicates+more.Duplicates
	r.Gaps = append(r.Gaps, more.Gaps...)
}

// QuestionGap is a question of a history without an article.
type QuestionGap struct {
	ID       string `json:"id"` // of the exchange
	Line     int    `json:"line,omitempty"`
	Question string `json:"question"` // masked
	// Nearest came nearest, but not near enough; zero when there is nothing to
	// compare with. Score is how near, 0..1.
	Nearest ArticleName `json:"nearest"`
	Score   float64     `json:"score"`
}

// sameQuestion is the least cosine of two questions of one article that are
// taken for one. Measured with the built-in encoder on pairs made by hand: 12 of
// 16 rewordings reach it, and 2 of 10 pairs that differ in one telling word
// ("switch on", "switch off"), which lose a phrasing and not an answer. Of 64
// pairs of questions that were written independently for one article of the
// sample help centre, none comes above .64.
const sameQuestion = 0.9

// ImportQuestions matches exchanges of a history to the articles that search
// knows, and stores the questions of those that match: proposed, or accepted
// if acceptLinked and the agent had linked to the article. The same exchanges
// again change nothing. CodeUnavailable: the articles are not embedded yet.
// Without an embedder only links match.
func (b *Base) ImportQuestions(ctx context.Context, ws uuid.UUID, store QuestionStore, exchanges []Exchange, acceptLinked bool) (QuestionReport, error) {
	im := questionImport{base: b, ws: ws, store: store, accept: acceptLinked, known: map[uuid.UUID][]knownQuestion{}}
	err := im.run(ctx, exchanges)
	if im.report.Gaps == nil {
		im.report.Gaps = []QuestionGap{}
	}
	if err != nil {
		err = fmt.Errorf("knowledge: import %d questions: %w", len(exchanges), err)
	}
	return im.report, err
}

type questionImport struct {
	base   *Base
	ws     uuid.UUID
	store  QuestionStore
	accept bool
	known  map[uuid.UUID][]knownQuestion // by article: those that are stored, and those on their way

	report  QuestionReport
	fresh   []Question
	vectors []Vector
}

// knownQuestion is a question that others are compared with.
type knownQuestion struct {
	Question
	vector []float32 // nil without an embedder
}

func (im *questionImport) run(ctx context.Context, exchanges []Exchange) error {
	m, err := im.base.newMatcher(ctx, im.ws)
	if err != nil {
		return err
	}
	questions, answers, err := im.embed(ctx, exchanges)
	if err != nil {
		return err
	}
	for i, e := range exchanges {
		text := CleanQuestion(e.Question)
		found := m.match(e, questions[i], answers[i])
		if text == "" || found.by == "" {
			im.gap(e, text, found)
			continue
		}
		q := Question{Article: nameOf(found.doc), Text: text, Origin: OriginHistory, Source: e.Source, External: e.ID,
			Status: QuestionProposed, Match: found.by, Score: found.score}
		if im.accept && q.Match == MatchLink {
			q.Status = QuestionAccepted
		}
		if err := im.take(ctx, knownQuestion{q, questions[i]}); err != nil {
			return err
		}
	}
	return im.save(ctx)
}

// embed gives the vectors of the questions and of the answers.
func (im *questionImport) embed(ctx context.Context, exchanges []Exchange) (questions, answers [][]float32, err error) {
	n := len(exchanges)
	if im.base.options.Embedder == nil {
		return make([][]float32, n), make([][]float32, n), nil
	}
	texts := make([]string, 2*n)
	for i, e := range exchanges {
		texts[i], texts[n+i] = CleanQuestion(e.Question), oneLine(e.Answer)
	}
	all, err := im.base.embedAll(ctx, texts)
	if err != nil {
		return nil, nil, err
	}
	return all[:n], all[n:], nil
}

func (im *questionImport) gap(e Exchange, text string, near matched) {
	g := QuestionGap{ID: e.ID, Line: e.Line, Question: text, Score: near.score}
	if near.doc != nil {
		g.Nearest = nameOf(near.doc)
	}
	im.report.Gaps = append(im.report.Gaps, g)
}

func nameOf(d *Document) ArticleName {
	return ArticleName{ID: d.ID, Source: d.Source, ExternalID: d.ExternalID, Title: d.Title}
}

// take keeps a question for storing, unless the article has it.
func (im *questionImport) take(ctx context.Context, q knownQuestion) error {
	article := q.Article.ID
	if _, ok := im.known[article]; !ok {
		var err error
		if im.known[article], err = im.stored(ctx, article); err != nil {
			return err
		}
	}
	for _, k := range im.known[article] {
		if k.Origin == q.Origin && k.Source == q.Source && k.External == q.External {
			im.report.Unchanged++
			return nil
		}
	}
	for _, k := range im.known[article] {
		if strings.EqualFold(k.Text, q.Text) || k.vector != nil && q.vector != nil && simd.Dot(k.vector, q.vector) >= sameQuestion {
			im.report.Duplicates++
			return nil
		}
	}
	im.known[article] = append(im.known[article], q)
	im.fresh = append(im.fresh, q.Question)
	if q.vector != nil {
		im.vectors = append(im.vectors, Vector{NewPhrasing(q.Text).Hash, q.vector})
	}
	return nil
}

// stored gives an article's questions with their vectors.
func (im *questionImport) stored(ctx context.Context, article uuid.UUID) ([]knownQuestion, error) {
	known := []knownQuestion{}
	for q := (QuestionQuery{Article: article, Limit: 200}); ; {
		page, err := im.store.ListQuestions(ctx, im.ws, q)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Questions {
			known = append(known, knownQuestion{Question: one})
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if im.base.options.Embedder == nil || len(known) == 0 {
		return known, nil
	}
	hashes, at := make([]Hash, len(known)), map[Hash][]int{}
	for i, k := range known {
		hashes[i] = NewPhrasing(k.Text).Hash
		at[hashes[i]] = append(at[hashes[i]], i)
	}
	// Those without a vector (of an earlier model, say) are compared by their text.
	vectors, err := im.base.loadVectors(ctx, im.ws, im.base.options.Embedder.Model(), hashes)
	for _, v := range vectors {
		for _, i := range at[v.Hash] {
			known[i].vector = v.Values
		}
	}
	return known, err
}

// save stores what was taken: vectors first, so that an accepted question is
// searched by meaning as soon as it is there.
func (im *questionImport) save(ctx context.Context) error {
	if len(im.vectors) > 0 {
		if err := im.base.options.Store.PutVectors(ctx, im.ws, im.base.options.Embedder.Model(), im.vectors); err != nil {
			return err
		}
	}
	results, err := im.store.PutQuestions(ctx, im.ws, im.fresh)
	if err != nil {
		return err
	}
	for _, r := range results {
		switch {
		case !r.Added: // of another article before; its match of then stays
			im.report.Unchanged++
			continue
		case r.Question.Status == QuestionAccepted:
			im.report.Accepted++
		default:
			im.report.Proposed++
		}
		if r.Question.Match == MatchLink {
			im.report.Linked++
		}
	}
	return im.base.Refresh(ctx, im.ws)
}
