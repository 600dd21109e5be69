package gateway

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"frontdesk/gateway/protocol"
	"frontdesk/say"
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

// transport carries a connection's frames to its peer: a websocket, or the
// requests of a client that cannot open one. frame, flush, ping and bye are
// called by the connection's writer, one after the other; hurry and cut from
// anywhere, and they do not block.
type transport interface {
	// frame writes a frame, or holds it until flush.
	frame(data []byte, within time.Duration) error
	flush() error
	// ping makes an idle peer, and what is between, see that the line is there.
	ping(within time.Duration) error
	// bye says why the connection ends (0: it was not said), and has the peer's side end within closeWithin.
	bye(code int, reason string)
	// hurry has the write that is under way end within closeWithin.
	hurry()
	// cut ends the connection at once.
	cut()
}

// errLeaving is what a write fails with once the reader sees to the connection's end.
var errLeaving = errors.New("the connection is ending")

// conn is one connection, whatever carries it. It has a writer only while there
// is something to write, so that an idle connection costs one stack: its reader's.
//
// Lifecycle: the transport's reader calls handle and heard, one after the other,
// which call the handler with the gateway's context, and at last over. send,
// ping and close may be called from anywhere and never block on the network.
type conn struct {
	id      uuid.UUID
	link    transport
	srv     *Gateway
	h       handler
	rate    *rate.Limiter
	opened  time.Time
	key     string      // of the requests that belong to it; empty for a websocket
	refused int         // frames over the rate, in a row; the reader's
	tongue  *say.Table  // of whoever reads our errors; the reader's
	follows []*follower // guarded by the hub's mu

	mu       sync.Mutex
	queue    [][]byte
	bytes    int  // in the queue and on their way
	held     int  // of these, written to link and held there
	flushed  int  // of these, on their way
	writing  bool // a writer runs
	pinging  bool // a ping is due
	ready    bool // it has said who it is
	closing  bool
	code     int // of our close frame
	reason   string
	lastRead time.Time
}

func newConn(g *Gateway, link transport, h handler) *conn {
	now := g.now()
	return &conn{id: uuid.New(), link: link, srv: g, h: h, tongue: say.In(), rate: rate.NewLimiter(frameRate, frameBurst), opened: now, lastRead: now}
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
		c.link.hurry()
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
			err = c.link.frame(frame, within)
		case todoFlush:
			err = c.link.flush()
		case todoPing:
			err = c.link.ping(within)
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
	if errors.Is(err, errLeaving) {
		return
	}
	if code != 0 {
		c.srv.metrics.closes(code) // meant, if not seen
	}
	c.link.cut()
}

// finish says why the connection ends, and ends it.
func (c *conn) finish() {
	c.mu.Lock()
	code, reason := c.code, c.reason
	c.mu.Unlock()
	if code != 0 {
		c.srv.metrics.closes(code)
		c.srv.log.Debug("gateway: closing", "conn", c.id, "code", code, "reason", reason)
	}
	c.link.bye(code, reason)
}

// over takes the connection out of everything. Its reader calls it once, after the last frame.
func (c *conn) over() {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.srv.hub.drop(c)
	c.h.closed(c)
	c.link.cut()
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
		c.link.cut() // a dead peer reads no close frame
	case late:
		// Not terminal: on a bad network a hello takes longer than its sender knows.
		c.close(protocol.CloseTokenExpired, "no hello in time: get a new token and reconnect")
	case silent > protocol.PingEvery/2:
		c.ping()
	}
}
