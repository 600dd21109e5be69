package gateway

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
)

// known is a customer, and by what they are known here.
type known struct {
	chat.Customer
	token string    // the browser's visitor token
	until time.Time // when the site's word, or the link, ends; zero for a browser's own visitor
	only  uuid.UUID // the one conversation of whoever came by a link
	link  []byte    // the hash of that link's token
	mail  string    // the address that it went to
	hash  bool      // the site named them by a user_hash
}

// who finds the customer of credentials: of the conversation that a link resumes, whom the site names, else the
// visitor of the token, else, if enter lets them in, a new one. When the site names somebody,
// what the visitor of the same browser has said becomes theirs.
func (g *Gateway) who(ctx context.Context, in chat.Inbox, c protocol.Credentials, locale string, enter func() error) (known, error) {
	var named chat.Customer
	var err error
	switch {
	case c.Resume != "":
		return g.resumed(ctx, in, c.Resume)
	case c.UserJWT != "":
		named, err = g.o.Identity.ByToken(ctx, in, c.UserJWT, locale)
	case c.User != nil:
		named, err = g.o.Identity.ByHash(ctx, in, identity.Named{UserID: c.User.ID, Email: c.User.Email, Name: c.User.Name, Hash: c.User.Hash}, locale)
	default:
		return g.visitor(ctx, in, c.VisitorToken, locale, enter)
	}
	if err != nil {
		return known{}, err
	}
	if c.VisitorToken != "" {
		v, err := g.store.CustomerByToken(ctx, in.Workspace, hashToken(c.VisitorToken))
		var moved []uuid.UUID
		if err == nil {
			moved, err = g.o.Identity.Adopt(ctx, in.Workspace, v, named)
		}
		if err == nil {
			err = g.changedHands(ctx, in.Workspace, moved)
		}
		if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			return known{}, err
		}
	}
	return known{Customer: named, token: c.VisitorToken, until: named.Verification.Until, hash: c.UserJWT == ""}, nil
}

// changedHands ends the connections of those who follow conversations that are somebody else's now. Nodes that were not
// told see it when they poll.
func (g *Gateway) changedHands(ctx context.Context, ws uuid.UUID, convs []uuid.UUID) error {
	if len(convs) == 0 {
		return nil
	}
	heads, err := g.store.Heads(ctx, ws, convs)
	for _, head := range heads {
		g.hub.saw(chat.Ref{Workspace: ws, Conversation: head.Conversation}, head)
	}
	return err
}

// visitor finds the customer of a visitor token, or, if enter lets them in, makes one with a new token.
// An unknown token is not an error: its browser may have outlived a reset.
func (g *Gateway) visitor(ctx context.Context, in chat.Inbox, token, locale string, enter func() error) (known, error) {
	if token != "" {
		who, err := g.store.CustomerByToken(ctx, in.Workspace, hashToken(token))
		if err == nil {
			return known{Customer: who, token: token}, nil
		}
		if chat.CodeOf(err) != chat.CodeNotFound {
			return known{}, err
		}
	}
	if err := enter(); err != nil {
		return known{}, err
	}
	token = rand.Text()
	who, err := g.store.CreateCustomer(ctx, in.Workspace, chat.Customer{ID: uuid.Must(uuid.NewV7()), TokenHash: hashToken(token), Locale: locale})
	return known{Customer: who, token: token}, err
}

// handleSendCode answers POST /v1/identity/code.
func (g *Gateway) handleSendCode(w http.ResponseWriter, r *http.Request) {
	if !g.limits.code(g.clientIP(r)) {
		g.problem(w, r, chat.Errorf(chat.CodeRateLimited, "Too many codes from this address. Wait a minute."))
		return
	}
	handle(g, w, r, func(ctx context.Context, q protocol.CodeRequest) (protocol.CodeSent, error) {
		in, who, err := g.holder(ctx, q.Credentials, q.Conversation)
		if err != nil {
			return protocol.CodeSent{}, err
		}
		if who.link != nil && !strings.EqualFold(q.Email, who.mail) {
			// Another mailbox's owner would become the customer, in all that the customer said elsewhere.
			return protocol.CodeSent{}, chat.Errorf(chat.CodeForbidden, "Use the address that your link was sent to.")
		}
		sent, err := g.o.Identity.SendCode(ctx, in.Workspace, q.Conversation, who.ID, q.Email)
		return protocol.CodeSent{Email: sent.Email, Until: sent.Until, Tries: sent.Tries}, err
	})
}

// handleCheckCode answers POST /v1/identity/check. When the code was right, the
// bot looks at the conversation again: it may have waited for this.
func (g *Gateway) handleCheckCode(w http.ResponseWriter, r *http.Request) {
	if !g.limits.codeCheck(g.clientIP(r)) {
		g.problem(w, r, chat.Errorf(chat.CodeRateLimited, "Too many tries from this address. Wait a minute."))
		return
	}
	handle(g, w, r, func(ctx context.Context, q protocol.CodeCheck) (protocol.CodeChecked, error) {
		in, who, err := g.holder(ctx, q.Credentials, q.Conversation)
		if err != nil {
			return protocol.CodeChecked{}, err
		}
		v, err := g.o.Identity.CheckCode(ctx, in.Workspace, q.Conversation, who.ID, q.Code)
		if err != nil {
			return protocol.CodeChecked{}, err
		}
		g.o.OnCustomer(chat.Ref{Workspace: in.Workspace, Conversation: q.Conversation})
		return protocol.CodeChecked{Level: chat.LevelVerified, Until: v.Until}, nil
	})
}

