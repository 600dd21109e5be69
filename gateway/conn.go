package gateway

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"frontdesk/gateway/protocol"
)

// What one connection may hold and do.
const (
	queueFrames = 64       // frames waiting to be written, then the reader is too slow
	queueBytes  = 48 << 10 // the same in bytes
	writeWithin = 10 * time.Second
	// closeWithin is how long a peer may take to read what is left and to close its side.
	closeWithin = 2 * time.Second
	// A person writes a message every few seconds and types between: 10 frames
	// a second with a burst for a resend after a cut is far above that.
	frameRate  = 10
	frameBurst = 60
	// After this many refused frames in a row a client is not a person any more.
	refusedLimit = 100
	// lingerBytes is how much of an oversized message is read and thrown away, so that its sender gets to see the close
	// frame: a socket that is closed with unread data is reset. A phone's photo has up to 12 MB.
	lingerBytes = 16 << 20
)

// handler is one side of the protocol: the customer's or the console's. All is
// called on the connection's reader, one after the other.
type handler interface {
	// frame handles one frame; an error answers it.
	frame(ctx context.Context, c *conn, f protocol.Frame) error
	// alive is called at every sign of life. It may close the connection.
	alive(ctx context.Context, c *conn)
	// closed is called once, after the last frame.
	closed(c *conn)
}

// conn is one websocket. Its reader is one goroutine; it has a writer only
// while there is something to write, so that an idle connection costs one stack.
//
// Lifecycle: serve runs on the reader goroutine and calls the handler there,
// with the gateway's context. send, ping and close may be called from anywhere
// and never block on the network.
type conn struct {
	id      uuid.UUID
	ws      *websocket.Conn
	wire    *wire // below ws
	srv     *Gateway
	h       handler
	rate    *rate.Limiter
	opened  time.Time
	follows []*follower // guarded by the hub's mu

	mu       sync.Mutex
	queue    [][]byte
	bytes    int  // in the queue and on their way
	held     int  // of these, written to wire and held there
	flushed  int  // of these, on their way
	writing  bool // a writer runs
	pinging  bool // a ping is due
	ready    bool // it has said who it is
	closing  bool
	code     int // of our close frame
	reason   string
	lastRead time.Time
}

func newConn(g *Gateway, ws *websocket.Conn, w *wire, h handler) *conn {
	now := g.now()
	return &conn{id: uuid.New(), ws: ws, wire: w, srv: g, h: h, rate: rate.NewLimiter(frameRate, frameBurst), opened: now, lastRead: now}
}

// send queues a frame. A connection whose queue is full is closed with
// CloseSlow: it resumes from the log, so nothing is lost.
func (c *conn) send(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	if len(c.queue) >= queueFrames || c.bytes+len(frame) > queueBytes && c.bytes > 0 {
		c.closeLocked(protocol.CloseSlow, "reading too slowly: reconnect and resume")
		return
	}
	c.queue = append(c.queue, frame)
	c.bytes += len(frame)
	c.startWriter()
}

// room reports whether the queue is at most half full, so that entries of a
// log, which can wait where they are, leave room for what cannot.
func (c *conn) room() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closing && len(c.queue) < queueFrames/2 && c.bytes < queueBytes/2
}

// ping has a ping written, unless something is being written anyway.
func (c *conn) ping() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.writing && !c.closing {
		c.pinging = true
		c.startWriter()
	}
}

// close ends the connection with a typed code, after what is queued was
// written. The reason is for people and has at most 100 bytes.
func (c *conn) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code, reason)
}

func (c *conn) closeLocked(code int, reason string) {
	if c.closing {
		return
	}
	c.closing, c.code, c.reason = true, code, reason
	if code == protocol.CloseSlow {
		c.queue = nil // it would not read them anyway
	}
	if c.writing {
		c.ws.NetConn().SetWriteDeadline(time.Now().Add(closeWithin)) // of the write that is under way
	}
	c.startWriter()
}

func (c *conn) startWriter() {
	if c.writing {
		return
	}
	c.writing = true
	c.srv.conns.Add(1)
	go c.write()
}

// write does what there is to do, and ends.
func (c *conn) write() {
	defer c.srv.conns.Done()
	for {
		todo, frame, within := c.next()
		var err error
		switch todo {
		case todoFrame:
			c.wire.hold()
			c.ws.SetWriteDeadline(time.Now().Add(within))
			err = c.ws.WriteMessage(websocket.TextMessage, frame)
		case todoFlush:
			err = c.wire.release()
		case todoPing:
			err = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(within))
		case todoClose:
			c.finish()
			return
		case todoNothing:
			c.srv.hub.caughtUp(c)
			return
		}
		if err != nil {
			c.broken(err)
			return
		}
	}
}

// todo is what a writer does next.
type todo int

const (
	todoNothing todo = iota
	todoFrame
	todoFlush // frames that were written are still held
	todoPing
	todoClose
)

// next gives what the writer does next, and how long it may take: frames, then
// the end, then a ping; after todoNothing and todoClose the writer is no more.
func (c *conn) next() (todo, []byte, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	within := writeWithin
	if c.closing {
		within = closeWithin
	}
	switch {
	case len(c.queue) > 0:
		frame := c.queue[0]
		c.queue[0], c.queue = nil, c.queue[1:]
		c.held += len(frame)
		return todoFrame, frame, within
	case c.held > 0:
		c.bytes -= c.flushed
		c.flushed, c.held = c.held, 0
		return todoFlush, nil, within
	}
	c.bytes -= c.flushed
	c.flushed, c.queue = 0, nil // an idle connection holds no queue
	switch {
	case c.closing:
		c.writing = false
		return todoClose, nil, within
	case c.pinging:
		c.pinging = false
		return todoPing, nil, within
	}
	c.writing = false
	return todoNothing, nil, within
}

// broken ends a connection that cannot be written to.
func (c *conn) broken(err error) {
	c.mu.Lock()
	c.closing, c.writing, c.queue = true, false, nil
	code := c.code
	c.mu.Unlock()
	if errors.Is(err, websocket.ErrCloseSent) {
		return // the reader has sent a close frame, and sees to the rest
	}
	if code != 0 {
		c.srv.metrics.closes(code) // meant, if not seen
	}
	c.ws.Close()
}

// finish sends the close frame and ends the reader.
func (c *conn) finish() {
	c.mu.Lock()
	code, reason := c.code, c.reason
	c.mu.Unlock()
	if code != 0 {
		c.srv.metrics.closes(code)
		c.srv.log.Debug("gateway: closing", "conn", c.id, "code", code, "reason", reason)
		c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(closeWithin))
	}
	// The peer's own close frame ends the read; one that sends none is cut off.
	c.ws.SetReadDeadline(time.Now().Add(closeWithin))
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// welcomed marks the connection as one that has said who it is.
func (c *conn) welcomed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready = true
}

// beat is called about every ping interval: it pings, and gives up on the silent.
func (c *conn) beat(now time.Time) {
	c.mu.Lock()
	silent, late := now.Sub(c.lastRead), !c.ready && now.Sub(c.opened) > protocol.HelloWithin
	c.mu.Unlock()
	switch {
	case silent > protocol.DeadAfter:
		c.ws.Close() // a dead peer reads no close frame
	case late:
		// Not terminal: on a bad network a hello takes longer than its sender knows.
		c.close(protocol.CloseTokenExpired, "no hello in time: get a new token and reconnect")
	case silent > protocol.PingEvery/2:
		c.ping()
	}
}
