package trust

import "fmt"

// Judged is one answer to a held-back question: one that nothing was fitted on.
type Judged struct {
	Confidence float64
	Right      bool
}

// Bound is what is known of the answers at or above a threshold.
type Bound struct {
	Threshold float64 `json:"threshold"`
	Answers   int     `json:"answers"` // held-back answers at or above it
	Wrong     int     `json:"wrong"`   // of them
	Upper     float64 `json:"upper"`   // bound of the error, at the level asked for
}

// gridSteps is how many thresholds are tried, from 0 up in equal steps. The
// grid is fixed: one that followed the data would have to be paid for.
const gridSteps = 100

// surest is the part of the answers with the highest confidence at which the
// search begins: a fifth. Fewer fail by one unlucky answer, more begin below
// thresholds that hold. On simulated sets of 100 to 1,000 answers with three
// kinds of confidences, a fifth certified the most or nearly so throughout
// (docs/adr/0010).
const surest = 5

// Learn gives the lowest threshold at which answers are wrong in at most
// target of the cases, with a probability of level over the drawing of the
// held-back answers: learn-then-test with fixed-sequence testing. Thresholds
// are tried from the strictest down, each by whether its Upper is below
// target, and the first that fails ends the search; so the chance that any of
// those that passed does not hold is at most 1-level, however many were tried.
//
// The strictest is the highest with at least Least answers and a fifth of all:
// a choice that looks at confidences only, never at what was right. Without a
// threshold that holds it gives an error that says what is missing, and the
// Bound at the strictest one (Answers is the number of all where there are too few).
//
// Source: A. Angelopoulos, S. Bates, E. Candès, M. Jordan, L. Lei, "Learn then
// test", arXiv 2110.01052, section 3.2.
func Learn(answers []Judged, target, level float64) (Bound, error) {
	need := Least(target, level)
	if len(answers) < need {
		return Bound{Answers: len(answers), Upper: 1}, &TooFew{Have: len(answers), Need: need}
	}
	start := max(need, (len(answers)+surest-1)/surest)
	var best, first Bound
	for step := gridSteps - 1; step >= 0; step-- {
		b := at(answers, float64(step)/gridSteps)
		if b.Answers < start {
			continue
		}
		if first.Answers == 0 {
			first = b
		}
		if !b.held(target, level) {
			break
		}
		if b.Answers > best.Answers { // one that lets nothing more through was not tried by it
			best = b
		}
	}
	if best.Answers == 0 {
		first = first.bounded(level)
		return first, &NotHeld{Bound: first, Target: target, Level: level}
	}
	return best.bounded(level), nil
}

// at is the bound at one threshold.
func at(answers []Judged, threshold float64) Bound {
	b := Bound{Threshold: threshold}
	for _, a := range answers {
		if a.Confidence >= threshold {
			b.Answers++
			if !a.Right {
				b.Wrong++
			}
		}
	}
	return b
}

// held reports whether b's Upper is below target, without working it out.
func (b Bound) held(target, level float64) bool {
	return atMost(b.Wrong, b.Answers, target) < 1-level
}

func (b Bound) bounded(level float64) Bound {
	b.Upper = Upper(b.Wrong, b.Answers, level)
	return b
}

// TooFew says that nothing can be said yet.
type TooFew struct{ Have, Need int }

// Error gives "n of 45".
func (e *TooFew) Error() string {
	return fmt.Sprintf("%d of %d held-back answers: too few for any figure", e.Have, e.Need)
}

// NotHeld says that the target is not kept even by the surest answers, or that
// this cannot be shown with so few.
type NotHeld struct {
	Bound         Bound
	Target, Level float64
}

// Error says what was found.
func (e *NotHeld) Error() string {
	return fmt.Sprintf("%d of the %d surest answers (confidence %.2f and up) were wrong: their error is below %.1f %% at %.0f %%, and not below %.1f %%",
		e.Bound.Wrong, e.Bound.Answers, e.Bound.Threshold, 100*e.Bound.Upper, 100*e.Level, 100*e.Target)
}
