package bot

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks a letter may carry. Vietnamese and
// pointed Hebrew need two; heaps of them are for show.
const maxMarks = 2

var (
	// terminalCode is what colours a terminal's output.
	terminalCode = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")
	// filler is what people say while they think, as speech recognition writes it.
	filler = regexp.MustCompile(`(?i)\b(?:um+|uh+|uhm+|erm+|hmm+)\b,? *`)
	// markup are tags of pages that lay text out and say nothing.
	markup = regexp.MustCompile(`(?i)</?(?:html|body|head|div|p|span|br|a|b|i|u|em|strong|font|img|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]|section|article)\b[^<>]*>`)
)

// legible gives a message as a person would read it off: without control
// characters, letters of no width and orders to turn the line round, with
// letters of other widths and styles as plain ones, and marks joined to them.
func legible(s string) string {
	s = norm.NFKC.String(terminalCode.ReplaceAllString(strings.ToValidUTF8(s, " "), ""))
	marks := 0
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.Is(unicode.Cf, r): // zero width, soft hyphen, direction
			return -1
		case unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar:
			return ' '
		case unicode.Is(unicode.Mn, r):
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		marks = 0
		return r
	}, s)
	if left := filler.ReplaceAllString(s, ""); len(strings.TrimSpace(left)) > 1 {
		s = left
	}
	return strings.TrimSpace(s)
}

// withoutMarkup leaves out the tags of a pasted piece of a page, if words stand
// between them. One tag alone is what somebody asks about.
func withoutMarkup(s string) string {
	if len(markup.FindAllStringIndex(s, 2)) < 2 {
		return s
	}
	if left := strings.Join(strings.Fields(markup.ReplaceAllString(s, " ")), " "); len(contentWords(left)) > 0 {
		return left
	}
	return s
}

// wordless reports whether a message holds nothing that could be a word. A
// single letter or digit is none, unless there is something it may answer.
func wordless(s string, history []Past) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if letters++; letters > 1 || r > unicode.MaxLatin1 || len(history) > 0 {
				return false
			}
		}
	}
	return true
}

// approves reports whether a message without words says thank you.
func approves(s string) bool {
	return strings.ContainsAny(s, "👍❤💚💙🙏👌🎉😊🙂😀😃😄🥰😍💯✅")
}

// quotedText is what somebody passes on in quotation marks or between arrows.
var quotedText = regexp.MustCompile(`(?s)["“„«][^"”»]{12,600}["”»]|(?:^|\s)['‘][^\n]{12,600}?['’](?:\s|$)|>>>.{12,600}?<<<`)

// withoutQuotedOrders leaves out quoted text that tries to steer the bot: who
// asks about it or passes it on by mistake is no attacker, and it is not part
// of the question either.
func withoutQuotedOrders(s string) string {
	return quotedText.ReplaceAllStringFunc(s, func(q string) string {
		if patternClass(q) == classAttack || speaksToModel(q) {
			return " "
		}
		return q
	})
}
