package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// tells sends a frame and gives the code of the refusal, "" if it was taken.
func (p *peer) tells(typ string, d any) chat.Code {
	p.t.Helper()
	id := uuid.NewString()
	p.send(typ, id, d)
	_, refused := p.answer(id)
	return refused.Code
}

func attributes(pairs ...string) protocol.SetContext {
	d := protocol.SetContext{Attributes: map[string]chat.Scalar{}}
	for i := 0; i < len(pairs); i += 2 {
		d.Attributes[pairs[i]] = chat.Scalar(pairs[i+1])
	}
	return d
}

func TestWhatThePageSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.settings(func(s *chat.InboxSettings) { s.Privacy.PageViews = true })
	agent := w.hire("alice", chat.RoleAgent)
	p := w.join("")
	for typ, d := range map[string]any{
		"context": attributes("plan", "team", "seats", "12"),
		"visit":   protocol.TrackVisit{Page: chat.Page{URL: "https://shop.example/cart", Title: "Cart"}},
	} {
		if code := p.tells(typ, d); code != "" {
			t.Errorf("%s: %s", typ, code)
		}
	}
	if code := p.tells("event", protocol.TrackEvent{Name: "bought", Properties: map[string]chat.Scalar{"sku": "K-7"}}); code != "" {
		t.Errorf("event: %s", code)
	}
	conv := newID()
	p.say(conv, "Where is my kettle?")

	var view protocol.ConversationView
	agent.ok(http.MethodGet, "/conversations/"+conv.String(), nil, &view)
	if got := view.Person.Attributes; len(got) != 2 || got[0].Name != "plan" || got[0].Value != "team" || got[0].By != chat.SourcePage {
		t.Errorf("attributes %+v", got)
	}
	var did protocol.ActivityList
	agent.ok(http.MethodGet, "/customers/"+p.who.String()+"/activity", nil, &did)
	if len(did.Data) != 2 || did.Data[0].Name != "bought" || did.Data[0].Props["sku"] != "K-7" || did.Data[1].Page.Title != "Cart" {
		t.Errorf("activity %+v", did.Data)
	}

	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	_, err = w.desk.Close(w.ctx, w.ws.ID, conv, chat.Act{By: agent.user, Epoch: c.Epoch}, "")
	w.check(err)
	if code := p.tells("visit", protocol.TrackVisit{Page: chat.Page{URL: "https://shop.example/after"}}); code != chat.CodeClosed {
		t.Errorf("a visit after the end: %q", code)
	}
	p.say(conv, "One more thing") // the connection is as it was
}

func TestNothingIsKeptWithoutConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.settings(func(s *chat.InboxSettings) { s.Privacy = chat.Privacy{PageViews: true, Consent: true} })
	if s := w.session(""); s.Inbox.Privacy != (chat.Privacy{PageViews: true, Consent: true}) {
		t.Errorf("the session says %+v", s.Inbox.Privacy)
	}
	p := w.join("")
	frames := map[string]any{
		"context": attributes("plan", "team"),
		"event":   protocol.TrackEvent{Name: "bought"},
		"visit":   protocol.TrackVisit{Page: chat.Page{URL: "https://shop.example/cart"}},
	}
	for typ, d := range frames {
		if code := p.tells(typ, d); code != chat.CodeForbidden {
			t.Errorf("%s before consent: %q", typ, code)
		}
	}
	page := chat.Page{URL: "https://shop.example/kettle"}
	before, after := newID(), newID()
	ask := func(conv uuid.UUID) chat.Page {
		p.send("send", "m", protocol.Send{Conversation: conv, ClientID: newID(), Text: "Hello?", Page: page})
		p.answer("m")
		c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
		w.check(err)
		return c.Page
	}
	if got := ask(before); got != (chat.Page{}) {
		t.Errorf("the page of the question was kept: %+v", got)
	}
	if code := p.tells("consent", protocol.SetConsent{Given: true}); code != "" {
		t.Fatalf("consent: %s", code)
	}
	for typ, d := range frames {
		if code := p.tells(typ, d); code != "" {
			t.Errorf("%s after consent: %q", typ, code)
		}
	}
	if got := ask(after); got != page {
		t.Errorf("the page is %+v", got)
	}
	if code := p.tells("consent", protocol.SetConsent{}); code != "" {
		t.Fatalf("withdrawing: %s", code)
	}
	who, err := w.store.Customer(w.ctx, w.ws.ID, p.who)
	w.check(err)
	did, err := w.store.Activity(w.ctx, w.ws.ID, p.who)
	w.check(err)
	if len(who.Attributes)+len(did) > 0 || !who.ConsentedAt.IsZero() {
		t.Errorf("left: %+v, %+v", who, did)
	}
}

