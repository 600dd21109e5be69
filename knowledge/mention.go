package knowledge

import (
	"cmp"
	"slices"
	"strings"
)

// Mention says that a text names something.
type Mention struct {
	Name     int     // its number
	Strength float64 // how surely it is meant, 0..1
	From, To int     // the words of the text that do it, of MentionWords
}

const (
	// shortestFuzzy is the length in bytes from which on a misspelt word is
	// taken for one of a name.
	shortestFuzzy = 5
	// alike is how alike two spellings must be: two letters of seven may differ.
	alike = .7
	// enough is the weight of matched words that needs no more.
	enough = .5
	// weakest is the strength below which nothing is mentioned.
	weakest = .35
	// longestText bounds the work on a text, in words.
	longestText = 200
)

// MentionWords are the words of a text that Mentions counts.
func MentionWords(text string) []string {
	words := nameWords(text)
	return words[:min(len(words), longestText)]
}

// Mentions finds the names in a text, also those said in part, misspelt or
// split in two. Where several names claim the same words, the surest count;
// they may be several. In order of the text.
func (n *Names) Mentions(text string) []Mention {
	words := MentionWords(text)
	hits := map[int32][]wordHit{}
	for from := range words {
		for to := from + 1; to <= min(from+2, len(words)); to++ {
			unit := strings.Join(words[from:to], "")
			if at, ok := n.units[unit]; ok {
				for _, u := range at {
					hits[u.name] = append(hits[u.name], wordHit{from, to, u, 1})
				}
				continue
			}
			if len(unit) < shortestFuzzy || n.anyStop(words[from:to]) || n.allKnown(words[from:to]) {
				continue
			}
			for _, a := range n.alike(unit) {
				for _, u := range n.units[a.unit] {
					hits[u.name] = append(hits[u.name], wordHit{from, to, u, a.likeness})
				}
			}
		}
	}
	var found []Mention
	for name, list := range hits {
		found = append(found, n.align(int(name), list)...)
	}
	return surest(found)
}

// wordHit says that words from to to of a text are a unit of a name.
type wordHit struct {
	from, to int
	at       spellingAt
	likeness float64
}

// align gives the best place where a text mentions a name, if it does.
func (n *Names) align(name int, hits []wordHit) []Mention {
	e := &n.list[name]
	slices.SortFunc(hits, func(a, b wordHit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.at.from, b.at.from), cmp.Compare(a.at.to, b.at.to))
	})
	var best Mention
	for i := range hits {
		var covered [mostWords]float64
		end := hits[i].to
		for _, h := range hits[i:] {
			if h.from > end+1 || h.to-hits[i].from > len(e.words)+2 {
				break
			}
			end = max(end, h.to)
			for k := h.at.from; k < h.at.to; k++ {
				covered[k] = max(covered[k], h.likeness)
			}
		}
		sum := 0.0
		for k, c := range covered[:len(e.words)] {
			sum += c * e.weights[k]
		}
		strength := sum / e.total
		if strength < .99 {
			strength *= min(1, sum/enough)
		}
		if strength > best.Strength {
			best = Mention{Name: name, Strength: strength, From: hits[i].from, To: end}
		}
	}
	if best.Strength < weakest {
		return nil
	}
	return []Mention{best}
}

// surest drops mentions whose words a surer one has.
func surest(found []Mention) []Mention {
	slices.SortFunc(found, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(b.To-b.From, a.To-a.From), cmp.Compare(a.Name, b.Name))
	})
	var out []Mention
	for _, m := range found {
		beaten := slices.ContainsFunc(out, func(o Mention) bool {
			return o.From < m.To && m.From < o.To && o.Strength > m.Strength*1.05
		})
		if !beaten {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name))
	})
	return out
}

type likeUnit struct {
	unit     string
	likeness float64
}

// alike gives the units of names that are spelt nearly as unit, at most three.
func (n *Names) alike(unit string) []likeUnit {
	counts := map[string]int{}
	grams := trigrams(unit)
	for _, g := range grams {
		for _, u := range n.grams[g] {
			counts[u]++
		}
	}
	var out []likeUnit
	for u, c := range counts {
		if c*3 < len(grams) {
			continue
		}
		if l := 1 - float64(editDistance(unit, u))/float64(max(len(unit), len(u))); l >= alike {
			out = append(out, likeUnit{u, l})
		}
	}
	slices.SortFunc(out, func(a, b likeUnit) int {
		return cmp.Or(cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.unit, b.unit))
	})
	return out[:min(len(out), 3)]
}

// trigrams gives the runs of three bytes of a word with its ends marked.
func trigrams(word string) []string {
	word = "^" + word + "$"
	var out []string
	for i := 0; i+3 <= len(word); i++ {
		out = append(out, word[i:i+3])
	}
	return out
}

// editDistance is how many bytes are to be put in, taken out or changed.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
