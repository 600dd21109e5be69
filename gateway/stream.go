package gateway

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Where a proxy breaks websockets, requests carry a customer's connection. What
// comes from the server comes as the answer to one of them, which stays open (a
// stream) or is asked for again and again (polls, where streams are held back);
// what goes to the server goes in requests of its own.

// pollFor is how long a poll waits for something to come: below the 30 s after
// which common proxies take a request for dead, as pings are.
const pollFor = protocol.PingEvery

func (g *Gateway) streamRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/stream", g.handleStream)
	mux.HandleFunc("POST /v1/poll", g.handlePoll)
	mux.HandleFunc("POST /v1/frames", g.handleFrames)
}

// handleStream opens a connection with the hello in the body, and answers with
// its frames as server-sent events until either side ends it.
func (g *Gateway) handleStream(w http.ResponseWriter, r *http.Request) {
	m, ok := g.openMailbox(w, r, false)
	if !ok {
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would gather the answer
	if r.ProtoMajor == 1 {
		h.Set("Connection", "close") // the line has a deadline of its own
	}
	m.stream(w, r)
}

// handlePoll opens a connection with the hello in the body, or, with the key of
// one in the header, goes on with it. The answer is the list of its frames,
// when there are any, and an empty one after pollFor.
func (g *Gateway) handlePoll(w http.ResponseWriter, r *http.Request) {
	q := protocol.Poll{Number: 1}
	var m *mailbox
	ok := false
	if r.Header.Get("Authorization") == "" {
		m, ok = g.openMailbox(w, r, true)
	} else if m, ok = g.mailbox(w, r); ok {
		if err := readJSON(w, r, &q); err != nil {
			writeProblem(w, err)
			return
		}
		ok = m.heard(w)
	}
	if ok {
		m.poll(w, r, q.Number)
	}
}

// handleFrames takes a client's frames, in their order. None is a sign of life.
func (g *Gateway) handleFrames(w http.ResponseWriter, r *http.Request) {
	m, ok := g.mailbox(w, r)
	if !ok {
		return
	}
	var frames []json.RawMessage
	if err := readJSON(w, r, &frames); err != nil {
		writeProblem(w, err)
		return
	}
	if m.handle(w, frames) {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	}
}

// openMailbox makes a connection of a request, and handles its hello. It has
// answered if ok is false.
func (g *Gateway) openMailbox(w http.ResponseWriter, r *http.Request, polled bool) (m *mailbox, ok bool) {
	hello, err := g.readHello(w, r)
	if err != nil {
		writeProblem(w, err)
		return nil, false
	}
	m = newMailbox(polled)
	c := newConn(g, m, g.customerOf(r))
	c.key = g.nodeMark() + rand.Text()
	m.conn = c
	if !g.admit(c) {
		writeProblem(w, errGoingAway())
		return nil, false
	}
	g.metrics.opens(map[bool]string{false: "stream", true: "poll"}[polled])
	g.mailboxes.Store(c.key, m)
	go m.serve()
	return m, m.handle(w, []json.RawMessage{hello})
}

func errGoingAway() error {
	return chat.Errorf(chat.CodeUnavailable, "This node is going away: connect again.")
}

func (g *Gateway) readHello(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	switch {
	case g.isDraining():
		return nil, errGoingAway()
	case !g.sameOrigin(r, false):
		return nil, chat.Errorf(chat.CodeForbidden, "A page of another origin may not connect.")
	}
	hello, err := readBody(w, r, protocol.MaxFrame)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, chat.Errorf(chat.CodeTooLarge, "A frame has at most %d bytes.", big.Limit)
	}
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "The request body could not be read: %s", err.Error())
	}
	return hello, nil
}

// mailbox finds the connection that a request's key belongs to. It has answered if ok is false.
func (g *Gateway) mailbox(w http.ResponseWriter, r *http.Request) (m *mailbox, ok bool) {
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if found, ok := g.mailboxes.Load(key); ok {
		return found.(*mailbox), true
	}
	if mark := g.nodeMark(); len(key) > len(mark) && !strings.HasPrefix(key, mark) {
		// The client asks again, over a new line: a balancer of lines then leads it elsewhere.
		w.Header().Set("Connection", "close")
		writeProblemAs(w, http.StatusMisdirectedRequest, chat.Errorf(chat.CodeUnavailable, "Another node has this connection: ask again."))
		return nil, false
	}
	writeProblem(w, errEnded())
	return nil, false
}

func errEnded() error {
	return chat.Errorf(chat.CodeNotFound, "This connection has ended: open another one.")
}

// nodeMark begins the keys of this node's connections, so that any node can
// tell a connection that is elsewhere from one that has ended.
func (g *Gateway) nodeMark() string {
	sum := sha256.Sum256([]byte(g.o.Node))
	return hex.EncodeToString(sum[:4])
}

// stream writes letters as server-sent events, until the connection ends.
func (m *mailbox) stream(w http.ResponseWriter, r *http.Request) {
	defer m.cut()
	done, leave := m.enter(w, r)
	defer leave()
	rc := http.NewResponseController(w)
	for {
		select {
		case <-done:
			return
		case l := <-m.letters:
			_ = rc.SetWriteDeadline(time.Now().Add(writeWithin))
			if err := l.event(w, rc); err != nil || l.kind == letterBye {
				return
			}
		}
	}
}

// event writes a letter as a server-sent event: a ping is a comment, which readers skip.
func (l letter) event(w io.Writer, rc *http.ResponseController) error {
	text := ""
	switch l.kind {
	case letterFlush:
		return rc.Flush()
	case letterPing:
		text = ":\n\n"
	default:
		text = "data: " + string(l.data) + "\n\n"
	}
	if _, err := io.WriteString(w, text); err != nil || l.kind == letterFrame {
		return err
	}
	return rc.Flush()
}

// poll answers with the letters that are there, or with the first that come.
func (m *mailbox) poll(w http.ResponseWriter, r *http.Request, number int) {
	done, leave := m.enter(w, r)
	a, ok := m.answered(number)
	defer func() {
		leave()
		if a.last {
			m.cut() // after leave: what was written still has to go out
		}
	}()
	if !ok {
		if a, ok = m.collect(done); !ok {
			writeProblem(w, errEnded()) // to a client that has left, or that polls elsewhere
			return
		}
		m.remember(number, a)
	}
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Now().Add(writeWithin))
	writeJSON(w, http.StatusOK, a.frames)
	_ = rc.SetWriteDeadline(time.Time{}) // the line may serve other requests
}

// collect waits for letters. ok is false if done came first.
func (m *mailbox) collect(done <-chan struct{}) (a polled, ok bool) {
	a.frames = []json.RawMessage{}
	wait := time.NewTimer(pollFor)
	defer wait.Stop()
	bytes := 0
	for {
		select {
		case <-done:
			// What was taken out must not be lost: the client may ask for it again.
			return a, len(a.frames) > 0
		case <-wait.C:
			return a, true
		case l := <-m.letters:
			switch l.kind {
			case letterFlush:
				return a, true
			case letterFrame, letterBye:
				a.frames = append(a.frames, l.data)
				bytes += len(l.data)
				if a.last = l.kind == letterBye; a.last || bytes >= queueBytes {
					return a, true
				}
			}
		}
	}
}
