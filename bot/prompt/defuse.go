package prompt

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Defuse gives a text that somebody else wrote in a form in which it can be
// nothing but a text: no character that people cannot see, no token or heading
// that stands for another speaker in some model's format, no tag of ours, no
// comment that a page hides, no data inside of an address. What an honest text
// says stays readable. Of one longer than most bytes both ends are kept.
func Defuse(text string, most int) string {
	text = visible(shorten(text, most*worthReading))
	text = hidden.replace(text)
	text = dataURL.replace(text)
	text = endless(text)
	text = harmless(text)
	for _, r := range layouts {
		text = r.replace(text)
	}
	return strings.TrimSpace(shorten(text, most))
}

// worthReading is how many times as much as may stay is looked at: what is
// defused mostly gets shorter.
const worthReading = 4

// maxRounds bounds how often the rules are applied: what one takes out may
// bring the halves of another's token together.
const maxRounds = 8

// harmless takes out what stands for another speaker, until there is none.
func harmless(text string) string {
	for range maxRounds {
		before := text
		for _, r := range forgeries {
			text = r.replace(text)
		}
		if text == before {
			return text
		}
	}
	// Only somebody who builds tokens out of tokens gets here.
	return brackets.Replace(text)
}

var brackets = strings.NewReplacer("<", " ", ">", " ", "[", " ", "]", " ", "|", " ", ":", " ", "#", " ")

// forges reports whether a text holds what Defuse would take for a forgery.
func forges(text string) bool {
	for _, r := range forgeries {
		if r.find.MatchString(text) {
			return true
		}
	}
	plain := strings.NewReplacer("\r\n", "\n", "\u00a0", " ")
	return visible(text) != plain.Replace(text) || hidden.find.MatchString(text) || dataURL.find.MatchString(text)
}

// rule is what is looked for, and what comes in its place.
type rule struct {
	needs   string // characters without which find finds nothing: most texts have none of them
	find    *regexp.Regexp
	instead string
}

func (r rule) replace(text string) string {
	if !strings.ContainsAny(text, r.needs) {
		return text
	}
	return r.find.ReplaceAllString(text, r.instead)
}

// roleWords are what models' formats call the speakers.
const roleWords = `system|assistant|user|human|developer|tool|model|ai|bot|instructions?|prompt|inst|sys`

var (
	// hidden is what a page shows nobody. A comment that nobody ended hides the
	// rest of a page if it begins a line.
	hidden = rule{"<>", regexp.MustCompile(`(?s)<!--.*?-->|(?m:^ {0,3})<!--.*\z|<!--|-->|<!\[CDATA\[|\]\]>`), " "}
	// dataURL is an address that carries its content, or runs it.
	dataURL = rule{":", regexp.MustCompile(`(?i)(?:data:[\w.+-]+/[^\s)>"'\]]*|(?:javascript|vbscript):[^\s)>"'\]]*)`), "(data left out)"}

	forgeries = []rule{
		// <|im_start|>, <|eot_id|>, and halves of them.
		{"<", regexp.MustCompile(`(?i)<\s*\|[^|<>\n]{0,40}\|\s*>(?:\s*(?:` + roleWords + `)\b)?`), " "},
		{"|", regexp.MustCompile(`<\s*\|+|\|+\s*>`), " "},
		// [INST], [/INST], <<SYS>>, [SYSTEM_PROMPT], [TOOL_CALLS].
		{"[", regexp.MustCompile(`(?i)\[\s*/?\s*(?:inst|sys|system|system_prompt|available_tools|tool_calls|tool_results)\s*\]`), " "},
		{"<", regexp.MustCompile(`<{2,}\s*/?\s*(\w+)\s*>{2,}`), "$1"},
		// <s>, <start_of_turn>, <think>, </system>, <question-…>: tags of formats, and of ours.
		{"<", regexp.MustCompile(`(?i)<\s*/?\s*(?:s|bos|eos|unk|pad|start_of_turn|end_of_turn|start_header_id|end_header_id|turn|messages?|think|thinking|tools?|tool_\w+|function\w*|` +
			roleWords + `|` + labelWords + `)\b[^<>\n]{0,80}>?`), " "},
		// "### System:", "Assistant:" at the beginning of a line, also in bold or quoted.
		{":：", regexp.MustCompile(`(?im)^([ \t>*_#=\-|]*)(` + roleWords + `)([*_\s]*(?:message|prompt|turn)?[*_\s]*)[:：][ \t]*`), "$2 – "},
		{"#", regexp.MustCompile(`(?im)^[ \t>]*#{1,6}[ \t]*(` + roleWords + `)\b`), "$1"},
	}
	layouts = []rule{
		// "[2] …" at the beginning of a line is the form of an answer's line.
		{"[", regexp.MustCompile(`(?m)^([ \t]*)\[(\d{1,3}|-)\]`), "$1($2)"},
		// --- and === fence off parts in some formats; a row of them says nothing.
		{"-=~*_", regexp.MustCompile("(?m)^[ \t]*(?:-{4,}|={3,}|~{3,}|\\*{4,}|_{4,})[ \t]*$"), ""},
		{"\n", regexp.MustCompile(`[ \t]+\n`), "\n"},
		{"\n", regexp.MustCompile(`\n{3,}`), "\n\n"},
	}
)

