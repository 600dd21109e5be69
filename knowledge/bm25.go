package knowledge

import (
	"math"
	"slices"
	"sync"
)

// BM25's two parameters: how fast repeats of a word stop counting, and how
// much a long chunk is marked down. Lucene's values. Words alone, on four help
// centres: hit@1 .527, MRR@10 .632; with .9 and .4, .490 and .608; with .9 and
// .6, .529 and .634. Fused with vectors the choice makes no difference that 327
// questions could show.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// dictionary numbers terms, and keeps the words that they are stems of, by
// which misspelt ones are put right. It only grows; snapshots of all ages share
// it, and one that does not know a term's number yet has no postings for it.
type dictionary struct {
	mu         sync.RWMutex
	ids        map[string]uint32
	vocabulary vocabulary
}

func newDictionary() *dictionary {
	return &dictionary{ids: map[string]uint32{}, vocabulary: newVocabulary()}
}

// lookup gives a term's number.
func (d *dictionary) lookup(term string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	id, ok := d.ids[term]
	return id, ok
}

// count gives the terms of a text in language l with how often they occur, by
// number.
func (d *dictionary) count(l *tongue, text string) []termCount {
	type pair struct{ term, word string }
	var terms []pair
	l.analyse(text, func(term, word string) { terms = append(terms, pair{term, word}) })
	counts := map[uint32]uint16{}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range terms {
		id, ok := d.ids[t.term]
		if !ok {
			id = uint32(len(d.ids))
			d.ids[t.term] = id
		}
		if t.word != "" {
			d.vocabulary.add(t.word, id)
		}
		if counts[id] < math.MaxUint16 {
			counts[id]++
		}
	}
	out := make([]termCount, 0, len(counts))
	for id, n := range counts {
		out = append(out, termCount{id, n})
	}
	slices.SortFunc(out, func(a, b termCount) int { return int(a.term) - int(b.term) })
	return out
}

func (d *dictionary) size() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.ids)
}

type termCount struct {
	term uint32
	n    uint16
}

// bag is a chunk's terms in order of their numbers.
type bag []termCount

func (b bag) has(term uint32) bool {
	_, ok := slices.BinarySearchFunc(b, term, func(t termCount, want uint32) int { return int(t.term) - int(want) })
	return ok
}

func (b bag) length() int {
	n := 0
	for _, t := range b {
		n += int(t.n)
	}
	return n
}

// posting is one chunk that holds a term, with what the term adds to its
// score: all that does not depend on the question is worked out beforehand.
type posting struct {
	chunk uint32
	score float32
}

// postings is an inverted index over chunks: those of term t are
// list[from[t]:from[t+1]], in order of the chunks.
type postings struct {
	dict *dictionary
	from []uint32
	list []posting
	idf  []float32 // by term; 0 for one without postings
	rare float32   // idf of a word that no chunk holds
}

// newPostings indexes bags, one a chunk.
func newPostings(dict *dictionary, bags []bag) *postings {
	p := &postings{dict: dict, from: make([]uint32, dict.size()+1), idf: make([]float32, dict.size())}
	length := 0
	for _, b := range bags {
		for _, t := range b {
			p.from[t.term+1]++
		}
		length += b.length()
	}
	n := float64(len(bags))
	for t := range p.idf {
		if df := float64(p.from[t+1]); df > 0 {
			p.idf[t] = idf(n, df)
		}
		p.from[t+1] += p.from[t]
	}
	p.rare = idf(n, 0)
	p.fill(bags, float64(length)/max(n, 1))
	return p
}

// idf is Lucene's: never negative.
func idf(n, df float64) float32 { return float32(math.Log(1 + (n-df+.5)/(df+.5))) }

func (p *postings) fill(bags []bag, average float64) {
	p.list = make([]posting, p.from[len(p.from)-1])
	next := slices.Clone(p.from)
	for c, b := range bags {
		norm := bm25K1 * (1 - bm25B + bm25B*float64(b.length())/max(average, 1))
		for _, t := range b {
			tf := float64(t.n)
			score := float32(float64(p.idf[t.term]) * tf * (bm25K1 + 1) / (tf + norm))
			p.list[next[t.term]] = posting{uint32(c), score}
			next[t.term]++
		}
	}
}

