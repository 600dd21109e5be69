package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// Versions gives article versions as they were.
type Versions interface {
	// ArticleVersion gives title and body of a version. CodeNotFound.
	ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error)
}

// Again decides a turn once more, on what a decision rested on then: neither
// search nor encoder is asked. Notes say what of then is no more (another
// encoder, another judge of the shipped ones, something asked that was not
// asked then), in order and each once. It decides by the code of now.
func (e *Engine) Again(ctx context.Context, t Turn, b *Basis, versions Versions) (d Decision, notes []string, err error) {
	p := &player{basis: b, said: map[string]bool{}}
	if p.documents, err = b.documents(ctx, t.Workspace, versions); err != nil {
		return d, nil, err
	}
	one := *e
	one.tape, one.embed = p, playedEmbedder{e.embed, p}
	one.threshold, one.languages, one.without = b.Threshold, b.Languages, b.Without
	one.search = playedSearch{p}
	if !b.Plain {
		one.search = playedBase{playedSearch{p}}
	}
	one.rewriter = nil
	if len(b.Rewrites) > 0 {
		one.rewriter = playedRewriter{p}
	}
	if e.embed.Model() != b.Encoder {
		p.note("the encoder was %s and is %s", b.Encoder, e.embed.Model())
	}
	switch {
	case b.Figures != nil:
		one.judge = *b.Figures
	case e.judge.ID() != b.Judge:
		if one.judge, err = DefaultJudge(); err != nil {
			return d, nil, err
		}
		if one.judge.ID() != b.Judge {
			p.note("the shipped judge was %s and is %s", b.Judge, one.judge.ID())
		}
	}
	d, err = one.Decide(ctx, t)
	return d, p.notes, err
}

// documents reads the articles that were found.
func (b *Basis) documents(ctx context.Context, ws uuid.UUID, versions Versions) (map[uuid.UUID]*knowledge.Document, error) {
	out := make(map[uuid.UUID]*knowledge.Document, len(b.Documents))
	for _, s := range b.Documents {
		a, err := versions.ArticleVersion(ctx, ws, s.Version)
		if err != nil {
			return nil, fmt.Errorf("bot: read version %d of the article %s as it was: %w", s.Number, s.ExternalID, err)
		}
		a.ID, a.Version, a.Number, a.ExternalID, a.URL, a.Tags, a.Locale, a.Visibility = s.Article, s.Version, s.Number, s.ExternalID, s.URL, s.Tags, s.Locale, s.Visibility
		out[s.Version] = &knowledge.Document{Article: a}
	}
	return out, nil
}

// errUnasked says that a turn asks now what it did not ask then.
var errUnasked = errors.New("bot: the record does not hold what is asked for")

// player gives a Basis to a turn. Safe for concurrent use.
type player struct {
	basis     *Basis
	documents map[uuid.UUID]*knowledge.Document

	mu    sync.Mutex
	said  map[string]bool
	notes []string
	asked map[string]int // by text: how often it was embedded
}

func (p *player) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := fmt.Sprintf(format, args...); !p.said[n] {
		p.said[n] = true
		p.notes = append(p.notes, n)
	}
}

// playedSearch gives what was found.
type playedSearch struct{ p *player }

// Search gives the result of the query.
func (s playedSearch) Search(ctx context.Context, _ uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	key := textKey(q.Text)
	for _, seen := range s.p.basis.Searches {
		if seen.Query == key && seen.Audience == q.Audience {
			return s.p.result(ctx, seen)
		}
	}
	s.p.note("the code searches for something else than it did")
	return knowledge.Result{}, errUnasked
}

