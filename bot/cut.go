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
	// fewEnough: a list of points or a table up to this long is quoted whole.
	fewEnough = 160
	// maxRows bounds a table that is quoted whole.
	maxRows = 20
)

// cut picks the pieces to quote, in order: from the lead on to the end of its
// section, at most about maxWords, but always whole lists of steps. A table is
// cut to the row that the question names, where one clearly is.
func (p passage) cut(question string) []int {
	if p.lead < 0 {
		return nil
	}
	var out []int
	switch p.pieces[p.lead].Kind {
	case knowledge.PieceStep:
		out = p.withIntro(p.list(p.lead))
	case knowledge.PieceRow:
		out = p.withIntro(p.rows(question, p.lead))
	case knowledge.PieceCode:
		out = p.withIntro([]int{p.lead})
	default:
		out = p.onward(question)
	}
	return out
}

// sayable drops from picked pieces what is never said.
func (p passage) sayable(picked []int) []int {
	return slices.DeleteFunc(slices.Clone(picked), func(i int) bool { return p.pieces[i].barred || p.pieces[i].blank })
}

// onward takes the lead sentence and what follows it in its section.
func (p passage) onward(question string) []int {
	start := p.lead
	if start > 0 && p.pieces[start-1].Kind == knowledge.PieceSentence && leansBack(p.pieces[start].Text) {
		start--
	}
	var out []int
	words := 0
	for i := start; i < len(p.pieces); {
		k := p.pieces[i]
		if k.Kind == knowledge.PieceHeading {
			break
		}
		group := []int{i}
		switch k.Kind {
		case knowledge.PieceStep:
			group = p.list(i)
		case knowledge.PieceRow:
			group = p.rows(question, i)
		}
		size := p.count(group)
		introduced := i > start && strings.HasSuffix(strings.TrimSpace(p.pieces[i-1].Text), ":")
		if i > p.lead && words+size > maxWords && !introduced {
			break
		}
		out = append(out, group...)
		words += size
		i = p.runEnd(i)
	}
	return out
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

// withIntro puts the sentence before a list, table or code in front of it.
func (p passage) withIntro(group []int) []int {
	if len(group) == 0 {
		return nil
	}
	start, _ := p.run(group[0])
	if before := start - 1; before >= 0 && p.pieces[before].Kind == knowledge.PieceSentence {
		return append([]int{before}, group...)
	}
	return group
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

func (p passage) runEnd(i int) int {
	_, end := p.run(i)
	return end
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
