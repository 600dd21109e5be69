package bot

import (
	"slices"
	"strings"

	"frontdesk/say"
)

// This file has what the bot says by itself worded in the customer's language. The engine decides in English, so that its
// decisions are the same for everyone; what is an article's stays in the article's words, and an operator's in theirs.

// worded gives a decision with a set phrase in the language of its conversation.
func (a attempt) worded(d Decision) Decision {
	if len(d.Blocks) == 0 {
		d.Text = a.tongue().Phrase(d.Text)
	}
	return d
}

// tongue is the language that the bot speaks in a conversation: the customer's own words tell, else what their browser
// says, within what the inbox's bot may speak.
func (a attempt) tongue() *say.Table {
	return Tongue(a.languages, spokenIn(a.turn), a.turn.Locale)
}

// Tongue gives the words of the first language of spoken (BCP 47, "" says nothing) that there are words in, within the
// languages that an inbox's bot may speak (none: any), whose first it is where no other is.
func Tongue(languages []string, spoken ...string) *say.Table {
	if len(languages) == 0 {
		return say.In(spoken...)
	}
	may := primary(languages)
	spoken = slices.DeleteFunc(slices.Clone(spoken), func(tag string) bool { return !slices.Contains(may, primary([]string{tag})[0]) || tag == "" })
	return say.In(append(spoken, languages[0])...)
}

// spokenIn is the language of the customer's newest words that tell one; "" if none do.
func spokenIn(t Turn) string {
	if tag, sure := languageOf(strings.Join(t.Messages, "\n")); sure {
		return tag
	}
	for _, past := range slices.Backward(t.History) {
		if past.Role != RoleCustomer {
			continue
		}
		if tag, sure := languageOf(past.Text); sure {
			return tag
		}
	}
	return ""
}
