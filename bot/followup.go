package bot

import "strings"

var (
	// leads are how a message begins that goes on from the one before.
	leads = []string{"and ", "but ", "or ", "then ", "so ", "also ", "what about", "how about", "what if", "what else", "why not",
		"nope", "no,", "no ", "yes", "still ", "same ", "which one", "which of", "ok ", "okay ", "in that case", "otherwise", "instead"}
	// pointers are words that stand for something said before.
	pointers = set("it it's its that that's this those these they them their he him his she her one ones there such same both either neither other former latter above")
)

const (
	// fewWords: with so few content words a message hardly names its subject.
	fewWords = 2
	// pointingWords: a pointer in a longer message mostly points inside it.
	pointingWords = 6
	// lookBack is how many messages of the customer may be needed to find the
	// one that names the subject.
	lookBack = 3
)

// dependent reports whether a message can hardly be understood without what
// was said before it.
func dependent(message string) bool {
	content := len(contentWords(message))
	if content <= fewWords {
		return true
	}
	low := strings.ToLower(strings.TrimSpace(message))
	for _, l := range leads {
		if strings.HasPrefix(low, l) {
			return true
		}
	}
	if content > pointingWords {
		return false
	}
	for _, w := range words(message) {
		if pointers[w] {
			return true
		}
	}
	return false
}

// resolve makes a question self-contained. Only one that leans on what was
// said before is changed: the subject is put in front of it, which is the
// customer's last message that can stand alone, those since, and the title
// of the article that was cited last. Gluing on all of the conversation finds
// less (docs/adr), because the subject changes on the way.
func resolve(question string, history []Past) (query string, followUp bool) {
	if question == "" || len(history) == 0 || !dependent(question) {
		return question, false
	}
	var before []string
	title := ""
	for i := len(history) - 1; i >= 0 && len(before) < lookBack; i-- {
		past := history[i]
		switch past.Role {
		case RoleCustomer:
			text := mask(past.Text)
			before = append(before, text)
			if !dependent(text) {
				i = 0
			}
		case RoleBot:
			if title == "" && past.Action == "answer" && len(past.Citations) > 0 {
				title = past.Citations[0].Title
			}
		}
	}
	if len(before) == 0 && title == "" {
		return question, false
	}
	var parts []string
	for i := len(before) - 1; i >= 0; i-- {
		parts = append(parts, before[i])
	}
	if title != "" {
		parts = append(parts, title)
	}
	return strings.Join(append(parts, question), "\n"), true
}
