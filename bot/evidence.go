package bot

import (
	"math"

	"frontdesk/knowledge"
)

// Evidence is what the judge sees of a search: one number a feature, by name.
// All are finite, and most lie between 0 and 1.
type Evidence map[string]float64

// background is where the articles begin that a question only brushes: how
// far the best stands out of them says more than its bare cosine.
const background = 4

// evidence looks at the best article, at how it stands against the others,
// and at the passage that would be quoted.
func evidence(u understanding, r knowledge.Result, p passage) Evidence {
	if len(r.Articles) == 0 || len(r.Articles[0].Chunks) == 0 {
		return nil
	}
	top := r.Articles[0]
	best := top.Chunks[0]
	cosine, words := bestOf(top)
	var otherCosine, otherWords, rest float64
	count := 0
	for i, a := range r.Articles[1:] {
		c, w := bestOf(a)
		otherCosine, otherWords = max(otherCosine, c), max(otherWords, w)
		if i >= background-1 {
			rest += c
			count++
		}
	}
	if count > 0 {
		rest /= float64(count)
	}
	want := stems(u.question)
	ev := Evidence{
		"cosine":        cosine,
		"cosine_margin": cosine - otherCosine,
		"cosine_above":  cosine - rest,
		"coverage":      best.Coverage,
		"words":         saturate(words, 10),
		"words_margin":  (words - otherWords) / (words + otherWords + 1),
		"score_margin":  margin(r),
		"lead":          p.leadScore(),
		"lead_cosine":   p.leadCosine(),
		"title":         share(want, stems(top.Document.Title)),
		"length":        math.Log1p(float64(len(want))),
		"follow_up":     truth(u.followUp),
		"account":       truth(u.found[classAccount]),
		"asks_value":    truth(valueAsked(u.question) != ""),
	}
	return ev
}

// bestOf gives the best cosine and BM25 of an article's chunks.
func bestOf(a knowledge.ArticleHit) (cosine, words float64) {
	for _, c := range a.Chunks {
		cosine, words = max(cosine, c.Cosine), max(words, c.Words)
	}
	return cosine, words
}

// margin is how far the first article's score stands above the second's, as
// a share of it.
func margin(r knowledge.Result) float64 {
	if len(r.Articles) < 2 || r.Articles[0].Score <= 0 {
		return 1
	}
	return 1 - r.Articles[1].Score/r.Articles[0].Score
}

// saturate maps 0..inf to 0..1, half at half.
func saturate(x, half float64) float64 { return x / (x + half) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
