package memory

import (
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/chat"
	"frontdesk/internal/personal"
)

const (
	// mostAsked is how many of the customer's words a summary by rules keeps, the
	// newest ones, and longestAsked how much of each.
	mostAsked    = 6
	longestAsked = 160
)

// Rules sums up messages without a model: what the widget said first by itself,
// what the customer wrote, which articles were shown, and what an agent said last. Lines of a summary before
// it stay as long as there is room.
func Rules(before string, entries []chat.Entry) string {
	var asked, shown []string
	agent, opener := "", ""
	for _, e := range entries {
		switch e.From.Kind {
		case chat.PartyCustomer:
			asked = append(asked, cut(personal.Mask(e.Text), longestAsked))
		case chat.PartyAgent:
			agent = cut(personal.Mask(e.Text), longestAsked)
		case chat.PartyBot, chat.PartySystem:
		}
		if e.Opener() {
			opener = cut(personal.Mask(e.Text), longestAsked)
		}
		if e.Answer != nil && e.Answer.Action == chat.ActionAnswer {
			for _, c := range e.Answer.Citations {
				if !slices.Contains(shown, c.Title) {
					shown = append(shown, c.Title)
				}
			}
		}
	}
	var lines []string
	if before != "" {
		lines = strings.Split(before, "\n")
	}
	if opener != "" {
		lines = append(lines, "The customer answered an automatic message: "+opener)
	}
	for _, a := range asked[max(0, len(asked)-mostAsked):] {
		lines = append(lines, "The customer wrote: "+a)
	}
	if len(shown) > 0 {
		lines = append(lines, "The bot showed: "+strings.Join(shown, "; "))
	}
	if agent != "" {
		lines = append(lines, "An agent wrote last: "+agent)
	}
	for len(lines) > 1 && len(strings.Join(lines, "\n")) > longest {
		lines = lines[1:]
	}
	return cut(strings.Join(lines, "\n"), longest)
}

// cut gives the beginning of a text on one line or more, at most so many bytes
// of it, at the end of a word where there is one.
func cut(s string, most int) string {
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s
	}
	end := most - len("…")
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	if blank := strings.LastIndexByte(s[:end], ' '); blank > end/2 {
		end = blank
	}
	return s[:end] + "…"
}
