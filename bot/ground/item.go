package ground

import (
	"strings"

	"frontdesk/knowledge"
)

// item is what a text tells, or what binds what it tells.
type item struct {
	kind    itemKind
	key     string // what it is compared by
	alt     string // another key that will do: the stem of a word with a synonym; may be empty
	text    string // as written
	from    int    // its first byte in the text
	to      int
	clause  int // number of its clause, from 0
	segment int // number of what could be a sentence of its own, from 0
	name    bool
	opens   bool // it begins a sentence, cell or label
	cut     bool // a sentence of its own may begin here
	bare    bool // it is the first word of its clause: that of a command
	value   value
	target  int // of an operator: index of the item that it binds to, -1 if there is none
	level   level
	asks    bool // it is part of a question
}

type itemKind uint8

const (
	itemWord itemKind = iota
	itemValue
	itemCode
	itemAddress
	itemOp
)

// telling reports whether a source must hold an item.
func (t item) telling() bool { return t.kind != itemOp }

// lexer turns texts into items. It keeps the stems that it made, and is for
// one goroutine.
type lexer struct {
	stems map[string]string
	words *lexicon
}

func newLexer() *lexer { return &lexer{stems: map[string]string{}, words: english()} }

// stem gives the search term of a word, itself where search passes over it.
func (l *lexer) stem(word string) string {
	if s, ok := l.stems[word]; ok {
		return s
	}
	s := word
	if terms := knowledge.TermsIn("en", word); len(terms) > 0 {
		s = terms[len(terms)-1]
	}
	l.stems[word] = s
	return s
}

// items reads a text.
func (l *lexer) items(text string) []item {
	r := reading{lexer: l, raw: scan(text), begun: map[int]bool{}}
	for r.at < len(r.raw) {
		r.step()
	}
	r.bind()
	return r.out
}

// reading is a text while it is read.
type reading struct {
	*lexer
	raw     []raw
	at      int
	clause  int
	segment int
	out     []item
	bounds  []boundAt
	comma   bool         // the last sign was a comma
	cut     bool         // a sentence of its own may begin with the next item
	begun   map[int]bool // by clause: it has a word that matters
}

// boundAt is a bound that stands before out[before].
type boundAt struct {
	means  string
	before int
	raw    int
}

// word gives the word i places on, "" for anything else.
func (r *reading) word(i int) string {
	if r.at+i >= len(r.raw) || r.raw[r.at+i].what == rawSign && r.raw[r.at+i].low != "°" {
		return ""
	}
	return r.raw[r.at+i].low
}

func (r *reading) add(it item, n int) {
	first, last := r.raw[r.at], r.raw[r.at+n-1]
	it.from, it.to, it.opens = first.from, last.to, first.opens
	if it.text == "" {
		it.text = first.text
	}
	it.clause, it.segment, it.target = r.clause, r.segment, -1
	it.cut, r.cut = r.cut, false
	it.bare = !r.begun[r.clause] && it.kind != itemOp
	r.begun[r.clause] = r.begun[r.clause] || it.key != opAnd
	r.out = append(r.out, it)
	r.at += n
	r.comma = false
}

// step reads the next item.
func (r *reading) step() {
	t := r.raw[r.at]
	if v, n := r.value(); n > 0 {
		r.add(item{kind: itemValue, key: v.key(), alt: v.otherKey(), value: v}, n)
		return
	}
	switch t.what {
	case rawSign:
		r.sign(t)
		return
	case rawAddress:
		r.add(item{kind: itemAddress, key: addressKey(t.text), name: true}, 1)
		return
	case rawCode:
		r.add(item{kind: itemCode, key: strings.ToLower(t.text), name: true}, 1)
		return
	case rawNumber: // a version or the like: value() takes all others
		r.add(item{kind: itemCode, key: t.low, name: true}, 1)
		return
	}
	r.plain()
}

func (r *reading) sign(t raw) {
	switch t.text {
	case ",", "(", ")", "–", "—", "\"", "“", "”":
		r.clause++
		r.comma = true
	case ".", "!", "?", ";", "|", ":", "•", "…":
		r.clause++
		r.segment++
		r.cut = t.text != ":" && t.text != "|"
	case "-":
		if !t.glued {
			r.clause++
			r.comma = true
		}
	}
	r.at++
}

// openers are the words that begin a clause.
var openers = set("and or but because so if unless when whenever while which until before after then although though whereas once provided where except")

