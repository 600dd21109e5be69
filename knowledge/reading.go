package knowledge

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"frontdesk/chat"
	"frontdesk/llm"
)

// joinWeight is what two words count for where articles write them as one
// ("log in", login).
const joinWeight = .9

// question is a text as it is searched.
type question struct {
	shown    *tongue // the language of the text, else that of its locale; nil if neither is known
	terms    []queryTerm
	spelling []chat.Respelling // of what could only be one other word
}

// asker turns texts into questions to one snapshot.
type asker struct {
	words    *postings
	tongues  []*tongue // of the articles, the most frequent first
	synonyms *thesaurus
	lexicon  llm.Lexicon // nil: every word that no article has may be misspelt
}

// read reads a question. Its language is the one that it shows, else that of
// its locale, else that of most articles; it says which words are stop words.
// The words themselves are looked up as each language of the articles would have them.
func (a *asker) read(text, locale string) question {
	shown := detect(text)
	if shown == nil {
		shown = tongueOf(locale)
	}
	r := reading{asker: a, tongue: a.orMost(shown), loud: !strings.ContainsFunc(text, unicode.IsLower)}
	r.stems = []*tongue{r.tongue}
	for _, t := range a.tongues {
		if t != r.tongue {
			r.stems = append(r.stems, t)
		}
	}
	scan(text, r.tongue.elides, r.token)
	for i := range r.asked {
		r.join(i)
	}
	r.respell()
	r.synonyms.expand(&r)
	return question{shown, r.terms(), r.spelling}
}

// orMost gives the language of most articles for one that is not known.
func (a *asker) orMost(t *tongue) *tongue {
	switch {
	case t != nil:
		return t
	case len(a.tongues) > 0:
		return a.tongues[0]
	}
	return tongueOf(fallback)
}

// reading is a question while it is read.
type reading struct {
	*asker
	tongue   *tongue
	stems    []*tongue // its own language and those of the articles
	loud     bool      // it is in capitals only
	asked    []asked
	words    []queryTerm
	keys     []string // by word: its term in the question's own language
	spelling []chat.Respelling
}

// asked is one token of the question.
type asked struct {
	whole    string
	single   bool // a token of one part
	name     bool // it may be a product's name or a code: never misspelt
	adjacent bool // it follows the token before at a space or hyphen
	first    int  // its words are words[first:end]
	end      int
}

// token takes up a token with its words, those that are no stop words.
func (r *reading) token(t *token) {
	at := asked{whole: t.whole(), single: len(t.parts) == 1 && !t.pairs, adjacent: t.adjacent, first: len(r.words)}
	at.name = t.suffix != "" || !onlyLetters(at.whole) || !r.loud && (t.inner || t.pairs)
	var terms [][]string // by word: its term in each language, "" for a stop word
	for _, lang := range r.stems {
		i := 0
		lang.each(t, func(term, _ string) {
			if i == len(terms) {
				terms = append(terms, nil)
			}
			terms[i] = append(terms[i], term)
			i++
		})
	}
	for i, list := range terms {
		if list[0] == "" {
			continue
		}
		w := r.word(list)
		if joined := i > 0 && i == len(t.parts) && t.suffix == "" && onlyLetters(at.whole); joined && len(w.means) == 0 {
			continue // on/off need not be "onoff" anywhere
		}
		w.word = list[0]
		if i < len(t.parts) {
			w.word = t.parts[i]
		}
		r.words, r.keys = append(r.words, w), append(r.keys, list[0])
	}
	at.end = len(r.words)
	r.asked = append(r.asked, at)
}

// word looks up what a word is in each language.
func (r *reading) word(terms []string) queryTerm {
	q := queryTerm{n: 1, idf: r.asker.words.rare}
	for i, t := range terms {
		if t != "" && slices.Index(terms, t) == i {
			q.mean(r.asker.words, 1, t)
		}
	}
	return q
}

// mean adds a meaning, if all of its terms are known. One of full weight may
// raise what the word counts for; a lesser one never counts for more than the word.
func (q *queryTerm) mean(p *postings, weight float32, terms ...string) bool {
	m := meaning{weight: weight}
	var idf float32
	for _, t := range terms {
		id, ok := p.known(t)
		if !ok {
			return false
		}
		m.terms = append(m.terms, id)
		idf += p.idf[id] / float32(len(terms))
	}
	switch {
	case len(terms) == 0:
		return false
	case len(q.means) == 0:
		q.idf = idf
	case weight == 1:
		q.idf = max(q.idf, idf)
	case idf > q.idf:
		m.weight *= q.idf / idf
	}
	q.means = append(q.means, m)
	return true
}

// join lets two neighbours mean what articles write as one word, or as a name.
func (r *reading) join(i int) {
	if i == 0 {
		return
	}
	a, b := &r.asked[i-1], &r.asked[i]
	if !b.adjacent || !a.single || !b.single || len(a.whole)+len(b.whole) > longestName {
		return
	}
	joined := a.whole + b.whole
	term := r.tongue.term(joined)
	if term == "" || onlyLetters(joined) && r.knows(a) && r.knows(b) {
		return
	}
	for _, t := range []*asked{a, b} {
		weight := float32(joinWeight)
		switch {
		case !onlyLetters(t.whole):
			weight = 1
		case !onlyLetters(joined):
			continue // the word beside a code stays what it is
		}
		for k := t.first; k < t.end; k++ {
			r.words[k].mean(r.asker.words, weight, term)
		}
	}
}

