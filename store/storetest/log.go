package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var logCases = []testCase{
	{"a new conversation", newConversation},
	{"follows the customer's language", followsLanguage},
	{"an old conversation comes back as it is", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("first", "Hello"))
		want := w.move("talk", toQueue())
		w.clock.advance(time.Second)
		again := must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{
			ID: id("talk"), Inbox: id("inbox"), Customer: ann, Locale: "fr", Subject: "Other",
		}))(t)
		equal(t, "conversation", again, want)
	}},
	{"opening what is not one's own", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		_, err := w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("talk"), Inbox: id("inbox"), Customer: bob})
		wantCode(t, err, chat.CodeForbidden)
		_, err = w.OpenConversation(w.ctx, w.ws, chat.Conversation{Inbox: id("inbox"), Customer: ann})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("talk 2"), Inbox: uuid.New(), Customer: ann})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("talk 2"), Inbox: id("inbox"), Customer: uuid.New()})
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"opening at once", func(t *testing.T, w *world) {
		check(t, together(20, func(int) error {
			_, err := w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("talk"), Inbox: id("inbox"), Customer: ann})
			return err
		}))
		equal(t, "conversations", len(must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewAll}))(t).Conversations), 1)
	}},
	{"append gives back what is stored", appendRoundTrip},
	{"an agent's reply keeps its sources", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.move("talk", toAgent(alice))
		reply := agentSays(alice, "reply", "It says so here.")
		reply.Body.Sources = []chat.Citation{{N: 1, Article: id("article"), Version: id("version"), Title: "Orders", Spans: []chat.Span{}}}
		e := w.says("talk", reply)
		w.reopen()
		equal(t, "stored", w.log("talk", chat.LogPublic)[1], e)
		equal(t, "sources", e.Sources, reply.Body.Sources)
	}},
	{"the two logs are numbered apart", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("one", "a"))
		w.says("talk", note("note one", "b"))
		w.says("talk", customerSays("two", "c"))
		// The same client id in another log is another entry.
		w.says("talk", note("two", "d"))
		w.reopen()
		equal(t, "public", seqs(w.log("talk", chat.LogPublic)), []int64{1, 2})
		equal(t, "staff", seqs(w.log("talk", chat.LogStaff)), []int64{1, 2})
		c := w.state("talk")
		equal(t, "last numbers", []int64{c.LastSeq, c.StaffSeq}, []int64{2, 2})
		if c.LastText != "c" {
			t.Errorf("LastText %q: a note shows", c.LastText)
		}
	}},
	{"an empty log means public", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		d := customerSays("one", "a")
		d.Log = ""
		if e := w.says("talk", d); e.Log != chat.LogPublic || e.Seq != 1 {
			t.Errorf("stored as %+v", e)
		}
		equal(t, "entries", len(must(w.Entries(w.ctx, w.ws, id("talk"), "", 0, 0))(t)), 1)
	}},
	{"a repeat returns the first", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		first := w.says("talk", customerSays("one", "as first said"))
		w.says("talk", customerSays("two", "b"))
		before := w.state("talk")
		w.clock.advance(time.Minute)
		equal(t, "repeat", w.says("talk", customerSays("one", "changed since")), first)
		w.reopen()
		equal(t, "repeat after reopening", w.says("talk", customerSays("one", "changed since")), first)
		equal(t, "state", w.state("talk"), before)
		equal(t, "log", len(w.log("talk", chat.LogPublic)), 2)
	}},
	{"a client id counts in its conversation only", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		w.says("talk", customerSays("one", "a"))
		if e := w.says("talk 2", customerSays("one", "b")); e.Conversation != id("talk 2") || e.Text != "b" {
			t.Errorf("got %+v", e)
		}
	}},
	{"Entries pages", entriesPages},
	{"what is not there", func(t *testing.T, w *world) {
		// These ids are taken in the workspace beside.
		_, err := w.Conversation(w.ctx, w.ws, id("talk"))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Append(w.ctx, w.ws, id("talk"), customerSays("first", "x"))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.AppendIf(w.ctx, w.ws, id("talk"), botSays("x", "x"), chat.Fence{Epoch: 1, CustomerSeq: 1})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, 0, 0)
		wantCode(t, err, chat.CodeNotFound)
		_, _, err = w.Transition(w.ctx, w.ws, id("talk"), toAgent(alice))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Handoff(w.ctx, w.ws, id("talk 2"))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.QueuePlace(w.ctx, w.ws, id("talk 2"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "heads", must(w.Heads(w.ctx, w.ws, []uuid.UUID{id("talk"), id("talk 2")}))(t), []chat.Head(nil))
	}},
}

