package knowledge

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"frontdesk/chat"
)

// piece is an inline block that knows whether all of it is marked, so that
// neighbours share one mark node.
type piece struct {
	chat.Block
	marked bool
}

// wrap puts marked neighbours into one mark node.
func wrap(pieces []piece) []chat.Block {
	var out []chat.Block
	for i := 0; i < len(pieces); {
		if !pieces[i].marked {
			out = append(out, pieces[i].Block)
			i++
			continue
		}
		mark := chat.Block{T: "mark"}
		for ; i < len(pieces) && pieces[i].marked; i++ {
			mark.Kids = append(mark.Kids, pieces[i].Block)
		}
		out = append(out, mark)
	}
	return out
}

// trimPieces takes white space and line ends off both ends of a line.
func trimPieces(pieces []piece) []piece {
	blank := func(p piece) bool {
		return p.T == "br" || p.T == "text" && strings.TrimSpace(p.Text) == ""
	}
	for len(pieces) > 0 && blank(pieces[0]) {
		pieces = pieces[1:]
	}
	for len(pieces) > 0 && blank(pieces[len(pieces)-1]) {
		pieces = pieces[:len(pieces)-1]
	}
	if len(pieces) == 0 {
		return nil
	}
	if first := &pieces[0]; first.T == "text" {
		first.Text = strings.TrimLeft(first.Text, " \t\n")
	}
	if last := &pieces[len(pieces)-1]; last.T == "text" {
		last.Text = strings.TrimRight(last.Text, " \t\n")
	}
	return pieces
}

// line renders the inline children of a leaf block.
func (r *renderer) line(n ast.Node, depth int) []chat.Block {
	return wrap(trimPieces(r.inline(n, depth)))
}

func (r *renderer) inline(parent ast.Node, depth int) []piece {
	var out []piece
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		for _, p := range r.inlineNode(n, depth) {
			last := len(out) - 1
			if p.T == "text" && last >= 0 && out[last].T == "text" && out[last].marked == p.marked {
				out[last].Text += p.Text
				continue
			}
			out = append(out, p)
		}
	}
	return out
}

func (r *renderer) inlineNode(n ast.Node, depth int) []piece {
	switch n := n.(type) {
	case *ast.Text:
		here := chat.Span{Start: n.Segment.Start + r.attributes(n), End: n.Segment.Stop}
		return append(r.text(here, unescape), r.lineBreak(n)...)
	case *ast.String:
		return r.atom(chat.Block{T: "text", Text: clean(string(n.Value))}, n.Pos(), 1)
	case *ast.CodeSpan:
		return r.codeSpan(n)
	case *ast.Emphasis:
		if n.Level == 2 {
			return r.span("strong", "", n, depth)
		}
		return r.span("em", "", n, depth)
	case *extast.Strikethrough:
		return r.span("del", "", n, depth)
	case *ast.Link:
		return r.span("link", r.href(string(n.Destination)), n, depth)
	case *ast.AutoLink:
		return r.autoLink(n)
	case *ast.Image:
		return r.image(n)
	case *ast.RawHTML:
		return r.rawHTML(n)
	case *extast.TaskCheckBox:
		box := "☐ "
		if n.IsChecked {
			box = "☑ "
		}
		return r.atom(chat.Block{T: "text", Text: box}, n.Pos(), len("[ ]"))
	}
	return r.inline(n, depth)
}

// attributes gives the length of the attribute list that a text begins with
// ("[Shop](…){.external}"): some writers' tools put one after a link.
func (r *renderer) attributes(n *ast.Text) int {
	if n.PreviousSibling() == nil || n.PreviousSibling().Kind() != ast.KindLink {
		return 0
	}
	text := string(n.Segment.Value(r.src))
	end := strings.IndexAny(text, "} ")
	if end > 0 && text[end] == '}' && (strings.HasPrefix(text, "{.") || strings.HasPrefix(text, "{:")) {
		return end + 1
	}
	return 0
}

// text gives the source under span as text, cut to the clip and at marks.
func (r *renderer) text(span chat.Span, decode func([]byte) string) []piece {
	span.Start, span.End = max(span.Start, r.clip.Start), min(span.End, r.clip.End)
	var out []piece
	add := func(start, end int, marked bool) {
		if start < end {
			if s := decode(r.src[start:end]); s != "" {
				out = append(out, piece{chat.Block{T: "text", Text: s}, marked})
			}
		}
	}
	at := span.Start
	for _, m := range r.marks {
		if m.End <= at || m.Start >= span.End {
			continue
		}
		add(at, m.Start, false)
		add(max(at, m.Start), min(m.End, span.End), true)
		at = min(m.End, span.End)
	}
	add(at, span.End, false)
	return out
}

