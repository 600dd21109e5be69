package bot

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// tape stands between a turn and those of its inputs that no interface hides.
type tape interface {
	// names gives the names of the articles, actual being those.
	names(actual names) names
	// cosines gives those of texts to a vector, which actual works out.
	cosines(v []float32, texts []string, actual func() []float64) []float64
}

// names are the names of the articles. knowledge.Names is one.
type names interface {
	Len() int
	Mentions(text string) []knowledge.Mention
	Name(i int) *knowledge.Name
	Parallel() float64
}

// Record decides a turn as Decide does, and gives what the decision rests on;
// beside an error too.
func (e *Engine) Record(ctx context.Context, t Turn) (Decision, *Basis, error) {
	r := &recorder{seen: map[uuid.UUID]bool{}, known: map[string]bool{}, basis: Basis{
		Encoder: e.embed.Model(), Judge: e.judge.ID(), Threshold: e.threshold, Languages: e.languages, Without: e.without,
		Documents: []seenDocument{}, Searches: []seenSearch{}, Vectors: map[string]seenVector{}, Cosines: map[string][]number{},
		Spelling: map[string][]chat.Respelling{}, Links: map[string]string{},
	}}
	if shipped, err := DefaultJudge(); err != nil || shipped.ID() != r.basis.Judge {
		figures := e.judge
		figures.Risk, figures.Fitted = nil, nil // the threshold stands above
		r.basis.Figures = &figures
	}
	one := *e
	one.tape, one.embed = r, recordedEmbedder{e.embed, r}
	one.search, r.basis.Plain = r.around(e.search)
	if e.rewriter != nil {
		one.rewriter = recordedRewriter{e.rewriter, r}
	}
	d, err := one.Decide(ctx, t)
	return d, r.done(), err
}

// recorder writes a Basis. Safe for concurrent use.
type recorder struct {
	mu    sync.Mutex
	basis Basis
	seen  map[uuid.UUID]bool // versions in basis.Documents
	known map[string]bool
	heard *heardNames
}

func (r *recorder) done() *Basis {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.basis.Known = slices.Sorted(maps.Keys(r.known))
	if r.heard != nil {
		r.basis.Names = r.heard.seen()
	}
	return &r.basis
}

// around records what a search gives. plain: it is a Searcher and no more.
func (r *recorder) around(s Searcher) (taped Searcher, plain bool) {
	inner := recordedSearch{s, r}
	linker, links := s.(Linker)
	speller, spells := s.(ArticleSpeller)
	if links && spells {
		return recordedBase{inner, linker, speller}, false
	}
	return inner, true
}

// recordedSearch is a Searcher that is listened to.
type recordedSearch struct {
	Searcher
	r *recorder
}

// Search searches.
func (s recordedSearch) Search(ctx context.Context, ws uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	embedded := ""
	if embed := q.Embed; embed != nil {
		q.Embed = func(ctx context.Context, text string) ([]float32, error) {
			embedded = text
			return embed(ctx, text)
		}
	}
	result, err := s.Searcher.Search(ctx, ws, q)
	s.r.searched(q, embedded, result, err)
	return result, err
}

func (r *recorder) searched(q knowledge.Query, embedded string, found knowledge.Result, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := seenSearch{Query: textKey(q.Text), Audience: q.Audience, Version: found.Version, Degraded: found.Degraded, Spelling: found.Spelling, Hits: []seenHit{}}
	if err != nil {
		s.Failed = err.Error()
	}
	if found.Vector != nil {
		s.Vector = textKey(embedded)
	}
	for _, a := range found.Articles {
		r.document(a.Document)
		hit := seenHit{Version: a.Document.Version, Score: number(a.Score), SetBack: number(a.SetBack), Favour: number(a.Favour), List: a.List, Chunks: []seenChunk{}}
		if a.Phrasing != (knowledge.PhrasingHit{}) {
			hit.Phrasing = &seenQuestion{Score: number(a.Phrasing.Score), Cosine: number(a.Phrasing.Cosine)}
			if a.List {
				hit.Phrasing.Text = a.Phrasing.Text
			}
		}
		for _, c := range a.Chunks {
			hit.Chunks = append(hit.Chunks, seenChunk{number(c.Chunk.Start), number(c.Chunk.End), number(c.Score), number(c.Cosine), number(c.Words), number(c.Coverage)})
		}
		s.Hits = append(s.Hits, hit)
	}
	r.basis.Searches = append(r.basis.Searches, s)
}

