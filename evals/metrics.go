package evals

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// recallAt is the share of relevant among the first k ranked.
func recallAt(ranked, relevant []string, k int) float64 {
	hits := 0
	for _, id := range firstOf(ranked, k) {
		if slices.Contains(relevant, id) {
			hits++
		}
	}
	return float64(hits) / float64(len(relevant))
}

// hitAt is 1 if any of the first k ranked is relevant.
func hitAt(ranked, relevant []string, k int) float64 {
	if reciprocalRank(ranked, relevant, k) > 0 {
		return 1
	}
	return 0
}

// reciprocalRank is 1 through the rank of the first relevant one, 0 if there
// is none among the first k.
func reciprocalRank(ranked, relevant []string, k int) float64 {
	for i, id := range firstOf(ranked, k) {
		if slices.Contains(relevant, id) {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// ndcg is the discounted gain of the first k, as a share of the best possible.
func ndcg(ranked, relevant []string, k int) float64 {
	var got, best float64
	for i, id := range firstOf(ranked, k) {
		if slices.Contains(relevant, id) {
			got += 1 / math.Log2(float64(i+2))
		}
	}
	for i := range min(k, len(relevant)) {
		best += 1 / math.Log2(float64(i+2))
	}
	return got / best
}

func firstOf(list []string, k int) []string { return list[:min(k, len(list))] }

// scored is a confidence and whether the thing it stands for was so.
type scored struct {
	confidence float64
	yes        bool
}

// auroc is the probability that a yes has a higher confidence than a no, ties
// half. It is NaN without both.
func auroc(list []scored) float64 {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b scored) int { return cmp.Compare(a.confidence, b.confidence) })
	var ranks, pos float64
	for i := 0; i < len(sorted); {
		j := i
		yes := 0.0
		for ; j < len(sorted) && sorted[j].confidence == sorted[i].confidence; j++ {
			if sorted[j].yes {
				yes++
			}
		}
		ranks += yes * float64(i+1+j) / 2
		pos += yes
		i = j
	}
	neg := float64(len(list)) - pos
	return (ranks - pos*(pos+1)/2) / (pos * neg)
}

// byConfidence gives list with the most confident first; equal ones keep their order.
func byConfidence(list []scored) []scored {
	return slices.SortedStableFunc(slices.Values(list), func(a, b scored) int { return cmp.Compare(b.confidence, a.confidence) })
}

// coverageAt is the largest share of questions that can be answered, most
// confident first, with at least that precision.
func coverageAt(list []scored, precision float64) float64 {
	best, right := 0.0, 0
	for i, s := range byConfidence(list) {
		if s.yes {
			right++
		}
		if float64(right)/float64(i+1) >= precision {
			best = float64(i+1) / float64(len(list))
		}
	}
	return best
}

// aurc is the mean share of wrong answers over all coverages.
func aurc(list []scored) float64 {
	risk, right := 0.0, 0
	for i, s := range byConfidence(list) {
		if s.yes {
			right++
		}
		risk += 1 - float64(right)/float64(i+1)
	}
	return risk / float64(len(list))
}

// brier is the mean squared distance of confidence and truth.
func brier(list []scored) float64 {
	sum := 0.0
	for _, s := range list {
		truth := 0.0
		if s.yes {
			truth = 1
		}
		sum += (s.confidence - truth) * (s.confidence - truth)
	}
	return sum / float64(len(list))
}

// calibrationBins is how many bins of equal size calibrationError compares.
const calibrationBins = 15

// calibrationError is the expected calibration error over bins of equal mass.
func calibrationError(list []scored) float64 {
	sorted := byConfidence(list)
	sum := 0.0
	for b := range calibrationBins {
		bin := sorted[b*len(sorted)/calibrationBins : (b+1)*len(sorted)/calibrationBins]
		var said, was float64
		for _, s := range bin {
			said += s.confidence
			if s.yes {
				was++
			}
		}
		sum += math.Abs(said - was)
	}
	return sum / float64(len(sorted))
}

// f1 is the harmonic mean of precision and recall of the yes class, given
// what was said and what was so.
func f1(said, was []bool) float64 {
	var tp, fp, fn float64
	for i := range said {
		switch {
		case said[i] && was[i]:
			tp++
		case said[i]:
			fp++
		case was[i]:
			fn++
		}
	}
	if tp == 0 {
		return 0
	}
	return 2 * tp / (2*tp + fp + fn)
}

// bestF1 is the highest F1 that any threshold gives for one class, and that
// threshold: what lies below is left unanswered, and yes means that it should
// not be. The class is that of the answers, or that of the unanswered. Chosen
// on the data it is measured on, it is what a threshold can reach at best.
func bestF1(list []scored, answers bool) (best, threshold float64) {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b scored) int { return cmp.Compare(a.confidence, b.confidence) })
	var tp, fp, fn float64 // of the answers, while all are answered
	for _, s := range sorted {
		if s.yes {
			tp++
		} else {
			fp++
		}
	}
	if !answers { // while nothing is left unanswered
		tp, fp, fn = 0, 0, fp
	}
	look := func(t float64) {
		if f := 2 * tp / (2*tp + fp + fn); tp > 0 && f > best {
			best, threshold = f, t
		}
	}
	look(math.Inf(-1))
	for i := 0; i < len(sorted); {
		at := sorted[i].confidence
		for ; i < len(sorted) && sorted[i].confidence == at; i++ {
			switch yes := sorted[i].yes; {
			case answers && yes:
				tp, fn = tp-1, fn+1
			case answers:
				fp--
			case yes:
				fp++
			default:
				tp, fn = tp+1, fn-1
			}
		}
		t := math.Inf(1)
		if i < len(sorted) {
			t = sorted[i].confidence
		}
		look(t)
	}
	return best, threshold
}

// Resamples of the bootstrap: 1,000 give an end of an interval to about a
// hundredth. Large sets have narrow intervals and need fewer.
const (
	resamples      = 1000
	resamplesLarge = 200
	largeSet       = 1000
)

// interval gives the 2.5 and 97.5 percentiles of a metric over resamples of n
// items, drawn with replacement. The same n always gives the same resamples.
func interval(n int, metric func(pick []int) float64) (low, high float64) {
	resamples := resamples
	if n > largeSet {
		resamples = resamplesLarge
	}
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	pick := make([]int, n)
	var values []float64
	for range resamples {
		for i := range pick {
			pick[i] = rng.IntN(n)
		}
		if v := metric(pick); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return math.NaN(), math.NaN()
	}
	slices.Sort(values)
	at := func(q float64) float64 { return values[int(q*float64(len(values)-1)+.5)] }
	return at(.025), at(.975)
}
