package gateway

import (
	"errors"
	"net/http"
	"slices"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestConversation(t *testing.T) { everyWay(t, testConversation) }

func testConversation(t *testing.T, w *world) {
	p := w.join("")
	conv := newID()
	if ack := p.say(conv, "Hello?"); ack.Seq != 1 || ack.Conversation != conv {
		t.Errorf("ack %+v", ack)
	}
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
	if e := p.entries[conv][0]; e.Text != "Hello?" || e.From.Kind != chat.PartyCustomer || e.From.ID != p.who {
		t.Errorf("entry %+v", e)
	}
	p.say(conv, "Still there?")
	p.has(conv, 1, 2)
	if len(w.woken) != 2 || w.woken[0].Conversation != conv {
		t.Errorf("the bot was told of %v", w.woken)
	}
	if s := w.session(p.visit); s.Customer != p.who || len(s.Conversations) != 1 || s.Conversations[0].ID != conv || s.Conversations[0].Subject != "Hello?" {
		t.Errorf("session %+v", s)
	}

	// A resend doubles nothing, on any connection.
	again := w.join(p.visit, protocol.Sync{Conversation: conv})
	first := p.entries[conv][0]
	for _, q := range []*peer{p, again} {
		q.send("send", "again", protocol.Send{Conversation: conv, ClientID: first.ClientID, Text: first.Text})
		if ack, refused := q.answer("again"); ack.Seq != 1 || refused.Code != "" {
			t.Errorf("resend: %+v, %+v", ack, refused)
		}
	}
	if got := w.lines(conv); !slices.Equal(got, []string{"customer: Hello?", "customer: Still there?"}) {
		t.Errorf("log %q", got)
	}
	again.has(conv, 1, 2)
}

func TestSyncGivesExactlyTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.MaxPerVisitor = 100 })
	p := w.join("")
	conv := newID()
	const n = 12
	for range n {
		p.say(conv, "line")
	}
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, n)
	for after := int64(0); after <= n; after++ {
		q := w.join(p.visit, protocol.Sync{Conversation: conv, After: after})
		q.has(conv, after+1, n)
		q.quiet()
		if got := len(q.entries[conv]); got != int(n-after) {
			t.Errorf("after %d came %d entries", after, got)
		}
	}
	p.quiet()
	p.has(conv, 1, n) // what others fetch does not come again
	if got := len(p.entries[conv]); got != n {
		t.Errorf("who has it all got %d entries", got)
	}
	// More than there is: a restored backup, or the number of another server.
	for _, after := range []int64{n + 1, 1 << 60, -1} {
		q := w.join(p.visit, protocol.Sync{Conversation: conv, After: after})
		var reset protocol.Reset
		q.expect("reset", &reset)
		if reset.Conversation != conv {
			t.Errorf("reset %+v", reset)
		}
		q.send("sync", "", protocol.Sync{Conversation: conv})
		q.has(conv, 1, n)
	}
	// Syncing again begins anew, however often.
	for range 2 * maxFollowed / n {
		p.entries = map[uuid.UUID][]chat.Entry{}
		p.send("sync", "", protocol.Sync{Conversation: conv, After: 3})
		p.has(conv, 4, n)
	}
}

