package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"frontdesk/bus"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/handoff"
	"frontdesk/store"
	"frontdesk/store/sqlite"
)

// The benchmarks compare with floors of our own in one run and report ratios;
// performance.md's goals are beside each.

// serveFor names the environment variable that makes this binary a server: its
// memory is measured apart from its clients'.
const serveFor = "FRONTDESK_BENCH_SERVE"

// served is what a child answers to a word on its standard input: "memory",
// "cpu", "prepare", or "append", see appender.
type served struct {
	Heap, Stack, RSS uint64        // bytes
	CPU              time.Duration // user and system, so far
	Rate             float64       // appends a second
}

// serveBench runs as the child: it prints its address, and its memory whenever it is asked.
func serveBench(what string) {
	var handler http.Handler
	settle, raw := func() {}, &appender{}
	switch what {
	case "floor":
		handler = &floor{}
	case "gateway":
		perVisitorMessages = limit{rate.Inf, 1} // these customers are no people
		dir, err := os.MkdirTemp("", "frontdesk-bench-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		local := &bus.Local{}
		log := slog.New(slog.DiscardHandler)
		db, err := sqlite.Open(context.Background(), dir, store.Options{Notify: local.Publish, Log: log})
		if err != nil {
			panic(err)
		}
		defer db.Close()
		ws, inbox, err := db.EnsureWorkspace(context.Background(), "Site", chat.Inbox{Key: "site", Name: "Site"})
		if err != nil {
			panic(err)
		}
		g, err := New(Options{
			Store: db, Desk: handoff.New(handoff.Options{Store: db, Surroundings: db}), Bus: local, Workspace: ws, Log: log,
			TrustedProxies: []string{"127.0.0.1"}, OnCustomer: func(chat.Ref) {},
			Ask: func(context.Context, uuid.UUID, protocol.AskRequest) (protocol.AskReply, error) {
				return protocol.AskReply{}, nil
			},
			KnowledgeStatus: func(uuid.UUID) protocol.KnowledgeStatus { return protocol.KnowledgeStatus{} },
		})
		if err != nil {
			panic(err)
		}
		g.Start()
		defer g.Close()
		handler = g.Handler()
		raw.db, raw.inbox = db, inbox
		settle = func() { // as a minute later: limiters that are full again are forgotten
			g.limits.mu.Lock()
			defer g.limits.mu.Unlock()
			g.limits.byKey = map[limitKey]*rate.Limiter{}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(l, handler) //nolint:errcheck,gosec // it ends with the process
	fmt.Println(l.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var out served
		switch in.Text() {
		case "memory":
			settle()
			debug.FreeOSMemory()
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			out = served{Heap: m.HeapAlloc, Stack: m.StackInuse, RSS: rss()}
		case "prepare":
			raw.prepare()
		case "append":
			out.Rate = raw.run()
		}
		out.CPU = cpuTime()
		if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
			panic(err)
		}
	}
}

// cpuTime gives what this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// rss gives this process's resident bytes, 0 where the system does not tell.
func rss() uint64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseUint(strings.Fields(string(data))[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}

// floor is the least websocket server on the same library with the same tuning:
// small buffers, a pool for writing, one goroutine a connection that outlives
// its request, pooled reads, an echo under a mutex. It knows nobody.
type floor struct {
	mu    sync.Mutex
	conns map[*websocket.Conn]*sync.Mutex
	pool  sync.Pool
}

func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer, WriteBufferPool: &f.pool,
		Subprotocols: []string{protocol.ChatV1}, CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	write := &sync.Mutex{}
	f.mu.Lock()
	if f.conns == nil {
		f.conns = map[*websocket.Conn]*sync.Mutex{}
	}
	f.conns[ws] = write
	f.mu.Unlock()
	go f.serve(ws, write)
}

func (f *floor) serve(ws *websocket.Conn, write *sync.Mutex) {
	defer ws.Close()
	for {
		kind, r, err := ws.NextReader()
		if err != nil {
			return
		}
		buf := buffers.Get().(*[]byte)
		data, err := readInto((*buf)[:0], r)
		*buf = data
		if err == nil {
			write.Lock()
			err = ws.WriteMessage(kind, data)
			write.Unlock()
		}
		buffers.Put(buf)
		if err != nil {
			return
		}
	}
}

// child is a server in a process of its own.
type child struct {
	b    *testing.B
	addr string
	in   io.WriteCloser
	out  *bufio.Scanner
}

func startChild(b *testing.B, what string) *child {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), serveFor+"="+what)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	c := &child{b: b, in: in, out: bufio.NewScanner(out)}
	if !c.out.Scan() {
		b.Fatal("the server does not start")
	}
	c.addr = c.out.Text()
	return c
}

// ask has the child do what a word says.
func (c *child) ask(word string) (s served) {
	c.b.Helper()
	fmt.Fprintln(c.in, word)
	if !c.out.Scan() {
		c.b.Fatal("the server is gone")
	}
	if err := json.Unmarshal(c.out.Bytes(), &s); err != nil {
		c.b.Fatal(err)
	}
	return s
}

