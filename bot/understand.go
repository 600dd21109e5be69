package bot

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/personal"
)

// understanding is what a turn's messages are, before any article is looked at.
type understanding struct {
	found    map[class]bool // classes of its sentences
	question string         // what is left to answer, masked; "" if nothing is
	query    string         // what is searched: the question made self-contained
	followUp bool           // query leans on what was said before
	ownData  bool           // it holds a number of the customer's own: order, card, account
	focus    focus
	degraded string
}

// small reports whether the turn is small talk and nothing else.
func (u understanding) small() bool {
	return u.question == "" && (u.found[classGreeting] || u.found[classThanks] || u.found[classGoodbye] || u.found[classIdentity])
}

const (
	// maxSentences bounds the work on a pasted text: each sentence costs one
	// embedding of a few milliseconds.
	maxSentences = 8
	// classifyBox is the time that all of them may take; then words decide.
	classifyBox = 400 * time.Millisecond
)

// understand sorts the turn's sentences into classes and keeps what is to be
// answered: greetings, insults and attempts to steer the bot fall away where
// an honest question stands beside them.
func (e *Engine) understand(ctx context.Context, t Turn) understanding {
	raw := strings.TrimSpace(strings.Join(t.Messages, "\n"))
	u := understanding{found: map[class]bool{}, ownData: holdsOwnData(raw)}
	text := personal.Mask(raw)

	ctx, cancel := context.WithTimeout(ctx, classifyBox)
	defer cancel()
	sentences := clauses(text)
	var rest []string
	for i, s := range sentences {
		if i >= maxSentences {
			rest = append(rest, s)
			continue
		}
		c, err := e.classes.of(ctx, s)
		if err != nil {
			u.degraded = "classifier: words only"
		}
		if c == classSuspect && u.found[c] {
			c = classAttack // twice is no accident
		}
		u.found[c] = true
		if asks(c) {
			rest = append(rest, s)
		}
	}
	if u.found[classAttack] { // whatever else is no question may belong to it
		rest = slices.DeleteFunc(rest, func(s string) bool { return !looksLikeQuestion(s) })
	}
	switch {
	case len(rest) == len(sentences):
		u.question = text
	case len(rest) > 0 && worthAsking(rest, u):
		u.question = strings.Join(rest, " ")
	}
	u.focus = focusOf(e.search.Names(t.Workspace), cmp.Or(u.question, text), t.History)
	u.query, u.followUp = resolve(u.question, t.History, u.focus)
	return u
}

// asks reports whether a sentence of class c may be (part of) a question to
// the articles.
func asks(c class) bool {
	switch c {
	case classOrdinary, classAccount, classComplaint, classPerson, classDistress, classSuspect:
		return true
	}
	return false
}

// worthAsking reports whether what is left beside small talk, insults or an
// attack is a question of its own. Beside an insult it must look like one.
func worthAsking(rest []string, u understanding) bool {
	text := strings.Join(rest, " ")
	if u.found[classAbuse] {
		return len(contentWords(text)) >= 2 && looksLikeQuestion(text)
	}
	return len(contentWords(text)) >= 1
}

var (
	askWords   = set("how what where when why which who whats hows wheres")
	beginWords = set("can could do does did is are may must should will would")
)

// looksLikeQuestion reports whether a text asks: with a question mark, a
// question word, or a verb in front.
func looksLikeQuestion(s string) bool {
	for i, w := range words(s) {
		if askWords[w] || i == 0 && beginWords[w] {
			return true
		}
	}
	return strings.Contains(s, "?")
}

// clauseEnd is where a chat message is cut: at the end of a sentence, whatever
// the case of the next, at a line end, and at a colon that introduces words.
var clauseEnd = regexp.MustCompile(`[.!?…]+["')]*\s+|\n+|:\s+|[<>]{2,}\s*`)

// clauses cuts a message into what is said one after the other. People who
// chat write no capitals, so these are shorter than an article's sentences.
func clauses(text string) []string {
	var out []string
	start := 0
	for _, at := range clauseEnd.FindAllStringIndex(text, -1) {
		out = appendFilled(out, text[start:at[1]])
		start = at[1]
	}
	return appendFilled(out, text[start:])
}

func appendFilled(list []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		return append(list, s)
	}
	return list
}
