package gateway

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// maxFollowed is how many conversations one connection may follow: a customer
// has one open at a time, and looks back at a few.
const maxFollowed = 20

// customer handles the frames of a customer's connection. Its fields are used
// on the reader goroutine alone, but for auth, which is set before others see the connection.
type customer struct {
	srv   *Gateway
	conn  *conn
	auth  *visitor
	hello protocol.Hello
	known map[uuid.UUID]bool // conversations that are this customer's, checked
}

// visitor is who a socket token was made for.
type visitor struct {
	workspace uuid.UUID
	inbox     uuid.UUID
	customer  uuid.UUID
}

func (v *visitor) sender() chat.Sender {
	return chat.Sender{Kind: chat.PartyCustomer, ID: v.customer}
}

func (h *customer) ready() bool {
	h.conn.mu.Lock()
	defer h.conn.mu.Unlock()
	return h.auth != nil
}

func (h *customer) closed(c *conn) {
	if h.auth != nil {
		h.srv.forgetVisitor(h.auth.customer, c)
	}
}

func (h *customer) frame(ctx context.Context, c *conn, f protocol.Frame) error {
	if h.auth == nil {
		return h.greet(ctx, c, f)
	}
	switch f.T {
	case "send":
		return with(f, func(d protocol.Send) error { return h.send(ctx, c, f, d) })
	case "sync":
		return with(f, func(d protocol.Sync) error { return h.follow(ctx, c, d) })
	case "typing":
		return with(f, func(d protocol.TypingOn) error { return h.typing(ctx, d) })
	case "read":
		return with(f, func(d protocol.Read) error { return h.read(ctx, d) })
	case "request_person":
		return with(f, func(d protocol.RequestPerson) error { return h.person(ctx, c, f, d) })
	case "contact":
		return with(f, func(d protocol.LeaveContact) error { return h.contact(ctx, c, f, d) })
	case "rate":
		return with(f, func(d protocol.Rate) error { return h.rate(ctx, c, f, d) })
	case "hello":
		return chat.Errorf(chat.CodeInvalid, "hello comes once, as the first frame")
	}
	return nil // an unknown type: a newer client
}

// with decodes a frame's payload for its handler.
func with[T any](f protocol.Frame, fn func(T) error) error {
	d, err := protocol.Payload[T](f)
	if err != nil {
		return err
	}
	return fn(d)
}

// greet handles the first frame, which must be a hello with a good token.
func (h *customer) greet(ctx context.Context, c *conn, f protocol.Frame) error {
	if f.T != "hello" {
		c.close(protocol.CloseBadProtocol, "the first frame is hello")
		return nil
	}
	d, err := protocol.Payload[protocol.Hello](f)
	if err != nil {
		c.close(protocol.CloseBadProtocol, "hello: "+cutReason(err.Error()))
		return nil
	}
	v, err := h.srv.redeem(ctx, d.Token)
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeStale:
		c.close(protocol.CloseTokenExpired, "the socket token has expired or was used: get a new one from POST /v1/session")
		return nil
	case chat.CodeUnavailable, chat.CodeInternal:
		h.srv.log.Error("gateway: redeem token", "err", err)
		c.close(1013, "try again later")
		return nil
	default:
		c.close(protocol.CloseAuthRefused, "token refused")
		return nil
	}
	h.hello, h.known = d, map[uuid.UUID]bool{}
	c.mu.Lock()
	h.auth = v
	c.mu.Unlock()
	h.srv.keepVisitor(v.customer, c)
	online, _, _, err := h.srv.desk.Hours(ctx, v.workspace, chat.Inbox{Workspace: v.workspace, ID: v.inbox})
	if err != nil {
		h.srv.log.Warn("gateway: presence", "err", err)
	}
	c.reply("welcome", f.ID, protocol.Welcome{Customer: v.customer, Node: h.srv.o.Node, Online: online})
	for _, s := range d.Follow {
		if err := h.follow(ctx, c, s); err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			return err
		}
	}
	return nil
}

