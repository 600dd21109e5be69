package bot

import (
	"strings"

	"frontdesk/chat"
)

const (
	// maxChoices is how many articles a clarifying question offers.
	maxChoices = 3
	// nearEqual is the share of the first article's score that another needs
	// to be offered beside it.
	nearEqual = .85
)

// mayClarify reports whether asking which article is meant is likely to help:
// the best alone is too unsure, one of the first few is sure enough, another
// stands near it, and the customer was not asked just now.
func (f findings) mayClarify(threshold float64) bool {
	hostile := f.u.found[classAttack] || f.u.found[classSuspect]
	if f.judged.among < threshold || f.u.question == "" || hostile || len(f.choices()) < 2 {
		return false
	}
	for i := len(f.turn.History) - 1; i >= 0; i-- {
		if past := f.turn.History[i]; past.Role == RoleBot {
			return past.Action != chat.ActionClarify
		}
	}
	return true
}

// choices are the articles near the best one, each with a title of its own.
func (f findings) choices() []chat.Choice {
	var out []chat.Choice
	seen := map[string]bool{}
	for _, a := range f.result.Articles {
		title := a.Document.Title
		if len(out) == maxChoices || a.Score < nearEqual*f.result.Articles[0].Score {
			break
		}
		if key := strings.ToLower(title); title != "" && !seen[key] {
			seen[key] = true
			out = append(out, chat.Choice{Label: title, Text: title})
		}
	}
	return out
}

func (f findings) clarify() Decision {
	d := f.say(chat.ActionClarify, "", Words(chat.ActionClarify, ""))
	d.Answer.Choices = f.choices()
	d.Suggested = f.suggestion()
	return d
}
