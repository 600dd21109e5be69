package knowledge

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"frontdesk/chat"
)

// markdown parses GitHub-flavoured Markdown, and takes "{#anchor}" off headings,
// which many help centres write. It holds no state.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithHeadingAttribute()),
).Parser()

// page is a parsed article body. Nodes know their byte offsets in src.
type page struct {
	src  []byte
	root ast.Node
}

func parse(body string) page {
	src := []byte(body)
	return page{src: src, root: markdown.Parse(text.NewReader(src))}
}

// lineStart gives the offset of the first byte of the line that holds at.
func (p page) lineStart(at int) int {
	return bytes.LastIndexByte(p.src[:at], '\n') + 1
}

// nextPos gives where the sibling after n begins, end if there is none. What
// lies between (closing fences, blank lines, link definitions) counts as n's.
func nextPos(n ast.Node, end int) int {
	for s := n.NextSibling(); s != nil; s = s.NextSibling() {
		if at := s.Pos(); at >= 0 {
			return at
		}
	}
	return end
}

// extent is the source range of a leaf block's text.
func extent(n ast.Node) chat.Span {
	lines := n.Lines()
	if lines.Len() == 0 {
		return chat.Span{}
	}
	return chat.Span{Start: lines.At(0).Start, End: lines.At(lines.Len() - 1).Stop}
}

// trim takes white space off both ends of a span.
func trim(src []byte, s chat.Span) chat.Span {
	s.Start = min(max(s.Start, 0), len(src))
	s.End = min(max(s.End, s.Start), len(src))
	for s.Start < s.End && isSpace(src[s.Start]) {
		s.Start++
	}
	for s.End > s.Start && isSpace(src[s.End-1]) {
		s.End--
	}
	return s
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

func overlaps(a, b chat.Span) bool { return a.Start < b.End && b.Start < a.End }

// unescape resolves backslash escapes and character references of Markdown
// text, and replaces what is not UTF-8.
func unescape(src []byte) string {
	var out strings.Builder
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case c == '\\' && i+1 < len(src) && util.IsPunct(src[i+1]):
			out.WriteByte(src[i+1])
			i += 2
		case c == '&':
			ref := reference(src[i:])
			out.WriteString(html.UnescapeString(ref))
			i += len(ref)
		case c == 0:
			out.WriteRune(utf8.RuneError)
			i++
		default:
			out.WriteByte(c)
			i++
		}
	}
	return strings.ToValidUTF8(out.String(), "\uFFFD")
}

// longestReference is a bound on "&name;": the longest name of HTML 5 has 31 letters.
const longestReference = 33

// reference gives the character reference that src begins with, or "&".
func reference(src []byte) string {
	for i, c := range src[1:min(len(src), longestReference)] {
		if c == ';' {
			return string(src[:i+2])
		}
		if c != '#' && !util.IsAlphaNumeric(c) {
			break
		}
	}
	return "&"
}
