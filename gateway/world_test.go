package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"frontdesk/bot/voice"
	"frontdesk/bus"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/handoff"
	"frontdesk/identity"
	"frontdesk/internal/password"
	"frontdesk/knowledge"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

func TestMain(m *testing.M) {
	if what := os.Getenv(serveFor); what != "" {
		serveBench(what)
		return
	}
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what must come.
const patience = 15 * time.Second

// world is a gateway over an embedded store, served on a free port.
type world struct {
	t     testing.TB
	ctx   context.Context
	g     *Gateway
	srv   *httptest.Server
	store *sqlite.Store
	dir   string // of the store's files
	desk  *handoff.Desk
	bus   *bus.Local
	clock *clock
	logs  *logs
	ws    chat.Workspace
	inbox chat.Inbox

	identity *identity.Service
	letters  *letters

	// carrier is what carries the connections that join makes: socket, stream or poll.
	carrier string

	// narrow is how many bytes the server's sockets hold, so that a reader's pace is felt at once; 0 is the system's.
	narrow atomic.Int64

	mu    sync.Mutex
	woken []chat.Ref // what OnCustomer was told
}

type listener struct {
	net.Listener
	narrow *atomic.Int64
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if n := l.narrow.Load(); err == nil && n > 0 {
		err = c.(*net.TCPConn).SetWriteBuffer(int(n))
	}
	return c, err
}

// clock is the real time, moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logs keeps all that is logged.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// setting changes what a world is made of.
type setting func(*world, *Options)

var built = fstest.MapFS{
	"index.html":    {Data: []byte(`<!doctype html><html lang="en-GB"><link rel="stylesheet" href="/widget/v1/brand.css"><script type="module" src="./app.js"></script>`)},
	"app.js":        {Data: []byte(strings.Repeat("console.log('hello');\n", 50))},
	"frontdesk.js":  {Data: []byte("// loader\n" + strings.Repeat("load();\n", 50))},
	"logo.png":      {Data: []byte("\x89PNG\r\n\x1a\n")},
	"shim-other.js": {Data: []byte("other();")}, "frontdesk.d.ts": {Data: []byte("export {};")},
	"locale-en.json": {Data: []byte("{}")}, "locale-de.json": {Data: []byte("{}")}, "locale-ar.json": {Data: []byte("{}")},
}

func newWorld(t testing.TB, settings ...setting) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), carrier: "socket", clock: &clock{now: time.Now()}, bus: &bus.Local{}, logs: &logs{}}
	log := slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	w.dir = sqlitetest.Folder(t)
	w.store, err = sqlite.Open(context.Background(), w.dir, store.Options{Now: w.clock.Now, Notify: w.bus.Publish, Log: log})
	w.check(err)
	t.Cleanup(func() { w.store.Close() })
	w.ws, w.inbox, err = w.store.EnsureWorkspace(w.ctx, "Site", chat.Inbox{Key: "site", Name: "Site"})
	w.check(err)
	w.desk = handoff.New(handoff.Options{Store: w.store, Surroundings: w.store, Now: w.clock.Now, Log: log})
	w.letters = &letters{}
	w.identity = identity.New(identity.Options{Store: w.store, Post: w.letters, Now: w.clock.Now, Log: log})
	o := Options{
		Store: w.store, Desk: w.desk, Bus: w.bus, Identity: w.identity, Mail: w.letters, Workspace: w.ws, Node: "test", Version: "1.2.3",
		Widget: built, Console: built, Now: w.clock.Now, Log: log,
		OnCustomer: func(r chat.Ref) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.woken = append(w.woken, r)
		},
		Operate: func(_ context.Context, name string, args json.RawMessage) (any, error) {
			if name != "greet" {
				return nil, chat.Errorf(chat.CodeNotFound, "There is no %s.", name)
			}
			return map[string]json.RawMessage{"hello": args}, nil
		},
		Ask: func(context.Context, uuid.UUID, protocol.AskRequest) (protocol.AskReply, error) {
			return protocol.AskReply{Action: chat.ActionAnswer}, nil
		},
		Import: func(_ context.Context, _ uuid.UUID, r protocol.ImportRequest) (protocol.ImportReport, error) {
			return protocol.ImportReport{Added: len(r.Articles)}, nil
		},
		ImportQuestions: func(_ context.Context, _ uuid.UUID, r protocol.QuestionImport) (knowledge.QuestionReport, error) {
			return knowledge.QuestionReport{Proposed: len(r.Exchanges)}, nil
		},
		Parse: func(name string, data []byte) ([]knowledge.Input, []protocol.Problem) {
			if strings.HasSuffix(name, ".md") {
				return []knowledge.Input{{Source: "upload", ExternalID: name, Title: name, Body: string(data)}}, nil
			}
			return nil, []protocol.Problem{{Path: name, What: "not Markdown", Do: "leave it out"}}
		},
		Voice:           voice.New(voice.Options{Store: w.store, Log: log}),
		KnowledgeStatus: func(uuid.UUID) protocol.KnowledgeStatus { return protocol.KnowledgeStatus{Model: "test"} },
	}
	for _, set := range settings {
		set(w, &o)
	}
	w.g, err = New(o)
	w.check(err)
	w.srv = httptest.NewUnstartedServer(w.g.Handler())
	w.srv.Listener = &listener{Listener: w.srv.Listener, narrow: &w.narrow}
	w.srv.Start()
	w.g.Start()
	t.Cleanup(func() {
		w.g.Close()
		w.srv.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// eventually waits until ok holds.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// post sends a body as JSON, without cookies, and decodes the answer into out.
func (w *world) post(path string, in, out any) *http.Response {
	w.t.Helper()
	body, err := json.Marshal(in)
	w.check(err)
	res, err := http.Post(w.srv.URL+path, "application/json", bytes.NewReader(body))
	w.check(err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	w.check(err)
	if out != nil && res.StatusCode < 300 {
		w.check(json.Unmarshal(data, out))
	}
	return res
}

// session makes or continues a customer's session.
func (w *world) session(visitorToken string) protocol.Session {
	w.t.Helper()
	var s protocol.Session
	if res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: visitorToken}, Locale: "en"}, &s); res.StatusCode != http.StatusOK {
		w.t.Fatalf("session: %s", res.Status)
	}
	return s
}

