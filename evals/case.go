package evals

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"frontdesk/chat"
)

// Case is a question with what was made of it, for reports.
type Case struct {
	Query
	Outcome    Outcome
	Answered   bool // with articles, or by reaching the threshold of the options
	Answerable bool
	Right      bool // answering with the first article would be right
	Joint      bool // it was dealt with well
	Rank       int  // of the first relevant article, from 1; 0: not among those found
	Fault      Fault
}

// Fault says what went wrong with a question.
type Fault string

// The faults. What is not wrong has none.
const (
	FaultAnswered Fault = "answered where no article holds an answer"
	FaultArticle  Fault = "answered from another article"
	FaultRule     Fault = "a rule kept it from an answer"
	FaultCareful  Fault = "not answered, with the right article first"
	FaultRanked   Fault = "not answered, with the right article further down"
	FaultMissed   Fault = "not answered, the right article was not found"
)

// Cases gives every question with its outcome, in the order of the questions.
func Cases(queries []Query, run []Outcome, opts ScoreOptions) ([]Case, error) {
	rows, err := match(queries, run, opts)
	if err != nil {
		return nil, err
	}
	out := make([]Case, len(rows))
	for i, r := range rows {
		c := Case{Query: r.q, Outcome: r.o, Answered: r.answered, Answerable: r.answerable(), Right: r.right(), Joint: r.joint()}
		c.Rank = 1 + slices.IndexFunc(r.o.Ranked, func(id string) bool { return slices.Contains(r.q.Relevant, id) })
		c.Fault = c.fault()
		out[i] = c
	}
	return out, nil
}

// weighed are the reasons that a probability gives; all others are rules.
var weighed = []chat.Reason{"", chat.ReasonLowConfidence, chat.ReasonNothingFound}

func (c Case) fault() Fault {
	switch {
	case c.Joint:
		return ""
	case !c.Answerable:
		return FaultAnswered
	case c.Answered:
		return FaultArticle
	case c.Rank == 0:
		return FaultMissed
	case c.Outcome.Action == chat.ActionSmallTalk || !slices.Contains(weighed, c.Outcome.Reason):
		return FaultRule
	case c.Rank == 1:
		return FaultCareful
	}
	return FaultRanked
}

// Explain says in a sentence why a case is wrong; "" if it is not.
func (c Case) Explain() string {
	place := "The right article is not among those found."
	if c.Rank > 0 {
		place = fmt.Sprintf("The right article stands at %d.", c.Rank)
	}
	switch c.Fault {
	case FaultAnswered:
		return "No article answers it, and the bot was sure enough of one to answer."
	case FaultArticle:
		return "The answer cites no relevant article. " + place
	case FaultRule:
		return fmt.Sprintf("A rule decided (%s), whatever the confidence. %s", cmp.Or(string(c.Outcome.Reason), string(c.Outcome.Action)), place)
	case FaultCareful:
		return "The right article stands first, and the confidence is below the threshold."
	case FaultRanked:
		return place + " The confidence is below the threshold."
	case FaultMissed:
		return place
	}
	return ""
}

// Worst gives at most n of the cases that went wrong, the gravest first: false
// answers by how sure they were, then answers that were withheld, the better
// the place of the right article the sooner.
func Worst(cases []Case, n int) []Case {
	wrong := slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return c.Fault == "" })
	slices.SortStableFunc(wrong, func(a, b Case) int {
		switch {
		case a.Answered != b.Answered:
			return cmp.Compare(yes(b.Answered), yes(a.Answered))
		case a.Answered:
			return cmp.Compare(b.Outcome.Confidence, a.Outcome.Confidence)
		}
		return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(a.Outcome.Confidence, b.Outcome.Confidence))
	})
	return wrong[:min(len(wrong), n)]
}

// depth is how far down the right article stands; one that was not found
// stands below all.
func depth(c Case) int {
	if c.Rank == 0 {
		return math.MaxInt
	}
	return c.Rank
}
