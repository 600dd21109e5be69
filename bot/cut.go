package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"frontdesk/knowledge"
)

const (
	// maxWords is how long an answer may get, unless its lead is longer: what a
	// reader takes in at a glance on a phone. At 75 the answers of own, arduino_help
	// and bank_questions hold as many of the facts as when they went on through
	// the section to 120 words (.76 of those of 153 questions), and the longest
	// tenth begins at 93, 106 and 77 words instead of 113, 135 and 72.
	maxWords = 75
	// valueWords is the same where a value is asked for and the lead holds it.
	valueWords = 50
	// afterList is how much may follow a list of steps, however long it is.
	afterList = 30
	// nearLead is the share of the lead's score that another part needs, and
	// nearValue the same beside a lead that holds the value asked for.
	nearLead  = .3
	nearValue = .8
	// behindIt and beforeIt are what standing right behind or before a part that
	// is quoted counts for: people write together what belongs together.
	behindIt = .3
	beforeIt = .2
	// maxRows bounds a table that is quoted whole.
	maxRows = 20
	// maxIntro is how many parts may be needed in front of another.
	maxIntro = 2
	// introWords is the most words of a sentence that leads to a list or a
	// table without a colon.
	introWords = 20
)

// part is what is quoted or left out as a whole: a sentence, a list of steps,
// a point of a list with those under it, a row of a table, code.
type part struct {
	pieces []int
	score  float64 // of its best piece
	words  int
}

// cut picks the pieces to quote. The part that holds the lead comes first,
// with what it cannot be understood without; then, in order of the text, the
// parts that answer nearly as well, until the answer is long enough. A list of
// steps is never cut, whatever its length; a table is cut to the row that the
// question names, where one clearly is.
func (p passage) cut(question string) []int {
	if p.lead < 0 {
		return nil
	}
	c := cutting{passage: p, parts: p.parts(question), taken: map[int]bool{}}
	first := c.whole(c.leading())
	c.take(first)
	limit, least := max(maxWords, c.words+afterList), nearLead
	if kind := valueAsked(question); kind != "" && c.holds(kind, first) {
		limit, least = valueWords, nearValue
	}
	rest := c.fill(limit, least*p.pieces[p.lead].score)
	slices.Sort(rest)
	var out []int
	for _, i := range append(first, rest...) {
		out = append(out, c.parts[i].pieces...)
	}
	return out
}

// cutting is a cut under way.
type cutting struct {
	passage
	parts []part
	taken map[int]bool
	words int // of the parts taken
}

// leading is the part that holds the lead, or the table whose row does.
func (c *cutting) leading() int {
	for i, g := range c.parts {
		if slices.Contains(g.pieces, c.lead) {
			return i
		}
	}
	start, end := c.run(c.lead)
	return slices.IndexFunc(c.parts, func(g part) bool { return g.pieces[0] >= start && g.pieces[0] < end })
}

// take notes that parts are quoted.
func (c *cutting) take(some []int) {
	for _, i := range some {
		c.taken[i] = true
		c.words += c.parts[i].words
	}
}

// fill takes the best parts with a score of least or more, until limit words
// are reached, and gives them in the order of their scores.
func (c *cutting) fill(limit int, least float64) (out []int) {
	tooLong := map[int]bool{}
	for {
		best, score := -1, 0.0
		for i := range c.parts {
			if s := c.score(i); !c.taken[i] && !tooLong[i] && s >= least && s > score {
				best, score = i, s
			}
		}
		if best < 0 {
			return out
		}
		more := slices.DeleteFunc(c.whole(best), func(i int) bool { return c.taken[i] })
		size := 0
		for _, i := range more {
			size += c.parts[i].words
		}
		if c.words+size > limit {
			tooLong[best] = true
			continue
		}
		c.take(more)
		out = append(out, more...)
	}
}

