package knowledge

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/chat"
)

// Sentences gives the sentences of a text, in order, as spans without the
// white space around them. A sentence ends at . ! ? or … before white space
// (closing quotes and brackets belong to it), at a blank line, and before a
// line that begins with a list marker. Abbreviations, initials, decimals, URLs
// and list numbers do not end one. Markdown is read as plain text: use Pieces for
// an article's body.
func Sentences(text string) []chat.Span {
	var out []chat.Span
	start, paragraph, purpose := 0, 0, false // purpose holds until paragraph, a position
	cut := func(end int) {
		if s := trim([]byte(text[start:end]), chat.Span{Start: 0, End: end - start}); s.Start < s.End {
			out = append(out, chat.Span{Start: start + s.Start, End: start + s.End})
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next := i + size
		switch {
		case r == '\n' && breaksAt(text[next:]):
			cut(next)
		case r == '\n' && next > paragraph:
			paragraph, purpose = onPurpose(text, start, next)
			if purpose {
				cut(next)
			}
		case r == '\n' && purpose:
			cut(next)
		case strings.ContainsRune("。！？", r):
			next = closers(text, next)
			cut(next)
		case strings.ContainsRune(".!?…", r):
			next = closers(text, terminators(text, next))
			if ends(text, start, i, next) {
				cut(next)
			}
		}
		i = next
	}
	cut(len(text))
	return out
}

// breaksAt reports whether the line that rest begins with starts anew: it is
// blank or a list item.
func breaksAt(rest string) bool {
	line, _, _ := strings.Cut(rest, "\n")
	line = strings.TrimSpace(line)
	return line == "" || listMarker(line) > 0
}

// fewLines is how many lines a paragraph needs to show how it was broken.
const fewLines = 4

// onPurpose reports whether most line ends of the paragraph around at were set
// on purpose, as in a list of questions one a line, and where the paragraph
// ends. An editor that wraps breaks a line only where the next word has no room
// left; a line that has room for it was broken on purpose.
func onPurpose(text string, start, at int) (end int, yes bool) {
	if i := strings.LastIndex(text[:at], "\n\n"); i >= start {
		start = i
	}
	end = len(text)
	if i := strings.Index(text[at:], "\n\n"); i >= 0 {
		end = at + i
	}
	lines := strings.Split(strings.TrimSpace(text[start:end]), "\n")
	if len(lines) < fewLines {
		return end, false
	}
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l))
	}
	early := 0
	for i, l := range lines[:len(lines)-1] {
		word, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		if utf8.RuneCountInString(l)+1+utf8.RuneCountInString(word) <= width {
			early++
		}
	}
	return end, 2*early > len(lines)-1
}

// listMarker gives the length of the list marker that line begins with, with
// its space; 0 if there is none.
func listMarker(line string) int {
	if len(line) > 1 && strings.IndexByte("-*+", line[0]) >= 0 && line[1] == ' ' {
		return 2
	}
	digits := 0
	for digits < len(line) && digits < 9 && line[digits] >= '0' && line[digits] <= '9' {
		digits++
	}
	rest := line[digits:]
	if digits > 0 && len(rest) > 1 && (rest[0] == '.' || rest[0] == ')') && rest[1] == ' ' {
		return digits + 2
	}
	return 0
}

func terminators(text string, i int) int {
	for i < len(text) && strings.IndexByte(".!?", text[i]) >= 0 {
		i++
	}
	return i
}

// closers skips quotes, brackets and emphasis that close a sentence.
func closers(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune("\"')]»”’*_`~", r) {
			break
		}
		i += size
	}
	return i
}

// ends reports whether the terminator at dot, with the next sentence at or
// after next, ends the sentence that began at start.
func ends(text string, start, dot, next int) bool {
	if next == len(text) {
		return true
	}
	if !isSpace(text[next]) {
		return false // decimals, URLs, file names
	}
	rest := strings.TrimLeftFunc(text[next:], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'([«“‘*_`~", r)
	})
	first, _ := utf8.DecodeRuneInString(rest)
	if text[dot] != '.' {
		return !unicode.IsLower(first)
	}
	if unicode.IsLower(first) {
		return false
	}
	word := text[start:dot]
	if at := strings.LastIndexAny(word, " \t\n(\"'*_["); at >= 0 {
		word = word[at+1:]
	} else if listMarker(word+". ") > 0 {
		return false // "1. Open the lid"
	}
	switch word = strings.ToLower(word); {
	case neverLast[word]:
		return false
	case beforeNumber[word]:
		return !unicode.IsDigit(first)
	}
	return !isInitial(text[start:dot])
}

// Abbreviations that go on, whatever follows, and those that go on before a
// number only ("No. 5", but "No. You cannot.").
var (
	neverLast = set("e.g", "i.e", "eg", "ie", "cf", "vs", "mr", "mrs", "ms", "dr", "prof", "st", "approx", "incl", "excl", "resp", "z.b", "d.h", "bzw")
	// beforeNumber holds also months: "Jan. 5".
	beforeNumber = set("no", "nos", "nr", "fig", "art", "sec", "vol", "ver", "v", "p", "pp", "ext", "tel", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec")
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// isInitial reports whether text ends in a single capital letter that stands
// alone after another word: "Ada K. Lovelace", but not "Choose option B."
// at the end of a line or "plan A. Then".
func isInitial(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	if !unicode.IsUpper(r) {
		return false
	}
	before := text[:len(text)-size]
	if before == "" {
		return true
	}
	if !strings.HasSuffix(before, " ") {
		return false
	}
	words := strings.Fields(before)
	if len(words) == 0 {
		return true
	}
	first, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return unicode.IsUpper(first)
}
