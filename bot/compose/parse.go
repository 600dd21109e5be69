package compose

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/knowledge"
)

// sentence is one sentence as the model said it, without the marks of the
// protocol.
type sentence struct {
	text  string // may hold inline Markdown
	opens bool   // it begins a line: a paragraph, a step or a point
	para  bool   // a blank line stood before it
	step  int    // of the list that it belongs to; 0: of none
	point bool   // it belongs to a point of a list without numbers
}

// parser reads the stream of a model sentence by sentence. The protocol is that
// of prompt.Line; what models make of it instead is read too: sentences without
// marks or with them behind, one long paragraph, Markdown, JSON, thoughts in
// front. A sentence is given as soon as the next one has begun. The zero value
// is ready.
type parser struct {
	wrap   unwrapper
	line   string   // what was not given of the line under way
	begun  bool     // a part of it was given
	marked bool     // it began with a mark
	at     sentence // what holds for the line's sentences
	blank  bool     // a blank line stood before it
	steps  int      // number of the last step
}

// maxLine bounds a line without an end, in bytes: no sentence is as long, and a
// model that never ends one must not fill the memory.
const maxLine = 4000

// add takes a piece of the stream.
func (p *parser) add(piece string) []sentence {
	return p.read(p.wrap.add(piece))
}

// end gives what is left when the stream is whole.
func (p *parser) end() []sentence {
	return append(p.read(p.wrap.end()), p.lineEnd(p.line)...)
}

func (p *parser) read(text string) (out []sentence) {
	if text == "" {
		return nil
	}
	p.line += text
	for {
		line, rest, ended := strings.Cut(p.line, "\n")
		if !ended && len(p.line) <= maxLine {
			return append(out, p.early()...)
		}
		out = append(out, p.lineEnd(line)...)
		p.line = rest
	}
}

// early gives the sentences of the line under way that have ended.
func (p *parser) early() (out []sentence) {
	text, open := openMark(p.line)
	if !p.begun {
		text = p.head(text)
	}
	if front, rest, ok := p.breakAt(text); ok {
		out = p.all(front)
		p.line, p.begun = rest+open, false
		return append(out, p.early()...)
	}
	text = mark.ReplaceAllString(text, "")
	from := 0
	for _, s := range knowledge.Sentences(text) {
		if !settled(text[s.End:]) {
			break
		}
		out = append(out, p.give(text[s.Start:s.End])...)
		from = s.End
	}
	if from > 0 {
		p.line, p.begun = text[from:]+open, true
	}
	return out
}