// score is how well a part goes with those that are taken; 0 for one that was
// not read or has nothing to say.
func (c *cutting) score(i int) float64 {
	s := c.parts[i].score
	if s <= 0 || len(c.sayable(c.parts[i].pieces)) == 0 {
		return 0
	}
	if i > 0 && c.taken[i-1] && c.sameSection(i-1) {
		s += behindIt
	}
	if c.taken[i+1] && c.sameSection(i) {
		s += beforeIt
	}
	return s
}

// holds reports whether one of some parts holds a value of a kind.
func (c *cutting) holds(kind valueKind, some []int) bool {
	for _, i := range some {
		for _, j := range c.parts[i].pieces {
			if holdsValue(kind, c.pieces[j].Text) {
				return true
			}
		}
	}
	return false
}

// whole gives the part at i with those around it that it is not understood
// without: what introduces it or what it points back to, and what it introduces.
func (c *cutting) whole(i int) []int {
	start, end := i, i
	for start > 0 && i-start < maxIntro && c.sameSection(start-1) && c.leans(start) {
		start--
	}
	for end+1 < len(c.parts) && c.sameSection(end) && c.introduces(end) {
		end = c.lastPoint(end + 1)
	}
	out := span(start, end+1)
	if head := c.head(start); head >= 0 {
		out = append([]int{head}, out...)
	}
	return out
}

// head gives the part with a colon that introduces the list in whose midst
// part i is a point, -1 if there is none.
func (c *cutting) head(i int) int {
	start, _ := c.run(c.parts[i].pieces[0])
	first := i
	for first > 0 && c.parts[first-1].pieces[0] >= start {
		first--
	}
	if first == i || first == 0 || !c.sameSection(first-1) || !c.introduces(first-1) {
		return -1
	}
	return first - 1
}

// lastPoint gives the last of the points of a list that begins at part i, as
// far as maxWords reach; i itself where none begins.
func (c *cutting) lastPoint(i int) int {
	_, end := c.run(c.parts[i].pieces[0])
	words := c.parts[i].words
	for i+1 < len(c.parts) && c.parts[i+1].pieces[0] < end && words+c.parts[i+1].words <= maxWords {
		i++
		words += c.parts[i].words
	}
	return i
}

// sameSection reports whether there is no heading between part i and the next.
func (c *cutting) sameSection(i int) bool {
	a, b := c.parts[i].pieces, c.parts[i+1].pieces
	for j := a[len(a)-1] + 1; j < b[0]; j++ {
		if c.pieces[j].Kind == knowledge.PieceHeading {
			return false
		}
	}
	return true
}

// leans reports whether part i is not understood without the one before it: a
// list, a table or code behind a sentence, or a sentence that points back.
func (c *cutting) leans(i int) bool {
	before := c.parts[i-1]
	if c.pieces[before.pieces[len(before.pieces)-1]].Kind != knowledge.PieceSentence {
		return false
	}
	first := c.pieces[c.parts[i].pieces[0]]
	if first.Kind != knowledge.PieceSentence {
		return c.introduces(i-1) || before.words <= introWords
	}
	return leansBack(first.Text)
}

// introduces reports whether part i ends in a colon or asks something: what
// follows belongs to it.
func (c *cutting) introduces(i int) bool {
	last := c.parts[i].pieces[len(c.parts[i].pieces)-1]
	text := strings.TrimSpace(c.pieces[last].Text)
	return strings.HasSuffix(text, ":") || c.pieces[last].Kind == knowledge.PieceSentence && strings.HasSuffix(text, "?")
}

// sayable drops from picked pieces what is never said.
func (p passage) sayable(picked []int) []int {
	return slices.DeleteFunc(slices.Clone(picked), func(i int) bool { return p.pieces[i].barred || p.pieces[i].blank })
}

// parts gives the article in parts, in order. Headings are in none.
func (p passage) parts(question string) []part {
	var out []part
	add := func(pieces []int) {
		g := part{pieces: pieces}
		for _, i := range pieces {
			g.words += len(strings.Fields(p.pieces[i].Text))
			if !p.pieces[i].barred {
				g.score = max(g.score, p.pieces[i].score)
			}
		}
		out = append(out, g)
	}
	for i := 0; i < len(p.pieces); {
		_, end := p.run(i)
		switch p.pieces[i].Kind {
		case knowledge.PieceHeading:
		case knowledge.PieceStep:
			for _, g := range p.points(i, end) {
				add(g)
			}
		case knowledge.PieceRow:
			add(p.rows(question, i))
		default:
			add([]int{i})
		}
		i = end
	}
	return out
}