// followsLanguage: the newest words of the customer that tell a language say the conversation's; a region stays with its language.
func followsLanguage(t *testing.T, w *world) {
	must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("talk"), Inbox: id("inbox"), Customer: ann, Locale: "en-GB"}))(t)
	in := func(client, locale string) chat.Draft {
		d := customerSays(client, "words")
		d.Body.Locale = locale
		return d
	}
	for _, step := range []struct {
		draft chat.Draft
		want  string
	}{
		{in("1", ""), "en-GB"}, {in("2", "en"), "en-GB"}, {in("3", "de"), "de"}, {in("4", ""), "de"}, {in("3", "de"), "de"}, {in("5", "pt"), "pt"}, {in("6", "en"), "en"},
	} {
		w.says("talk", step.draft)
		if got := w.state("talk").Locale; got != step.want {
			t.Errorf("after %q the conversation is in %q, not %q", step.draft.Body.Locale, got, step.want)
		}
	}
	if got := w.log("talk", chat.LogPublic); got[2].Locale != "de" || got[3].Locale != "" {
		t.Errorf("entries in %q and %q", got[2].Locale, got[3].Locale)
	}
	w.move("talk", toQueue())
	w.reopen()
	if got := w.state("talk").Locale; got != "en" {
		t.Errorf("after a move the conversation is in %q", got)
	}
}

func newConversation(t *testing.T, w *world) {
	given := chat.Conversation{
		ID: id("talk"), Inbox: id("inbox"), Customer: ann, Locale: "de-AT",
		Page: chat.Page{URL: "https://shop.example/cart", Title: "Cart"}, Device: "Safari on iPhone",
		// None of this may be given.
		Owner: chat.OwnerAgent, Agent: alice, Epoch: 7, Status: chat.StatusClosed, LastSeq: 9, CustomerSeq: 9, Rating: 5,
		CreatedAt: time.Unix(1, 0),
	}
	got := must(w.OpenConversation(w.ctx, w.ws, given))(t)
	want := chat.Conversation{
		ID: id("talk"), Workspace: w.ws, Inbox: id("inbox"), Customer: ann, Locale: "de-AT", Page: given.Page, Device: given.Device,
		Owner: chat.OwnerBot, Epoch: 1, Status: chat.StatusOpen, CreatedAt: w.clock.time(), UpdatedAt: w.clock.time(),
	}
	equal(t, "returned", got, want)
	if got.CreatedAt.Location() != time.UTC {
		t.Errorf("time in %v, want UTC", got.CreatedAt.Location())
	}
	w.reopen()
	equal(t, "stored", w.state("talk"), want)
	if entries := w.log("talk", chat.LogPublic); len(entries) != 0 {
		t.Errorf("log of a new conversation: %+v", entries)
	}
}

// appendRoundTrip stores one entry of each kind with all it may carry.
func appendRoundTrip(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	drafts := []chat.Draft{
		customerSays("one", "Grüß Gott \U0001F600\n it's \"quoted\" \\ % _"),
		rating("two", 4),
		contact("three", "ann@example.com"),
		notice("four"),
		botSays("five", "Here it is.", id("some version")),
	}
	want := make([]chat.Entry, len(drafts))
	for i, d := range drafts {
		w.clock.advance(time.Second)
		got := w.says("talk", d)
		want[i] = chat.Entry{
			Conversation: id("talk"), Log: chat.LogPublic, Seq: int64(i + 1), ClientID: d.ClientID, At: w.clock.time(),
			From: d.From, Kind: d.Kind, Text: d.Text, Body: d.Body,
		}
		equal(t, "returned", got, want[i])
	}
	w.reopen()
	equal(t, "stored", w.log("talk", chat.LogPublic), want)

	c := w.state("talk")
	equal(t, "rating, e-mail, answered", []any{c.Rating, c.Email, c.AnsweredSeq}, []any{4, "ann@example.com", int64(0)})
	if !c.UpdatedAt.Equal(w.clock.time()) || c.LastFrom != chat.PartyBot || c.LastText != "Here it is." {
		t.Errorf("state %+v", c)
	}
}

func entriesPages(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	for i := range 7 {
		w.says("talk", customerSays("message "+string(rune('a'+i)), "x"))
	}
	for _, c := range []struct {
		after int64
		limit int
		want  []int64
	}{
		{0, 3, []int64{1, 2, 3}},
		{3, 3, []int64{4, 5, 6}},
		{6, 3, []int64{7}},
		{7, 3, nil},
		{100, 3, nil},
		{0, 0, []int64{1, 2, 3, 4, 5, 6, 7}},
	} {
		equal(t, "seqs", seqs(must(w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, c.after, c.limit))(t)), c.want)
	}
	_, err := w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, 0, -1)
	wantCode(t, err, chat.CodeInvalid)
	_, err = w.Entries(w.ctx, w.ws, id("talk"), "secret", 0, 0)
	wantCode(t, err, chat.CodeInvalid)
}

func seqs(entries []chat.Entry) []int64 {
	var all []int64
	for _, e := range entries {
		all = append(all, e.Seq)
	}
	return all
}
