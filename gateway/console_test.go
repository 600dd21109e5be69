package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestConsoleFollowsBothLogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	reply := func(note bool, text string) {
		t.Helper()
		agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: text, Note: note}, nil)
	}
	reply(true, "first note")
	console := agent.console()
	console.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	reply(false, "Hello!")
	reply(true, "second note")
	texts := func(log chat.Log) (out []string) {
		for _, e := range console.entries[conv] {
			if e.Log == log {
				if int(e.Seq) != len(out)+1 {
					t.Errorf("%s entry %d came as number %d", log, e.Seq, len(out)+1)
				}
				out = append(out, e.Text)
			}
		}
		return out
	}
	for len(texts(chat.LogPublic)) < 3 || len(texts(chat.LogStaff)) < 2 {
		if _, ok := console.next(); !ok {
			t.Fatal(console.err)
		}
	}
	if got := texts(chat.LogPublic); !slices.Equal(got, []string{"Hello?", "", "Hello!"}) {
		t.Errorf("public log %q", got)
	}
	if got := texts(chat.LogStaff); !slices.Equal(got, []string{"first note", "second note"}) {
		t.Errorf("staff log %q", got)
	}
	p.has(conv, 1, 3)

	// Typing and reading cross over to the customer, and not back.
	var typing protocol.Typing
	console.send("typing", "", protocol.TypingOn{Conversation: conv})
	p.expect("typing", &typing)
	if typing.From != (chat.Sender{Kind: chat.PartyAgent, ID: agent.user.ID, Name: "anna"}) {
		t.Errorf("typing %+v", typing)
	}
	var seen protocol.Seen
	console.send("read", "", protocol.Read{Conversation: conv, Seq: 3})
	p.expect("read", &seen)
	turn := newID()
	ref := chat.Ref{Workspace: w.ws.ID, Conversation: conv}
	w.g.ShowDraft(ref, turn, 2, "I think")
	w.g.ShowDraft(ref, turn, 2, "")
	for _, side := range []*peer{p, console} {
		var d protocol.DraftText
		side.expect("draft", &d)
		if d.Text != "I think" || d.Turn != turn || d.Epoch != 2 {
			t.Errorf("draft %+v", d)
		}
		var end protocol.DraftEnd
		side.expect("draft_end", &end)
		if end.Turn != turn {
			t.Errorf("end of draft %+v", end)
		}
	}
	for _, f := range console.seen {
		if f.T == "typing" || f.T == "read" {
			t.Errorf("came back: %s", f.D)
		}
	}

	// What is not followed any more does not come.
	console.send("unsubscribe", "", protocol.Unsubscribe{Conversation: conv})
	w.eventually("it is gone", func() bool { return w.followers(conv) == 1 })
	for _, d := range []protocol.Subscribe{{Conversation: conv, After: 9}, {Conversation: conv, StaffAfter: 9}, {Conversation: conv, After: -1}, {Conversation: conv, StaffAfter: -1}} {
		console.send("subscribe", "", d)
		var r protocol.Reset
		console.expect("reset", &r)
		if r.Conversation != conv {
			t.Errorf("%+v: %+v", d, r)
		}
	}
	// A viewer reads along, but the customer is not told that somebody writes who may not.
	viewer := w.hire("vera", chat.RoleViewer)
	watching := viewer.console()
	watching.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	watching.expect("entry", nil)
	watching.send("typing", "", protocol.TypingOn{Conversation: conv})
	watching.send("read", "", protocol.Read{Conversation: conv, Seq: 1})
	watching.send("presence", "p", protocol.SetPresence{State: chat.PresenceOnline})
	if _, refused := watching.answer("p"); refused.Code != chat.CodeForbidden {
		t.Errorf("presence of a viewer: %+v", refused)
	}
	p.quiet("typing", "read")
}

