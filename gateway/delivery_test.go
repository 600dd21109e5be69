package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"frontdesk/bus"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// fillLog stores n messages of the system in a conversation.
func (w *world) fillLog(conv uuid.UUID, n, size int) {
	w.t.Helper()
	var wg sync.WaitGroup
	sem := make(chan struct{}, 64)
	for i := range n {
		sem <- struct{}{}
		wg.Go(func() {
			defer func() { <-sem }()
			if _, err := w.store.Append(w.ctx, w.ws.ID, conv, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartySystem},
				Kind: chat.KindNotice, Text: fmt.Sprintf("%d %s", i, fill(size)), Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticePromise}}}); err != nil {
				w.t.Error(err)
			}
		})
	}
	wg.Wait()
}

// join0 says hello on a socket of few bytes that nobody reads but the test.
func (w *world) join0(visitorToken string, follow ...protocol.Sync) *websocket.Conn {
	w.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{protocol.ChatV1}, NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(int(w.narrow.Load()))
		}
		return c, err
	}}
	s := w.session(visitorToken)
	ws, _, err := d.Dial(w.url("/v1/socket"), nil)
	w.check(err)
	w.t.Cleanup(func() { ws.Close() })
	hello, err := protocol.Encode("hello", "", protocol.Hello{Token: s.SocketToken, Follow: follow})
	w.check(err)
	w.check(ws.WriteMessage(websocket.TextMessage, hello))
	return ws
}

// A reader that takes what comes one by one gets a large history whole and in
// order, while new entries are stored and other frames come.
func TestLargeHistoryThroughASlowReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.narrow.Store(32 << 10)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	const n = 2000
	w.fillLog(conv, n-1, 300)
	ws := w.join0(p.visit, protocol.Sync{Conversation: conv})
	var stored sync.WaitGroup
	stored.Go(func() { w.fillLog(conv, 50, 300) }) // meanwhile
	defer stored.Wait()
	w.check(ws.SetReadDeadline(time.Now().Add(4 * patience)))
	for seq := int64(0); seq < n+50; {
		_, data, err := ws.ReadMessage()
		if err != nil {
			t.Fatalf("after %d: %v", seq, err)
		}
		f, err := protocol.Decode(data)
		w.check(err)
		if f.T != "entry" {
			continue
		}
		e, err := protocol.Payload[chat.Entry](f)
		w.check(err)
		if seq++; e.Seq != seq {
			t.Fatalf("entry %d came as number %d", e.Seq, seq)
		}
	}
}

// A reader that stops is closed, holds no more than its queue, and holds up nobody.
func TestStoppedReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.narrow.Store(4 << 10)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	w.join0(p.visit, protocol.Sync{Conversation: conv}) // and never reads
	p.send("sync", "", protocol.Sync{Conversation: conv})
	w.eventually("both follow", func() bool { return w.followers(conv) == 2 })
	w.g.mu.Lock()
	stopped := w.g.visitors[p.who][1] // the newer one
	w.g.mu.Unlock()
	const n = 600 // at 4 KiB each, far more than sockets and queue hold
	begin := time.Now()
	w.fillLog(conv, n, 4<<10)
	p.has(conv, 1, n+1)
	if took := time.Since(begin); took > writeWithin {
		t.Errorf("the other reader got its entries after %s", took)
	}
	if held := stopped.backlog(); held > queueBytes {
		t.Errorf("the queue holds %d bytes", held)
	}
	// Entries wait in the log, and a draft is left out for the next one.
	for range 2 * queueFrames {
		w.g.ShowDraft(chat.Ref{Workspace: w.ws.ID, Conversation: conv}, newID(), 1, fill(1<<10))
		p.expect("draft", nil)
	}
	if n := w.followers(conv); n != 2 {
		t.Errorf("%d followers after many drafts", n)
	}
	// What cannot wait fills the queue up.
	for range 2 * queueFrames {
		w.g.publishFrame(w.ws.ID, conv, "typing", protocol.Typing{Conversation: conv, From: chat.Sender{Name: fill(1 << 10)}}, chat.PartyAgent)
		p.expect("typing", nil)
	}
	if held := stopped.backlog(); held > queueBytes {
		t.Errorf("the queue holds %d bytes", held)
	}
	w.eventually("the stopped reader is closed", func() bool { return w.followers(conv) == 1 })
	if code := stopped.code; code != protocol.CloseSlow {
		t.Errorf("closed with %d", code)
	}
	p.say(conv, "I am well")
}