func TestCustomerFrames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	console := agent.console()
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	console.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	console.has(conv, 1, 1)

	var typing protocol.Typing
	p.send("typing", "", protocol.TypingOn{Conversation: conv})
	console.expect("typing", &typing)
	if typing.From.Kind != chat.PartyCustomer || typing.From.ID != p.who {
		t.Errorf("typing %+v", typing)
	}
	var seen protocol.Seen
	p.send("read", "", protocol.Read{Conversation: conv, Seq: 1})
	console.expect("read", &seen)
	if seen.Seq != 1 || seen.From.Kind != chat.PartyCustomer {
		t.Errorf("read %+v", seen)
	}
	p.quiet("typing", "read") // neither comes back to its own side

	p.send("request_person", "person", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
	if ack, refused := p.answer("person"); ack.Seq != 3 || refused.Code != "" {
		t.Errorf("person: %+v, %+v", ack, refused)
	}
	p.send("contact", "contact", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "ann@example.com"})
	if ack, refused := p.answer("contact"); ack.Seq != 4 || refused.Code != "" {
		t.Errorf("contact: %+v, %+v", ack, refused)
	}
	p.send("contact", "bad", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "ann@example"})
	if _, refused := p.answer("bad"); refused.Code != chat.CodeInvalid {
		t.Errorf("bad contact: %+v", refused)
	}
	p.has(conv, 1, 5)
	p.send("rate", "rate", protocol.Rate{Conversation: conv, ClientID: newID(), Score: 4, Comment: "good"})
	if ack, refused := p.answer("rate"); ack.Seq != 6 || refused.Code != "" {
		t.Errorf("rate: %+v, %+v", ack, refused)
	}
	for _, score := range []int{0, 6, -1} {
		p.send("rate", "bad", protocol.Rate{Conversation: conv, ClientID: newID(), Score: score})
		if _, refused := p.answer("bad"); refused.Code != chat.CodeInvalid {
			t.Errorf("score %d: %+v", score, refused)
		}
	}

	// A message to a closed conversation opens it; a rating does not.
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	_, err = w.desk.Close(w.ctx, w.ws.ID, conv, chat.Act{By: agent.user, Epoch: c.Epoch}, "")
	w.check(err)
	p.send("rate", "late", protocol.Rate{Conversation: conv, ClientID: newID(), Score: 5})
	p.answer("late")
	if c, err = w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Status != chat.StatusClosed || c.Rating != 5 {
		t.Errorf("after a late rating: %+v, %v", c, err)
	}
	p.say(conv, "One more thing")
	if c, err = w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Status != chat.StatusOpen || c.Owner != chat.OwnerBot || !c.Unanswered() {
		t.Errorf("after a message: %+v, %v", c, err)
	}

	// Unknown types are a newer client's.
	p.send("future", "f", map[string]int{"x": 1})
	p.quiet("error")
}

func TestFirstFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := func() string { return w.session("").SocketToken }
	used := good()
	p := w.knock()
	p.send("hello", "", protocol.Hello{Token: used})
	p.expect("welcome", nil)
	expired := good()
	w.clock.advance(socketTokenLife + 2e9)
	foreign := good()
	foreign = foreign[:len(foreign)-2] + "AA"
	for name, test := range map[string]struct {
		frame string
		code  int
	}{
		"not hello":       {`{"t":"send","d":{}}`, protocol.CloseBadProtocol},
		"unknown":         {`{"t":"future"}`, protocol.CloseBadProtocol},
		"no payload":      {`{"t":"hello"}`, protocol.CloseBadProtocol},
		"wrong payload":   {`{"t":"hello","d":{"token":7}}`, protocol.CloseBadProtocol},
		"a list":          {`{"t":"hello","d":[]}`, protocol.CloseBadProtocol},
		"no token":        {`{"t":"hello","d":{}}`, protocol.CloseAuthRefused},
		"nonsense":        {`{"t":"hello","d":{"token":"a.b"}}`, protocol.CloseAuthRefused},
		"other signature": {`{"t":"hello","d":{"token":"` + foreign + `"}}`, protocol.CloseAuthRefused},
		"other workspace": {`{"t":"hello","d":{"token":"eyJ3IjoiMDAwMDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIn0.AAAA"}}`, protocol.CloseAuthRefused},
		"used":            {`{"t":"hello","d":{"token":"` + used + `"}}`, protocol.CloseTokenExpired},
		"expired":         {`{"t":"hello","d":{"token":"` + expired + `"}}`, protocol.CloseTokenExpired},
		"binary":          {"\x00", protocol.CloseBadProtocol},
		"not UTF-8":       {"{\"t\":\"hello\",\"d\":{\"token\":\"\xff\"}}", websocket.CloseInvalidFramePayloadData},
		"too long":        {`{"t":"hello","d":{"token":"` + string(make([]byte, protocol.MaxFrame)) + `"}}`, websocket.CloseMessageTooBig},
	} {
		p := w.knock()
		kind := websocket.TextMessage
		if test.frame == "\x00" {
			kind = websocket.BinaryMessage
		}
		p.raw(kind, []byte(test.frame))
		if code := p.ended(); code != test.code {
			t.Errorf("%s: closed with %d, want %d", name, code, test.code)
		}
	}
	// A frame that is not JSON is answered; its sender may mend it within the time for a hello.
	p = w.knock()
	p.raw(websocket.TextMessage, []byte("hello"))
	p.expect("error", nil)

	// Nobody waits for a hello that does not come.
	p = w.knock()
	w.eventually("the connection is there", func() bool { return w.g.hub.count() >= 2 })
	w.clock.advance(protocol.HelloWithin)
	w.g.beat(0)
	w.clock.advance(1)
	w.g.beat(0)
	if code := p.ended(); code != protocol.CloseTokenExpired {
		t.Errorf("late hello: %d", code)
	}
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello")
	id := newID().String()
	for name, test := range map[string]struct {
		frame string
		code  chat.Code
	}{
		"not JSON":           {`hello`, chat.CodeInvalid},
		"half a frame":       {`{"t":"send","d":{"text":"x"`, chat.CodeInvalid},
		"a list":             {`["send"]`, chat.CodeInvalid},
		"null":               {`null`, chat.CodeInvalid},
		"no type":            {`{"d":{}}`, chat.CodeInvalid},
		"no payload":         {`{"t":"send"}`, chat.CodeInvalid},
		"a null payload":     {`{"t":"send","d":null}`, chat.CodeInvalid},
		"wrong types":        {`{"t":"send","d":{"conversation":7}}`, chat.CodeInvalid},
		"not a uuid":         {`{"t":"send","d":{"conversation":"x","client_id":"` + id + `","text":"x"}}`, chat.CodeInvalid},
		"no conversation":    {`{"t":"send","d":{"client_id":"` + id + `","text":"x"}}`, chat.CodeInvalid},
		"not version 7":      {`{"t":"send","d":{"conversation":"` + uuid.NewString() + `","client_id":"` + id + `","text":"x"}}`, chat.CodeInvalid},
		"no client id":       {`{"t":"send","d":{"conversation":"` + conv.String() + `","text":"x"}}`, chat.CodeInvalid},
		"no text":            {`{"t":"send","d":{"conversation":"` + conv.String() + `","client_id":"` + id + `","text":" \u0000\n "}}`, chat.CodeInvalid},
		"too much text":      {`{"t":"send","d":{"conversation":"` + conv.String() + `","client_id":"` + id + `","text":"` + fill(protocol.MaxText+1) + `"}}`, chat.CodeTooLarge},
		"too long a page":    {`{"t":"send","d":{"conversation":"` + newID().String() + `","client_id":"` + id + `","text":"x","page":{"url":"https://a.example/` + fill(2000) + `"}}}`, chat.CodeTooLarge},
		"too long an id":     {`{"t":"send","id":"` + fill(65) + `","d":{}}`, chat.CodeInvalid},
		"hello twice":        {`{"t":"hello","d":{"token":"x"}}`, chat.CodeInvalid},
		"a number of no log": {`{"t":"sync","d":{"conversation":"` + conv.String() + `","after":1e99}}`, chat.CodeInvalid},
	} {
		p.raw(websocket.TextMessage, []byte(test.frame))
		var refused protocol.Error
		p.expect("error", &refused)
		if refused.Code != test.code || refused.Message == "" {
			t.Errorf("%s: %+v, want %s", name, refused, test.code)
		}
	}
	if got := w.lines(conv); len(got) != 1 {
		t.Errorf("log %q", got)
	}
	p.raw(websocket.BinaryMessage, []byte(`{"t":"typing"}`))
	if code := p.ended(); code != protocol.CloseBadProtocol {
		t.Errorf("binary: %d", code)
	}
}

func TestHugeMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := 0
	for range 5 {
		ws := w.quick("")
		defer ws.Close()
		// The gateway takes in the rest for a moment only: on a busy machine some of it meets a closed door, and what the
		// gateway said before may be lost with that.
		cut := func(err error) bool {
			return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || websocket.IsCloseError(err, websocket.CloseAbnormalClosure)
		}
		err := ws.WriteMessage(websocket.TextMessage, make([]byte, 10<<20))
		for err == nil || cut(err) {
			if _, _, err = ws.ReadMessage(); err != nil {
				break
			}
		}
		switch {
		case websocket.IsCloseError(err, websocket.CloseMessageTooBig):
			told++
		case !cut(err):
			t.Errorf("closed with %v", err)
		}
	}
	if told == 0 {
		t.Error("nobody was told why")
	}
}

