package bot

import (
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

const (
	// maxRelated is how many articles are shown beside a handoff: more is a
	// search page.
	maxRelated = 3
	// relatedNear is the cosine of an article's best passage below which it is
	// not about the question.
	relatedNear = .45
)

// related gives articles that the customer may open while waiting, best first,
// each with a title of its own. The one that the answer would have come from is
// among them: the bot was not sure that it answers, not that it is no use. An
// article that was cited before has been seen.
func (f findings) related() []chat.Related {
	seen := map[string]bool{}
	for _, past := range f.turn.History {
		for _, c := range past.Citations {
			seen[strings.ToLower(c.Title)] = true
		}
	}
	var out []chat.Related
	for _, a := range f.result.Articles {
		near, _ := bestOf(a)
		key := strings.ToLower(a.Document.Title)
		if near < relatedNear || key == "" || seen[key] || a.Document.Visibility != knowledge.Public {
			continue
		}
		seen[key] = true
		out = append(out, chat.Related{Article: a.Document.ID, Title: a.Document.Title, URL: a.Document.URL})
		if len(out) == maxRelated {
			break
		}
	}
	return out
}
