package evals

// CurvePoint is a point of a coverage-risk curve: answering the share Coverage
// of the questions, those with the highest confidence, Risk of them wrongly.
type CurvePoint struct {
	Coverage   float64 `json:"coverage"`
	Risk       float64 `json:"risk"`
	Confidence float64 `json:"confidence"` // the lowest that is answered
}

// RiskCurve gives the coverage-risk curve of answering with the first article,
// one point for each confidence that occurs, in rising order of coverage.
func RiskCurve(cases []Case) []CurvePoint {
	sorted := byConfidence(scoredCases(cases))
	var out []CurvePoint
	wrong := 0.0
	for i, s := range sorted {
		wrong += yes(!s.yes)
		if i+1 < len(sorted) && sorted[i+1].confidence == s.confidence {
			continue
		}
		n := float64(i + 1)
		out = append(out, CurvePoint{Coverage: n / float64(len(sorted)), Risk: wrong / n, Confidence: s.confidence})
	}
	return out
}

// Bin is a group of questions of about the same confidence.
type Bin struct {
	N    int     `json:"n"`
	Said float64 `json:"said"` // mean confidence
	Was  float64 `json:"was"`  // share whose first article is right
	Low  float64 `json:"low"`  // bootstrap 95 % interval of Was
	High float64 `json:"high"`
}

// Reliability parts the cases into at most n bins of equal size, by rising
// confidence: a judge is calibrated when what it said is what was.
func Reliability(cases []Case, n int) []Bin {
	sorted := byConfidence(scoredCases(cases))
	n = min(n, len(sorted))
	out := make([]Bin, n)
	for b := range n {
		part := sorted[b*len(sorted)/n : (b+1)*len(sorted)/n]
		bin := Bin{N: len(part)}
		for _, s := range part {
			bin.Said += s.confidence / float64(len(part))
			bin.Was += yes(s.yes) / float64(len(part))
		}
		bin.Low, bin.High = interval(len(part), func(pick []int) float64 {
			was := 0.0
			for _, p := range pick {
				was += yes(part[p].yes)
			}
			return was / float64(len(pick))
		})
		out[n-1-b] = bin
	}
	return out
}

func scoredCases(cases []Case) []scored {
	out := make([]scored, len(cases))
	for i, c := range cases {
		out[i] = scored{c.Outcome.Confidence, c.Right}
	}
	return out
}

// Range is the bootstrap 95 % interval of the risk at a coverage.
type Range struct{ Coverage, Low, High float64 }

// RiskBand gives the interval of the coverage-risk curve at n coverages, the
// last of them all questions.
func RiskBand(cases []Case, n int) []Range {
	sorted := byConfidence(scoredCases(cases))
	if len(sorted) == 0 {
		return nil
	}
	out := make([]Range, n)
	drawn := make([]int, len(sorted))
	for i := range out {
		r := Range{Coverage: float64(i+1) / float64(n)}
		answered := max(1, int(r.Coverage*float64(len(sorted))+.5))
		r.Low, r.High = interval(len(sorted), func(pick []int) float64 {
			clear(drawn)
			for _, p := range pick {
				drawn[p]++ // in the order of confidence already
			}
			left, wrong := answered, 0
			for p := 0; left > 0; p++ {
				take := min(left, drawn[p])
				left -= take
				if !sorted[p].yes {
					wrong += take
				}
			}
			return float64(wrong) / float64(answered)
		})
		out[i] = r
	}
	return out
}
