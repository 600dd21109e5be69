package gateway

import (
	"context"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Promiser keeps the promises that agents make.
type Promiser interface {
	FindPromises(ctx context.Context, ws, conv uuid.UUID, text string) ([]chat.PromiseFound, error)
	Promise(ctx context.Context, ws, conv uuid.UUID, agent chat.User, p chat.Promise) (chat.Promise, error)
	ChangePromise(ctx context.Context, ws, id uuid.UUID, agent chat.User, ch chat.PromiseChange) (chat.Promise, error)
}

type promiseStore interface {
	Promise(ctx context.Context, ws, id uuid.UUID) (chat.Promise, error)
	PromiseByNumber(ctx context.Context, ws uuid.UUID, number string) (chat.Promise, error)
	Promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error)
	PromiseStats(ctx context.Context, ws uuid.UUID, since time.Time) (chat.PromiseStats, error)
}

// promiseFigures is over which time the figures beside the ledger count.
const promiseFigures = 30 * 24 * time.Hour

// promiseOps are the ledger of promises.
func (g *Gateway) promiseOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/promises", "listPromises", "One page of the ledger of promises", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			State        chat.PromiseState `query:"state" enum:"open,kept,moved,broken,withdrawn" doc:"Open ones if none is given; of a conversation or customer, all"`
			Owner        string            `query:"owner" doc:"Of open ones: me, queue, or an agent's id"`
			Conversation uuid.UUID         `query:"conversation"`
			Customer     uuid.UUID         `query:"customer"`
			Cursor       string            `query:"cursor"`
			Limit        int               `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.PromiseList, error) {
			q := chat.PromiseQuery{State: in.State, Conversation: in.Conversation, Customer: in.Customer, Cursor: clean(in.Cursor), Limit: in.Limit}
			switch in.Owner {
			case "":
			case "me":
				q.Owner = &who.user.ID
			case "queue":
				q.Owner = &uuid.Nil
			default:
				owner, err := uuid.Parse(in.Owner)
				if err != nil {
					return protocol.PromiseList{}, chat.Errorf(chat.CodeInvalid, "An owner is me, queue, or an agent's id.")
				}
				q.Owner = &owner
			}
			return g.promises(ctx, who.workspace.ID, q)
		})
	op(g, a, route{http.MethodPatch, "/promises/{id}", "changePromise", "Say that a promise was kept, moved or withdrawn, or hand it on", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.PromiseChangeRequest
		}) (protocol.PromiseRow, error) {
			b := in.Body
			p, err := g.desk.ChangePromise(ctx, who.workspace.ID, in.ID, who.user,
				chat.PromiseChange{State: b.State, Due: b.Due, Reason: clean(b.Reason), Consent: b.Consent, Owner: b.Owner})
			if err != nil {
				return protocol.PromiseRow{}, err
			}
			return g.promiseRow(ctx, who.workspace.ID, p, nil)
		})
	op(g, a, route{http.MethodPost, "/conversations/{id}/promises/detect", "findPromises", "The promises in what an agent writes, with their times", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.PromiseText
		}) (protocol.PromisesFound, error) {
			found, err := g.desk.FindPromises(ctx, who.workspace.ID, in.ID, in.Body.Text)
			return protocol.PromisesFound{Data: list(found)}, err
		})
	op(g, a, route{http.MethodPost, "/conversations/{id}/promises", "recordPromise", "Record what an agent has promised the customer", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.PromiseRequest
		}) (protocol.PromiseRow, error) {
			if err := checkClientID(in.Body.ClientID); err != nil {
				return protocol.PromiseRow{}, err
			}
			p, err := g.desk.Promise(ctx, who.workspace.ID, in.ID, who.user, chat.Promise{ID: in.Body.ClientID, Text: clean(in.Body.Text), Due: in.Body.Due})
			if err != nil {
				return protocol.PromiseRow{}, err
			}
			return g.promiseRow(ctx, who.workspace.ID, p, nil)
		})
}

func (g *Gateway) promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (protocol.PromiseList, error) {
	page, err := g.store.Promises(ctx, ws, q)
	if err != nil {
		return protocol.PromiseList{}, err
	}
	out := protocol.PromiseList{Data: []protocol.PromiseRow{}, NextCursor: page.Next}
	if out.Stats, err = g.store.PromiseStats(ctx, ws, g.now().Add(-promiseFigures)); err != nil {
		return out, err
	}
	names, err := g.names(ctx, ws)
	if err != nil {
		return out, err
	}
	for _, p := range page.Promises {
		row, err := g.promiseRow(ctx, ws, p, names)
		if err != nil {
			return out, err
		}
		out.Data = append(out.Data, row)
	}
	return out, nil
}

// promiseRow is p for the console; names are the staff's, nil to look them up.
func (g *Gateway) promiseRow(ctx context.Context, ws uuid.UUID, p chat.Promise, names map[uuid.UUID]string) (row protocol.PromiseRow, err error) {
	if names == nil {
		if names, err = g.names(ctx, ws); err != nil {
			return row, err
		}
	}
	c, err := g.store.Conversation(ctx, ws, p.Conversation)
	if err != nil {
		return row, err
	}
	of, err := g.row(ctx, ws, c, names)
	return protocol.PromiseRow{Promise: p, Soon: p.State == chat.PromiseOpen && !p.RisesAt().After(g.now()),
		Name: of.CustomerName, Subject: c.Subject, OwnerName: names[p.Owner]}, err
}

// handleReceiptKey gives the key to check receipts with.
func (g *Gateway) handleReceiptKey(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	seed, err := g.store.Secret(r.Context(), in.Workspace, chat.ReceiptSecret)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	key := chat.ReceiptKey(seed)
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, protocol.ReceiptKey{Algorithm: "Ed25519", Key: key,
		PEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))})
}

// handleReceipt says how a promise stands, to whoever has its receipt: the
// signature is the proof.
func (g *Gateway) handleReceipt(w http.ResponseWriter, r *http.Request) {
	if !g.limits.session(g.clientIP(r)) {
		writeProblem(w, chat.Errorf(chat.CodeRateLimited, "Too many questions from this address. Wait a minute."))
		return
	}
	out, err := g.receipt(r.Context(), clean(r.URL.Query().Get("inbox")), r.PathValue("number"), r.URL.Query().Get("signature"))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, out)
}

func (g *Gateway) receipt(ctx context.Context, inbox, number, signature string) (protocol.Receipt, error) {
	in, err := g.store.InboxByKey(ctx, inbox)
	if err != nil {
		return protocol.Receipt{}, err
	}
	if number, err = chat.ParseReceiptNumber(number); err != nil {
		return protocol.Receipt{}, err
	}
	// In the same words, so that nobody learns which numbers there are.
	unknown := chat.Errorf(chat.CodeNotFound, "There is no receipt with this number and this signature.")
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		given, err = base64.RawURLEncoding.DecodeString(signature)
	}
	if err != nil {
		return protocol.Receipt{}, unknown
	}
	p, err := g.store.PromiseByNumber(ctx, in.Workspace, number)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && subtle.ConstantTimeCompare(given, p.Signature) != 1 {
		return protocol.Receipt{}, unknown
	}
	if err != nil {
		return protocol.Receipt{}, err
	}
	seed, err := g.store.Secret(ctx, in.Workspace, chat.ReceiptSecret)
	if err != nil {
		return protocol.Receipt{}, err
	}
	out := protocol.Receipt{Valid: p.Verify(chat.ReceiptKey(seed)), Promise: p.Copy(), Signed: string(p.Receipt())}
	if p.MovedTo != uuid.Nil {
		next, err := g.store.Promise(ctx, in.Workspace, p.MovedTo)
		if err != nil {
			return out, err
		}
		out.Next = next.Number
	}
	return out, nil
}
