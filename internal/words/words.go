// Package words cuts text into the words by which conversations are searched,
// so that every store indexes and finds the same ones, and marks what was found.
//
// A word is a run of letters and digits in lower case, without its marks
// (Ä is a, é is e) and with ß as ss. A sign of a script that is written without
// spaces is a word by itself.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many bytes of a word count: no language needs as many, and
// Postgres takes no more than 2 KiB in one.
const maxWord = 64

// Word is a word and where it stands.
type Word struct {
	Text       string // as it is compared
	Start, End int    // bytes of the text
}

// Of gives the words of a text, in order.
func Of(text string) []Word {
	var out []Word
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case alone(r):
			out = appendWord(out, text, at, at+size)
			at += size
		case !inside(r):
			at += size
		default:
			end := at + run(text[at:])
			out = appendWord(out, text, at, end)
			at = end
		}
	}
	return out
}

// run is how many bytes of text, from its beginning on, are of one word.
func run(text string) int {
	for i, r := range text {
		if alone(r) || !inside(r) {
			return i
		}
	}
	return len(text)
}

func appendWord(out []Word, text string, start, end int) []Word {
	if w := fold(text[start:end]); w != "" {
		out = append(out, Word{w, start, end})
	}
	return out
}

// inside reports whether r is part of a word. A mark belongs to the letter
// before it.
func inside(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// alone reports whether r is a word by itself.
func alone(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// plain are letters that Unicode does not take apart.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold gives the form in which a word is compared; "" if nothing is left of it.
func fold(word string) string {
	w := strings.ToLower(word)
	if !isASCII(w) {
		w = plain.Replace(strings.Map(letter, norm.NFKD.String(w)))
	}
	if len(w) <= maxWord {
		return w
	}
	end := maxWord
	for !utf8.RuneStart(w[end]) {
		end--
	}
	return w[:end]
}

// letter drops marks, and signs that came out of a compatibility form.
func letter(r rune) rune {
	if unicode.IsMark(r) || !inside(r) {
		return -1
	}
	return unicode.ToLower(r)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
