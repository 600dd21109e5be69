package knowledge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"frontdesk/internal/simd"
	"frontdesk/llm"
)

const (
	// embedTimeout is how long a question waits for its vector before words
	// answer alone. The built-in encoder takes milliseconds; half a second is
	// for an endpoint elsewhere, and no longer than people notice.
	embedTimeout = 500 * time.Millisecond

	// wordWeight is what words count for beside vectors: a chunk's score is its
	// cosine plus wordWeight times its BM25 score as a share of the highest
	// possible one. Measured with the built-in encoder on four help centres (327
	// questions, hit@1 and MRR@10 averaged over the sets): vectors alone .673
	// and .776, words alone .527 and .632, this .696 and .787. Up to .5 it is
	// flat; a share of the best chunk's score instead gives .690 and .781 at
	// best, and an article's second-best chunk added to its best gives nothing.
	wordWeight = 0.4

	// otherLanguage is what is left of a score in another language than the one
	// preferred: a translation, equally near, comes after; what is about
	// something else has a far lower score, and comes later still.
	otherLanguage = .8

	// hitChunks is how many chunks an article comes with.
	hitChunks = 5
	// remoteChunks is how many chunks a remote vector search and, beside it,
	// the words propose: 5 times what 10 articles need, since chunks share articles.
	remoteChunks = 50
)

// RemoteVectors is a vector index outside the process.
type RemoteVectors interface {
	// Nearest gives the k chunks nearest to q, best first.
	Nearest(ctx context.Context, q []float32, k int, f VectorFilter) ([]VectorHit, error)
	// Vectors gives those of hashes that exist, in any order.
	Vectors(ctx context.Context, hashes []Hash) ([]Vector, error)
}

// Searcher is what indexes share: the encoder of questions and buffers.
type Searcher struct {
	embedder llm.Embedder
	timeout  time.Duration
	buffers  sync.Pool
}

// NewSearcher gives a Searcher. A nil embedder means words only; a timeout of 0
// means half a second.
func NewSearcher(e llm.Embedder, timeout time.Duration) *Searcher {
	return &Searcher{embedder: e, timeout: cmp.Or(timeout, embedTimeout)}
}

func (s *Searcher) dim() int {
	if s.embedder == nil {
		return 1 // no vector is ever stored
	}
	return s.embedder.Dim()
}

// Search finds the articles that answer a question. It never fails for want of
// a vector: then words answer alone, and Result.Degraded says why. The error is ctx's.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	asked := x.asker.read(q.Text, cmp.Or(q.Prefer, q.Locale))
	result := Result{Version: x.version, index: x, Spelling: asked.spelling}
	result.Vector, result.Degraded = x.embed(ctx, &q, Respell(q.Text, asked.spelling))
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("knowledge: search: %w", err)
	}
	s := x.search.scratch(len(x.units))
	defer x.search.release(s)
	s.admit(x, &q)
	terms := asked.terms
	x.words.score(terms, s.words)
	if result.Vector != nil {
		if err := x.cosines(ctx, &q, result.Vector, s); err != nil {
			result.Vector, result.Degraded = nil, "vector search failed"
		}
	}
	x.fuse(s, terms, result.Vector != nil, q.VectorsOnly)
	result.Articles = x.rank(&q, s, &asked)
	return result, nil
}

// embed gives the question's vector, or why there is none.
func (x *Index) embed(ctx context.Context, q *Query, text string) (vector []float32, degraded string) {
	if x.search.embedder == nil || x.remote == nil && len(x.rows) == 0 {
		return nil, "no vectors yet"
	}
	ctx, cancel := context.WithTimeout(ctx, x.search.timeout)
	defer cancel()
	embed := q.Embed
	if embed == nil {
		embed = x.search.embedder.EmbedQuery
	}
	v, err := embed(ctx, text)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, "embedding late"
	case err != nil || len(v) != x.search.dim():
		return nil, "embedding failed"
	}
	return v, ""
}

// scratch is what one search needs for each chunk.
type scratch struct {
	words, cosine, score []float32
	known                []bool // the chunk has a cosine
	dots                 []float32
	runs                 []run // the articles that the query may see
}

// run is an article's units in the flat order.
type run struct{ entry, first, end int }

// admit notes the articles of x that q may see.
func (s *scratch) admit(x *Index, q *Query) {
	s.runs = s.runs[:0]
	first := 0
	for i, e := range x.entries {
		end := first + e.units()
		if first < end && q.allows(&e.doc.Article) {
			s.runs = append(s.runs, run{i, first, end})
		}
		first = end
	}
}

func (s *Searcher) scratch(n int) *scratch {
	b, _ := s.buffers.Get().(*scratch)
	if b == nil || cap(b.words) < n {
		b = &scratch{words: make([]float32, n), cosine: make([]float32, n), score: make([]float32, n), known: make([]bool, n), dots: make([]float32, n)}
	}
	b.words, b.cosine, b.score, b.known = b.words[:n], b.cosine[:n], b.score[:n], b.known[:n]
	clear(b.words)
	clear(b.cosine)
	clear(b.known)
	return b
}

func (s *Searcher) release(b *scratch) { s.buffers.Put(b) }

// cosines fills in each chunk's similarity to the question, as far as it is known.
func (x *Index) cosines(ctx context.Context, q *Query, vector []float32, s *scratch) error {
	if x.remote != nil {
		return x.remoteCosines(ctx, q, vector, s)
	}
	n := len(x.rows) / x.search.dim()
	simd.DotRows(s.dots[:n], vector, x.rows, x.search.dim())
	for i, row := range x.rowOf {
		if row >= 0 {
			s.cosine[i], s.known[i] = s.dots[row], true
		}
	}
	return nil
}

