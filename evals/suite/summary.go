package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"frontdesk/evals"
)

// summary is everything that the report tells.
type summary struct {
	results []result
	parts   map[string]part // by set
}

// part is what was measured on a set.
type part struct {
	report  evals.Report // of the product
	cases   []evals.Case
	against evals.Comparison            // BM25 to the product
	before  *evals.Comparison           // the run before to this one; nil: there is none
	steps   map[string]evals.Comparison // the product to each variant
}

// compared are the metrics that runs are compared in: all would take minutes.
var compared = evals.ScoreOptions{Metrics: []string{"Hit@1", "R@1", "R@5", "MRR@10", "joint"}}

// summarise works out all figures, as many sets at a time as there are processors.
func summarise(results []result) (*summary, error) {
	parts := make([]part, len(results))
	errs := make([]error, len(results))
	var wait sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, r := range results {
		wait.Go(func() {
			turn <- struct{}{}
			parts[i], errs[i] = measure(r)
			<-turn
		})
	}
	wait.Wait()
	s := &summary{results: results, parts: map[string]part{}}
	for i, r := range results {
		s.parts[r.plan.name] = parts[i]
	}
	return s, errors.Join(errs...)
}

func measure(r result) (p part, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", r.plan.name, err)
		}
	}()
	run := r.runs[full]
	if p.report, err = evals.Score(r.queries, run, evals.ScoreOptions{}); err != nil {
		return p, err
	}
	if p.cases, err = evals.Cases(r.queries, run, evals.ScoreOptions{}); err != nil {
		return p, err
	}
	if p.against, err = evals.Compare(r.queries, r.floor, run, compared); err != nil {
		return p, err
	}
	if r.before != nil {
		var before evals.Comparison
		if before, err = evals.Compare(r.queries, r.before, run, compared); err != nil {
			return p, err
		}
		p.before = &before
	}
	p.steps = map[string]evals.Comparison{}
	for v, other := range r.runs {
		if v == full {
			continue
		}
		if p.steps[v], err = evals.Compare(r.queries, run, other, compared); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (s *summary) report(name string) evals.Report { return s.parts[name].report }

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
	for _, c := range s.parts[name].cases {
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
		if d, ok := s.parts[g.set].against.Metric(g.metric); ok {
			line.Against = &change{d.Diff, d.Low, d.High}
		}
		t.Goals = append(t.Goals, line)
	}
	for _, r := range s.results {
		name := r.plan.name
		p := s.parts[name]
		set := setTotals{
			Questions: len(r.queries), Metrics: p.report.Metrics, Labels: p.report.Labels, BM25: map[string]float64{},
			Faults: s.faults(name, ""), Without: map[string]evals.McNemar{},
		}
		if p.before != nil {
			set.Before = p.before.Tests
		}
		for _, d := range p.against.Metrics {
			set.BM25[d.Name] = d.A
		}
		for v, c := range p.steps {
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
