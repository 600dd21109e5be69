package bot

import (
	"slices"
	"strings"

	"frontdesk/knowledge"
)

const (
	// briefPieces is how many sentences, points or rows an agent reads in the
	// five seconds that a brief may take.
	briefPieces = 3
	// briefWords is how long they may be together, beyond the first part.
	briefWords = 50
)

// brief makes a short answer for an agent to send. Rows of a table are said in words.
func (p passage) brief(question string) quoted {
	if p.lead < 0 {
		return quoted{}
	}
	picked := p.briefly(question)
	q := p.say(1, picked)
	if said := p.inWords(picked); said != "" {
		q.text = said
	}
	return q
}

// briefly picks the part that holds the lead, with what goes with it, at most
// three sentences long. A list of steps stays whole, as half of one is of no use.
func (p passage) briefly(question string) []int {
	if p.lead < 0 {
		return nil
	}
	c := cutting{passage: p, parts: p.parts(question), taken: map[int]bool{}}
	first := c.whole(c.leading())
	c.take(first)
	var picked []int
	for _, i := range first {
		picked = append(picked, c.parts[i].pieces...)
	}
	if p.pieces[p.lead].Kind != knowledge.PieceStep || p.number(p.lead) == 0 {
		for _, i := range c.fill(briefWords, nearValue*p.pieces[p.lead].score) {
			picked = append(picked, c.parts[i].pieces...)
		}
		if len(picked) > briefPieces { // around the lead, not from the start
			at := max(0, slices.Index(picked, p.lead)-briefPieces+1)
			picked = picked[at : at+briefPieces]
		}
	}
	return picked
}

// inWords says pieces that are all sentences or rows without a table:
// "Austria: Cost 6.90 €, Free from 90 €". "" if there is another kind.
func (p passage) inWords(picked []int) string {
	var lines []string
	rows := false
	for _, i := range p.sayable(picked) {
		switch p.pieces[i].Kind {
		case knowledge.PieceSentence:
			lines = append(lines, p.pieces[i].Text)
		case knowledge.PieceRow:
			rows = true
			lines = append(lines, p.rowInWords(i))
		default:
			return ""
		}
	}
	if !rows {
		return ""
	}
	return strings.Join(lines, "\n")
}

func (p passage) rowInWords(row int) string {
	header, cells := p.cells(row)
	if len(cells) < 2 {
		return p.pieces[row].Text
	}
	var said []string
	for i, c := range cells[1:] {
		if missingCell(c) {
			continue
		}
		if i+1 < len(header) && header[i+1] != "" {
			c = header[i+1] + " " + c
		}
		said = append(said, c)
	}
	return cells[0] + ": " + strings.Join(said, ", ")
}