// However much happens, consoles are told a few times a second.
func TestInboxFramesAreGathered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	console := agent.console()
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	var one protocol.InboxChanged
	for one.Conversation != conv {
		console.expect("inbox", &one)
	}
	begin := time.Now()
	w.fillLog(conv, 300, 10)
	other := newID()
	p.say(other, "And this?")
	for {
		var many protocol.InboxChanged
		console.expect("inbox", &many)
		if many.Conversation == uuid.Nil || many.Conversation == other {
			break
		}
	}
	took, frames := time.Since(begin), 0
	for _, f := range console.seen {
		if f.T == "inbox" {
			frames++
		}
	}
	if most := 3 + int(took/gather); frames > most {
		t.Errorf("%d inbox frames within %s", frames, took)
	}
}

func TestPlacesInTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	agent.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceOnline}, nil)
	var convs []uuid.UUID
	var waiting []*peer
	place := func(p *peer) int {
		t.Helper()
		var q protocol.Queue
		p.expect("queue", &q)
		return q.Place
	}
	for i := range 3 {
		p := w.join("")
		conv := newID()
		p.say(conv, "Help!")
		p.send("sync", "", protocol.Sync{Conversation: conv})
		w.clock.advance(time.Second)
		p.send("request_person", "", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
		if got := place(p); got != i+1 {
			t.Errorf("customer %d is told place %d", i+1, got)
		}
		convs, waiting = append(convs, conv), append(waiting, p)
	}
	// Whoever comes back is told at once.
	back := w.join(waiting[2].visit, protocol.Sync{Conversation: convs[2]})
	if got := place(back); got != 3 {
		t.Errorf("after reconnecting: place %d", got)
	}
	agent.claim(convs[0])
	for i, want := range []int{0, 1, 2} {
		if got := place(waiting[i]); got != want {
			t.Errorf("customer %d: place %d, want %d", i+1, got, want)
		}
	}
	if got := place(back); got != 2 {
		t.Errorf("second window: place %d", got)
	}
	// What does not change is not said again.
	waiting[1].say(convs[1], "Hurry")
	agent.do(http.MethodPost, "/conversations/"+convs[0].String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "Hi"}, nil)
	agent.claim(convs[1])
	if got := place(waiting[2]); got != 1 {
		t.Errorf("third customer: place %d", got)
	}
	agent.claim(convs[2])
	if got := place(waiting[2]); got != 0 {
		t.Errorf("third customer, claimed: place %d", got)
	}
	told := 0
	for _, f := range waiting[2].seen {
		if f.T == "queue" {
			told++
		}
	}
	if told != 4 { // 3, 2, 1, 0
		t.Errorf("the third customer was told %d times", told)
	}
}

// claim takes a conversation as it stands now.
func (s *staff) claim(conv uuid.UUID) {
	s.w.t.Helper()
	c, err := s.w.store.Conversation(s.w.ctx, s.w.ws.ID, conv)
	s.w.check(err)
	s.ok(http.MethodPost, "/conversations/"+conv.String()+"/claim", protocol.MoveRequest{Epoch: c.Epoch}, nil)
}

func TestPresence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, ben := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	console := ben.console()
	state := func() chat.PresenceState {
		t.Helper()
		var all protocol.PresenceChanged
		console.expect("presence", &all)
		for _, p := range all.Agents {
			if p.User == anna.user.ID {
				return p.State
			}
		}
		return ""
	}
	until := func(want chat.PresenceState) {
		t.Helper()
		for state() != want {
		}
	}
	hers := anna.console()
	hers.send("presence", "", protocol.SetPresence{State: chat.PresenceOnline})
	until(chat.PresenceOnline)
	if welcome := w.session(""); !welcome.Inbox.Online {
		t.Error("customers are not told")
	}
	hers.send("presence", "bad", protocol.SetPresence{State: "asleep"})
	if _, refused := hers.answer("bad"); refused.Code != chat.CodeInvalid {
		t.Errorf("%+v", refused)
	}
	anna.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceAway}, nil)
	until(chat.PresenceAway)
	// Whoever gives no sign of life any more is offline, and it is told.
	for range 2 { // the sockets themselves are alive
		w.clock.advance(chat.PresenceTTL/2 + time.Second)
		for _, p := range []*peer{console, hers} {
			p.send("subscribe", "alive", protocol.Subscribe{Conversation: newID()})
			p.answer("alive")
		}
	}
	w.g.beat(int(protocol.PingEvery/time.Second) - 1)
	until(chat.PresenceOffline)
	anna.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceOnline}, nil)
	until(chat.PresenceOnline)
	anna.ok(http.MethodPost, "/logout", nil, nil)
	until(chat.PresenceOffline)
}

