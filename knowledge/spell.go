package knowledge

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// spellMin and spellLong are from how many letters on a word may have one
	// slip, and two. Shorter ones have too many neighbours.
	spellMin  = 4
	spellLong = 8
	// spellMax is the most letters of a word that is put right, and kept.
	spellMax = 24
	// spellNear is how many words a misspelt one may stand for.
	spellNear = 3
	// spellSplit is the weight of two words that were written as one.
	spellSplit = .8
	// spellSure is how much likelier than the next the likeliest word must be
	// to take the misspelt one's place in the text that is embedded.
	spellSure = 1.5
)

// vocabulary is the words that articles hold, by first letter and length, so
// that those near a misspelt one are found without looking at all of them: of
// 200,000 words a few thousand are compared by the letters they hold, and a few
// dozen by their order.
type vocabulary struct {
	seen    map[string]uint32 // word to its first term
	buckets map[bucket][]spelling
}

type bucket struct {
	first  rune
	length int // in letters
}

// spelling is a word as an article spells it.
type spelling struct {
	word    string // lower case
	folded  string
	letters uint32 // which ones it holds, in 32 classes
	term    uint32
}

func newVocabulary() vocabulary {
	return vocabulary{seen: map[string]uint32{}, buckets: map[bucket][]spelling{}}
}

// add takes up a word of letters. One word may have a term in each language.
func (v *vocabulary) add(word string, term uint32) {
	first, ok := v.seen[word]
	if ok && first == term {
		return
	}
	folded := fold(word)
	length := utf8.RuneCountInString(folded)
	if length < spellMin-1 || length > spellMax {
		return
	}
	head, _ := utf8.DecodeRuneInString(folded)
	key := bucket{head, length}
	if ok && slices.ContainsFunc(v.buckets[key], func(s spelling) bool { return s.term == term && s.word == word }) {
		return
	}
	if !ok {
		v.seen[word] = term
	}
	v.buckets[key] = append(v.buckets[key], spelling{word, folded, letterSet(folded), term})
}

// spelt reports whether some article spells a word so.
func (d *dictionary) spelt(word string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	_, ok := d.vocabulary.seen[word]
	return ok
}

// letterSet notes which letters a word holds. One slip changes at most two of them.
func letterSet(word string) uint32 {
	var set uint32
	for _, r := range word {
		set |= 1 << (uint32(r) & 31)
	}
	return set
}

// near is a word that a misspelt one may stand for.
type near struct {
	spelling
	slips  int
	weight float32 // 0..1
}

// nearest gives the words at the least distance from a folded word, up to a
// number of slips, of those whose terms keep takes: the same first letter or
// the first two swapped.
func (d *dictionary) nearest(word []rune, slips int, keep func(term uint32) bool) []near {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []near
	set := letterSet(string(word))
	for length := len(word) - slips; length <= len(word)+slips; length++ {
		for i, first := range word[:2] {
			for _, s := range d.vocabulary.buckets[bucket{first, length}] {
				if bits.OnesCount32(s.letters^set) > 2*slips || i == 1 && !swapped(word, s.folded) || !keep(s.term) {
					continue
				}
				if n := distance(word, s.folded, slips); n <= slips {
					if n < slips {
						slips, out = n, out[:0]
					}
					out = append(out, near{spelling: s, slips: n})
				}
			}
			if word[0] == word[1] {
				break
			}
		}
	}
	return out
}

// swapped reports whether a word begins with another's first two letters the
// other way round.
func swapped(word []rune, other string) bool {
	_, n := utf8.DecodeRuneInString(other)
	second, _ := utf8.DecodeRuneInString(other[n:])
	return second == word[0]
}

// distance is how many letters must be put in, left out, replaced or swapped
// with a neighbour to make one word of the other; more than limit if that is
// not enough.
func distance(a []rune, other string, limit int) int {
	var letters [spellMax]rune
	b := letters[:0]
	for _, r := range other {
		b = append(b, r)
	}
	var rows [3][spellMax + 3]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, last, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

// spell gives what a word that no chunk holds may stand for, likeliest first,
// in a total order: by closeness, and by how many chunks hold it.
func (p *postings) spell(word string, slips int) []near {
	letters := []rune(fold(word))
	if len(letters) < spellMin || len(letters) > spellMax {
		return nil
	}
	found := p.dict.nearest(letters, slips, p.holds)
	most := 0
	for _, f := range found {
		most = max(most, len(p.of(f.term)))
	}
	for i := range found {
		f := &found[i]
		closeness := 1 - float64(f.slips)/float64(len(letters))
		f.weight = float32(closeness * math.Sqrt(float64(len(p.of(f.term)))/float64(most)))
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.word, b.word), cmp.Compare(a.term, b.term))
	})
	var out []near
	for _, f := range found {
		if !slices.ContainsFunc(out, func(o near) bool { return o.term == f.term }) {
			out = append(out, f)
		}
	}
	return out[:min(len(out), spellNear)]
}

// slipsOf is how many slips a word may have.
func slipsOf(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < spellMin:
		return 0
	case n < spellLong:
		return 1
	}
	return 2
}
