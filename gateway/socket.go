package gateway

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// The connections are tuned for many idle ones: small read buffers, write
// buffers only while something is written. No compression: it costs memory per
// connection and opens a side channel.
const (
	readBuffer  = 512
	writeBuffer = 1024
)

var writeBuffers sync.Pool

// upgrade makes a websocket of a request and serves it on a goroutine of its
// own, so that the request and its buffers are freed.
func (g *Gateway) upgrade(w http.ResponseWriter, r *http.Request, sub string, h handler) {
	switch {
	case g.isDraining():
		writeProblem(w, errGoingAway())
		return
	case !websocket.IsWebSocketUpgrade(r):
		writeProblem(w, chat.Errorf(chat.CodeInvalid, "This address speaks websocket, subprotocol %s.", sub))
		return
	case !slices.Contains(websocket.Subprotocols(r), sub):
		w.Header().Set("Sec-WebSocket-Protocol", sub)
		http.Error(w, "unknown subprotocol: offer "+sub, http.StatusBadRequest)
		return
	case !g.sameOrigin(r, sub == protocol.ConsoleV1):
		writeProblem(w, chat.Errorf(chat.CodeForbidden, "A page of another origin may not connect."))
		return
	}
	up := websocket.Upgrader{ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer, WriteBufferPool: &writeBuffers,
		Subprotocols: []string{sub}, CheckOrigin: func(*http.Request) bool { return true }} // checked above
	below := &hijacker{ResponseWriter: w}
	ws, err := up.Upgrade(below, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s := &socket{ws: ws, wire: below.wire}
	c := newConn(g, s, h)
	if !g.admit(c) { // it began to drain meanwhile
		ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(protocol.CloseDrain, "this node is going away"), time.Now().Add(time.Second))
		ws.Close()
		return
	}
	g.metrics.opens("socket")
	if h, ok := h.(*console); ok {
		g.greetConsole(c, h)
	}
	go s.serve(c)
}

// hijacker finds the connection below what middleware has wrapped around a
// response (gorilla looks at that alone), and lays a wire over it.
type hijacker struct {
	http.ResponseWriter
	wire *wire
}

// Hijack takes the connection over.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.wire = &wire{Conn: c}
	return h.wire, rw, nil
}

// socket is the transport of a websocket.
type socket struct {
	ws   *websocket.Conn
	wire *wire // below ws
}

func (s *socket) frame(data []byte, within time.Duration) error {
	s.wire.hold()
	s.ws.SetWriteDeadline(time.Now().Add(within))
	return leaving(s.ws.WriteMessage(websocket.TextMessage, data))
}

func (s *socket) flush() error { return s.wire.release() }

func (s *socket) ping(within time.Duration) error {
	return leaving(s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(within)))
}

// leaving names the error of a write after the reader has sent a close frame.
func leaving(err error) error {
	if errors.Is(err, websocket.ErrCloseSent) {
		return errLeaving
	}
	return err
}

func (s *socket) bye(code int, reason string) {
	if code != 0 {
		s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(closeWithin))
	}
	// The peer's own close frame ends the read; one that sends none is cut off.
	s.ws.SetReadDeadline(time.Now().Add(closeWithin))
}

func (s *socket) hurry() { s.ws.NetConn().SetWriteDeadline(time.Now().Add(closeWithin)) }

func (s *socket) cut() { s.ws.Close() }

// serve reads frames until the connection ends.
func (s *socket) serve(c *conn) {
	defer c.srv.conns.Done()
	defer c.over()
	s.ws.SetReadLimit(protocol.MaxFrame)
	s.ws.SetPingHandler(func(data string) error {
		if c.sign() {
			s.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		}
		return nil
	})
	s.ws.SetPongHandler(func(string) error { c.sign(); return nil })
	s.ws.SetCloseHandler(func(code int, _ string) error {
		s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		return nil
	})
	for {
		kind, r, err := s.ws.NextReader()
		if err == nil {
			err = s.read(c, kind, r)
		}
		if errors.Is(err, websocket.ErrReadLimit) {
			s.linger(c) // gorilla has sent 1009
		}
		if err != nil {
			return
		}
	}
}

// read reads one message into a borrowed buffer and has it handled. Once the
// connection is being closed it reads on, until the peer closes its side.
func (s *socket) read(c *conn, kind int, r io.Reader) error {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	data, err := readInto((*buf)[:0], r)
	*buf = data
	if err == nil && !c.isClosing() {
		c.heard()
		if kind == websocket.TextMessage {
			c.handle(data)
		} else {
			c.close(protocol.CloseBadProtocol, "frames are JSON text messages")
		}
	}
	return err
}

// linger reads on for a moment after a message that was too large.
func (s *socket) linger(c *conn) {
	c.srv.metrics.closes(websocket.CloseMessageTooBig)
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	s.ws.SetReadDeadline(time.Now().Add(closeWithin))
	io.Copy(io.Discard, io.LimitReader(s.ws.NetConn(), lingerBytes)) //nolint:errcheck // whatever comes is thrown away
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
