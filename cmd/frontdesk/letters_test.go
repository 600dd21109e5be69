package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/mail"
	"frontdesk/say"
)

// Every letter to a customer, in every language that there are words in, as it was when somebody read it last.
func TestLettersInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, tag := range say.Languages() {
		golden := filepath.Join("testdata", "letters", tag+".txt")
		var all strings.Builder
		for _, l := range lettersIn(tag) {
			text, html, err := l.Render()
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString("Subject: " + l.Subject + "\n\n" + text + "\n==========\n\n")
			dir := "ltr"
			if tag == "ar" {
				dir = "rtl"
			}
			if !strings.Contains(html, `<html lang="`+tag+`" dir="`+dir+`">`) {
				t.Errorf("%s: the letter does not say what it is written in:\n%s", tag, html[:80])
			}
		}
		if *update {
			if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), all.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tag, diff)
		}
	}
}

// lettersIn are a code, an answer and a transcript to somebody whose browser speaks tag.
func lettersIn(tag string) []mail.Letter {
	at := time.Date(2026, 3, 6, 19, 0, 0, 0, time.UTC)
	due := at.Add(64 * time.Hour)
	in := chat.Inbox{Name: "Shop", Settings: chat.InboxSettings{Brand: "Kessel & Korn", Timezone: "Europe/Berlin"}}
	c := chat.Conversation{Locale: tag, Subject: "E2?"}
	ana := chat.Sender{Kind: chat.PartyAgent, Name: "Ana"}
	message := func(from chat.Sender, text string) chat.Entry {
		return chat.Entry{At: at, From: from, Kind: chat.KindMessage, Text: text}
	}
	notice := func(n chat.Notice) chat.Entry {
		return chat.Entry{At: at, From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice, Text: "English", Body: chat.Body{Notice: &n, Promise: &chat.Promise{Number: "FD-1"}}}
	}
	promise := chat.Entry{At: at, From: ana, Kind: chat.KindPromise, Text: "English", Body: chat.Body{Promise: &chat.Promise{Kind: chat.PromiseOther, Text: "B-12", Due: due, Number: "FD-2", State: chat.PromiseOpen}}}
	file := message(ana, "B-12")
	file.Files = []chat.File{{Name: "b12.pdf"}}
	sourced := message(ana, "B-12.")
	sourced.Sources = []chat.Citation{{N: 1, Title: "B-12", URL: "https://shop.example/b12"}}

	u := unread{question: "E2?", answers: []chat.Entry{sourced, promise, file}, email: "maria@example.com"}
	answer := answerLetter(c, in, u, "https://help.example/chat")
	answer.Text = receipts(say.In(tag), zoneOf("Europe/Berlin"), []chat.Promise{
		{Kind: chat.PromiseOther, Text: "B-12", Due: due, At: at, State: chat.PromiseOpen, Number: "FD-2"},
		{Kind: chat.PromiseAnswer, Due: due, SettledAt: at, State: chat.PromiseKept, Number: "FD-1"},
	}, at)
	wished := wish{Entry: chat.Entry{From: chat.Sender{Kind: chat.PartyCustomer}, Body: chat.Body{Transcript: &chat.Transcript{Email: "maria@example.com", Zone: "America/New_York"}}},
		log: []chat.Entry{
			message(chat.Sender{Kind: chat.PartyCustomer}, "E2?"), message(chat.Sender{Kind: chat.PartyBot}, "E2."),
			notice(chat.Notice{Kind: chat.NoticeOffline, Opens: due.Add(-2 * time.Hour), Promised: due, AskEmail: true}),
			notice(chat.Notice{Kind: chat.NoticePromise, Promised: due, Email: "maria@example.com"}),
			notice(chat.Notice{Kind: chat.NoticeOverdue, Was: at.Add(-time.Hour), What: "B-12", Promised: due, Email: "maria@example.com", Agent: "Ana"}),
			promise, message(ana, "B-12."),
		}}
	nothing := wish{Entry: chat.Entry{From: ana, Body: chat.Body{Transcript: &chat.Transcript{Email: "maria@example.com"}}}}
	return []mail.Letter{
		codeLetter("123456", chat.IdentityCode{ID: uuid.Nil, Email: "maria@example.com"}, in, say.In(tag)),
		answer, transcript(wished, c, in), transcript(nothing, c, in),
	}
}

func TestWhoIsWrittenToInWhichLanguage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ locale, inbox, want string }{
		{"de-AT", "fr", "de"}, {"da", "fr", "fr"}, {"", "tr", "tr"}, {"da", "fi", "en"}, {"en-US", "de", "en"},
	} {
		got := tongue(chat.Conversation{Locale: test.locale}, chat.Inbox{Settings: chat.InboxSettings{Locales: []string{test.inbox}}})
		if got.Tag() != test.want {
			t.Errorf("%q in an inbox of %s is written to in %s, not %s", test.locale, test.inbox, got.Tag(), test.want)
		}
	}
}
