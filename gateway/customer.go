package gateway

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/say"
)

// customer handles the frames of a customer's connection. Its fields are used
// on the reader goroutine alone.
type customer struct {
	srv   *Gateway
	auth  *visitor    // nil before the hello
	known []uuid.UUID // conversations that are this customer's, checked; few
	// What the hello said, for the conversations that are made later.
	locale string
	page   chat.Page
	device string // what its browser says that it is
	addr   string // where its requests come from
	// noted is how far the store knows that the customer has read; checked is when the link was last found good.
	noted   map[uuid.UUID]int64
	checked time.Time
}

// customerOf is a customer's side of the protocol for what a request opens. Who it is, is not known yet.
func (g *Gateway) customerOf(r *http.Request) *customer {
	return &customer{srv: g, device: deviceOf(r.UserAgent()), addr: g.clientIP(r)}
}

// visitor is who a socket token was made for.
type visitor struct {
	workspace uuid.UUID
	inbox     uuid.UUID
	customer  uuid.UUID
	until     time.Time // when the site's word for the customer, or a link, ends; zero for a browser's own visitor
	only      uuid.UUID // the one conversation that a link resumes; zero: all of the customer's
	link      []byte    // the hash of that link's token
	hash      bool      // the site named the customer by a user_hash
	private   bool      // the browser asks not to be tracked
}

// account is whose limits count. Those of a link are its conversation's: whoever holds one takes nothing from the customer.
func (v *visitor) account() uuid.UUID {
	if v.only != uuid.Nil {
		return v.only
	}
	return v.customer
}

func (v *visitor) sender() chat.Sender {
	return chat.Sender{Kind: chat.PartyCustomer, ID: v.customer}
}

// alive ends the connection of somebody for whom the site's word has ended: a session with a new one goes on.
func (h *customer) alive(ctx context.Context, c *conn) {
	if h.auth != nil {
		h.aliveLink(ctx, c)
	}
	if h.auth != nil && !h.auth.until.IsZero() && h.srv.now().After(h.auth.until) {
		c.close(protocol.CloseTokenExpired, "the site's token has expired: get a new session with a new one")
	}
}

func (h *customer) closed(c *conn) {
	if h.auth != nil {
		h.srv.forgetVisitor(h.auth.account(), c)
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
	case "end":
		return with(f, func(d protocol.EndConversation) error { return h.end(ctx, c, f, d) })
	case "contact":
		return with(f, func(d protocol.LeaveContact) error { return h.contact(ctx, c, f, d) })
	case "rate":
		return with(f, func(d protocol.Rate) error { return h.rate(ctx, c, f, d) })
	case "feedback":
		return with(f, func(d protocol.GiveFeedback) error { return h.feedback(ctx, c, f, d) })
	case "consent":
		return with(f, func(d protocol.SetConsent) error { return h.consent(ctx, c, f, d) })
	case "context":
		return with(f, func(d protocol.SetContext) error { return h.context(ctx, c, f, d) })
	case "event":
		return with(f, func(d protocol.TrackEvent) error { return h.event(ctx, c, f, d) })
	case "visit":
		return with(f, func(d protocol.TrackVisit) error { return h.visit(ctx, c, f, d) })
	case "transcript":
		return with(f, func(d protocol.AskTranscript) error { return h.transcript(ctx, c, f, d) })
	case "confirm":
		return with(f, func(d protocol.Confirm) error { return h.confirm(ctx, c, f, d) })
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
	h.auth, h.locale, h.page, h.checked = v, cleanLocale(d.Locale), d.Page, h.srv.now()
	c.tongue = say.In(h.locale)
	c.welcomed()
	h.srv.keepVisitor(v.account(), c)
	online, err := h.srv.desk.Online(ctx, v.workspace)
	if err != nil {
		h.srv.log.Warn("gateway: presence", "err", err)
	}
	c.reply("welcome", f.ID, protocol.Welcome{Customer: v.customer, Node: h.srv.o.Node, Online: online, Key: c.key})
	if len(d.Follow) > maxFollowed {
		return chat.Errorf(chat.CodeRateLimited, "one connection follows at most %d conversations", maxFollowed)
	}
	for _, s := range d.Follow {
		if err := h.follow(ctx, c, s); err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			return err
		}
	}
	return nil
}