func (w *world) followers(conv uuid.UUID) int {
	w.g.hub.mu.RLock()
	defer w.g.hub.mu.RUnlock()
	topic := w.g.hub.topics[chat.Ref{Workspace: w.ws.ID, Conversation: conv}]
	if topic == nil {
		return 0
	}
	topic.mu.Lock()
	defer topic.mu.Unlock()
	return len(topic.followers)
}

// backlog gives the bytes that wait in the queue or are on their way.
func (c *conn) backlog() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// Follow and drop from all sides at once: nobody misses anything, nothing is left behind.
func TestFollowersComeAndGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.MaxPerVisitor = 1000 })
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	const n = 120
	stop := make(chan struct{})
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				ws := w.quick(p.visit)
				if ws == nil {
					return
				}
				sync, _ := protocol.Encode("sync", "", protocol.Sync{Conversation: conv})
				ws.WriteMessage(websocket.TextMessage, sync)
				ws.ReadMessage()
				ws.Close()
			}
		})
	}
	p.send("sync", "", protocol.Sync{Conversation: conv})
	w.fillLog(conv, n, 10)
	p.has(conv, 1, n+1)
	close(stop)
	others.Wait()
	w.eventually("they are gone", func() bool { return w.g.hub.count() == 1 && w.followers(conv) == 1 })
	p.ws.Close()
	w.eventually("nothing is left behind", func() bool {
		w.g.mu.Lock()
		defer w.g.mu.Unlock()
		w.g.hub.mu.RLock()
		defer w.g.hub.mu.RUnlock()
		return len(w.g.hub.conns)+len(w.g.hub.topics)+len(w.g.visitors) == 0
	})
}

// quick says hello without HTTP and without waiting; nil if that fails.
func (w *world) quick(visitorToken string) *websocket.Conn {
	s, err := w.g.newSession(w.ctx, protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: visitorToken}}, false, letIn)
	if err != nil {
		w.t.Error(err)
		return nil
	}
	ws, _, err := (&websocket.Dialer{Subprotocols: []string{protocol.ChatV1}}).Dial(w.url("/v1/socket"), nil)
	if err != nil {
		w.t.Error(err)
		return nil
	}
	hello, _ := protocol.Encode("hello", "", protocol.Hello{Token: s.SocketToken})
	ws.WriteMessage(websocket.TextMessage, hello)
	return ws
}

// deaf is a bus whose every signal is lost, as when the server between nodes is away.
type deaf struct{ bus.Local }

func (*deaf) Publish(chat.Signal) {}

// sharedStore says that other nodes may write to the data, as Postgres does.
type sharedStore struct{ Store }

func (sharedStore) Shared() bool { return true }

func TestPollingRepairsWhatNoSignalTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world, o *Options) { o.Bus, o.Store = &deaf{}, sharedStore{o.Store} })
	agent := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	console := agent.console()
	console.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	console.has(conv, 1, 1)
	for i := range int64(3) {
		p.say(conv, "Anybody?")
		p.has(conv, 1, i+2)
		console.has(conv, 1, i+2)
		console.expect("inbox", nil)
	}
	p.send("request_person", "p", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
	var q protocol.Queue
	p.expect("queue", &q)
	if q.Place != 1 {
		t.Errorf("queue %+v", q)
	}
}

