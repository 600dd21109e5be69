package gateway

import (
	"context"
	"fmt"
	"sync"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// follower is a connection and how far it has each log; staff is -1 for a customer.
type follower struct {
	conn          *conn
	topic         *topic
	public, staff int64
	behind        bool // its queue is full: goes on when that has drained
}

type shard struct {
	mu    sync.Mutex
	work  []*topic
	ready chan struct{} // capacity 1: there is work
}

// run delivers a shard's topics until ctx ends.
func (h *hub) run(ctx context.Context, s *shard) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.ready:
		}
		for {
			s.mu.Lock()
			work := s.work
			s.work = nil
			s.mu.Unlock()
			if len(work) == 0 {
				break
			}
			for _, t := range work {
				t.mu.Lock()
				t.dirty = false // a wake-up from here on schedules it again
				t.mu.Unlock()
				if err := h.deliver(ctx, t); err != nil && ctx.Err() == nil {
					h.srv.log.Error("gateway: deliver", "conversation", t.ref.Conversation, "err", err)
					h.later(ctx, t)
				}
			}
		}
	}
}

// later tries a topic again after a fault of the store.
func (h *hub) later(ctx context.Context, t *topic) {
	t.mu.Lock()
	already := t.waiting
	t.waiting = true
	t.mu.Unlock()
	if already {
		return
	}
	h.srv.wg.Go(func() {
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
			t.mu.Lock()
			t.waiting = false
			t.mu.Unlock()
			h.schedule(t)
		}
	})
}

// deliverBatch is how many entries are read at a time: as many as a queue takes, see room.
const deliverBatch = queueFrames / 2

// deliver brings the followers of t up to date in both logs.
func (h *hub) deliver(ctx context.Context, t *topic) error {
	for _, log := range []chat.Log{chat.LogPublic, chat.LogStaff} {
		for more := true; more; {
			after, any := t.least(log)
			if !any {
				break
			}
			entries, err := h.srv.store.Entries(ctx, t.ref.Workspace, t.ref.Conversation, log, after, deliverBatch)
			if err != nil {
				return err
			}
			if len(entries) > 0 && entries[0].Seq != after+1 {
				return fmt.Errorf("the %s log has %d after %d", log, entries[0].Seq, after)
			}
			if err := t.push(log, h.srv.faced(ctx, t.ref.Workspace, entries)); err != nil {
				return err
			}
			// Either the least follower has moved on, or it has no room any more: this ends.
			more = len(entries) == deliverBatch
		}
	}
	return nil
}

// least gives the least cursor of the followers that can take entries now.
func (t *topic) least(log chat.Log) (after int64, any bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.followers {
		at := f.at(log)
		if *at < 0 {
			continue
		}
		if f.behind = !f.conn.room(); f.behind {
			continue
		}
		if !any || *at < after {
			after, any = *at, true
		}
	}
	return after, any
}

// push hands out entries in their order.
func (t *topic) push(log chat.Log, entries []chat.Entry) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range entries {
		if err := t.hand(log, e); err != nil {
			return err
		}
	}
	return nil
}

// hand sends an entry to every follower that has the one before it, and room.
// The caller holds t.mu.
func (t *topic) hand(log chat.Log, e chat.Entry) error {
	var frame []byte // encoded for the first who needs it
	for _, f := range t.followers {
		at := f.at(log)
		// An entry goes out only right after the one before it: a gap would be a lost message.
		if *at < 0 || e.Seq != *at+1 || f.behind {
			continue
		}
		if f.behind = !f.conn.room(); f.behind {
			continue
		}
		if frame == nil {
			var err error
			if frame, err = protocol.Encode("entry", "", e); err != nil {
				return err
			}
		}
		f.conn.send(frame)
		*at = e.Seq
	}
	if log == chat.LogPublic {
		t.head.LastSeq = max(t.head.LastSeq, e.Seq)
	} else {
		t.head.StaffSeq = max(t.head.StaffSeq, e.Seq)
	}
	return nil
}

func (f *follower) at(log chat.Log) *int64 {
	if log == chat.LogStaff {
		return &f.staff
	}
	return &f.public
}
