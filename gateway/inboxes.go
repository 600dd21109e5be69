package gateway

import (
	"context"
	"maps"
	"slices"
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

// mostTold is how many changed conversations are named: about 800 a second. With
// more, a console is better off reading its list again.
const mostTold = 100

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
		if len(convs) <= mostTold && !convs[uuid.Nil] {
			d.Conversations = slices.Collect(maps.Keys(convs))
		}
		if len(d.Conversations) == 1 {
			d.Conversation = d.Conversations[0]
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
	for i, c := range page.Conversations {
		ref := chat.Ref{Workspace: ws, Conversation: c.ID}
		if g.hub.follows(ref) {
			g.hub.setPlace(ref, g.standing(ctx, ref, i+1, c.Promised), g.now())
		}
		delete(waiting, ref)
	}
	for ref := range waiting {
		if place, err := g.desk.Place(ctx, ws, ref.Conversation); err == nil && place == 0 {
			g.hub.setPlace(ref, protocol.Queue{Conversation: ref.Conversation}, g.now())
		}
	}
}

// tellPlace tells a connection that follows a waiting conversation where it stands.
func (g *Gateway) tellPlace(ctx context.Context, c *conn, ref chat.Ref, promised time.Time) {
	place, err := g.desk.Place(ctx, ref.Workspace, ref.Conversation)
	if err != nil || place == 0 {
		return // the entry that says it waits no more is on its way, or the next change tells
	}
	q := g.standing(ctx, ref, place, promised)
	if !g.hub.setPlace(ref, q, g.now()) {
		c.reply("queue", "", q)
	}
}

// standing is what is told of a waiting conversation now.
func (g *Gateway) standing(ctx context.Context, ref chat.Ref, place int, promised time.Time) protocol.Queue {
	told := g.desk.Expect(ctx, ref.Workspace, place, g.hub.at(ref, place, g.now()))
	return protocol.Queue{Conversation: ref.Conversation, Place: place, MinWait: told.MinWait, MaxWait: told.MaxWait, Promised: promised}
}

// tellEvery is how often those who wait are told what is left, where the queue
// does not move: twice in the minute that it is told in.
const tellEvery = 30 * time.Second

// keepTelling tells customers who wait how long it still takes, as time goes by.
func (g *Gateway) keepTelling() {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-g.ctx.Done():
			return
		case <-tick.C:
		}
		for ws := range g.hub.workspaces() {
			g.tellPlaces(g.ctx, ws)
		}
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