// peer is the other end of a connection. Its frames are read as they come.
type peer struct {
	t      testing.TB
	w      *world
	ws     *websocket.Conn // nil where requests carry it
	line   *line           // nil for a websocket
	frames chan protocol.Frame
	err    error // why it ended; read it after frames is closed
	who    uuid.UUID
	visit  string // visitor token
	// entries are those seen by expect, by conversation, in their order.
	entries map[uuid.UUID][]chat.Entry
	seen    []protocol.Frame // all frames read so far
}

func (w *world) url(path string) string {
	return "ws" + strings.TrimPrefix(w.srv.URL, "http") + path
}

// dial opens a websocket with a subprotocol and more headers.
func (w *world) dial(path, sub string, header http.Header) (*peer, *http.Response, error) {
	w.t.Helper()
	d := websocket.Dialer{HandshakeTimeout: patience}
	if sub != "" {
		d.Subprotocols = []string{sub}
	}
	ws, res, err := d.Dial(w.url(path), header)
	if err != nil {
		return nil, res, err
	}
	return w.peer(ws), res, nil
}

// peer reads a websocket's frames until the test ends.
func (w *world) peer(ws *websocket.Conn) *peer {
	p := &peer{t: w.t, w: w, ws: ws, frames: make(chan protocol.Frame, 4096), entries: map[uuid.UUID][]chat.Entry{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(p.frames)
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				p.err = err
				return
			}
			var f protocol.Frame
			if err := json.Unmarshal(data, &f); err != nil {
				p.err = err
				return
			}
			p.frames <- f
		}
	}()
	w.t.Cleanup(func() {
		ws.Close()
		for {
			select {
			case <-p.frames:
			case <-done:
				return
			}
		}
	})
	return p
}

// knock opens a customer's socket that has not said hello.
func (w *world) knock() *peer {
	w.t.Helper()
	p, _, err := w.dial("/v1/socket", protocol.ChatV1, nil)
	w.check(err)
	return p
}

// join opens a customer's socket and says hello; visitorToken "" is a new customer.
func (w *world) join(visitorToken string, follow ...protocol.Sync) *peer {
	w.t.Helper()
	return w.knockAs(w.session(visitorToken), follow...)
}

// letIn lets every new visitor in.
func letIn() error { return nil }