func (p *player) result(ctx context.Context, s seenSearch) (knowledge.Result, error) {
	if s.Failed != "" {
		return knowledge.Result{}, errors.New(s.Failed)
	}
	r := knowledge.Result{Version: s.Version, Degraded: s.Degraded, Spelling: s.Spelling, Vector: p.basis.Vectors[s.Vector].Vector}
	for _, h := range s.Hits {
		hit := knowledge.ArticleHit{Document: p.documents[h.Version], Score: float64(h.Score), SetBack: float64(h.SetBack), Favour: float64(h.Favour), List: h.List}
		if hit.Document == nil {
			return r, fmt.Errorf("bot: the record names no article with the version %s", h.Version)
		}
		if h.Phrasing != nil {
			hit.Phrasing = knowledge.PhrasingHit{Text: h.Phrasing.Text, Score: float64(h.Phrasing.Score), Cosine: float64(h.Phrasing.Cosine)}
		}
		for _, c := range h.Chunks {
			hit.Chunks = append(hit.Chunks, knowledge.ChunkHit{
				Chunk: &knowledge.Chunk{Start: int(c[0]), End: int(c[1])}, Score: float64(c[2]), Cosine: float64(c[3]), Words: float64(c[4]), Coverage: float64(c[5]),
			})
		}
		r.Articles = append(r.Articles, hit)
	}
	return r, ctx.Err()
}

// Names gives none: the tape does.
func (playedSearch) Names(uuid.UUID) *knowledge.Names { return nil }

// playedBase gives links and spelling too.
type playedBase struct{ playedSearch }

// Link gives the address of then.
func (b playedBase) Link(_ uuid.UUID, from *knowledge.Document, href string) string {
	return b.p.basis.Links[linkKey(from.Version, href)]
}

// Spelling gives the spelling of then.
func (b playedBase) Spelling(_ uuid.UUID, text, _ string) []chat.Respelling {
	return b.p.basis.Spelling[textKey(text)]
}

// Knows tells what was known then.
func (b playedBase) Knows(_ uuid.UUID, word string) bool {
	_, ok := slices.BinarySearch(b.p.basis.Known, textKey(word))
	return ok
}

// playedEmbedder gives the vectors of then.
type playedEmbedder struct {
	llm.Embedder
	p *player
}

// Model gives the encoder of then.
func (e playedEmbedder) Model() string { return e.p.basis.Encoder }

// EmbedQuery gives a vector, or the failure of then.
func (e playedEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	key := textKey(text)
	seen, ok := e.p.basis.Vectors[key]
	if !ok {
		e.p.note("the code embeds a text that it did not embed")
		return nil, errUnasked
	}
	e.p.mu.Lock()
	if e.p.asked == nil {
		e.p.asked = map[string]int{}
	}
	e.p.asked[key]++
	again := e.p.asked[key]
	e.p.mu.Unlock()
	if again <= seen.Failed || seen.Vector == nil {
		return nil, context.DeadlineExceeded
	}
	return seen.Vector, ctx.Err()
}

// playedRewriter gives the rewritten questions of then.
type playedRewriter struct{ p *player }

// Rewrite gives one, or the failure of then.
func (w playedRewriter) Rewrite(_ context.Context, question string, _ []Past, _ llm.Account) (string, error) {
	seen, ok := w.p.basis.Rewrites[textKey(question)]
	switch {
	case !ok:
		w.p.note("the code has another question rewritten than it had")
		return "", errUnasked
	case seen.Failed:
		return "", context.DeadlineExceeded
	}
	return seen.Text, nil
}

func (p *player) cosines(v []float32, texts []string, _ func() []float64) []float64 {
	noted, ok := p.basis.Cosines[cosinesKey(v, texts)]
	if !ok {
		p.note("the code compares other texts of the articles than it did")
	}
	var out []float64
	for _, c := range noted {
		out = append(out, float64(c))
	}
	return out
}

func (p *player) names(names) names { return playedNames{p.basis.Names} }

// playedNames are the names that were said.
type playedNames struct{ seenNames }

func (n playedNames) Len() int          { return n.Count }
func (n playedNames) Parallel() float64 { return n.seenNames.Parallel }

func (n playedNames) Mentions(text string) []knowledge.Mention {
	var out []knowledge.Mention
	for _, m := range n.Said[textKey(text)] {
		out = append(out, knowledge.Mention(m))
	}
	return out
}

// Name gives a name with as many articles as it had, as far as that counts.
func (n playedNames) Name(i int) *knowledge.Name {
	seen := n.Names[i]
	articles := slices.Clone(seen.Articles)
	for len(articles) < min(seen.Count, fewArticles+1) {
		articles = append(articles, uuid.Nil)
	}
	return &knowledge.Name{Share: seen.Share, Own: seen.Own, Siblings: seen.Siblings, Articles: articles}
}
