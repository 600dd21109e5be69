package evals

import (
	"math"
	"slices"

	"frontdesk/bot"
)

// sample is one judged search: what the judge sees, and whether it was right.
type sample struct {
	evidence bot.Evidence
	right    bool
	weight   float64
	offset   float64 // what is taken as given of its logarithmic odds; 0 takes nothing
}

// ridge is the strength of the penalty on weights, in units of one sample of
// mean weight: weak enough for some hundred samples, strong enough that two
// features that say the same share their weight.
const ridge = 10

// regress fits a logistic regression by Newton's method, on standardised
// features, and gives it in terms of the plain ones. The same samples always
// give the same model.
func regress(samples []sample, features []string) bot.Model {
	return regressScaled(samples, features, 0)
}

// regressScaled is regress with features that vary by less than least taken
// as varying by that: the penalty then keeps the weights of those small of
// which the samples show hardly anything.
func regressScaled(samples []sample, features []string, least float64) bot.Model {
	n, k := len(samples), len(features)
	if n == 0 {
		return bot.Model{}
	}
	mean, scale := make([]float64, k), make([]float64, k)
	total := 0.0
	for _, s := range samples {
		total += s.weight
		for j, f := range features {
			mean[j] += s.weight * s.evidence[f]
		}
	}
	for j := range mean {
		mean[j] /= total
	}
	for _, s := range samples {
		for j, f := range features {
			d := s.evidence[f] - mean[j]
			scale[j] += s.weight * d * d / total
		}
	}
	for j := range scale {
		scale[j] = max(math.Sqrt(scale[j])+1e-9, least)
	}
	rows := make([][]float64, n)
	for i, s := range samples {
		rows[i] = make([]float64, k+1)
		rows[i][k] = 1 // bias
		for j, f := range features {
			rows[i][j] = (s.evidence[f] - mean[j]) / scale[j]
		}
	}
	w := newton(rows, samples, total/float64(n))
	m := bot.Model{Bias: w[k], Weights: map[string]float64{}}
	for j, f := range features {
		m.Weights[f] = w[j] / scale[j]
		m.Bias -= w[j] * mean[j] / scale[j]
	}
	return m
}

// newton minimises the penalised log loss. unit is the mean weight.
func newton(rows [][]float64, samples []sample, unit float64) []float64 {
	k := len(rows[0])
	w := make([]float64, k)
	for range 100 { // some ten are enough, but where the offsets are far off
		gradient := make([]float64, k)
		hessian := make([][]float64, k)
		for j := range hessian {
			hessian[j] = make([]float64, k)
			if j < k-1 { // the bias is free
				hessian[j][j] = ridge * unit
				gradient[j] = ridge * unit * w[j]
			}
		}
		for i, row := range rows {
			z := samples[i].offset
			for j, x := range row {
				z += w[j] * x
			}
			p := 1 / (1 + math.Exp(-z))
			y := 0.0
			if samples[i].right {
				y = 1
			}
			g, h := samples[i].weight*(p-y), samples[i].weight*max(p*(1-p), 1e-9)
			for a := range row {
				gradient[a] += g * row[a]
				for b := range row {
					hessian[a][b] += h * row[a] * row[b]
				}
			}
		}
		step := solve(hessian, gradient)
		size := 0.0
		for _, s := range step {
			size += math.Abs(s)
		}
		if size < 1e-9 || !descend(w, step, rows, samples, unit) {
			break
		}
	}
	return w
}

// descend takes the step, or as large a part of it as lowers the loss: far
// from the minimum a whole one goes beyond. It reports false if no part does.
func descend(w, step []float64, rows [][]float64, samples []sample, unit float64) bool {
	before := loss(w, rows, samples, unit)
	next := make([]float64, len(w))
	for part := 1.0; part > 1e-18; part /= 2 {
		for j := range w {
			next[j] = w[j] - part*step[j]
		}
		if loss(next, rows, samples, unit) <= before {
			copy(w, next)
			return true
		}
	}
	return false
}

// loss is the penalised log loss.
func loss(w []float64, rows [][]float64, samples []sample, unit float64) float64 {
	sum := 0.0
	for _, x := range w[:len(w)-1] { // the bias is free
		sum += ridge * unit * x * x / 2
	}
	for i, row := range rows {
		z := samples[i].offset
		for j, x := range row {
			z += w[j] * x
		}
		if samples[i].right {
			z = -z
		}
		// log(1+e^z), without overflow
		sum += samples[i].weight * (max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))))
	}
	return sum
}

// solve solves a x = b by elimination with pivots. It changes its arguments.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[pivot][c]) {
				pivot = r
			}
		}
		a[c], a[pivot] = a[pivot], a[c]
		b[c], b[pivot] = b[pivot], b[c]
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for j := c; j < n; j++ {
				a[r][j] -= f * a[c][j]
			}
			b[r] -= f * b[c]
		}
	}
	for r := n - 1; r >= 0; r-- {
		for j := r + 1; j < n; j++ {
			b[r] -= a[r][j] * b[j]
		}
		b[r] /= a[r][r]
	}
	return b
}

// setPrior moves m's bias until its mean probability over samples is the
// share of them that are right: what it was fitted on holds more wrong ones
// than life does.
func setPrior(m bot.Model, samples []sample) bot.Model {
	var want, total float64
	for _, s := range samples {
		total += s.weight
		if s.right {
			want += s.weight
		}
	}
	low, high := m.Bias-20, m.Bias+20
	for range 60 {
		m.Bias = (low + high) / 2
		got := 0.0
		for _, s := range samples {
			got += s.weight * m.Probability(s.evidence)
		}
		if got < want {
			low = m.Bias
		} else {
			high = m.Bias
		}
	}
	return m
}

// answerable is a question that may be answered out of the first article, or
// else out of the first two. Its weight makes each set count alike: a new
// installation is another help centre, not another question of a large one.
type answerable struct {
	best, pair scored
	weight     float64
}

// riskCurve gives, for thresholds in steps, how wrong and how many the
// answers at or above them were; the error of a threshold is never below that
// of a higher one, and there is no point for fewer than leastAnswers answers.
func riskCurve(list []answerable) []bot.RiskPoint {
	const (
		step         = .02
		leastAnswers = 20
	)
	var out []bot.RiskPoint
	worst := 0.0
	for t := 1 - step; t > 0; t -= step {
		answers := 0
		var all, answered, wrong float64
		for _, a := range list {
			all += a.weight
			s := a.best
			if s.confidence < t {
				s = a.pair
			}
			if s.confidence >= t {
				answers++
				answered += a.weight
				if !s.yes {
					wrong += a.weight
				}
			}
		}
		if answers < leastAnswers {
			continue
		}
		worst = max(worst, wrong/answered)
		out = append(out, bot.RiskPoint{Threshold: round(t), Error: round(worst), Coverage: round(answered / all)})
	}
	slices.Reverse(out)
	return out
}

// round keeps four decimals, so that a fitted file is short and the same on
// every machine.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func roundModel(m bot.Model) bot.Model {
	m.Bias = round(m.Bias)
	for f, w := range m.Weights {
		m.Weights[f] = round(w)
	}
	return m
}
