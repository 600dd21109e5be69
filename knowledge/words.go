package knowledge

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Terms gives the search terms of a text in English, in order. See TermsIn.
func Terms(text string) []string { return TermsIn(fallback, text) }

// TermsIn gives the search terms of a text, in order: lower-case words,
// stemmed in the language of locale, without its stop words and without
// accents. Without a locale the language is the one that the text shows.
//
// A name or code of several parts (KK-20418, 2-step, e-mail) gives its parts
// and itself without the signs between ("kk20418"), so that it is found however
// it is spelt; a version its number, whole and without the last place; C++ and
// C# themselves beside their letter. Neighbours of which one holds a digit (UNO
// R4 WiFi, Korn 64) are a term together too ("r4wifi"), so that a name is told
// from its parts. Script without spaces gives its pairs of signs.
func TermsIn(locale, text string) []string {
	var out []string
	written(locale, text).analyse(text, func(term, _ string) { out = append(out, term) })
	return out
}

const (
	// longestTerm bounds a term in bytes: longer ones are hashes and encoded
	// data, which nobody asks for.
	longestTerm = 64
	// longestName bounds a term made of two neighbours.
	longestName = 24
)

// analyse calls do with each term of a text, and the lower-case word that it
// is the stem of ("" for what is no word: codes, numbers, pairs).
func (l *tongue) analyse(text string, do func(term, word string)) {
	var last token
	scan(text, l.elides, func(t *token) {
		l.each(t, func(term, word string) {
			if term != "" {
				do(term, word)
			}
		})
		if t.adjacent && nameLike(&last, t) && !l.stop[fold(last.whole())] && !l.stop[fold(t.whole())] {
			do(fold(last.whole()+t.whole()), "")
		}
		last = token{parts: append(last.parts[:0], t.parts...), capital: t.capital, pairs: t.pairs}
	})
}

// each calls do with the terms of one token; they may be empty.
func (l *tongue) each(t *token, do func(term, word string)) {
	switch {
	case t.pairs:
		for _, p := range t.parts {
			do(p, "")
		}
	case t.isNumber():
		for _, n := range t.numbers() {
			do(n, "")
		}
	default:
		for _, p := range t.parts {
			word := p
			if !onlyLetters(p) {
				word = ""
			}
			do(l.term(p), word)
		}
		if len(t.parts) > 1 {
			do(l.term(t.whole()), "")
		}
		if t.suffix != "" {
			do(fold(t.parts[len(t.parts)-1])+t.suffix, "")
		}
	}
}

// nameLike reports whether two neighbours may be a name together: one is a
// code such as R4, or a number that follows a capital (Korn 64). "30 days" is none.
func nameLike(a, b *token) bool {
	if a.pairs || b.pairs || len(a.parts) != 1 || len(b.parts) != 1 || len(a.parts[0])+len(b.parts[0]) > longestName {
		return false
	}
	return isCode(a.parts[0]) && !b.isNumber() || isCode(b.parts[0]) || a.capital && onlyDigits(b.parts[0])
}

// isCode reports whether a word mixes letters and digits.
func isCode(word string) bool {
	return strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}

func onlyLetters(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

func onlyDigits(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}

// fold takes off what is written above and below letters of European
// scripts, and gives letters of their own (ø, ß) as they are typed without them. In other
// scripts such signs are vowels, and stay.
func fold(word string) string {
	if isASCII(word) {
		return word
	}
	var out strings.Builder
	for _, r := range word {
		if plain, ok := plainLetters[r]; ok {
			out.WriteString(plain)
			continue
		}
		if !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			out.WriteRune(r)
			continue
		}
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				out.WriteRune(d)
			}
		}
	}
	return out.String()
}

var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ς': "σ",
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
