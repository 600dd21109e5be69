package evals

import (
	"cmp"
	"math"
	"slices"
)

// BalancedThreshold gives the one threshold at which accuracy in scope and the
// share of other questions that is turned away come nearest to both goals: the
// smaller of the two margins is as large as it can be. It is chosen on these
// questions; give it to ScoreOptions for others. NaN without both kinds.
func BalancedThreshold(queries []Query, run []Outcome, inScope, outOfScope float64) (float64, error) {
	rows, err := match(queries, run, ScoreOptions{})
	if err != nil {
		return 0, err
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.o.Confidence, b.o.Confidence) })
	var in, out, right, away float64
	for _, r := range rows {
		switch {
		case !r.answerable():
			out++
		default:
			in++
			right += yes(r.right())
		}
	}
	if in == 0 || out == 0 {
		return math.NaN(), nil
	}
	best, threshold := math.Inf(-1), 0.0
	for i := 0; i < len(rows); {
		at := rows[i].o.Confidence
		if margin := min(right/in-inScope, away/out-outOfScope); margin > best {
			best, threshold = margin, at
		}
		for ; i < len(rows) && rows[i].o.Confidence == at; i++ {
			if rows[i].answerable() {
				right -= yes(rows[i].right())
			} else {
				away++
			}
		}
	}
	return threshold, nil
}
