package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"

	"github.com/google/uuid"
)

// everyWay runs a test over each of what carries connections.
func everyWay(t *testing.T, fn func(t *testing.T, w *world), settings ...setting) {
	t.Parallel()
	for _, by := range []string{"socket", "stream", "poll"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, settings...)
			w.carrier = by
			fn(t, w)
		})
	}
}

// line is the client's side of a connection that requests carry.
type line struct {
	base string
	http *http.Client
	ctx  context.Context
	end  context.CancelFunc
	told func(protocol.Frame)

	mu  sync.Mutex
	key string
}

// openBy opens a connection that requests carry, with a hello.
func (w *world) openBy(by string, hello []byte) *peer {
	w.t.Helper()
	p := &peer{t: w.t, w: w, frames: make(chan protocol.Frame, 4096), entries: map[uuid.UUID][]chat.Entry{}}
	p.line = newLine(w.ctx, w.srv.URL)
	p.line.told = func(f protocol.Frame) { p.frames <- f }
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(p.frames)
		p.err = p.line.open(by, hello)
	}()
	w.t.Cleanup(func() {
		p.line.end()
		<-done
		p.line.http.CloseIdleConnections()
	})
	return p
}

func newLine(ctx context.Context, base string) *line {
	l := &line{base: base, http: &http.Client{Transport: &http.Transport{}}}
	l.ctx, l.end = context.WithCancel(ctx)
	return l
}

// open says hello and reads frames until the connection ends. A close frame is a *websocket.CloseError.
func (l *line) open(by string, hello []byte) error {
	if by == "stream" {
		return l.stream(hello)
	}
	body := hello
	for number := 2; ; number++ {
		res, err := l.request("/v1/poll", body)
		if err != nil {
			return err
		}
		var frames []protocol.Frame
		if err := json.Unmarshal(res, &frames); err != nil {
			return err
		}
		for _, f := range frames {
			if err := l.take(f); err != nil {
				return err
			}
		}
		body = fmt.Appendf(nil, `{"number":%d}`, number)
	}
}

func (l *line) stream(hello []byte) error {
	res, err := l.do("/v1/stream", hello)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	for in := bufio.NewReader(res.Body); ; {
		text, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		data, ok := strings.CutPrefix(text, "data: ")
		if !ok {
			continue
		}
		f, err := protocol.Decode([]byte(data))
		if err == nil {
			err = l.take(f)
		}
		if err != nil {
			return err
		}
	}
}

func (l *line) take(f protocol.Frame) error {
	switch f.T {
	case "close":
		c, err := protocol.Payload[protocol.Closed](f)
		if err != nil {
			return err
		}
		return &websocket.CloseError{Code: c.Code, Text: c.Reason}
	case "welcome":
		d, err := protocol.Payload[protocol.Welcome](f)
		if err != nil {
			return err
		}
		l.mu.Lock()
		l.key = d.Key
		l.mu.Unlock()
	}
	l.told(f)
	return nil
}

// post sends a frame.
func (l *line) post(frame []byte) error {
	_, err := l.request("/v1/frames", append(append([]byte{'['}, frame...), ']'))
	return err
}

func (l *line) request(path string, body []byte) ([]byte, error) {
	res, err := l.do(path, body)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// do posts a body with the connection's key, if it has one.
func (l *line) do(path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(l.ctx, http.MethodPost, l.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	if l.key != "" {
		req.Header.Set("Authorization", "Bearer "+l.key)
	}
	l.mu.Unlock()
	res, err := l.http.Do(req)
	if err == nil && res.StatusCode >= 300 {
		said, _ := io.ReadAll(res.Body)
		res.Body.Close()
		return nil, fmt.Errorf("%s: %s: %s", path, res.Status, said)
	}
	return res, err
}