// holder finds the customer of credentials, and makes none. Whoever came by a link holds that conversation only.
func (g *Gateway) holder(ctx context.Context, c protocol.Credentials, conv uuid.UUID) (chat.Inbox, known, error) {
	in, err := g.inbox(ctx, c.Inbox)
	if err != nil {
		return in, known{}, err
	}
	who, err := g.who(ctx, in, c, "", func() error {
		return chat.Errorf(chat.CodeUnauthorized, "This session has ended: open the chat again.")
	})
	if err == nil && who.only != uuid.Nil && who.only != conv {
		err = errNoConversation()
	}
	return in, who, err
}

// handle answers a request of the customer's side with what fn makes of its body.
func handle[I, O any](g *Gateway, w http.ResponseWriter, r *http.Request, fn func(context.Context, I) (O, error)) {
	var in I
	if err := readJSON(w, r, &in); err != nil {
		writeProblem(w, err)
		return
	}
	out, err := fn(r.Context(), in)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, out)
}

// identityOps are the secrets that sites vouch with, and what was merged by their word.
func (g *Gateway) identityOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/inboxes/{id}/identity", "listIdentityKeys", "The secrets that an inbox's site signs with, by name", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.IdentityKeys, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.IdentityKeys{}, err
			}
			keys, err := g.o.Identity.Keys(ctx, who.workspace.ID, in.ID)
			return protocol.IdentityKeys{Data: list(keys)}, err
		})
	op(g, a, route{http.MethodPost, "/inboxes/{id}/identity/rotate", "rotateIdentityKey", "Make a new secret for tokens, shown this once; the one before it goes on counting", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.NewIdentityKey, error) {
			k, secret, err := g.o.Identity.Rotate(ctx, who.workspace.ID, in.ID)
			return protocol.NewIdentityKey{Key: k, Secret: secret}, err
		})
	op(g, a, route{http.MethodPost, "/inboxes/{id}/identity/import", "importIdentityKey", "Keep the secret with which a site makes the user_hash", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.ImportIdentityKey
		}) (chat.IdentityKey, error) {
			return g.o.Identity.Import(ctx, who.workspace.ID, in.ID, in.Body.Secret)
		})
	op(g, a, route{http.MethodDelete, "/inboxes/{id}/identity/{key}", "dropIdentityKey", "End a secret at once", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Key uuid.UUID `path:"key"`
		}) (done, error) {
			return done{true}, g.o.Identity.Drop(ctx, who.workspace.ID, in.ID, in.Key)
		})
	op(g, a, route{http.MethodPost, "/conversations/{id}/verify", "askToVerify", "Ask the customer to confirm who they are", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *ByID) (done, error) {
			return done{true}, g.o.Identity.Ask(ctx, who.workspace.ID, in.ID)
		})
	op(g, a, route{http.MethodGet, "/customers/{id}/merges", "listMerges", "The visitors whose conversations became a customer's", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.MergeList, error) {
			if _, err := g.store.Customer(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.MergeList{}, err
			}
			merges, err := g.store.Merges(ctx, who.workspace.ID, in.ID)
			return protocol.MergeList{Data: list(merges)}, err
		})
	op(g, a, route{http.MethodPost, "/merges/{id}/undo", "undoMerge", "Give a visitor's conversations back", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *ByID) (chat.Merge, error) {
			return g.undoMerge(ctx, who, in.ID)
		})
}

// undoMerge gives a visitor's conversations back. Who had them meanwhile is somebody else, and so are the mailboxes that
// links went to.
func (g *Gateway) undoMerge(ctx context.Context, who principal, id uuid.UUID) (chat.Merge, error) {
	m, err := g.store.UndoMerge(ctx, who.workspace.ID, id, who.user.ID)
	if err != nil {
		return m, err
	}
	for _, conv := range m.Conversations {
		if _, err := g.store.DropResumes(ctx, who.workspace.ID, conv, ""); err != nil {
			return m, err
		}
	}
	return m, g.changedHands(ctx, who.workspace.ID, m.Conversations)
}

// mailOps are e-mail as the staff sees and sets it.
func (g *Gateway) mailOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/mail", "viewMail", "How e-mail stands", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, _ *none) (protocol.MailView, error) {
			return g.o.Mail.View(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodPut, "/mail", "setMail", "Set whom e-mail comes from", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.MailSettings]) (protocol.MailView, error) {
			before, err := g.o.Mail.View(ctx, who.workspace.ID)
			if err != nil {
				return before, err
			}
			if err := g.o.Mail.Set(ctx, who.workspace.ID, who.user.ID, in.Body); err != nil {
				return protocol.MailView{}, err
			}
			auditChange(ctx, before.Settings, in.Body)
			return g.o.Mail.View(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodPost, "/mail/test", "testMail", "Send a test letter now", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.MailTest]) (protocol.MailTested, error) {
			return g.o.Mail.Test(ctx, who.workspace.ID, in.Body.To)
		})
}
