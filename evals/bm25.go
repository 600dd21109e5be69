package evals

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Floor answers queries with BM25 over title, body and past questions and
// nothing else, as the sets' own reference does (which knows no past questions): the floor that a paired difference is taken to. It
// answers everything it finds something for, with the first article. Internal
// articles are left out. Its confidence is the score as a share of the
// question's weight, no probability.
func Floor(articles []knowledge.Input, queries []Query, c Context) []Outcome {
	ix := newFloor(articles)
	out := make([]Outcome, len(queries))
	for i, q := range queries {
		ranked, confidence := ix.search(q.in(c).Text, 10)
		o := Outcome{ID: q.ID, Action: chat.ActionHandoff, Reason: chat.ReasonNothingFound, Confidence: confidence, Ranked: ranked, Cited: []string{}}
		if len(ranked) > 0 {
			o.Action, o.Reason, o.Cited = chat.ActionAnswer, "", ranked[:1]
		}
		out[i] = o
	}
	return out
}

// Of BM25, as the reference has them.
const (
	floorK1 = .9
	floorB  = .4
)

type floor struct {
	ids    []string
	counts []map[string]int
	length []float64
	mean   float64
	df     map[string]int
}

func newFloor(articles []knowledge.Input) *floor {
	f := &floor{df: map[string]int{}}
	for _, a := range articles {
		if a.Visibility == knowledge.Internal {
			continue
		}
		counts, n := countWords(a.Title + "\n" + a.Body + "\n" + strings.Join(a.Phrasings, "\n"))
		for w := range counts {
			f.df[w]++
		}
		f.ids, f.counts, f.length = append(f.ids, a.ExternalID), append(f.counts, counts), append(f.length, n)
		f.mean += n
	}
	f.mean /= max(1, float64(len(f.ids)))
	return f
}

func (f *floor) idf(word string) float64 {
	df := float64(f.df[word])
	return math.Log(1 + (float64(len(f.ids))-df+.5)/(df+.5))
}

// search gives the k best, ties by id, and the best score as a share of the
// sum of the question's weights.
func (f *floor) search(text string, k int) (ranked []string, confidence float64) {
	question, _ := countWords(text)
	words := slices.Sorted(maps.Keys(question)) // the order of a sum changes its last bits
	gain, weight := make([]float64, len(words)), 0.0
	for i, w := range words {
		gain[i] = float64(question[w]) * f.idf(w)
		weight += gain[i]
	}
	type hit struct {
		id    string
		score float64
	}
	var hits []hit
	for i, counts := range f.counts {
		score := 0.0
		for k, w := range words {
			if n := float64(counts[w]); n > 0 {
				score += gain[k] * n * (floorK1 + 1) / (n + floorK1*(1-floorB+floorB*f.length[i]/f.mean))
			}
		}
		if score > 0 {
			hits = append(hits, hit{f.ids[i], score})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id)) })
	ranked = []string{}
	for _, h := range hits[:min(len(hits), k)] {
		ranked = append(ranked, h.id)
	}
	if len(hits) > 0 {
		confidence = hits[0].score / weight
	}
	return ranked, confidence
}

var (
	floorWord = regexp.MustCompile(`[a-z0-9]+`)
	floorStop = func() map[string]bool {
		out := map[string]bool{}
		for _, w := range strings.Fields(`a an and are as at be but by for if in into is it no not of on or such that the their
			then there these they this to was will with`) {
			out[w] = true
		}
		return out
	}()
)

func countWords(text string) (counts map[string]int, n float64) {
	counts = map[string]int{}
	for _, w := range floorWord.FindAllString(strings.ToLower(text), -1) {
		if !floorStop[w] {
			counts[singular(w)]++
			n++
		}
	}
	return counts, n
}

// singular is Harman's stemmer of plurals.
func singular(w string) string {
	ends := func(suffix string, except ...string) bool {
		return strings.HasSuffix(w, suffix) && !slices.ContainsFunc(except, func(e string) bool { return strings.HasSuffix(w, e) })
	}
	switch {
	case len(w) <= 3:
		return w
	case ends("ies", "eies", "aies"):
		return w[:len(w)-3] + "y"
	case ends("es", "aes", "ees", "oes"), ends("s", "us", "ss"):
		return w[:len(w)-1]
	}
	return w
}
