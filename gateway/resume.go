package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// answerStore keeps what answers by e-mail need to know: how far the customer has read, and the links back.
type answerStore interface {
	SetRead(ctx context.Context, ws, conv uuid.UUID, seq int64) error
	DropResumes(ctx context.Context, ws, conv uuid.UUID, keep string) (int, error)
}

// resumed finds the customer of a link's conversation. The session is for that conversation alone, and as long as the
// link counts.
func (g *Gateway) resumed(ctx context.Context, in chat.Inbox, token string) (known, error) {
	r, err := g.o.Identity.Link(ctx, in.Workspace, token)
	if err != nil {
		return known{}, err
	}
	c, err := g.store.Conversation(ctx, in.Workspace, r.Conversation)
	if err != nil {
		return known{}, err
	}
	if c.Inbox != in.ID {
		return known{}, chat.Errorf(chat.CodeUnauthorized, "This link is for another chat.")
	}
	who, err := g.store.Customer(ctx, in.Workspace, c.Customer)
	return known{Customer: who, until: r.Until, only: c.ID, link: r.Hash, mail: r.Email}, err
}

// linkCheckEvery is how long a link that was withdrawn may keep its connections.
const linkCheckEvery = sessionCheckEvery

// checkLink says whether a visitor who came by a link may go on. CodeUnauthorized.
func (g *Gateway) checkLink(ctx context.Context, v *visitor) (chat.Resume, error) {
	r, err := g.o.Identity.LinkByHash(ctx, v.workspace, v.link)
	if code := chat.CodeOf(err); code == chat.CodeNotFound || code == chat.CodeStale {
		err = chat.Errorf(chat.CodeUnauthorized, "The link that opened this chat no longer counts.")
	}
	return r, err
}

// aliveLink ends the connection of a link that was withdrawn.
func (h *customer) aliveLink(ctx context.Context, c *conn) {
	now := h.srv.now()
	if h.auth.link == nil || now.Sub(h.checked) < linkCheckEvery {
		return
	}
	h.checked = now
	if _, err := h.srv.checkLink(ctx, h.auth); chat.CodeOf(err) == chat.CodeUnauthorized {
		c.close(protocol.CloseAuthRefused, "the link no longer counts")
	}
}

// byLess does what comes before every word of somebody who came by a link, or by a user_hash: what the customer has shown
// in another way is not theirs.
func (h *customer) byLess(ctx context.Context) error {
	if h.auth.hash {
		return h.srv.o.Identity.Lower(ctx, h.auth.workspace, h.auth.customer, "")
	}
	if h.auth.link == nil {
		return nil
	}
	r, err := h.srv.checkLink(ctx, h.auth)
	if err != nil {
		return err
	}
	return h.srv.o.Identity.Lower(ctx, h.auth.workspace, h.auth.customer, r.Email)
}

// note keeps how far the customer has read, where that decides whether an answer goes by e-mail: only agents' do.
func (h *customer) note(ctx context.Context, c chat.Conversation, seq int64) error {
	if c.LastFrom != chat.PartyAgent || seq <= h.noted[c.ID] {
		return nil
	}
	if err := h.srv.store.SetRead(ctx, h.auth.workspace, c.ID, seq); err != nil {
		return err
	}
	if h.noted == nil {
		h.noted = map[uuid.UUID]int64{}
	}
	h.noted[c.ID] = seq
	return nil
}

// handleEndLink answers POST /v1/session/end: whoever came by a link signs out, and all links to the conversation end.
func (g *Gateway) handleEndLink(w http.ResponseWriter, r *http.Request) {
	if !g.limits.resume(g.clientIP(r)) {
		g.problem(w, r, errTooManyLinks())
		return
	}
	handle(g, w, r, func(ctx context.Context, q protocol.SessionRequest) (done, error) {
		in, err := g.inbox(ctx, q.Inbox)
		if err != nil {
			return done{}, err
		}
		who, err := g.resumed(ctx, in, q.Resume)
		if err == nil {
			_, err = g.store.DropResumes(ctx, in.Workspace, who.only, "")
		}
		return done{true}, err
	})
}

func errTooManyLinks() error {
	return chat.Errorf(chat.CodeRateLimited, "Too many tries from this address. Wait a minute.")
}

// linkOps are what the staff may do with links.
func (g *Gateway) linkOps(a huma.API) {
	op(g, a, route{http.MethodPost, "/conversations/{id}/links/end", "endLinks", "Withdraw all links that resume a conversation", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *ByID) (protocol.LinksEnded, error) {
			if _, err := g.store.Conversation(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.LinksEnded{}, err
			}
			n, err := g.store.DropResumes(ctx, who.workspace.ID, in.ID, "")
			return protocol.LinksEnded{Ended: n}, err
		})
}
