package knowledge

import (
	"math"
	"slices"
	"strings"
)

// census counts where words stand, inside and outside of groups.
type census struct {
	x    *Index
	seen []int32 // by entry: the last round that met it
	now  int32   // this round
}

func newCensus(x *Index) *census { return &census{x: x, seen: make([]int32, len(x.entries))} }

// tongue gives the language of a name's articles.
func (c *census) tongue(name *Name) *tongue { return c.x.entries[name.entries[0]].tongue }

// weights gives each word of the names its weight. A word that stands in few
// names, and in few chunks outside of their groups, tells which is meant: it is
// 1 minus the logarithm of how many there are, as a share of the highest possible.
func (c *census) weights(names []Name) map[string]float64 {
	holders := map[string][]int{}
	for i, name := range names {
		for j, w := range name.words {
			if !slices.Contains(name.words[:j], w) {
				holders[w] = append(holders[w], i)
			}
		}
	}
	highest := math.Log(2 + float64(len(c.x.units)))
	out := make(map[string]float64, len(holders))
	for w, list := range holders {
		tongue := c.tongue(&names[list[0]])
		if tongue.stop[w] || isNumber(w) {
			out[w] = unsaying
			continue
		}
		spread := len(list)
		if term, ok := c.x.words.known(tongue.term(w)); ok {
			spread += c.x.words.count(term) - c.inside(term, names, list)
		}
		out[w] = max(unsaying, 1-math.Log(1+float64(spread))/highest)
	}
	return out
}

// inside counts the chunks with a term in the groups of some names.
func (c *census) inside(term uint32, names []Name, list []int) int {
	c.now++
	count := 0
	for _, i := range list {
		for _, e := range names[i].entries {
			if c.seen[e] == c.now {
				continue
			}
			c.seen[e] = c.now
			for _, b := range c.x.entries[e].bags {
				if b.has(term) {
					count++
				}
			}
		}
	}
	return count
}

// own gives Name.Own of name i. One chunk more than there are is counted
// outside, so that a name hardly ever written is nobody's. Groups with a longer
// name that holds this one ("M2 Pro" and "M2") are not counted.
func (c *census) own(n *Names, i int) float64 {
	name := &n.list[i]
	tongue := c.tongue(name)
	var terms []uint32
	for _, w := range name.words {
		if tongue.stop[w] {
			continue
		}
		term, ok := c.x.words.known(tongue.term(w))
		if !ok {
			return 0
		}
		terms = append(terms, term)
	}
	if len(terms) == 0 {
		return 0
	}
	c.now++
	for _, e := range name.entries {
		c.seen[e] = c.now
	}
	longer := c.longer(n, i)
	rarest := slices.MinFunc(terms, func(a, b uint32) int { return c.x.words.count(a) - c.x.words.count(b) })
	inside, all := 0, 1
	for _, p := range c.x.words.of(rarest) {
		b := c.x.bag(int(p.chunk))
		if slices.ContainsFunc(terms, func(t uint32) bool { return !b.has(t) }) {
			continue
		}
		e := c.x.units[p.chunk].entry
		if c.seen[e] == c.now {
			inside++
		} else if longer[e] {
			continue
		}
		all++
	}
	return float64(inside) / float64(all)
}

// longer gives the articles of names that hold all words of name i and more.
func (c *census) longer(n *Names, i int) map[int32]bool {
	name := &n.list[i]
	out := map[int32]bool{}
	for _, u := range n.units[name.words[0]] {
		other := &n.list[u.name]
		if len(other.words) <= len(name.words) || slices.ContainsFunc(name.words, func(w string) bool { return !slices.Contains(other.words, w) }) {
			continue
		}
		for _, e := range other.entries {
			out[e] = true
		}
	}
	return out
}

// numerals are said in every address, price and time, so that they tell
// nothing by themselves.
var numerals = set("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "first", "second", "third")

func isNumber(word string) bool {
	return numerals[word] || strings.Trim(word, "0123456789") == ""
}

// setSiblings sets each name's Siblings, and gives their mean.
func setSiblings(names []Name, entries []*entry) float64 {
	own := make([]map[string]bool, len(entries)) // the terms of an article's names
	for i := range names {
		for _, e := range names[i].entries {
			if own[e] == nil {
				own[e] = map[string]bool{}
			}
			for _, w := range names[i].words {
				own[e][entries[e].tongue.term(w)] = true
			}
		}
	}
	titles := make([]string, len(entries))
	held := map[string]int{}
	for i, e := range entries {
		var terms []string
		for _, w := range nameWords(e.doc.Title) {
			if t := e.tongue.term(w); t != "" && !own[i][t] {
				terms = append(terms, t)
			}
		}
		slices.Sort(terms)
		titles[i] = strings.Join(slices.Compact(terms), " ")
		held[titles[i]]++
	}
	sum, all := 0, 0
	for i := range names {
		inside := map[string]int{}
		for _, e := range names[i].entries {
			inside[titles[e]]++
		}
		shared := 0
		for title, n := range inside {
			if title != "" && held[title] > n {
				shared += n
			}
		}
		names[i].Siblings = float64(shared) / float64(len(names[i].entries))
		if names[i].Share <= fewOfAll {
			sum, all = sum+shared, all+len(names[i].entries)
		}
	}
	return float64(sum) / max(float64(all), 1)
}
