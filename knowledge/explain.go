package knowledge

// Feature is one thing that an article's score in a search rests on: value
// times weight is what it added.
type Feature struct {
	Name   string
	Value  float64
	Weight float64
}

// Features takes the score apart that the search gave the article: its best
// chunk's nearness to the question and share of the question's words, or how
// near the questions are that it answers, what it lost for another language, and
// what it gained for being what the conversation is about.
func (h ArticleHit) Features() []Feature {
	var out []Feature
	switch {
	case len(h.Chunks) == 0 || h.found > h.Chunks[0].Score+1e-5:
		out = append(out, Feature{"questions", h.found, 1})
	case h.Chunks[0].Cosine == 0:
		out = append(out, Feature{"words", h.Chunks[0].Score, 1})
	default:
		best := h.Chunks[0]
		out = append(out, Feature{"cosine", best.Cosine, 1}, Feature{"words", (best.Score - best.Cosine) / wordWeight, wordWeight})
	}
	if h.SetBack > 0 {
		out = append(out, Feature{"other_language", 1, -h.SetBack})
	}
	if h.Favour > 0 {
		out = append(out, Feature{"focus", h.Favour, 1})
	}
	return out
}
