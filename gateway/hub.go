package gateway

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// hub knows who follows what, and brings every follower what it lacks of a
// conversation's logs, in order and once. A Signal only marks a topic as
// dirty; a shard's worker then reads the log from the least cursor on. One
// topic belongs to one shard, so its deliveries never overtake each other.
type hub struct {
	srv    *Gateway
	shards []*shard
	seed   maphash.Seed

	mu     sync.RWMutex
	conns  map[*conn][]chat.Ref // with what each follows
	topics map[chat.Ref]*topic
	staff  map[uuid.UUID]map[*conn]struct{} // consoles by workspace
}

// topic is one followed conversation.
type topic struct {
	ref       chat.Ref
	mu        sync.Mutex
	dirty     bool // in its shard's list
	followers map[*conn]*cursor
	head      chat.Head // as far as this node has delivered or polled
}

// cursor is how far a follower has each log; staff is -1 for a customer.
type cursor struct {
	public, staff int64
	behind        bool // its queue is full: goes on when that has drained
}

type shard struct {
	mu    sync.Mutex
	work  []*topic
	ready chan struct{} // capacity 1: there is work
}

func newHub(srv *Gateway, shards int) *hub {
	h := &hub{srv: srv, seed: maphash.MakeSeed(), conns: map[*conn][]chat.Ref{},
		topics: map[chat.Ref]*topic{}, staff: map[uuid.UUID]map[*conn]struct{}{}}
	for range shards {
		h.shards = append(h.shards, &shard{ready: make(chan struct{}, 1)})
	}
	return h
}

// add registers a connection for heartbeats.
func (h *hub) add(c *conn) {
	h.mu.Lock()
	h.conns[c] = nil
	h.mu.Unlock()
	h.srv.metrics.connections.Inc()
}

// drop forgets a connection and all that it follows.
func (h *hub) drop(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	refs, ok := h.conns[c]
	if !ok {
		return
	}
	delete(h.conns, c)
	h.srv.metrics.connections.Dec()
	for ws, set := range h.staff {
		delete(set, c)
		if len(set) == 0 {
			delete(h.staff, ws)
		}
	}
	for _, ref := range refs {
		h.leave(c, ref)
	}
}

// addStaff registers a console for what concerns its whole workspace.
func (h *hub) addStaff(ws uuid.UUID, c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.staff[ws] == nil {
		h.staff[ws] = map[*conn]struct{}{}
	}
	h.staff[ws][c] = struct{}{}
}

// follow brings c everything of ref's public log after public, and of its
// staff log after staff (-1: never), now and from now on.
func (h *hub) follow(c *conn, ref chat.Ref, public, staff int64) {
	h.mu.Lock()
	refs, ok := h.conns[c]
	if !ok { // it is gone already
		h.mu.Unlock()
		return
	}
	if !slices.Contains(refs, ref) {
		h.conns[c] = append(refs, ref)
	}
	t := h.topics[ref]
	if t == nil {
		t = &topic{ref: ref, followers: map[*conn]*cursor{}}
		h.topics[ref] = t
	}
	t.mu.Lock()
	t.followers[c] = &cursor{public: public, staff: staff}
	t.mu.Unlock()
	h.mu.Unlock()
	h.schedule(t)
}

// unfollow ends it.
func (h *hub) unfollow(c *conn, ref chat.Ref) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if refs, ok := h.conns[c]; ok {
		h.conns[c] = slices.DeleteFunc(refs, func(r chat.Ref) bool { return r == ref })
		h.leave(c, ref)
	}
}

// leave takes c out of a topic. The caller holds h.mu.
func (h *hub) leave(c *conn, ref chat.Ref) {
	t := h.topics[ref]
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.followers, c)
	if len(t.followers) == 0 {
		delete(h.topics, ref)
	}
}

// follows counts what c follows.
func (h *hub) follows(c *conn) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.conns[c])
}

// caughtUp schedules the topics in which c is behind: its queue has room again.
func (h *hub) caughtUp(c *conn) {
	h.mu.RLock()
	refs := slices.Clone(h.conns[c])
	h.mu.RUnlock()
	for _, ref := range refs {
		h.mu.RLock()
		t := h.topics[ref]
		h.mu.RUnlock()
		if t == nil {
			continue
		}
		t.mu.Lock()
		cur := t.followers[c]
		behind := cur != nil && cur.behind
		t.mu.Unlock()
		if behind {
			h.schedule(t)
		}
	}
}

// wake schedules a conversation's topic, if anybody here follows it.
func (h *hub) wake(ref chat.Ref) {
	h.mu.RLock()
	t := h.topics[ref]
	h.mu.RUnlock()
	if t != nil {
		h.schedule(t)
	}
}

