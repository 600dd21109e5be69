package evals

import (
	"math"
)

// Comparison is what changed from one run to another of the same questions.
type Comparison struct {
	Queries int          `json:"queries"`
	Tests   []McNemar    `json:"tests"`
	Metrics []Difference `json:"metrics"`
}

// McNemar tests whether one of two runs gets more questions right: only those
// that one of them gets right and the other not can tell.
type McNemar struct {
	Name  string  `json:"name"` // Hit@1 or joint
	N     int     `json:"n"`
	OnlyA int     `json:"only_a"`
	OnlyB int     `json:"only_b"`
	P     float64 `json:"p"` // two-sided: of a difference like this, or larger, by chance
}

// Difference is B less A in a metric, with the bootstrap 95 % interval over
// resamples of questions, the same for both runs. An interval without 0 is a
// difference. N is the number of questions that the metric applies to in B.
type Difference struct {
	Name string  `json:"name"`
	A    float64 `json:"a"`
	B    float64 `json:"b"`
	Diff float64 `json:"diff"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// Metric gives the difference in a metric; false if the runs have none of it.
func (c Comparison) Metric(name string) (Difference, bool) {
	for _, d := range c.Metrics {
		if d.Name == name {
			return d, true
		}
	}
	return Difference{}, false
}

// Test gives a test by its name; false if there is none.
func (c Comparison) Test(name string) (McNemar, bool) {
	for _, t := range c.Tests {
		if t.Name == name {
			return t, true
		}
	}
	return McNemar{}, false
}

// Compare says what changed from run a to run b. Both are of all queries.
func Compare(queries []Query, a, b []Outcome, opts ScoreOptions) (Comparison, error) {
	before, err := match(queries, a, opts)
	if err != nil {
		return Comparison{}, err
	}
	after, err := match(queries, b, opts)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Queries: len(queries)}
	c.Tests = append(c.Tests,
		mcnemar("Hit@1", before, after, row.answerable, row.right),
		mcnemar("joint", before, after, func(row) bool { return true }, row.joint))
	for _, m := range opts.metrics() {
		if d, ok := m.difference(before, after); ok {
			c.Metrics = append(c.Metrics, d)
		}
	}
	return c, nil
}

func mcnemar(name string, a, b []row, applies, good func(row) bool) McNemar {
	m := McNemar{Name: name}
	for i := range a {
		if !applies(a[i]) {
			continue
		}
		m.N++
		switch inA, inB := good(a[i]), good(b[i]); {
		case inA && !inB:
			m.OnlyA++
		case inB && !inA:
			m.OnlyB++
		}
	}
	m.P = signTest(m.OnlyA, m.OnlyB)
	return m
}

// signTest is the exact two-sided probability that a fair coin parts a+b
// throws at least as unevenly as a to b. It needs no approximation at any size.
func signTest(a, b int) float64 {
	n := float64(a + b)
	choose := func(k float64) float64 {
		all, _ := math.Lgamma(n + 1)
		in, _ := math.Lgamma(k + 1)
		out, _ := math.Lgamma(n - k + 1)
		return all - in - out
	}
	p := 0.0
	for k := range min(a, b) + 1 {
		p += math.Exp(choose(float64(k)) - n*math.Ln2)
	}
	return min(1, 2*p)
}

// difference compares a metric in two runs of the same questions. Of each
// resample only the rows count that the metric applies to, in each run.
func (m metric) difference(a, b []row) (Difference, bool) {
	value := func(rows []row) float64 {
		if rows = m.over(rows); len(rows) < m.least {
			return math.NaN()
		}
		return m.of(rows)
	}
	d := Difference{Name: m.name, A: value(a), B: value(b), N: len(m.over(b))}
	d.Diff = d.B - d.A
	if math.IsNaN(d.Diff) {
		return d, false
	}
	intoA, intoB := make([]row, len(a)), make([]row, len(b))
	d.Low, d.High = interval(len(a), func(pick []int) float64 {
		return value(picked(b, pick, intoB)) - value(picked(a, pick, intoA))
	})
	return d, true
}
