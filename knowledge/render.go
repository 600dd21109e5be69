package knowledge

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"

	"frontdesk/chat"
)

// maxDepth bounds how deep blocks nest, so that no client's recursion is at
// an article's mercy: what lies deeper joins its parent.
const maxDepth = 16

// renderer walks the part of a page under clip.
type renderer struct {
	page
	clip  chat.Span
	marks []chat.Span
	links func(string) string
}

// blocks renders the child blocks of parent, whose source ends at end.
func (r *renderer) blocks(parent ast.Node, end, depth int) []chat.Block {
	var out []chat.Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		at, stop := n.Pos(), nextPos(n, end)
		if at >= r.clip.End {
			break
		}
		if stop > r.clip.Start {
			out = append(out, r.block(n, stop, depth)...)
		}
	}
	return out
}

func (r *renderer) block(n ast.Node, end, depth int) []chat.Block {
	switch n := n.(type) {
	case *ast.Heading:
		return filled(chat.Block{T: "h", N: n.Level, Kids: r.line(n, depth)})
	case *ast.Paragraph:
		return filled(chat.Block{T: "p", Kids: r.line(n, depth)})
	case *ast.TextBlock: // the text of an item in a tight list
		return r.line(n, depth)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return r.code(n, end)
	case *ast.HTMLBlock:
		return r.html(n)
	case *ast.ThematicBreak:
		if n.Pos() < r.clip.Start {
			return nil
		}
		return []chat.Block{{T: "hr"}}
	case *ast.Blockquote:
		return r.quote(n, end, depth)
	case *ast.List:
		return r.list(n, end, depth)
	case *extast.Table:
		return r.table(n, end, depth)
	case *ast.LinkReferenceDefinition:
		return nil
	}
	return r.blocks(n, end, depth)
}

// filled is b, unless it is empty.
func filled(b chat.Block) []chat.Block {
	if len(b.Kids) == 0 {
		return nil
	}
	return []chat.Block{b}
}

func (r *renderer) code(n ast.Node, end int) []chat.Block {
	at := chat.Span{Start: n.Pos(), End: end}
	if at = trim(r.src, at); !overlaps(at, r.clip) {
		return nil
	}
	var text bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		text.Write(line.Value(r.src))
	}
	pre := chat.Block{T: "pre", Text: clean(strings.TrimRight(text.String(), "\n"))}
	if r.marked(at) {
		return []chat.Block{{T: "mark", Kids: []chat.Block{pre}}}
	}
	return []chat.Block{pre}
}

// alerts are the words that a "> [!WORD]" quote begins with, and what is put
// before it. A note or tip needs no word: it looks like one.
var alerts = map[string]string{"note": "", "tip": "", "important": "Important", "warning": "Warning", "caution": "Caution"}

func (r *renderer) quote(n ast.Node, end, depth int) []chat.Block {
	label, isNote := "", false
	skip := r.clip
	if p, ok := n.FirstChild().(*ast.Paragraph); ok {
		first := p.Lines().At(0)
		word := strings.TrimSpace(string(first.Value(r.src)))
		if strings.HasPrefix(word, "[!") && strings.HasSuffix(word, "]") {
			if label, isNote = alerts[strings.ToLower(word[2:len(word)-1])]; isNote {
				skip.Start = max(skip.Start, first.Stop)
			}
		}
	}
	inner := *r
	inner.clip = trim(r.src, skip)
	kids := inner.blocks(n, end, depth+1)
	if len(kids) == 0 {
		return nil
	}
	if label != "" && r.clip.Start <= n.Pos() {
		said := chat.Block{T: "strong", Kids: []chat.Block{{T: "text", Text: label}}}
		kids = append([]chat.Block{{T: "p", Kids: []chat.Block{said}}}, kids...)
	}
	if depth >= maxDepth {
		return kids
	}
	if isNote {
		return []chat.Block{{T: "note", Kids: kids}}
	}
	return []chat.Block{{T: "quote", Kids: kids}}
}