// visit opens a connection; on a gateway it says hello as a customer of its own and follows a conversation.
func (c *child) visit(i int, gateway bool) talker {
	c.b.Helper()
	d := websocket.Dialer{Subprotocols: []string{protocol.ChatV1}, ReadBufferSize: 512, WriteBufferSize: 512}
	ws, _, err := d.Dial("ws://"+c.addr+"/v1/socket", http.Header{"Origin": {"http://" + c.addr}, "User-Agent": {"Mozilla/5.0 (X11; Linux x86_64)"}})
	if err != nil {
		c.b.Fatal(err)
	}
	say := func(t string, d any) {
		frame, err := protocol.Encode(t, "", d)
		if err == nil {
			err = ws.WriteMessage(websocket.TextMessage, frame)
		}
		if err != nil {
			c.b.Fatal(err)
		}
	}
	until := func(t string) {
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				c.b.Fatal(err)
			}
			if f, err := protocol.Decode(data); err != nil || f.T == t {
				return
			}
		}
	}
	if !gateway {
		say("hello", protocol.Hello{})
		until("hello")
		return talker{ws: ws}
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+c.addr+"/v1/session", strings.NewReader(`{"inbox":"site"}`))
	if err != nil {
		c.b.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", i/250, i%250))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.b.Fatal(err)
	}
	defer res.Body.Close()
	var s protocol.Session
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil || s.SocketToken == "" {
		c.b.Fatalf("%s %v", res.Status, err)
	}
	conv := newID()
	say("hello", protocol.Hello{Token: s.SocketToken, Locale: "en"})
	say("send", protocol.Send{Conversation: conv, ClientID: newID(), Text: "Where is my parcel?"})
	say("sync", protocol.Sync{Conversation: conv})
	until("entry")
	return talker{ws, conv}
}

// BenchmarkIdleConnection: the memory of a customer's idle conversation
// (authenticated, followed, limited, watched) against the floor's connection,
// each in a process of its own after a forced collection. Goal: at most 1.4 times.
func BenchmarkIdleConnection(b *testing.B) {
	const n = 2000
	per := map[string]served{}
	for b.Loop() {
		for _, what := range []string{"floor", "gateway"} {
			c := startChild(b, what)
			for i := range 50 { // pools and caches are filled
				c.visit(i, what == "gateway").ws.Close()
			}
			before := c.ask("memory")
			conns := make([]talker, 0, n)
			for i := range n {
				conns = append(conns, c.visit(100+i, what == "gateway"))
			}
			after := c.ask("memory")
			per[what] = served{Heap: (after.Heap - before.Heap) / n, Stack: (after.Stack - before.Stack) / n, RSS: (after.RSS - before.RSS) / n}
			for _, x := range conns {
				x.ws.Close()
			}
		}
	}
	f, g := per["floor"], per["gateway"]
	b.ReportMetric(0, "ns/op")
	b.Logf("floor %+v, gateway %+v bytes a connection", f, g)
	b.ReportMetric(float64(f.Heap+f.Stack), "floor-B/conn")
	b.ReportMetric(float64(g.Heap+g.Stack), "B/conn")
	b.ReportMetric(float64(g.Heap+g.Stack)/float64(f.Heap+f.Stack), "x-floor")
	b.ReportMetric(float64(g.RSS)/1024, "RSS-KiB/conn")
	b.ReportMetric(float64(g.RSS)/float64(f.RSS), "x-floor-RSS")
}

// How BenchmarkDurableMessages works: as many in flight, as many messages each.
const (
	inFlight = 128
	each     = frameBurst - 5 // the hello, and what opens and follows a conversation, were frames too
)