// A conversation in which nothing happens is not read again and again.
func TestPollingReadsNothingThatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv, After: 1})
	w.eventually("it follows", func() bool { return w.followers(conv) == 1 })
	topic := w.g.hub.topics[chat.Ref{Workspace: w.ws.ID, Conversation: conv}]
	scheduled := func() bool {
		topic.mu.Lock()
		defer topic.mu.Unlock()
		return topic.dirty
	}
	w.eventually("it is delivered", func() bool { return !scheduled() })
	w.g.cancel() // the workers stop: what is scheduled now stays so
	w.g.wg.Wait()
	w.g.ctx = w.ctx
	poll := func() {
		t.Helper()
		w.check(w.g.pollOnce(map[uuid.UUID]int64{}))
	}
	if poll(); scheduled() {
		t.Error("a quiet conversation is read")
	}
	w.g.unsub() // nobody tells of the note
	_, err := w.store.Append(w.ctx, w.ws.ID, conv, chat.Draft{ClientID: newID(), Log: chat.LogStaff, Kind: chat.KindNote, From: chat.Sender{Kind: chat.PartySystem}, Text: "note"})
	w.check(err)
	if poll(); !scheduled() {
		t.Error("what is new is not read")
	}
	topic.mu.Lock()
	topic.dirty = false // as if it had been
	topic.mu.Unlock()
	if poll(); scheduled() {
		t.Error("what is known is read again")
	}
}

// faulty is a store that fails to read logs for a while.
type faulty struct {
	Store
	mu    sync.Mutex
	fails int
}

func (f *faulty) Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails > 0 {
		f.fails--
		return nil, errors.New("no")
	}
	return f.Store.Entries(ctx, ws, conv, log, after, limit)
}

func TestDeliveryAfterAFault(t *testing.T) {
	t.Parallel()
	broken := &faulty{fails: 2}
	w := newWorld(t, func(_ *world, o *Options) { broken.Store = o.Store; o.Store = broken })
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
}

// refusing is a store that stores nothing of customers, but tells of what others store meanwhile.
type refusing struct {
	Store
	meanwhile func(conv uuid.UUID)
	err       error
}

func (r *refusing) Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error) {
	if r.err == nil {
		return r.Store.Append(ctx, ws, conv, d)
	}
	r.meanwhile(conv)
	return chat.Entry{}, r.err
}

// What is stored while a customer's message is on its way is delivered, whatever becomes of that message.
func TestDeliveryBesideASend(t *testing.T) {
	t.Parallel()
	r := &refusing{}
	w := newWorld(t, func(_ *world, o *Options) { r.Store = o.Store; o.Store = r })
	r.meanwhile = func(conv uuid.UUID) { w.fillLog(conv, 2, 10) }
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
	other := w.join(p.visit, protocol.Sync{Conversation: conv})
	other.has(conv, 1, 1)
	r.err = chat.Errorf(chat.CodeUnavailable, "no")
	p.send("send", "x", protocol.Send{Conversation: conv, ClientID: newID(), Text: "lost"})
	if _, refused := p.answer("x"); refused.Code != chat.CodeUnavailable {
		t.Errorf("%+v", refused)
	}
	p.has(conv, 1, 3)
	other.has(conv, 1, 3)
	r.err = errPanic
	r.meanwhile = func(conv uuid.UUID) {
		w.fillLog(conv, 1, 10)
		panic("store")
	}
	p.send("send", "x", protocol.Send{Conversation: conv, ClientID: newID(), Text: "lost"})
	if code := p.ended(); code != websocket.CloseInternalServerErr {
		t.Errorf("closed with %d", code)
	}
	other.has(conv, 1, 4)
}

var errPanic = errors.New("panic")

func TestDrain(t *testing.T) { everyWay(t, testDrain) }

