package ground

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// source is a Source that was read.
type source struct {
	Source
	lex     *lexer
	title   []item
	english bool // its sentences can be followed
	units   []*unit
}

// unit is the smallest part of a source that can support a sentence: a
// sentence, a step, a cell of a table with the names of its row and column.
type unit struct {
	kind    knowledge.PieceKind
	span    chat.Span
	text    string
	low     string   // for comparing word for word
	items   []item   // of the unit itself, in order
	around  []item   // of what it stands under: title, headings, what introduces it
	links   []string // keys of the addresses that it leads to
	group   int      // of the list, table or paragraph that it is part of
	section int
	cell    bool             // a cell: items of its row's and column's name come first
	keys    int              // of a cell: how many items are its row's name
	heading []item           // and its column's
	others  [][]item         // and the other columns'
	columns map[string]bool  // of a row or cell: the words of the names of all columns
	leans   bool             // it points back at the unit before
	rivals  bool             // its row has another cell with a value of the same kind
	all     []item           // items and around, whose targets are places in it
	at      map[string][]int // by key: places in all of telling items
}

// readSource cuts a source into units.
func readSource(lex *lexer, s Source) *source {
	src := &source{Source: s, lex: lex, english: isEnglish(s.Title + "\n" + s.Body)}
	src.title = leveled(lex.items(s.Title), levelTitle, asks(s.Title))
	r := unitReader{source: src}
	pieces := knowledge.Pieces(s.Body, chat.Span{Start: 0, End: len(s.Body)})
	for i, p := range pieces {
		r.piece(p, i > 0 && pieces[i-1].Kind == p.Kind)
	}
	for _, u := range src.units {
		u.index()
	}
	return src
}

// level says how near to a unit an item stands.
type level uint8

const (
	levelUnit level = iota
	levelIntro
	levelHeading
	levelTitle
)

// leveled gives a copy of items for what stands under them; asks says that they ask
// something rather than state it.
func leveled(items []item, l level, asks bool) []item {
	out := slices.Clone(items)
	for i := range out {
		out[i].level, out[i].asks = l, asks
	}
	return out
}

var questionWords = set("can could do does did is are am was will would should may how why where when if what who which")

// asks reports whether a title or heading is a question: what it holds is then not stated.
func asks(text string) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), " ")
	return strings.Contains(text, "?") || questionWords[first] && first != "what"
}

// unitReader makes units of pieces.
type unitReader struct {
	*source
	heading []item // of the section
	intro   []item // of the list or table
	last    []item // of the sentence before
	group   int
	section int
}

func (r *unitReader) piece(p knowledge.Piece, same bool) {
	if !same || p.Kind == knowledge.PieceSentence {
		r.group++
	}
	items := r.lex.items(answered.ReplaceAllString(p.Text, ""))
	switch p.Kind {
	case knowledge.PieceHeading:
		r.section++
		r.heading, r.intro, r.last = leveled(items, levelHeading, asks(p.Text)), nil, nil
		return
	case knowledge.PieceRow:
		r.row(p)
		return
	case knowledge.PieceSentence, knowledge.PieceLine:
		leans := leansBack(p.Text)
		u := r.unit(p, items)
		u.leans = leans
		if leans {
			u.under(r.last)
		}
		r.last = leveled(items, levelIntro, false)
		r.intro = nil
		if strings.HasSuffix(strings.TrimSpace(p.Text), ":") {
			r.intro = r.last
		}
	default:
		u := r.unit(p, items)
		u.under(r.intro)
	}
}

func (r *unitReader) unit(p knowledge.Piece, items []item) *unit {
	u := &unit{kind: p.Kind, span: p.Span, text: p.Text, items: items, group: r.group, section: r.section}
	u.under(r.title)
	u.under(r.heading)
	u.links = linksIn(r.Body[p.Span.Start:p.Span.End])
	r.units = append(r.units, u)
	return u
}

// linkTarget is where a link of Markdown or HTML leads.
var linkTarget = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)|href\s*=\s*["']([^"']+)|<((?:https?:|mailto:)[^>\s]+)>`)

// linksIn gives the keys of the addresses that a piece of Markdown leads to.
func linksIn(markdown string) []string {
	var out []string
	for _, m := range linkTarget.FindAllStringSubmatch(markdown, -1) {
		out = append(out, addressKey(cmp.Or(m[1], m[2], m[3])))
	}
	return out
}

// row makes a unit of a table's row as it stands, and one of each cell with
// the names of its row and column.
func (r *unitReader) row(p knowledge.Piece) {
	whole := r.unit(p, r.lex.items(p.Text))
	whole.under(r.intro)
	header, cells := p.Header, p.Cells
	columns := map[string]bool{}
	for _, h := range header[min(1, len(header)):] {
		for _, it := range r.lex.items(h) {
			columns[it.key] = true
		}
	}
	whole.columns = columns
	whole.keys = 0
	if len(cells) > 0 {
		whole.keys = len(r.lex.items(cells[0]))
	}
	if len(cells) < 2 {
		return
	}
	for c := 1; c < len(cells); c++ {
		head := ""
		if c < len(header) {
			head = header[c]
		}
		u := r.unit(p, r.lex.items(cells[0]+" | "+head+" | "+cells[c]))
		u.under(r.intro)
		u.cell, u.keys, u.heading = true, whole.keys, r.lex.items(head)
		for o := 1; o < len(header); o++ {
			if o != c {
				u.others = append(u.others, r.lex.items(header[o]))
			}
		}
		u.links, u.columns = whole.links, columns
		u.rivals = rivals(r.lex, cells, c)
	}
}

// rivals reports whether a row has a value of the same kind as cell c's in another cell.
func rivals(lex *lexer, cells []string, c int) bool {
	for _, it := range lex.items(cells[c]) {
		for o := 1; o < len(cells); o++ {
			if o != c && it.kind == itemValue && slices.ContainsFunc(lex.items(cells[o]), func(v item) bool { return v.kind == itemValue && v.value.alike(it.value) }) {
				return true
			}
		}
	}
	return false
}

// under notes what a unit stands under.
func (u *unit) under(items []item) {
	at := len(u.items) + len(u.around)
	for _, it := range items {
		if it.target >= 0 {
			it.target += at
		}
		u.around = append(u.around, it)
	}
}

var backward = set("it its this that these those they them their he his she her such both")

// leansBack reports whether a sentence begins with a word that points at the
// one before.
func leansBack(sentence string) bool {
	f := strings.Fields(strings.ToLower(sentence))
	return len(f) > 0 && backward[strings.Trim(f[0], ",.'’\"“")]
}
