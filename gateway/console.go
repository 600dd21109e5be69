package gateway

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// console handles the frames of a staff member's connection. The session was
// checked at the upgrade and is from time to time; each subscription is checked
// by the workspace.
type console struct {
	srv     *Gateway
	who     uuid.UUID // user's id, which never changes: to be read from anywhere
	user    chat.User
	id      uuid.UUID // the session's, likewise
	ws      uuid.UUID
	session string    // token of the session
	checked time.Time // when the session was last found good
	// watched are the conversations that it has said it shows, and not that it no longer does.
	watched map[chat.Ref]bool
}

// sessionCheckEvery is how long a session that ended elsewhere may keep its sockets.
const sessionCheckEvery = protocol.PingEvery / 2

// alive ends the connection of a session that is over, or of a user who is gone.
func (h *console) alive(ctx context.Context, c *conn) {
	now := h.srv.now()
	if now.Sub(h.checked) < sessionCheckEvery {
		return
	}
	h.checked = now
	u, err := h.srv.staff.userOf(ctx, h.session)
	switch chat.CodeOf(err) {
	case "":
		h.user = u
	case chat.CodeUnauthorized:
		c.close(protocol.CloseAuthRefused, "signed out")
	default:
		if ctx.Err() == nil {
			h.srv.log.Warn("gateway: check session", "err", err)
		}
	}
}

func (h *console) closed(c *conn) {
	for ref := range h.watched {
		h.srv.watchers.say(ref, c.id, h.sender(), watchGone)
	}
}

func (h *console) sender() chat.Sender {
	return chat.Sender{Kind: chat.PartyAgent, ID: h.user.ID, Name: h.user.Name}
}

func (h *console) frame(ctx context.Context, c *conn, f protocol.Frame) error {
	switch f.T {
	case "subscribe":
		return with(f, func(d protocol.Subscribe) error { return h.subscribe(ctx, c, d) })
	case "unsubscribe":
		return with(f, func(d protocol.Unsubscribe) error {
			h.watch(c, protocol.Watch{Conversation: d.Conversation})
			h.srv.hub.unfollow(c, chat.Ref{Workspace: h.ws, Conversation: d.Conversation})
			return nil
		})
	case "typing":
		return with(f, func(d protocol.TypingOn) error {
			if !h.user.Role.Can(chat.RoleAgent) {
				return nil
			}
			if ref := (chat.Ref{Workspace: h.ws, Conversation: d.Conversation}); h.watched[ref] {
				h.srv.watchers.say(ref, c.id, h.sender(), watchWrites)
			}
			h.srv.publishFrame(h.ws, d.Conversation, "typing", protocol.Typing{Conversation: d.Conversation, From: h.srv.withPhoto(ctx, h.ws, h.sender())}, chat.PartyAgent)
			return nil
		})
	case "read":
		return with(f, func(d protocol.Read) error {
			if !h.user.Role.Can(chat.RoleAgent) {
				return nil // the customer would be told that somebody reads who does not answer
			}
			h.srv.publishFrame(h.ws, d.Conversation, "read", protocol.Seen{Conversation: d.Conversation, From: h.sender(), Seq: d.Seq}, chat.PartyAgent)
			return nil
		})
	case "watch":
		return with(f, func(d protocol.Watch) error { h.watch(c, d); return nil })
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
	ref := chat.Ref{Workspace: h.ws, Conversation: d.Conversation}
	if err := h.srv.hub.follow(c, ref, d.After, d.StaffAfter); err != nil {
		return err
	}
	h.srv.watchers.tell(c, ref)
	return nil
}

// watch says on all nodes that the console shows a conversation, or no longer does.
func (h *console) watch(c *conn, d protocol.Watch) {
	ref := chat.Ref{Workspace: h.ws, Conversation: d.Conversation}
	switch {
	case d.On && h.srv.hub.followedBy(c, ref):
		if h.watched == nil {
			h.watched = map[chat.Ref]bool{}
		}
		h.watched[ref] = true
		h.srv.watchers.say(ref, c.id, h.sender(), watchLooks)
	case !d.On && h.watched[ref]:
		delete(h.watched, ref)
		h.srv.watchers.say(ref, c.id, h.sender(), watchGone)
	}
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
	// The first byte says whose it is, so that it is not sent back to its own side.
	g.bus.Publish(chat.Signal{Kind: chat.SignalTyping, Workspace: ws, Conversation: conv, Data: append([]byte{from[0]}, frame...)})
}

// ShowDraft shows the followers of a conversation, on every node, an answer in
// the making: text replaces what they saw of the turn before, "" takes it away.
// It does not block.
func (g *Gateway) ShowDraft(ref chat.Ref, turn uuid.UUID, epoch int64, text string) {
	frame, err := protocol.Encode("draft", "", protocol.DraftText{Conversation: ref.Conversation, Turn: turn, Epoch: epoch, Text: text})
	if text == "" {
		frame, err = protocol.Encode("draft_end", "", protocol.DraftEnd{Conversation: ref.Conversation, Turn: turn})
	}
	if err != nil {
		g.log.Error("gateway: encode", "err", err)
		return
	}
	g.bus.Publish(chat.Signal{Kind: chat.SignalDraft, Workspace: ref.Workspace, Conversation: ref.Conversation, Data: frame})
}

// relay delivers an ephemeral frame that came over the bus: a draft to all that
// read fast enough for it, as the next one or an entry takes its place; the other
// signs of one side to the other.
func (g *Gateway) relay(ref chat.Ref, s chat.Signal) {
	switch {
	case len(s.Data) < 2:
	case s.Kind == chat.SignalDraft:
		g.hub.relay(ref, s.Data, (*conn).room)
	case s.Data[0] == chat.PartyCustomer[0]:
		g.hub.relay(ref, s.Data[1:], isStaff)
	default:
		g.hub.relay(ref, s.Data[1:], isCustomer)
	}
}

func isCustomer(c *conn) bool { _, ok := c.h.(*customer); return ok }
func isStaff(c *conn) bool    { return !isCustomer(c) }
