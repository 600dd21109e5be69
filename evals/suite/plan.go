package main

import (
	"path/filepath"

	"frontdesk/evals"
)

// plan is a set and how it is asked.
type plan struct {
	name   string
	dir    string        // "": the folder name in the data folder
	agent  bool          // on behalf of an agent
	floor  evals.Context // what BM25 gets to read: the better of both for it
	ablate bool          // also with parts switched off
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
	{name: "banking77_oos", floor: evals.ContextLast},
	{name: "clinc150", floor: evals.ContextLast},
	{name: "safety", floor: evals.ContextLast},
	{name: "tau2_banking", agent: true, floor: evals.ContextLast},
}

// variant is a way of asking.
type variant struct {
	name    string
	says    string // in the table of steps
	history bool   // it differs only where questions have a history
	set     func(*evals.RunOptions)
}

// full is the product as it is.
const full = "full"

// variants are the product and what is left of it without some part.
var variants = []variant{
	{name: full, says: "all of it", set: func(*evals.RunOptions) {}},
	{name: "words", says: "words alone, no vectors", set: func(o *evals.RunOptions) { o.WordsOnly = true }},
	{name: "last", says: "without the conversation: the newest message alone", history: true, set: func(o *evals.RunOptions) { o.Context = evals.ContextLast }},
	{name: "all", says: "the conversation glued on, instead of understood", history: true, set: func(o *evals.RunOptions) { o.Context = evals.ContextAll }},
}

// of gives the variants that tell something about a set.
func (p plan) variants(s evals.Set) []variant {
	history := false
	for _, q := range s.Queries {
		history = history || len(q.History) > 0
	}
	var out []variant
	for _, v := range variants {
		if v.name == full || p.ablate && (history || !v.history) {
			out = append(out, v)
		}
	}
	return out
}