// BenchmarkDurableMessages: acknowledged messages through websockets, each
// delivered to its follower, against bare appends to the same store with as many
// in flight; five rounds of each in turn, median of their ratios. Store and
// gateway are in one process, the customers in another, on the same processors:
// x-raw is the ratio of the rates, for which they compete, x-raw-CPU that of the
// messages for a second of the server's processor time, which says what the
// gateway adds. Goal: x-raw at least 0.7.
func BenchmarkDurableMessages(b *testing.B) {
	const rounds = 5
	c := startChild(b, "gateway")
	visitors := 0
	var raw, through, ratios, cpu []float64
	for b.Loop() {
		for range rounds {
			customers := make([]talker, inFlight)
			for i := range customers {
				visitors++
				customers[i] = c.visit(visitors, true)
			}
			start := c.ask("prepare").CPU
			appended := c.ask("append")
			middle := c.ask("cpu").CPU
			rate := converse(b, customers)
			end := c.ask("cpu").CPU
			for _, x := range customers {
				x.ws.Close()
			}
			raw, through, ratios = append(raw, appended.Rate), append(through, rate), append(ratios, rate/appended.Rate)
			cpu = append(cpu, float64(middle-start)/float64(end-middle))
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(raw), "raw-msg/s")
	b.ReportMetric(median(through), "msg/s")
	b.ReportMetric(median(ratios), "x-raw")
	b.ReportMetric(median(cpu), "x-raw-CPU")
}

func median(s []float64) float64 {
	s = slices.Clone(s)
	slices.Sort(s)
	return s[len(s)/2]
}

// appender appends to the bare store: a conversation for each writer.
type appender struct {
	db         *sqlite.Store
	inbox      chat.Inbox
	convs, who [inFlight]uuid.UUID
}

// prepare makes new conversations.
func (a *appender) prepare() {
	ctx := context.Background()
	for i := range inFlight {
		c, err := a.db.CreateCustomer(ctx, a.inbox.Workspace, chat.Customer{})
		if err != nil {
			panic(err)
		}
		conv, err := a.db.OpenConversation(ctx, a.inbox.Workspace, chat.Conversation{ID: newID(), Inbox: a.inbox.ID, Customer: c.ID})
		if err != nil {
			panic(err)
		}
		a.convs[i], a.who[i] = conv.ID, c.ID
	}
}

// run gives the rate at which inFlight writers append.
func (a *appender) run() float64 {
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range inFlight {
		wg.Go(func() {
			for range each {
				if _, err := a.db.Append(context.Background(), a.inbox.Workspace, a.convs[i], chat.Draft{ClientID: newID(), Kind: chat.KindMessage,
					Text: "Where is my parcel?", From: chat.Sender{Kind: chat.PartyCustomer, ID: a.who[i]}}); err != nil {
					panic(err)
				}
			}
		})
	}
	wg.Wait()
	return inFlight * each / time.Since(begin).Seconds()
}

// converse gives the rate at which customers, each with one message in flight,
// have them acknowledged; it ends when all are delivered too.
func converse(b *testing.B, customers []talker) float64 {
	b.Helper()
	begin := time.Now()
	var wg sync.WaitGroup
	for _, c := range customers {
		wg.Go(func() {
			acks, entries := 0, 0
			for range each {
				frame, err := protocol.Encode("send", "", protocol.Send{Conversation: c.conv, ClientID: newID(), Text: "Where is my parcel?"})
				if err == nil {
					err = c.ws.WriteMessage(websocket.TextMessage, frame)
				}
				for before := acks; err == nil && acks == before; {
					err = c.count(&acks, &entries)
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
			for entries < each {
				if err := c.count(&acks, &entries); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(len(customers)*each) / time.Since(begin).Seconds()
}

// talker is a customer of socketMessages.
type talker struct {
	ws   *websocket.Conn
	conv uuid.UUID
}

// count reads a frame and counts it.
func (c talker) count(acks, entries *int) error {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return err
	}
	f, err := protocol.Decode(data)
	switch f.T {
	case "ack":
		*acks++
	case "entry":
		*entries++
	case "error":
		err = fmt.Errorf("%s", f.D)
	}
	return err
}

// BenchmarkRelay: an unstored frame from the bus into a follower's queue.
func BenchmarkRelay(b *testing.B) {
	w := newWorld(b)
	c, s := w.parked()
	b.ReportAllocs()
	for b.Loop() {
		w.g.signal(s)
		c.mu.Lock()
		c.queue, c.bytes = c.queue[:0], 0
		c.mu.Unlock()
	}
}

// parked is a connection that follows a conversation and whose writer never comes.
func (w *world) parked() (*conn, chat.Signal) {
	w.t.Helper()
	c := newConn(w.g, nil, &customer{srv: w.g})
	c.writing = true
	w.g.hub.add(c)
	w.t.Cleanup(func() { w.g.hub.drop(c) })
	ref := chat.Ref{Workspace: w.ws.ID, Conversation: newID()}
	w.check(w.g.hub.follow(c, ref, 0, -1))
	frame, err := protocol.Encode("typing", "", protocol.Typing{Conversation: ref.Conversation})
	w.check(err)
	return c, chat.Signal{Kind: chat.SignalTyping, Workspace: ref.Workspace, Conversation: ref.Conversation, Data: append([]byte{'a'}, frame...)}
}

// Relaying a frame and asking a limiter allocate nothing.
func TestHotPathsDoNotAllocate(t *testing.T) {
	w := newWorld(t)
	c, s := w.parked()
	w.eventually("what following set off is done", func() bool {
		topic := w.g.hub.topic(chat.Ref{Workspace: s.Workspace, Conversation: s.Conversation})
		topic.mu.Lock()
		defer topic.mu.Unlock()
		return !topic.dirty
	})
	c.mu.Lock()
	c.queue = make([][]byte, 0, queueFrames)
	c.mu.Unlock()
	if n := testing.AllocsPerRun(1000, func() {
		w.g.signal(s)
		c.mu.Lock()
		c.queue, c.bytes = c.queue[:0], 0
		c.mu.Unlock()
	}); n != 0 {
		t.Errorf("relaying a frame allocates %v times", n)
	}
	if n := testing.AllocsPerRun(1000, func() { c.rate.AllowN(w.g.now(), 1) }); n != 0 {
		t.Errorf("a connection's limiter allocates %v times", n)
	}
}
