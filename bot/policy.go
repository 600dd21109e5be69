package bot

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/chat"
)

// Barred gives the first of a turn's OffLimits that its messages are about,
// nil if they are about none: an operator's rule, which no judge overrules.
func (t Turn) Barred() *chat.OffLimits {
	if len(t.OffLimits) == 0 {
		return nil
	}
	text := spelledOut(strings.Join(t.Messages, "\n"))
	for i, o := range t.OffLimits {
		for _, phrase := range o.Phrases {
			if holdsPhrase(text, phrase) {
				return &t.OffLimits[i]
			}
		}
	}
	return nil
}

// spelledOut gives a text's words as they are compared with phrases: in lower
// case, without accents and marks, one blank before and after each.
func spelledOut(s string) string {
	s = norm.NFD.String(strings.ToLower(legible(s)))
	var b strings.Builder
	b.WriteByte(' ')
	blank := true
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’': // "don't" is a word
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
			blank = false
		case !blank:
			b.WriteByte(' ')
			blank = true
		}
	}
	if !blank {
		b.WriteByte(' ')
	}
	return b.String()
}

// holdsPhrase reports whether a spelled-out text holds a phrase as whole words;
// one that ends in "*" as the beginning of its last word too. In scripts
// without blanks between words it may stand anywhere.
func holdsPhrase(text, phrase string) bool {
	phrase, begins := strings.CutSuffix(strings.TrimSpace(phrase), "*")
	words := strings.TrimSpace(spelledOut(phrase))
	switch {
	case words == "":
		return false
	case strings.ContainsFunc(words, unblanked):
		return strings.Contains(text, words)
	case begins:
		return strings.Contains(text, " "+words)
	}
	return strings.Contains(text, " "+words+" ")
}

// unblanked reports whether a letter is of a script without blanks.
func unblanked(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// policy keeps the bot out of a subject: it says what the operator wrote, or
// brings in a person.
func (f findings) policy(o *chat.OffLimits) Decision {
	if o.Answer != "" {
		return f.say(chat.ActionRefuse, chat.ReasonPolicy, o.Answer)
	}
	return f.handOff(chat.ReasonPolicy)
}

// signed adds the inbox's last line to an answer.
func signed(text string, blocks []chat.Block, signOff string) (string, []chat.Block) {
	if signOff == "" || strings.HasSuffix(text, signOff) {
		return text, blocks
	}
	if blocks == nil {
		blocks = []chat.Block{paragraph(text)}
	}
	return text + "\n\n" + signOff, append(blocks[:len(blocks):len(blocks)], paragraph(signOff))
}

func paragraph(text string) chat.Block {
	return chat.Block{T: "p", Kids: []chat.Block{{T: "text", Text: text}}}
}
