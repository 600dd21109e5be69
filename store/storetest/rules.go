package storetest

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// ruleCases are what an append checks and what it does to the state.
var ruleCases = []testCase{
	{"a customer's message", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", contact("zero", "ann@example.com"))
		w.says("talk", customerSays("one", "My first words"))
		w.clock.advance(time.Second)
		w.says("talk", customerSays("two", "My second words"))
		c := w.state("talk")
		equal(t, "numbers", []int64{c.LastSeq, c.CustomerSeq, c.AnsweredSeq}, []int64{3, 3, 0})
		equal(t, "texts", []string{c.Subject, c.LastText, string(c.LastFrom)}, []string{"My first words", "My second words", "customer"})
		if !c.UpdatedAt.Equal(w.clock.time()) {
			t.Errorf("updated at %v", c.UpdatedAt)
		}
	}},
	{"long words are cut between characters", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		long := strings.Repeat("x", 199) + strings.Repeat("é", 300)
		if e := w.says("talk", customerSays("one", long)); e.Text != long {
			t.Error("the entry itself was cut")
		}
		c := w.state("talk")
		for _, s := range []string{c.Subject, c.LastText} {
			if !utf8.ValidString(s) || len(s) != 199 {
				t.Errorf("%d bytes, valid %v; want the 199 that are whole characters", len(s), utf8.ValidString(s))
			}
		}
	}},
	{"an agent's message answers and drops the promise", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("one", "Help"))
		queued := toQueue()
		queued.Answered, queued.Promised = false, w.clock.time().Add(time.Hour)
		w.move("talk", queued)
		w.says("talk", contact("two", "ann@example.com"))
		w.move("talk", toAgent(alice))
		if c := w.state("talk"); c.Promised.IsZero() || c.Email == "" || !c.Unanswered() {
			t.Fatalf("before the reply: %+v", c)
		}
		w.says("talk", note("hm", "she is kind"))
		if c := w.state("talk"); c.Promised.IsZero() || !c.Unanswered() {
			t.Errorf("a note counted as an answer: %+v", c)
		}
		w.says("talk", agentSays(alice, "three", "Here I am"))
		c := w.state("talk")
		if c.Unanswered() || c.AnsweredSeq != 1 || !c.Promised.IsZero() || c.Email != "" || c.LastFrom != chat.PartyAgent {
			t.Errorf("after the reply: %+v", c)
		}
	}},
	{"who may write", whoMayWrite},
	{"a closed conversation", closedConversation},
	{"malformed drafts", malformedDrafts},
}

func whoMayWrite(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	first := w.says("talk", customerSays("one", "Mine"))
	stranger := customerSays("two", "Not mine")
	stranger.From.ID = bob
	customersNote := note("three", "x")
	customersNote.From = chat.Sender{Kind: chat.PartyCustomer, ID: ann}
	botsNote := note("four", "x")
	botsNote.From = chat.Sender{Kind: chat.PartyBot}
	strangersRepeat := customerSays("one", "Mine")
	strangersRepeat.From.ID = bob
	anonymous := customerSays("five", "x")
	anonymous.From.ID = uuid.Nil

	forbidden := func(d chat.Draft) {
		t.Helper()
		_, err := w.Append(w.ctx, w.ws, id("talk"), d)
		wantCode(t, err, chat.CodeForbidden)
	}
	for _, d := range []chat.Draft{stranger, customersNote, botsNote, strangersRepeat, anonymous, agentSays(alice, "six", "x")} {
		forbidden(d)
	}
	// Who writes no notes is told so before anybody looks for the conversation.
	_, err := w.Append(w.ctx, w.ws, uuid.New(), botsNote)
	wantCode(t, err, chat.CodeForbidden)
	w.says("talk", botSays("by the bot", "It is mine"))
	w.says("talk", note("an agent's note", "may be written at any time"))

	w.move("talk", toQueue())
	forbidden(agentSays(alice, "seven", "not claimed"))
	forbidden(botSays("eight", "waits"))
	w.move("talk", toAgent(alice))
	w.says("talk", agentSays(alice, "nine", "mine now"))
	forbidden(agentSays(amir, "ten", "not mine"))
	forbidden(botSays("eleven", "not mine"))
	w.says("talk", note("amir's note", "colleagues may write notes"))
	w.move("talk", toBot())
	forbidden(agentSays(alice, "twelve", "no longer mine"))
	// A repeat is not a new message.
	if e := w.says("talk", agentSays(alice, "nine", "mine now")); e.Text != "mine now" {
		t.Errorf("repeat gave %+v", e)
	}
	equal(t, "the first", w.says("talk", customerSays("one", "Mine")), first)
}