func TestABrowserThatAsksNotToBeTracked(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"DNT", "Sec-GPC"} {
		w := newWorld(t)
		w.settings(func(s *chat.InboxSettings) { s.Privacy.PageViews = true })
		body, err := json.Marshal(protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key}})
		w.check(err)
		req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.srv.URL+"/v1/session", strings.NewReader(string(body)))
		w.check(err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(header, "1")
		res, err := http.DefaultClient.Do(req)
		w.check(err)
		var s protocol.Session
		w.check(json.NewDecoder(res.Body).Decode(&s))
		res.Body.Close()
		p := w.knock()
		p.send("hello", "h", protocol.Hello{Token: s.SocketToken})
		p.expect("welcome", nil)
		for typ, d := range map[string]any{"context": attributes("plan", "team"), "event": protocol.TrackEvent{Name: "bought"},
			"visit": protocol.TrackVisit{Page: chat.Page{URL: "https://shop.example"}}, "consent": protocol.SetConsent{Given: true}} {
			if code := p.tells(typ, d); code != chat.CodeForbidden {
				t.Errorf("%s: %s: %q", header, typ, code)
			}
		}
		conv := newID()
		p.send("send", "m", protocol.Send{Conversation: conv, ClientID: newID(), Text: "Hello?", Page: chat.Page{URL: "https://shop.example"}})
		p.answer("m")
		if c, err := w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Page != (chat.Page{}) {
			t.Errorf("%s: the page of the question was kept: %+v, %v", header, c.Page, err)
		}
	}
}

func TestBadThingsThatAPageSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.settings(func(s *chat.InboxSettings) { s.Privacy.PageViews = true })
	many := map[string]any{}
	for i := range chat.MaxAttributes + 1 {
		many[fmt.Sprint(i)] = i
	}
	for i, test := range []struct {
		typ  string
		d    any
		code chat.Code
		says string
	}{
		{"context", map[string]any{"attributes": many}, chat.CodeTooLarge, "at most 32"},
		{"context", map[string]any{"attributes": []int{1}}, chat.CodeInvalid, "wrong type"},
		{"context", map[string]any{"attributes": map[string]any{"a": []int{1}}}, chat.CodeInvalid, "lists and objects cannot be kept"},
		{"context", map[string]any{"attributes": map[string]any{"a": map[string]any{}}}, chat.CodeInvalid, "lists and objects cannot be kept"},
		{"context", map[string]any{"attributes": map[string]any{strings.Repeat("n", 65): 1}}, chat.CodeTooLarge, "at most 64"},
		{"context", map[string]any{"attributes": map[string]any{"a": strings.Repeat("v", 257)}}, chat.CodeTooLarge, "at most 256"},
		{"context", map[string]any{"attributes": map[string]any{"a": "x\u0000"}}, chat.CodeInvalid, "control character"},
		{"context", 7, chat.CodeInvalid, "wrong type"},
		{"event", map[string]any{}, chat.CodeInvalid, "name of the event is empty"},
		{"event", map[string]any{"name": 7}, chat.CodeInvalid, "wrong type"},
		{"event", map[string]any{"name": "x", "properties": many}, chat.CodeTooLarge, "at most 32"},
		{"visit", map[string]any{"page": map[string]any{"url": "javascript:alert(1)"}}, chat.CodeInvalid, "address of its page"},
		{"visit", map[string]any{"page": map[string]any{"url": "https://x.example/" + strings.Repeat("x", 2000)}}, chat.CodeTooLarge, "2000"},
		{"visit", map[string]any{}, chat.CodeInvalid, "address of its page"},
		{"consent", map[string]any{"given": "yes"}, chat.CodeInvalid, "wrong type"},
	} {
		p := w.join("")
		p.send(test.typ, "bad", test.d)
		if _, refused := p.answer("bad"); refused.Code != test.code || !strings.Contains(refused.Message, test.says) {
			t.Errorf("%d %s: %+v, want %s with %q", i, test.typ, refused, test.code, test.says)
		}
		if code := p.tells("context", attributes("plan", "team")); code != "" {
			t.Errorf("%d %s: the next frame is %s", i, test.typ, code)
		}
		w.check(p.ws.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience)))
	}
}

func TestManyThingsThatAPageSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	for range perVisitorTracks.burst {
		if code := p.tells("event", protocol.TrackEvent{Name: "bought"}); code != "" {
			t.Fatal(code)
		}
	}
	if code := p.tells("event", protocol.TrackEvent{Name: "bought"}); code != chat.CodeRateLimited {
		t.Errorf("one too many: %q", code)
	}
	p.say(newID(), "Hello?") // messages are counted apart
	w.clock.advance(2 * time.Second)
	if code := p.tells("event", protocol.TrackEvent{Name: "bought"}); code != "" {
		t.Errorf("in a moment: %q", code)
	}
}

func TestALinkTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.join("")
	conv := newID()
	first.say(conv, "Where is my kettle?")
	p := w.joinBy(w.link(conv, "ann@example.com"))
	for typ, d := range map[string]any{"context": attributes("plan", "team"), "event": protocol.TrackEvent{Name: "bought"}, "consent": protocol.SetConsent{Given: true}} {
		if code := p.tells(typ, d); code != chat.CodeForbidden {
			t.Errorf("%s: %q", typ, code)
		}
	}
}