func (h *hub) schedule(t *topic) {
	t.mu.Lock()
	if t.dirty {
		t.mu.Unlock()
		return
	}
	t.dirty = true
	t.mu.Unlock()
	s := h.shards[maphash.Comparable(h.seed, t.ref)%uint64(len(h.shards))]
	s.mu.Lock()
	s.work = append(s.work, t)
	s.mu.Unlock()
	select {
	case s.ready <- struct{}{}:
	default:
	}
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
	h.srv.wg.Go(func() {
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
			h.schedule(t)
		}
	})
}

// deliverBatch is how many entries are read at a time.
const deliverBatch = 100

// deliver brings the followers of t up to date in both logs.
func (h *hub) deliver(ctx context.Context, t *topic) error {
	for _, log := range []chat.Log{chat.LogPublic, chat.LogStaff} {
		for {
			after, any := t.least(log)
			if !any {
				break
			}
			entries, err := h.srv.store.Entries(ctx, t.ref.Workspace, t.ref.Conversation, log, after, deliverBatch)
			if err != nil {
				return err
			}
			more, err := t.push(log, entries)
			if err != nil {
				return err
			}
			if !more || len(entries) < deliverBatch {
				break
			}
		}
	}
	return nil
}

// least gives the least cursor of the followers that can take entries now.
func (t *topic) least(log chat.Log) (after int64, any bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c, cur := range t.followers {
		at := cur.at(log)
		if *at < 0 {
			continue
		}
		if cur.behind = !c.room(); cur.behind {
			continue
		}
		if !any || *at < after {
			after, any = *at, true
		}
	}
	return after, any
}

// push sends entries to every follower that lacks them and has room; more says that some may lack more.
func (t *topic) push(log chat.Log, entries []chat.Entry) (more bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range entries {
		frame, err := protocol.Encode("entry", "", e)
		if err != nil {
			return false, err
		}
		for c, cur := range t.followers {
			at := cur.at(log)
			// An entry goes out only right after the one before it: a gap would be a lost message.
			if *at < 0 || e.Seq != *at+1 || cur.behind {
				continue
			}
			if cur.behind = !c.room(); cur.behind {
				continue
			}
			c.send(frame)
			*at = e.Seq
			more = true
		}
		if log == chat.LogPublic {
			t.head.LastSeq = max(t.head.LastSeq, e.Seq)
		} else {
			t.head.StaffSeq = max(t.head.StaffSeq, e.Seq)
		}
	}
	return more, nil
}

func (c *cursor) at(log chat.Log) *int64 {
	if log == chat.LogStaff {
		return &c.staff
	}
	return &c.public
}

// relay sends an ephemeral frame to those who follow ref and for whom ok holds.
func (h *hub) relay(ref chat.Ref, frame []byte, ok func(*conn) bool) {
	h.mu.RLock()
	t := h.topics[ref]
	h.mu.RUnlock()
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for c := range t.followers {
		if ok(c) {
			c.send(frame)
		}
	}
}

// tellStaff sends a frame to every console of a workspace.
func (h *hub) tellStaff(ws uuid.UUID, frame []byte) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.staff[ws] {
		c.send(frame)
	}
}

// workspacesWithStaff lists the workspaces that have a console here.
func (h *hub) workspacesWithStaff() []uuid.UUID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]uuid.UUID, 0, len(h.staff))
	for ws := range h.staff {
		out = append(out, ws)
	}
	return out
}

// followed gives the followed conversations of each workspace with the heads that this node has seen.
func (h *hub) followed() map[uuid.UUID]map[uuid.UUID]chat.Head {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := map[uuid.UUID]map[uuid.UUID]chat.Head{}
	for ref, t := range h.topics {
		if out[ref.Workspace] == nil {
			out[ref.Workspace] = map[uuid.UUID]chat.Head{}
		}
		t.mu.Lock()
		out[ref.Workspace][ref.Conversation] = t.head
		t.mu.Unlock()
	}
	return out
}

// followedBy gives the conversations of a workspace that some connection for which ok holds follows.
func (h *hub) followedBy(ws uuid.UUID, ok func(*conn) bool) map[chat.Ref]bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := map[chat.Ref]bool{}
	for ref, t := range h.topics {
		if ref.Workspace != ws {
			continue
		}
		t.mu.Lock()
		for c := range t.followers {
			if ok(c) {
				out[ref] = true
				break
			}
		}
		t.mu.Unlock()
	}
	return out
}

// all gives the connections of now.
func (h *hub) all() []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]*conn, 0, len(h.conns))
	for c := range h.conns {
		out = append(out, c)
	}
	return out
}
