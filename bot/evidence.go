package bot

import (
	"math"

	"frontdesk/knowledge"
)

// Evidence is what the judge sees of a search: one number a feature, by name.
// All are finite, and most lie between 0 and 1.
type Evidence map[string]float64

// EvidenceList is 1 where the best article is nothing but a list of what
// customers say, else 0: it chooses the model.
const EvidenceList = "list"

// background is where the articles begin that a question only brushes: how
// far the best stands out of them says more than its bare cosine.
const background = 4

// evidence looks at the best article, at how it stands against the others,
// and at the passage that would be quoted.
func evidence(u understanding, r knowledge.Result, c candidate, p passage) Evidence {
	if len(r.Articles) == 0 || len(r.Articles[0].Chunks) == 0 {
		return nil
	}
	top := r.Articles[0]
	cosine, words := bestOf(top)
	var otherWords, rest, otherPhrasing float64
	for i, a := range r.Articles[1:] {
		c, w := bestOf(a)
		otherWords = max(otherWords, w)
		otherPhrasing = max(otherPhrasing, a.Phrasing.Score)
		if i >= background-1 {
			rest += c / float64(len(r.Articles)-background)
		}
	}
	return Evidence{
		"cosine":       cosine,
		"cosine_above": cosine - rest,
		"next_margin":  margin(r, 1),
		"third_margin": margin(r, 2),
		"words":        saturate(words, 10),
		"words_margin": (words - otherWords) / (words + otherWords + 1),
		"coverage":     top.Chunks[0].Coverage,
		"shared":       c.shared,
		"title_cosine": c.title,
		"title":        share(stems(u.question), stems(top.Document.Title)),
		"lead_cosine":  p.leadCosine(),
		"length":       math.Log1p(float64(len(stems(u.question)))),
		"follow_up":    truth(u.followUp),
		"account":      truth(u.found[classAccount]),
		"asks":         u.asks,
		"focus":        u.focus.top(),
		"focus_share":  focusShare(r),

		// How near the nearest of the questions is that the article says it answers,
		// and how much nearer than any other article's.
		"phrasing":        top.Phrasing.Cosine,
		"phrasing_margin": phrasingMargin(top.Phrasing.Score, otherPhrasing),
		EvidenceList:      truth(top.List),
	}
}

// focusShare is how far the first article is what the conversation is about,
// beside the found article that is most: 0..1, and 0 if none is.
func focusShare(r knowledge.Result) float64 {
	most := 0.0
	for _, a := range r.Articles {
		most = max(most, a.Favour)
	}
	if most == 0 {
		return 0
	}
	return r.Articles[0].Favour / most
}

// bestOf gives the best cosine and BM25 of an article's chunks.
func bestOf(a knowledge.ArticleHit) (cosine, words float64) {
	for _, c := range a.Chunks {
		cosine, words = max(cosine, c.Cosine), max(words, c.Words)
	}
	return cosine, words
}

// usualMargin stands for a margin over an article that is not there: about what
// the first article has over the third on the development sets. Standing
// alone in a help centre of two articles says nothing for an answer.
const usualMargin = .1

// margin is how far the first article's score stands above that of the one n
// places behind: two siblings may both hold the answer, three hardly do.
func margin(r knowledge.Result, n int) float64 {
	if len(r.Articles) <= n {
		return usualMargin
	}
	return r.Articles[0].Score - r.Articles[n].Score
}

// phrasingMargin is 0 where there are no phrasings to compare.
func phrasingMargin(top, other float64) float64 {
	if top == 0 || other == 0 {
		return 0
	}
	return top - other
}

// saturate maps 0..inf to 0..1, half at half.
func saturate(x, half float64) float64 { return x / (x + half) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
