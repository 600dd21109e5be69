package gateway

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// touching gives a frame of every type that names a conversation.
func touching(conv uuid.UUID) map[string]any {
	return map[string]any{
		"send":           protocol.Send{Conversation: conv, ClientID: newID(), Text: "mine?"},
		"sync":           protocol.Sync{Conversation: conv},
		"typing":         protocol.TypingOn{Conversation: conv},
		"read":           protocol.Read{Conversation: conv, Seq: 1},
		"request_person": protocol.RequestPerson{Conversation: conv, ClientID: newID()},
		"end":            protocol.EndConversation{Conversation: conv, ClientID: newID()},
		"contact":        protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "mallory@example.com"},
		"rate":           protocol.Rate{Conversation: conv, ClientID: newID(), Score: 1},
		"confirm":        protocol.Confirm{Conversation: conv, ClientID: newID(), Call: newID(), Yes: true},
		"feedback":       protocol.GiveFeedback{Conversation: conv, ClientID: newID(), Seq: 2, Helpful: true},
		"transcript":     protocol.AskTranscript{Conversation: conv, ClientID: newID(), Email: "mallory@example.com"},
	}
}

// aboutOneself are the frames that name no conversation: they are about who sends them.
var aboutOneself = []string{"hello", "consent", "context", "event", "visit"}

// Whatever a customer sends to another's conversation, it is as if there were none.
func TestAnotherCustomersConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, mallory := w.join(""), w.join("")
	conv, none := newID(), uuid.New() // the latter is no id that a conversation could be made with
	ann.say(conv, "My number is 4711")
	ann.send("sync", "", protocol.Sync{Conversation: conv})
	ann.has(conv, 1, 1)
	before, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	for typ := range protocol.Frames[protocol.FromCustomer] {
		if _, ok := touching(conv)[typ]; !ok && !slices.Contains(aboutOneself, typ) {
			t.Errorf("frame type %q is not tried", typ)
		}
	}
	for typ, d := range touching(conv) {
		mallory.send(typ, typ, d)
		_, refused := mallory.answer(typ)
		if refused.Code != chat.CodeNotFound {
			t.Errorf("%s: %+v", typ, refused)
		}
		if typ == "send" || typ == "request_person" {
			continue // these make a conversation where there is none
		}
		mallory.send(typ, typ, touching(none)[typ])
		if _, other := mallory.answer(typ); other.Message != refused.Message {
			t.Errorf("%s tells apart what is another's (%q) and what is not there (%q)", typ, refused.Message, other.Message)
		}
	}
	after, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	if !reflect.DeepEqual(after, before) {
		t.Errorf("changed from %+v to %+v", before, after)
	}
	// Not at the hello either.
	q := w.join(mallory.visit, protocol.Sync{Conversation: conv})
	q.quiet("entry", "reset", "queue")
	ann.quiet("typing", "read")
	if got := w.lines(conv); !slices.Equal(got, []string{"customer: My number is 4711"}) {
		t.Errorf("log %q", got)
	}
}

