package evals

import (
	"fmt"
	"math"
	"testing"
)

// near compares with a figure worked out by hand.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestRetrievalMetrics(t *testing.T) {
	t.Parallel()
	ranked := []string{"a", "b", "c", "d", "e", "f"}
	for _, c := range []struct {
		relevant             []string
		r1, r5, hit5, mrr5   float64
		mrr10, ndcg10, recip float64
	}{
		// Found first.
		{[]string{"a"}, 1, 1, 1, 1, 1, 1, 1},
		// Second of two found at 2, the other not at all: dcg 1/log2(3), best 1 + 1/log2(3).
		{[]string{"b", "z"}, 0, .5, 1, .5, .5, (1 / math.Log2(3)) / (1 + 1/math.Log2(3)), .5},
		// Found sixth: outside the first five.
		{[]string{"f"}, 0, 0, 0, 0, 1.0 / 6, 1 / math.Log2(7), 1.0 / 6},
		{[]string{"z"}, 0, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(fmt.Sprint(c.relevant), func(t *testing.T) {
			t.Parallel()
			near(t, "R@1", recallAt(ranked, c.relevant, 1), c.r1)
			near(t, "R@5", recallAt(ranked, c.relevant, 5), c.r5)
			near(t, "Hit@5", hitAt(ranked, c.relevant, 5), c.hit5)
			near(t, "MRR@5", reciprocalRank(ranked, c.relevant, 5), c.mrr5)
			near(t, "MRR@10", reciprocalRank(ranked, c.relevant, 10), c.mrr10)
			near(t, "nDCG@10", ndcg(ranked, c.relevant, 10), c.ndcg10)
		})
	}
	near(t, "nothing ranked", recallAt(nil, []string{"a"}, 5), 0)
}

func TestAUROC(t *testing.T) {
	t.Parallel()
	near(t, "in order", auroc([]scored{{.9, true}, {.8, true}, {.2, false}}), 1)
	near(t, "in reverse", auroc([]scored{{.1, true}, {.8, false}}), 0)
	// Pairs of yes and no: .9>.5, .9>.3, .4<.5, .4>.3: three of four.
	near(t, "mixed", auroc([]scored{{.9, true}, {.5, false}, {.4, true}, {.3, false}}), .75)
	// .5 against .5 counts half, .5 against .2 one: 1.5 of 2.
	near(t, "tie", auroc([]scored{{.5, true}, {.5, false}, {.2, false}}), .75)
	near(t, "one class", auroc([]scored{{.5, true}}), math.NaN())
}

func TestSelectiveMetrics(t *testing.T) {
	t.Parallel()
	// Most confident first: right, right, wrong, right, wrong.
	// Precision at 1..5: 1, 1, 2/3, 3/4, 3/5.
	list := []scored{{.1, false}, {.9, true}, {.5, false}, {.8, true}, {.4, true}}
	near(t, "coverage at .8", coverageAt(list, .8), .4)
	near(t, "coverage at .75", coverageAt(list, .75), .8)
	near(t, "coverage at .9", coverageAt(list, .9), .4)
	near(t, "coverage never", coverageAt([]scored{{.9, false}}, .8), 0)
	near(t, "AURC", aurc(list), (0+0+1.0/3+1.0/4+2.0/5)/5)
	near(t, "Brier", brier([]scored{{.8, true}, {.5, false}}), (.04+.25)/2)
}

func TestCalibrationError(t *testing.T) {
	t.Parallel()
	var honest, sure []scored
	for i := range 1500 {
		honest = append(honest, scored{.5, i%2 == 0})
		sure = append(sure, scored{.9, i%2 == 0})
	}
	near(t, "honest", calibrationError(honest), 0)
	near(t, "too sure", calibrationError(sure), .4)
}

func TestF1(t *testing.T) {
	t.Parallel()
	// Said yes 3 times, 2 rightly; was yes 4 times: 2*2 / (2*2 + 1 + 2).
	said := []bool{true, true, true, false, false, false}
	was := []bool{true, true, false, true, true, false}
	near(t, "F1", f1(said, was), 4.0/7)
	near(t, "never yes", f1([]bool{false}, []bool{true}), 0)
}

func TestBestF1(t *testing.T) {
	t.Parallel()
	list := []scored{{.2, false}, {.4, true}, {.6, false}, {.8, true}}
	for _, c := range []struct {
		name         string
		list         []scored
		answers      bool
		f, threshold float64
	}{
		// Left unanswered below .4: one of two, none in vain: 2/(2+0+1). Below .8:
		// both, and one in vain: 4/(4+1+0).
		{"unanswered", list, false, 4.0 / 5, .8},
		// Answered from .4 on: both, and one in vain; from -inf on: 4/(4+2).
		{"answers", list, true, 4.0 / 5, .4},
		{"all answered", []scored{{.3, true}, {.5, true}}, true, 1, math.Inf(-1)},
		{"none answered", []scored{{.3, false}, {.5, false}}, false, 1, math.Inf(1)},
		{"equal ones move together", []scored{{.5, true}, {.5, false}}, false, 2.0 / 3, math.Inf(1)},
		{"no such class", []scored{{.5, true}}, false, 0, 0},
	} {
		f, at := bestF1(c.list, c.answers)
		near(t, c.name, f, c.f)
		if at != c.threshold {
			t.Errorf("%s: threshold %v, want %v", c.name, at, c.threshold)
		}
	}
}

func TestInterval(t *testing.T) {
	t.Parallel()
	// The mean of 100 draws of a fair coin: .5 +- 1.96*.05.
	coin := func(pick []int) float64 {
		heads := 0.0
		for _, p := range pick {
			heads += float64(p % 2)
		}
		return heads / float64(len(pick))
	}
	low, high := interval(100, coin)
	if math.Abs(low-.402) > .03 || math.Abs(high-.598) > .03 {
		t.Errorf("got %.3f to %.3f", low, high)
	}
	again, _ := interval(100, coin)
	near(t, "the same again", again, low)
}
