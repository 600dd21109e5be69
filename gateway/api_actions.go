package gateway

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Actions is what the bot may do in the shop.
type Actions interface {
	// Confirm takes a customer's word on a proposed change. Whose conversation it
	// is has been checked. CodeNotFound, CodeInvalid.
	Confirm(ctx context.Context, ref chat.Ref, customer uuid.UUID, d protocol.Confirm) error
	// Setting gives what is declared; SetActions stores it. CodeInvalid, CodeStale.
	Setting(ctx context.Context, ws uuid.UUID) (protocol.ActionsSetting, error)
	SetActions(ctx context.Context, ws, by uuid.UUID, s protocol.ActionsSetting) (protocol.ActionsSetting, error)
	// Read makes actions of an OpenAPI document; Try uses a look-up.
	Read(ctx context.Context, r protocol.OpenAPIRequest) (protocol.OpenAPIOperations, error)
	Try(ctx context.Context, r protocol.ActionTry) (protocol.ActionTried, error)
	Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error)
}

// callPage is how many calls a page of the list has.
const callPage = 50

// actionOps are the actions of the shop and their uses.
func (g *Gateway) actionOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/actions", "getActions", "What the bot may do in the shop", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, _ *none) (protocol.ActionsSetting, error) {
			return g.o.Actions.Setting(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodPut, "/actions", "putActions", "Say what the bot may do in the shop", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.ActionsSetting]) (protocol.ActionsSetting, error) {
			return g.o.Actions.SetActions(ctx, who.workspace.ID, who.user.ID, in.Body)
		})
	op(g, a, route{http.MethodPost, "/actions/openapi", "readOpenAPI", "Make actions of an OpenAPI document; nothing is stored", maxOpenAPI}, chat.RoleAdmin,
		func(ctx context.Context, _ principal, in *body[protocol.OpenAPIRequest]) (protocol.OpenAPIOperations, error) {
			return g.o.Actions.Read(ctx, in.Body)
		})
	op(g, a, route{http.MethodPost, "/actions/try", "tryAction", "Use a look-up with given arguments", 0}, chat.RoleAdmin,
		func(ctx context.Context, _ principal, in *body[protocol.ActionTry]) (protocol.ActionTried, error) {
			return g.o.Actions.Try(ctx, in.Body)
		})
	op(g, a, route{http.MethodGet, "/calls", "listCalls", "One page of the uses of actions, newest first", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Conversation string         `query:"conversation" format:"uuid" doc:"Only those of this conversation"`
			State        chat.CallState `query:"state" enum:"proposed,confirmed,declined,expired,running,done,failed,unknown"`
			Before       string         `query:"before" format:"uuid" doc:"The next of the page before"`
		}) (protocol.CallList, error) {
			q := chat.CallQuery{Limit: callPage}
			if in.State != "" {
				q.States = []chat.CallState{in.State}
			}
			var err error
			if q.Conversation, err = idOf(in.Conversation); err != nil {
				return protocol.CallList{}, err
			}
			if q.Before, err = idOf(in.Before); err != nil {
				return protocol.CallList{}, err
			}
			calls, err := g.o.Actions.Calls(ctx, who.workspace.ID, q)
			out := protocol.CallList{Data: list(calls)}
			if len(calls) == callPage {
				out.Next = calls[callPage-1].ID
			}
			return out, err
		})
}

// idOf reads an id that may be left out.
func idOf(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return id, chat.Errorf(chat.CodeInvalid, "%q is no id.", cutBytes(s, 100))
	}
	return id, nil
}

// maxOpenAPI bounds a document, escaped as JSON.
const maxOpenAPI = 8 << 20

// confirm takes the customer's word on a change that the bot proposed.
func (h *customer) confirm(ctx context.Context, c *conn, f protocol.Frame, d protocol.Confirm) error {
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	conv, err := h.look(ctx, d.Conversation)
	if err != nil {
		return err
	}
	if err := h.mayWrite(ctx); err != nil {
		return err
	}
	if err := h.srv.o.Actions.Confirm(ctx, chat.Ref{Workspace: h.auth.workspace, Conversation: conv.ID}, h.auth.customer, d); err != nil {
		return err
	}
	if conv, err = h.look(ctx, conv.ID); err != nil {
		return err
	}
	c.reply("ack", f.ID, protocol.Ack{Conversation: conv.ID, ClientID: d.ClientID, Seq: conv.LastSeq})
	return nil
}

// noActions is a gateway's without actions.
type noActions struct{}

func errNoActions() error {
	return chat.Errorf(chat.CodeInvalid, "This server uses no actions.")
}

func (noActions) Confirm(context.Context, chat.Ref, uuid.UUID, protocol.Confirm) error {
	return errNoActions()
}

func (noActions) Setting(context.Context, uuid.UUID) (protocol.ActionsSetting, error) {
	return protocol.ActionsSetting{Value: json.RawMessage(`{"services":[],"actions":[]}`)}, nil
}

func (noActions) SetActions(context.Context, uuid.UUID, uuid.UUID, protocol.ActionsSetting) (protocol.ActionsSetting, error) {
	return protocol.ActionsSetting{}, errNoActions()
}

func (noActions) Read(context.Context, protocol.OpenAPIRequest) (protocol.OpenAPIOperations, error) {
	return protocol.OpenAPIOperations{}, errNoActions()
}

func (noActions) Try(context.Context, protocol.ActionTry) (protocol.ActionTried, error) {
	return protocol.ActionTried{}, errNoActions()
}

func (noActions) Calls(context.Context, uuid.UUID, chat.CallQuery) ([]chat.Call, error) {
	return nil, nil
}