func testDrain(t *testing.T, w *world) {
	goes, stays := w.join(""), w.join("")
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		w.g.Drain(w.ctx, 2*time.Second) // time for one message on a slow machine
	}()
	var d protocol.Drain
	goes.expect("drain", &d)
	if d.AfterMS != 2000 {
		t.Errorf("drain %+v", d)
	}
	goes.hangUp()
	_, res, err := w.dial("/v1/socket", protocol.ChatV1, nil)
	if err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a new connection: %v, %v", res, err)
	}
	if res, err := http.Get(w.srv.URL + "/readyz"); err != nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready: %v, %v", res, err)
	} else {
		res.Body.Close()
	}
	stays.say(newID(), "until the end I am served")
	if code := stays.ended(); code != protocol.CloseDrain {
		t.Errorf("closed with %d", code)
	}
	<-drained
}

func TestDrainEndsWhenAllAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	go func() {
		p.expect("drain", nil)
		p.ws.Close()
	}()
	begin := time.Now()
	w.g.Drain(w.ctx, time.Hour)
	if took := time.Since(begin); took > patience {
		t.Errorf("took %s", took)
	}
}

// Close does not wait for peers that neither read nor close: half-open
// connections, and readers that have stopped.
func TestCloseWithDeafPeers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.narrow.Store(4 << 10)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	w.fillLog(conv, 300, 4<<10)
	for range 3 {
		w.join0(p.visit, protocol.Sync{Conversation: conv}) // stuck in the middle of the log
		w.join0("")                                         // idle
	}
	w.eventually("all are there", func() bool { return w.followers(conv) == 3 && w.g.hub.count() == 7 })
	begin := time.Now()
	w.g.Close()
	if took := time.Since(begin); took > closeWithin+time.Second {
		t.Errorf("took %s", took)
	}
	if n := w.g.hub.count(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	if code := p.ended(); code != protocol.CloseDrain {
		t.Errorf("closed with %d", code)
	}
	w.g.Close() // again does nothing
	_, res, err := w.dial("/v1/socket", protocol.ChatV1, nil)
	if err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a connection after the end: %v, %v", res, err)
	}
}

// Connections that come while it closes are refused or closed, never forgotten.
func TestCloseWhileConnecting(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := newWorld(t)
		token := w.session("").VisitorToken
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for {
					s, err := w.g.newSession(w.ctx, protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: token}}, false, letIn)
					if err != nil {
						return
					}
					ws, _, err := (&websocket.Dialer{Subprotocols: []string{protocol.ChatV1}}).Dial(w.url("/v1/socket"), nil)
					if err != nil {
						return // refused
					}
					hello, _ := protocol.Encode("hello", "", protocol.Hello{Token: s.SocketToken})
					ws.WriteMessage(websocket.TextMessage, hello)
					ws.SetReadDeadline(time.Now().Add(patience))
					_, _, err = ws.ReadMessage()
					ws.Close()
					var ne net.Error
					if errors.As(err, &ne) && ne.Timeout() {
						t.Error("a connection was forgotten")
						return
					}
				}
			})
		}
		w.eventually("some are there", func() bool { return w.g.hub.count() > 0 })
		w.g.Close()
		wg.Wait()
		if n := w.g.hub.count(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	}
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	pings := make(chan struct{}, 100)
	pong := p.ws.PingHandler()
	p.ws.SetPingHandler(func(s string) error {
		pings <- struct{}{}
		return pong(s)
	})
	w.g.beatAll()
	// For two minutes the peer says nothing but answers pings.
	for range 10 {
		w.clock.advance(protocol.PingEvery/2 + time.Second)
		before := w.clock.Now()
		w.g.beatAll()
		select {
		case <-pings:
		case <-time.After(patience):
			t.Fatal("no ping")
		}
		w.eventually("the pong counts", func() bool {
			c := w.g.hub.all()[0]
			c.mu.Lock()
			defer c.mu.Unlock()
			return !c.lastRead.Before(before)
		})
	}
	p.say(newID(), "still here")

	// A peer that does not answer is given up, and none sooner than that.
	p.ws.SetPingHandler(func(string) error { return nil })
	w.clock.advance(protocol.DeadAfter)
	w.g.beatAll()
	if n := w.g.hub.count(); n != 1 {
		t.Errorf("%d connections", n)
	}
	w.clock.advance(time.Second)
	w.g.beatAll()
	if code := p.ended(); code != 0 {
		t.Errorf("closed with %d", code)
	}
	w.eventually("it is gone", func() bool { return w.g.hub.count() == 0 })
}

