package gateway

import (
	"hash/maphash"
	"maps"
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

	mu     sync.RWMutex // before a topic's
	conns  map[*conn]struct{}
	topics map[chat.Ref]*topic
	staff  map[uuid.UUID]map[*conn]struct{} // consoles by workspace
	places map[chat.Ref]standing            // what the followers of waiting conversations were told last
}

// standing is what is known of a waiting conversation, and since when it has its place.
type standing struct {
	told  protocol.Queue
	since time.Time
}

// topic is one followed conversation.
type topic struct {
	ref       chat.Ref
	mu        sync.Mutex
	dirty     bool  // in its shard's list
	waiting   bool  // to be tried again after a fault of the store
	landing   int   // appends under way on this node, see expect
	told      int64 // the newest number that a signal told meanwhile, 0 for none
	followers []*follower
	head      chat.Head // the newest that this node knows of and has scheduled
}

func newHub(srv *Gateway, shards int) *hub {
	h := &hub{srv: srv, seed: maphash.MakeSeed(), conns: map[*conn]struct{}{},
		topics: map[chat.Ref]*topic{}, staff: map[uuid.UUID]map[*conn]struct{}{}, places: map[chat.Ref]standing{}}
	for range shards {
		h.shards = append(h.shards, &shard{ready: make(chan struct{}, 1)})
	}
	return h
}

// add registers a connection for heartbeats.
func (h *hub) add(c *conn) {
	h.mu.Lock()
	h.conns[c] = struct{}{}
	h.mu.Unlock()
	h.srv.metrics.connections.Inc()
}

// drop forgets a connection and all that it follows.
func (h *hub) drop(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.conns[c]; !ok {
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
	for _, f := range c.follows {
		h.leave(f)
	}
	c.follows = nil
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

// maxFollowed is how many conversations one connection may follow: a person
// has one or two in sight, and looks back at a few.
const maxFollowed = 50

// follow brings c everything of ref's public log after public, and of its
// staff log after staff (-1: never), now and from now on. Following again
// goes back to there, and never skips what c has not had yet: several tabs on
// one connection have more and less. CodeRateLimited: c follows maxFollowed others.
func (h *hub) follow(c *conn, ref chat.Ref, public, staff int64) error {
	t, err := h.enter(c, ref, public, staff)
	if t != nil {
		h.schedule(t)
	}
	return err
}

// enter gives the topic that c follows from now on; nil if there is none.
func (h *hub) enter(c *conn, ref chat.Ref, public, staff int64) (*topic, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.conns[c]; !ok { // it is gone already
		return nil, nil
	}
	i := c.following(ref)
	if i < 0 && len(c.follows) >= maxFollowed {
		return nil, chat.Errorf(chat.CodeRateLimited, "one connection follows at most %d conversations", maxFollowed)
	}
	t := h.topics[ref]
	if t == nil {
		t = &topic{ref: ref}
		h.topics[ref] = t
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i >= 0 {
		f := c.follows[i]
		f.public, f.behind = min(f.public, public), false
		if f.staff < 0 || staff < 0 {
			f.staff = staff
		}
		f.staff = min(f.staff, staff)
	} else {
		f := &follower{conn: c, topic: t, public: public, staff: staff}
		c.follows = append(c.follows, f)
		t.followers = append(t.followers, f)
	}
	t.head.LastSeq, t.head.StaffSeq = max(t.head.LastSeq, public), max(t.head.StaffSeq, staff)
	return t, nil
}

// following gives the index of a conversation in follows, or -1. The caller holds the hub's mu.
func (c *conn) following(ref chat.Ref) int {
	return slices.IndexFunc(c.follows, func(f *follower) bool { return f.topic.ref == ref })
}

// followedBy reports whether c follows a conversation.
func (h *hub) followedBy(c *conn, ref chat.Ref) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return c.following(ref) >= 0
}

// unfollow ends it.
func (h *hub) unfollow(c *conn, ref chat.Ref) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := c.following(ref); i >= 0 {
		h.leave(c.follows[i])
		c.follows = slices.Delete(c.follows, i, i+1)
	}
}

// leave takes a follower out of its topic. The caller holds h.mu.
func (h *hub) leave(f *follower) {
	t := f.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.followers, f); i >= 0 {
		t.followers = slices.Delete(t.followers, i, i+1)
	}
	if len(t.followers) == 0 {
		delete(h.topics, t.ref)
		delete(h.places, t.ref)
	}
}

// caughtUp schedules the topics in which c is behind: its queue has room again.
func (h *hub) caughtUp(c *conn) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, f := range c.follows {
		f.topic.mu.Lock()
		behind := f.behind
		f.topic.mu.Unlock()
		if behind {
			h.schedule(f.topic)
		}
	}
}

// topic gives a conversation's topic, nil if nobody here follows it.
func (h *hub) topic(ref chat.Ref) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[ref]
}

