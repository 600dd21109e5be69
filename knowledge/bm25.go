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

// dictionary numbers terms. It only grows; snapshots of all ages share it, and
// one that does not know a term's number yet has no postings for it.
type dictionary struct {
	mu  sync.RWMutex
	ids map[string]uint32
}

func newDictionary() *dictionary { return &dictionary{ids: map[string]uint32{}} }

// lookup gives a term's number.
func (d *dictionary) lookup(term string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	id, ok := d.ids[term]
	return id, ok
}

// count gives the terms of a text with how often they occur, by number.
func (d *dictionary) count(text string) []termCount {
	counts := map[uint32]uint16{}
	terms := Terms(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range terms {
		id, ok := d.ids[t]
		if !ok {
			id = uint32(len(d.ids))
			d.ids[t] = id
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
// list[from[t]:from[t+1]].
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

// queryTerm is a word of a question: its number (known says if it has one in
// this snapshot), how often it occurs, and its weight.
type queryTerm struct {
	id    uint32
	known bool
	n     float32
	idf   float32
}

// query resolves a question's words, each once, in order of first occurrence.
func (p *postings) query(text string) []queryTerm {
	var out []queryTerm
	seen := map[string]int{}
	for _, term := range Terms(text) {
		if at, ok := seen[term]; ok {
			out[at].n++
			continue
		}
		seen[term] = len(out)
		q := queryTerm{n: 1, idf: p.rare}
		if id, ok := p.dict.lookup(term); ok && int(id) < len(p.idf) && p.idf[id] > 0 {
			q.id, q.known, q.idf = id, true, p.idf[id]
		}
		out = append(out, q)
	}
	return out
}

// score adds each chunk's BM25 score for the question to scores.
func (p *postings) score(query []queryTerm, scores []float32) {
	for _, q := range query {
		if !q.known {
			continue
		}
		for _, post := range p.list[p.from[q.id]:p.from[q.id+1]] {
			scores[post.chunk] += q.n * post.score
		}
	}
}

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
func coverage(query []queryTerm, b bag) float64 {
	var all, held float64
	for _, q := range query {
		all += float64(q.idf)
		if q.known && b.has(q.id) {
			held += float64(q.idf)
		}
	}
	if all == 0 {
		return 0
	}
	return held / all
}