// beatAll visits every connection, as the beats of one ping interval do.
func (g *Gateway) beatAll() {
	for turn := range int(protocol.PingEvery / time.Second) {
		g.beat(turn)
	}
}

// A heartbeat never waits for a peer that does not read.
func TestHeartbeatWithStuckPeers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.MaxPerVisitor = 100 })
	w.narrow.Store(4 << 10)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	w.fillLog(conv, 100, 4<<10)
	for range 8 {
		w.join0(p.visit, protocol.Sync{Conversation: conv})
	}
	w.eventually("they are stuck", func() bool {
		stuck := 0
		for _, c := range w.g.hub.all() {
			if c.backlog() > queueBytes/3 {
				stuck++
			}
		}
		return stuck == 8
	})
	w.clock.advance(protocol.PingEvery)
	begin := time.Now()
	for turn := range 12 {
		w.g.beat(turn)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("a round took %s", took)
	}
}

// A panic in the handling of one frame closes its connection and no other.
func TestPanicEndsOneConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) {
		wake := o.OnCustomer
		o.OnCustomer = func(r chat.Ref) {
			if r.Conversation[15]&1 == 1 {
				panic("odd")
			}
			wake(r)
		}
	})
	even, odd := newID(), newID()
	even[15] &^= 1
	odd[15] |= 1
	p, q := w.join(""), w.join("")
	p.send("send", "", protocol.Send{Conversation: odd, ClientID: newID(), Text: "x"})
	if code := p.ended(); code != websocket.CloseInternalServerErr {
		t.Errorf("closed with %d", code)
	}
	q.say(even, "I am well")
}

// proxy passes bytes between a client and the gateway, and cuts the line after
// a number of them in one direction.
type proxy struct {
	net.Listener
	to string

	mu     sync.Mutex
	up     bool // count what the client sends, else what it gets
	left   int  // bytes until the cut; below 0 for never
	passed []int
	wg     sync.WaitGroup
}

func newProxy(w *world) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.check(err)
	p := &proxy{Listener: l, to: w.srv.Listener.Addr().String(), left: -1}
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(c) })
		}
	})
	w.t.Cleanup(func() {
		l.Close()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		client.Close()
		return
	}
	var both sync.WaitGroup
	pass := func(to, from net.Conn, up bool) {
		defer to.Close()
		defer from.Close()
		buf := make([]byte, 32<<10)
		for {
			n, err := from.Read(buf)
			n, cut := p.allow(n, up)
			if _, werr := to.Write(buf[:n]); cut || err != nil || werr != nil {
				return
			}
		}
	}
	both.Go(func() { pass(server, client, true) })
	both.Go(func() { pass(client, server, false) })
	both.Wait()
}

// allow counts n bytes, and gives how many of them may pass before the cut.
func (p *proxy) allow(n int, up bool) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if up != p.up {
		return n, false
	}
	p.passed = append(p.passed, n)
	if p.left < 0 || n < p.left {
		p.left -= min(n, max(p.left, 0))
		return n, false
	}
	n, p.left = p.left, -1
	return n, true
}

// set has the line cut after some bytes of a direction; -1 never cuts. It gives
// the sizes of the pieces that passed since the last call.
func (p *proxy) set(up bool, after int) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	passed := p.passed
	p.up, p.left, p.passed = up, after, nil
	return passed
}