// coordinators begin what could be a sentence of its own, behind a comma.
var coordinators = set("and or but so while whereas")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// beforeCommand are light words that may stand before a command.
var beforeCommand = set("then next now first firstly finally lastly please simply just also and so to afterwards afterward otherwise")

// plain reads a word or phrase.
func (r *reading) plain() {
	senses, n := match(r.words.phrases, r.word)
	low := r.raw[r.at].low
	if openers[low] {
		r.clause++
		if r.comma && coordinators[low] {
			r.segment++
			r.cut = true
		}
	}
	if n > 0 {
		if bound := is(senses, "bound"); bound != "" {
			behind := len(r.out) > 0 && r.out[len(r.out)-1].kind == itemValue && (low == "or" || low == "and")
			if !behind && (low == "or" || low == "and") {
				r.add(item{kind: itemOp, key: low}, 1) // "and up to 8"
				return
			}
			if !behind && !r.beforeValue(n) && is(senses, "op") == "" && is(senses, "light") == "" && is(senses, "same") == "" {
				r.add(item{kind: itemWord, key: "bound " + bound}, n)
				return
			}
			if behind || r.beforeValue(n) {
				r.bounds = append(r.bounds, boundAt{means: bound, before: len(r.out), raw: r.at})
				r.at += n
				return
			}
		}
		if op := is(senses, "op"); op != "" {
			r.add(item{kind: itemOp, key: strings.ReplaceAll(op, " ", "_")}, n)
			return
		}
		if n == 1 && places[low] && r.last() {
			r.add(item{kind: itemWord, key: low}, 1) // "it is on"
			return
		}
		if (is(senses, "light") != "" || is(senses, "lead") != "" && !r.begun[r.clause]) && !r.isName(n) {
			r.begun[r.clause] = r.begun[r.clause] || !beforeCommand[low]
			r.at += n
			r.comma = false
			return
		}
		if same := is(senses, "same"); same != "" {
			alt := ""
			if n == 1 {
				alt = r.stem(low)
			}
			r.add(item{kind: itemWord, key: "=" + same, alt: alt, name: r.isName(1)}, n)
			return
		}
	}
	r.add(item{kind: itemWord, key: r.stem(low), name: r.isName(1)}, 1)
}

// places are light words that tell where or how something is, when nothing
// follows them.
var places = set("on off in out there here done over through")

// last reports whether no word follows the one here in its clause.
func (r *reading) last() bool {
	return r.at+1 == len(r.raw) || r.raw[r.at+1].what == rawSign
}

// isName reports whether the word here is written as a name: with a capital
// where no sentence begins.
func (r *reading) isName(n int) bool {
	t := r.raw[r.at]
	if n != 1 || t.what != rawWord || t.low == "i" {
		return false
	}
	if t.capital && !t.opens {
		return true
	}
	return len(t.text) > 1 && strings.ContainsFunc(t.text[1:], func(c rune) bool { return 'A' <= c && c <= 'Z' })
}

// bind binds operators to what follows them, and bounds to values.
func (r *reading) bind() {
	for _, b := range r.bounds {
		r.bindBound(b)
	}
	for i := range r.out {
		if r.out[i].kind != itemOp {
			continue
		}
		for j := i + 1; j < len(r.out) && r.out[j].segment == r.out[i].segment; j++ {
			if r.out[j].kind != itemOp {
				r.out[i].target = j
				break
			}
		}
		for j := i - 1; j >= 0 && r.out[i].target < 0 && r.out[j].segment == r.out[i].segment; j-- {
			if r.out[j].kind != itemOp {
				r.out[i].target = j
			}
		}
		if r.out[i].target < 0 && r.out[i].key == opNot {
			r.out[i].kind, r.out[i].key = itemWord, "no" // all that a cell says
		}
	}
}

// bindBound binds a bound to the value behind it, else to the one right before it.
func (r *reading) bindBound(b boundAt) {
	for j := b.before; j < len(r.out) && j <= b.before+2; j++ {
		if r.out[j].kind == itemValue && r.out[j].value.bound == "" {
			r.out[j].value.bound = b.means
			r.out[j].key = r.out[j].value.key()
			return
		}
	}
	if j := b.before - 1; j >= 0 && r.out[j].kind == itemValue && r.out[j].value.bound == "" {
		r.out[j].value.bound = b.means
		r.out[j].key = r.out[j].value.key()
	}
}
