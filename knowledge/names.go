package knowledge

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Names are what groups of articles are called: the products, plans, places
// and subjects that a conversation may be about. They come from the articles
// themselves: from their tags, and from what stands before a colon or a dash in
// several titles. Names belong to one Index and never change. Safe for
// concurrent use; a nil Names is empty.
type Names struct {
	list []Name
	// units gives where a word, or two joined words, stands in names.
	units map[string][]spellingAt
	// grams gives the units that hold three letters, for those spelt alike.
	grams  map[string][]string
	words  *postings // of the articles
	tongue *tongue   // of most articles
	// parallel is the mean of Siblings over the articles that have a name.
	parallel float64
}

// Name is a group of articles by what it is called.
type Name struct {
	Text     string
	Articles []uuid.UUID // in order of the index
	Share    float64     // of all articles, 0..1
	// Own says how far the group is what is written about under this name: the
	// share of the chunks with all of its words that belong to the group, 0..1.
	// It is high for a product, low for a subject that all articles speak of.
	Own float64
	// Siblings is the share of its articles whose title, but for the names in
	// it, is the title of another group's article too, 0..1: what is asked about
	// one thing is asked about others, and only the name tells which is meant.
	Siblings float64

	entries []int32
	words   []string
	weights []float64 // what each word tells of the name, 0..1
	total   float64   // of weights
}

// spellingAt says that words from to to (exclusive) of a name are a unit.
type spellingAt struct {
	name     int32
	from, to int8
}

const (
	// mostWords is how many words a name may have; what is longer is a sentence.
	mostWords = 10
	// mostArticles is the share of the articles above which a tag says nothing.
	mostArticles = .7
	// fewOfAll is the share up to which a name counts for Parallel.
	fewOfAll = .05
	// unsaying is the weight of a word that tells no name from another. It is
	// not 0, so that a name of such words can still be said in full.
	unsaying = .02
)

// Len is how many names there are.
func (n *Names) Len() int {
	if n == nil {
		return 0
	}
	return len(n.list)
}

// Parallel says how far what is asked about one thing is asked about others
// too, over all names, 0..1.
func (n *Names) Parallel() float64 {
	if n == nil {
		return 0
	}
	return n.parallel
}

// Name gives a name by its number, 0 to Len()-1. It is read-only.
func (n *Names) Name(i int) *Name { return &n.list[i] }

// newNames collects the names of x, whose words are indexed.
func newNames(x *Index) *Names {
	n := &Names{list: collectNames(x.entries), units: map[string][]spellingAt{}, grams: map[string][]string{}, words: x.words, tongue: x.asker.orMost(nil)}
	c := newCensus(x)
	weights := c.weights(n.list)
	for i := range n.list {
		name := &n.list[i]
		for _, w := range name.words {
			name.weights = append(name.weights, weights[w])
			name.total += weights[w]
		}
		n.enter(int32(i))
	}
	for i := range n.list {
		n.list[i].Own = c.own(n, i)
	}
	n.parallel = setSiblings(n.list, x.entries)
	return n
}

// collectNames groups articles by tag and by the first part of their titles.
// One article alone makes a name only by a tag.
func collectNames(entries []*entry) []Name {
	at := map[string]int{}
	tags := map[int]bool{}
	var list []Name
	add := func(text string, article int32) (int, bool) {
		words := nameWords(text)
		if len(words) == 0 || len(words) > mostWords {
			return 0, false
		}
		key := strings.Join(words, " ")
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Name{Text: text, words: words})
		}
		if e := list[i].entries; len(e) == 0 || e[len(e)-1] != article {
			list[i].entries = append(e, article)
			list[i].Articles = append(list[i].Articles, entries[article].doc.ID)
		}
		return i, true
	}
	for i, e := range entries {
		for _, tag := range e.doc.Tags {
			if at, ok := add(tag, int32(i)); ok {
				tags[at] = true
			}
		}
		if head, ok := titleHead(e.doc.Title); ok {
			add(head, int32(i))
		}
	}
	out := list[:0]
	for i, name := range list {
		name.Share = float64(len(name.entries)) / float64(len(entries))
		if name.Share <= mostArticles && (tags[i] || len(name.entries) > 1) {
			out = append(out, name)
		}
	}
	return out
}

// titleHead gives what stands before a colon, bar or dash of a title.
func titleHead(title string) (string, bool) {
	for _, sign := range []string{": ", " | ", " – ", " — ", " - "} {
		if head, _, ok := strings.Cut(title, sign); ok {
			return head, true
		}
	}
	return "", false
}

// nameWords gives the words of a name or message, lower case and without
// accents: runs of letters and digits, with apostrophes passed over.
func nameWords(text string) []string {
	var out []string
	scan(text, false, func(t *token) {
		for _, p := range t.parts {
			out = append(out, fold(p))
		}
	})
	return out
}

// enter makes a name findable by its words, and by each two of them joined:
// people write "guesthouse" for "guest house".
func (n *Names) enter(i int32) {
	words := n.list[i].words
	for from := range words {
		for to := from + 1; to <= min(from+2, len(words)); to++ {
			if to > from+1 && n.anyStop(words[from:to]) {
				continue
			}
			unit := strings.Join(words[from:to], "")
			if _, ok := n.units[unit]; !ok && len(unit) >= shortestFuzzy {
				for _, g := range trigrams(unit) {
					n.grams[g] = append(n.grams[g], unit)
				}
			}
			n.units[unit] = append(n.units[unit], spellingAt{i, int8(from), int8(to)})
		}
	}
}

// anyStop reports whether there is a stop word among words.
func (n *Names) anyStop(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return n.tongue.stop[w] })
}

// allKnown reports whether the articles use all of some words, which are
// then hardly misspelt.
func (n *Names) allKnown(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		_, ok := n.words.known(n.tongue.term(w))
		return !ok
	})
}