// TestCutAnywhere runs one session again and again, each time with the line cut
// after another number of bytes: at, before and after each piece that went over
// it, in both directions. The client resends what was not acked and resumes from
// the last number it saw. Nothing is lost, doubled or out of order.
func TestCutAnywhere(t *testing.T) {
	everyWay(t, testCutAnywhere, func(_ *world, o *Options) { o.MaxPerVisitor = 1000 })
}

func testCutAnywhere(t *testing.T, w *world) {
	line := newProxy(w)
	for _, up := range []bool{true, false} {
		line.set(up, -1)
		w.talkOverLine(line)
		var points []int
		at := 0
		for _, n := range line.set(up, -1) {
			at += n
			points = append(points, at-1, at, at+1)
			if w.carrier != "socket" {
				continue // headers are not cut one by one: HTTP sees to its own
			}
			for part := at - n + 40; part < at; part += max(40, n/4) {
				points = append(points, part)
			}
		}
		slices.Sort(points)
		for _, after := range slices.Compact(points) {
			w.clock.advance(10 * time.Minute) // rates are not what is tried here
			line.set(up, after)
			w.talkOverLine(line)
		}
		t.Logf("%d cuts", len(points))
	}
}

// talkOverLine is a client that sends five messages, each after the echo of the
// last, while the server adds two; it reconnects as often as need be.
func (w *world) talkOverLine(line *proxy) {
	w.t.Helper()
	s, err := w.g.newSession(w.ctx, protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key}}, false, letIn)
	w.check(err)
	conv := newID()
	var texts []string
	var ids []uuid.UUID
	for i := range 5 {
		texts = append(texts, fmt.Sprint("message ", i))
		ids = append(ids, newID())
	}
	var got []chat.Entry
	acked := map[uuid.UUID]int64{}
	added := 0
	for try := 0; len(got) < 7; try++ {
		if try > 5 {
			w.t.Fatalf("still not through after %d connections", try)
		}
		err := w.oneConnection(line, s.VisitorToken, func(send func(string, any) error, next func() (protocol.Frame, error)) error {
			if len(got) > 0 || len(acked) > 0 {
				if err := send("sync", protocol.Sync{Conversation: conv, After: int64(len(got))}); err != nil {
					return err
				}
			}
			for i, id := range ids {
				if _, ok := acked[id]; ok {
					continue
				}
				if err := send("send", protocol.Send{Conversation: conv, ClientID: id, Text: texts[i]}); err != nil {
					return err
				}
				if i == 0 && len(got) == 0 {
					if err := send("sync", protocol.Sync{Conversation: conv}); err != nil {
						return err
					}
				}
				for acked[id] == 0 {
					if err := w.take(next, conv, &got, acked); err != nil {
						return err
					}
				}
				if i%2 == 1 && added == i/2 {
					w.fillLog(conv, 1, 20)
					added++
				}
			}
			for len(got) < 7 {
				if err := w.take(next, conv, &got, acked); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !isCut(err) {
			w.t.Fatal(err)
		}
	}
	var customer []string
	for _, e := range got {
		if e.From.Kind == chat.PartyCustomer {
			customer = append(customer, e.Text)
			if acked[e.ClientID] != e.Seq {
				w.t.Fatalf("%q was acked as %d and came as %d", e.Text, acked[e.ClientID], e.Seq)
			}
		}
	}
	if !slices.Equal(customer, texts) {
		w.t.Fatalf("the client saw %q", customer)
	}
	if lines := w.lines(conv); len(lines) != 7 {
		w.t.Fatalf("the log holds %q", lines)
	}
}

// take reads a frame, and keeps what it tells.
func (w *world) take(next func() (protocol.Frame, error), conv uuid.UUID, got *[]chat.Entry, acked map[uuid.UUID]int64) error {
	f, err := next()
	if err != nil {
		return err
	}
	switch f.T {
	case "ack":
		a, err := protocol.Payload[protocol.Ack](f)
		if err != nil {
			return err
		}
		if old := acked[a.ClientID]; old != 0 && old != a.Seq {
			return fmt.Errorf("acked as %d and as %d", old, a.Seq)
		}
		acked[a.ClientID] = a.Seq
	case "entry":
		e, err := protocol.Payload[chat.Entry](f)
		if err != nil {
			return err
		}
		if e.Seq > int64(len(*got))+1 {
			return fmt.Errorf("entry %d came after %d", e.Seq, len(*got))
		}
		if e.Seq == int64(len(*got))+1 {
			*got = append(*got, e)
		}
	case "error", "reset":
		return fmt.Errorf("%s %s", f.T, f.D)
	}
	return nil
}

// oneConnection connects over the line, says hello and runs fn until it ends or the line is cut.
func (w *world) oneConnection(line *proxy, visitor string, fn func(send func(string, any) error, next func() (protocol.Frame, error)) error) error {
	s, err := w.g.newSession(w.ctx, protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: visitor}}, false, letIn)
	if err != nil {
		return err
	}
	if w.carrier != "socket" {
		return w.oneLine(line, s.SocketToken, fn)
	}
	ws, _, err := (&websocket.Dialer{Subprotocols: []string{protocol.ChatV1}}).Dial("ws://"+line.Addr().String()+"/v1/socket", nil)
	if err != nil {
		return errCut
	}
	defer ws.Close()
	if err := ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	send := func(t string, d any) error {
		frame, err := protocol.Encode(t, "", d)
		if err != nil {
			return err
		}
		if ws.WriteMessage(websocket.TextMessage, frame) != nil {
			return errCut
		}
		return nil
	}
	next := func() (protocol.Frame, error) {
		_, data, err := ws.ReadMessage()
		var ne net.Error
		if errors.As(err, &ne) && ne.Timeout() {
			return protocol.Frame{}, fmt.Errorf("nothing came: %w", err)
		}
		var closed *websocket.CloseError
		if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
			return protocol.Frame{}, err
		}
		if err != nil {
			return protocol.Frame{}, errCut
		}
		return protocol.Decode(data)
	}
	if err := send("hello", protocol.Hello{Token: s.SocketToken}); err != nil {
		return err
	}
	return fn(send, next)
}