// knockAs opens a customer's connection with a session.
func (w *world) knockAs(s protocol.Session, follow ...protocol.Sync) *peer {
	w.t.Helper()
	hello := protocol.Hello{Token: s.SocketToken, Locale: "en", Follow: follow}
	var p *peer
	if w.carrier == "socket" {
		p = w.knock()
		p.send("hello", "h", hello)
	} else {
		frame, err := protocol.Encode("hello", "h", hello)
		w.check(err)
		p = w.openBy(w.carrier, frame)
	}
	p.visit = s.VisitorToken
	var welcome protocol.Welcome
	p.expect("welcome", &welcome)
	p.who = welcome.Customer
	return p
}

func (p *peer) send(t, id string, d any) {
	p.t.Helper()
	frame, err := protocol.Encode(t, id, d)
	if err != nil {
		p.t.Fatal(err)
	}
	p.raw(websocket.TextMessage, frame)
}

func (p *peer) raw(kind int, data []byte) {
	p.t.Helper()
	var err error
	if p.line != nil {
		err = p.line.post(data)
	} else {
		err = p.ws.WriteMessage(kind, data)
	}
	if err != nil {
		p.t.Fatalf("write: %v", err)
	}
}

// hangUp ends the connection without a word.
func (p *peer) hangUp() {
	if p.line != nil {
		p.line.end()
		return
	}
	p.ws.Close()
}

// next gives the next frame, keeping entries in mind; ok is false at the end.
func (p *peer) next() (f protocol.Frame, ok bool) {
	p.t.Helper()
	select {
	case f, ok = <-p.frames:
	case <-time.After(patience):
		p.t.Fatalf("no frame within %s; log:\n%s", patience, p.w.logs)
	}
	if ok {
		p.seen = append(p.seen, f)
	}
	if ok && f.T == "entry" {
		e, err := protocol.Payload[chat.Entry](f)
		if err != nil {
			p.t.Fatal(err)
		}
		p.entries[e.Conversation] = append(p.entries[e.Conversation], e)
	}
	return f, ok
}

// expect reads up to a frame of type t and decodes it.
func (p *peer) expect(t string, into any) protocol.Frame {
	p.t.Helper()
	for {
		f, ok := p.next()
		if !ok {
			p.t.Fatalf("closed (%v) before a frame %q", p.err, t)
		}
		if f.T != t {
			continue
		}
		if into != nil {
			if err := json.Unmarshal(f.D, into); err != nil {
				p.t.Fatalf("frame %s: %v", f.D, err)
			}
		}
		return f
	}
}

// answer reads up to the ack or error that answers the frame with this id.
func (p *peer) answer(id string) (ack protocol.Ack, refused protocol.Error) {
	p.t.Helper()
	for {
		f, ok := p.next()
		if !ok {
			p.t.Fatalf("closed (%v) before the answer to %q", p.err, id)
		}
		if f.ID != id {
			continue
		}
		var err error
		switch f.T {
		case "ack":
			ack, err = protocol.Payload[protocol.Ack](f)
		case "error":
			refused, err = protocol.Payload[protocol.Error](f)
		default:
			continue
		}
		if err != nil {
			p.t.Fatal(err)
		}
		return ack, refused
	}
}

// ended waits for the end and gives the close code; 0 is a cut.
func (p *peer) ended() int {
	p.t.Helper()
	for {
		if _, ok := p.next(); ok {
			continue
		}
		var e *websocket.CloseError
		if errors.As(p.err, &e) && e.Code != websocket.CloseAbnormalClosure {
			return e.Code
		}
		return 0
	}
}

// quiet asserts that no frame of these types is on its way: what was sent
// before a sync's own answer has come by then.
func (p *peer) quiet(types ...string) {
	p.t.Helper()
	p.send("sync", "quiet", protocol.Sync{Conversation: newID()})
	for {
		f, ok := p.next()
		if !ok {
			p.t.Fatalf("closed: %v", p.err)
		}
		if f.ID == "quiet" {
			return
		}
		if slices.Contains(types, f.T) {
			p.t.Errorf("unexpected frame %s %s", f.T, f.D)
		}
	}
}

// say sends a message into a conversation and waits for the ack.
func (p *peer) say(conv uuid.UUID, text string) protocol.Ack {
	p.t.Helper()
	id := newID()
	p.send("send", id.String(), protocol.Send{Conversation: conv, ClientID: id, Text: text})
	ack, refused := p.answer(id.String())
	if refused.Code != "" {
		p.t.Fatalf("send: %s: %s", refused.Code, refused.Message)
	}
	return ack
}

