package bot

import (
	"testing"

	"frontdesk/chat"
	"frontdesk/say"
)

func TestTheBotSpeaksTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		about, message, before, locale string
		may                            []string
		want                           string
	}{
		{about: "their words", message: "Wo ist meine Bestellung geblieben?", locale: "en-US", want: "de"},
		{about: "their words before their browser's", message: "Where is my order?", locale: "de-DE", want: "en"},
		{about: "words that tell nothing", message: "E2?", locale: "de-AT", want: "de"},
		{about: "what they wrote before", message: "E2?", before: "Wo ist meine Bestellung geblieben?", locale: "en", want: "de"},
		{about: "a script", message: "أين طلبي؟", locale: "en", want: "ar"},
		{about: "nothing to go by", message: "E2?", want: "en"},
		{about: "a language without words", message: "Де моє замовлення?", locale: "fr", want: "fr"},
		{about: "one that the bot may not speak", message: "Wo ist meine Bestellung geblieben?", locale: "de", may: []string{"fr", "en"}, want: "fr"},
		{about: "one of those that it may", message: "Where is my order?", locale: "de", may: []string{"fr", "en-GB"}, want: "en"},
	} {
		a := attempt{turn: Turn{Messages: []string{test.message}, Locale: test.locale}, languages: test.may}
		if test.before != "" {
			a.turn.History = []Past{{Role: RoleCustomer, Text: test.before}}
		}
		if got := a.tongue().Tag(); got != test.want {
			t.Errorf("%s: %s, want %s", test.about, got, test.want)
		}
	}
}

// Every phrase that the bot has of its own can be said in every language, and is known again in it.
func TestSetPhrasesAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	phrases := []string{wordlessWords, Words(chat.ActionClarify, ""), smallTalk(nil)}
	for _, reason := range []chat.Reason{chat.ReasonAbuse, chat.ReasonOffTopic, chat.ReasonInject} {
		phrases = append(phrases, Words(chat.ActionRefuse, reason))
	}
	for _, c := range []class{classIdentity, classGoodbye, classThanks} {
		phrases = append(phrases, smallTalk(map[class]bool{c: true}))
	}
	for _, words := range handoffWords {
		phrases = append(phrases, words)
	}
	a := attempt{turn: Turn{Messages: []string{"E2?"}}}
	for _, tag := range say.Languages()[1:] {
		a.turn.Locale = tag
		for _, english := range phrases {
			said := a.worded(Decision{Text: english}).Text
			if said == english || !say.Is(said, english) {
				t.Errorf("%s: %q is %q", tag, english, said)
			}
		}
	}
	quoted := Decision{Text: phrases[0], Blocks: []chat.Block{paragraph(phrases[0])}}
	if got := a.worded(quoted).Text; got != phrases[0] {
		t.Errorf("an article's words became %q", got)
	}
	if got := a.worded(Decision{Text: "Ask our lawyer: 100 % sure."}).Text; got != "Ask our lawyer: 100 % sure." {
		t.Errorf("an operator's words became %q", got)
	}
}
