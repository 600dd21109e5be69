package gateway

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// What one connection may hold and do.
const (
	queueFrames = 64       // frames waiting to be written, then the reader is too slow
	queueBytes  = 48 << 10 // the same in bytes
	writeWithin = 10 * time.Second
	// A person writes a message every few seconds and types between: 10 frames
	// a second with a burst for a resend after a cut is far above that.
	frameRate  = 10
	frameBurst = 60
	// After this many refused frames in a row a client is not a person any more.
	refusedLimit = 100
)

// handler is one side of the protocol: the customer's or the console's.
type handler interface {
	// frame handles one frame; an error answers it. Frames of one connection come one after the other.
	frame(ctx context.Context, c *conn, f protocol.Frame) error
	// ready reports whether the connection has said who it is.
	ready() bool
	// closed is called once, after the last frame.
	closed(c *conn)
}

// conn is one websocket. Its reader is one goroutine; it has a writer only
// while frames wait to be written, so that an idle connection costs one stack.
//
// Lifecycle: serve runs on the reader goroutine and calls the handler there.
// send and close may be called from anywhere and never block on the network.
type conn struct {
	id     uuid.UUID
	ws     *websocket.Conn
	srv    *Gateway
	h      handler
	ctx    context.Context
	cancel context.CancelFunc
	rate   *rate.Limiter
	opened time.Time

	mu       sync.Mutex
	queue    [][]byte
	bytes    int
	writing  bool
	closing  bool
	code     int // of our close frame
	reason   string
	lastRead time.Time
}

// send queues a frame. A connection whose queue is full is closed with
// CloseSlow: it resumes from the log, so nothing is lost.
func (c *conn) send(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	if len(c.queue) >= queueFrames || c.bytes+len(frame) > queueBytes && len(c.queue) > 0 {
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

// close ends the connection with a typed code, after what is queued was written.
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
		c.queue, c.bytes = nil, 0 // it would not read them anyway
	}
	c.startWriter()
}

func (c *conn) startWriter() {
	if c.writing {
		return
	}
	c.writing = true
	c.srv.wg.Add(1)
	go c.write()
}

// write empties the queue and ends.
func (c *conn) write() {
	defer c.srv.wg.Done()
	for {
		c.mu.Lock()
		batch := c.queue
		c.queue, c.bytes = nil, 0
		if len(batch) == 0 {
			c.writing = false
			closing := c.closing
			c.mu.Unlock()
			if closing {
				c.finish()
			} else {
				c.srv.hub.caughtUp(c)
			}
			return
		}
		c.mu.Unlock()
		for _, frame := range batch {
			c.ws.SetWriteDeadline(time.Now().Add(writeWithin))
			if err := c.ws.WriteMessage(websocket.TextMessage, frame); err != nil {
				c.mu.Lock()
				c.closing, c.writing, c.queue = true, false, nil
				c.mu.Unlock()
				c.ws.Close()
				return
			}
		}
	}
}

// finish sends the close frame and ends the reader.
func (c *conn) finish() {
	c.mu.Lock()
	code, reason := c.code, c.reason
	c.mu.Unlock()
	if code != 0 {
		c.srv.metrics.closes(code)
		msg := websocket.FormatCloseMessage(code, reason)
		c.ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(time.Second))
	}
	// The peer's own close frame ends the read; one that sends none is cut off.
	c.ws.SetReadDeadline(time.Now().Add(2 * time.Second))
}

// serve reads frames until the connection ends. It owns the connection's context.
func (c *conn) serve() {
	defer c.srv.wg.Done()
	defer func() {
		c.mu.Lock()
		c.closing = true
		c.mu.Unlock()
		c.cancel()
		c.srv.hub.drop(c)
		c.h.closed(c)
		c.ws.Close()
	}()
	c.ws.SetReadLimit(protocol.MaxFrame)
	c.ws.SetPongHandler(func(string) error { c.heard(); return nil })
	c.ws.SetCloseHandler(func(code int, _ string) error {
		c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		return nil
	})
	refused := 0
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return // ReadLimit has sent 1009 by itself
		}
		c.heard()
		buf := buffers.Get().(*[]byte)
		data, err := readInto((*buf)[:0], r)
		if err == nil {
			if !c.handle(kind, data, &refused) {
				err = errDone
			}
			*buf = data
		}
		buffers.Put(buf)
		if err != nil {
			if errors.Is(err, errDone) {
				continue // our close frame is on its way; wait for the peer's
			}
			return
		}
	}
}

var errDone = errors.New("gateway: connection is closing")

// handle checks and carries out one frame; false means the connection is being closed.
func (c *conn) handle(kind int, data []byte, refused *int) bool {
	if c.isClosing() {
		return false
	}
	if kind != websocket.TextMessage {
		c.close(protocol.CloseBadProtocol, "frames are JSON text messages")
		return false
	}
	if !utf8.Valid(data) {
		c.close(websocket.CloseInvalidFramePayloadData, "not valid UTF-8")
		return false
	}
	f, err := protocol.Decode(data)
	if err == nil && !c.rate.Allow() {
		if *refused++; *refused > refusedLimit {
			c.close(protocol.CloseRateLimited, "too many frames: reconnect later")
			return false
		}
		err = chat.Errorf(chat.CodeRateLimited, "Too many messages at once. Nothing was lost: send it again in a moment.")
	} else {
		*refused = 0
	}
	if err == nil {
		err = c.h.frame(c.ctx, c, f)
	}
	if err != nil {
		c.fail(f, err)
	}
	return !c.isClosing()
}

// fail answers a frame with an error, and logs what the client must not see.
func (c *conn) fail(f protocol.Frame, err error) {
	code := chat.CodeOf(err)
	if code == chat.CodeInternal || code == chat.CodeUnavailable {
		c.srv.log.Error("gateway: frame failed", "type", f.T, "conn", c.id, "err", err)
	}
	d := protocol.Error{Code: code, Message: chat.MessageOf(err)}
	if named, perr := protocol.Payload[struct {
		ClientID uuid.UUID `json:"client_id"`
	}](f); perr == nil {
		d.ClientID = named.ClientID
	}
	if code == chat.CodeRateLimited {
		d.RetryAfter = int(time.Second.Milliseconds())
	}
	c.reply("error", f.ID, d)
}

// reply encodes and queues a frame.
func (c *conn) reply(t, id string, d any) {
	frame, err := protocol.Encode(t, id, d)
	if err != nil {
		c.srv.log.Error("gateway: encode", "err", err)
		return
	}
	c.send(frame)
}

func (c *conn) heard() {
	c.mu.Lock()
	c.lastRead = c.srv.now()
	c.mu.Unlock()
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// beat is called about every ping interval: it pings, and gives up on the silent.
func (c *conn) beat(now time.Time) {
	c.mu.Lock()
	silent := now.Sub(c.lastRead)
	c.mu.Unlock()
	switch {
	case silent > protocol.DeadAfter, !c.h.ready() && now.Sub(c.opened) > protocol.HelloWithin:
		c.ws.Close() // a dead peer reads no close frame
	case silent > protocol.PingEvery/2:
		// Control frames may be written beside the writer (gorilla's documentation).
		c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
	}
}

// buffers holds read buffers: a reader borrows one for the length of a frame.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

func readInto(buf []byte, r io.Reader) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}
