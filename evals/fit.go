package evals

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"frontdesk/bot"
	"frontdesk/llm"
)

// Features that the judge is fitted on, with vectors and without.
var (
	features = []string{
		"cosine", "cosine_above", "next_margin", "third_margin", "words", "words_margin", "coverage", "shared", "title_cosine", "lead_cosine", "length",
		"follow_up", "account", "asks", "focus", "focus_share",
	}
	// Where the best article is a list of what customers say.
	listFeatures = []string{
		"cosine", "cosine_above", "next_margin", "third_margin", "words", "coverage", "shared", "title_cosine", "length", "follow_up", "account",
		"phrasing", "phrasing_margin",
	}
	wordFeatures = []string{
		"words", "words_margin", "coverage", "shared", "title", "next_margin", "third_margin", "length", "follow_up", "account",
	}
)

const (
	// hiddenWeight is what a question asked with its answer taken away counts
	// for beside one asked as it is. It is a good example of a question just
	// beside what the articles hold, but there is one for each that has an answer.
	hiddenWeight = .5
	folds        = 5
	pairFirst    = 2
	amongFirst   = 3
	// mostQueries is how many questions of a set are asked, evenly spread: more
	// of one kind add time and little else.
	mostQueries = 1000
)

// observation is one search of a set's question.
type observation struct {
	set    int
	query  int
	hidden bool // the right articles were taken away
	bot.Assessment
	best, pair, among bool // the first, one of the first two, of the first three, is relevant
	answerable        bool
}

// FitReport says how the judge does on questions that it was not fitted on.
type FitReport struct {
	Set      string  `json:"set"`
	Queries  int     `json:"queries"`
	Right    float64 `json:"right"`  // share whose first article is right
	AUROC    float64 `json:"auroc"`  // of answerable or not; 0 if all are
	Brier    float64 `json:"brier"`  //
	AURC     float64 `json:"aurc"`   //
	Cover80  float64 `json:"cov_80"` // coverage at 80 % precision
	Cover90  float64 `json:"cov_90"`
	Shifted  float64 `json:"brier_other_sets"`  // Brier, fitted on the other sets only
	Expected float64 `json:"mean_confidence"`   //
	Hidden   float64 `json:"hidden_confidence"` // mean confidence with the right articles taken away
}

// Fit makes a judge out of sets. Each question is asked twice, with and
// without vectors, and once more with its right articles taken away, which
// makes it one that nearly has an answer. Figures in the report, and the
// judge's risk curve, are of questions left out of the fit (5 folds). The same
// sets and encoder give the same judge.
func Fit(ctx context.Context, sets []Set, embed llm.Embedder, progress func(string)) (bot.Judge, []FitReport, error) {
	var all, words []observation
	for i, s := range sets {
		progress("asking " + s.Name)
		lab, err := NewLab(ctx, s.Articles, embed)
		if err != nil {
			return bot.Judge{}, nil, err
		}
		seen, err := observe(ctx, i, s, lab, embed)
		if err != nil {
			return bot.Judge{}, nil, err
		}
		all = append(all, seen...)
		lab.WordsOnly()
		if seen, err = observe(ctx, i, s, lab, embed); err != nil {
			return bot.Judge{}, nil, err
		}
		words = append(words, seen...)
	}
	articles, lists := splitLists(all)
	wordArticles, wordLists := splitLists(words)
	j := bot.Judge{
		Best:       fitModel(articles, features, len(sets), isBest),
		Pair:       fitModel(articles, features, len(sets), isPair),
		Among:      fitModel(articles, features, len(sets), isAmong),
		List:       fitModel(lists, listFeatures, len(sets), isBest),
		BestWords:  fitModel(wordArticles, wordFeatures, len(sets), isBest),
		PairWords:  fitModel(wordArticles, wordFeatures, len(sets), isPair),
		AmongWords: fitModel(wordArticles, wordFeatures, len(sets), isAmong),
		ListWords:  fitModel(wordLists, wordFeatures, len(sets), isBest),
		Settled:    settled(sets, all),
	}
	inFold := func(o observation) int { return o.query % folds }
	left, pairs := leaveOut(sets, all, isBest, inFold), leaveOut(sets, all, isPair, inFold)
	asked := make([]float64, len(sets))
	for _, o := range all {
		if !o.hidden {
			asked[o.set]++
		}
	}
	var open []answerable
	for i, o := range all {
		if !o.hidden && o.Settled == "" && !sets[o.set].LearnOnly {
			open = append(open, answerable{scored{left[i], o.best}, scored{max(left[i], pairs[i]), o.pair}, 1 / asked[o.set]})
		}
	}
	j.Risk = riskCurve(open)
	reports := report(sets, all, left, leaveOut(sets, all, isBest, func(o observation) int { return o.set }))
	var err error
	j.Fitted, err = json.Marshal(map[string]any{"encoder": embed.Model(), "left_out": reports})
	if err != nil {
		return bot.Judge{}, nil, fmt.Errorf("evals: fit: %w", err)
	}
	return j, reports, nil
}

