package knowledge

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"frontdesk/chat"
)

// PieceKind says what a Piece is.
type PieceKind string

// The kinds of Piece.
const (
	PieceHeading  PieceKind = "heading"
	PieceSentence PieceKind = "sentence"
	PieceStep     PieceKind = "step" // the words of a list item, without its nested lists
	PieceRow      PieceKind = "row"  // of a table; headers are none
	PieceCode     PieceKind = "code"
	PieceLine     PieceKind = "line" // of a paragraph whose lines were broken on purpose
)

// Piece is the smallest part of an article that can be quoted by itself.
type Piece struct {
	Kind PieceKind
	Span chat.Span // in the article's body
	Text string    // without markup; cells are joined by " | "
	// Cells are those of a row, and Header the names of their columns.
	Cells, Header []string
}

// Pieces gives the pieces of body that lie under span at least in part, in
// order and without overlap. RenderSpan of a piece's span shows it in its structure.
func Pieces(body string, span chat.Span) []Piece {
	p := &pieces{page: parse(body)}
	if p.within = trim(p.src, span); p.within.Start < p.within.End {
		p.collect(p.root, len(p.src))
	}
	return p.out
}

type pieces struct {
	page
	within chat.Span
	out    []Piece
}

func (p *pieces) collect(parent ast.Node, end int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		stop := nextPos(n, end)
		if n.Pos() < 0 || n.Pos() >= p.within.End || stop <= p.within.Start {
			continue
		}
		all := trim(p.src, chat.Span{Start: n.Pos(), End: stop})
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
		case *ast.Heading:
			p.add(PieceHeading, trim(p.src, extent(n)))
		case *ast.Paragraph, *ast.TextBlock:
			p.paragraph(n)
		case *ast.HTMLBlock:
			p.sentences(all)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			p.add(PieceCode, all)
		case *extast.TableRow:
			p.add(PieceRow, all)
		case *extast.TableHeader:
		default:
			p.collect(n, stop)
		}
	}
}

func (p *pieces) paragraph(n ast.Node) {
	whole := trim(p.src, extent(n))
	if _, step := n.Parent().(*ast.ListItem); step {
		p.add(PieceStep, whole)
		return
	}
	p.sentences(whole)
}

func (p *pieces) sentences(in chat.Span) {
	text := string(p.src[in.Start:in.End])
	kind := PieceSentence
	if at := strings.IndexByte(text, '\n') + 1; at > 0 {
		if _, lines := onPurpose(text, 0, at); lines {
			kind = PieceLine
		}
	}
	for _, s := range Sentences(text) {
		p.add(kind, chat.Span{Start: in.Start + s.Start, End: in.Start + s.End})
	}
}

func (p *pieces) add(kind PieceKind, span chat.Span) {
	if !overlaps(span, p.within) {
		return
	}
	blocks := p.render(span, nil, nil)
	text := strings.TrimSpace(innerText(blocks, kind))
	if text == "" {
		return
	}
	piece := Piece{Kind: kind, Span: span, Text: text}
	if kind == PieceRow {
		piece.Header, piece.Cells = tableRow(blocks)
	}
	p.out = append(p.out, piece)
}

// tableRow gives the header and the last row of the table among blocks.
func tableRow(blocks []chat.Block) (header, cells []string) {
	for _, b := range blocks {
		if b.T != "table" || len(b.Kids) < 2 {
			header, cells = tableRow(b.Kids)
		} else {
			header, cells = cellTexts(b.Kids[0]), cellTexts(b.Kids[len(b.Kids)-1])
		}
		if cells != nil {
			break
		}
	}
	return header, cells
}

func cellTexts(row chat.Block) []string {
	var out []string
	for _, c := range row.Kids {
		out = append(out, PlainText(c.Kids))
	}
	return out
}

// innerText is the text of a rendered piece without what surrounds it: list
// numbers, a table's header.
func innerText(blocks []chat.Block, kind PieceKind) string {
	for len(blocks) > 0 {
		last := blocks[len(blocks)-1]
		switch {
		case kind == PieceRow && last.T == "table":
			row := last.Kids[len(last.Kids)-1]
			return PlainText([]chat.Block{{T: "table", Kids: []chat.Block{row}}})
		case kind == PieceStep && (last.T == "ol" || last.T == "ul" || last.T == "li"):
			blocks = last.Kids
		case last.T == "quote" || last.T == "note":
			blocks = last.Kids
		default:
			return PlainText(blocks)
		}
	}
	return ""
}
