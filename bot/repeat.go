package bot

import (
	"regexp"
	"strings"
)

// repeated reports whether the bot would go round in circles: the customer
// asks word for word again what was answered, or says that the answer did not
// help, or that all of it was done in vain, and there is none but the same
// article. What was answered before a person spoke is that person's by now.
func (f findings) repeated() bool {
	answered := false
	said := strings.Join(words(f.u.question), " ")
	var cited []string
history:
	for i := len(f.turn.History) - 1; i >= 0; i-- {
		past := f.turn.History[i]
		switch past.Role {
		case RoleBot:
			if past.Action == "" || past.Action == "answer" {
				answered = true
				for _, c := range past.Citations {
					cited = append(cited, c.ExternalID)
				}
			}
		case RoleCustomer:
			if answered && len(contentWords(said)) > 1 && strings.Join(words(past.Text), " ") == said {
				return true
			}
		case RoleAgent:
			break history
		}
	}
	complains := f.u.found[classComplaint]
	inVain := stillThere.MatchString(f.u.question) && !looksLikeQuestion(f.u.question)
	switch {
	case !answered || !complains && !inVain:
		return false
	case len(f.result.Articles) == 0 || complains && f.u.followUp:
		return true
	}
	for _, id := range cited {
		if id == f.result.Articles[0].Document.ExternalID {
			return true
		}
	}
	return false
}

// stillThere are the words of somebody who did what was said, and in vain:
// "I did all that, and it still squeaks".
var stillThere = regexp.MustCompile(`(?i)\bstill\b|\b(did|tried|done|followed|checked)\b[^.?!]{0,20}\b(all|that|this|those|everything|these|it)\b|\b(same (problem|thing|issue|error|result)|no (luck|change|difference|success)|nothing (changed|happens|happened|helped)|(doesn|didn|does|did)('|’)?n?(t| not) (work|help|change))\b`)
