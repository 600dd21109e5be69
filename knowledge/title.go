package knowledge

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"frontdesk/chat"
)

// SplitTitle gives the words of a body's first heading, "" if it has none, and
// the body without it. Only a heading of level 1 that comes before everything
// else is taken out; any other is part of the text and stays.
func SplitTitle(body string) (title, rest string) {
	p := parse(body)
	var heading *ast.Heading
	for n := p.root.FirstChild(); n != nil && heading == nil; n = n.NextSibling() {
		heading, _ = n.(*ast.Heading)
	}
	if heading == nil {
		return "", body
	}
	r := renderer{page: p, clip: chat.Span{Start: 0, End: len(p.src)}}
	title = oneLine(plainInline(r.line(heading, 0)))
	if heading != p.root.FirstChild() || heading.Level != 1 {
		return title, body
	}
	return title, strings.TrimLeft(body[nextPos(heading, len(body)):], "\n")
}
