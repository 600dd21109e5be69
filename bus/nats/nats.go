// Package nats carries signals between the nodes of an installation, through a
// NATS server. It is core NATS: a signal that is published while nobody is
// connected is lost, which costs the receivers up to a second of polling.
package nats

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	gonats "github.com/nats-io/nats.go"

	"frontdesk/bus"
	"frontdesk/chat"
)

const (
	// prefix and a workspace's id are the subject of its signals, so that a
	// server's permissions may part workspaces. A node has one subscription for all of them; the routing is ours.
	prefix = "frontdesk.signals."
	// waiting is how many signals may wait for a slow server; what comes on top is dropped.
	waiting = 4096
	// flushWithin bounds how long one write to a server that has stopped reading may take.
	flushWithin = 2 * time.Second
	// pingEvery finds a server that is gone without a word within a few seconds, where the library takes minutes.
	pingEvery = 5 * time.Second
)

// Bus is a bus of several nodes. Signals of this node reach its own subscribers
// at once and without the server. All methods may be called concurrently.
type Bus struct {
	local bus.Local
	conn  *gonats.Conn
	log   *slog.Logger
	out   chan chat.Signal
	stop  chan struct{}
	once  sync.Once
	done  sync.WaitGroup
}

// Connect connects to a NATS server, and keeps trying for as long as the Bus
// is open: a server that is away now is no error. CodeInvalid: url is no address
// of one. Whoever calls Connect calls Close.
func Connect(url string, log *slog.Logger) (*Bus, error) {
	b := &Bus{log: log, out: make(chan chat.Signal, waiting), stop: make(chan struct{})}
	conn, err := gonats.Connect(url, gonats.Name("frontdesk"),
		gonats.NoEcho(), // what this node publishes, its subscribers have had
		gonats.RetryOnFailedConnect(true), gonats.MaxReconnects(-1), gonats.ReconnectWait(time.Second),
		gonats.ReconnectBufSize(-1), // late wake-ups are worth nothing
		gonats.PingInterval(pingEvery), gonats.MaxPingsOutstanding(2), gonats.FlusherTimeout(flushWithin),
		gonats.DisconnectErrHandler(func(_ *gonats.Conn, err error) {
			if err != nil { // nil is our own Close
				log.Warn("nats: disconnected; polling meanwhile", "err", err)
			}
		}),
		gonats.ReconnectHandler(func(*gonats.Conn) { log.Info("nats: connected") }),
		gonats.ErrorHandler(func(_ *gonats.Conn, _ *gonats.Subscription, err error) { log.Warn("nats", "err", err) }))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "cannot use the NATS server: check FRONTDESK_NATS_URL (%w)", err)
	}
	b.conn = conn
	if _, err := conn.Subscribe(prefix+"*", b.receive); err != nil {
		conn.Close()
		return nil, fmt.Errorf("nats: subscribe: %w", err)
	}
	if !conn.IsConnected() {
		log.Warn("nats: the server does not answer; polling meanwhile")
	}
	b.done.Go(b.send)
	return b, nil
}

// Publish tells this node's subscribers at once, and the other nodes soon. It
// does not wait for the network: what the server does not take is dropped.
func (b *Bus) Publish(s chat.Signal) {
	b.local.Publish(s)
	select {
	case b.out <- s:
	default:
	}
}

// Subscribe is bus.Local's, for the signals of all nodes.
func (b *Bus) Subscribe(fn func(chat.Signal)) (cancel func()) { return b.local.Subscribe(fn) }

// Close ends it; the local subscribers go on. Signals on their way may be lost.
// It may be called twice.
func (b *Bus) Close() error {
	b.once.Do(func() { close(b.stop) })
	b.conn.Close()
	b.done.Wait()
	return nil
}

// send passes signals on: it alone waits when the server is slow.
func (b *Bus) send() {
	for {
		select {
		case <-b.stop:
			return
		case s := <-b.out:
			data, err := json.Marshal(s)
			if err == nil {
				err = b.conn.Publish(prefix+s.Workspace.String(), data)
			}
			if err != nil {
				b.log.Debug("nats: dropped", "kind", s.Kind, "err", err) // the others poll
			}
		}
	}
}

func (b *Bus) receive(m *gonats.Msg) {
	var s chat.Signal
	if err := json.Unmarshal(m.Data, &s); err != nil {
		b.log.Warn("nats: not a signal", "subject", m.Subject, "err", err)
		return
	}
	if m.Subject != prefix+s.Workspace.String() {
		b.log.Warn("nats: a signal of another workspace", "subject", m.Subject)
		return
	}
	b.local.Publish(s)
}
