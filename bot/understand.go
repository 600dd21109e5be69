package bot

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

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
	wordless bool    // it holds no word: emoji, punctuation, a key pressed by mistake
	foreign  string  // tag of a language that the encoder does not know, "" if it does
	either   bool    // a person or an answer, whichever: "call me, or tell me how …"
	asks     float64 // how likely it asks what articles may answer, 0..1
	degraded string
}

// small reports whether the turn is small talk and nothing else.
func (u understanding) small() bool {
	return u.question == "" && (u.found[classGreeting] || u.found[classThanks] || u.found[classGoodbye] || u.found[classIdentity])
}

const (
	// maxSentences bounds the work on a pasted text: each sentence costs one
	// embedding of a few milliseconds. Of a longer one the first and the last
	// half count, because that is where people ask.
	maxSentences = 8
	// maxSentence is where a sentence without an end is cut, in bytes: about
	// what the encoder reads.
	maxSentence = 600
	// maxWhole is up to which length a message is searched as it is, and how much
	// of a longer one is looked at sentence by sentence, in bytes: two passes of
	// the encoder at its longest. Only the sentences that were looked at are
	// searched then.
	maxWhole = 2000
	// maxText is how much is read of a message, in bytes: half of it from each
	// end. What is between is only looked through for a call for help.
	maxText = 4 << 10
	// classifyBox is the time that all of them may take; then words decide.
	classifyBox = 400 * time.Millisecond
)

// understand sorts the turn's sentences into classes and keeps what is to be
// answered: greetings, insults and attempts to steer the bot fall away where
// an honest question stands beside them.
func (e *Engine) understand(ctx context.Context, t Turn) understanding {
	raw := legible(strings.Join(t.Messages, "\n"))
	u := understanding{found: map[class]bool{}, ownData: holdsOwnData(clippedEnds(raw)), wordless: wordless(raw, t.History), foreign: e.foreign(raw, t.History)}
	text := personal.Mask(withoutQuotedOrders(clippedEnds(raw)))
	if u.wordless {
		if approves(raw) {
			u.found[classThanks] = true
		}
		return u
	}
	sentences := clauses(text)
	looked := firstAndLast(sentences, maxSentences, maxWhole)
	var rest []string
	for i, c := range e.classify(ctx, t, looked, &u) {
		if c == classSuspect && u.found[c] {
			c = classAttack // twice is no accident
		}
		u.found[c] = true
		if asks(c) {
			rest = append(rest, looked[i])
		}
	}
	if len(looked) < len(sentences) || len(raw) > maxText {
		u.found[classDistress] = u.found[classDistress] || matches(classDistress, raw)
		if slices.ContainsFunc(rest, looksLikeQuestion) { // beside a log, only what is asked about it
			rest = slices.DeleteFunc(rest, func(s string) bool { return !looksLikeQuestion(s) })
		}
	}
	if u.found[classPerson] && asksForReach(text) {
		delete(u.found, classPerson)
	}
	u.either = u.found[classPerson] && offersChoice(rest)
	if u.found[classAttack] { // whatever else is no question may belong to it
		rest = slices.DeleteFunc(rest, func(s string) bool { return !looksLikeQuestion(s) })
	}
	rest = withoutData(rest, raw)
	switch {
	case len(rest) == len(sentences) && len(text) <= maxWhole:
		u.question = text
	case len(rest) > 0 && worthAsking(rest, u):
		u.question = strings.Join(rest, " ")
	}
	u.question = withoutMarkup(u.question)
	u.focus = focusOf(e.names(t.Workspace), cmp.Or(u.question, clipped(text)), t.History)
	u.query, u.followUp = resolve(u.question, t.History, u.focus)
	if u.followUp && e.rewriter != nil && u.foreign == "" {
		e.rewrite(ctx, t, &u)
	}
	return u
}

// rewrite adds a question of its own to what is searched for a follow-up. It
// takes the place of nothing: of 12 follow-ups (own) rules find the article for
// 12, the question of its own alone, as a careful person words it, for 10, both
// together for 12, of which 8 are answered instead of 7.
func (e *Engine) rewrite(ctx context.Context, t Turn, u *understanding) {
	own, err := e.rewriter.Rewrite(ctx, u.question, t.History, t.Account)
	if err != nil {
		e.log.Debug("bot: a follow-up is understood by rules", "err", err)
		return
	}
	u.query += "\n" + own
}

// names gives the names of the articles.
func (e *Engine) names(ws uuid.UUID) names {
	actual := e.search.Names(ws)
	if e.tape != nil {
		return e.tape.names(actual)
	}
	return actual
}

