package evals

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

const (
	// leastQuestions and leastAskers are how many different questions, by how
	// many people, a synonym rests on: fewer are one person's way of speaking,
	// or one event.
	leastQuestions, leastAskers = 3, 2
	// leastShare is the least share of the questions with the customers' word
	// whose article has the other: below half, the word mostly means something else.
	leastShare = .5
	// leastLift is how many times more frequent the article's word is in answers
	// to questions with the customers' word than in all answers. A word of every
	// third answer goes with anything.
	leastLift = 3
	// chance is how probable it may be that any of the words of a word's
	// articles goes with it that often by chance (Fisher's exact test, one
	// sided, times the number of words looked at).
	chance = .05
	// mostMeans is how many words one may stand for: search adds each to the
	// question, and the third best is seldom better than nothing.
	mostMeans = 2
	// heaviest is the weight of a synonym whose word never meant anything else.
	// Measured with .3, .6 and .9 on held-back questions of two development sets
	// (docs/trust.md): each step gains, and a synonym must stay below the word.
	heaviest = .9
	// mostLearnt bounds a list to what an operator can read over.
	mostLearnt = 500
)

// Solved is a question that was answered right, and the article that did.
type Solved struct {
	Asker   string // a customer, or a ticket: what stands for one person
	Text    string
	Article uuid.UUID
}

// Learnt is a synonym and what it rests on.
type Learnt struct {
	Word      string  `json:"word"`      // the customers'
	Means     string  `json:"means"`     // the articles'
	Weight    float64 `json:"weight"`    // in search, below 1
	Questions int     `json:"questions"` // different ones with Word, whose articles have Means and lack Word
	Askers    int     `json:"askers"`    // of these questions
	Share     float64 `json:"share"`     // of all questions with Word
	Lift      float64 `json:"lift"`
}

// LearnSynonyms looks for words that customers use where the article that
// answers them writes another: never numbers, codes or names. Best supported
// first; the same questions in any order give the same list.
func LearnSynonyms(x *knowledge.Index, solved []Solved) []Learnt {
	l := learner{x: x, articles: map[uuid.UUID]*vocabulary{}, forms: map[string]map[string]int{}, capitals: map[string]int{},
		asking: map[string]int{}, answering: map[string]int{}, company: map[string]map[string]*company{}, taken: map[string]bool{}}
	for i := range x.Names().Len() {
		for _, w := range knowledge.WordsIn("", x.Names().Name(i).Text) {
			l.taken[w.Term] = true
		}
	}
	for _, a := range distinct(solved) {
		l.read(a)
	}
	var out []Learnt
	for word := range l.company {
		out = append(out, l.means(word)...)
	}
	slices.SortFunc(out, func(a, b Learnt) int {
		return cmp.Or(b.Questions-a.Questions, cmp.Compare(b.Lift, a.Lift), cmp.Compare(a.Word, b.Word), cmp.Compare(a.Means, b.Means))
	})
	return out[:min(len(out), mostLearnt)]
}

// distinct drops questions that were asked in the same words, and puts the
// rest into an order of their own.
func distinct(solved []Solved) []Solved {
	key := func(a Solved) string { return strings.ToLower(strings.Join(strings.Fields(a.Text), " ")) }
	order := func(a, b Solved) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), slices.Compare(a.Article[:], b.Article[:]))
	}
	out := slices.SortedFunc(slices.Values(solved), func(a, b Solved) int { return cmp.Or(order(a, b), cmp.Compare(a.Asker, b.Asker)) })
	return slices.CompactFunc(out, func(a, b Solved) bool { return order(a, b) == 0 })
}

// learner counts which words go together.
type learner struct {
	x         *knowledge.Index
	articles  map[uuid.UUID]*vocabulary
	forms     map[string]map[string]int // by term: how it was written, and how often
	capitals  map[string]int            // by term: capitals less small letters, within sentences
	taken     map[string]bool           // terms that stand in names of articles
	n         int                       // questions
	asking    map[string]int            // by term: questions that have it
	answering map[string]int            // by term: questions whose article has it as a main word
	company   map[string]map[string]*company
}

// company is the questions with one word that lack another, which their articles have.
type company struct {
	questions int
	askers    map[string]bool
	titles    int // of the questions: the article has it in its title
}

// vocabulary is what an article says.
type vocabulary struct {
	locale string
	has    map[string]bool
	// main are the words that say what it is about, those of the title with
	// true: it and the headings have them, or the text has them twice.
	main map[string]bool
}

func (l *learner) read(a Solved) {
	v := l.vocabulary(a.Article)
	if v == nil {
		return
	}
	words := map[string]bool{}
	for _, w := range knowledge.WordsIn(v.locale, a.Text) {
		words[w.Term] = true
		l.see(w)
	}
	l.n++
	for term := range v.main {
		l.answering[term]++
	}
	for word := range words {
		l.asking[word]++
		if v.has[word] {
			continue
		}
		for term, title := range v.main {
			if !words[term] {
				l.together(word, term, title, a.Asker)
			}
		}
	}
}

