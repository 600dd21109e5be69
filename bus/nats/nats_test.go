package nats_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"
	gonats "github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"frontdesk/bus/nats"
	"frontdesk/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 15 * time.Second

// start runs a NATS server in this process; port -1 is a free one.
func start(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() { shutDown(s) })
	return s
}

func shutDown(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// node is a bus that remembers what it was told.
type node struct {
	*nats.Bus
	mu   sync.Mutex
	seqs []int64
}

func connect(t *testing.T, url string) *node {
	t.Helper()
	b, err := nats.Connect(url, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	n := &node{Bus: b}
	b.Subscribe(func(s chat.Signal) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.seqs = append(n.seqs, s.Seq)
	})
	return n
}

func (n *node) heard() []int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.seqs)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// together publishes from one until the other hears: then both are connected.
func together(t *testing.T, from, to *node) {
	t.Helper()
	eventually(t, "they hear each other", func() bool {
		from.Publish(chat.Signal{Seq: 1})
		return slices.Contains(to.heard(), 1)
	})
}

func TestSignalsReachOtherNodesOnce(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	a, b := connect(t, s.ClientURL()), connect(t, s.ClientURL())
	together(t, a, b)
	together(t, b, a)
	var got chat.Signal
	arrived := make(chan struct{})
	b.Subscribe(func(s chat.Signal) {
		if s.Seq == 100 {
			got = s
			close(arrived)
		}
	})
	sent := chat.Signal{Kind: chat.SignalDraft, Workspace: uuid.New(), Conversation: uuid.New(), Seq: 100, Data: []byte(`c{"t":"draft"}`)}
	a.Publish(sent)
	if h := a.heard(); h[len(h)-1] != 100 {
		t.Error("the own subscribers are not told at once")
	}
	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("it did not arrive")
	}
	if got.Kind != sent.Kind || got.Workspace != sent.Workspace || got.Conversation != sent.Conversation || !bytes.Equal(got.Data, sent.Data) {
		t.Errorf("got %+v, sent %+v", got, sent)
	}
	// What b says after it has had a's signal comes after any echo would have.
	b.Publish(chat.Signal{Seq: 101})
	eventually(t, "the answer comes", func() bool { return slices.Contains(a.heard(), 101) })
	count := 0
	for _, seq := range a.heard() {
		if seq == 100 {
			count++
		}
	}
	if count != 1 {
		t.Errorf("the own subscribers were told %d times", count)
	}
}

func TestServerComesAndGoes(t *testing.T) {
	t.Parallel()
	first := start(t, -1)
	url := first.ClientURL()
	addr := first.Addr().String()
	a, b := connect(t, url), connect(t, url)
	together(t, a, b)
	shutDown(first)

	// Meanwhile publishing neither waits nor fails, and what is said is not said later.
	begin := time.Now()
	for range 20_000 {
		a.Publish(chat.Signal{Seq: 7})
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("publishing to nobody took %s", took)
	}
	if h := a.heard(); h[len(h)-1] != 7 {
		t.Error("the own subscribers are not told")
	}
	start(t, portOf(t, addr))
	eventually(t, "they hear each other again", func() bool {
		a.Publish(chat.Signal{Seq: 8})
		return slices.Contains(b.heard(), 8)
	})
	if slices.Contains(b.heard(), 7) {
		t.Error("old signals were kept for later")
	}
}

func TestServerIsAwayAtFirst(t *testing.T) {
	t.Parallel()
	// A port that was free a moment ago.
	probe := start(t, -1)
	url := probe.ClientURL()
	opts := probe.Addr().String()
	shutDown(probe)
	a, b := connect(t, url), connect(t, url)
	a.Publish(chat.Signal{Seq: 5})
	if got := a.heard(); !slices.Equal(got, []int64{5}) {
		t.Errorf("heard %v", got)
	}
	start(t, portOf(t, opts))
	together(t, a, b)
	if slices.Contains(b.heard(), 5) {
		t.Error("an old signal was kept for later")
	}
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	port := 0
	for _, r := range addr[strings.LastIndexByte(addr, ':')+1:] {
		port = 10*port + int(r-'0')
	}
	return port
}

func TestStrayMessagesAreIgnored(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	a, b := connect(t, s.ClientURL()), connect(t, s.ClientURL())
	together(t, b, a)
	stray, err := gonats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer stray.Close()
	ws := uuid.NewString()
	for subject, data := range map[string]string{
		"frontdesk.signals." + ws: `{"seq":66,"workspace":"` + uuid.NewString() + `"}`, "frontdesk.signals.x": `{"seq":66}`,
		"frontdesk.signals." + ws + "y": "not JSON", "frontdesk.signals.": `{"seq":66}`, "frontdesk.other": `{"seq":66}`, "other": "{}",
	} {
		_ = stray.Publish(subject, []byte(data)) // some are refused at once
	}
	if err := stray.Flush(); err != nil {
		t.Fatal(err)
	}
	b.Publish(chat.Signal{Seq: 2})
	eventually(t, "the next good one comes", func() bool { return slices.Contains(a.heard(), 2) })
	if slices.Contains(a.heard(), 66) {
		t.Error("a stray message was taken for a signal")
	}
}

func TestNoAddress(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"nats://%zz", "nats://host:port"} {
		if _, err := nats.Connect(url, quiet()); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	a := connect(t, s.ClientURL())
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	a.Publish(chat.Signal{Seq: 9}) // to this node only
	if !slices.Equal(a.heard(), []int64{9}) {
		t.Errorf("heard %v", a.heard())
	}
}