// has waits until n entries of a conversation are there, and asserts that they are 1 to n.
func (p *peer) has(conv uuid.UUID, from, n int64) {
	p.t.Helper()
	for int64(len(p.entries[conv])) < n-from+1 {
		if _, ok := p.next(); !ok {
			p.t.Fatalf("closed (%v) after %d entries of %d", p.err, len(p.entries[conv]), n-from+1)
		}
	}
	for i, e := range p.entries[conv] {
		if e.Seq != from+int64(i) {
			p.t.Fatalf("entry %d has the number %d, want %d", i, e.Seq, from+int64(i))
		}
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// staff is a signed-in member of the staff: an HTTP client with a cookie.
type staff struct {
	*http.Client
	w    *world
	user chat.User
	jar  *cookiejar.Jar
}

// hashed is the hash of "correct horse", made once: hashing is slow on purpose.
var hashed = sync.OnceValue(func() string { return password.Hash("correct horse") })

// hire makes a user and signs in.
func (w *world) hire(name string, role chat.Role) *staff {
	w.t.Helper()
	u, err := w.store.CreateUser(w.ctx, w.ws.ID, chat.User{Name: name, Email: name + "@example.com", Role: role, PasswordHash: hashed()})
	w.check(err)
	s := w.stranger()
	s.user = u
	var me protocol.Me
	if res := s.do(http.MethodPost, "/login", protocol.LoginRequest{Email: u.Email, Password: "correct horse"}, &me); res.StatusCode != http.StatusOK {
		w.t.Fatalf("login: %s", res.Status)
	}
	return s
}

// stranger is somebody with a cookie jar who has not signed in.
func (w *world) stranger() *staff {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	w.check(err)
	s := &staff{Client: &http.Client{Jar: jar, Timeout: patience}, w: w, jar: jar}
	w.t.Cleanup(s.CloseIdleConnections)
	return s
}

// answer is an HTTP answer, read.
type answer struct {
	*http.Response
	body []byte
}

// problem gives the code of a problem+json answer.
func (a answer) problem(t testing.TB) chat.Code {
	t.Helper()
	var p APIError
	if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("%s %s: %s has the type %q: %s", a.Request.Method, a.Request.URL, a.Status, ct, a.body)
	}
	if err := json.Unmarshal(a.body, &p); err != nil || p.Status != a.StatusCode || p.Code == "" || p.Title == "" || p.Detail == "" || p.Type != problemType(p.Code) {
		t.Errorf("%s %s: not a whole problem (%v): %s", a.Request.Method, a.Request.URL, err, a.body)
	}
	return p.Code
}

// do calls the API; in and out may be nil.
func (s *staff) do(method, path string, in, out any) answer {
	s.w.t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		s.w.check(err)
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(s.w.ctx, method, s.w.srv.URL+"/api/v1"+path, body)
	s.w.check(err)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return s.request(req, out)
}

func (s *staff) request(req *http.Request, out any) answer {
	s.w.t.Helper()
	res, err := s.Do(req)
	s.w.check(err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	s.w.check(err)
	if out != nil && res.StatusCode < 300 {
		s.w.check(json.Unmarshal(data, out))
	}
	return answer{res, data}
}

// ok calls the API and fails the test unless it works.
func (s *staff) ok(method, path string, in, out any) {
	s.w.t.Helper()
	if a := s.do(method, path, in, out); a.StatusCode != http.StatusOK {
		s.w.t.Fatalf("%s %s: %s: %s", method, path, a.Status, a.body)
	}
}

// cookies gives the cookies as a header.
func (s *staff) cookies() http.Header {
	req, err := http.NewRequest(http.MethodGet, s.w.srv.URL, nil)
	s.w.check(err)
	for _, c := range s.jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
	return req.Header
}

// console opens the console's socket.
func (s *staff) console() *peer {
	s.w.t.Helper()
	h := s.cookies()
	h.Set("Origin", s.w.srv.URL)
	p, res, err := s.w.dial("/console/socket", protocol.ConsoleV1, h)
	if err != nil {
		s.w.t.Fatalf("console: %v (%v)", err, res)
	}
	p.expect("welcome", nil)
	return p
}

// lines gives a conversation's public log as texts.
func (w *world) lines(conv uuid.UUID) []string {
	w.t.Helper()
	var out []string
	for after := int64(0); ; {
		entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, after, 500)
		w.check(err)
		for _, e := range entries {
			after = e.Seq
			out = append(out, fmt.Sprintf("%s: %s", e.From.Kind, e.Text))
		}
		if len(entries) < 500 {
			return out
		}
	}
}
