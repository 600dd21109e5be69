package knowledge

import (
	"crypto/sha256"
	"regexp"
	"slices"

	"frontdesk/chat"
	"frontdesk/internal/simd"
)

// What is searched of an article, beside its chunks: the questions that it
// answers (phrasings), one vector and one set of words each. What is not
// searched, and yet has a vector so that no question waits for it: its title and
// its pieces, out of which the bot makes answers.

// phrasingsOf gives the questions that an article answers: those that were
// accepted, and its lines, if it is nothing but a list of what customers say.
func phrasingsOf(d *Document, pieces []Piece) []Phrasing {
	out := slices.Clip(d.Questions)
	if listsPhrasings(pieces) {
		for _, p := range pieces {
			out = append(out, Phrasing{Text: p.Text, Hash: hashText(p.Text)})
		}
	}
	return out
}

const (
	// fewPhrasings is how many lines a list of phrasings has at least.
	fewPhrasings = 5
	// askingShare is the share of its lines that must sound like a customer. Of
	// 277 lists of phrasings 3 in 100 have less; of 1,200 web pages and help
	// articles in lines 6 in 100 have more.
	askingShare = .45
)

// asking is how customers speak and articles do not: questions, and the first person.
var asking = regexp.MustCompile(`(?i)\?|\b(i|i'm|i've|im|my|me|mine)\b|^(how|what|what's|whats|where|when|why|who|which|can|could|do|does|did|is|are|will|would|should|may|am|please|tell|show|give|help)\b`)

// listsPhrasings reports whether a text is a list of what customers say, one a line.
func listsPhrasings(pieces []Piece) bool {
	n := 0
	for _, p := range pieces {
		if p.Kind != PieceLine {
			return false
		}
		if asking.MatchString(p.Text) {
			n++
		}
	}
	return len(pieces) >= fewPhrasings && float64(n) >= askingShare*float64(len(pieces))
}

// derivedOf gives the texts of an article that are embedded beside its chunks
// and accepted questions: title, lines, pieces. The first of them count most.
func derivedOf(title string, pieces []Piece) []Pending {
	var out []Pending
	if title != "" {
		out = append(out, Pending{hashText(title), title})
	}
	for _, p := range pieces {
		if p.Kind != PieceHeading && p.Kind != PieceCode {
			out = append(out, Pending{hashText(p.Text), p.Text})
		}
	}
	return out
}

// texts gives everything of a Put that has a vector.
func (p Put) texts() []Pending {
	var out []Pending
	for _, c := range p.Chunks {
		out = append(out, Pending{c.Hash, c.Text})
	}
	return append(out, derivedOf(p.Title, Pieces(p.Body, chat.Span{Start: 0, End: len(p.Body)}))...)
}

func hashText(s string) Hash { return sha256.Sum256([]byte(s)) }

// Cosine is the similarity of a title's or a piece's text to the question,
// -1..1. It is false when the question or the text has no vector here (yet).
func (r Result) Cosine(text string) (float64, bool) {
	if r.Vector == nil || r.index == nil {
		return 0, false
	}
	v := r.index.derived[hashText(text)]
	if len(v) != len(r.Vector) {
		return 0, false
	}
	return float64(simd.Dot(r.Vector, v)), true
}
