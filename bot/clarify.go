package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/chat"
)

const (
	// maxChoices is how many articles a clarifying question offers.
	maxChoices = 4
	// nearEqual is the share of the first article's score that another needs
	// to be offered beside it.
	nearEqual = .85
)

// mayClarify reports whether asking which article is meant is likely to help:
// the best alone is too unsure, one of the first few is sure enough, another
// stands near it, and the customer was not asked just now.
func (f findings) mayClarify(threshold float64) bool {
	if f.judged.among < threshold || f.u.question == "" || f.hostile() || f.choice != "" || len(f.choices()) < 2 {
		return false
	}
	for i := len(f.turn.History) - 1; i >= 0; i-- {
		if past := f.turn.History[i]; past.Role == RoleBot {
			return past.Action != chat.ActionClarify
		}
	}
	return true
}

// hostile reports whether the turn sounds like an attack.
func (f findings) hostile() bool { return f.u.found[classAttack] || f.u.found[classSuspect] }

// choices are the articles near the best one, each with a title of its own,
// labelled by what differs. Choosing one sends its title.
func (f findings) choices() []chat.Choice {
	var titles []string
	seen := map[string]bool{}
	for _, a := range f.result.Articles {
		title := a.Document.Title
		if len(titles) == maxChoices || a.Score < nearEqual*f.result.Articles[0].Score {
			break
		}
		if key := strings.ToLower(title); title != "" && !seen[key] {
			seen[key] = true
			titles = append(titles, title)
		}
	}
	var out []chat.Choice
	for i, label := range differing(titles) {
		out = append(out, chat.Choice{Label: label, Text: titles[i]})
	}
	return out
}

// differing gives for each title the part that tells it from the others: what
// stands before a colon ("Gold Card: fees"), else what is left without the words
// that all begin or end with ("Cancel an order"), else all of it.
func differing(titles []string) []string {
	heads := make([]string, len(titles))
	for i, t := range titles {
		head, _, found := strings.Cut(t, ": ")
		if found {
			heads[i] = strings.TrimSpace(head)
		}
	}
	if telling(heads) {
		return heads
	}
	split := make([][]string, len(titles))
	for i, t := range titles {
		split[i] = strings.Fields(t)
	}
	before := common(split, func(w []string, i int) string { return w[i] })
	after := common(split, func(w []string, i int) string { return w[len(w)-1-i] })
	short := make([]string, len(titles))
	for i, w := range split {
		if before+after < len(w) {
			short[i] = upperFirst(strings.Trim(strings.Join(w[before:len(w)-after], " "), ":,;–- "))
		}
	}
	if before+after > 0 && telling(short) {
		return short
	}
	return titles
}

// common counts how many words are the same in all titles, as at gives them.
func common(titles [][]string, at func(words []string, i int) string) int {
	for n := 0; ; n++ {
		for _, t := range titles {
			if n >= len(t) || !strings.EqualFold(at(t, n), at(titles[0], n)) {
				return n
			}
		}
		if len(titles) < 2 {
			return 0
		}
	}
}

// telling reports whether labels are all there, differ, and say something.
func telling(labels []string) bool {
	seen := map[string]bool{}
	for _, l := range labels {
		key := strings.ToLower(l)
		if len(contentWords(l)) == 0 || seen[key] {
			return false
		}
		seen[key] = true
	}
	return len(labels) > 1
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func (f findings) clarify() Decision {
	d := f.say(chat.ActionClarify, "", Words(chat.ActionClarify, ""))
	d.Answer.Choices = f.choices()
	d.Suggested = f.suggestion()
	return d
}