// openMark cuts off the end of a text that may become a mark.
func openMark(text string) (front, open string) {
	if at := strings.LastIndexByte(text, '['); at >= 0 && len(text)-at < maxMark && strings.IndexByte(text[at:], ']') < 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

const (
	// maxMark is the length of the longest mark, in bytes.
	maxMark = 16
	// telling is how much tells what a line goes on with.
	telling = 8
)

// settled reports whether what follows a sentence tells that it has ended, and
// whether a step begins there.
func settled(rest string) bool {
	rest = strings.TrimSpace(rest)
	first, _ := utf8.DecodeRuneInString(rest)
	return len(rest) >= telling || rest != "" && unicode.IsLetter(first)
}

// lineEnd gives the sentences of a line that is whole, and makes ready for the
// next.
func (p *parser) lineEnd(line string) (out []sentence) {
	if strings.TrimSpace(line) == "" {
		p.blank = p.blank || !p.begun
		p.line, p.begun = "", false
		return nil
	}
	if !p.begun {
		line = p.head(line)
	}
	for {
		front, rest, ok := p.breakAt(line)
		out = append(out, p.all(front)...)
		p.line, p.begun = "", false
		if !ok {
			return out
		}
		line = p.head(rest)
	}
}

// all gives the sentences of what is a line, or the rest of one.
func (p *parser) all(text string) (out []sentence) {
	text = mark.ReplaceAllString(text, "")
	for _, s := range knowledge.Sentences(text) {
		out = append(out, p.give(text[s.Start:s.End])...)
	}
	return out
}

// give makes a sentence of a text in the line under way.
func (p *parser) give(text string) []sentence {
	if strings.Count(text, "**")%2 == 1 { // it went on in the sentence before
		text = strings.ReplaceAll(text, "**", "")
	}
	if text = strings.TrimSpace(text); text == "" || rule.MatchString(text) {
		return nil
	}
	s := p.at
	s.text, s.opens, s.para = text, !p.begun, !p.begun && p.blank
	p.begun, p.blank = true, false
	if s.step > 0 {
		p.steps = s.step
	}
	return []sentence{s}
}

var (
	// mark is the number of a passage in brackets, as models vary it.
	mark = regexp.MustCompile(`\s*\[\s*(?i:passages?|sources?|articles?)?\s*#?(?:\d{1,2}(?:\s*[,;]\s*\d{1,2})*|[-–—])\s*\]:?`)
	// bullet, heading and quote are what Markdown has at the beginning of a line.
	bullet  = regexp.MustCompile(`^[-*+•–]\s+`)
	heading = regexp.MustCompile(`^(?:#{1,6}|>+)\s+`)
	stepAt  = regexp.MustCompile(`^(?:\*\*)?(?:(?i:step)\s+)?(\d{1,2})[.):](?:\s+|$)`)
	// rule is a line that only parts.
	rule = regexp.MustCompile("^(?:[-*_=~]{3,}|`{3,}.*)$")
	// stepInside and markInside are a step and a mark where a sentence has ended.
	stepInside = regexp.MustCompile(`(?:^|[.!?:;]["”')\]*]*)\s+(?:\*\*)?(\d{1,2})[.)]\s+\S`)
	markInside = regexp.MustCompile(`(?:^|[.!?…:]["”')*]*)\s*\[`)
)

// head takes what stands before the first sentence of a line: marks, bullets,
// the number of a step.
func (p *parser) head(line string) string {
	p.at, p.marked = sentence{}, false
	for range 5 { // "- **[1]** 2. Open it", in any order
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if strings.HasPrefix(line, "**[") || p.marked && strings.HasPrefix(line, "** ") {
			line = line[2:]
		} else if m := mark.FindStringIndex(line); m != nil && m[0] == 0 {
			line, p.marked = line[m[1]:], true
		} else if m := heading.FindString(line); m != "" {
			line = line[len(m):]
		} else if m := bullet.FindString(line); m != "" {
			line, p.at.point = line[len(m):], true
		} else if m := stepAt.FindStringSubmatch(line); m != nil && p.at.step == 0 {
			p.at.step, _ = strconv.Atoi(m[1])
			line = line[len(m[0]):]
		} else {
			break
		}
	}
	p.at.point = p.at.point && p.at.step == 0
	return line
}

// breakAt finds where a line goes on with what should be a line of its own: the
// next step, or, where marks stand in front, the next mark.
func (p *parser) breakAt(line string) (front, rest string, ok bool) {
	next := p.steps + 1
	if p.at.step > 0 {
		next = p.at.step + 1
	}
	for _, m := range stepInside.FindAllStringSubmatchIndex(line, -1) {
		if n, _ := strconv.Atoi(line[m[2]:m[3]]); n == next && (p.begun || m[0] > 0) {
			at := len(strings.TrimRight(line[:m[2]], "*"))
			return line[:at], line[at:], true
		}
	}
	if !p.marked {
		return line, "", false
	}
	for _, m := range markInside.FindAllStringIndex(line, -1) {
		at := m[1] - 1
		if found := mark.FindStringIndex(line[at:]); found != nil && found[0] == 0 && (p.begun || at > 0) {
			return line[:at], line[at:], true
		}
	}
	return line, "", false
}