func closedConversation(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	first := w.says("talk", customerSays("one", "Mine"))
	w.move("talk", toClosed())
	_, err := w.Append(w.ctx, w.ws, id("talk"), customerSays("two", "More"))
	wantCode(t, err, chat.CodeClosed)
	_, err = w.Append(w.ctx, w.ws, id("talk"), botSays("three", "More"))
	wantCode(t, err, chat.CodeForbidden)
	equal(t, "a repeat", w.says("talk", customerSays("one", "Mine")), first)
	w.says("talk", rating("four", 5))
	w.says("talk", note("five", "done"))
	if c := w.state("talk"); c.Rating != 5 || c.Status != chat.StatusClosed || c.CustomerSeq != 1 {
		t.Errorf("state %+v", c)
	}
	w.move("talk", toBot())
	w.says("talk", customerSays("two", "More"))
}

func malformedDrafts(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	change := func(d chat.Draft, f func(*chat.Draft)) chat.Draft {
		f(&d)
		return d
	}
	ok := customerSays("one", "x")
	for name, d := range map[string]chat.Draft{
		"no client id":     change(ok, func(d *chat.Draft) { d.ClientID = uuid.Nil }),
		"unknown log":      change(ok, func(d *chat.Draft) { d.Log = "secret" }),
		"unknown kind":     change(ok, func(d *chat.Draft) { d.Kind = "shout" }),
		"no kind":          change(ok, func(d *chat.Draft) { d.Kind = "" }),
		"unknown sender":   change(ok, func(d *chat.Draft) { d.From.Kind = "ghost" }),
		"an owner entry":   change(ok, func(d *chat.Draft) { d.Kind, d.Body.Change = chat.KindOwner, &chat.Change{} }),
		"a public note":    change(note("n", "x"), func(d *chat.Draft) { d.Log = chat.LogPublic }),
		"a staff message":  change(agentSays(alice, "m", "x"), func(d *chat.Draft) { d.Log = chat.LogStaff }),
		"rating of 0":      rating("r", 0),
		"rating of 6":      rating("r", 6),
		"rating without":   change(rating("r", 3), func(d *chat.Draft) { d.Body.Rating = nil }),
		"contact without":  change(contact("c", "a@example.com"), func(d *chat.Draft) { d.Body.Contact = nil }),
		"text not in UTF8": change(ok, func(d *chat.Draft) { d.Text = "\xff" }),
		"name not in UTF8": change(ok, func(d *chat.Draft) { d.From.Name = "\xff" }),
		"text with U+0000": change(ok, func(d *chat.Draft) { d.Text = "a\x00b" }),
		"address in bytes": contact("c", "ann\xff@example.com"),
	} {
		if _, err := w.Append(w.ctx, w.ws, id("talk"), d); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: got %v, want CodeInvalid", name, err)
		}
	}
	_, err := w.AppendIf(w.ctx, w.ws, id("talk"), ok, chat.Fence{Epoch: 1})
	wantCode(t, err, chat.CodeInvalid)
	if c := w.state("talk"); c.LastSeq != 0 || c.StaffSeq != 0 {
		t.Errorf("something was stored: %+v", c)
	}
}
