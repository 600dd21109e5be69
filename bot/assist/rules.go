package assist

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/internal/personal"
)

// rewords are the manners without a model. They take no risk: what they change
// is the frame of a text, not what it says.
var rewords = map[prompt.Manner]func(string) string{
	prompt.Shorter: shorter,
	prompt.Kinder:  kinder,
	prompt.Formal:  formal,
}

// filler are sentences and beginnings that can go without loss.
var filler = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(^|[.!?]\s+)(thank you (very much )?for (reaching out|contacting us|your (message|patience|question))|i hope (this|that) helps|(please )?(don't|do not) hesitate to [^.!?]*|feel free to [^.!?]*|let me know if [^.!?]*|have a (great|nice|good|lovely) [^.!?]*|we apologi[sz]e for (the|any) inconvenience( this may have caused)?)[.!]`),
	regexp.MustCompile(`(?i)\b(just|actually|basically|simply|really|very|quite) `),
	regexp.MustCompile(`(?i)\b(as you (may|might) (already )?know|for your information|please note that|i wanted to let you know that|in order to) ?`),
}

// shorter takes out what says nothing.
func shorter(text string) string {
	out := filler[0].ReplaceAllString(text, "$1")
	out = filler[1].ReplaceAllString(out, "")
	out = filler[2].ReplaceAllStringFunc(out, func(s string) string {
		if strings.HasPrefix(strings.ToLower(s), "in order to") {
			return "to "
		}
		return ""
	})
	out = capitals(strings.TrimSpace(blanks.ReplaceAllString(out, " ")))
	if out == "" {
		return text
	}
	return out
}

var (
	blanks   = regexp.MustCompile(`[ \t]{2,}`)
	sentence = regexp.MustCompile(`(^|[.!?]\s+|\n\s*)([a-z])`)
)

// capitals begins sentences with a capital letter again.
func capitals(s string) string {
	return sentence.ReplaceAllStringFunc(s, func(m string) string {
		return m[:len(m)-1] + strings.ToUpper(m[len(m)-1:])
	})
}

// kind is how a text begins or ends that is kind already.
var kind = regexp.MustCompile(`(?i)\b(sorry|thank|thanks|glad|happy to|kind regards|hope)\b`)

// kinder puts thanks before a text and an offer behind it.
func kinder(text string) string {
	if kind.MatchString(text) {
		return text
	}
	return "Thank you for your patience.\n\n" + strings.TrimSpace(text) + "\n\nIf anything is unclear, I'm happy to help."
}

// casual words, and what a formal text has in their place. Contractions that
// stand for two words ("'s", "'d") stay.
var casual = func() (out []replacement) {
	for _, r := range [][2]string{
		{`can['’]t\b`, "cannot"}, {`won['’]t\b`, "will not"}, {`shan['’]t\b`, "shall not"}, {`n['’]t\b`, " not"},
		{`['’]re\b`, " are"}, {`['’]ve\b`, " have"}, {`['’]ll\b`, " will"}, {`\bI['’]m\b`, "I am"},
		{`^(hey|hi)( there)?\b`, "Hello"}, {`\bthanks\b`, "thank you"}, {`\b(yeah|yep)\b`, "yes"}, {`\b(ok|okay)\b`, "all right"}, {`!+`, "."},
	} {
		out = append(out, replacement{regexp.MustCompile(`(?i)` + r[0]), r[1]})
	}
	return out
}()

type replacement struct {
	from *regexp.Regexp
	to   string
}

// formal writes contractions out and drops casual words.
func formal(text string) string {
	out := text
	for _, c := range casual {
		out = c.from.ReplaceAllString(out, c.to)
	}
	return capitals(strings.TrimSpace(out))
}

// tagsByWords gives the tags whose words the customer used, those used most first.
func tagsByWords(entries []chat.Entry, list []string, most int) []string {
	var words []string
	for _, e := range entries {
		if e.Kind == chat.KindMessage && e.From.Kind == chat.PartyCustomer {
			words = append(words, wordsOf(e.Text)...)
		}
	}
	type counted struct {
		tag string
		n   int
	}
	var found []counted
	for _, tag := range list {
		n := 0
		for _, w := range wordsOf(tag) {
			for _, said := range words {
				if said == w || len(w) > 3 && (strings.HasPrefix(said, w) || strings.HasPrefix(w, said) && len(said) > 3) {
					n++
				}
			}
		}
		if n > 0 {
			found = append(found, counted{tag, n})
		}
	}
	slices.SortStableFunc(found, func(a, b counted) int { return cmp.Compare(b.n, a.n) })
	out := []string{}
	for _, f := range found[:min(most, len(found))] {
		out = append(out, f.tag)
	}
	return out
}

var word = regexp.MustCompile(`[\pL\pN]{3,}`)

func wordsOf(s string) []string { return word.FindAllString(strings.ToLower(s), -1) }

// maxTitle is how long a title is that a reader takes in at a glance, in bytes.
const maxTitle = 80

// articleByRules gives a title from what the customer asked, and a body of what
// agents answered; no body if no agent did.
func articleByRules(c chat.Conversation, entries []chat.Entry) (title, body string) {
	var answers []string
	question := ""
	for _, e := range entries {
		if e.Kind != chat.KindMessage {
			continue
		}
		text := strings.TrimSpace(personal.Mask(e.Text))
		switch e.From.Kind {
		case chat.PartyCustomer:
			if strings.Contains(text, "?") || question == "" {
				question = text
			}
		case chat.PartyAgent:
			answers = append(answers, text)
		case chat.PartyBot, chat.PartySystem:
		}
	}
	if len(answers) == 0 {
		return "", ""
	}
	title = strings.TrimSpace(strings.SplitN(cmp.Or(question, c.Subject, "Untitled"), "\n", 2)[0])
	if at := strings.IndexByte(title, '?'); at >= 0 {
		title = title[:at+1]
	}
	if len(title) > maxTitle {
		cut := strings.LastIndexByte(title[:maxTitle], ' ')
		title = strings.ToValidUTF8(title[:max(cut, maxTitle/2)], "")
	}
	return title, fmt.Sprintf("%s\n", strings.Join(answers, "\n\n"))
}
