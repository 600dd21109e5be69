package words

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Piece is a part of a text, marked if it is what was looked for. The pieces
// of a text, put together, are the text.
type Piece struct {
	Text   string
	Marked bool
}

// lead is how many bytes of an excerpt may come before the first mark.
const lead = 40

// Excerpt gives at most max bytes of a text around the first place that q finds,
// with all that it finds in them marked. Where something is left out there is
// "…". Line breaks become spaces.
func (q Query) Excerpt(text string, max int) []Piece {
	text = strings.Join(strings.Fields(text), " ")
	marks := q.marks(text)
	start, end := 0, len(text)
	if end > max {
		if len(marks) > 0 {
			start = wordStart(text, marks[0].Start-lead)
		}
		end = wordEnd(text, start, start+max)
		if end == len(text) {
			start = min(start, wordStart(text, end-max))
		}
	}
	var out []Piece
	if start > 0 {
		out = add(out, "…", false)
	}
	at := start
	for _, m := range marks {
		if m.Start < start || m.End > end {
			continue
		}
		out = add(out, text[at:m.Start], false)
		out = add(out, text[m.Start:m.End], true)
		at = m.End
	}
	out = add(out, text[at:end], false)
	if end < len(text) {
		out = add(out, "…", false)
	}
	return out
}

// marks gives the places of a text that q finds, in order and apart.
func (q Query) marks(text string) []Word {
	found := Of(text)
	marked := make([]bool, len(found))
	for _, p := range q.Phrases {
		for _, i := range p.find(found) {
			for k := range p.Words {
				marked[i+k] = true
			}
		}
	}
	var out []Word
	for i, w := range found {
		if marked[i] {
			out = append(out, w)
		}
	}
	return out
}

// add joins pieces of one kind.
func add(out []Piece, text string, marked bool) []Piece {
	if text == "" {
		return out
	}
	if n := len(out); n > 0 && out[n-1].Marked == marked {
		out = slices.Clone(out)
		out[n-1].Text += text
		return out
	}
	return append(out, Piece{text, marked})
}

// wordStart gives the beginning of the word before or at a place; that of the
// text when the place is before it.
func wordStart(text string, at int) int {
	if at <= 0 {
		return 0
	}
	if i := strings.IndexByte(text[at:], ' '); i >= 0 && i < lead {
		return at + i + 1
	}
	for !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// wordEnd gives the end of the last whole word before a place.
func wordEnd(text string, start, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if i := strings.LastIndexByte(text[start:at], ' '); i > 0 {
		return start + i
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
