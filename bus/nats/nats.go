// Package nats carries signals between the nodes of an installation, through a
// NATS server. It is core NATS: a signal that is published while nobody is
// connected is lost, which costs the receivers up to a second of polling.
package nats

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	gonats "github.com/nats-io/nats.go"

	"frontdesk/bus"
	"frontdesk/chat"
)

// subject carries the signals of all workspaces: one subscription a node, and
// the routing is ours.
const subject = "frontdesk.signals"

// Bus is a bus of several nodes. Signals of this node reach its own
// subscribers at once and without the server. All methods may be called concurrently.
type Bus struct {
	local bus.Local
	node  uuid.UUID // whose signals come back to us and are dropped
	conn  *gonats.Conn
	log   *slog.Logger
}

// envelope is a signal on the wire.
type envelope struct {
	Node   uuid.UUID   `json:"node"`
	Signal chat.Signal `json:"signal"`
}

// Connect connects to a NATS server, and keeps trying for as long as the Bus is open:
// a server that is away now is no error. CodeInvalid: url is no address of one.
func Connect(url string, log *slog.Logger) (*Bus, error) {
	b := &Bus{node: uuid.New(), log: log}
	conn, err := gonats.Connect(url, gonats.Name("frontdesk"), gonats.RetryOnFailedConnect(true), gonats.MaxReconnects(-1),
		gonats.ReconnectWait(time.Second), gonats.ReconnectBufSize(-1), // late wake-ups are worth nothing
		gonats.DisconnectErrHandler(func(_ *gonats.Conn, err error) { log.Warn("nats: disconnected; polling meanwhile", "err", err) }),
		gonats.ReconnectHandler(func(*gonats.Conn) { log.Info("nats: connected again") }))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "cannot use the NATS server: check FRONTDESK_NATS_URL (%w)", err)
	}
	b.conn = conn
	if _, err := conn.Subscribe(subject, b.receive); err != nil {
		conn.Close()
		return nil, fmt.Errorf("nats: subscribe: %w", err)
	}
	return b, nil
}

// Publish tells this node's subscribers and then the other nodes. It does not block on the network.
func (b *Bus) Publish(s chat.Signal) {
	b.local.Publish(s)
	data, err := json.Marshal(envelope{b.node, s})
	if err != nil {
		b.log.Error("nats: encode", "err", err)
		return
	}
	if err := b.conn.Publish(subject, data); err != nil {
		b.log.Debug("nats: publish", "err", err) // lost: the others poll
	}
}

// Subscribe is bus.Local's, for the signals of all nodes.
func (b *Bus) Subscribe(fn func(chat.Signal)) (cancel func()) { return b.local.Subscribe(fn) }

// Close ends it. Signals on their way may be lost.
func (b *Bus) Close() error {
	b.conn.Close()
	return nil
}

func (b *Bus) receive(m *gonats.Msg) {
	var e envelope
	if err := json.Unmarshal(m.Data, &e); err != nil {
		b.log.Warn("nats: not a signal", "err", err)
		return
	}
	if e.Node != b.node {
		b.local.Publish(e.Signal)
	}
}
