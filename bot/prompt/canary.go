package prompt

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
)

// Watch looks for a canary in a stream. Make it with NewWatch.
type Watch struct {
	plain   []string // parts of it without anything between, and in other writings
	exact   []string // base64, in which case counts
	letters string   // the end of what was said, letters and digits alone, lower case
	raw     string   // the end of what was said, without blanks
	leaked  bool
}

const (
	// part is how many characters of a canary in a row give it away: 40 bits.
	part = 8
	// kept is how much of the end is looked at again: the longest writing, hex.
	kept = 4 * canaryLetters
)

// NewWatch makes a Watch for a Prompt's Canary; "" is never found.
func NewWatch(canary string) *Watch {
	w := &Watch{}
	if canary == "" {
		return w
	}
	canary = strings.ToLower(canary)
	for _, written := range []string{canary, reversed(canary), rot13(canary)} {
		for i := 0; i+part <= len(written); i++ {
			w.plain = append(w.plain, written[i:i+part])
		}
		if len(written) < part {
			w.plain = append(w.plain, written)
		}
	}
	for _, written := range []string{canary, strings.ToUpper(canary), reversed(canary)} {
		w.plain = append(w.plain, hex.EncodeToString([]byte(written)))
		w.exact = append(w.exact, inBase64(written)...)
	}
	return w
}

// Saw takes a piece of the stream and reports whether the canary has been in
// it up to here, also with blanks or marks between its letters, backwards, or
// in base64, hex or rot13. Once it reports true it stays so.
func (w *Watch) Saw(piece string) bool {
	if w.leaked || len(w.plain) == 0 {
		return w.leaked
	}
	var letters, raw strings.Builder
	for _, r := range visible(piece) {
		if !unicode.IsSpace(r) {
			raw.WriteRune(r)
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters.WriteRune(unicode.ToLower(r))
		}
	}
	w.letters += letters.String()
	w.raw += raw.String()
	w.leaked = slices.ContainsFunc(w.plain, func(s string) bool { return strings.Contains(w.letters, s) }) ||
		slices.ContainsFunc(w.exact, func(s string) bool { return strings.Contains(w.raw, s) })
	w.letters, w.raw = end(w.letters), end(w.raw)
	return w.leaked
}

// Leaks reports whether a whole text holds a canary.
func Leaks(text, canary string) bool { return NewWatch(canary).Saw(text) }

func end(s string) string { return s[max(len(s)-kept, 0):] }

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func rot13(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + (r-'a'+13)%26
		}
		return r
	}, s)
}

// inBase64 gives what a text comes to in base64, wherever it stands in what is
// encoded: of each of the three places what does not depend on the neighbours.
func inBase64(s string) []string {
	var out []string
	for before := range 3 {
		code := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + s))
		from := []int{0, 2, 3}[before]
		to := (before + len(s)) * 8 / 6 // the last whole character
		out = append(out, code[from:to])
	}
	return out
}
