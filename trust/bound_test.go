package trust

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The one-sided bounds have closed forms at 0 wrong (1-(1-level)^(1/n)) and at
// n-1 (level^(1/n)), and the others are those of published tables.
func TestUpper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wrong, n int
		level    float64
		want     float64
	}{
		{0, 44, .9, 1 - math.Pow(.1, 1./44)},
		{0, 45, .9, 1 - math.Pow(.1, 1./45)},
		{0, 1000, .95, 1 - math.Pow(.05, 1./1000)},
		{9, 10, .9, math.Pow(.9, 1./10)},
		{1, 10, .95, .394163},  // the exact 90 % two-sided interval of 1 in 10
		{1, 10, .975, .445016}, // the exact 95 % two-sided interval of 1 in 10
		{5, 100, .975, .112835},
		{50, 100, .975, .601679},
		{0, 0, .9, 1},
		{10, 10, .9, 1},
	} {
		if got := Upper(c.wrong, c.n, c.level); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("Upper(%d, %d, %v) = %.7f, want %.7f", c.wrong, c.n, c.level, got, c.want)
		}
	}
	if a, b := Upper(0, 44, .9), Upper(0, 45, .9); a < .05 || b >= .05 {
		t.Errorf("5 %% is shown by 44 (%v) or not by 45 (%v) right answers", a, b)
	}
}

func TestUpperIsMonotonic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 3000).Draw(t, "n")
		k := rapid.IntRange(0, n-1).Draw(t, "k")
		level := rapid.SampledFrom([]float64{.8, .9, .95, .99}).Draw(t, "level")
		u := Upper(k, n, level)
		if u <= float64(k)/float64(n) || u > 1 {
			t.Fatalf("%d of %d: %v", k, n, u)
		}
		if more := Upper(k+1, n, level); more < u {
			t.Fatalf("%d of %d: %v, one more wrong: %v", k, n, u, more)
		}
		if longer := Upper(k, n+1, level); longer > u {
			t.Fatalf("%d of %d: %v, one more right: %v", k, n, u, longer)
		}
		if got := atMost(k, n, u); math.Abs(got-(1-level)) > 1e-6 {
			t.Fatalf("at its own bound, %d of %d has probability %v", k, n, got)
		}
	})
}

func TestLeast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target, level float64
		want          int
	}{{.05, .9, 45}, {.10, .9, 45}, {.02, .9, 114}, {.05, .95, 59}, {.01, .9, 230}} {
		if got := Least(c.target, c.level); got != c.want {
			t.Errorf("Least(%v, %v) = %d, want %d", c.target, c.level, got, c.want)
		}
	}
}

// sample draws answers whose chance to be right is their confidence less some
// overconfidence.
func sample(r *rand.Rand, n int, over float64) []Judged {
	out := make([]Judged, n)
	for i := range out {
		c := .5 + .5*r.Float64()
		out[i] = Judged{c, r.Float64() < c-over}
	}
	return out
}

func TestLearnRefuses(t *testing.T) {
	t.Parallel()
	right := make([]Judged, 44)
	for i := range right {
		right[i] = Judged{.95, true}
	}
	var few *TooFew
	if _, err := Learn(right, .05, .9); !errors.As(err, &few) || few.Have != 44 || few.Need != 45 {
		t.Errorf("44 right answers: %v", err)
	}
	right = append(right, Judged{.95, true})
	b, err := Learn(right, .05, .9)
	if err != nil || b.Answers != 45 || b.Wrong != 0 || b.Threshold != .95 || b.Upper >= .05 {
		t.Errorf("45 right answers: %+v, %v", b, err)
	}
	right[7].Right = false
	var not *NotHeld
	if b, err = Learn(right, .05, .9); !errors.As(err, &not) || b.Wrong != 1 || b.Answers != 45 {
		t.Errorf("one of them wrong: %+v, %v", b, err)
	}
}

// A threshold below a failed one must not be taken, though it would pass alone.
func TestLearnStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	var all []Judged
	add := func(n int, confidence float64, right bool) {
		for range n {
			all = append(all, Judged{confidence, right})
		}
	}
	add(100, .9, true)
	add(20, .8, false)
	add(2000, .7, true)
	start := at(all, .7).bounded(.9)
	if start.Upper >= .05 {
		t.Fatalf("the case is wrong: %+v", start)
	}
	// A fifth of all is at .7 only: the search begins there.
	if b, err := Learn(all, .05, .9); err != nil || b.Answers != len(all) {
		t.Errorf("from a fifth on: %+v, %v", b, err)
	}
	// Of fewer, the fifth is at .9, and .8 fails.
	if b, err := Learn(all[:300], .05, .9); err != nil || b.Answers != 100 {
		t.Errorf("past a failure: %+v, %v", b, err)
	}
}

// The promise itself: over many draws, the threshold found keeps the target in
// at least 90 % of them. The error above a threshold h of confidences that are
// uniform in .5 to 1 is 1-(h+1)/2 plus the overconfidence.
func TestLearnKeepsItsLevel(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const draws = 2000
	for _, over := range []float64{0, .03} {
		for _, n := range []int{60, 150, 400} {
			const target = .1
			broken, found := 0, 0
			for range draws {
				b, err := Learn(sample(r, n, over), target, .9)
				if err != nil {
					continue
				}
				found++
				if 1-(max(b.Threshold, .5)+1)/2+over > target {
					broken++
				}
			}
			// 10 % and three standard errors of 2,000 draws.
			if limit := .1 + 3*math.Sqrt(.1*.9/draws); float64(broken)/draws > limit {
				t.Errorf("n=%d, over=%v: %d of %d draws break the target", n, over, broken, draws)
			}
			if n == 400 && over == 0 && found < draws/3 {
				t.Errorf("n=%d: a threshold was found in only %d of %d draws", n, found, draws)
			}
			t.Logf("n=%d, overconfident by %v: found in %d, broken in %d of %d draws", n, over, found, broken, draws)
		}
	}
}
