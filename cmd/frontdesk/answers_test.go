package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/identity"
	"frontdesk/mail"
	"frontdesk/say"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

// answers is a conversation of Maria's that Ana has, and what writes letters about it.
type answers struct {
	*post
	t    *testing.T
	ws   uuid.UUID
	conv uuid.UUID
	ana  chat.Sender
	who  chat.Customer
}

func newAnswers(t *testing.T) *answers {
	t.Helper()
	a := &answers{t: t}
	st, err := sqlite.Open(context.Background(), sqlitetest.Folder(t), store.Options{})
	a.check(err)
	t.Cleanup(func() { _ = st.Close() })
	ws, in, err := st.EnsureWorkspace(t.Context(), "Site", chat.Inbox{Key: "fd site", Name: "Site", Settings: chat.InboxSettings{Brand: "Kessel & Korn", Colour: "#8f4a1f"}})
	a.check(err)
	a.ws = ws.ID
	a.post = &post{store: st, queue: mail.NewQueue(mail.Options{Store: st, Node: "test"}), identity: identity.New(identity.Options{Store: st})}
	a.reachedAt("https://help.example/")
	a.who, err = st.CreateCustomer(t.Context(), a.ws, chat.Customer{TokenHash: []byte("x")})
	a.check(err)
	u, err := st.CreateOwner(t.Context(), a.ws, chat.User{Email: "ana@example.com", Name: "Ana", Role: chat.RoleOwner})
	a.check(err)
	a.ana = chat.Sender{Kind: chat.PartyAgent, ID: u.ID, Name: "Ana"}
	c, err := st.OpenConversation(t.Context(), a.ws, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: in.ID, Customer: a.who.ID})
	a.check(err)
	a.conv = c.ID
	a.asks("Where is my order?")
	_, _, err = st.Transition(t.Context(), a.ws, a.conv, chat.Transition{Epoch: c.Epoch, To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: u.ID, Name: "Ana"})
	a.check(err)
	return a
}

func (a *answers) check(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *answers) append(d chat.Draft) chat.Entry {
	a.t.Helper()
	d.ClientID = uuid.New()
	e, err := a.store.Append(a.t.Context(), a.ws, a.conv, d)
	a.check(err)
	return e
}

func (a *answers) asks(text string) chat.Entry {
	a.t.Helper()
	return a.append(chat.Draft{From: chat.Sender{Kind: chat.PartyCustomer, ID: a.who.ID}, Kind: chat.KindMessage, Text: text})
}

func (a *answers) says(text string, sources ...chat.Citation) chat.Entry {
	a.t.Helper()
	return a.append(chat.Draft{From: a.ana, Kind: chat.KindMessage, Text: text, Body: chat.Body{Sources: sources}})
}

func (a *answers) leaves(email string) {
	a.t.Helper()
	a.append(chat.Draft{From: chat.Sender{Kind: chat.PartyCustomer, ID: a.who.ID}, Kind: chat.KindContact, Text: email, Body: chat.Body{Contact: &chat.Contact{Email: email}}})
}

func (a *answers) write() (mail.Letter, error) { return a.writeAnswer(a.t.Context(), a.ws, a.conv) }

