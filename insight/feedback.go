package insight

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
)

func ease(tallies []chat.Tally) (e Ease) {
	var counts [7]int
	for _, t := range tallies {
		if t.Kind == chat.FactCES && t.Score >= 1 && t.Score <= len(counts) {
			counts[t.Score-1] += t.N
			e.Mean.add(t.Score, t.N)
		}
	}
	for i, n := range counts {
		e.Scores[i] = ShareOf(n, e.Mean.N)
	}
	e.Easy = ShareOf(counts[4]+counts[5]+counts[6], e.Mean.N)
	return e
}

func likely(tallies []chat.Tally) Likely {
	var promoters, passives, detractors int
	for _, t := range tallies {
		switch {
		case t.Kind != chat.FactNPS:
		case t.Score >= 9:
			promoters += t.N
		case t.Score >= 7:
			passives += t.N
		default:
			detractors += t.N
		}
	}
	n := promoters + passives + detractors
	l := Likely{Promoters: ShareOf(promoters, n), Passives: ShareOf(passives, n), Detractors: ShareOf(detractors, n)}
	if n > 0 {
		l.Score = 100 * float64(promoters-detractors) / float64(n)
	}
	l.Low, l.High = netInterval(promoters, passives, detractors)
	return l
}

// netInterval is where the difference of two shares of the same cases lies with
// a probability of 95 %, of 100: Wald's interval with one case more of each
// sort (the idea of A. Agresti and B. Caffo, 2000), as without them it has no
// width where all say the same. Of none nothing is known.
func netInterval(plus, none, minus int) (low, high float64) {
	const z = 1.959964
	n := float64(plus+none+minus) + 3
	p, m := float64(plus+1)/n, float64(minus+1)/n
	half := z * math.Sqrt((p+m-(p-m)*(p-m))/n)
	if n == 3 {
		half = 1
	}
	return 100 * max(-1, p-m-half), 100 * min(1, p-m+half)
}

func help(tallies []chat.HelpTally) Help {
	type count struct {
		title   string
		yes, no int
	}
	articles, reasons := map[uuid.UUID]*count{}, []chat.Tally{}
	var all count
	for _, t := range tallies {
		c := articles[t.Article]
		if c == nil {
			c = &count{title: t.Title}
			articles[t.Article] = c
		}
		if t.Helpful {
			c.yes, all.yes = c.yes+t.N, all.yes+t.N
			continue
		}
		c.no, all.no = c.no+t.N, all.no+t.N
		reasons = append(reasons, chat.Tally{Name: string(t.Reason), N: t.N})
	}
	h := Help{Helpful: ShareOf(all.yes, all.yes+all.no), Reasons: parts(reasons, ""), Articles: []ArticleHelp{}}
	for id, c := range articles {
		if id != uuid.Nil {
			h.Articles = append(h.Articles, ArticleHelp{id, c.title, ShareOf(c.yes, c.yes+c.no)})
		}
	}
	slices.SortFunc(h.Articles, func(a, b ArticleHelp) int {
		return cmp.Or(cmp.Compare(b.Helpful.Of-b.Helpful.N, a.Helpful.Of-a.Helpful.N), cmp.Compare(a.Helpful.N, b.Helpful.N),
			strings.Compare(a.Title, b.Title), slices.Compare(a.Article[:], b.Article[:]))
	})
	if len(h.Articles) > mostArticles {
		h.Articles = h.Articles[:mostArticles]
	}
	return h
}

// mostArticles is how many articles are listed: those after it are not what to begin with.
const mostArticles = 20
