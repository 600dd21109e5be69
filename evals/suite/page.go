package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"frontdesk/chat"
	"frontdesk/evals"
)

// page writes README.md.
func (s *summary) page(w *strings.Builder) {
	w.WriteString("# How good the answers are\n\n")
	w.WriteString("Written by `make eval`; do not edit. The sets are other people's texts and stay outside the repository (`FRONTDESK_EVAL_DATA`, else `../shared/evals`); here are figures and ids. " +
		"All is measured on the development split, with what is in the binary: no language model, no network. `totals.json` holds the same for machines.\n\n")
	if m := s.made(); m != nil {
		fmt.Fprintf(w, "Measured %s with the encoder %s and the judge `%s`, answering from a confidence of %s.\n\n", m.At.Format("2 January 2006"), m.Encoder, m.Judge, number(m.Threshold))
	}
	s.goals(w)
	s.overview(w)
	s.changes(w)
	s.ablation(w)
	s.failures(w)
	w.WriteString(`## How to read it

- An interval is a bootstrap 95 % interval over the questions (1,000 resamples; 200 above 1,000 questions). A difference is paired: the same questions, the same resamples. A * marks one whose interval leaves out 0; the others may be noise.
- BM25 is the reference of the sets (k1 .9, b .4, title and body, the customer's turns where that is better for it), computed here and equal to it. It decides nothing, so it has no figure for decisions.
- joint: answered citing a relevant article, or not answered where there is none. AURC: mean share of wrong first articles over all coverages. Calibration error: 15 bins of equal size.
- Some weights of ranking and judge were fitted on questions of these sets, with cross-validation; the held-out split decides.
- One set again: ` + "`frontdesk eval run`, `eval score`, `eval compare`, `eval report`" + `.
`)
}