// open makes the conversation if it is new. It does not follow it.
func (h *customer) open(ctx context.Context, id uuid.UUID, page chat.Page) error {
	if err := h.own(ctx, id); chat.CodeOf(err) != chat.CodeNotFound {
		return err
	}
	if h.auth.only != uuid.Nil {
		return chat.Errorf(chat.CodeInvalid, "A link from an e-mail opens one conversation. Go on in that one, or begin another on the website.")
	}
	if id.Version() != 7 {
		return chat.Errorf(chat.CodeInvalid, "a conversation's id is a UUID v7")
	}
	if page == (chat.Page{}) {
		page = h.page
	}
	page, err := h.where(ctx, page)
	if err != nil {
		return err
	}
	if !h.srv.limits.opening(h.auth.customer) {
		return chat.Errorf(chat.CodeRateLimited, "Too many new conversations. Go on in one of those you have.")
	}
	_, err = h.srv.store.OpenConversation(ctx, h.auth.workspace, chat.Conversation{ID: id, Inbox: h.auth.inbox,
		Customer: h.auth.customer, Locale: h.locale, Page: page, Device: h.device})
	if chat.CodeOf(err) == chat.CodeForbidden {
		return errNoConversation()
	}
	if err == nil {
		h.known = append(h.known, id)
	}
	return err
}

// own checks that a conversation is this customer's.
func (h *customer) own(ctx context.Context, id uuid.UUID) error {
	if slices.Contains(h.known, id) {
		return nil
	}
	_, err := h.look(ctx, id)
	return err
}

// look gives a conversation of this customer. One of somebody else is not
// found, in the same words as one that does not exist.
func (h *customer) look(ctx context.Context, id uuid.UUID) (chat.Conversation, error) {
	if h.auth.only != uuid.Nil && id != h.auth.only {
		return chat.Conversation{}, errNoConversation()
	}
	c, err := h.srv.store.Conversation(ctx, h.auth.workspace, id)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && c.Customer != h.auth.customer {
		return chat.Conversation{}, errNoConversation()
	}
	if err == nil && !slices.Contains(h.known, id) {
		h.known = append(h.known, id)
	}
	return c, err
}

func errNoConversation() error {
	return chat.Errorf(chat.CodeNotFound, "There is no such conversation.")
}

func (h *customer) send(ctx context.Context, c *conn, f protocol.Frame, d protocol.Send) error {
	text, err := messageText(d.Text, len(d.Files))
	if err != nil {
		return err
	}
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if err := h.open(ctx, d.Conversation, d.Page); err != nil {
		return err
	}
	if err := h.mayWrite(ctx); err != nil {
		return err
	}
	if d.Opener != "" {
		if err := h.opened(ctx, d); err != nil {
			return err
		}
	}
	draft := chat.Draft{ClientID: d.ClientID, From: h.auth.sender(), Kind: chat.KindMessage, Text: text}
	if h.srv.o.Language != nil {
		draft.Body.Locale = h.srv.o.Language(text, h.locale)
	}
	if err := h.srv.attach(ctx, h.auth.workspace, d.Conversation, &draft, d.Files); err != nil {
		return err
	}
	return h.append(ctx, c, f, d.Conversation, draft)
}

// mayWrite limits what one customer adds to logs, on all connections together.
func (h *customer) mayWrite(ctx context.Context) error {
	if h.srv.limits.message(h.auth.account()) {
		return h.byLess(ctx)
	}
	return chat.Errorf(chat.CodeRateLimited, "That was a lot at once. Your message is kept; it goes out again in a moment.")
}

// append stores a customer's draft, acks it and hands it out.
func (h *customer) append(ctx context.Context, c *conn, f protocol.Frame, conv uuid.UUID, draft chat.Draft) error {
	ref := chat.Ref{Workspace: h.auth.workspace, Conversation: conv}
	topic := h.srv.hub.expect(ref)
	var stored *chat.Entry
	defer func() { h.srv.hub.landed(topic, stored) }()
	e, err := h.store(ctx, ref, draft)
	if err != nil {
		return err
	}
	stored = &e
	h.ack(c, f, e)
	if draft.Kind == chat.KindMessage {
		h.srv.metrics.message(chat.PartyCustomer)
		h.srv.o.OnCustomer(ref)
	}
	return nil
}

