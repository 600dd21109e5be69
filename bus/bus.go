// Package bus carries wake-ups between the parts of one node, and, with NATS,
// between nodes. It never carries truth: a Signal says "look", the receiver
// reads the log, and a lost Signal costs time, never a message.
package bus

import (
	"sync"

	"frontdesk/chat"
)

// Local is the bus inside one process. Its zero value is ready to use. All
// methods may be called concurrently.
type Local struct {
	mu   sync.RWMutex
	next int
	subs map[int]func(chat.Signal)
}

// Publish calls every subscriber with s, one after the other, in the
// caller's goroutine.
func (b *Local) Publish(s chat.Signal) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, fn := range b.subs {
		fn(s)
	}
}

// Subscribe has fn called with every Signal published from now on, until
// cancel is called; after cancel returns, fn is not called any more. fn must
// not block, nor call Subscribe or cancel.
func (b *Local) Subscribe(fn func(chat.Signal)) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = make(map[int]func(chat.Signal))
	}
	id := b.next
	b.next++
	b.subs[id] = fn
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subs, id)
	}
}
