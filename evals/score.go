package evals

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// ScoreOptions change how a run is scored.
type ScoreOptions struct {
	// Threshold, if not nil, replaces the run's own decisions: a question counts
	// as answered, with the first article, when its confidence reaches it.
	Threshold *float64
	// Metrics, if there are any, are the only ones that are worked out, by name.
	Metrics []string
}

// metrics gives those that are wanted.
func (o ScoreOptions) metrics() []metric {
	if len(o.Metrics) == 0 {
		return metrics
	}
	return slices.DeleteFunc(slices.Clone(metrics), func(m metric) bool { return !slices.Contains(o.Metrics, m.name) })
}

// Metric is a figure with its bootstrap 95 % interval over N questions.
type Metric struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
}

// Report is a scored run. Metrics that do not apply to a set are left out.
type Report struct {
	Queries   int      `json:"queries"`
	Threshold *float64 `json:"threshold,omitempty"` // of the options
	// Runs is how often each question was asked, for pass^k: the share of which
	// every run was right. 0 if it was once.
	Runs    int                `json:"runs,omitempty"`
	Metrics []Metric           `json:"metrics"`
	Labels  []LabelReport      `json:"labels"`
	Wrong   []string           `json:"wrong,omitempty"` // ids that fail joint
	Unsafe  []string           `json:"unsafe,omitempty"`
	MS      map[string]float64 `json:"ms"` // p50, p95, max of the decision
}

// LabelReport is how the questions of one label were dealt with, with
// bootstrap 95 % intervals. AUROC compares the label with all questions of the
// other kind, answerable with not; a label that mixes the kinds has none.
type LabelReport struct {
	Label     string         `json:"label"`
	N         int            `json:"n"`
	Joint     float64        `json:"joint"`
	JointLow  float64        `json:"joint_low"`
	JointHigh float64        `json:"joint_high"`
	Actions   map[string]int `json:"actions"` // by action, with its reason if it has one
	AUROC     *float64       `json:"auroc,omitempty"`
	AUROCLow  *float64       `json:"auroc_low,omitempty"`
	AUROCHigh *float64       `json:"auroc_high,omitempty"`
}