// fuse gives each chunk that the query may see its score. A chunk whose cosine
// is not known counts as near as its words are good, so that a new article is
// found before its vectors are there.
func (x *Index) fuse(s *scratch, terms []queryTerm, vectors, only bool) {
	perfect := 1 / max(highestScore(terms), 1e-9)
	var topWords, topCosine float32
	for _, r := range s.runs {
		for i := r.first; i < r.end; i++ {
			topWords = max(topWords, s.words[i])
			topCosine = max(topCosine, s.cosine[i])
		}
	}
	for _, r := range s.runs {
		for i := r.first; i < r.end; i++ {
			words := s.words[i] * perfect
			if only && vectors {
				words = 0
			}
			switch {
			case !vectors:
				s.score[i] = words
			case s.known[i]:
				s.score[i] = s.cosine[i] + wordWeight*words
			case words > 0:
				s.score[i] = topCosine*s.words[i]/topWords + wordWeight*words
			default:
				s.score[i] = 0
			}
		}
	}
}

// ranked is an article on its way into the result.
type ranked struct {
	run
	score   float32
	setBack float32
	favour  float32
}

// rank gives the best articles with their best chunks. Entries are in the
// order that breaks ties, and an equal score never overtakes, so the order is total.
func (x *Index) rank(q *Query, s *scratch, asked *question) []ArticleHit {
	limit := cmp.Or(q.Articles, 10)
	var top []ranked
	for _, r := range s.runs {
		chunks := r.first + len(x.entries[r.entry].doc.Chunks)
		score := max(best(s.score[r.first:chunks]), pooled(s.score[chunks:r.end]))
		setBack := x.setBack(r.entry, score, asked)
		score -= setBack
		var favour float32
		if len(q.Favour) > 0 && score > 0 {
			favour = float32(q.Favour[x.entries[r.entry].doc.ID])
			score += favour
		}
		if score <= 0 || len(top) == limit && score <= top[limit-1].score {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, score, func(t ranked, score float32) int {
			if t.score >= score {
				return -1
			}
			return 1
		})
		top = slices.Insert(top, at, ranked{r, score, setBack, favour})
		top = top[:min(len(top), limit)]
	}
	hits := make([]ArticleHit, len(top))
	for i, r := range top {
		hits[i] = x.hit(r, s, asked.terms)
	}
	return hits
}

// setBack is what an article's score loses for being in another language than
// the question.
func (x *Index) setBack(entry int, score float32, asked *question) float32 {
	if asked.shown == nil || x.entries[entry].tongue == asked.shown || len(x.asker.tongues) < 2 {
		return 0
	}
	return (1 - otherLanguage) * score
}

// best is the score of an article's chunks: the best one's.
func best(scores []float32) float32 {
	var top float32
	for _, v := range scores {
		top = max(top, v)
	}
	return top
}

const (
	// pooledPhrasings and poolWidth say how far an article's next best phrasings
	// count beside its best: several that are nearly as near make it likelier than
	// one. Measured on 769 and 500 short questions to 77 and 50 articles of some
	// 150 phrasings each: hit@1 .904 and .922 by the best alone, .918 and .934 so;
	// flat from 5 to 10 and .03 to .1.
	pooledPhrasings = 10
	poolWidth       = .05
)

// pooled is the score of an article's phrasings: a soft maximum of the best
// ones, which is the best one's score where it stands alone.
func pooled(scores []float32) float32 {
	var top [pooledPhrasings]float32 // falling
	for _, v := range scores {
		for i := range top {
			if v > top[i] {
				v, top[i] = top[i], v
			}
		}
	}
	if top[0] <= 0 {
		return 0
	}
	sum := 0.0
	for _, v := range top {
		if v > 0 {
			sum += math.Exp(float64(v-top[0]) / poolWidth)
		}
	}
	return top[0] + float32(poolWidth*math.Log(sum))
}

func (x *Index) hit(r ranked, s *scratch, terms []queryTerm) ArticleHit {
	e := x.entries[r.entry]
	order := make([]int, len(e.doc.Chunks))
	for i := range order {
		order[i] = r.first + i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.score[b], s.score[a]) })
	hit := ArticleHit{
		Document: &e.doc, List: e.list, Score: float64(r.score), SetBack: float64(r.setBack), Favour: float64(r.favour), found: float64(r.score + r.setBack - r.favour),
		Phrasing: x.bestPhrasing(r.run, s),
	}
	for _, i := range order[:min(len(order), hitChunks)] {
		hit.Chunks = append(hit.Chunks, ChunkHit{
			Chunk: x.chunk(i), Score: float64(s.score[i]), Cosine: float64(s.cosine[i]),
			Words: float64(s.words[i]), Coverage: x.words.coverage(terms, x.bag(i)),
		})
	}
	return hit
}

// bestPhrasing gives the phrasing of an article that is nearest to the question.
func (x *Index) bestPhrasing(r run, s *scratch) PhrasingHit {
	e := x.entries[r.entry]
	var hit PhrasingHit
	for n, q := range e.phrasings {
		i := r.first + len(e.doc.Chunks) + n
		if score := float64(s.score[i]); score > hit.Score {
			hit = PhrasingHit{Text: q.Text, Score: score, Cosine: float64(s.cosine[i])}
		}
	}
	return hit
}