// store appends a draft. A message finds a closed conversation closed, and opens it.
func (h *customer) store(ctx context.Context, ref chat.Ref, draft chat.Draft) (chat.Entry, error) {
	e, err := h.srv.store.Append(ctx, ref.Workspace, ref.Conversation, draft)
	if chat.CodeOf(err) == chat.CodeClosed {
		if _, err = h.srv.desk.Reopen(ctx, ref.Workspace, ref.Conversation, h.auth.sender()); err == nil {
			e, err = h.srv.store.Append(ctx, ref.Workspace, ref.Conversation, draft)
		}
	}
	return e, err
}

func (h *customer) ack(c *conn, f protocol.Frame, e chat.Entry) {
	c.reply("ack", f.ID, protocol.Ack{Conversation: e.Conversation, ClientID: e.ClientID, Seq: e.Seq})
}

func (h *customer) follow(ctx context.Context, c *conn, d protocol.Sync) error {
	conv, err := h.look(ctx, d.Conversation)
	if err != nil {
		return err
	}
	if d.After < 0 || d.After > conv.LastSeq {
		// The client has more than the log: a restored backup, or another server's number.
		c.reply("reset", "", protocol.Reset{Conversation: d.Conversation})
		return nil
	}
	ref := chat.Ref{Workspace: h.auth.workspace, Conversation: d.Conversation}
	if err := h.srv.hub.follow(c, ref, d.After, -1); err != nil {
		return err
	}
	if conv.Owner == chat.OwnerQueue {
		h.srv.tellPlace(ctx, c, ref, conv.Promised)
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
	c, err := h.look(ctx, d.Conversation)
	if err != nil {
		return err
	}
	d.Seq = min(d.Seq, c.LastSeq) // what is yet to be said nobody has read
	if err := h.note(ctx, c, d.Seq); err != nil {
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
	if err := h.open(ctx, d.Conversation, d.Page); err != nil {
		return err
	}
	if _, err := h.look(ctx, d.Conversation); err != nil { // the desk does not ask whose it is
		return err
	}
	if err := h.byLess(ctx); err != nil {
		return err
	}
	conv, err := h.srv.desk.AskForPerson(ctx, h.auth.workspace, d.Conversation, h.auth.sender())
	if err != nil {
		return err
	}
	c.reply("ack", f.ID, protocol.Ack{Conversation: d.Conversation, ClientID: d.ClientID, Seq: conv.LastSeq})
	return nil
}

func (h *customer) end(ctx context.Context, c *conn, f protocol.Frame, d protocol.EndConversation) error {
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	if _, err := h.look(ctx, d.Conversation); err != nil { // the desk does not ask whose it is
		return err
	}
	if err := h.mayWrite(ctx); err != nil {
		return err
	}
	conv, err := h.srv.desk.End(ctx, h.auth.workspace, d.Conversation, h.auth.sender(), d.ClientID)
	if err != nil {
		return err
	}
	h.srv.ended(h.auth.workspace, d.Conversation)
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
	if err := h.mayWrite(ctx); err != nil {
		return err
	}
	e, err := h.srv.desk.LeaveContact(ctx, h.auth.workspace, d.Conversation, h.auth.sender(), d.ClientID, chat.Contact{Email: d.Email, Name: d.Name}, h.auth.link != nil)
	if err != nil {
		return err
	}
	if h.auth.link == nil {
		// Whoever corrects an address takes back what went to the wrong one.
		if _, err := h.srv.store.DropResumes(ctx, h.auth.workspace, d.Conversation, e.Text); err != nil {
			return err
		}
	}
	h.ack(c, f, e)
	return nil
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

func checkText(s string) (string, error) {
	s = strings.TrimSpace(clean(s))
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

// checkPage lets addresses of the web through, which agents may click on, and no others.
func checkPage(p chat.Page) (chat.Page, error) {
	if len(p.URL) > 2000 || len(p.Title) > 500 {
		return p, chat.Errorf(chat.CodeTooLarge, "page: url has at most 2000 bytes, title 500")
	}
	return chat.Page{URL: webURL(clean(p.URL)), Title: clean(p.Title)}, nil
}

func cleanLocale(s string) string { return cutBytes(clean(s), 35) }

// clean takes out U+0000, which databases do not store.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }

func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// cutReason keeps a close reason within RFC 6455's 123 bytes, with room for a prefix.
func cutReason(s string) string { return cutBytes(s, 100) }