// classify gives the classes of sentences. In a language that the encoder
// does not know, words alone decide.
func (e *Engine) classify(ctx context.Context, t Turn, sentences []string, u *understanding) []class {
	if u.foreign != "" {
		out := make([]class, len(sentences))
		for i, s := range sentences {
			out[i] = e.classes.byWords(s)
		}
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, classifyBox)
	defer cancel()
	out, err := e.asMeant(ctx, t, sentences)
	if err != nil {
		u.degraded = "classifier: words only"
	}
	return out
}

// foreign gives the language of a turn that the encoder does not know.
func (e *Engine) foreign(raw string, history []Past) string {
	var before []string
	for _, past := range history {
		if past.Role == RoleCustomer {
			before = append(before, past.Text)
		}
	}
	return foreignTo(e.languages, raw, before)
}

// clippedEnds gives both ends of a message that is longer than people write.
func clippedEnds(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText/2]+"\n"+s[len(s)-maxText/2:], "")
}

// clipped gives the beginning of a long text.
func clipped(s string) string {
	if len(s) <= maxWhole {
		return s
	}
	return strings.ToValidUTF8(s[:maxWhole], "")
}

// firstAndLast gives at most n texts of a list, from both ends in turns, as
// long as they have no more than size bytes together.
func firstAndLast(list []string, n, size int) []string {
	first, last := 0, len(list)
	for first < last && first+len(list)-last < n {
		next := list[first]
		if first > len(list)-last {
			next = list[last-1]
		}
		if size -= len(next); size < 0 {
			break
		}
		if first > len(list)-last {
			last--
		} else {
			first++
		}
	}
	if first == last {
		return list
	}
	return slices.Concat(list[:first], list[last:])
}

// withoutData leaves out what only gives personal data ("my mail is …") where
// a question stands beside it. In raw they are not yet masked.
func withoutData(rest []string, raw string) []string {
	data := func(s string) bool { return !strings.Contains(raw, s) && !looksLikeQuestion(s) }
	if !slices.ContainsFunc(rest, looksLikeQuestion) {
		return rest
	}
	return slices.DeleteFunc(rest, data)
}

// asks reports whether a sentence of class c may be (part of) a question to
// the articles.
func asks(c class) bool {
	switch c {
	case classOrdinary, classAccount, classComplaint, classPerson, classDistress, classSuspect, classOffTopic:
		return true
	}
	return false
}

// asksForReach reports whether a message that sounds like a wish for a person
// asks how to reach one ("can I phone somebody? what's the number").
func asksForReach(s string) bool {
	return patternClass(s) != classPerson && looksLikeQuestion(s) && aboutReaching.MatchString(s)
}

// offersChoice reports whether the last of some sentences puts a question as
// the other choice.
func offersChoice(sentences []string) bool {
	if len(sentences) < 2 {
		return false
	}
	last := strings.ToLower(sentences[len(sentences)-1])
	return strings.HasPrefix(last, "or ") && looksLikeQuestion(last)
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
// the case of the next, at a line end, at a colon that introduces words, and
// at a comma before a question word (the first group stays behind the cut).
var clauseEnd = regexp.MustCompile(`(?i)[.!?…]+["')]*\s+|\n+|:\s+|[<>]{2,}\s*|,\s+((?:how|what|where|which) )`)

// clauses cuts a message into what is said one after the other. People who
// chat write no capitals, so these are shorter than an article's sentences.
func clauses(text string) []string {
	var out []string
	start := 0
	for _, at := range clauseEnd.FindAllStringSubmatchIndex(text, -1) {
		end := at[1]
		if at[2] >= 0 {
			if end = at[2]; len(strings.Fields(text[start:end])) <= fewWords {
				continue // "Anna, how do I": an address
			}
		}
		out = appendClause(out, text[start:end])
		start = end
	}
	return appendClause(out, text[start:])
}

// appendClause adds a clause, in pieces if it is too long to be one.
func appendClause(list []string, s string) []string {
	for len(s) > maxSentence {
		cut := strings.LastIndexFunc(s[:maxSentence], unicode.IsSpace)
		if cut <= 0 {
			for cut = maxSentence; !utf8.RuneStart(s[cut]); {
				cut--
			}
		}
		list, s = appendFilled(list, s[:cut]), s[cut:]
	}
	return appendFilled(list, s)
}

func appendFilled(list []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		return append(list, s)
	}
	return list
}