// known gives the number of a term that some chunk holds.
func (p *postings) known(term string) (uint32, bool) {
	id, ok := p.dict.lookup(term)
	return id, ok && p.holds(id)
}

func (p *postings) holds(term uint32) bool { return int(term) < len(p.idf) && p.idf[term] > 0 }

// of gives a term's postings.
func (p *postings) of(term uint32) []posting { return p.list[p.from[term]:p.from[term+1]] }

// queryTerm is a word of a question: how often it occurs, what it counts for
// in full, and what a chunk may hold in its place. The first that is the word
// itself, in each language, has the weight 1; none at all, and no chunk knows it.
type queryTerm struct {
	word  string
	n     float32
	idf   float32
	means []meaning
}

// meaning is terms that stand for a word of a question, each for its share of
// the weight: one, or those of a phrase.
type meaning struct {
	terms  []uint32
	weight float32
}

// score adds each chunk's BM25 score for the question to scores. Of several
// meanings of a word a chunk is given its best one.
func (p *postings) score(query []queryTerm, scores []float32) {
	var w walk
	for i := range query {
		q := &query[i]
		if len(q.means) == 1 && len(q.means[0].terms) == 1 {
			weight := q.n * q.means[0].weight
			for _, post := range p.of(q.means[0].terms[0]) {
				scores[post.chunk] += weight * post.score
			}
			continue
		}
		w.add(p, q, scores)
	}
}

// walk goes through the postings of several terms side by side.
type walk struct {
	lists []walked
	sums  []float32 // by meaning
}

type walked struct {
	posts   []posting
	meaning int
	weight  float32
}

func (w *walk) add(p *postings, q *queryTerm, scores []float32) {
	w.lists, w.sums = w.lists[:0], append(w.sums[:0], make([]float32, len(q.means))...)
	for i, mean := range q.means {
		for _, t := range mean.terms {
			w.lists = append(w.lists, walked{p.of(t), i, mean.weight / float32(len(mean.terms))})
		}
	}
	for {
		chunk := uint32(math.MaxUint32)
		for i := range w.lists {
			if l := &w.lists[i]; len(l.posts) > 0 {
				chunk = min(chunk, l.posts[0].chunk)
			}
		}
		if chunk == math.MaxUint32 {
			return
		}
		clear(w.sums)
		for i := range w.lists {
			if l := &w.lists[i]; len(l.posts) > 0 && l.posts[0].chunk == chunk {
				w.sums[l.meaning] += l.weight * l.posts[0].score
				l.posts = l.posts[1:]
			}
		}
		scores[chunk] += q.n * slices.Max(w.sums)
	}
}

// count is how many chunks hold a term.
func (p *postings) count(term uint32) int { return len(p.of(term)) }

// highestScore bounds what any chunk can score for the question: each of its
// words there without end.
func highestScore(query []queryTerm) float32 {
	var sum float32
	for _, q := range query {
		sum += q.n * q.idf * (bm25K1 + 1)
	}
	return sum
}

// coverage is the share, by idf, of the question's words that a chunk holds.
// What stands for a word covers it in part.
func (p *postings) coverage(query []queryTerm, b bag) float64 {
	var all, held float64
	for i := range query {
		all += float64(query[i].idf)
		held += p.held(&query[i], b)
	}
	if all == 0 {
		return 0
	}
	return held / all
}

// held is the part of a word's idf that a chunk holds.
func (p *postings) held(q *queryTerm, b bag) float64 {
	var top float32
	for _, mean := range q.means {
		var sum float32
		for _, t := range mean.terms {
			if b.has(t) {
				sum += mean.weight * p.idf[t] / float32(len(mean.terms))
			}
		}
		top = max(top, sum)
	}
	return float64(min(top, q.idf))
}