// knows reports whether articles hold a token's word, and it is no stop word.
func (r *reading) knows(at *asked) bool {
	return at.first < at.end && len(r.words[at.first].means) > 0
}

// respell puts misspelt words right.
func (r *reading) respell() {
	for i := range r.asked {
		at := &r.asked[i]
		if !at.single || at.name || at.end != at.first+1 || len(r.words[at.first].means) > 0 || r.lexicon != nil && r.lexicon.Knows(at.whole) {
			continue
		}
		if r.nearStopWord(at.whole) {
			r.words[at.first].n = 0
			continue
		}
		r.correct(i)
	}
}

// correct looks for what a word may have been meant to be: one slip away,
// together with a neighbour, two words, two slips away.
func (r *reading) correct(i int) {
	p, at := r.asker.words, &r.asked[i]
	slips := slipsOf(at.whole)
	if slips == 0 {
		return
	}
	found := p.spell(at.whole, 1)
	if len(found) == 0 && (r.correctJoined(i-1) || r.correctJoined(i) || r.split(at)) {
		return
	}
	if len(found) == 0 && slips > 1 {
		found = p.spell(at.whole, slips)
	}
	for _, f := range found {
		m := meaning{terms: []uint32{f.term}, weight: f.weight}
		q := &r.words[at.first]
		if len(q.means) == 0 {
			q.idf = p.idf[f.term]
		}
		m.weight *= min(1, q.idf/p.idf[f.term])
		q.means = append(q.means, m)
	}
	if len(found) == 1 || len(found) > 1 && found[0].weight >= spellSure*found[1].weight {
		r.spelling = append(r.spelling, chat.Respelling{From: at.whole, To: found[0].word})
	}
}

// correctJoined takes the tokens i and i+1 for one misspelt word.
func (r *reading) correctJoined(i int) bool {
	if i < 0 || i+1 >= len(r.asked) {
		return false
	}
	a, b := &r.asked[i], &r.asked[i+1]
	if !b.adjacent || !a.single || !b.single || a.name || b.name || slipsOf(a.whole+b.whole) == 0 {
		return false
	}
	found := r.asker.words.spell(a.whole+b.whole, 1)
	if len(found) == 0 {
		return false
	}
	for k := a.first; k < b.end; k++ {
		q := &r.words[k]
		if len(q.means) == 0 {
			q.idf = r.asker.words.idf[found[0].term]
		}
		q.means = append(q.means, meaning{[]uint32{found[0].term}, found[0].weight * min(1, q.idf/r.asker.words.idf[found[0].term])})
	}
	return true
}

// split takes a word for two that articles hold, or one of them and a stop
// word, where the less frequent one is most frequent.
func (r *reading) split(at *asked) bool {
	p, letters := r.asker.words, []rune(at.whole)
	var best []string
	var cut, most int
	for i := 2; i+2 <= len(letters); i++ {
		left, right := string(letters[:i]), string(letters[i:])
		terms, least, ok := r.halves(p, left, right)
		if ok && least > most {
			best, cut, most = terms, i, least
		}
	}
	if best == nil {
		return false
	}
	r.spelling = append(r.spelling, chat.Respelling{From: at.whole, To: string(letters[:cut]) + " " + string(letters[cut:])})
	return r.words[at.first].mean(p, spellSplit, best...)
}

// halves gives the terms of two words in the question's own language that are
// no stop words, and in how many chunks the rarer one is.
func (r *reading) halves(p *postings, words ...string) (terms []string, least int, ok bool) {
	for _, w := range words {
		term := r.tongue.term(w)
		if term == "" {
			continue
		}
		id, known := p.known(term)
		if !known || !p.dict.spelt(w) {
			return nil, 0, false
		}
		if n := len(p.of(id)); least == 0 || n < least {
			least = n
		}
		terms = append(terms, term)
	}
	return terms, least, len(terms) > 0
}

// nearStopWord reports whether a word is one slip away from a stop word of
// the question's language, which is likelier meant than anything rarer.
func (r *reading) nearStopWord(word string) bool {
	letters := []rune(fold(word))
	if len(letters) < spellMin || len(letters) > spellMax {
		return false
	}
	for stop := range r.tongue.stop {
		if len(stop) >= spellMin && distance(letters, stop, 1) <= 1 {
			return true
		}
	}
	return false
}

// terms gives the words, each once, with how often they occur.
func (r *reading) terms() []queryTerm {
	var out []queryTerm
	at := map[string]int{}
	for i, w := range r.words {
		if w.n == 0 {
			continue
		}
		first, ok := at[r.keys[i]]
		if !ok {
			at[r.keys[i]] = len(out)
			out = append(out, w)
			continue
		}
		have := &out[first]
		have.n++
		if have.idf < w.idf || len(have.means) < len(w.means) {
			have.idf, have.means = w.idf, w.means // one of them has a neighbour that makes it a name
		}
	}
	return out
}

// Respell puts words right in a text.
func Respell(text string, list []chat.Respelling) string {
	if len(list) == 0 {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
		if n < 0 {
			n = len(text)
		}
		word := text[:n]
		at := slices.IndexFunc(list, func(r chat.Respelling) bool { return r.From == strings.ToLower(word) })
		if n > 0 && at >= 0 {
			word = list[at].To
		}
		rest := text[n:]
		m := cmp.Or(max(strings.IndexFunc(rest, unicode.IsLetter), 0), 0)
		if strings.IndexFunc(rest, unicode.IsLetter) < 0 {
			m = len(rest)
		}
		out.WriteString(word)
		out.WriteString(rest[:m])
		text = rest[m:]
	}
	return out.String()
}
