package gateway

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestFrameRate(t *testing.T) { everyWay(t, testFrameRate) }

func testFrameRate(t *testing.T, w *world) {
	p, other := w.join(""), w.join("")
	for i := range frameBurst - 1 { // the hello was the first
		p.send("typing", fmt.Sprint(i), protocol.TypingOn{Conversation: newID()})
		if _, refused := p.answer(fmt.Sprint(i)); refused.Code != chat.CodeNotFound {
			t.Fatalf("frame %d: %+v", i, refused)
		}
	}
	for range refusedLimit {
		p.send("typing", "over", protocol.TypingOn{Conversation: newID()})
		if _, refused := p.answer("over"); refused.Code != chat.CodeRateLimited || refused.RetryAfter == 0 {
			t.Fatalf("over the limit: %+v", refused)
		}
	}
	p.send("typing", "", protocol.TypingOn{})
	if code := p.ended(); code != protocol.CloseRateLimited {
		t.Errorf("closed with %d", code)
	}
	other.say(newID(), "not affected")

	// With time the allowance comes back.
	for range frameBurst {
		other.send("typing", "x", protocol.TypingOn{})
		other.answer("x")
	}
	w.clock.advance(time.Second)
	other.say(newID(), "I am back")
}

func TestPingFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	pong := make(chan string, frameBurst)
	p.ws.SetPongHandler(func(s string) error { pong <- s; return nil })
	for i := range frameBurst + 1 {
		if err := p.ws.WriteControl(websocket.PingMessage, []byte{byte(i)}, time.Now().Add(patience)); err != nil {
			break
		}
	}
	if code := p.ended(); code != protocol.CloseRateLimited {
		t.Errorf("closed with %d", code)
	}
	if len(pong) != frameBurst-1 {
		t.Errorf("%d pongs", len(pong))
	}
}

func TestMessageRate(t *testing.T) { everyWay(t, testMessageRate) }

func testMessageRate(t *testing.T, w *world) {
	p := w.join("")
	q := w.join(p.visit) // the limit is the customer's, not the connection's
	conv := newID()
	for range perVisitorMessages.burst / 2 {
		p.say(conv, "x")
		q.say(conv, "x")
	}
	for typ, d := range map[string]any{
		"send":    protocol.Send{Conversation: conv, ClientID: newID(), Text: "over"},
		"rate":    protocol.Rate{Conversation: conv, ClientID: newID(), Score: 1},
		"contact": protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "a@example.com"},
	} {
		p.send(typ, typ, d)
		if _, refused := p.answer(typ); refused.Code != chat.CodeRateLimited || refused.RetryAfter == 0 {
			t.Errorf("%s: %+v", typ, refused)
		}
	}
	w.join("").say(newID(), "another customer is not affected")
	w.clock.advance(time.Second)
	q.say(conv, "one more")
}

// Many new conversations are refused, but a client that reconnects often goes on in those it has.
func TestOpenings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.MaxPerVisitor = 100 })
	p := w.join("")
	conv := newID()
	p.say(conv, "x")
	for range perVisitorOpenings.burst - 1 {
		p.send("request_person", "p", protocol.RequestPerson{Conversation: newID(), ClientID: newID()})
		if _, refused := p.answer("p"); refused.Code != "" {
			t.Fatalf("%+v", refused)
		}
	}
	p.send("send", "over", protocol.Send{Conversation: newID(), ClientID: newID(), Text: "x"})
	if _, refused := p.answer("over"); refused.Code != chat.CodeRateLimited {
		t.Errorf("%+v", refused)
	}
	for range 12 {
		w.join(p.visit).say(conv, "I am here again")
	}
}

// After an outage all of an office come back at once, from one address. Ever new visitors from it are another matter.
func TestAnOfficeComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := w.session("").VisitorToken
	for range perAddressNewcomers.burst - 1 {
		w.session("")
	}
	ask := func(token string) int {
		return w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: token}}, nil).StatusCode
	}
	for range perAddressSessions.burst - perAddressNewcomers.burst - 2 { // nobody below comes at last
		w.session(known)
	}
	for what, token := range map[string]string{"nobody": "", "nobody whom we know": "made up"} {
		if code := ask(token); code != http.StatusTooManyRequests {
			t.Errorf("%s: %d", what, code)
		}
	}
	w.clock.advance(2 * time.Second)
	w.session("")
}

func TestSessionRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.TrustedProxies = []string{"127.0.0.1", "10.0.0.0/8"} })
	door := w.g.Handler()
	ask := func(forwarded string) (int, http.Header) {
		req := httptest.NewRequest(http.MethodPost, "/v1/session", nil)
		req.RemoteAddr = "127.0.0.1:1234"
		req.Header.Set("X-Forwarded-For", forwarded)
		rec := httptest.NewRecorder()
		door.ServeHTTP(rec, req)
		return rec.Code, rec.Header()
	}
	// The client chooses what stands first; the proxies say what stands last.
	for i := range perAddressSessions.burst {
		if code, _ := ask(fmt.Sprintf("1.2.3.%d, 192.0.2.7, 10.1.1.1", i)); code != http.StatusUnprocessableEntity {
			t.Fatalf("session %d: %d", i, code)
		}
	}
	for _, same := range []string{"192.0.2.7", "9.9.9.9,192.0.2.7", "192.0.2.7:4711, 10.2.2.2"} {
		if code, h := ask(same); code != http.StatusTooManyRequests || h.Get("Retry-After") == "" {
			t.Errorf("%s: %d", same, code)
		}
	}
	if code, _ := ask("192.0.2.8"); code == http.StatusTooManyRequests {
		t.Error("another address is limited too")
	}
	// A whole /64 is one customer's.
	for i := range perAddressSessions.burst {
		ask(fmt.Sprintf("2001:db8:1:2::%x", i+1))
	}
	if code, _ := ask("2001:db8:1:2:ffff::1"); code != http.StatusTooManyRequests {
		t.Errorf("the same network: %d", code)
	}
	if code, _ := ask("[2001:db8:1:2::7]"); code != http.StatusTooManyRequests {
		t.Errorf("the same network in brackets: %d", code)
	}
	if code, _ := ask("2001:db8:1:3::1"); code == http.StatusTooManyRequests {
		t.Error("another network is limited too")
	}
	// What is full again is forgotten.
	w.clock.advance(10 * time.Minute)
	w.g.limits.sweep()
	if n := len(w.g.limits.byKey); n != 0 {
		t.Errorf("%d limiters are kept", n)
	}
}

func TestUntrustedProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.RemoteAddr = "198.51.100.9:80"
	req.Header.Set("X-Forwarded-For", "192.0.2.1")
	if got := w.g.clientIP(req); got != "198.51.100.9" {
		t.Errorf("client %q", got)
	}
	o := w.g.o
	o.TrustedProxies = []string{"proxy.example"}
	if _, err := New(o); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("a name as a trusted proxy: %v", err)
	}
}

func TestLoginRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("anna", chat.RoleAgent)
	s := w.stranger()
	var last answer
	for range perAccountLogins.burst {
		last = s.do(http.MethodPost, "/login", protocol.LoginRequest{Email: "Anna@example.com", Password: "wrong"}, nil)
	}
	if last.StatusCode != http.StatusTooManyRequests || last.problem(t) != chat.CodeRateLimited || last.Header.Get("Retry-After") == "" {
		t.Errorf("%s %v", last.Status, last.Header)
	}
	// The right password does not help until there was some time.
	right := protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}
	if a := s.do(http.MethodPost, "/login", right, nil); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("right password: %s", a.Status)
	}
	w.clock.advance(time.Minute)
	s.ok(http.MethodPost, "/login", right, nil)
}

func TestVisitorCap(t *testing.T) {
	everyWay(t, testVisitorCap, func(_ *world, o *Options) { o.MaxPerVisitor = 3 })
}

func testVisitorCap(t *testing.T, w *world) {
	first := w.join("")
	second, third := w.join(first.visit), w.join(first.visit)
	fourth := w.join(first.visit)
	if code := first.ended(); code != protocol.CloseReplaced {
		t.Errorf("the oldest: %d", code)
	}
	third.hangUp()
	if w.carrier == "poll" { // nothing tells that it is gone but its silence
		w.clock.advance(protocol.DeadAfter/2 + 1)
		for _, p := range []*peer{second, fourth} {
			p.say(newID(), "not silent")
		}
		w.clock.advance(protocol.DeadAfter/2 + 1)
	}
	w.eventually("the third is gone", func() bool { return w.g.hub.count() == 2 })
	fifth := w.join(first.visit)
	conv := newID()
	for _, p := range []*peer{second, fourth, fifth} {
		p.say(conv, "still here")
	}
	w.join("").say(newID(), "others do not count")
}

