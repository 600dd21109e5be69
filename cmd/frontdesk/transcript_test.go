package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/mail"
)

func (a *answers) wishes(by chat.Sender, email, zone string) chat.Entry {
	a.t.Helper()
	return a.append(chat.Draft{From: by, Kind: chat.KindTranscript, Text: email, Body: chat.Body{Transcript: &chat.Transcript{Email: email, Zone: zone}}})
}

func (a *answers) maria() chat.Sender { return chat.Sender{Kind: chat.PartyCustomer, ID: a.who.ID} }

// settles tells that a letter has ended, as the queue does.
func (a *answers) settles(state chat.MailState, wish chat.Entry) {
	a.t.Helper()
	a.check(a.done(a.t.Context(), a.ws, chat.Mail{ID: uuid.NewSHA1(wish.ClientID, nil), Kind: letterTranscript, Conversation: a.conv, To: wish.Text, State: state, Seq: wish.Seq, Error: "550 no"}))
}

func TestATranscript(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	a.says("It left today.\n<b>Track it</b>", chat.Citation{N: 1, Title: "Delivery", URL: "https://shop.example/delivery"}, chat.Citation{N: 2, Title: "Bad", URL: "javascript:alert(1)"})
	a.append(chat.Draft{Log: chat.LogStaff, From: a.ana, Kind: chat.KindNote, Text: "Difficult customer, SECRET-NOTE"})
	a.append(chat.Draft{From: chat.Sender{Kind: chat.PartyCustomer, ID: a.who.ID}, Kind: chat.KindRating, Text: "so-so", Body: chat.Body{Rating: &chat.Rating{Score: 3, Comment: "so-so"}}})
	a.append(chat.Draft{From: a.ana, Kind: chat.KindMessage, Text: "label.pdf", Body: chat.Body{Files: []chat.File{{Name: "label.pdf"}}}})
	a.asks("Thank you!")
	wish := a.wishes(a.maria(), "maria@example.com", "America/New_York")
	a.says("This is said later.")

	l, err := a.writeTranscript(t.Context(), a.ws, a.conv)
	a.check(err)
	if l.To != "maria@example.com" || l.Subject != "Your conversation with Kessel & Korn: Where is my order?" || l.Upto != wish.Seq || l.After != 0 || l.Button != nil {
		t.Errorf("letter %+v", l)
	}
	text, html, err := l.Render()
	a.check(err)
	first, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogPublic, 0, 1)
	a.check(err)
	at := first[0].At.In(zoneOf("America/New_York"))
	for _, want := range []string{
		at.Format("Monday 2 January 2006"), "You, " + at.Format("15:04") + ":\n> Where is my order?", "Ana, ", "> It left today.\n> <b>Track it</b>",
		"1. Delivery\n   https://shop.example/delivery", "In the chat: label.pdf", "> Thank you!", "Times are those of America/New York.", "Somebody asked for this",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"SECRET-NOTE", "so-so", "said later", "javascript:", "<b>Track"} {
		if strings.Contains(html, never) || never != "<b>Track" && never != "javascript:" && strings.Contains(text, never) {
			t.Errorf("the letter has %q:\n%s", never, html)
		}
	}
	if !strings.Contains(html, `<a href="https://shop.example/delivery">Delivery</a>`) {
		t.Errorf("html:\n%s", html)
	}
}

// TestTranscriptsInTheirOrder: each wish has one letter, the next begins when the one before is settled.
func TestTranscriptsInTheirOrder(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	a.queue = mail.NewQueue(mail.Options{Store: a.store, Node: "test", Carrier: idle{}})
	next := func(email string, after int64) {
		t.Helper()
		l, err := a.writeTranscript(t.Context(), a.ws, a.conv)
		if email == "" {
			if !errors.Is(err, mail.Needless) {
				t.Errorf("a letter to %s, %v", l.To, err)
			}
			return
		}
		if err != nil || l.To != email || l.After != after {
			t.Errorf("got %s after %d, %v; want %s after %d", l.To, l.After, err, email, after)
		}
	}
	next("", 0)
	one := a.wishes(a.maria(), "one@example.com", "")
	two := a.wishes(a.ana, "two@example.com", "")
	three := a.wishes(a.maria(), "three@example.com", "Mars/Olympus")
	next("one@example.com", 0)
	a.settles(chat.MailQueued, one)
	next("one@example.com", 0)
	a.settles(chat.MailFailed, one)
	a.settles(chat.MailFailed, one) // told again, after a crash
	next("two@example.com", one.Seq)
	a.settles(chat.MailUnknown, two)
	next("three@example.com", two.Seq)
	a.settles(chat.MailSent, three)
	next("", 0)

	var kinds []string
	entries, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogPublic, three.Seq, 0)
	a.check(err)
	for _, e := range entries {
		kinds = append(kinds, string(e.Notice.Kind)+" "+e.Notice.Email)
	}
	if got := strings.Join(kinds, ", "); got != "undelivered one@example.com, undelivered two@example.com, transcript three@example.com" {
		t.Errorf("notices: %s", got)
	}
	notes, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogStaff, 0, 0)
	a.check(err)
	if len(notes) != 2 || !strings.Contains(notes[0].Text, "one@example.com was not delivered: 550 no") {
		t.Errorf("notes: %+v", notes)
	}
}

// idle is a mail server that nothing reaches: no queue runs.
type idle struct{}

func (idle) Send(context.Context, string, mail.Letter, mail.Settings) error { return nil }
func (idle) From() string                                                   { return "desk@example.com" }

// TestALongTranscript: a letter has the newest part, and says what is not in it.
func TestALongTranscript(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	for range 30 {
		a.asks(strings.Repeat("word ", 1000))
	}
	a.wishes(a.ana, "maria@example.com", "")
	l, err := a.writeTranscript(t.Context(), a.ws, a.conv)
	a.check(err)
	size := 0
	for _, s := range l.Said {
		size += len(s.Text)
	}
	if size > maxTranscript || size < maxTranscript-6000 || len(l.Text) != 1 || !strings.Contains(l.Text[0], "earlier messages") || !strings.HasPrefix(l.Notes[1], "Ana of Kessel & Korn") {
		t.Errorf("%d bytes, %q, %q", size, l.Text, l.Notes)
	}
}

func TestNoTranscriptWithoutMail(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	if err := a.Ready(context.Background(), a.ws); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("ready: %v", err)
	}
}
