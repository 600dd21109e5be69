// Package promise finds, by rules, the promises in what an agent writes: a
// commitment (commit.go) together with a time (when.go), in English and German.
// It prefers precision to recall: what it finds is offered to the agent, who
// records it with one key, and an offer that is wrong each time is soon not read.
// Questions, conditions, hedges, negations, quotes, the past and what others are
// to do are no promises.
package promise

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/chat"
)

// Hours are opening hours in a time zone.
type Hours interface {
	Zone() *time.Location
	// Closes gives when people leave on the day of t; ok is false if nobody is there.
	Closes(t time.Time) (end time.Time, ok bool)
}

// maxFound bounds the promises of one text: nobody makes more at once.
const maxFound = 5

// maxText is how much of a text is read, in bytes: more than a reply may have.
const maxText = 16 << 10

// Find gives the promises in text, in order, as they are to be understood at
// now. It gives none whose time is not after now.
func Find(text string, now time.Time, hours Hours) []chat.PromiseFound {
	if len(text) > maxText {
		text = text[:maxText]
	}
	var found []chat.PromiseFound
	plain := lower(unquote(text))
	for _, s := range sentences(plain) {
		for _, c := range clauses(plain, s) {
			words := plain[c.start:c.end]
			if !commits(words, plain[s.start:s.end]) {
				continue
			}
			due, ok := when(words, now.In(hours.Zone()), hours)
			if !ok || !due.After(now) {
				continue
			}
			start, end := trim(text, c.start, c.end)
			found = append(found, chat.PromiseFound{Text: text[start:end], Start: start, End: end, Due: due.UTC()})
			if len(found) == maxFound {
				return found
			}
		}
	}
	return found
}

// part is a range of a text, in bytes.
type part struct{ start, end int }

// lower is strings.ToLower, but leaves every byte where it is.
func lower(s string) string {
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if l := unicode.ToLower(r); r != utf8.RuneError && utf8.RuneLen(l) == n {
			utf8.EncodeRune(b[i:], l)
		}
		i += n
	}
	return string(b)
}

// quotes are the marks that open a quotation, and those that close it.
var quotes = map[rune]string{'"': "\"", '“': "”\"", '„': "“”", '«': "»", '»': "«"}

// unquote puts blanks in the place of quotations and quoted lines, so that
// every byte stays where it is.
func unquote(s string) string {
	b := []byte(s)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if b[i] != '\n' {
				b[i] = ' '
			}
		}
	}
	at := 0
	for line := range strings.Lines(s) {
		if strings.HasPrefix(strings.TrimSpace(line), ">") {
			blank(at, at+len(line))
		}
		at += len(line)
	}
	for i, r := range s {
		if closing, ok := quotes[r]; ok && b[i] != ' ' {
			rest := s[i+utf8.RuneLen(r):]
			if end := strings.IndexAny(rest, closing); end > 0 && !strings.Contains(rest[:end], "\n") {
				_, n := utf8.DecodeRuneInString(rest[end:])
				blank(i, i+utf8.RuneLen(r)+end+n)
			}
		}
	}
	return string(b)
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = []string{"a.m.", "p.m.", "z.b.", "ca.", "bzw.", "ggf.", "no.", "nr.", "e.g.", "i.e.", "approx.", "mr.", "mrs.", "dr.", "hr.", "fr.",
	"mon.", "tue.", "tues.", "wed.", "thu.", "thur.", "thurs.", "fri.", "sat.", "sun.", "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec.", "okt.", "dez.", "min.", "std."}

// sentences parts a text in lower case, each with its mark.
func sentences(s string) []part {
	var all []part
	start := 0
	cut := func(end int) {
		if strings.TrimSpace(s[start:end]) != "" {
			all = append(all, part{start, end})
		}
		start = end
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\n':
			cut(i + 1)
		case '!', '?':
			cut(i + 1)
		case '.':
			last := i == len(s)-1 || s[i+1] == ' ' || s[i+1] == '\n'
			if last && !abbreviated(s[start:i+1]) {
				cut(i + 1)
			}
		}
	}
	cut(len(s))
	return all
}

// abbreviated reports whether the full stop at the end of s is that of an
// abbreviation or an ordinal ("27. November").
func abbreviated(s string) bool {
	word := s[strings.LastIndexAny(s, " \n(")+1:]
	for _, a := range abbreviations {
		if word == a || strings.HasSuffix(word, a) && word[0] >= '0' && word[0] <= '9' {
			return true
		}
	}
	digits := strings.TrimRight(word, ".")
	return digits != "" && len(digits) <= 2 && strings.Trim(digits, "0123456789") == ""
}

// breaks part a sentence into clauses that may each hold a promise.
var breaks = []string{"; ", " – ", " — ", " - ", ", but ", ", and ", ", so ", ", aber ", ", und ", ", dann ", ", sondern ", " but ", " aber ", " and i'll ", " and we'll ", " and i will ", " and we will ",
	" und ich ", " und wir "}

// clauses parts a sentence.
func clauses(s string, whole part) []part {
	var all []part
	start := whole.start
	for i := whole.start; i < whole.end; {
		n := 0
		for _, b := range breaks {
			if strings.HasPrefix(s[i:whole.end], b) {
				n = len(b)
				break
			}
		}
		if n == 0 {
			i++
			continue
		}
		all = append(all, part{start, i})
		start = i + 1
		i += 2 // the words of the break belong to what follows
	}
	return append(all, part{start, whole.end})
}

// opening are words at the beginning that do not belong to what is promised.
var opening = []string{"and ", "but ", "so ", "then ", "und ", "aber ", "dann ", "also ", "ok, ", "okay, ", "yes, ", "ja, ", "sure, ", "great, ", "gut, ", "alles klar, ", "no problem, ", "kein problem, ", "no worries, "}

// trim gives the range without blanks, opening words and closing marks.
func trim(text string, start, end int) (int, int) {
	for start < end && strings.ContainsRune(" \t\r\n,;-–—", firstRune(text[start:end])) {
		start += utf8.RuneLen(firstRune(text[start:end]))
	}
	for again := true; again; {
		again = false
		for _, o := range opening {
			if len(o) < end-start && strings.EqualFold(text[start:start+len(o)], o) {
				start += len(o)
				again = true
			}
		}
	}
	return start, start + len(strings.TrimRight(text[start:end], " \t\r\n.!,;"))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
