package prompt

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Line is one line of the protocol in which answers are worded: a sentence and
// the passage that holds it.
//
//	[2] sentence      passage 2 says so
//	[2] 1. sentence   so it says, as step 1
//	[-] sentence      states nothing: it connects, or is kind
type Line struct {
	N    int // the passage; 0: it states nothing
	Step int // from 1; 0: it is no step
	Text string
}

// String writes a line as the protocol has it.
func (l Line) String() string {
	n, step := "-", ""
	if l.N > 0 {
		n = strconv.Itoa(l.N)
	}
	if l.Step > 0 {
		step = strconv.Itoa(l.Step) + ". "
	}
	return fmt.Sprintf("[%s] %s%s", n, step, l.Text)
}

var (
	// lineMark is the number at the beginning of a line, also as models vary it:
	// after a bullet, in bold, with words ("[Passage 2]:"), with a second number.
	lineMark = regexp.MustCompile(`^(?:[-*•]\s+|\*\*)?\[(?:(?i:passage|source|article)\s*)?#?(\d{1,2}|[-–—])(?:\s*[,;]\s*\d{1,2})*\](?:\s*\[\d{1,2}\])*(?:\*\*)?\s*:?\s*`)
	// endMark is a number at the end of a sentence, where other protocols have it.
	endMark = regexp.MustCompile(`\s*\[(\d{1,2})\](?:\s*\[\d{1,2}\])*\s*([.!?]?)\s*$`)
	stepOf  = regexp.MustCompile(`^(\d{1,2})[.)]\s+`)
)

// ParseLine reads a line of a model's reply. It reports false for one without a
// mark: its sentence says not what it rests on. A Line without Text is empty.
func ParseLine(s string) (Line, bool) {
	s = strings.TrimSpace(s)
	var l Line
	marked := false
	if m := lineMark.FindStringSubmatch(s); m != nil {
		l.N, _ = strconv.Atoi(m[1]) // "-" is 0
		s, marked = s[len(m[0]):], true
	} else if m := endMark.FindStringSubmatch(s); m != nil {
		l.N, _ = strconv.Atoi(m[1])
		s, marked = s[:len(s)-len(m[0])]+m[2], true
	}
	if m := stepOf.FindStringSubmatch(s); m != nil {
		l.Step, _ = strconv.Atoi(m[1])
		s = s[len(m[0]):]
	}
	l.Text = strings.TrimSpace(s)
	return l, marked
}

// Splitter cuts a stream into lines, whatever the pieces. The zero value is
// ready. It holds at most one line of maxLine bytes; what is longer is cut.
type Splitter struct{ rest strings.Builder }

// maxLine bounds a line, in bytes: no sentence is longer, and a model that
// never ends one must not fill the memory.
const maxLine = 4000

// Add takes a piece and gives the lines that it completed, without empty ones.
func (s *Splitter) Add(piece string) []string {
	var out []string
	for {
		line, after, ended := strings.Cut(piece, "\n")
		room := maxLine - s.rest.Len()
		s.rest.WriteString(line[:min(len(line), max(room, 0))])
		if !ended {
			return out
		}
		if line := s.Rest(); line != "" {
			out = append(out, line)
		}
		piece = after
	}
}

// Rest gives the line that has not ended, "" if there is none, and forgets it.
func (s *Splitter) Rest() string {
	line := strings.TrimSpace(strings.ToValidUTF8(s.rest.String(), ""))
	s.rest.Reset()
	return line
}
