package bot

import (
	"slices"
	"strings"

	"frontdesk/knowledge"
)

const (
	// maxWords is how long running text of an answer may get: what a reader
	// takes in without scrolling on a phone.
	maxWords = 120
	// enoughWords: a shorter answer takes in what stands before its lead.
	enoughWords = 60
	// nearLead is the share of the lead's score that another section needs.
	nearLead = .6
	// fewEnough: a list of points up to this long is quoted whole.
	fewEnough = 160
	// maxRows bounds a table that is quoted whole.
	maxRows = 20
)

// cut picks the pieces to quote: the lead and what follows it in its section,
// at most about maxWords, but always whole lists of steps. A table is cut to
// the row that the question names, where one clearly is. An answer that is
// still short goes on with the next best part of another section that was read.
func (p passage) cut(question string) []int {
	if p.lead < 0 {
		return nil
	}
	out := p.around(question, p.lead, maxWords)
	if words := p.count(out); words < enoughWords {
		if next := p.nextBest(out); next >= 0 {
			if more := p.around(question, next, maxWords-words); p.count(more) <= maxWords-words {
				out = append(out, more...)
			}
		}
	}
	return out
}

// nextBest gives the piece of another section that answers nearly as well as
// the lead, -1 if there is none.
func (p passage) nextBest(picked []int) int {
	start, end := p.section(p.lead)
	best := -1
	for i, k := range p.pieces {
		near := k.score >= nearLead*p.pieces[p.lead].score && (best < 0 || k.score > p.pieces[best].score)
		if near && (i < start || i >= end) && k.chunk > 0 && k.Kind != knowledge.PieceHeading && !k.barred {
			best = i
		}
	}
	return best
}

// around picks a piece's group and its surroundings in its section, in order
// of the text.
func (p passage) around(question string, lead, limit int) []int {
	groups, at := p.groups(question, lead)
	first, last := at, at
	words := p.count(groups[at])
	for last+1 < len(groups) && (words+p.count(groups[last+1]) <= limit || p.introduces(groups[last])) {
		last++
		words += p.count(groups[last])
	}
	for first > 0 && (first == at && p.needsIntro(groups[first]) || words < enoughWords && words+p.count(groups[first-1]) <= limit) {
		first--
		words += p.count(groups[first])
	}
	var out []int
	for _, g := range groups[first : last+1] {
		out = append(out, g...)
	}
	return out
}

// section gives the range of pieces around i without a heading between.
func (p passage) section(i int) (start, end int) {
	start, end = i, i+1
	for start > 0 && p.pieces[start-1].Kind != knowledge.PieceHeading {
		start--
	}
	for end < len(p.pieces) && p.pieces[end].Kind != knowledge.PieceHeading {
		end++
	}
	return start, end
}

// sayable drops from picked pieces what is never said.
func (p passage) sayable(picked []int) []int {
	return slices.DeleteFunc(slices.Clone(picked), func(i int) bool { return p.pieces[i].barred || p.pieces[i].blank })
}

// groups gives the section around the lead as groups that are kept or left
// out as a whole (a sentence, a list, the rows of a table), and which of them
// holds the lead.
func (p passage) groups(question string, lead int) (groups [][]int, at int) {
	start, end := p.section(lead)
	for i := start; i < end; {
		_, next := p.run(i)
		if i <= lead && lead < next {
			at = len(groups)
		}
		switch p.pieces[i].Kind {
		case knowledge.PieceStep:
			groups = append(groups, p.list(max(i, min(lead, next-1))))
		case knowledge.PieceRow:
			groups = append(groups, p.rows(question, i))
		default:
			groups = append(groups, []int{i})
		}
		i = next
	}
	return groups, at
}

// introduces reports whether a group ends in a colon: what follows belongs to it.
func (p passage) introduces(group []int) bool {
	return strings.HasSuffix(strings.TrimSpace(p.pieces[group[len(group)-1]].Text), ":")
}

// needsIntro reports whether a group is not understood without the sentence
// before it: a list, a table, code, or a sentence that points back.
func (p passage) needsIntro(group []int) bool {
	k := p.pieces[group[0]]
	return k.Kind != knowledge.PieceSentence || leansBack(k.Text)
}

// list gives the list around the step at i: all of it if it is numbered or
// short, else the step and those after it.
func (p passage) list(i int) []int {
	start, end := p.run(i)
	all := span(start, end)
	if p.isOrdered(i) || p.count(all) <= fewEnough {
		return all
	}
	var out []int
	words := 0
	for j := max(i, start); j < end && (words == 0 || words+p.count([]int{j}) <= maxWords); j++ {
		out = append(out, j)
		words += p.count([]int{j})
	}
	return out
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

// run gives the range of neighbours of the same kind around i: a list, a
// table. A sentence or code stands alone.
func (p passage) run(i int) (start, end int) {
	kind := p.pieces[i].Kind
	if kind != knowledge.PieceStep && kind != knowledge.PieceRow {
		return i, i + 1
	}
	start, end = i, i+1
	for start > 0 && p.pieces[start-1].Kind == kind {
		start--
	}
	for end < len(p.pieces) && p.pieces[end].Kind == kind {
		end++
	}
	return start, end
}

func (p passage) count(group []int) int {
	n := 0
	for _, i := range group {
		n += len(strings.Fields(p.pieces[i].Text))
	}
	return n
}

func span(start, end int) []int {
	out := make([]int, 0, end-start)
	for i := start; i < end; i++ {
		out = append(out, i)
	}
	return out
}

var backward = set("it its this that these those they them their he she his her such then however therefore otherwise also instead but and so there both either")

// leansBack reports whether a sentence begins with a word that points at the
// one before.
func leansBack(sentence string) bool {
	w := words(sentence)
	return len(w) > 0 && backward[w[0]]
}