func TestInvalidUTF8(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	p.raw(websocket.TextMessage, []byte("{\"t\":\"typing\",\"d\":\"\xc3\x28\"}"))
	if code := p.ended(); code != websocket.CloseInvalidFramePayloadData {
		t.Errorf("closed with %d", code)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.PublicURL = "https://help.example" })
	origin := func(s string) http.Header { return http.Header{"Origin": {s}} }
	agent := w.hire("anna", chat.RoleAgent)
	for _, test := range []struct {
		name, sub     string
		header        http.Header
		chat, console int // status
	}{
		{"own", "", origin(w.srv.URL), 101, 101},
		{"public", "", origin("https://help.example"), 101, 101},
		{"none", "", nil, 101, 403}, // where a cookie lets in, a browser must say from where
		{"null", "", origin("null"), 403, 403},
		{"another", "", origin("https://evil.example"), 403, 403},
		{"look-alike suffix", "", origin("https://help.example.evil.example"), 403, 403},
		{"look-alike prefix", "", origin("https://evilhelp.example"), 403, 403},
		{"as a user", "", origin("https://help.example@evil.example"), 403, 403},
		{"another scheme", "", origin("http://help.example"), 403, 403},
		{"another port", "", origin("https://help.example:8443"), 403, 403},
		{"a file", "", origin("file://" + w.srv.Listener.Addr().String()), 403, 403},
		{"no subprotocol", "-", origin(w.srv.URL), 400, 400},
		{"another subprotocol", "frontdesk.chat.v2", origin(w.srv.URL), 400, 400},
	} {
		for path, want := range map[string]int{"/v1/socket": test.chat, "/console/socket": test.console} {
			sub := map[string]string{"/v1/socket": protocol.ChatV1, "/console/socket": protocol.ConsoleV1}[path]
			switch test.sub {
			case "":
			case "-":
				sub = ""
			default:
				sub = test.sub
			}
			h := agent.cookies()
			for k, v := range test.header {
				h[k] = v
			}
			p, res, err := w.dial(path, sub, h)
			if res == nil || res.StatusCode != want {
				t.Errorf("%s: %s: %v, %v, want %d", test.name, path, res, err, want)
				continue
			}
			if err == nil {
				if p.ws.Subprotocol() != sub {
					t.Errorf("%s: subprotocol %q", test.name, p.ws.Subprotocol())
				}
				if ext := res.Header.Get("Sec-WebSocket-Extensions"); ext != "" {
					t.Errorf("%s: extensions %q", test.name, ext)
				}
				p.ws.Close()
			}
		}
	}
	res, err := http.Get(w.srv.URL + "/v1/socket")
	w.check(err)
	res.Body.Close()
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without an upgrade: %s", res.Status)
	}
	stranger := w.stranger()
	_, res, _ = w.dial("/console/socket", protocol.ConsoleV1, http.Header{"Origin": {stranger.w.srv.URL}})
	if res == nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("console without a session: %v", res)
	}
}

func fill(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return string(b)
}

// Several tabs share a connection, and each says how much it has: the one that has least gets what it lacks, whatever the
// others say before it was sent.
func TestFollowingAgainSkipsNothing(t *testing.T) {
	w := newWorld(t)
	for name, tc := range map[string]struct {
		follows [][2]int64 // public and staff
		want    [2]int64
	}{
		"the same again":            {[][2]int64{{3, -1}, {3, -1}}, [2]int64{3, -1}},
		"one that has more":         {[][2]int64{{0, -1}, {2, -1}}, [2]int64{0, -1}},
		"one that has less":         {[][2]int64{{2, -1}, {0, -1}, {2, -1}}, [2]int64{0, -1}},
		"the staff log":             {[][2]int64{{2, 4}, {2, 1}, {2, 3}}, [2]int64{2, 1}},
		"the staff log, from now":   {[][2]int64{{2, -1}, {2, 3}}, [2]int64{2, 3}},
		"the staff log, no longer":  {[][2]int64{{2, 3}, {2, -1}}, [2]int64{2, -1}},
		"the staff log, once again": {[][2]int64{{2, 3}, {2, -1}, {2, 5}}, [2]int64{2, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newConn(w.g, nil, &customer{srv: w.g})
			w.g.hub.add(c)
			t.Cleanup(func() { w.g.hub.drop(c) })
			ref := chat.Ref{Workspace: w.ws.ID, Conversation: newID()}
			for _, f := range tc.follows {
				_, err := w.g.hub.enter(c, ref, f[0], f[1]) // and nothing is sent meanwhile
				w.check(err)
			}
			if got := [2]int64{c.follows[0].public, c.follows[0].staff}; got != tc.want {
				t.Errorf("goes on after %d, want %d", got, tc.want)
			}
		})
	}
}
