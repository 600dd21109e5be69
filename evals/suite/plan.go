package main

import (
	"path/filepath"
	"slices"
	"strings"

	"frontdesk/bot"
	"frontdesk/evals"
	"frontdesk/knowledge"
)

// plan is a set and how it is asked.
type plan struct {
	name   string
	dir    string        // "": the folder name in the data folder
	agent  bool          // on behalf of an agent
	floor  evals.Context // what BM25 gets to read: the better of both for it
	ablate bool          // also with parts switched off
	// past is how many lines of an article's body are kept, as past questions:
	// the body of a set of intents is what customers wrote. 0: articles as they are.
	past int
}

// folderOf is where the set is, beside the others.
func (p plan) folderOf(data string) string {
	if p.dir == "" {
		return filepath.Join(data, p.name)
	}
	if p.past > 0 {
		return filepath.Join(data, p.dir)
	}
	return p.dir
}

// derive keeps p.past lines of each body, evenly spaced, as past questions.
func (p plan) derive(s evals.Set) evals.Set {
	if p.past == 0 {
		return s
	}
	for i := range s.Articles {
		a := &s.Articles[i]
		lines := strings.Split(strings.TrimSpace(a.Body), "\n")
		a.Body, a.Phrasings = a.Title, nil // without a text it is no article
		n := min(p.past, len(lines))
		for k := range n {
			a.Phrasings = append(a.Phrasings, lines[k*len(lines)/n])
		}
	}
	return s
}

// plans are all sets, in the order of the report.
var plans = []plan{
	{name: "own", dir: filepath.Join("evals", "data"), floor: evals.ContextLast, ablate: true},
	{name: "arduino_help", floor: evals.ContextUser, ablate: true},
	{name: "bank_questions", floor: evals.ContextLast, ablate: true},
	{name: "covid_faq", floor: evals.ContextLast, ablate: true},
	{name: "mtrag_un", floor: evals.ContextUser, ablate: true},
	{name: "dstc9_val176", floor: evals.ContextLast, ablate: true},
	{name: "dstc10_spoken", floor: evals.ContextLast},
	{name: "dstc11_t5", floor: evals.ContextLast},
	{name: "banking77", floor: evals.ContextLast},
	{name: "banking77, 5 past", dir: "banking77", floor: evals.ContextLast, past: 5, ablate: true},
	{name: "banking77_oos", floor: evals.ContextLast},
	{name: "clinc150", floor: evals.ContextLast},
	{name: "safety", floor: evals.ContextLast},
	{name: "tau2_banking", agent: true, floor: evals.ContextLast},
}

// variant is a way of asking.
type variant struct {
	name  string
	says  string               // in the table of steps
	tells func(evals.Set) bool // it differs only in such sets; nil: in all
	set   func(*evals.RunOptions)
}

// full is the product as it is.
const full = "full"

// variants are the product and what is left of it without some part.
var variants = []variant{
	{name: full, says: "all of it", set: func(*evals.RunOptions) {}},
	{name: "words", says: "words alone, no vectors", set: func(o *evals.RunOptions) { o.WordsOnly = true }},
	{name: "vectors", says: "vectors alone, no words", set: without(bot.PartWords)},
	{name: "titles", says: "without the order by title and whole article", set: without(bot.PartTitles)},
	{name: "focus", says: "without what the conversation is about", tells: hasHistory, set: without(bot.PartFocus)},
	{name: "guards", says: "without the guards of values, names and internal articles", set: without(bot.PartGuards)},
	{name: "pair", says: "without answers out of two articles", set: without(bot.PartPair)},
	{name: "judge", says: "without the judge: what no rule stops is answered", set: func(o *evals.RunOptions) { o.Threshold = answerAll }},
	{name: "last", says: "without the conversation: the newest message alone", tells: hasHistory, set: func(o *evals.RunOptions) { o.Context = evals.ContextLast }},
	{name: "all", says: "the conversation glued on, instead of understood", tells: hasHistory, set: func(o *evals.RunOptions) { o.Context = evals.ContextAll }},
	{name: "nopast", says: "without past questions", tells: hasPast, set: func(o *evals.RunOptions) { o.Articles = withoutPast(o.Articles) }},
}

// answerAll is a confidence that every question has.
const answerAll = 1e-9

func without(p bot.Part) func(*evals.RunOptions) {
	return func(o *evals.RunOptions) { o.Without = []bot.Part{p} }
}

func hasHistory(s evals.Set) bool {
	return slices.ContainsFunc(s.Queries, func(q evals.Query) bool { return len(q.History) > 0 })
}

func hasPast(s evals.Set) bool {
	return slices.ContainsFunc(s.Articles, func(a knowledge.Input) bool { return len(a.Phrasings) > 0 })
}

func withoutPast(articles []knowledge.Input) []knowledge.Input {
	out := slices.Clone(articles)
	for i := range out {
		out[i].Phrasings = nil
	}
	return out
}

// variants gives those that tell something about a set.
func (p plan) variants(s evals.Set) []variant {
	var out []variant
	for _, v := range variants {
		if v.name == full || p.ablate && (v.tells == nil || v.tells(s)) {
			out = append(out, v)
		}
	}
	return out
}