// maxMarks is how many combining marks a letter may carry, as in bot.
const maxMarks = 2

// visible leaves out what cannot be seen and writes look-alikes of ASCII as ASCII.
func visible(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var before rune
	marks := 0
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				continue
			}
		case r == '\r':
			if !strings.HasPrefix(s[i:], "\r\n") {
				b.WriteByte('\n')
			}
			continue
		case r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f' || r == '\u0085':
			b.WriteByte('\n')
			before = '\n'
			continue
		case r == '\n' || r == '\t':
		case r == '\u200c' || r == '\u200d': // they join letters of some scripts
			if next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):]); !joins(before) || !joins(next) {
				continue
			}
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if marks++; marks > maxMarks || unicode.Is(unicode.Variation_Selector, r) {
				continue
			}
			b.WriteRune(r)
			continue
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Cc) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			continue
		case unicode.Is(unicode.Zs, r):
			r = ' '
		case r > unicode.MaxASCII:
			r = asASCII(r)
		}
		marks = 0
		before = r
		b.WriteRune(r)
	}
	return b.String()
}

// joins reports whether a letter is of a script in which joiners change words.
func joins(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// asASCII gives the ASCII character that r is a variant of: full width,
// mathematical, circled, or one of the marks that look like brackets.
func asASCII(r rune) rune {
	switch r {
	case '‹', '〈', '⟨', '⧼', '˂', 'ᐸ', '❮', '⦑':
		return '<'
	case '›', '〉', '⟩', '⧽', '˃', 'ᐳ', '❯', '⦒':
		return '>'
	case '｜', '│', '┃', '∣', 'ǀ', '❘':
		return '|'
	case '【', '〔', '⟦', '〚':
		return '['
	case '】', '〕', '⟧', '〛':
		return ']'
	case '∶', '꞉', '︓', '﹕':
		return ':'
	}
	if !(r >= 0xFF01 && r <= 0xFF5E || r >= 0x1D400 && r <= 0x1D7FF || r >= 0x24B6 && r <= 0x24E9) {
		return r
	}
	if s := norm.NFKC.String(string(r)); len(s) == 1 {
		return rune(s[0])
	}
	return r
}

const (
	// maxRun is how often a character may follow itself: rules of tables are shorter.
	maxRun = 60
	// maxWord is the length of a word without a blank, in bytes, beyond which it
	// is none that anybody reads: addresses are shorter.
	maxWord = 300
)

// endless cuts runs of one character, and words that never end.
func endless(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var before rune
	run, word := 0, 0
	for _, r := range s {
		if run++; r != before {
			before, run = r, 1
		}
		if word += utf8.RuneLen(r); unicode.IsSpace(r) || r > unicode.MaxLatin1 { // scripts without blanks
			word = 0
		}
		if run > maxRun || word > maxWord {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// gap stands for what was left out.
const gap = " […] "

// shorten keeps both ends of a text of more than most bytes.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	keep := max(most-len(gap), 0)
	head, tail := s[:keep-keep/3], s[len(s)-keep/3:]
	return strings.ToValidUTF8(head, "") + gap + strings.ToValidUTF8(tail, "")
}
