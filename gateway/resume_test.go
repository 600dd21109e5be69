package gateway

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
)

// by opens a session by a link.
func (w *world) by(token string) (s protocol.Session, status int) {
	w.t.Helper()
	res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, Resume: token}}, &s)
	return s, res.StatusCode
}

// joinBy opens a socket by a link.
func (w *world) joinBy(token string, follow ...protocol.Sync) *peer {
	w.t.Helper()
	s, status := w.by(token)
	if status != http.StatusOK {
		w.t.Fatalf("session: %d", status)
	}
	p := w.knock()
	p.send("hello", "h", protocol.Hello{Token: s.SocketToken, Follow: follow})
	p.expect("welcome", nil)
	return p
}

func (w *world) link(conv uuid.UUID, email string) string {
	w.t.Helper()
	token, err := w.identity.NewLink(w.ctx, w.ws.ID, conv, email)
	w.check(err)
	return token
}

func TestALinkResumesOneConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.session("")
	p := w.join(session.VisitorToken)
	conv, other := newID(), newID()
	p.say(conv, "Where is my order?")
	p.say(other, "Something private")
	token := w.link(conv, "ann@example.com")

	s, status := w.by(token)
	if status != http.StatusOK || s.VisitorToken != "" || len(s.Conversations) != 1 || s.Conversations[0].ID != conv {
		t.Fatalf("%d: %+v", status, s)
	}
	q := w.joinBy(token, protocol.Sync{Conversation: conv}, protocol.Sync{Conversation: other})
	q.has(conv, 1, 1)
	q.say(conv, "I am back")
	p.send("sync", "s", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 2)
	for name, d := range map[string]protocol.Send{
		"another conversation of the same customer": {Conversation: other, ClientID: newID(), Text: "x"},
		"a new conversation":                        {Conversation: newID(), ClientID: newID(), Text: "x"},
	} {
		q.send("send", "no", d)
		if _, refused := q.answer("no"); refused.Code != chat.CodeNotFound && refused.Code != chat.CodeInvalid {
			t.Errorf("%s: %+v", name, refused)
		}
	}
	q.send("sync", "other", protocol.Sync{Conversation: other})
	if _, refused := q.answer("other"); refused.Code != chat.CodeNotFound {
		t.Errorf("follows another conversation: %+v", refused)
	}
	if got := w.lines(other); len(got) != 1 {
		t.Errorf("the other conversation has %v", got)
	}
	// Files of that conversation, and no others.
	f, _ := w.sendFile(session.FileToken, conv, "a.png", picture())
	g, _ := w.sendFile(session.FileToken, other, "b.png", picture())
	if links := w.links(s.FileToken, f.ID, g.ID); len(links) != 1 || links[f.ID.String()] == "" {
		t.Errorf("files %v", links)
	}
	if _, a := w.sendFile(s.FileToken, other, "c.png", picture()); a.StatusCode < 400 {
		t.Errorf("a file for another conversation: %s", a.Status)
	}
	// Nor does it confirm anybody in another conversation.
	for _, path := range []string{"/v1/identity/code", "/v1/identity/check"} {
		res := w.post(path, map[string]any{"inbox": w.inbox.Key, "resume": token, "conversation": other, "email": "x@example.com", "code": "123456"}, nil)
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	// Again, on another device.
	w.joinBy(token).say(conv, "From my phone")
}

func TestALinkThatDoesNotCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	token := w.link(conv, "ann@example.com")
	forged := "A" + token[1:]
	if forged == token {
		forged = "B" + token[1:]
	}
	for name, bad := range map[string]string{"junk": "x", "another's signature": forged, "cut": token[:20], "long": strings.Repeat("A", 128)} {
		var problem APIError
		if _, status := w.by(bad); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %+v", name, status, problem)
		}
	}
	_, err := w.store.PutInbox(w.ctx, w.ws.ID, chat.Inbox{ID: newID(), Key: "second", Name: "Second"})
	w.check(err)
	if res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: "second", Resume: token}}, nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("in another inbox: %s", res.Status)
	}
	w.clock.advance(identity.LinkLife + time.Minute)
	if _, status := w.by(token); status != http.StatusConflict {
		t.Errorf("expired: %d", status)
	}
}

func TestALinkIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	refuses := func(how, token string, q *peer) {
		t.Helper()
		if _, status := w.by(token); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", how, status)
		}
		q.send("send", "late", protocol.Send{Conversation: conv, ClientID: newID(), Text: "late"})
		if _, refused := q.answer("late"); refused.Code != chat.CodeUnauthorized {
			t.Errorf("%s: an open page writes on: %+v", how, refused)
		}
		w.clock.advance(linkCheckEvery)
		q.raw(1, []byte(`{"t":"typing","d":{"conversation":"`+conv.String()+`"}}`))
		if code := q.ended(); code != protocol.CloseAuthRefused {
			t.Errorf("%s: an open page stays: %d", how, code)
		}
	}
	token := w.link(conv, "ann@example.com")
	q := w.joinBy(token)
	if res := w.post("/v1/session/end", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, Resume: token}}, nil); res.StatusCode != http.StatusOK {
		t.Fatalf("sign out: %s", res.Status)
	}
	refuses("signed out", token, q)

	token = w.link(conv, "ann@example.com")
	q = w.joinBy(token)
	var ended protocol.LinksEnded
	agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/links/end", nil, &ended)
	if ended.Ended != 1 {
		t.Errorf("ended %d", ended.Ended)
	}
	refuses("by an agent", token, q)

	// Whoever corrects the address takes back what went to the wrong one.
	wrong := w.link(conv, "anne@example.com")
	q = w.joinBy(wrong)
	right := w.link(conv, "Ann@example.com")
	p.send("contact", "c", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "ann@example.com"})
	if _, refused := p.answer("c"); refused.Code != "" {
		t.Fatalf("contact: %+v", refused)
	}
	refuses("another address", wrong, q)
	w.joinBy(right)
}

// A link proves the mailbox that it went to, and nothing else.
func TestALinkDoesNotVouch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		by    chat.Proof
		email string
		want  chat.Level
	}{
		"the site's word":          {chat.ProofToken, "ann@example.com", chat.LevelGiven},
		"a code to the same":       {chat.ProofCode, "Ann@example.com", chat.LevelVerified},
		"a code to another's":      {chat.ProofCode, "bob@example.com", chat.LevelGiven},
		"the site's user_hash too": {chat.ProofHash, "ann@example.com", chat.LevelGiven},
	} {
		p := w.join("")
		conv := newID()
		p.say(conv, "Hello")
		w.check(w.store.VerifyCustomer(w.ctx, w.ws.ID, p.who, chat.Verification{By: test.by, Until: w.clock.Now().Add(time.Hour), Email: true}, test.email))
		q := w.joinBy(w.link(conv, "ann@example.com"))
		before, err := w.store.Customer(w.ctx, w.ws.ID, p.who)
		w.check(err)
		if before.Level(w.clock.Now()) == chat.LevelGiven {
			t.Errorf("%s: reading alone took it away", name)
		}
		q.say(conv, "Cancel my order")
		after, err := w.store.Customer(w.ctx, w.ws.ID, p.who)
		w.check(err)
		if got := after.Level(w.clock.Now()); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// Whoever has a link to one conversation, as one to whom its letter was passed on, gets nothing of the customer's others:
// answers in those do not go to an address that was left here, nor does it become the customer's by a code.
func TestALinkSaysNothingOfTheCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	p.send("contact", "c", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "ann@example.com", Name: "Ann"})
	p.answer("c")
	token := w.link(conv, "ann@example.com")
	q := w.joinBy(token)
	q.send("contact", "c", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "mallory@example.com", Name: "Mallory"})
	if _, refused := q.answer("c"); refused.Code != "" {
		t.Errorf("an address for this conversation: %+v", refused)
	}
	if c, err := w.store.Customer(w.ctx, w.ws.ID, p.who); err != nil || c.Email != "ann@example.com" || c.Name != "Ann" {
		t.Errorf("the customer is %q, %q, %v", c.Email, c.Name, err)
	}
	if c, err := w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Email != "mallory@example.com" {
		t.Errorf("the conversation has %q, %v", c.Email, err)
	}
	for email, want := range map[string]int{"mallory@example.com": http.StatusForbidden, "Ann@example.com": http.StatusOK} {
		q := protocol.CodeRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, Resume: token}, Conversation: conv, Email: email}
		if res := w.post("/v1/identity/code", q, nil); res.StatusCode != want {
			t.Errorf("a code to %s: %s", email, res.Status)
		}
	}
}

