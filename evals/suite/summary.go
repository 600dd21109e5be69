package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"frontdesk/evals"
)

// summary is everything that the report tells.
type summary struct {
	results []result
	reports map[string]evals.Report // of the product
	cases   map[string][]evals.Case
	floors  map[string]evals.Report
	against map[string]evals.Comparison            // BM25 to the product
	before  map[string]evals.Comparison            // the run before to this one
	steps   map[string]map[string]evals.Comparison // the product to each variant
}

func summarise(results []result) (*summary, error) {
	s := &summary{
		results: results, reports: map[string]evals.Report{}, cases: map[string][]evals.Case{}, floors: map[string]evals.Report{},
		against: map[string]evals.Comparison{}, before: map[string]evals.Comparison{}, steps: map[string]map[string]evals.Comparison{},
	}
	for _, r := range results {
		if err := s.add(r); err != nil {
			return nil, fmt.Errorf("%s: %w", r.plan.name, err)
		}
	}
	return s, nil
}

func (s *summary) add(r result) (err error) {
	name, run := r.plan.name, r.runs[full]
	if s.reports[name], err = evals.Score(r.queries, run, evals.ScoreOptions{}); err != nil {
		return err
	}
	if s.cases[name], err = evals.Cases(r.queries, run, evals.ScoreOptions{}); err != nil {
		return err
	}
	if s.floors[name], err = evals.Score(r.queries, r.floor, evals.ScoreOptions{}); err != nil {
		return err
	}
	if s.against[name], err = evals.Compare(r.queries, r.floor, run, evals.ScoreOptions{}); err != nil {
		return err
	}
	if r.before != nil {
		if s.before[name], err = evals.Compare(r.queries, r.before, run, evals.ScoreOptions{}); err != nil {
			return err
		}
	}
	s.steps[name] = map[string]evals.Comparison{}
	for v, other := range r.runs {
		if v == full {
			continue
		}
		if s.steps[name][v], err = evals.Compare(r.queries, run, other, evals.ScoreOptions{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *summary) report(name string) evals.Report { return s.reports[name] }

func (s *summary) find(name string) *result {
	for i := range s.results {
		if s.results[i].plan.name == name {
			return &s.results[i]
		}
	}
	return nil
}

// made says what made the runs: that of the first set.
func (s *summary) made() *evals.Made {
	for _, r := range s.results {
		if run := r.runs[full]; len(run) > 0 && run[0].Made != nil {
			return run[0].Made
		}
	}
	return nil
}

// unsupported counts what answers say that no cited article holds.
func (s *summary) unsupported() (figure, bool) {
	f := figure{Count: true}
	for _, r := range s.results {
		for _, o := range r.runs[full] {
			f.Value += float64(len(o.Unsupported))
			f.N += o.Values
		}
	}
	return f, f.N > 0
}

// faults counts what went wrong with a set's questions.
func (s *summary) faults(name, label string) map[evals.Fault]int {
	out := map[evals.Fault]int{}
	for _, c := range s.cases[name] {
		if c.Fault != "" && (label == "" || c.Label == label) {
			out[c.Fault]++
		}
	}
	return out
}

// totals is what a machine reads: figures and counts.
type totals struct {
	Made  *evals.Made          `json:"made"`
	Goals []goalTotals         `json:"goals"`
	Sets  map[string]setTotals `json:"sets"`
}

type goalTotals struct {
	Set     string  `json:"set"`
	What    string  `json:"what"`
	Goal    string  `json:"goal"`
	Figure  *figure `json:"measured"` // null: not measured
	Met     bool    `json:"met"`
	Against *change `json:"against_bm25,omitempty"`
}

// change is a paired difference with its interval.
type change struct {
	Diff float64 `json:"diff"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

type setTotals struct {
	Questions int                      `json:"questions"`
	Metrics   []evals.Metric           `json:"metrics"`
	Labels    []evals.LabelReport      `json:"labels"`
	BM25      map[string]float64       `json:"bm25"`
	Faults    map[evals.Fault]int      `json:"faults,omitempty"`
	Before    []evals.McNemar          `json:"against_the_run_before,omitempty"`
	Without   map[string]evals.McNemar `json:"hit@1_without,omitempty"` // the product against less of it
}

func (s *summary) totals() totals {
	t := totals{Made: s.made(), Sets: map[string]setTotals{}}
	for _, g := range goals {
		line := goalTotals{Set: g.set, What: g.what, Goal: g.want.String()}
		if f, ok := g.of(s); ok {
			line.Figure, line.Met = &f, g.want.met(f.Value)
		}
		if d, ok := s.against[g.set].Metric(g.metric); ok {
			line.Against = &change{d.Diff, d.Low, d.High}
		}
		t.Goals = append(t.Goals, line)
	}
	for _, r := range s.results {
		name := r.plan.name
		set := setTotals{
			Questions: len(r.queries), Metrics: s.reports[name].Metrics, Labels: s.reports[name].Labels, BM25: map[string]float64{},
			Faults: s.faults(name, ""), Before: s.before[name].Tests, Without: map[string]evals.McNemar{},
		}
		for _, m := range s.floors[name].Metrics {
			if m.Name == "Hit@1" || m.Name == "R@5" || m.Name == "MRR@10" || m.Name == "AUROC" {
				set.BM25[m.Name] = m.Value
			}
		}
		for v, c := range s.steps[name] {
			set.Without[v], _ = c.Test("Hit@1")
		}
		t.Sets[name] = set
	}
	return t
}

// write writes the report into a folder.
func (s *summary) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	text, err := json.MarshalIndent(s.totals(), "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "totals.json"), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	var page strings.Builder
	s.page(&page)
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(page.String()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
