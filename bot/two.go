package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// joint is where one sentence goes on to a second question: "how do I reset it
// and what does delivery cost".
var joint = regexp.MustCompile(`(?i)(?:[,;:]\s*|\s+)(?:and|also|plus)(?:\s+also)?\s+(?:how|what|what's|whats|when|where|why|who|which|can|could|do|does|is|are|will|would|may|must|should)\b`)

// twoQuestions gives the two questions that a message asks, nil if it asks one
// or more than two.
func twoQuestions(message string) []string {
	var out []string
	for _, s := range clauses(message) {
		start := 0
		for _, at := range joint.FindAllStringIndex(s, -1) {
			out = append(out, s[start:at[0]])
			start = at[0]
		}
		out = append(out, s[start:])
	}
	for i := range out {
		out[i] = strings.TrimLeft(out[i], " ,;:")
	}
	// What does not ask belongs to the question behind it.
	for i := 0; i+1 < len(out); {
		if !looksLikeQuestion(out[i]) || len(contentWords(out[i])) == 0 {
			out[i+1] = out[i] + " " + out[i+1]
			out = slices.Delete(out, i, i+1)
			continue
		}
		i++
	}
	if len(out) != 2 || !looksLikeQuestion(out[1]) || len(contentWords(out[1])) == 0 {
		return nil
	}
	return out
}

// apart looks at the two questions of a turn one by one. Where each alone has
// an answer that is sure enough, both are given, with a citation each;
// otherwise f stays as it is.
func (e *Engine) apart(ctx context.Context, f findings) (findings, error) {
	questions := twoQuestions(f.u.question)
	if questions == nil || f.choice != "" || f.u.followUp {
		return f, nil
	}
	var halves [2]findings
	for i, q := range questions {
		u := f.u
		u.question, u.query = q, q
		if i > 0 && dependent(strings.TrimPrefix(strings.ToLower(q), "and ")) {
			u.query = questions[0] + "\n" + q
		}
		half := findings{turn: f.turn, u: u}
		if err := e.find(ctx, &half, u.query); err != nil {
			return f, err
		}
		if !half.sure(e.threshold) {
			return f, nil
		}
		halves[i] = half
	}
	if a, b := halves[0].passage.hit.Document, halves[1].passage.hit.Document; a.ID == b.ID && a.Version != b.Version {
		return f, nil // it was changed between the searches: the parts of one are not those of the other
	}
	return f.joined(halves[0], halves[1]), nil
}

// sure reports whether a question alone would be answered.
func (f findings) sure(threshold float64) bool {
	return f.judged.best >= threshold && f.passage.lead >= 0 && !f.internal &&
		missingName(f.u.question, f.result.Articles) == "" && !f.passage.valueMissing(f.u.question, f.quoted)
}

// joined is f with the answers to its two questions, the articles of both in front.
func (f findings) joined(a, b findings) findings {
	f.passage, f.judged.best = a.passage, min(a.judged.best, b.judged.best)
	f.judged.among = max(f.judged.among, f.judged.best)
	f.apart = true
	if a.passage.hit.Document.ID == b.passage.hit.Document.ID {
		picked := slices.Clone(a.quoted.picked)
		if !slices.Contains(picked, b.passage.lead) {
			for _, i := range b.quoted.picked {
				if !slices.Contains(picked, i) {
					picked = append(picked, i)
				}
			}
		}
		f.quoted = a.passage.say(1, picked)
		f.quoted.core = append(slices.Clone(a.quoted.core), b.quoted.core...)
	} else {
		second := b.passage.say(2, b.quoted.picked)
		second.core = b.quoted.core
		f.quoted = a.quoted.and(second)
		f.second = &b.passage
		f.toFront(b)
	}
	f.toFront(a)
	return f
}

// toFront puts what another search found first at the head of f's articles.
func (f *findings) toFront(other findings) {
	articles, candidates := f.result.Articles, f.candidates
	f.result.Articles, f.candidates = other.result.Articles[:1:1], other.candidates[:1:1]
	for i, a := range articles {
		if a.Document.ID != other.passage.hit.Document.ID {
			f.result.Articles, f.candidates = append(f.result.Articles, a), append(f.candidates, candidates[i])
		}
	}
}
