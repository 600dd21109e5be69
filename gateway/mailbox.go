package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"frontdesk/gateway/protocol"
)

// mailbox is the transport of a connection that requests carry. The
// connection's writer hands over one letter after the other, to the request
// that waits for them.
type mailbox struct {
	conn    *conn
	polled  bool          // requests come one after the other; else one stays
	letters chan letter   // from the writer to the request: one waits until it is taken
	hasty   chan struct{} // closed by hurry
	gone    chan struct{} // closed by cut

	reading sync.Mutex // held by the request whose frames are handled
	over    bool       // no more of them; guarded by reading

	turn sync.Mutex // held by the request that takes letters

	mu      sync.Mutex
	hurried bool
	ended   bool
	newest  context.CancelFunc       // sends away the request that takes letters
	answer  *http.ResponseController // its answer
	number  int                      // of the last poll that was answered
	last    polled                   // what that was
}

// letter is what the writer has for the other side.
type letter struct {
	kind letterKind
	data []byte // a frame; that of a bye is close
}

type letterKind int

const (
	letterFrame letterKind = iota
	letterFlush            // no more for now
	letterPing
	letterBye // the last one
)

// polled is the answer to a poll.
type polled struct {
	frames []json.RawMessage
	last   bool // the connection ends with it
}

func newMailbox(polled bool) *mailbox {
	return &mailbox{polled: polled, letters: make(chan letter), hasty: make(chan struct{}), gone: make(chan struct{})}
}

// serve waits for the connection's end and sees to what follows from it.
func (m *mailbox) serve() {
	c := m.conn
	defer c.srv.conns.Done()
	<-m.gone
	c.srv.mailboxes.Delete(c.key)
	m.reading.Lock()
	defer m.reading.Unlock()
	m.over = true
	c.over()
}

// handle has frames handled, one after the other; none is a sign of life. It
// has answered, and gives false, if the connection is over.
func (m *mailbox) handle(w http.ResponseWriter, frames []json.RawMessage) bool {
	m.reading.Lock()
	defer m.reading.Unlock()
	c := m.conn
	if m.over {
		writeProblem(w, errEnded())
		return false
	}
	if len(frames) == 0 {
		c.sign()
	}
	for _, f := range frames {
		if !c.isClosing() {
			c.heard()
			c.handle(f)
		}
	}
	return true
}

// heard is the sign of life that a poll is. They are as many as there is to
// fetch, so they count as no frames.
func (m *mailbox) heard(w http.ResponseWriter) bool {
	m.reading.Lock()
	defer m.reading.Unlock()
	if m.over {
		writeProblem(w, errEnded())
		return false
	}
	m.conn.heard()
	return true
}

// enter makes a request the one that takes letters; one that does so already is
// sent away, since its client must have given it up. done is closed when the
// request should end. leave must be called.
func (m *mailbox) enter(w http.ResponseWriter, r *http.Request) (done <-chan struct{}, leave func()) {
	ctx, cancel := context.WithCancel(r.Context())
	m.mu.Lock()
	if m.newest != nil {
		m.newest()
	}
	m.newest = cancel
	m.mu.Unlock()
	m.turn.Lock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = http.NewResponseController(w)
	if m.ended {
		cancel()
	}
	return ctx.Done(), func() {
		m.mu.Lock()
		m.answer = nil
		m.mu.Unlock()
		cancel()
		m.turn.Unlock()
	}
}

// answered gives what the poll of this number was answered, if it comes again:
// browsers repeat a request whose line broke.
func (m *mailbox) answered(number int) (polled, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last, number <= m.number
}

func (m *mailbox) remember(number int, a polled) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.number, m.last = number, a
}

var errNotFetched = errors.New("the client fetches nothing")

// give hands a letter over.
func (m *mailbox) give(l letter, within time.Duration) error {
	wait := time.NewTimer(within)
	defer wait.Stop()
	hasty := m.hasty
	for {
		select {
		case m.letters <- l:
			return nil
		case <-hasty:
			hasty = nil
			wait.Reset(closeWithin)
		case <-wait.C:
			return errNotFetched
		case <-m.gone:
			return errLeaving
		}
	}
}

func (m *mailbox) frame(data []byte, within time.Duration) error {
	return m.give(letter{letterFrame, data}, within)
}

func (m *mailbox) flush() error { return m.give(letter{kind: letterFlush}, writeWithin) }

// ping keeps a stream from being taken for dead. Polls are their own.
func (m *mailbox) ping(within time.Duration) error {
	if m.polled {
		return nil
	}
	return m.give(letter{kind: letterPing}, within)
}

// bye is the frame close. The request that takes it ends the connection.
func (m *mailbox) bye(code int, reason string) {
	frame, err := protocol.Encode("close", "", protocol.Closed{Code: code, Reason: reason})
	if err == nil {
		err = m.give(letter{letterBye, frame}, closeWithin)
	}
	if err != nil {
		m.cut()
	}
}

func (m *mailbox) hurry() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hurried {
		return
	}
	m.hurried = true
	close(m.hasty)
	if m.answer != nil {
		_ = m.answer.SetWriteDeadline(time.Now().Add(closeWithin))
	}
}

func (m *mailbox) cut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return
	}
	m.ended = true
	close(m.gone)
	if m.newest != nil {
		m.newest()
	}
	if m.answer != nil {
		_ = m.answer.SetWriteDeadline(time.Now())
	}
}
