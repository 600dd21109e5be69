package minilm

import (
	"slices"
	"time"
)

// stopwatch collects the times of one thing, so that two things can be timed
// in turns and compared under the same load.
type stopwatch []float64

func (s *stopwatch) time(f func()) {
	start := time.Now()
	f()
	*s = append(*s, time.Since(start).Seconds())
}

// timeAlone takes the processor's time of the whole process instead of the
// clock's, where the system tells, so that other programs do not count.
func (s *stopwatch) timeAlone(f func()) {
	start := processTime()
	f()
	*s = append(*s, (processTime() - start).Seconds())
}

func (s stopwatch) median() float64 { return s.quantile(0.5) }

func (s stopwatch) quantile(q float64) float64 {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(q*float64(len(sorted)-1))]
}
