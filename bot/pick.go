package bot

import (
	"strings"

	"frontdesk/chat"
)

// picked reads a turn that answers a clarifying question: it gives the turn as
// it would have been had the customer said at once which thing is meant, and
// the choice. ok is false for any other turn, also for one that asks something
// else instead of choosing.
func picked(t Turn) (original Turn, choice chat.Choice, ok bool) {
	last := len(t.History) - 1
	if last < 1 || t.History[last].Role != RoleBot || t.History[last].Action != chat.ActionClarify {
		return t, choice, false
	}
	choice, ok = chosen(strings.Join(t.Messages, " "), t.History[last].Choices)
	first := last
	for first > 0 && t.History[first-1].Role == RoleCustomer {
		first--
	}
	if !ok || first == last {
		return t, choice, false
	}
	original = t
	original.Messages = nil
	for _, past := range t.History[first:last] {
		original.Messages = append(original.Messages, past.Text)
	}
	original.History = t.History[:first]
	return original, choice, true
}

// maxPickWords is how many words that carry a subject a message may have that
// chooses in words of its own: a longer one says something more.
const maxPickWords = 4

// ordinals are the words for the place of a choice.
var ordinals = [][]string{{"first", "1", "1st"}, {"second", "2", "2nd"}, {"third", "3", "3rd"}, {"fourth", "4", "4th"}}

// chosen gives the choice that a message names: by its words, by its place, or
// by words that only one of them has.
func chosen(message string, choices []chat.Choice) (chat.Choice, bool) {
	said := words(message)
	whole := strings.Join(said, " ")
	for _, c := range choices {
		if whole == strings.Join(words(c.Text), " ") || whole == strings.Join(words(c.Label), " ") {
			return c, true
		}
	}
	if content := contentWords(message); len(content) > maxPickWords || looksLikeQuestion(message) {
		return chat.Choice{}, false
	}
	if at := place(said); at >= 0 && at < len(choices) {
		return choices[at], true
	}
	want, at := stems(message), -1
	for i, c := range choices {
		if len(want) == 0 || share(want, stems(c.Text+" "+c.Label)) < 1 {
			continue
		}
		if at >= 0 {
			return chat.Choice{}, false // of two alike
		}
		at = i
	}
	if at < 0 {
		return chat.Choice{}, false
	}
	return choices[at], true
}

// place gives the index that a message names ("the second one"), -1 for none.
// "One" is no place: people say it of any.
func place(said []string) int {
	for i, names := range ordinals {
		for _, w := range said {
			for _, n := range names {
				if w == n {
					return i
				}
			}
		}
	}
	return -1
}
