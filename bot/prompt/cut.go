package prompt

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Passage is a source that may be quoted: an article, or what an action gave.
type Passage struct {
	N           int // the number that the customer sees, from 1
	Title, Body string
	Locale      string      // BCP 47, "" when unknown
	Spans       []chat.Span // of Body: what must not be cut away
}

// least is the part of a budget, in tokens, that every passage gets however
// full the prompt is: without a passage there is nothing to word.
const least = 120

// cut gives of each passage what fits into a budget of tokens together: its
// spans always, then what stands around them. Earlier passages come first.
func cut(passages []Passage, budget int) []string {
	parts := make([][]unit, len(passages))
	for i, p := range passages {
		parts[i] = units(p)
		for _, u := range parts[i] {
			if u.in {
				budget -= u.tokens
			}
		}
	}
	for i := range parts {
		// What later passages may need at least is not given away.
		mine := max(budget-least*(len(parts)-1-i), least)
		budget -= grow(parts[i], mine)
	}
	out := make([]string, len(parts))
	for i, list := range parts {
		out[i] = join(list)
	}
	return out
}

// unit is a piece of a body that is kept or left out as a whole.
type unit struct {
	text   string // with the blanks that follow
	tokens int
	in     bool
}

// sentenceEnd is where a long line may be cut.
var sentenceEnd = regexp.MustCompile(`[.!?…。！？]["')]*\s+`)

// longLine is the length of a line, in bytes, from which on it is cut at its sentences.
const longLine = 300

// units cuts a body into lines, and long lines into sentences. Those that a
// span touches are in.
func units(p Passage) []unit {
	body := blank(p.Body)
	var out []unit
	add := func(from, to int) {
		u := unit{text: body[from:to], tokens: llm.Estimate(body[from:to])}
		u.in = slices.ContainsFunc(p.Spans, func(s chat.Span) bool { return s.Start < to && s.End > from })
		out = append(out, u)
	}
	for _, line := range lines(body) {
		if line.End-line.Start <= longLine {
			add(line.Start, line.End)
			continue
		}
		for _, s := range between(body, sentenceEnd, line.Start, line.End) {
			add(s.Start, s.End)
		}
	}
	return out
}

// lines cuts a text into its lines, each with the empty ones that follow.
func lines(text string) []chat.Span {
	var out []chat.Span
	start := 0
	for at := 0; at < len(text); {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		for at += n; at < len(text) && text[at] == '\n'; at++ {
		}
		out = append(out, chat.Span{Start: start, End: at})
		start = at
	}
	if start < len(text) {
		out = append(out, chat.Span{Start: start, End: len(text)})
	}
	return out
}

// between cuts text[from:to] behind each match.
func between(text string, end *regexp.Regexp, from, to int) []chat.Span {
	var out []chat.Span
	start := from
	for _, m := range end.FindAllStringIndex(text[from:to], -1) {
		out = append(out, chat.Span{Start: start, End: from + m[1]})
		start = from + m[1]
	}
	if start < to {
		out = append(out, chat.Span{Start: start, End: to})
	}
	return out
}

// blank writes blanks over what a page hides, so that offsets stay as they are.
func blank(body string) string {
	if !strings.ContainsAny(body, hidden.needs) {
		return body
	}
	return hidden.find.ReplaceAllStringFunc(body, func(s string) string { return strings.Repeat(" ", len(s)) })
}

// grow takes in the neighbours of what is in, nearest first, and what comes
// before ahead of what comes after, while they fit. Where nothing is in, it
// begins at the beginning. It gives what was used.
func grow(list []unit, budget int) int {
	used := 0
	take := func(i int) bool {
		if i < 0 || i >= len(list) || list[i].in {
			return true
		}
		if used+list[i].tokens > budget {
			return false
		}
		list[i].in = true
		used += list[i].tokens
		return true
	}
	if !slices.ContainsFunc(list, func(u unit) bool { return u.in }) {
		for i := range list {
			if !take(i) {
				break
			}
		}
		return used
	}
	var kept []int
	for i, u := range list {
		if u.in {
			kept = append(kept, i)
		}
	}
	for distance := 1; distance < len(list); distance++ {
		for _, i := range kept {
			if !take(i-distance) || !take(i+distance) {
				return used
			}
		}
	}
	return used
}

func join(list []unit) string {
	var b strings.Builder
	skipped := false
	for _, u := range list {
		if !u.in {
			skipped = true
			continue
		}
		if skipped {
			b.WriteString("[…]\n")
			skipped = false
		}
		b.WriteString(u.text)
	}
	if skipped {
		b.WriteString("\n[…]")
	}
	return strings.TrimSpace(b.String())
}