// open gives the conversation, making it if it is new, and follows it.
func (h *customer) open(ctx context.Context, c *conn, id uuid.UUID, page chat.Page) error {
	if h.known[id] {
		return nil
	}
	if id.Version() != 7 {
		return chat.Errorf(chat.CodeInvalid, "a conversation's id is a UUID v7")
	}
	if page == (chat.Page{}) {
		page = h.hello.Page
	}
	if err := checkPage(page); err != nil {
		return err
	}
	if !h.srv.limits.opening(h.auth.customer) {
		return chat.Errorf(chat.CodeRateLimited, "Too many new conversations. Go on in one of those you have.")
	}
	if _, err := h.srv.store.OpenConversation(ctx, h.auth.workspace, chat.Conversation{ID: id, Inbox: h.auth.inbox,
		Customer: h.auth.customer, Locale: cutBytes(h.hello.Locale, 35), Page: page}); err != nil {
		return err
	}
	h.known[id] = true
	return nil
}

// own checks that a conversation is this customer's. What is another's is not found.
func (h *customer) own(ctx context.Context, id uuid.UUID) error {
	if h.known[id] {
		return nil
	}
	c, err := h.srv.store.Conversation(ctx, h.auth.workspace, id)
	if err != nil {
		return err
	}
	if c.Customer != h.auth.customer {
		return chat.Errorf(chat.CodeNotFound, "There is no such conversation.")
	}
	h.known[id] = true
	return nil
}

func (h *customer) send(ctx context.Context, c *conn, f protocol.Frame, d protocol.Send) error {
	text, err := checkText(d.Text)
	if err != nil {
		return err
	}
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if err := h.open(ctx, c, d.Conversation, d.Page); err != nil {
		return err
	}
	if !h.srv.limits.message(h.auth.customer) {
		return chat.Errorf(chat.CodeRateLimited, "That was a lot at once. Your message is kept; it goes out again in a moment.")
	}
	draft := chat.Draft{ClientID: d.ClientID, From: h.auth.sender(), Kind: chat.KindMessage, Text: text}
	return h.append(ctx, c, f, d.Conversation, draft)
}

// append stores a customer's draft, reopening a closed conversation first, and acks it.
func (h *customer) append(ctx context.Context, c *conn, f protocol.Frame, conv uuid.UUID, draft chat.Draft) error {
	ws := h.auth.workspace
	e, err := h.srv.store.Append(ctx, ws, conv, draft)
	if chat.CodeOf(err) == chat.CodeClosed {
		if _, err = h.srv.desk.Reopen(ctx, ws, conv, h.auth.sender()); err == nil {
			e, err = h.srv.store.Append(ctx, ws, conv, draft)
		}
	}
	if err != nil {
		return err
	}
	h.ack(c, f, e)
	if draft.Kind == chat.KindMessage {
		h.srv.metrics.message(chat.PartyCustomer)
		h.srv.o.OnCustomer(chat.Ref{Workspace: ws, Conversation: conv})
	}
	return nil
}

func (h *customer) ack(c *conn, f protocol.Frame, e chat.Entry) {
	c.reply("ack", f.ID, protocol.Ack{Conversation: e.Conversation, ClientID: e.ClientID, Seq: e.Seq})
}

func (h *customer) follow(ctx context.Context, c *conn, d protocol.Sync) error {
	if err := h.own(ctx, d.Conversation); err != nil {
		return err
	}
	if h.srv.hub.follows(c) >= maxFollowed {
		return chat.Errorf(chat.CodeRateLimited, "one connection follows at most %d conversations", maxFollowed)
	}
	conv, err := h.srv.store.Conversation(ctx, h.auth.workspace, d.Conversation)
	if err != nil {
		return err
	}
	if d.After < 0 || d.After > conv.LastSeq {
		// The client has more than the log: a restored backup, or another server's number.
		c.reply("reset", "", protocol.Reset{Conversation: d.Conversation})
		return nil
	}
	ref := chat.Ref{Workspace: h.auth.workspace, Conversation: d.Conversation}
	h.srv.hub.follow(c, ref, d.After, -1)
	if conv.Owner == chat.OwnerQueue {
		h.srv.tellPlace(ctx, ref)
	}
	return nil
}

func (h *customer) typing(ctx context.Context, d protocol.TypingOn) error {
	if err := h.own(ctx, d.Conversation); err != nil {
		return err
	}
	h.srv.publishFrame(h.auth.workspace, d.Conversation, "typing",
		protocol.Typing{Conversation: d.Conversation, From: h.auth.sender()}, chat.PartyCustomer)
	return nil
}

func (h *customer) read(ctx context.Context, d protocol.Read) error {
	if err := h.own(ctx, d.Conversation); err != nil {
		return err
	}
	h.srv.publishFrame(h.auth.workspace, d.Conversation, "read",
		protocol.Seen{Conversation: d.Conversation, From: h.auth.sender(), Seq: d.Seq}, chat.PartyCustomer)
	return nil
}

