package knowledge

import (
	"slices"
	"strings"

	"frontdesk/chat"
)

// Render turns a Markdown body into blocks. The text under marks is wrapped in
// mark nodes. Raw HTML is dropped to its text. A link survives only if it is
// http, https, mailto or tel; any other is given to links, which may be nil
// and answers with an address of these kinds or "" (then only the link's words
// stay). An image becomes a link to it with its description, by the same rules.
//
// The result is a tree of bounded depth, and every text in it is UTF-8, for any body.
func Render(body string, marks []chat.Span, links func(href string) string) []chat.Block {
	p := parse(body)
	return p.render(chat.Span{Start: 0, End: len(p.src)}, marks, links)
}

// RenderSpan renders the part of a body under span, in the structure it stands
// in: steps stay items of a list with their own numbers, a row comes with
// its table's header, a sentence alone becomes a paragraph. A code block or code span
// that is touched comes whole. Relative links are as in Render, and rules at
// either end, which would part it from nothing, are left out.
func RenderSpan(body string, span chat.Span, links func(href string) string) []chat.Block {
	blocks := parse(body).render(span, nil, links)
	for len(blocks) > 0 && blocks[0].T == "hr" {
		blocks = blocks[1:]
	}
	for len(blocks) > 0 && blocks[len(blocks)-1].T == "hr" {
		blocks = blocks[:len(blocks)-1]
	}
	return blocks
}

func (p page) render(span chat.Span, marks []chat.Span, links func(string) string) []chat.Block {
	r := renderer{page: p, clip: trim(p.src, span), marks: merge(p.src, marks), links: links}
	if r.clip.Start == r.clip.End {
		return nil
	}
	return r.blocks(p.root, len(p.src), 0)
}

// merge sorts spans and joins those that touch.
func merge(src []byte, spans []chat.Span) []chat.Span {
	var out []chat.Span
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b chat.Span) int { return a.Start - b.Start })
	for _, s := range sorted {
		s = trim(src, s)
		if last := len(out) - 1; last >= 0 && s.Start <= out[last].End {
			out[last].End = max(out[last].End, s.End)
		} else if s.Start < s.End {
			out = append(out, s)
		}
	}
	return out
}

// PlainText gives the words of blocks without markup, as they are embedded,
// searched, and sent where there is only text: a line a paragraph, "1. " or
// "- " before items, " | " between cells.
func PlainText(blocks []chat.Block) string {
	var out strings.Builder
	plainBlocks(&out, blocks, "")
	return strings.TrimSpace(out.String())
}

func plainBlocks(out *strings.Builder, blocks []chat.Block, indent string) {
	inline := false // an inline run is open and needs a line end
	line := func(s string) {
		if s != "" {
			out.WriteString(indent + s + "\n")
		}
	}
	for i, b := range blocks {
		if isInline(b.T) {
			if !inline {
				out.WriteString(indent)
			}
			out.WriteString(plainInline(blocks[i : i+1]))
			inline = true
			continue
		}
		if inline {
			out.WriteByte('\n')
			inline = false
		}
		switch b.T {
		case "p", "h":
			line(plainInline(b.Kids))
		case "pre":
			line(strings.ReplaceAll(b.Text, "\n", "\n"+indent))
		case "ul", "ol":
			plainList(out, b, indent)
		case "table":
			for _, row := range b.Kids {
				var cells []string
				for _, cell := range row.Kids {
					cells = append(cells, plainInline(cell.Kids))
				}
				line(strings.Join(cells, " | "))
			}
		default:
			plainBlocks(out, b.Kids, indent)
		}
	}
	if inline {
		out.WriteByte('\n')
	}
}

func plainList(out *strings.Builder, list chat.Block, indent string) {
	for i, item := range list.Kids {
		marker := "- "
		if list.T == "ol" {
			marker = itoa(list.N+i) + ". "
		}
		var inner strings.Builder
		plainBlocks(&inner, item.Kids, indent+strings.Repeat(" ", len(marker)))
		out.WriteString(indent + marker + strings.TrimLeft(inner.String(), " "))
		if inner.Len() == 0 {
			out.WriteByte('\n')
		}
	}
}

func plainInline(blocks []chat.Block) string {
	var out strings.Builder
	for _, b := range blocks {
		switch b.T {
		case "text", "code", "pre": // a mark may hold a pre
			out.WriteString(b.Text)
		case "br":
			out.WriteByte('\n')
		default:
			out.WriteString(plainInline(b.Kids))
		}
	}
	return out.String()
}

// isInline reports whether a block of type t flows in a line.
func isInline(t string) bool {
	switch t {
	case "text", "code", "strong", "em", "del", "mark", "link", "cite", "br":
		return true
	}
	return false
}
