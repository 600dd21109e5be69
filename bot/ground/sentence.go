package ground

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// sentence is what is to be checked.
type sentence struct {
	plain     string // without markup and marks of citations
	cited     []int
	addresses []string // keys of what its links lead to
	answer    string   // "yes" or "no" that it begins with, else ""
}

// citation is how a sentence names its sources: "[1]", "[1, 2]".
var citation = regexp.MustCompile(`\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]`)

// listMark is what a list puts before its points.
var listMark = regexp.MustCompile(`^\s*(?:\d{1,3}[.)]|[-*•])\s+`)

// readSentence reads a sentence's Markdown.
func readSentence(text string) (sentence, Why) {
	var s sentence
	if len(text) > maxBytes {
		return s, WhyLong
	}
	text = citation.ReplaceAllStringFunc(text, func(mark string) string {
		for n := range strings.SplitSeq(citation.FindStringSubmatch(mark)[1], ",") {
			i, _ := strconv.Atoi(strings.TrimSpace(n)) // three digits at most
			if !slices.Contains(s.cited, i) {
				s.cited = append(s.cited, i)
			}
		}
		return ""
	})
	blocks := knowledge.Render(text, nil, func(href string) string { return href })
	s.plain = strings.TrimSpace(listMark.ReplaceAllString(knowledge.PlainText(blocks), ""))
	s.addresses = hrefs(blocks, nil)
	s.plain, s.answer = withoutLead(s.plain)
	if !strings.ContainsFunc(s.plain, letterOrDigit) {
		return s, WhyEmpty
	}
	return s, WhyNone
}

// hrefs gives the keys of all addresses that blocks lead to.
func hrefs(blocks []chat.Block, to []string) []string {
	for _, b := range blocks {
		if b.Href != "" {
			to = append(to, addressKey(b.Href))
		}
		to = hrefs(b.Kids, to)
	}
	return to
}

// addressKey is equal for addresses that lead to the same place.
func addressKey(s string) string {
	s = strings.TrimPrefix(s, "mailto:")
	for _, scheme := range []string{"https://", "http://"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
	}
	host, path, _ := strings.Cut(s, "/")
	s = strings.TrimSuffix(strings.ToLower(host)+"/"+path, "/")
	return strings.TrimPrefix(s, "www.")
}

// answered is the yes or no that a sentence begins with.
var answered = regexp.MustCompile(`(?i)^(yes|no)\s*[,.:;!–—-]+\s*`)

// withoutLead takes off the connectives that a sentence begins with ("Sure, ",
// "I'm sorry about that, but ") and its yes or no. A sentence of connectives only stays.
func withoutLead(plain string) (rest, answer string) {
	rest = plain
	for {
		if m := answered.FindStringSubmatch(rest); m != nil && answer == "" {
			answer, rest = strings.ToLower(m[1]), rest[len(m[0]):]
			continue
		}
		at := cutChatter.FindStringIndex(rest)
		if at == nil || at[1] == len(rest) || !chatter(rest[:at[0]]) {
			return rest, answer
		}
		rest = strings.TrimSpace(rest[at[1]:])
		for _, but := range []string{"but ", "and ", "so "} {
			rest = strings.TrimPrefix(rest, but)
		}
	}
}