// Behind a proxy that nobody has named, all are one address: the log says so, once, and not for what strangers claim.
func TestAProxyThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	come := func(peer, forwarded string) int {
		r := httptest.NewRequest(http.MethodPost, "/v1/session", nil)
		r.RemoteAddr = peer + ":1234"
		r.Header.Set("X-Forwarded-For", forwarded)
		if got := w.g.clientIP(r); got != peer {
			t.Errorf("%s is taken for %s", peer, got)
		}
		return strings.Count(w.logs.String(), "FRONTDESK_TRUSTED_PROXIES")
	}
	if n := come("198.51.100.1", "192.0.2.1") + come("10.0.0.1", ""); n != 0 {
		t.Errorf("warned %d times of what is no proxy", n)
	}
	if n := come("10.0.0.1", "192.0.2.1"); n != 1 {
		t.Errorf("warned %d times", n)
	}
	if n := come("10.0.0.2", "192.0.2.1"); n != 1 {
		t.Errorf("warned %d times", n)
	}
}

// Whoever has a /48 has 65,536 networks, and is let through as often as a few are.
func TestASiteOfManyNetworks(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l, err := newLimits(func() time.Time { return now }, nil)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i := range 2 * site48 * perAddressCodes.burst {
		if l.code(fmt.Sprintf("2001:db8:1:%x::1", i)) {
			passed++
		}
	}
	if passed != site48*perAddressCodes.burst {
		t.Errorf("%d from one site", passed)
	}
	if !l.code("2001:db8:2::1") {
		t.Error("another site is limited too")
	}
	// However an address is written, it is the same.
	for range perAddressCodes.burst {
		l.code("192.0.2.1")
	}
	if l.code("::ffff:192.0.2.1") {
		t.Error("an IPv4 address as IPv6 is another one")
	}
}

// A body that never arrives holds its reader for a while only; one that has arrived leaves nothing behind, as the answer
// may be a stream.
func TestABodyHasItsTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body io.Reader
		want []bool // each deadline that was set: there is one
	}{
		"whole":  {strings.NewReader("{}"), []bool{true, false}},
		"broken": {io.MultiReader(strings.NewReader("{"), iotest.ErrReader(os.ErrDeadlineExceeded)), []bool{true}},
	} {
		w := &timedLine{ResponseWriter: httptest.NewRecorder()}
		_, err := readBody(w, httptest.NewRequest(http.MethodPost, "/v1/session", test.body), maxBody)
		if !slices.Equal(w.set, test.want) || (err == nil) != (len(test.want) == 2) {
			t.Errorf("%s: deadlines %v, %v", name, w.set, err)
		}
	}
}

// Whoever fetches files as slowly as possible holds a row of each in memory: they are few at a time, and have an end.
func TestFilesThatAreFetchedSlowly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session("")
	conv := newID()
	w.knockAs(s).say(conv, "Look")
	f, _ := w.sendFile(s.FileToken, conv, "a.png", picture())
	link := w.links(s.FileToken, f.ID)[f.ID.String()]
	var ends []func()
	for range mostAtWork {
		end, ok := w.g.fetching.begin("127.0.0.1")
		if !ok {
			t.Fatal("too few")
		}
		ends = append(ends, end)
	}
	if a := w.get(link); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more: %s", a.Status)
	}
	if end, ok := w.g.fetching.begin("192.0.2.1"); !ok {
		t.Error("another address waits, too")
	} else {
		end()
	}
	for _, end := range ends {
		end()
	}
	if a := w.get(link); a.StatusCode != http.StatusOK {
		t.Errorf("when they are there: %s", a.Status)
	}
	w.eventually("nothing is kept of what has ended", func() bool {
		w.g.fetching.mu.Lock()
		defer w.g.fetching.mu.Unlock()
		return len(w.g.fetching.byNetwork) == 0
	})
	line := &timedLine{ResponseWriter: httptest.NewRecorder()}
	w.g.serveFile(line, httptest.NewRequest(http.MethodGet, link, nil), chat.Blob{Name: "a.png", Type: "image/png"}, strings.NewReader("x"))
	if !slices.Equal(line.wrote, []bool{true, false}) {
		t.Errorf("deadlines %v", line.wrote)
	}
}

// timedLine notes the deadlines of its reader and its writer.
type timedLine struct {
	http.ResponseWriter
	set, wrote []bool
}

// SetWriteDeadline notes whether there is one.
func (l *timedLine) SetWriteDeadline(at time.Time) error {
	l.wrote = append(l.wrote, !at.IsZero())
	return nil
}

// SetReadDeadline notes whether there is one.
func (l *timedLine) SetReadDeadline(at time.Time) error {
	l.set = append(l.set, !at.IsZero())
	return nil
}
