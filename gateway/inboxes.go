package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// inboxChanges collects what changed in lists and presence, and tells consoles
// and waiting customers at most every gather interval, however much happens.
type inboxChanges struct {
	srv *Gateway

	mu       sync.Mutex
	timer    *time.Timer
	stopped  bool
	changed  map[uuid.UUID]map[uuid.UUID]bool // conversations by workspace
	presence map[uuid.UUID]bool
}

// gather is how long changes are collected: below what a person notices.
const gather = 120 * time.Millisecond

func newInboxChanges(srv *Gateway) *inboxChanges {
	return &inboxChanges{srv: srv, changed: map[uuid.UUID]map[uuid.UUID]bool{}, presence: map[uuid.UUID]bool{}}
}

// mark notes that a conversation (uuid.Nil: some conversation) changed.
func (i *inboxChanges) mark(ws, conv uuid.UUID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.changed[ws] == nil {
		i.changed[ws] = map[uuid.UUID]bool{}
	}
	i.changed[ws][conv] = true
	i.arm()
}

func (i *inboxChanges) markPresence(ws uuid.UUID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.presence[ws] = true
	i.arm()
}

func (i *inboxChanges) arm() {
	if i.timer == nil && !i.stopped {
		i.srv.wg.Add(1)
		i.timer = time.AfterFunc(gather, i.flush)
	}
}

func (i *inboxChanges) flush() {
	defer i.srv.wg.Done()
	i.mu.Lock()
	changed, presence := i.changed, i.presence
	i.changed, i.presence, i.timer = map[uuid.UUID]map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, nil
	i.mu.Unlock()
	ctx, cancel := context.WithTimeout(i.srv.ctx, 5*time.Second)
	defer cancel()
	for ws, convs := range changed {
		d := protocol.InboxChanged{}
		if len(convs) == 1 {
			for d.Conversation = range convs {
			}
		}
		if frame, err := protocol.Encode("inbox", "", d); err == nil {
			i.srv.hub.tellStaff(ws, frame)
		}
		i.srv.tellPlaces(ctx, ws)
	}
	for ws := range presence {
		i.srv.tellPresence(ctx, ws)
	}
}

// stop ends it; changes noted from now on are not told.
func (i *inboxChanges) stop() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stopped = true
	if i.timer != nil && i.timer.Stop() {
		i.srv.wg.Done()
	}
}

// queueLimit is how many waiting customers are told each change of their place:
// the first ones. For those behind it hardly matters.
const queueLimit = 200

// tellPlaces tells the customers who wait on this node their places in the
// queue, where these have changed.
func (g *Gateway) tellPlaces(ctx context.Context, ws uuid.UUID) {
	page, err := g.store.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewQueue, Limit: queueLimit})
	if err != nil {
		g.log.Warn("gateway: queue", "err", err)
		return
	}
	waiting := g.hub.waiting(ws)
	from, to := 0, 0
	if len(page.Conversations) > 0 {
		from, to = g.desk.UsualWait(ctx, ws)
	}
	for i, c := range page.Conversations {
		ref := chat.Ref{Workspace: ws, Conversation: c.ID}
		g.hub.setPlace(ref, protocol.Queue{Conversation: c.ID, Place: i + 1, MinWait: from, MaxWait: to, Promised: c.Promised})
		delete(waiting, ref)
	}
	for ref := range waiting {
		if place, _, _, _, err := g.desk.QueueState(ctx, ws, ref.Conversation); err == nil && place == 0 {
			g.hub.setPlace(ref, protocol.Queue{Conversation: ref.Conversation})
		}
	}
}

// tellPlace tells a connection that follows a waiting conversation where it stands.
func (g *Gateway) tellPlace(ctx context.Context, c *conn, ref chat.Ref, promised time.Time) {
	place, from, to, ok, err := g.desk.QueueState(ctx, ref.Workspace, ref.Conversation)
	if err != nil || !ok {
		return // the entry that says it waits no more is on its way, or the next change tells
	}
	q := protocol.Queue{Conversation: ref.Conversation, Place: place, MinWait: from, MaxWait: to, Promised: promised}
	if !g.hub.setPlace(ref, q) {
		c.reply("queue", "", q)
	}
}

func (g *Gateway) tellPresence(ctx context.Context, ws uuid.UUID) {
	all, err := g.store.Presence(ctx, ws)
	if err != nil {
		g.log.Warn("gateway: presence", "err", err)
		return
	}
	if frame, err := protocol.Encode("presence", "", protocol.PresenceChanged{Agents: all}); err == nil {
		g.hub.tellStaff(ws, frame)
	}
}
