package gateway

import (
	"net"
	"sync"
)

// wire is the connection below a websocket. Between hold and release it gathers
// what is written, so that frames that go out together are one system call and
// not one each. All methods may be called concurrently.
type wire struct {
	net.Conn

	mu   sync.Mutex
	held *[]byte // from wires; nil when nothing is held
}

// wires holds the buffers of connections that are being written to. None grows above wireBytes.
var wires = sync.Pool{New: func() any { b := make([]byte, 0, wireBytes); return &b }}

// wireBytes is how much is gathered: as much as one segment of loopback or a
// dozen of a network take at once.
const wireBytes = 16 << 10

// hold has writes gathered from now on.
func (w *wire) hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		w.held = wires.Get().(*[]byte)
	}
}

// release writes what was gathered, and ends hold.
func (w *wire) release() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		return nil
	}
	err := w.flush()
	wires.Put(w.held)
	w.held = nil
	return err
}

// Write writes at once, or gathers.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		return w.Conn.Write(p)
	}
	if len(*w.held)+len(p) > wireBytes {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	if len(p) > wireBytes {
		return w.Conn.Write(p)
	}
	*w.held = append(*w.held, p...)
	return len(p), nil
}

// flush writes what is held. The caller holds mu.
func (w *wire) flush() error {
	if len(*w.held) == 0 {
		return nil
	}
	_, err := w.Conn.Write(*w.held)
	*w.held = (*w.held)[:0]
	return err
}
