// Package liar makes true sentences and lies out of articles, and counts how
// many of each a check of sentences lets pass. It is what a language model
// might say that was given these articles, and what one might say that lies.
//
// It knows nothing of how the check works: its words, patterns and
// substitutions are its own.
package liar

import (
	"math/rand/v2"
	"slices"

	"frontdesk/bot/ground"
	"frontdesk/knowledge"
)

// Case is a sentence with the sources that it may rest on.
type Case struct {
	Kind    string // how it was made
	True    bool
	Text    string
	Fact    string // what it was made of
	Article string // the fact's article
	Sources []ground.Source
	Secrets []string // what no sentence may hold

	of []int // articles of the sources, in no order
}

// Options say what to make.
type Options struct {
	Seed uint64
	N    int // true sentences, and as many lies
}

const (
	// sourcesOfACase is how many articles a sentence may rest on: what an answer has.
	sourcesOfACase = 3
	// tries bounds the search for a fact that a kind can be made of.
	tries = 300
)

// Make makes cases: the same for the same articles and options. Internal
// articles are left out. A kind that the articles give no facts for has fewer
// cases, and the others more; with too few facts there are fewer than N.
func Make(articles []knowledge.Input, o Options) []Case {
	m := &maker{plain: map[int][]string{}, rand: rand.New(rand.NewPCG(o.Seed, 0x11a5))}
	for _, a := range articles {
		if a.Visibility == knowledge.Internal || slices.Contains(a.Tags, "internal") || a.Body == "" {
			continue
		}
		m.articles = append(m.articles, a)
	}
	m.collect()
	if len(m.facts) == 0 || len(m.articles) < sourcesOfACase {
		return nil
	}
	return append(m.make(truths, true, o.N), m.make(lies, false, o.N)...)
}

// kind is a way to make a sentence of a fact; ok is false where it does not
// apply to the fact.
type kind struct {
	name string
	make func(m *maker, c *Case, f fact) (ok bool)
}

type maker struct {
	rand     *rand.Rand
	articles []knowledge.Input
	facts    []fact
	of       map[int][]int // by article: its facts
	said     map[string]bool
	names    []string         // of all articles
	plain    map[int][]string // by article: its words, once they were asked for
	common   map[string]bool  // words that an article has in small letters
}

// make makes n cases of the kinds in turn.
func (m *maker) make(kinds []kind, truth bool, n int) []Case {
	var out []Case
	m.said = map[string]bool{}
	barren := map[string]bool{}
	for round := 0; len(out) < n && len(barren) < len(kinds); round++ {
		for _, k := range kinds {
			if len(out) == n || barren[k.name] {
				continue
			}
			c, ok := m.try(k, truth)
			if !ok {
				barren[k.name] = true
				continue
			}
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Case) int { return order(kinds, a.Kind) - order(kinds, b.Kind) })
	return out
}

func order(kinds []kind, name string) int {
	return slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
}

func (m *maker) try(k kind, truth bool) (Case, bool) {
	for range tries {
		f := m.facts[m.rand.IntN(len(m.facts))]
		c := Case{Kind: k.name, True: truth, Fact: f.text, Article: m.articles[f.article].ExternalID}
		c.Sources, c.of = m.sources(f.article)
		if !k.make(m, &c, f) || c.Text == "" || m.said[c.Text] || !truth && m.happensTrue(c) {
			continue
		}
		m.said[c.Text] = true
		return c, true
	}
	return Case{}, false
}

// sources gives an article among others.
func (m *maker) sources(article int) (list []ground.Source, of []int) {
	picked := []int{article}
	for len(picked) < sourcesOfACase {
		if other := m.rand.IntN(len(m.articles)); !slices.Contains(picked, other) {
			picked = append(picked, other)
		}
	}
	m.rand.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	var out []ground.Source
	for i, p := range picked {
		a := m.articles[p]
		out = append(out, ground.Source{N: i + 1, Title: a.Title, Body: a.Body, Locale: a.Locale})
	}
	return out, picked
}

// number gives the number of a case's own article among its sources.
func (m *maker) number(c *Case, article int) int {
	for _, s := range c.Sources {
		if s.Title == m.articles[article].Title && s.Body == m.articles[article].Body {
			return s.N
		}
	}
	return 0
}

// happensTrue reports whether a source says a lie word for word.
func (m *maker) happensTrue(c Case) bool {
	if slices.Contains(notOfSources, c.Kind) {
		return false
	}
	return c.Text == c.Fact && c.Kind != "of no source" || m.says(c.of, c.Text)
}

// says reports whether one of some articles says a text word for word.
func (m *maker) says(articles []int, text string) bool {
	said := words(text)
	for _, a := range articles {
		if m.plain[a] == nil {
			m.plain[a] = words(knowledge.PlainText(knowledge.Render(m.articles[a].Body, nil, nil)))
		}
		if contains(m.plain[a], said) {
			return true
		}
	}
	return false
}
