package insight

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"frontdesk/chat"
)

// Share is N of Of, with the range in which the share lies with a probability
// of 95 %, as far as this number of cases can tell.
type Share struct {
	N    int     `json:"n"`
	Of   int     `json:"of"`
	Low  float64 `json:"low"` // 0 to 1
	High float64 `json:"high"`
}

// ShareOf gives n of all with its Wilson interval (E. B. Wilson, 1927), which
// holds for few cases and for shares near 0 and 1, too. Of none nothing is known:
// 0 to 1.
func ShareOf(n, of int) Share {
	if of == 0 {
		return Share{High: 1}
	}
	const z = 1.959964 // the normal distribution's quantile for 95 %, two-sided
	p, m := float64(n)/float64(of), float64(of)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Share{n, of, max(0, middle-half), min(1, middle+half)}
}

// parts counts facts of a kind by name, the most frequent first.
func parts(tallies []chat.Tally, kind chat.FactKind) []Part {
	counts, all := map[string]int{}, 0
	for _, t := range tallies {
		if t.Kind == kind {
			counts[t.Name] += t.N
			all += t.N
		}
	}
	out := make([]Part, 0, len(counts))
	for name, n := range counts {
		out = append(out, Part{name, ShareOf(n, all)})
	}
	slices.SortFunc(out, func(a, b Part) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name, b.Name)) })
	return out
}

func ratings(tallies []chat.Tally) (r Ratings) {
	var counts [5]int
	for _, t := range tallies {
		if t.Kind != chat.FactRated || t.Score < 1 || t.Score > len(counts) {
			continue
		}
		counts[t.Score-1] += t.N
		r.All.add(t.Score, t.N)
		if t.Name == chat.ServedBot {
			r.Bot.add(t.Score, t.N)
		} else {
			r.Person.add(t.Score, t.N)
		}
	}
	for i, n := range counts {
		r.Scores[i] = ShareOf(n, r.All.N)
	}
	r.Good = ShareOf(counts[3]+counts[4], r.All.N)
	return r
}

// add takes n more of a score.
func (m *Mean) add(score, n int) {
	sum := m.Mean*float64(m.N) + float64(score*n)
	m.N += n
	if m.N > 0 {
		m.Mean = sum / float64(m.N)
	}
}

// delays are those of a kind. All are sorted by kind, and then by time.
func delays(all []chat.Delay, kind chat.FactKind) []chat.Delay {
	from := slices.IndexFunc(all, func(d chat.Delay) bool { return d.Kind == kind })
	if from < 0 {
		return nil
	}
	n := slices.IndexFunc(all[from:], func(d chat.Delay) bool { return d.Kind != kind })
	if n < 0 {
		return all[from:]
	}
	return all[from : from+n]
}

// times are those of sorted delays. The median of an even number is the mean of
// the two in the middle; nine in ten are at most the nearest rank.
func times(sorted []chat.Delay) Times {
	n := len(sorted)
	if n == 0 {
		return Times{}
	}
	median := (sorted[(n-1)/2].Took + sorted[n/2].Took) / 2
	return Times{n, median.Seconds(), sorted[(9*n+9)/10-1].Took.Seconds()}
}

// byHour parts sorted delays by the hour of the day in which they began.
func byHour(sorted []chat.Delay, zone *time.Location) []TimesAt {
	var hours [24][]chat.Delay
	for _, d := range sorted {
		h := d.At.Add(-d.Took).In(zone).Hour()
		hours[h] = append(hours[h], d)
	}
	out := []TimesAt{}
	for h, all := range hours {
		if len(all) > 0 {
			out = append(out, TimesAt{h, times(all)})
		}
	}
	return out
}
