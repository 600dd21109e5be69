package bot

import "strings"

// repeated reports whether the bot would go round in circles: the customer
// asks word for word again what was answered, or says that the answer did not
// help and there is none but the same article.
func (f findings) repeated() bool {
	answered := false
	said := strings.Join(words(f.u.question), " ")
	var cited []string
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
		}
	}
	if !answered || !f.u.found[classComplaint] {
		return false
	}
	if f.u.followUp || len(f.result.Articles) == 0 {
		return true
	}
	for _, id := range cited {
		if id == f.result.Articles[0].Document.ExternalID {
			return true
		}
	}
	return false
}
