package compose

import (
	"regexp"
	"strconv"
	"strings"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/knowledge"
)

// answers reports whether what was said still holds the core of the answer:
// each of its statements in turn, the steps of a how-to in their order.
func (w *writing) answers(core []chat.Statement) bool {
	w.dangling()
	from, any := 0, false
	for _, s := range w.said {
		any = any || !s.Chatter
	}
	if !any {
		return false
	}
	for _, want := range core {
		at := w.find(want, from)
		if at < 0 {
			return false
		}
		from = at // one sentence may hold two steps
	}
	return true
}

// dangling takes back an introduction behind which nothing came.
func (w *writing) dangling() {
	if last := len(w.said) - 1; last >= 0 && strings.HasSuffix(w.said[last].plain, ":") {
		w.said = w.said[:last]
	}
}

// mostOf is the share of a statement's words that what is said instead must
// have. A model that puts it shorter may leave out what was not asked, and
// words it otherwise; with less it is another statement.
const mostOf = .5

// find gives the sentence from which on a statement is said: one that rests on
// its place, and with those that do so too has its values and most of its words.
func (w *writing) find(want chat.Statement, from int) int {
	first := -1
	var all strings.Builder
	for i := from; i < len(w.said); i++ {
		s := w.said[i]
		if s.Chatter || s.N != want.Citation || s.Span.Start >= want.Span.End || s.Span.End <= want.Span.Start {
			continue
		}
		if first < 0 {
			first = i
		}
		all.WriteString(s.plain + "\n")
	}
	if first < 0 {
		return -1
	}
	got := all.String()
	for _, v := range bot.Values(want.Text) {
		if !bot.HoldsValue(got, v) {
			return -1
		}
	}
	if share(terms(want.Text), terms(got)) < mostOf {
		return -1
	}
	return first
}

func terms(text string) map[string]bool {
	out := map[string]bool{}
	for _, t := range knowledge.TermsIn("en", text) {
		out[t] = true
	}
	return out
}

// share gives how much of want is in have; 1 of nothing.
func share(want, have map[string]bool) float64 {
	if len(want) == 0 {
		return 1
	}
	n := 0
	for t := range want {
		if have[t] {
			n++
		}
	}
	return float64(n) / float64(len(want))
}

// stepBefore gives the number of the step that stands at a place of a body, 0
// if none does.
func stepBefore(body string, at int) int {
	if at > len(body) {
		return 0
	}
	line := body[strings.LastIndexByte(body[:at], '\n')+1 : at]
	m := stepNumber.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // at most three digits
	return n
}

var stepNumber = regexp.MustCompile(`^[\s>]*(\d{1,3})[.)]\s[\s*_]*$`)