func (l *learner) together(word, term string, title bool, asker string) {
	if l.company[word] == nil {
		l.company[word] = map[string]*company{}
	}
	c := l.company[word][term]
	if c == nil {
		c = &company{askers: map[string]bool{}}
		l.company[word][term] = c
	}
	c.questions++
	c.askers[asker] = true
	if title {
		c.titles++
	}
}

// see notes how a word is written.
func (l *learner) see(w knowledge.Word) {
	if l.forms[w.Term] == nil {
		l.forms[w.Term] = map[string]int{}
	}
	l.forms[w.Term][w.Text]++
	switch {
	case w.Capital:
		l.capitals[w.Term]++
	case w.Free:
		l.capitals[w.Term]--
	}
}

// vocabulary reads an article once, nil if it is not published.
func (l *learner) vocabulary(id uuid.UUID) *vocabulary {
	if v, ok := l.articles[id]; ok {
		return v
	}
	doc := l.x.Document(id)
	if doc == nil {
		l.articles[id] = nil
		return nil
	}
	v := &vocabulary{locale: doc.Locale, has: map[string]bool{}, main: map[string]bool{}}
	body, headings := parted(doc.Body)
	count := map[string]int{}
	for _, w := range knowledge.WordsIn(doc.Locale, body) {
		l.see(w)
		if count[w.Term]++; count[w.Term] == 2 {
			v.main[w.Term] = false
		}
		v.has[w.Term] = true
	}
	for _, part := range []struct {
		text  string
		title bool
	}{{headings, false}, {doc.Title, true}} {
		for _, w := range knowledge.WordsIn(doc.Locale, part.text) {
			w.Capital, w.Free = false, false // titles may have capitals everywhere
			l.see(w)
			v.has[w.Term], v.main[w.Term] = true, part.title
		}
	}
	l.articles[id] = v
	return v
}

// parted parts a text in Markdown from its headings.
func parted(markdown string) (body, headings string) {
	var b, h strings.Builder
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "#") {
			h.WriteString(line)
		} else {
			b.WriteString(line)
		}
	}
	return b.String(), h.String()
}

// means gives what a word of customers stands for.
func (l *learner) means(word string) []Learnt {
	if l.asking[word] < leastQuestions || l.taken[word] || l.capitals[word] > 0 {
		return nil
	}
	with := l.company[word]
	var found []string
	for term, c := range with {
		if c.questions >= leastQuestions && len(c.askers) >= leastAskers && l.capitals[term] <= 0 && l.share(word, term) >= leastShare &&
			l.lift(word, term) >= leastLift && l.byChance(word, term)*float64(len(with)) <= chance {
			found = append(found, term)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		return cmp.Or(with[b].questions-with[a].questions, with[b].titles-with[a].titles, cmp.Compare(l.lift(word, b), l.lift(word, a)), cmp.Compare(a, b))
	})
	var out []Learnt
	for _, term := range found[:min(len(found), mostMeans)] {
		share := l.share(word, term)
		out = append(out, Learnt{Word: l.written(word), Means: l.written(term), Weight: round(heaviest * share), Questions: with[term].questions,
			Askers: len(with[term].askers), Share: round(share), Lift: round(l.lift(word, term))})
	}
	return out
}

func (l *learner) share(word, term string) float64 {
	return float64(l.company[word][term].questions) / float64(l.asking[word])
}

func (l *learner) lift(word, term string) float64 {
	return l.share(word, term) * float64(l.n) / float64(l.answering[term])
}

// byChance is how probable it is that as many of the questions with word, or
// more, get an article with term if the two have nothing to do with each other.
func (l *learner) byChance(word, term string) float64 {
	all, drawn, marked := l.n, l.asking[word], l.answering[term]
	p := 0.
	for k := l.company[word][term].questions; k <= min(drawn, marked); k++ {
		p += math.Exp(choose(marked, k) + choose(all-marked, drawn-k) - choose(all, drawn))
	}
	return p
}

// choose is the logarithm of how many ways there are to choose k of n.
func choose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	whole, _ := math.Lgamma(float64(n + 1))
	in, _ := math.Lgamma(float64(k + 1))
	out, _ := math.Lgamma(float64(n - k + 1))
	return whole - in - out
}

// written gives the form in which a term is written most.
func (l *learner) written(term string) string {
	forms := l.forms[term]
	return slices.MinFunc(slices.Collect(maps.Keys(forms)), func(a, b string) int {
		return cmp.Or(forms[b]-forms[a], cmp.Compare(a, b))
	})
}
