package bot

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// explainedArticles is how many articles an explanation takes apart: the
// first and what it is compared with.
const explainedArticles = 5

// Explain decides a turn as Decide does, and says why.
func (e *Engine) Explain(ctx context.Context, t Turn) (Decision, chat.Explanation, error) {
	start := e.now()
	f, err := e.study(ctx, t)
	if err != nil {
		return Decision{}, chat.Explanation{}, err
	}
	d := e.decide(f)
	d.Took = e.now().Sub(start)
	return d, e.explain(f, d), nil
}

func (e *Engine) explain(f findings, d Decision) chat.Explanation {
	x := chat.Explanation{Understood: d.Understood, Degraded: d.Degraded, Spelling: slices.Clone(f.result.Spelling), Classes: []string{}, Articles: []chat.ExplainedArticle{}}
	for c := range f.u.found {
		x.Classes = append(x.Classes, string(c))
	}
	slices.Sort(x.Classes)
	for i, hit := range f.result.Articles[:min(len(f.result.Articles), explainedArticles)] {
		x.Articles = append(x.Articles, chat.ExplainedArticle{
			ID: hit.Document.ExternalID, Title: hit.Document.Title, Internal: hit.Document.Visibility == knowledge.Internal,
			Score: hit.Score, Features: f.candidates[i].features(hit),
		})
	}
	if len(f.evidence) > 0 {
		x.Judge = e.judge.explain(f.evidence, f.result.Degraded == "")
		x.Judge.Threshold = e.threshold
	}
	if settled, ok := f.settled(); ok {
		x.Rule = cmp.Or(string(settled.Reason), string(settled.Action))
	}
	return x
}

// features takes an article's score apart: what rerank added, and what the
// search had given it.
func (c candidate) features(hit knowledge.ArticleHit) []chat.Feature {
	out := []chat.Feature{weighed("title", c.title, titleWeight), weighed("shared", c.shared, articleWeight)}
	rest := hit.Score - out[0].Share - out[1].Share
	var search []chat.Feature
	for _, s := range hit.Features() {
		search = append(search, chat.Feature{Name: s.Name, Value: s.Value, Weight: s.Weight, Share: s.Value * s.Weight})
		rest -= s.Value * s.Weight
	}
	if math.Abs(rest) > 1e-6 {
		search = append(search, weighed("other", rest, 1))
	}
	return append(search, out...)
}

func weighed(name string, value, weight float64) chat.Feature {
	return chat.Feature{Name: name, Value: value, Weight: weight, Share: value*weight + 0} // no negative zero
}

// explain takes the probability for a first article apart.
func (j Judge) explain(ev Evidence, vectors bool) *chat.ExplainedJudge {
	model, name := j.Best, "best"
	if !vectors {
		model, name = j.BestWords, "best_words"
	}
	x := &chat.ExplainedJudge{Model: name, Bias: model.Bias, Logit: model.Bias, Features: []chat.Feature{}, Probability: model.Probability(ev)}
	for _, feature := range slices.Sorted(maps.Keys(model.Weights)) {
		f := weighed(feature, ev[feature], model.Weights[feature])
		x.Features = append(x.Features, f)
		x.Logit += f.Share
	}
	slices.SortStableFunc(x.Features, func(a, b chat.Feature) int { return cmp.Compare(math.Abs(b.Share), math.Abs(a.Share)) })
	return x
}