func (r *renderer) lineBreak(n *ast.Text) []piece {
	at := chat.Span{Start: n.Segment.Stop, End: n.Segment.Stop + 1}
	if !overlaps(at, r.clip) {
		return nil
	}
	switch {
	case n.HardLineBreak():
		return []piece{{chat.Block{T: "br"}, r.marked(at)}}
	case n.SoftLineBreak():
		return []piece{{chat.Block{T: "text", Text: " "}, r.marked(at)}}
	}
	return nil
}

// span renders a node with inline children. A link without an address, and
// what is nested too deep, leaves its children only.
func (r *renderer) span(t, href string, n ast.Node, depth int) []piece {
	kids := r.inline(n, depth+1)
	if len(kids) == 0 || depth >= maxDepth || t == "link" && href == "" {
		return kids
	}
	b := piece{chat.Block{T: t, Href: href}, true}
	for _, k := range kids {
		b.marked = b.marked && k.marked
	}
	if b.marked {
		for _, k := range kids {
			b.Kids = append(b.Kids, k.Block)
		}
	} else {
		b.Kids = wrap(kids)
	}
	return []piece{b}
}

// atom is a block that is never cut: it is there if the clip touches it.
func (r *renderer) atom(b chat.Block, at, size int) []piece {
	here := chat.Span{Start: at, End: at + max(size, 1)}
	if !overlaps(here, r.clip) {
		return nil
	}
	return []piece{{b, r.marked(here)}}
}

func (r *renderer) codeSpan(n *ast.CodeSpan) []piece {
	var text strings.Builder
	end := n.Pos() + 1
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			text.Write(t.Segment.Value(r.src))
			end = t.Segment.Stop
		}
	}
	code := clean(strings.ReplaceAll(text.String(), "\n", " "))
	if code == "" {
		return nil
	}
	return r.atom(chat.Block{T: "code", Text: code}, n.Pos(), end-n.Pos())
}

func (r *renderer) autoLink(n *ast.AutoLink) []piece {
	label := clean(string(n.Label(r.src)))
	address := string(n.URL(r.src))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	b := chat.Block{T: "text", Text: label}
	if href := r.href(address); href != "" {
		b = chat.Block{T: "link", Href: href, Kids: []chat.Block{b}}
	}
	return r.atom(b, n.Pos()+1, len(label))
}

func (r *renderer) image(n *ast.Image) []piece {
	inner := *r
	inner.marks = nil
	var alt strings.Builder
	for _, p := range inner.inline(n, maxDepth) {
		alt.WriteString(plainInline([]chat.Block{p.Block}))
	}
	words := strings.TrimSpace(alt.String())
	if words == "" {
		return nil // decoration: it has nothing to say
	}
	b := chat.Block{T: "text", Text: words}
	if href := r.href(string(n.Destination)); href != "" {
		b = chat.Block{T: "link", Href: href, Kids: []chat.Block{b}}
	}
	return r.atom(b, n.Pos(), len(words))
}

// rawHTML drops a tag; the text between tags is a node of its own.
func (r *renderer) rawHTML(n *ast.RawHTML) []piece {
	if n.Segments.Len() == 0 {
		return nil
	}
	first := n.Segments.At(0)
	if tag := strings.ToLower(string(first.Value(r.src))); strings.HasPrefix(tag, "<br") {
		return r.atom(chat.Block{T: "br"}, first.Start, first.Len())
	}
	return nil
}

// href gives an address that is safe to follow, or "".
func (r *renderer) href(raw string) string {
	raw = unescape([]byte(raw))
	if safe := safeHref(raw); safe != "" {
		return safe
	}
	if r.links == nil || hasScheme(raw) {
		return ""
	}
	return safeHref(r.links(raw))
}

// safeHref gives raw if it is an absolute http, https, mailto or tel address.
func safeHref(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || strings.ContainsAny(raw, " \\\"<>") {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	return raw
}

func hasScheme(raw string) bool {
	u, err := url.Parse(raw)
	return err != nil || u.Scheme != "" || u.Host != ""
}

// marked reports whether a mark touches at.
func (r *renderer) marked(at chat.Span) bool {
	for _, m := range r.marks {
		if overlaps(at, m) {
			return true
		}
	}
	return false
}