// The same for another workspace, whose customer may even have the same id.
func TestAnotherWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.join("")
	conv := newID()
	ann.say(conv, "Here")
	beside, err := w.store.CreateWorkspace(w.ctx, "beside")
	w.check(err)
	inbox, err := w.store.PutInbox(w.ctx, beside.ID, chat.Inbox{Key: "beside", Name: "Beside"})
	w.check(err)
	_, err = w.store.CreateCustomer(w.ctx, beside.ID, chat.Customer{ID: ann.who, TokenHash: hashToken("beside")})
	w.check(err)

	var s protocol.Session
	w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: inbox.Key, VisitorToken: "beside"}}, &s)
	if len(s.Conversations) != 0 || s.VisitorToken != "beside" {
		t.Fatalf("session %+v", s)
	}
	p := w.knock()
	p.send("hello", "", protocol.Hello{Token: s.SocketToken, Follow: []protocol.Sync{{Conversation: conv}}})
	p.expect("welcome", nil)
	for typ, d := range touching(conv) {
		if typ == "send" || typ == "request_person" {
			continue // the same id names another conversation there
		}
		p.send(typ, typ, d)
		if _, refused := p.answer(typ); refused.Code != chat.CodeNotFound {
			t.Errorf("%s: %+v", typ, refused)
		}
	}
	p.say(conv, "There")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
	if got := p.entries[conv][0].Text; got != "There" {
		t.Errorf("got %q", got)
	}
	if got := w.lines(conv); !slices.Equal(got, []string{"customer: Here"}) {
		t.Errorf("log %q", got)
	}

	// A visitor token of one workspace is a stranger's in the other.
	w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: inbox.Key, VisitorToken: ann.visit}}, &s)
	if s.VisitorToken == ann.visit || len(s.Conversations) != 0 {
		t.Errorf("session %+v", s)
	}
	// Staff of this workspace see nothing of the other.
	agent := w.hire("anna", chat.RoleOwner)
	c, err := w.store.OpenConversation(w.ctx, beside.ID, chat.Conversation{ID: newID(), Inbox: inbox.ID, Customer: ann.who})
	w.check(err)
	for _, path := range []string{"", "/entries", "/entries?log=staff", "/spending"} {
		if a := agent.do(http.MethodGet, "/conversations/"+c.ID.String()+path, nil, nil); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	team, err := w.store.PutTeam(w.ctx, beside.ID, chat.Team{Name: "Beside"})
	w.check(err)
	move := protocol.NotedRequest{MoveRequest: protocol.MoveRequest{Epoch: 1}}
	for path, body := range map[string]any{"/claim": move.MoveRequest, "/release": move.MoveRequest, "/close": move, "/wake": move.MoveRequest, "/decline": move,
		"/assign": protocol.AssignRequest{NotedRequest: move, Agent: agent.user.ID}, "/transfer": protocol.TransferRequest{NotedRequest: move},
		"/snooze": protocol.SnoozeRequest{MoveRequest: move.MoveRequest, Until: w.clock.Now().Add(time.Hour)}} {
		if a := agent.do(http.MethodPost, "/conversations/"+c.ID.String()+path, body, nil); a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	if a := agent.do(http.MethodPost, "/conversations/"+c.ID.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "x"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("reply: %s", a.Status)
	}
	if a := agent.do(http.MethodDelete, "/teams/"+team.ID.String(), nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("team: %s", a.Status)
	}
	console := agent.console()
	console.send("subscribe", "s", protocol.Subscribe{Conversation: c.ID})
	if _, refused := console.answer("s"); refused.Code != chat.CodeNotFound {
		t.Errorf("subscribe: %+v", refused)
	}
}

// Private notes go to the staff's log, and no frame of a customer gets at it.
func TestNotesNeverReachACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	console := agent.console()
	console.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	const secret = "she is a known fraud"
	for i := range 5 {
		agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: secret, Note: true}, nil)
		agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "One moment"}, nil)
		if i == 2 {
			p.send("sync", "", protocol.Sync{Conversation: conv, After: 2})
		}
	}
	// A customer's client that asks as a console would.
	p.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	p.raw(1, []byte(`{"t":"sync","id":"x","d":{"conversation":"`+conv.String()+`","after":0,"staff_after":0,"log":"staff"}}`))
	q := w.join(p.visit, protocol.Sync{Conversation: conv})
	q.has(conv, 1, 7)
	p.say(conv, "Bye")
	for all := p.entries[conv]; len(all) == 0 || all[len(all)-1].Text != "Bye"; all = p.entries[conv] {
		if _, ok := p.next(); !ok {
			t.Fatal(p.err)
		}
	}
	for _, f := range append(p.seen, q.seen...) {
		if strings.Contains(string(f.D), secret) {
			t.Fatalf("a note reached the customer: %s", f.D)
		}
	}
	for _, e := range append(p.entries[conv], q.entries[conv]...) {
		if e.Log == chat.LogStaff || e.Kind == chat.KindNote {
			t.Errorf("entry %+v", e)
		}
	}
	notes := 0
	for notes < 5 {
		if _, ok := console.next(); !ok {
			t.Fatal(console.err)
		}
		notes = 0
		for _, e := range console.entries[conv] {
			if e.Log == chat.LogStaff {
				notes++
			}
		}
	}
}
