package words

import "strings"

// Query is what somebody looks for: every phrase has to be there.
type Query struct {
	Phrases []Phrase
}

// Phrase is words that follow each other.
type Phrase struct {
	Words  []string
	Prefix bool // the last word may go on
}

// maxPhrases bounds what a query asks of the index: nobody types as many on
// purpose, and a pasted letter is found by its beginning.
const maxPhrases = 12

// minPrefix is from how many signs on a word that is still being typed counts
// as the beginning of others: one letter begins too many.
const minPrefix = 2

// Parse reads what was typed. Words are apart at spaces; what else parts one
// ("ann@example.com", "KK-20418") makes a phrase of it, as quotes do. The last
// word, if it is not in quotes, may be the beginning of another. A query without
// a word finds nothing: Phrases is empty.
func Parse(typed string) Query {
	var q Query
	for i, part := range strings.Split(typed, `"`) {
		if i%2 == 1 { // in quotes, also when they are not closed yet
			q.add(part)
			continue
		}
		for chunk := range strings.FieldsSeq(part) {
			q.add(chunk)
		}
	}
	if n := len(q.Phrases); n > 0 && !strings.HasSuffix(strings.TrimSpace(typed), `"`) {
		last := &q.Phrases[n-1]
		last.Prefix = len(last.Words[len(last.Words)-1]) >= minPrefix
	}
	return q
}

func (q *Query) add(text string) {
	found := Of(text)
	if len(found) == 0 || len(q.Phrases) == maxPhrases {
		return
	}
	var p Phrase
	for _, w := range found {
		p.Words = append(p.Words, w.Text)
	}
	q.Phrases = append(q.Phrases, p)
}

// find gives the words of a text that p matches: index of the first, for each place.
func (p Phrase) find(text []Word) []int {
	var out []int
	for i := range text {
		if p.at(text[i:]) {
			out = append(out, i)
		}
	}
	return out
}

func (p Phrase) at(text []Word) bool {
	if len(text) < len(p.Words) {
		return false
	}
	last := len(p.Words) - 1
	for i, w := range p.Words[:last] {
		if text[i].Text != w {
			return false
		}
	}
	return text[last].Text == p.Words[last] || p.Prefix && strings.HasPrefix(text[last].Text, p.Words[last])
}

// Score is how well a text shows why it was found: how many of the phrases are
// in it.
func (q Query) Score(text string) int {
	found, n := Of(text), 0
	for _, p := range q.Phrases {
		if len(p.find(found)) > 0 {
			n++
		}
	}
	return n
}
