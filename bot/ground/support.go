package ground

import (
	"cmp"
	"slices"
)

const (
	// mostUnits bounds how many units of a source are tried for a sentence.
	mostUnits = 8
	// ownShare is the share of a sentence's telling words that must stand in the
	// unit itself; the others may stand in what it is under.
	ownShare = .5
	// valueWeight is what a value counts for beside a word when units are ranked.
	valueWeight = 3
)

// verdict is what a unit says about a sentence.
type verdict struct {
	why     Why
	what    string
	unit    *unit
	support float64
}

// support gives the unit that supports a sentence, or the reason why the
// nearest does not. A sentence of two facts may have a unit for each.
func (src *source) support(items []item, links []string) verdict {
	v := src.one(items, links)
	if v.why == WhyNone {
		return v
	}
	if parted := src.parts(items, links); parted.why == WhyNone {
		return parted
	}
	return v
}

// parts looks for two units, each of which supports its part of a sentence.
func (src *source) parts(items []item, links []string) verdict {
	tried := 0
	for i := 1; i < len(items) && tried < mostCuts; i++ {
		if !items[i].cut || bindsOver(items, i) || telling(items[:i]) < leastTelling || telling(items[i:]) < leastTelling {
			continue
		}
		tried++
		left := src.one(part(items, 0, i), nil)
		if left.why != WhyNone {
			continue
		}
		right := src.one(part(items, i, len(items)), nil)
		if right.why != WhyNone {
			continue
		}
		if slices.ContainsFunc(links, func(l string) bool { return !left.unit.leads(l) && !right.unit.leads(l) }) {
			continue
		}
		left.support = (left.support + right.support) / 2
		return left
	}
	return verdict{why: WhyUnfounded}
}

// bindsOver reports whether an operator before a cut binds to what is behind it.
func bindsOver(items []item, cut int) bool {
	return slices.ContainsFunc(items[:cut], func(it item) bool { return it.kind == itemOp && it.target >= cut })
}

const (
	// mostCuts bounds how many places are tried at which a sentence may be cut.
	mostCuts = 8
	// leastTelling is how many telling words each part must have.
	leastTelling = 2
)

func telling(items []item) int {
	n := 0
	for _, it := range items {
		if it.telling() {
			n++
		}
	}
	return n
}

// part gives some items of a sentence as a sentence, without what joins it to
// the one before.
func part(items []item, from, to int) []item {
	for from < to && items[from].kind == itemOp && items[from].key == opAnd {
		from++
	}
	out := slices.Clone(items[from:to])
	for i := range out {
		if out[i].target -= from; out[i].target < 0 || out[i].target >= len(out) {
			out[i].target = -1
		}
	}
	return out
}

// leads reports whether a unit leads to an address.
func (u *unit) leads(address string) bool {
	return slices.Contains(u.links, address) || len(u.at[address]) > 0
}

// one gives the unit that supports items.
func (src *source) one(items []item, links []string) verdict {
	best := verdict{why: WhyUnfounded}
	for _, u := range src.candidates(items) {
		v := judge(items, links, src, u)
		if v.why == WhyNone {
			return v
		}
		if v.support > best.support {
			best = v
		}
	}
	return best
}

// candidates gives the units that hold most of a sentence's words, best first.
func (src *source) candidates(items []item) []*unit {
	type scored struct {
		u     *unit
		score float64
	}
	var list []scored
	for _, u := range src.units {
		score := 0.0
		for _, it := range items {
			if !it.telling() || len(u.find(it)) == 0 {
				continue
			}
			w := 1.0
			if it.kind != itemWord {
				w = valueWeight
			}
			if !u.holds(it) {
				w /= 4
			}
			score += w
		}
		if score > 0 {
			list = append(list, scored{u, score})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []*unit
	for _, s := range list[:min(len(list), mostUnits)] {
		out = append(out, s.u)
	}
	return out
}

// index makes a unit's items findable.
func (u *unit) index() {
	u.all = append(append([]item{}, u.items...), u.around...)
	u.low = impersonal(u.text)
	u.at = map[string][]int{}
	for i, it := range u.all {
		if !it.telling() {
			continue
		}
		u.at[it.key] = append(u.at[it.key], i)
		if it.alt != "" && it.alt != it.key {
			u.at[it.alt] = append(u.at[it.alt], i)
		}
	}
}

// find gives the places in a unit, and in what it stands under, of an item.
func (u *unit) find(it item) []int {
	if at := u.at[it.key]; len(at) > 0 {
		return at
	}
	if it.alt != "" {
		return u.at[it.alt]
	}
	return nil
}

// holds reports whether the unit itself has an item.
func (u *unit) holds(it item) bool {
	return slices.ContainsFunc(u.find(it), func(i int) bool { return u.all[i].level == levelUnit })
}

// judge says whether a unit supports a sentence.
func judge(items []item, links []string, src *source, u *unit) verdict {
	m := matching{items: items, links: links, source: src, unit: u}
	m.assign()
	v := verdict{unit: u}
	own, all := 0, 0
	for i, it := range items {
		if it.telling() {
			all++
			if p := m.at[i]; p >= 0 && u.all[p].level == levelUnit {
				own++
			}
		}
	}
	if all > 0 {
		v.support = float64(own) / float64(all)
	}
	for _, check := range []func() (Why, string){m.uncovered, m.links_, m.own, m.names, m.cells, m.beheaded, m.replaced, m.order, m.values, m.narrowed, m.contrast, m.operators, m.sourceOperators, m.conditions} {
		if v.why, v.what = check(); v.why != WhyNone {
			return v
		}
	}
	return v
}