// Whoever only fetches the page of a link, as mail scanners do, changes nothing and learns nothing.
func TestThePageOfALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.get("/chat?inbox=site")
	h := a.Header
	if a.StatusCode != http.StatusOK || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Referrer-Policy") != "no-referrer" ||
		h.Get("Cross-Origin-Resource-Policy") == "cross-origin" || !strings.Contains(string(a.body), "brand.css?inbox=site") {
		t.Errorf("%s %v", a.Status, h)
	}
	if a := w.get("/chat/site"); a.Header.Get("Location") != "/chat?inbox=site" {
		t.Errorf("short: %s %v", a.Status, a.Header)
	}
	if a := w.get("/chat?inbox=nobody"); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
		t.Errorf("no inbox: %s", a.Status)
	}
}

// Whoever holds a link uses up none of what the customer may do: neither the connections nor the messages.
func TestALinkTakesNothingFromTheCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.MaxPerVisitor = 2 })
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	token := w.link(conv, "ann@example.com")
	var q *peer
	for range 3 {
		q = w.joinBy(token)
	}
	for range perVisitorMessages.burst {
		q.say(conv, "x")
	}
	p.say(conv, "I am still here")
	q.send("send", "over", protocol.Send{Conversation: conv, ClientID: newID(), Text: "over"})
	if _, refused := q.answer("over"); refused.Code != chat.CodeRateLimited {
		t.Errorf("without end: %+v", refused)
	}
}

func TestLinksAreNotGuessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status := 0
	for range perAddressResumes.burst + 1 {
		_, status = w.by("x")
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the last try: %d", status)
	}
	w.session("") // others are let in
}

// What the customer has read of an agent's words is kept: it decides whether they go by e-mail.
func TestReadingIsNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	upTo := func() int64 {
		n, err := w.store.ReadUpTo(w.ctx, w.ws.ID, conv)
		w.check(err)
		return n
	}
	p.send("read", "", protocol.Read{Conversation: conv, Seq: 1})
	p.quiet()
	if n := upTo(); n != 0 {
		t.Errorf("the customer's own words were noted: %d", n)
	}
	agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "Hi"}, nil)
	if len(w.letters.answering) != 1 || w.letters.answering[0] != conv {
		t.Errorf("told of %v", w.letters.answering)
	}
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	p.send("read", "", protocol.Read{Conversation: conv, Seq: 99})
	p.quiet()
	if n := upTo(); n != c.LastSeq {
		t.Errorf("read up to %d of %d", n, c.LastSeq)
	}
	// Nobody has read what is yet to be said, so that what comes then is noted, too.
	agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "And?"}, nil)
	p.send("read", "", protocol.Read{Conversation: conv, Seq: c.LastSeq + 1})
	p.quiet()
	if n := upTo(); n != c.LastSeq+1 {
		t.Errorf("then read up to %d of %d", n, c.LastSeq+1)
	}
	w.letters.answering = w.letters.answering[:1]
	q := w.join("")
	q.send("read", "r", protocol.Read{Conversation: conv, Seq: 1})
	if _, refused := q.answer("r"); refused.Code != chat.CodeNotFound {
		t.Errorf("somebody else reads: %+v", refused)
	}
	agent.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "aside", Note: true}, nil)
	if len(w.letters.answering) != 1 {
		t.Error("a note would go by e-mail")
	}
}
