package gateway

import (
	"fmt"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

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
func (c *conn) handle(data []byte) {
	defer func() {
		if p := recover(); p != nil {
			// A fault in one frame's handling must not end everybody's connection.
			c.srv.log.Error("gateway: panic", "conn", c.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			c.srv.metrics.panics.Inc()
			c.close(websocket.CloseInternalServerErr, "a fault on our side")
		}
	}()
	if !utf8.Valid(data) {
		c.close(websocket.CloseInvalidFramePayloadData, "not valid UTF-8")
		return
	}
	var f protocol.Frame
	var err error
	if c.rate.AllowN(c.srv.now(), 1) {
		c.refused = 0
		if f, err = protocol.Decode(data); err == nil {
			err = c.h.frame(c.srv.ctx, c, f)
		}
	} else {
		if c.refused++; c.refused > refusedLimit {
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
	d := protocol.Error{Code: code, Message: c.tongue.Error(err)}
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
