// Package trust turns verdicts on answers into promises: the upper bound of
// an error that was measured (bound.go), the threshold that keeps a target
// error with a stated probability (learn.go), and the topics that earn the
// right to be answered without a person, and lose it again (topic.go). It
// holds the arithmetic and the rules; it knows no store, no clock and no text.
package trust

import "math"

// Upper gives the exact (Clopper-Pearson) upper bound, at a one-sided level
// such as .9, of the error of which wrong in n independent answers is a
// sample: the largest error under which so few wrong ones still have a
// probability of 1-level. 1 for n = 0 or wrong = n.
//
// Source: C. Clopper, E. Pearson, Biometrika 26 (1934), 404-413.
func Upper(wrong, n int, level float64) float64 {
	if n <= 0 || wrong >= n {
		return 1
	}
	low, high := 0.0, 1.0
	for range 60 { // halves down to the precision of a float64
		mid := (low + high) / 2
		if atMost(wrong, n, mid) > 1-level {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Least is how many answers, all of them right, it takes before the upper
// bound falls below target: 45 for 5 % at 90 %. It is never less than 45, so
// that no figure rests on a handful. target lies above 0 and below 1, level too.
func Least(target, level float64) int {
	const handful = 45
	n := int(math.Ceil(math.Log(1-level) / math.Log(1-target)))
	return max(n, handful)
}

// atMost is the probability of at most k wrong among n answers that are each
// wrong with probability p.
func atMost(k, n int, p float64) float64 {
	switch {
	case k >= n || p <= 0:
		return 1
	case p >= 1:
		return 0
	}
	// From k downwards, each term from the one before.
	term := math.Exp(logChoose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	if term == 0 && float64(k) > float64(n)*p {
		return 1 // so far above what is expected that it cannot be told from certain
	}
	sum := term
	for i := k; i > 0 && term > 0; i-- {
		term *= float64(i) / float64(n-i+1) * (1 - p) / p
		sum += term
	}
	return math.Min(sum, 1)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
