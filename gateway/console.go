package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// console handles the frames of a staff member's connection. The session was
// checked at the upgrade; each subscription is checked by the workspace.
type console struct {
	srv  *Gateway
	user chat.User
	ws   uuid.UUID
}

func (h *console) ready() bool  { return true }
func (h *console) closed(*conn) {}

func (h *console) sender() chat.Sender {
	return chat.Sender{Kind: chat.PartyAgent, ID: h.user.ID, Name: h.user.Name}
}

func (h *console) frame(ctx context.Context, c *conn, f protocol.Frame) error {
	switch f.T {
	case "subscribe":
		return with(f, func(d protocol.Subscribe) error { return h.subscribe(ctx, c, d) })
	case "unsubscribe":
		return with(f, func(d protocol.Unsubscribe) error {
			h.srv.hub.unfollow(c, chat.Ref{Workspace: h.ws, Conversation: d.Conversation})
			return nil
		})
	case "typing":
		return with(f, func(d protocol.TypingOn) error {
			h.srv.publishFrame(h.ws, d.Conversation, "typing", protocol.Typing{Conversation: d.Conversation, From: h.sender()}, chat.PartyAgent)
			return nil
		})
	case "read":
		return with(f, func(d protocol.Read) error {
			h.srv.publishFrame(h.ws, d.Conversation, "read", protocol.Seen{Conversation: d.Conversation, From: h.sender(), Seq: d.Seq}, chat.PartyAgent)
			return nil
		})
	case "presence":
		return with(f, func(d protocol.SetPresence) error { return h.srv.setPresence(ctx, h.user, d.State) })
	}
	return nil
}

func (h *console) subscribe(ctx context.Context, c *conn, d protocol.Subscribe) error {
	conv, err := h.srv.store.Conversation(ctx, h.ws, d.Conversation)
	if err != nil {
		return err
	}
	if d.After < 0 || d.After > conv.LastSeq || d.StaffAfter < 0 || d.StaffAfter > conv.StaffSeq {
		c.reply("reset", "", protocol.Reset{Conversation: d.Conversation})
		return nil
	}
	h.srv.hub.follow(c, chat.Ref{Workspace: h.ws, Conversation: d.Conversation}, d.After, d.StaffAfter)
	return nil
}

func (g *Gateway) setPresence(ctx context.Context, u chat.User, state chat.PresenceState) error {
	switch state {
	case chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline:
	default:
		return chat.Errorf(chat.CodeInvalid, "presence is online, away or offline")
	}
	if !u.Role.Can(chat.RoleAgent) {
		return chat.Errorf(chat.CodeForbidden, "Only agents can be online for chats.")
	}
	return g.store.SetPresence(ctx, u.Workspace, u.ID, state)
}

// publishFrame sends an ephemeral frame to the other side, on every node.
func (g *Gateway) publishFrame(ws, conv uuid.UUID, t string, d any, from chat.Party) {
	frame, err := protocol.Encode(t, "", d)
	if err != nil {
		g.log.Error("gateway: encode", "err", err)
		return
	}
	// The first byte says who it is from, so that it is not sent back to its own side.
	g.bus.Publish(chat.Signal{Kind: chat.SignalTyping, Workspace: ws, Conversation: conv, Data: append([]byte{from[0]}, frame...)})
}

// relay delivers an ephemeral frame that came over the bus.
func (g *Gateway) relay(ref chat.Ref, s chat.Signal) {
	if len(s.Data) < 2 {
		return
	}
	to := func(*conn) bool { return true }
	if s.Kind == chat.SignalTyping {
		if s.Data[0] == chat.PartyCustomer[0] {
			to = isStaff
		} else {
			to = isCustomer
		}
	}
	g.hub.relay(ref, s.Data[1:], to)
}

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

// tellPlaces tells every waiting customer on this node the place in the queue.
func (g *Gateway) tellPlaces(ctx context.Context, ws uuid.UUID) {
	waiting := g.hub.followedBy(ws, isCustomer)
	if len(waiting) == 0 {
		return
	}
	queue, _, err := g.store.CountConversations(ctx, ws, uuid.Nil)
	if err != nil || queue == 0 {
		return
	}
	page, err := g.store.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewQueue, Limit: 200})
	if err != nil {
		return
	}
	for _, c := range page.Conversations {
		if ref := (chat.Ref{Workspace: ws, Conversation: c.ID}); waiting[ref] {
			g.tellPlace(ctx, ref)
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
