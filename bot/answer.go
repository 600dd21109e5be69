package bot

import (
	"maps"
	"slices"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// quoted is an answer made of passages.
type quoted struct {
	picked     []int // the pieces of the first passage, also those that are not said
	text       string
	blocks     []chat.Block
	citations  []chat.Citation
	statements []chat.Statement
	core       []chat.Statement  // those that it stands or falls with
	links      map[string]string // what a link to another article says in the source, by its address
}

// quote makes an answer of the pieces that cut picks. It has no statements
// when nothing could be quoted.
func (p passage) quote(question string) quoted {
	q := p.say(1, p.cut(question))
	q.core = p.core(question, q)
	return q
}

// say makes an answer of pieces, as the citation of a number. A link to an
// article that is known keeps its address, and its words are in quotes where
// there is only text: they are a title.
func (p passage) say(number int, pieces []int) quoted {
	q := quoted{picked: pieces, links: map[string]string{}}
	picked := p.sayable(pieces)
	if len(picked) == 0 {
		return q
	}
	doc := p.hit.Document
	link := func(href string) string {
		if p.links == nil {
			return ""
		}
		address := p.links(href)
		if address != "" {
			q.links[address] = href
		}
		return address
	}
	spans := p.spans(picked)
	for _, s := range spans {
		q.blocks = append(q.blocks, knowledge.RenderSpan(doc.Body, s, link)...)
	}
	q.blocks = joinTables(q.blocks)
	q.text = knowledge.PlainText(quoteTitles(q.blocks, q.links))
	for i := range q.blocks {
		q.blocks[i] = withCite(q.blocks[i], number)
	}
	for _, i := range picked {
		q.statements = append(q.statements, chat.Statement{Text: p.pieces[i].Text, Citation: number, Span: p.pieces[i].Span})
	}
	q.citations = []chat.Citation{{
		N: number, Article: doc.ID, Version: doc.Version, Number: doc.Number, ExternalID: doc.ExternalID,
		Title: doc.Title, URL: doc.URL, Score: p.hit.Score, Spans: spans,
	}}
	return q
}

// and puts another answer behind q.
func (q quoted) and(next quoted) quoted {
	q.text += "\n\n" + next.text
	q.blocks = append(slices.Clone(q.blocks), next.blocks...)
	q.citations = append(slices.Clone(q.citations), next.citations...)
	q.statements = append(slices.Clone(q.statements), next.statements...)
	q.core = slices.Clone(q.core)
	for _, s := range next.core {
		s.Citation = next.citations[0].N
		q.core = append(q.core, s)
	}
	q.links = maps.Clone(q.links)
	maps.Copy(q.links, next.links)
	return q
}

// quoteTitles puts the words of links to other articles into quotes.
func quoteTitles(blocks []chat.Block, links map[string]string) []chat.Block {
	out := slices.Clone(blocks)
	for i, b := range out {
		out[i].Kids = quoteTitles(b.Kids, links)
		if _, ok := links[b.Href]; ok && b.T == "link" {
			out[i].Kids = slices.Concat([]chat.Block{{T: "text", Text: "“"}}, out[i].Kids, []chat.Block{{T: "text", Text: "”"}})
		}
	}
	return out
}

// spans joins pieces that follow each other without a gap.
func (p passage) spans(picked []int) []chat.Span {
	var out []chat.Span
	for n, i := range picked {
		s := p.pieces[i].Span
		if n > 0 && picked[n-1] == i-1 {
			out[len(out)-1].End = s.End
			continue
		}
		out = append(out, s)
	}
	return out
}

// joinTables makes one table of neighbours that have the same header, which
// come of rows that were picked one by one.
func joinTables(blocks []chat.Block) []chat.Block {
	var out []chat.Block
	for _, b := range blocks {
		if last := len(out) - 1; last >= 0 && b.T == "table" && out[last].T == "table" && sameHeader(out[last], b) {
			out[last].Kids = append(slices.Clone(out[last].Kids), b.Kids[1:]...)
			continue
		}
		out = append(out, b)
	}
	return out
}

func sameHeader(a, b chat.Block) bool {
	if len(a.Kids) == 0 || len(b.Kids) == 0 {
		return false
	}
	return knowledge.PlainText([]chat.Block{{T: "table", Kids: a.Kids[:1]}}) == knowledge.PlainText([]chat.Block{{T: "table", Kids: b.Kids[:1]}})
}

// withCite gives b with the citation's number at its end: in the last words
// that it holds, or after it where it cannot hold any.
func withCite(b chat.Block, n int) chat.Block {
	cite := chat.Block{T: "cite", N: n}
	switch b.T {
	case "p", "h", "th", "td":
		b.Kids = append(slices.Clone(b.Kids), cite)
	case "ul", "ol", "table", "tr", "quote", "note":
		b.Kids = slices.Clone(b.Kids)
		if last := len(b.Kids) - 1; last >= 0 {
			b.Kids[last] = withCite(b.Kids[last], n)
		}
	case "li":
		b.Kids = slices.Clone(b.Kids)
		last := len(b.Kids) - 1
		if last >= 0 && !holdsInline(b.Kids[last]) {
			b.Kids[last] = withCite(b.Kids[last], n)
		} else {
			b.Kids = append(b.Kids, cite)
		}
	case "pre", "hr":
		return chat.Block{T: "quote", Kids: []chat.Block{b, {T: "p", Kids: []chat.Block{cite}}}}
	default: // inline at the top: it becomes a paragraph
		return chat.Block{T: "p", Kids: []chat.Block{b, cite}}
	}
	return b
}

func holdsInline(b chat.Block) bool {
	switch b.T {
	case "p", "h", "ul", "ol", "table", "quote", "note", "pre", "hr":
		return false
	}
	return true
}