// document notes an article version. The caller holds r.mu.
func (r *recorder) document(d *knowledge.Document) {
	if r.seen[d.Version] {
		return
	}
	r.seen[d.Version] = true
	r.basis.Documents = append(r.basis.Documents, seenDocument{
		Article: d.ID, Version: d.Version, Number: d.Number, ExternalID: d.ExternalID, URL: d.URL, Tags: d.Tags, Locale: d.Locale, Visibility: d.Visibility,
	})
}

// recordedBase is a Searcher that knows links and spelling, and is listened to.
type recordedBase struct {
	recordedSearch
	links  Linker
	spells ArticleSpeller
}

// Link gives an address.
func (b recordedBase) Link(ws uuid.UUID, from *knowledge.Document, href string) string {
	address := b.links.Link(ws, from, href)
	if address != "" {
		b.r.mu.Lock()
		b.r.basis.Links[linkKey(from.Version, href)] = address
		b.r.mu.Unlock()
	}
	return address
}

// Spelling puts words right.
func (b recordedBase) Spelling(ws uuid.UUID, text, prefer string) []chat.Respelling {
	out := b.spells.Spelling(ws, text, prefer)
	if len(out) > 0 {
		b.r.mu.Lock()
		b.r.basis.Spelling[textKey(text)] = out
		b.r.mu.Unlock()
	}
	return out
}

// Knows looks a word up.
func (b recordedBase) Knows(ws uuid.UUID, word string) bool {
	knows := b.spells.Knows(ws, word)
	if knows {
		b.r.mu.Lock()
		b.r.known[textKey(word)] = true
		b.r.mu.Unlock()
	}
	return knows
}

// recordedEmbedder is an encoder that is listened to.
type recordedEmbedder struct {
	llm.Embedder
	r *recorder
}

// EmbedQuery embeds.
func (e recordedEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	v, err := e.Embedder.EmbedQuery(ctx, text)
	e.r.mu.Lock()
	defer e.r.mu.Unlock()
	key := textKey(text)
	seen := e.r.basis.Vectors[key]
	if err != nil {
		seen.Failed++
	} else {
		seen.Vector = v
	}
	e.r.basis.Vectors[key] = seen
	return v, err
}

// recordedRewriter is a Rewriter that is listened to.
type recordedRewriter struct {
	Rewriter
	r *recorder
}

// Rewrite rewrites.
func (w recordedRewriter) Rewrite(ctx context.Context, question string, history []Past, account llm.Account) (string, error) {
	text, err := w.Rewriter.Rewrite(ctx, question, history, account)
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	if w.r.basis.Rewrites == nil {
		w.r.basis.Rewrites = map[string]seenRewrite{}
	}
	w.r.basis.Rewrites[textKey(question)] = seenRewrite{text, err != nil}
	return text, err
}

func (r *recorder) cosines(v []float32, texts []string, actual func() []float64) []float64 {
	out := actual()
	var noted []number
	for _, c := range out {
		noted = append(noted, number(c))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.basis.Cosines[cosinesKey(v, texts)] = noted
	return out
}

func (r *recorder) names(actual names) names {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = &heardNames{names: actual, said: map[string][]knowledge.Mention{}}
	return r.heard
}

// heardNames are names with what was asked of them. They belong to one goroutine.
type heardNames struct {
	names
	said map[string][]knowledge.Mention
}

// Mentions finds names in a text.
func (h *heardNames) Mentions(text string) []knowledge.Mention {
	found := h.names.Mentions(text)
	if len(found) > 0 {
		h.said[textKey(text)] = found
	}
	return found
}

func (h *heardNames) seen() seenNames {
	out := seenNames{Count: h.Len(), Parallel: h.Parallel(), Said: map[string][]mention{}, Names: map[int]seenName{}}
	firsts := map[uuid.UUID]bool{}
	for key, found := range h.said {
		for _, m := range found {
			out.Said[key] = append(out.Said[key], mention(m))
			if articles := h.Name(m.Name).Articles; len(articles) > 0 {
				firsts[articles[0]] = true
			}
			out.Names[m.Name] = seenName{}
		}
	}
	for i := range out.Names {
		n := h.Name(i)
		seen := seenName{Share: n.Share, Own: n.Own, Siblings: n.Siblings, Count: len(n.Articles), Articles: []uuid.UUID{}}
		for _, id := range n.Articles {
			if firsts[id] {
				seen.Articles = append(seen.Articles, id)
			}
		}
		out.Names[i] = seen
	}
	return out
}