func (s *summary) goals(w *strings.Builder) {
	w.WriteString("## Goals\n\n| set | measure | BM25 | untuned probe | goal | measured | 95 % interval | n | | difference to BM25 |\n|---|---|---:|---:|---:|---:|---|---:|---|---|\n")
	met, known := 0, 0
	for _, g := range goals {
		f, ok := g.of(s)
		measured, verdict, n := "not measured", "", ""
		if ok {
			known++
			measured, verdict, n = f.String(), "not met", strconv.Itoa(f.N)
			if g.want.met(f.Value) {
				verdict = "met"
				met++
			}
		}
		floor, diff := "", ""
		if d, ok := s.parts[g.set].against.Metric(g.metric); ok {
			floor, diff = number(d.A), difference(d)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | **%s** | %s | %s | %s | %s |\n", g.set, g.what, floor, g.probe, g.want, measured, f.interval(), n, verdict, diff)
	}
	fmt.Fprintf(w, "\n%d of the %d goals that were measured are met.\n\n", met, known)
}

// told are the metrics of the overview.
var told = []string{"Hit@1", "R@5", "MRR@10", "AUROC", "joint", "answered", "precision", "AURC", "Brier"}

func (s *summary) overview(w *strings.Builder) {
	fmt.Fprintf(w, "## Every set\n\n| set | questions | %s |\n|---|---:|%s\n", strings.Join(told, " | "), strings.Repeat("---:|", len(told)))
	for _, r := range s.results {
		report := s.report(r.plan.name)
		fmt.Fprintf(w, "| %s | %d |", r.plan.name, len(r.queries))
		for _, name := range told {
			cell := ""
			if m, ok := report.Metric(name); ok {
				cell = fmt.Sprintf("%s<br><sub>%s–%s</sub>", number(m.Value), number(m.Low), number(m.High))
			}
			fmt.Fprintf(w, " %s |", cell)
		}
		w.WriteString("\n")
	}
	w.WriteString("\n")
}

// changes compares with the run before, where there is one.
func (s *summary) changes(w *strings.Builder) {
	if !slices.ContainsFunc(s.results, func(r result) bool { return r.before != nil }) {
		return
	}
	w.WriteString("## Against the run before\n\n| set | hit@1 | p | joint | p |\n|---|---|---:|---|---:|\n")
	for _, r := range s.results {
		c := s.parts[r.plan.name].before
		if c == nil {
			continue
		}
		fmt.Fprintf(w, "| %s |", r.plan.name)
		for _, name := range []string{"Hit@1", "joint"} {
			d, _ := c.Metric(name)
			t, _ := c.Test(name)
			fmt.Fprintf(w, " %s | %s |", difference(d), number(t.P))
		}
		w.WriteString("\n")
	}
	w.WriteString("\np: McNemar's exact test.\n\n")
}

// ablation tells what each part gives: what is lost without it.
func (s *summary) ablation(w *strings.Builder) {
	var sets []string
	for _, r := range s.results {
		if r.plan.ablate {
			sets = append(sets, r.plan.name)
		}
	}
	for _, metric := range []string{"Hit@1", "joint"} {
		fmt.Fprintf(w, "## What each part gives: %s\n\n| | %s |\n|---|%s\n", strings.ToLower(metric), strings.Join(sets, " | "), strings.Repeat("---|", len(sets)))
		fmt.Fprintf(w, "| BM25 |%s\n", s.cells(sets, func(name string) string {
			d, _ := s.parts[name].against.Metric(metric)
			return number(d.A)
		}))
		for _, v := range variants {
			fmt.Fprintf(w, "| %s |%s\n", v.says, s.cells(sets, func(name string) string {
				if v.name == full {
					return "**" + number(s.report(name).Value(metric)) + "**"
				}
				d, ok := s.parts[name].steps[v.name].Metric(metric)
				if !ok {
					return ""
				}
				return number(d.B) + " (" + signed(d.Diff) + star(d) + ")"
			}))
		}
		w.WriteString("\n")
	}
}

func (s *summary) cells(sets []string, of func(name string) string) string {
	var b strings.Builder
	for _, name := range sets {
		fmt.Fprintf(&b, " %s |", of(name))
	}
	return b.String()
}

// faults in the order of the table, gravest first.
var faults = []evals.Fault{evals.FaultAnswered, evals.FaultArticle, evals.FaultRule, evals.FaultCareful, evals.FaultRanked, evals.FaultMissed}

// examples is how many of the worst questions of a small set are listed.
const (
	examples = 5
	smallSet = 300
)

func (s *summary) failures(w *strings.Builder) {
	w.WriteString("## What fails, and why\n\n")
	n, wrong := 0, map[evals.Fault]int{}
	for _, r := range s.results {
		n += len(r.queries)
		for f, k := range s.faults(r.plan.name, "") {
			wrong[f] += k
		}
	}
	fmt.Fprintf(w, "Of all %d questions:", n)
	for i, f := range faults {
		if i > 0 {
			w.WriteString(";")
		}
		fmt.Fprintf(w, " %d %s", wrong[f], f)
	}
	w.WriteString(". By set and label, those that were not dealt with well (they fail joint):\n\n| set | label | n | joint |")
	for _, f := range faults {
		fmt.Fprintf(w, " %s |", f)
	}
	fmt.Fprintf(w, "\n|---|---|---:|---:|%s\n", strings.Repeat("---:|", len(faults)))
	for _, r := range s.results {
		for _, l := range s.report(r.plan.name).Labels {
			count := s.faults(r.plan.name, l.Label)
			fmt.Fprintf(w, "| %s | %s | %d | %s |", r.plan.name, cmp.Or(l.Label, "-"), l.N, number(l.Joint))
			for _, f := range faults {
				cell := ""
				if count[f] > 0 {
					cell = strconv.Itoa(count[f])
				}
				fmt.Fprintf(w, " %s |", cell)
			}
			w.WriteString("\n")
		}
	}
	s.withheld(w)
	s.worst(w)
}

// withheld tells why questions that have an answer got none.
func (s *summary) withheld(w *strings.Builder) {
	counts := map[string]map[string]int{}
	all := map[string]int{}
	for _, r := range s.results {
		name := r.plan.name
		counts[name] = map[string]int{}
		for _, c := range s.parts[name].cases {
			if c.Answerable && !c.Answered {
				why := reason(c.Outcome)
				counts[name][why]++
				all[why]++
			}
		}
	}
	reasons := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b)) })
	fmt.Fprintf(w, "\nQuestions that have an answer and got none, by what was done instead.\n\n| set | %s |\n|---|%s\n", strings.Join(reasons, " | "), strings.Repeat("---:|", len(reasons)))
	for _, r := range s.results {
		fmt.Fprintf(w, "| %s |", r.plan.name)
		for _, why := range reasons {
			cell := ""
			if n := counts[r.plan.name][why]; n > 0 {
				cell = strconv.Itoa(n)
			}
			fmt.Fprintf(w, " %s |", cell)
		}
		w.WriteString("\n")
	}
}

func reason(o evals.Outcome) string {
	if o.Action != chat.ActionHandoff || o.Reason == "" {
		return string(o.Action)
	}
	return string(o.Reason)
}

// worst lists the gravest cases of each small set, by id.
func (s *summary) worst(w *strings.Builder) {
	fmt.Fprintf(w, "\nThe worst %d of each set of at most %d questions. The texts are in the sets, under these ids.\n\n| set | question | label | confidence | what happened |\n|---|---|---|---:|---|\n", examples, smallSet)
	for _, r := range s.results {
		if len(r.queries) > smallSet {
			continue
		}
		for _, c := range evals.Worst(s.parts[r.plan.name].cases, examples) {
			what := string(c.Fault)
			if c.Fault == evals.FaultRule {
				what += " (" + reason(c.Outcome) + ")"
			}
			if c.Rank > 1 {
				what += fmt.Sprintf("; the right one stands at %d", c.Rank)
			}
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", r.plan.name, c.ID, c.Label, number(c.Outcome.Confidence), what)
		}
	}
	w.WriteString("\n")
}

// number writes a share as ".845".
func number(v float64) string {
	return strings.TrimPrefix(strconv.FormatFloat(v, 'f', 3, 64), "0")
}

func signed(v float64) string {
	if v < 0 {
		return "−" + number(-v)
	}
	return "+" + number(v)
}

func star(d evals.Difference) string {
	if d.Low > 0 || d.High < 0 {
		return "\\*"
	}
	return ""
}

func difference(d evals.Difference) string {
	return fmt.Sprintf("%s%s (%s to %s)", signed(d.Diff), star(d), signed(d.Low), signed(d.High))
}
