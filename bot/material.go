package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// material gives what the answer may be worded out of: the articles that it
// cites, and no others that were found. Those were not judged to answer this,
// and what they say truly of one thing is wrong of another. It gives none where
// nothing tells which of two articles is right: wording them as one answer
// would hide that.
func (e *Engine) material(f findings) []Material {
	if f.both {
		return nil
	}
	var out []Material
	for _, c := range f.quoted.citations {
		at := slices.IndexFunc(f.result.Articles, func(a knowledge.ArticleHit) bool { return a.Document.Version == c.Version })
		if at < 0 || f.result.Articles[at].Document.Visibility != knowledge.Public {
			return nil
		}
		out = append(out, e.materialOf(f, f.result.Articles[at].Document, c))
	}
	return out
}

func (e *Engine) materialOf(f findings, doc *knowledge.Document, c chat.Citation) Material {
	body := []byte(doc.Body)
	for _, at := range unseen.FindAllStringIndex(doc.Body, -1) {
		blankOut(body[at[0]:at[1]])
	}
	for _, p := range e.reading(doc).pieces() {
		if p.barred {
			blankOut(body[p.Span.Start:p.Span.End])
		}
	}
	return Material{Citation: c, Body: string(body), Locale: doc.Locale, Links: e.linksIn(f.turn.Workspace, doc)}
}

// blankOut overwrites words and keeps the lines.
func blankOut(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

// linkTarget is where a Markdown link leads to.
var linkTarget = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)`)

// linksIn gives the addresses of the articles that a document's links lead to,
// by what stands in the document; nil if there are none.
func (e *Engine) linksIn(ws uuid.UUID, doc *knowledge.Document) map[string]string {
	link := e.links(ws, doc)
	if link == nil || !strings.Contains(doc.Body, "](") {
		return nil
	}
	var out map[string]string
	for _, m := range linkTarget.FindAllStringSubmatch(doc.Body, -1) {
		address := link(m[1])
		if address == "" {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[m[1]] = address
	}
	return out
}

// core gives those statements of an answer that it stands or falls with; the
// first one where none of those is said.
func (p passage) core(question string, q quoted) []chat.Statement {
	if len(q.statements) == 0 || p.lead < 0 {
		return nil
	}
	var out []chat.Statement
	for _, i := range p.corePieces(question) {
		if at := slices.IndexFunc(q.statements, func(s chat.Statement) bool { return s.Span == p.pieces[i].Span }); at >= 0 {
			out = append(out, q.statements[at])
		}
	}
	if out == nil {
		out = q.statements[:1:1]
	}
	return out
}

// corePieces gives all steps of the numbered list that holds the lead; of a
// lead that only introduces, what it introduces; else the lead.
func (p passage) corePieces(question string) []int {
	c := cutting{passage: p, parts: p.parts(question), taken: map[int]bool{}}
	lead := c.leading()
	if lead < 0 {
		return []int{p.lead}
	}
	of := func(some []int) (pieces []int) {
		for _, i := range some {
			pieces = append(pieces, c.parts[i].pieces...)
		}
		return pieces
	}
	switch {
	case p.pieces[p.lead].Kind == knowledge.PieceStep && p.number(p.lead) > 0:
		return slices.DeleteFunc(of([]int{lead}), func(i int) bool { return p.pieces[i].Kind != knowledge.PieceStep })
	case c.introduces(lead):
		if behind := of(slices.DeleteFunc(c.whole(lead), func(i int) bool { return i <= lead })); len(behind) > 0 {
			return behind
		}
	}
	return []int{p.lead}
}