// oneLine is oneConnection where requests carry it.
func (w *world) oneLine(over *proxy, token string, fn func(send func(string, any) error, next func() (protocol.Frame, error)) error) error {
	l := newLine(w.ctx, "http://"+over.Addr().String())
	frames := make(chan protocol.Frame, 4096)
	l.told = func(f protocol.Frame) { frames <- f }
	hello, err := protocol.Encode("hello", "", protocol.Hello{Token: token})
	w.check(err)
	go func() {
		defer close(frames)
		err = l.open(w.carrier, hello)
	}()
	defer func() {
		l.end()
		for range frames { // until it has ended
		}
		l.http.CloseIdleConnections()
	}()
	next := func() (protocol.Frame, error) {
		select {
		case f, ok := <-frames:
			var closed *websocket.CloseError
			if !ok && errors.As(err, &closed) {
				return f, err
			}
			if !ok {
				return f, errCut
			}
			return f, nil
		case <-time.After(patience):
			return protocol.Frame{}, errors.New("nothing came")
		}
	}
	if _, err := next(); err != nil { // the welcome, with the key
		return err
	}
	return fn(func(t string, d any) error {
		frame, err := protocol.Encode(t, "", d)
		w.check(err)
		if l.post(frame) != nil {
			return errCut
		}
		return nil
	}, next)
}

var errCut = errors.New("the line was cut")

func isCut(err error) bool { return errors.Is(err, errCut) || errors.Is(err, io.EOF) }
