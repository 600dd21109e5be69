package openai

import (
	"sync"
	"sync/atomic"
	"time"
)

// watchdog calls late when a stream shows no sign of life for too long. A sign
// costs a look at the clock and a store: the timer is set anew only when it
// fires, or when the time allowed becomes another.
type watchdog struct {
	start  time.Time
	late   func()
	within atomic.Int64 // nanoseconds
	seen   atomic.Int64 // the last sign, since start; paused while the caller has a piece

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

const paused = -1

func newWatchdog(within time.Duration, late func()) *watchdog {
	w := &watchdog{start: time.Now(), late: late}
	w.within.Store(int64(within))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(within, w.check)
	return w
}

// expect wants a sign within d from now on.
func (w *watchdog) expect(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.within.Store(int64(d))
	w.alive()
	w.timer.Reset(d)
}

// alive is a sign.
func (w *watchdog) alive() { w.seen.Store(int64(time.Since(w.start))) }

// pause expects nothing until the next sign.
func (w *watchdog) pause() { w.seen.Store(paused) }

func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

func (w *watchdog) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	left := time.Duration(w.within.Load())
	if seen := w.seen.Load(); seen != paused {
		left -= time.Since(w.start) - time.Duration(seen)
	}
	if left <= 0 {
		w.late()
		return
	}
	w.timer.Reset(left)
}