// A session that ends takes its sockets with it: at once where it ends, soon elsewhere.
func TestSocketsEndWithTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	other := w.stranger() // the same user in another browser
	other.ok(http.MethodPost, "/login", protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}, nil)
	hers, others := anna.console(), other.console()
	anna.ok(http.MethodPost, "/logout", nil, nil)
	if code := hers.ended(); code != protocol.CloseAuthRefused {
		t.Errorf("after the logout: closed with %d", code)
	}
	others.send("subscribe", "s", protocol.Subscribe{Conversation: newID()})
	if _, refused := others.answer("s"); refused.Code != chat.CodeNotFound {
		t.Errorf("another session of the same user: %+v", refused)
	}

	// It ends on another node, or runs out.
	for _, c := range w.g.hub.consoles(w.ws.ID) {
		w.check(w.store.DeleteSession(w.ctx, storedToken(c.h.(*console).session)))
	}
	w.clock.advance(sessionCheckEvery)
	others.send("subscribe", "s", protocol.Subscribe{Conversation: newID()})
	if code := others.ended(); code != protocol.CloseAuthRefused {
		t.Errorf("after the end elsewhere: closed with %d", code)
	}
}

func TestKnowledgeChangesReachConsoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	editor := w.hire("eve", chat.RoleEditor)
	console := editor.console()
	editor.ok(http.MethodPost, "/articles", protocol.ArticleRequest{Title: "T", Body: "B", Visibility: "public", Status: "published"}, nil)
	var k protocol.KnowledgeChanged
	console.expect("knowledge", &k)
	if k.Version == 0 {
		t.Errorf("%+v", k)
	}
}

func TestConsoleFollowsNotTooMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	console := agent.console()
	customer, err := w.store.CreateCustomer(w.ctx, w.ws.ID, chat.Customer{TokenHash: []byte("x")})
	w.check(err)
	for i := range maxFollowed + 1 {
		c, err := w.store.OpenConversation(w.ctx, w.ws.ID, chat.Conversation{ID: newID(), Inbox: w.inbox.ID, Customer: customer.ID})
		w.check(err)
		w.clock.advance(time.Second)
		id := fmt.Sprint(i)
		for range 2 { // again is no more
			console.send("subscribe", id, protocol.Subscribe{Conversation: c.ID})
		}
		if i < maxFollowed {
			// An answer says that all was read: what piles up while the clock goes on is more frames a second than allowed.
			console.send("subscribe", "read "+id, protocol.Subscribe{Conversation: newID()})
			console.answer("read " + id)
		}
		if i == maxFollowed {
			if _, refused := console.answer(id); refused.Code != chat.CodeRateLimited {
				t.Errorf("%+v", refused)
			}
		}
	}
}

// frames of the console that customers' connections must not understand, and the other way round.
func TestSidesAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	for typ := range protocol.Frames[protocol.FromConsole] {
		if _, both := protocol.Frames[protocol.FromCustomer][typ]; both {
			continue
		}
		d, err := json.Marshal(map[string]any{"conversation": conv, "state": "online"})
		w.check(err)
		p.send(typ, typ, json.RawMessage(d))
	}
	p.quiet("entry", "presence", "inbox", "error")
	agent := w.hire("anna", chat.RoleAgent)
	console := agent.console()
	console.send("send", "", protocol.Send{Conversation: conv, ClientID: newID(), Text: "x"})
	console.send("rate", "", protocol.Rate{Conversation: conv, ClientID: newID(), Score: 5})
	console.send("subscribe", "last", protocol.Subscribe{Conversation: newID()})
	console.answer("last")
	if got := w.lines(conv); len(got) != 1 {
		t.Errorf("log %q", got)
	}
}