func (r *renderer) list(n *ast.List, end, depth int) []chat.Block {
	list := chat.Block{T: "ul"}
	if n.IsOrdered() {
		list.T = "ol"
	}
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		stop := nextPos(item, end)
		if stop > r.clip.Start && item.Pos() < r.clip.End {
			kids := r.blocks(item, stop, depth+1)
			if len(kids) > 0 || item.Pos() >= r.clip.Start {
				if len(list.Kids) == 0 && n.IsOrdered() {
					list.N = number
				}
				list.Kids = append(list.Kids, chat.Block{T: "li", Kids: kids})
			}
		}
		number++
	}
	if depth >= maxDepth {
		var flat []chat.Block
		for _, item := range list.Kids {
			flat = append(flat, item.Kids...)
		}
		return flat
	}
	return filled(list)
}

func (r *renderer) table(n *extast.Table, end, depth int) []chat.Block {
	table := chat.Block{T: "table"}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if header, ok := row.(*extast.TableHeader); ok {
			whole := *r // the header always comes along
			whole.clip = chat.Span{Start: 0, End: len(r.src)}
			table.Kids = append(table.Kids, whole.row(header, n, "th", depth))
			continue
		}
		if row.Pos() >= r.clip.End || nextPos(row, end) <= r.clip.Start {
			continue
		}
		tr := r.row(row, n, "td", depth)
		if row.Pos() >= r.clip.Start || PlainText([]chat.Block{{T: "table", Kids: []chat.Block{tr}}}) != "" {
			table.Kids = append(table.Kids, tr)
		}
	}
	inHeader := n.FirstChild() != nil && overlaps(r.clip, chat.Span{Start: n.Pos(), End: nextPos(n.FirstChild(), end)})
	if len(table.Kids) < 2 && !inHeader {
		return nil
	}
	return filled(table)
}

func (r *renderer) row(row ast.Node, table *extast.Table, cellType string, depth int) chat.Block {
	tr := chat.Block{T: "tr"}
	column := 0
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		td := chat.Block{T: cellType, Kids: r.line(cell, depth)}
		if column < len(table.Alignments) {
			if a := table.Alignments[column]; a != extast.AlignNone {
				td.Align = a.String()
			}
		}
		tr.Kids = append(tr.Kids, td)
		column++
	}
	return tr
}

// html gives the text of an HTML block, a paragraph for each run between
// block elements. What browsers do not show is left out.
func (r *renderer) html(n *ast.HTMLBlock) []chat.Block {
	span := extent(n)
	if n.HasClosure() {
		span.End = max(span.End, n.ClosureLine.Stop)
	}
	var out []chat.Block
	var pieces []piece
	flush := func() {
		if kids := wrap(trimPieces(pieces)); len(kids) > 0 {
			out = append(out, chat.Block{T: "p", Kids: kids})
		}
		pieces = nil
	}
	z := html.NewTokenizer(bytes.NewReader(r.src[span.Start:span.End]))
	at, hidden := span.Start, ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		here := chat.Span{Start: at, End: at + len(z.Raw())}
		at = here.End
		name := ""
		if kind == html.StartTagToken || kind == html.EndTagToken || kind == html.SelfClosingTagToken {
			tag, _ := z.TagName()
			name = string(tag)
		}
		switch {
		case kind == html.TextToken && hidden == "":
			pieces = append(pieces, r.text(here, squeeze)...)
		case kind == html.StartTagToken && (name == "script" || name == "style" || name == "template"):
			hidden = name
		case kind == html.EndTagToken && name == hidden:
			hidden = ""
		case name == "br":
			pieces = append(pieces, piece{Block: chat.Block{T: "br"}, marked: r.marked(here)})
		case name != "" && !inlineTags[name]:
			flush()
		}
	}
	flush()
	return out
}

// inlineTags are the HTML elements that do not end a paragraph.
var inlineTags = set("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "var", "wbr")

// squeeze is the text of HTML source: references resolved, white space as one space.
func squeeze(src []byte) string {
	s := html.UnescapeString(clean(string(src)))
	fields := strings.Join(strings.Fields(s), " ")
	if fields == "" {
		if s != "" {
			return " "
		}
		return ""
	}
	if isSpace(s[0]) {
		fields = " " + fields
	}
	if isSpace(s[len(s)-1]) {
		fields += " "
	}
	return fields
}

// clean makes a string valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\uFFFD")
}

func itoa(n int) string { return strconv.Itoa(n) }
