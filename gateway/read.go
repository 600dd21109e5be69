package gateway

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// serve reads frames until the connection ends.
func (c *conn) serve() {
	defer c.srv.conns.Done()
	defer func() {
		c.mu.Lock()
		c.closing = true
		c.mu.Unlock()
		c.srv.hub.drop(c)
		c.h.closed(c)
		c.ws.Close()
	}()
	c.ws.SetReadLimit(protocol.MaxFrame)
	c.ws.SetPingHandler(func(data string) error {
		if c.sign() {
			c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		}
		return nil
	})
	c.ws.SetPongHandler(func(string) error { c.sign(); return nil })
	c.ws.SetCloseHandler(func(code int, _ string) error {
		c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		return nil
	})
	refused := 0
	for {
		kind, r, err := c.ws.NextReader()
		if err == nil {
			err = c.read(kind, r, &refused)
		}
		if errors.Is(err, websocket.ErrReadLimit) {
			c.linger() // gorilla has sent 1009
		}
		if err != nil {
			return
		}
	}
}

// read reads one message into a borrowed buffer and has it handled. Once the
// connection is being closed it reads on, until the peer closes its side.
func (c *conn) read(kind int, r io.Reader, refused *int) error {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	data, err := readInto((*buf)[:0], r)
	*buf = data
	if err == nil && !c.isClosing() {
		c.heard()
		c.handle(kind, data, refused)
	}
	return err
}

// linger reads on for a moment after a message that was too large.
func (c *conn) linger() {
	c.srv.metrics.closes(websocket.CloseMessageTooBig)
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.ws.SetReadDeadline(time.Now().Add(closeWithin))
	io.Copy(io.Discard, io.LimitReader(c.ws.NetConn(), lingerBytes)) //nolint:errcheck // whatever comes is thrown away
}

// sign notes a ping or pong. They count as frames, so that nobody keeps a
// reader busy with them; false: this one is over the limit.
func (c *conn) sign() bool {
	c.heard()
	if c.rate.AllowN(c.srv.now(), 1) {
		return true
	}
	c.close(protocol.CloseRateLimited, "too many pings: reconnect later")
	return false
}

// handle checks and carries out one frame.
func (c *conn) handle(kind int, data []byte, refused *int) {
	defer func() {
		if p := recover(); p != nil {
			// A fault in one frame's handling must not end everybody's connection.
			c.srv.log.Error("gateway: panic", "conn", c.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			c.srv.metrics.panics.Inc()
			c.close(websocket.CloseInternalServerErr, "a fault on our side")
		}
	}()
	if kind != websocket.TextMessage {
		c.close(protocol.CloseBadProtocol, "frames are JSON text messages")
		return
	}
	if !utf8.Valid(data) {
		c.close(websocket.CloseInvalidFramePayloadData, "not valid UTF-8")
		return
	}
	var f protocol.Frame
	var err error
	if c.rate.AllowN(c.srv.now(), 1) {
		*refused = 0
		if f, err = protocol.Decode(data); err == nil {
			err = c.h.frame(c.srv.ctx, c, f)
		}
	} else {
		if *refused++; *refused > refusedLimit {
			c.close(protocol.CloseRateLimited, "too many frames: reconnect later")
			return
		}
		f, _ = protocol.Decode(data) // for its id
		err = chat.Errorf(chat.CodeRateLimited, "Too many messages at once. Nothing was lost: send it again in a moment.")
	}
	if err != nil {
		c.fail(f, err)
	}
}

// fail answers a frame with an error, and logs what the client must not see.
func (c *conn) fail(f protocol.Frame, err error) {
	code := chat.CodeOf(err)
	if (code == chat.CodeInternal || code == chat.CodeUnavailable) && c.srv.ctx.Err() == nil {
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
	c.h.alive(c.srv.ctx, c)
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