func isBest(o observation) bool  { return o.best }
func isPair(o observation) bool  { return o.pair }
func isAmong(o observation) bool { return o.among }

// observe asks a set's questions, and those with an answer again without it.
func observe(ctx context.Context, set int, s Set, lab *Lab, embed llm.Embedder) ([]observation, error) {
	e, err := bot.New(ctx, bot.Options{Search: lab, Embedder: embed})
	if err != nil {
		return nil, err
	}
	var out []observation
	look := func(i int, q Query, hidden bool) error {
		clear(lab.Hidden)
		if hidden {
			for _, id := range q.Relevant {
				lab.Hidden[id] = true
			}
		}
		a, err := e.Assess(ctx, q.turn())
		if err != nil {
			return fmt.Errorf("evals: assess %s: %w", q.ID, err)
		}
		o := observation{set: set, query: i, hidden: hidden, Assessment: a, answerable: len(q.Relevant) > 0 && !hidden}
		o.best = hitAt(a.Ranked, q.Relevant, 1) > 0
		o.pair = hitAt(a.Ranked, q.Relevant, pairFirst) > 0
		o.among = hitAt(a.Ranked, q.Relevant, amongFirst) > 0
		out = append(out, o)
		return nil
	}
	step := (len(s.Queries) + mostQueries - 1) / mostQueries
	for i := 0; i < len(s.Queries); i += step {
		q := s.Queries[i]
		if err := look(i, q, false); err != nil {
			return nil, err
		}
		if len(q.Relevant) > 0 {
			if err := look(i, q, true); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// turn is the question as a conversation would put it to the bot.
func (q Query) turn() bot.Turn {
	var t bot.Turn
	for _, h := range q.History {
		if h.Role == "user" {
			t.Messages = append(t.Messages, h.Text)
			continue
		}
		for _, m := range t.Messages {
			t.History = append(t.History, bot.Past{Role: bot.RoleCustomer, Text: m})
		}
		t.Messages = nil
		t.History = append(t.History, bot.Past{Role: bot.RoleBot, Text: h.Text})
	}
	t.Messages = append(t.Messages, q.Text)
	return t
}

// samples are the observations that the judge is asked about, weighted so
// that a large set does not drown the small ones.
func samples(list []observation, sets int, yes func(observation) bool, use func(observation) bool) []sample {
	size := make([]float64, sets)
	for _, o := range list {
		if !o.hidden {
			size[o.set]++
		}
	}
	var out []sample
	for _, o := range list {
		if o.Settled != "" || o.Evidence == nil || !use(o) {
			continue
		}
		s := sample{evidence: o.Evidence, right: yes(o), weight: 1 / math.Sqrt(size[o.set])}
		if o.hidden {
			s.weight *= hiddenWeight
		}
		out = append(out, s)
	}
	return out
}

func fitModel(list []observation, features []string, sets int, yes func(observation) bool) bot.Model {
	return roundModel(fitOn(list, features, sets, yes, func(observation) bool { return true }))
}

func fitOn(list []observation, features []string, sets int, yes, use func(observation) bool) bot.Model {
	m := regress(samples(list, sets, yes, use), features)
	return setPrior(m, samples(list, sets, yes, func(o observation) bool { return use(o) && !o.hidden }))
}

// splitLists parts observations by what the best article is: text, or a list of
// what customers say. What tells right from wrong differs.
func splitLists(list []observation) (articles, lists []observation) {
	for _, o := range list {
		if o.ofList() {
			lists = append(lists, o)
		} else {
			articles = append(articles, o)
		}
	}
	return articles, lists
}

func (o observation) ofList() bool { return o.Evidence[bot.EvidenceList] > 0 }

// leaveOut gives each observation's confidence by a model that was fitted
// without its group.
func leaveOut(sets []Set, list []observation, yes func(observation) bool, group func(observation) int) []float64 {
	out := make([]float64, len(list))
	articles, lists := splitLists(list)
	ceilings := settled(sets, list)
	groups := 0
	for _, o := range list {
		groups = max(groups, group(o)+1)
	}
	for g := range groups {
		others := func(o observation) bool { return group(o) != g }
		ofArticle, ofList := fitOn(articles, features, len(sets), yes, others), fitOn(lists, listFeatures, len(sets), isBest, others)
		for i, o := range list {
			if group(o) != g {
				continue
			}
			if out[i] = ofArticle.Probability(o.Evidence); o.ofList() {
				out[i] = ofList.Probability(o.Evidence)
			}
			if o.Settled != "" {
				out[i] = min(out[i], ceilings[o.Settled])
			}
		}
	}
	return out
}

// settledPrior is how many turns the share over all rules counts for in that
// of one, so that a rule seen twice is not called certain.
const settledPrior = 4

// settled is how often the first article was right where a rule had decided,
// by rule, in the sets that set thresholds.
func settled(sets []Set, list []observation) map[string]float64 {
	type tally struct{ n, right float64 }
	var all tally
	rules := map[string]tally{}
	for _, o := range list {
		if o.Settled == "" || o.hidden || sets[o.set].LearnOnly {
			continue
		}
		t := rules[o.Settled]
		t.n, all.n = t.n+1, all.n+1
		if o.best {
			t.right, all.right = t.right+1, all.right+1
		}
		rules[o.Settled] = t
	}
	out := map[string]float64{}
	for rule, t := range rules {
		out[rule] = round((t.right + settledPrior*all.right/all.n) / (t.n + settledPrior))
	}
	return out
}

func report(sets []Set, list []observation, left, shifted []float64) []FitReport {
	var out []FitReport
	for i := range append(slices.Clone(sets), Set{}) {
		r := FitReport{Set: "all"}
		var right, answerable, others []scored
		hidden, hiddenN := 0.0, 0.0
		for n, o := range list {
			if i < len(sets) && o.set != i {
				continue
			}
			if o.hidden {
				hidden += left[n]
				hiddenN++
				continue
			}
			right = append(right, scored{left[n], o.best})
			answerable = append(answerable, scored{left[n], o.answerable})
			others = append(others, scored{shifted[n], o.best})
			r.Expected += left[n]
			if o.best {
				r.Right++
			}
		}
		if i < len(sets) {
			r.Set = sets[i].Name
		}
		r.Queries = len(right)
		n := float64(len(right))
		r.Right, r.Expected = round(r.Right/n), round(r.Expected/n)
		if hiddenN > 0 {
			r.Hidden = round(hidden / hiddenN)
		}
		if a := auroc(answerable); !math.IsNaN(a) {
			r.AUROC = round(a)
		}
		r.Brier, r.AURC, r.Shifted = round(brier(right)), round(aurc(right)), round(brier(others))
		r.Cover80, r.Cover90 = round(coverageAt(right, .8)), round(coverageAt(right, .9))
		out = append(out, r)
	}
	return out
}