func TestALetterBringsWhatWasNotRead(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	a.leaves("wrong@example.com")
	a.leaves("maria@example.com")
	c, err := a.store.Conversation(t.Context(), a.ws, a.conv)
	a.check(err)
	due := time.Date(2030, 3, 5, 9, 0, 0, 0, time.UTC)
	_, _, err = a.store.Transition(t.Context(), a.ws, a.conv, chat.Transition{Epoch: c.Epoch, To: c.Owner, Status: c.Status, Agent: c.Agent, Promised: due})
	a.check(err)
	a.says("Let me look.")
	a.says("It left today.\n<b>Track it</b>", chat.Citation{N: 1, Title: "Delivery", URL: "https://shop.example/delivery"}, chat.Citation{N: 2, Title: "Parcels"})
	last := a.append(chat.Draft{From: a.ana, Kind: chat.KindMessage, Text: "label.pdf", Body: chat.Body{Files: []chat.File{{Name: "label.pdf"}}}})
	l, err := a.write()
	a.check(err)
	if l.To != "maria@example.com" || l.Brand != "Kessel & Korn" || l.Subject != "Re: Where is my order?" || l.Thread != a.conv.String() || l.Upto != last.Seq || l.After != 1 {
		t.Errorf("letter %+v", l)
	}
	text, html, err := l.Render()
	a.check(err)
	for _, want := range []string{"> Where is my order?", "> Let me look.", "> It left today.", "> In the chat: label.pdf", "- Delivery\n  https://shop.example/delivery", "- Parcels", "Ana answered you", "an answer by Tuesday 5 March, 09:00 UTC. Kept on", "Receipt FD-"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(html, "<b>Track") || strings.Contains(html, "<img") || strings.Contains(html, " src=") {
		t.Errorf("html:\n%s", html)
	}
	// Its link opens this conversation.
	u, err := url.Parse(l.Button.URL)
	a.check(err)
	link, err := a.identity.Link(t.Context(), a.ws, u.Fragment)
	if err != nil || link.Conversation != a.conv || link.Email != "maria@example.com" || u.Path != "/chat" || u.Query().Get("inbox") != "fd site" || strings.Contains(u.RawQuery, u.Fragment) {
		t.Errorf("link %s: %+v, %v", l.Button.URL, link, err)
	}
}

func TestALetterIsNotNeeded(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*answers, chat.Entry){
		"read in the chat":     func(a *answers, e chat.Entry) { a.check(a.store.SetRead(a.t.Context(), a.ws, a.conv, e.Seq)) },
		"the customer went on": func(a *answers, _ chat.Entry) { a.asks("Thanks!") },
		"another letter brought it": func(a *answers, e chat.Entry) {
			_, err := a.store.BeginMail(a.t.Context(), a.ws, chat.Mail{ID: uuid.New(), Kind: letterAnswer, Conversation: a.conv, Seq: e.Seq}, 0)
			a.check(err)
		},
		"the log says that it went": func(a *answers, e chat.Entry) {
			a.check(a.done(a.t.Context(), a.ws, chat.Mail{ID: uuid.New(), Kind: letterAnswer, Conversation: a.conv, To: "m@example.com", State: chat.MailSent, Seq: e.Seq}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAnswers(t)
			a.leaves("maria@example.com")
			e := a.says("It left today.")
			if _, err := a.write(); err != nil {
				t.Fatalf("before: %v", err)
			}
			meanwhile(a, e)
			if _, err := a.write(); !errors.Is(err, mail.Needless) {
				t.Errorf("got %v", err)
			}
			// What is said after that goes, and that alone.
			after := a.says("And here is the number.")
			l, err := a.write()
			a.check(err)
			if l.Upto != after.Seq || len(l.Said) != 2 || l.Said[1].Text != "And here is the number." {
				t.Errorf("letter %+v", l)
			}
		})
	}
	a := newAnswers(t)
	a.says("Nobody knows where to write.")
	if _, err := a.write(); !errors.Is(err, mail.Needless) {
		t.Errorf("without an address: %v", err)
	}
	if _, err := a.writeAnswer(t.Context(), a.ws, uuid.New()); !errors.Is(err, mail.Needless) {
		t.Errorf("without a conversation: %v", err)
	}
}

func TestALetterWaitsForQuiet(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	a.after = time.Minute
	a.leaves("maria@example.com")
	e := a.says("Let me look.")
	_, err := a.write()
	var later *mail.Later
	if !errors.As(err, &later) || !later.Until.Equal(e.At.Add(time.Minute)) {
		t.Errorf("got %v", err)
	}
}

func TestWhatBecameOfALetterIsTold(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	e := a.says("It left today.")
	m := chat.Mail{ID: uuid.New(), Kind: letterAnswer, Conversation: a.conv, To: "m@example.com", State: chat.MailSent, Seq: e.Seq}
	for range 2 { // once, however often a crash has it told again
		a.check(a.done(t.Context(), a.ws, m))
	}
	public, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogPublic, e.Seq, 0)
	a.check(err)
	if len(public) != 1 || public[0].Notice == nil || *public[0].Notice != (chat.Notice{Kind: chat.NoticeMailed, Email: "m@example.com", Seq: e.Seq}) {
		t.Errorf("public %+v", public)
	}
	for state, want := range map[chat.MailState]string{chat.MailFailed: "was not delivered: no such mailbox", chat.MailUnknown: "is not known"} {
		before, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogStaff, 0, 0)
		a.check(err)
		m.ID, m.State, m.Error = uuid.New(), state, "no such mailbox"
		for range 2 {
			a.check(a.done(t.Context(), a.ws, m))
		}
		notes, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogStaff, int64(len(before)), 0)
		a.check(err)
		if len(notes) != 1 || !strings.Contains(notes[0].Text, want) {
			t.Errorf("%s: %+v", state, notes)
		}
	}
	m.Conversation = uuid.New()
	a.check(a.done(t.Context(), a.ws, m)) // it is gone
}

func TestWithoutAMailServerTheAgentKnows(t *testing.T) {
	t.Parallel()
	a := newAnswers(t)
	notes := func() int {
		all, err := a.store.Entries(t.Context(), a.ws, a.conv, chat.LogStaff, 0, 0)
		a.check(err)
		return len(all)
	}
	a.check(a.Answering(t.Context(), a.ws, a.conv))
	if notes() != 0 {
		t.Error("nobody left an address")
	}
	a.leaves("maria@example.com")
	c, err := a.store.Conversation(t.Context(), a.ws, a.conv)
	a.check(err)
	_, _, err = a.store.Transition(t.Context(), a.ws, a.conv, chat.Transition{Epoch: c.Epoch, To: c.Owner, Status: c.Status, Agent: c.Agent, Promised: time.Now().Add(time.Hour)})
	a.check(err)
	for range 2 {
		a.check(a.Answering(t.Context(), a.ws, a.conv))
	}
	if notes() != 1 {
		t.Errorf("%d notes", notes())
	}
}

func TestSubjectOf(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{
		"": "An answer from Shop", "  Where\n is it? ": "Re: Where is it?",
		strings.Repeat("word ", 40): "Re: " + strings.TrimSpace(strings.Repeat("word ", 19)) + " word…", strings.Repeat("é", 100): "Re: " + strings.Repeat("é", 50) + "…",
	} {
		if got := subjectOf(say.In("en"), question, "Shop"); got != want {
			t.Errorf("%q: got %q, want %q", question, got, want)
		}
	}
}