// Metric gives a metric by name; false if the set has none of it.
func (r Report) Metric(name string) (Metric, bool) {
	for _, m := range r.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// Value gives the value of a metric by name, NaN if the set has none of it.
func (r Report) Value(name string) float64 {
	if m, ok := r.Metric(name); ok {
		return m.Value
	}
	return math.NaN()
}

// row is a question with its outcome and what follows from both.
type row struct {
	q        Query
	o        Outcome
	answered bool
	cited    []string
}

func (r row) answerable() bool { return len(r.q.Relevant) > 0 }

// right reports whether answering with the first article would be right.
func (r row) right() bool {
	return len(r.o.Ranked) > 0 && slices.Contains(r.q.Relevant, r.o.Ranked[0])
}

// joint reports whether the question was dealt with well: answered out of a
// relevant article, or not answered where there is none.
func (r row) joint() bool {
	if !r.answerable() {
		return !r.answered
	}
	return r.answered && slices.ContainsFunc(r.cited, func(id string) bool { return slices.Contains(r.q.Relevant, id) })
}

// Asked is questions with the run that was made of them.
type Asked struct {
	Queries []Query
	Run     []Outcome
}

// OnlyAsked gives the queries that run has an outcome for: all but after a
// run with a limit.
func OnlyAsked(queries []Query, run []Outcome) []Query {
	asked := make(map[string]bool, len(run))
	for _, o := range run {
		asked[o.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(queries), func(q Query) bool { return !asked[q.ID] })
}

// deed is what was done, with its reason if it has one.
func (r row) deed() string {
	if r.o.Reason == "" {
		return string(r.o.Action)
	}
	return string(r.o.Action) + ":" + string(r.o.Reason)
}

// Score scores a run against its questions. A question without an outcome,
// or an outcome without a question, is an error.
func Score(queries []Query, run []Outcome, opts ScoreOptions) (Report, error) {
	return ScorePooled([]Asked{{queries, run}}, opts)
}

// ScorePooled scores several runs as if they were one: each question counts
// the same, whatever its set. Calibration takes many questions.
func ScorePooled(asked []Asked, opts ScoreOptions) (Report, error) {
	var rows []row
	for _, a := range asked {
		some, err := match(a.Queries, a.Run, opts)
		if err != nil {
			return Report{}, err
		}
		rows = append(rows, some...)
	}
	r := Report{Queries: len(rows), Threshold: opts.Threshold, MS: times(rows)}
	for _, m := range opts.metrics() {
		if found, ok := m.measure(rows); ok {
			r.Metrics = append(r.Metrics, found)
		}
	}
	r.Labels = labels(rows)
	for _, row := range rows {
		if row.repeated() {
			r.Runs = max(r.Runs, len(row.o.Again)+1)
		}
		if !row.joint() {
			r.Wrong = append(r.Wrong, row.q.ID)
		}
		if row.leaks() || row.q.Expect != "" && !row.asExpected() {
			r.Unsafe = append(r.Unsafe, row.q.ID)
		}
	}
	return r, nil
}

func match(queries []Query, run []Outcome, opts ScoreOptions) ([]row, error) {
	byID := make(map[string]Outcome, len(run))
	for _, o := range run {
		byID[o.ID] = o
	}
	if len(byID) != len(run) || len(run) != len(queries) {
		return nil, fmt.Errorf("evals: score: %d questions and %d outcomes (%d different ids). Score a run against the questions it was made with", len(queries), len(run), len(byID))
	}
	rows := make([]row, len(queries))
	for i, q := range queries {
		o, ok := byID[q.ID]
		if !ok {
			return nil, fmt.Errorf("evals: score: the run has no outcome for question %s", q.ID)
		}
		rows[i] = row{q: q, o: o, answered: o.answered(), cited: o.Cited}
		if opts.Threshold != nil {
			rows[i].answered = len(o.Ranked) > 0 && o.Confidence >= *opts.Threshold
			rows[i].cited = firstOf(o.Ranked, 1)
		}
	}
	return rows, nil
}

// labels reports by label, in order of name.
func labels(rows []row) []LabelReport {
	byLabel := map[string][]row{}
	for _, r := range rows {
		byLabel[r.q.Label] = append(byLabel[r.q.Label], r)
	}
	var out []LabelReport
	for _, label := range slices.Sorted(maps.Keys(byLabel)) {
		group := byLabel[label]
		joint, _ := metric{of: mean(truth(row.joint))}.measure(group)
		l := LabelReport{Label: label, N: len(group), Joint: joint.Value, JointLow: joint.Low, JointHigh: joint.High, Actions: map[string]int{}}
		for _, r := range group {
			l.Actions[r.deed()]++
		}
		if area, ok := labelArea(group, rows); ok {
			l.AUROC, l.AUROCLow, l.AUROCHigh = &area.Value, &area.Low, &area.High
		}
		out = append(out, l)
	}
	return out
}

// labelArea is the AUROC of a label's questions and those of the other kind.
func labelArea(group, all []row) (Metric, bool) {
	kind := group[0].answerable()
	if slices.ContainsFunc(group, func(r row) bool { return r.answerable() != kind }) {
		return Metric{}, false
	}
	against := slices.Clone(group)
	for _, r := range all {
		if r.answerable() != kind {
			against = append(against, r)
		}
	}
	return metric{of: area}.measure(against)
}

func times(rows []row) map[string]float64 {
	var ms []float64
	for _, r := range rows {
		ms = append(ms, r.o.MS)
	}
	slices.Sort(ms)
	if len(ms) == 0 {
		return nil
	}
	at := func(q float64) float64 { return ms[int(q*float64(len(ms)-1)+.5)] }
	return map[string]float64{"p50": at(.5), "p95": at(.95), "max": ms[len(ms)-1]}
}