// wake schedules a conversation's topic, if anybody here follows it: its public
// log is at seq, or its staff log has moved on.
func (h *hub) wake(ref chat.Ref, seq int64) {
	t := h.topic(ref)
	if t == nil {
		return
	}
	t.mu.Lock()
	look := !t.at(seq)
	if t.landing > 0 {
		t.told, look = max(t.told, seq), false
	}
	t.mu.Unlock()
	if look {
		h.schedule(t)
	}
}

// expect says that this node appends to a conversation's public log. Signals
// wait until landed is called, which hands the entry out without reading it
// again: most of what is stored is stored by a connection of this node.
func (h *hub) expect(ref chat.Ref) *topic {
	t := h.topic(ref)
	if t != nil {
		t.mu.Lock()
		t.landing++
		t.mu.Unlock()
	}
	return t
}

// landed ends expect; e is nil if nothing was stored.
func (h *hub) landed(t *topic, e *chat.Entry) {
	if t == nil {
		return
	}
	t.mu.Lock()
	var err error
	if e != nil {
		err = t.hand(chat.LogPublic, *e)
	}
	t.landing--
	look := t.told > 0 && (err != nil || !t.at(t.told))
	t.told = 0
	t.mu.Unlock()
	if look {
		h.schedule(t)
	}
}

// at reports whether a signal of seq tells nothing new: all followers have the
// public log up to there, and none follows the staff log, of which a signal gives
// no number. The caller holds t.mu.
func (t *topic) at(seq int64) bool {
	for _, f := range t.followers {
		if f.public < seq || f.staff >= 0 {
			return false
		}
	}
	return true
}

// saw notes a head that was read from the store, and schedules its topic if
// there is more than this node knew of. A customer who follows what is somebody
// else's by now is sent away: a new session says what is still theirs.
func (h *hub) saw(ref chat.Ref, head chat.Head) {
	t := h.topic(ref)
	if t == nil {
		return
	}
	t.mu.Lock()
	more := head.LastSeq > t.head.LastSeq || head.StaffSeq > t.head.StaffSeq
	t.head.LastSeq, t.head.StaffSeq = max(t.head.LastSeq, head.LastSeq), max(t.head.StaffSeq, head.StaffSeq)
	for _, f := range t.followers {
		if of, ok := f.conn.h.(*customer); ok && of.auth.customer != head.Customer { // auth stays as it was when it followed
			f.conn.close(protocol.CloseTokenExpired, "a conversation has become another customer's: get a new session")
		}
	}
	t.mu.Unlock()
	if more {
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

// relay sends an ephemeral frame to those who follow ref and for whom ok holds.
func (h *hub) relay(ref chat.Ref, frame []byte, ok func(*conn) bool) {
	t := h.topic(ref)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.followers {
		if ok(f.conn) {
			f.conn.send(frame)
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

// workspaces lists those that have a console or a waiting customer here.
func (h *hub) workspaces() map[uuid.UUID]bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := map[uuid.UUID]bool{}
	for ws := range h.staff {
		out[ws] = true
	}
	for ref := range h.places {
		out[ref.Workspace] = true
	}
	return out
}

// followed lists the followed conversations of each workspace.
func (h *hub) followed() map[uuid.UUID][]uuid.UUID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := map[uuid.UUID][]uuid.UUID{}
	for ref := range h.topics {
		out[ref.Workspace] = append(out[ref.Workspace], ref.Conversation)
	}
	return out
}

// setPlace tells the customers who follow ref its place in the queue, if they
// were told something else last, and reports whether it did. Place 0 says that it waits no more.
func (h *hub) setPlace(ref chat.Ref, q protocol.Queue, now time.Time) bool {
	h.mu.Lock()
	was, waits := h.places[ref]
	if _, followed := h.topics[ref]; !followed || was.told == q || !waits && q.Place == 0 {
		h.mu.Unlock()
		return false
	}
	if q.Place == 0 {
		delete(h.places, ref)
	} else {
		if was.told.Place == q.Place {
			now = was.since
		}
		h.places[ref] = standing{q, now}
	}
	h.mu.Unlock()
	if frame, err := protocol.Encode("queue", "", q); err == nil {
		h.relay(ref, frame, isCustomer)
	}
	return true
}

// at gives for how long a conversation has had this place in the queue, as far
// as its followers were told; 0 for one that comes to it now.
func (h *hub) at(ref chat.Ref, place int, now time.Time) time.Duration {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if s, ok := h.places[ref]; ok && s.told.Place == place {
		return now.Sub(s.since)
	}
	return 0
}

// follows reports whether anybody on this node follows a conversation.
func (h *hub) follows(ref chat.Ref) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[ref] != nil
}

// waiting gives the conversations of a workspace whose followers were told a place.
func (h *hub) waiting(ws uuid.UUID) map[chat.Ref]bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := map[chat.Ref]bool{}
	for ref := range h.places {
		if ref.Workspace == ws {
			out[ref] = true
		}
	}
	return out
}

// count gives the number of connections.
func (h *hub) count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.conns)
}

// consoles gives the consoles of a workspace.
func (h *hub) consoles(ws uuid.UUID) []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Collect(maps.Keys(h.staff[ws]))
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