// points gives the lists from start to end: one that is numbered as a whole,
// any other point by point. What is moved in goes with the point above it.
func (p passage) points(start, end int) [][]int {
	var out [][]int
	before, margin := 0, 0 // number and indent of the last point
	for i := start; i < end; i++ {
		number := p.number(i)
		last := len(out) - 1
		if last >= 0 && p.indent(i) > margin {
			out[last] = append(out[last], i)
			continue
		}
		// Some writers number all steps with 1; else 1 begins another list.
		if goesOn := before > 0 && (number > before || number == 1 && before == 1); goesOn {
			out[last] = append(out[last], i)
		} else {
			out = append(out, []int{i})
		}
		before, margin = number, p.indent(i)
	}
	return out
}

// number gives the number of the step at i, 0 if it has none.
func (p passage) number(i int) int {
	start := p.pieces[i].Span.Start
	m := numberBefore.FindStringSubmatch(p.hit.Document.Body[start-p.column(i) : start])
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // at most nine digits
	return max(n, 1)           // a list may begin at 0
}

var numberBefore = regexp.MustCompile(`^[\s>]*(\d{1,9})[.)]\s`)

// indent is how far the line of the piece at i is moved in.
func (p passage) indent(i int) int {
	line := p.hit.Document.Body[p.pieces[i].Span.Start-p.column(i):]
	return len(line) - len(strings.TrimLeft(line, " \t"))
}

// rows gives the row that the question names, or the whole table. A row is
// named if it shares more of the question's words than any other.
func (p passage) rows(question string, i int) []int {
	start, end := p.run(i)
	want := stems(question)
	best, bestShare, tied := -1, 0.0, false
	for j := start; j < end; j++ {
		switch s := share(want, stems(p.pieces[j].Text)); {
		case s > bestShare:
			best, bestShare, tied = j, s, false
		case s == bestShare:
			tied = true
		}
	}
	if best >= 0 && !tied {
		return []int{best}
	}
	return span(start, min(end, start+maxRows))
}

// run gives the range of neighbours that belong together at i: a list, a
// table. What is moved in under a point of a list (code, a note) is part of it.
// Anything else stands alone.
func (p passage) run(i int) (start, end int) {
	kind := p.pieces[i].Kind
	if kind != knowledge.PieceStep && kind != knowledge.PieceRow {
		return i, i + 1
	}
	start, end = i, i+1
	for start > 0 && p.pieces[start-1].Kind == kind {
		start--
	}
	for end < len(p.pieces) && (p.pieces[end].Kind == kind || kind == knowledge.PieceStep && p.under(end)) {
		end++
	}
	return start, end
}

// under reports whether the piece at i, which follows a step, is code or a
// quote that is moved in under it.
func (p passage) under(i int) bool {
	k := p.pieces[i]
	line := k.Span.Start - p.column(i)
	quote := strings.HasPrefix(strings.TrimLeft(p.hit.Document.Body[line:], " \t"), ">")
	return p.indent(i) >= 2 && (k.Kind == knowledge.PieceCode || quote)
}

// column is how many bytes stand before the piece at i in its line.
func (p passage) column(i int) int {
	start := p.pieces[i].Span.Start
	return start - strings.LastIndexByte(p.hit.Document.Body[:start], '\n') - 1
}

func span(start, end int) []int {
	out := make([]int, 0, end-start)
	for i := start; i < end; i++ {
		out = append(out, i)
	}
	return out
}

var backward = set("it its this that these those they them their he his she her such then however therefore otherwise also instead but and so there both either")

// leansBack reports whether a sentence begins with a word that points at the
// one before.
func leansBack(sentence string) bool {
	w := words(sentence)
	return len(w) > 0 && backward[w[0]]
}
