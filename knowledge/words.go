package knowledge

import (
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// Terms gives the search terms of a text, in order: lower-case words without
// accents, stemmed as English, without stop words. A name or code of several
// parts (KK-20418, 2-step, e-mail, v1.8.19) gives its parts and itself without the
// signs between ("kk20418"), so that it is found however it is spelt.
// Articles and questions go through this one function.
func Terms(text string) []string {
	var out []string
	eachToken(text, func(parts []string) {
		for _, p := range parts {
			if term := termOf(p); term != "" {
				out = append(out, term)
			}
		}
		if len(parts) > 1 {
			if whole := termOf(strings.Join(parts, "")); whole != "" {
				out = append(out, whole)
			}
		}
	})
	return out
}

// longestTerm bounds a term in bytes: longer ones are hashes and encoded data,
// which nobody asks for.
const longestTerm = 64

// termOf gives the term of one lower-case word, "" for a stop word.
func termOf(word string) string {
	if stopWords[word] || len(word) > longestTerm {
		return ""
	}
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word // codes, numbers and other scripts stay as they are
		}
	}
	return english.Stem(word, true)
}

// stopWords is Lucene's list of 33 and the pronouns and auxiliaries that make
// up most of a spoken question. Words that can carry the meaning of a question
// about a product ("not", "off", "on", "up", "no") are not in it.
var stopWords = set(
	"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "of", "or", "such",
	"that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
	"i", "me", "my", "we", "us", "our", "you", "your", "u", "he", "she", "them", "its", "am", "been", "being", "were",
	"do", "does", "did", "have", "has", "had", "having", "can", "could", "would", "should", "may", "might", "must", "shall",
	"what", "which", "who", "whom", "how", "when", "where", "why", "so", "than", "too", "very", "just", "also", "from", "about",
	"im", "ive", "id", "ill", "youre", "youve", "youll", "its", "thats", "theres", "whats", "hows", "dont", "doesnt", "didnt", "cant", "couldnt", "wont", "isnt", "arent", "please", "hi", "hello", "hey", "thanks", "thank",
)

// eachToken calls do with the parts of each token: runs of letters and
// digits joined by - . _ or /, where both sides are letters or digits. An
// apostrophe is passed over, and an ideograph is a token by itself. The slice is
// valid until do returns.
func eachToken(text string, do func(parts []string)) {
	var parts []string
	var part strings.Builder
	endPart := func() {
		if part.Len() > 0 {
			parts = append(parts, part.String())
			part.Reset()
		}
	}
	endToken := func() {
		endPart()
		if len(parts) > 0 {
			do(parts)
			parts = parts[:0]
		}
	}
	joined := false // the last rune may join two parts
	for _, r := range fold(text) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case unicode.Is(unicode.Ideographic, r):
			endToken()
			parts = append(parts, string(r))
			endToken()
			joined = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if joined {
				endPart()
			}
			part.WriteRune(unicode.ToLower(r))
			joined = false
		case strings.ContainsRune("-._/", r) && part.Len() > 0 && !joined:
			joined = true
		default:
			endToken()
			joined = false
		}
	}
	endToken()
}

// fold takes accents off and makes compatibility forms plain, where there are any.
func fold(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return norm.NFKD.String(text)
		}
	}
	return text
}