func (h *customer) person(ctx context.Context, c *conn, f protocol.Frame, d protocol.RequestPerson) error {
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if err := h.open(ctx, c, d.Conversation, d.Page); err != nil {
		return err
	}
	conv, err := h.srv.desk.AskForPerson(ctx, h.auth.workspace, d.Conversation, h.auth.sender())
	if err != nil {
		return err
	}
	c.reply("ack", f.ID, protocol.Ack{Conversation: d.Conversation, ClientID: d.ClientID, Seq: conv.LastSeq})
	return nil
}

func (h *customer) contact(ctx context.Context, c *conn, f protocol.Frame, d protocol.LeaveContact) error {
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if err := h.own(ctx, d.Conversation); err != nil {
		return err
	}
	e, err := h.srv.desk.LeaveContact(ctx, h.auth.workspace, d.Conversation, h.auth.sender(), d.ClientID, d.Email)
	if err != nil {
		return err
	}
	h.ack(c, f, e)
	return nil
}

func (h *customer) rate(ctx context.Context, c *conn, f protocol.Frame, d protocol.Rate) error {
	if d.Score < 1 || d.Score > 5 {
		return chat.Errorf(chat.CodeInvalid, "A rating is a number from 1 to 5.")
	}
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if err := h.own(ctx, d.Conversation); err != nil {
		return err
	}
	comment := strings.TrimSpace(d.Comment)
	if len(comment) > protocol.MaxText {
		return chat.Errorf(chat.CodeTooLarge, "The comment is too long: at most %d bytes.", protocol.MaxText)
	}
	return h.append(ctx, c, f, d.Conversation, chat.Draft{ClientID: d.ClientID, From: h.auth.sender(), Kind: chat.KindRating,
		Text: comment, Body: chat.Body{Rating: &chat.Rating{Score: d.Score, Comment: comment}}})
}

// keepVisitor registers a connection of a visitor and closes the oldest when there are too many.
func (g *Gateway) keepVisitor(id uuid.UUID, c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.visitors[id] = append(g.visitors[id], c)
	if all := g.visitors[id]; len(all) > g.o.MaxPerVisitor {
		all[0].close(protocol.CloseReplaced, "too many connections: the newest ones stay")
		g.visitors[id] = all[1:]
	}
}

func (g *Gateway) forgetVisitor(id uuid.UUID, c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.visitors[id]
	for i := range all {
		if all[i] == c {
			all = append(all[:i:i], all[i+1:]...)
			break
		}
	}
	if len(all) == 0 {
		delete(g.visitors, id)
		return
	}
	g.visitors[id] = all
}

// tellPlace tells the customers who follow a waiting conversation where it stands.
func (g *Gateway) tellPlace(ctx context.Context, ref chat.Ref) {
	place, from, to, ok, err := g.desk.QueueState(ctx, ref.Workspace, ref.Conversation)
	if err != nil || !ok {
		return
	}
	frame, err := protocol.Encode("queue", "", protocol.Queue{Conversation: ref.Conversation, Place: place, MinWait: from, MaxWait: to})
	if err == nil {
		g.hub.relay(ref, frame, isCustomer)
	}
}

func isCustomer(c *conn) bool { _, ok := c.h.(*customer); return ok }
func isStaff(c *conn) bool    { return !isCustomer(c) }

func checkText(s string) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
	if s == "" {
		return "", chat.Errorf(chat.CodeInvalid, "The message is empty.")
	}
	if len(s) > protocol.MaxText {
		return "", chat.Errorf(chat.CodeTooLarge, "The message is too long: it has %d bytes, at most %d go into one. Send it in parts.", len(s), protocol.MaxText)
	}
	return s, nil
}

func checkClientID(id uuid.UUID) error {
	if id == uuid.Nil {
		return chat.Errorf(chat.CodeInvalid, `"client_id" is missing: a UUID v7 made by the client`)
	}
	return nil
}

func checkPage(p chat.Page) error {
	if len(p.URL) > 2000 || len(p.Title) > 500 {
		return chat.Errorf(chat.CodeTooLarge, "page: url has at most 2000 bytes, title 500")
	}
	return nil
}

func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// cutReason keeps a close reason within RFC 6455's 123 bytes, with room for a prefix.
func cutReason(s string) string { return cutBytes(s, 100) }
