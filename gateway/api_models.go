package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Models tells of the language models that the server uses.
type Models interface {
	// Currency is that of all money, "" when no prices are known.
	Currency() string
	// Endpoints are listed in the order in which they are asked.
	Endpoints() []protocol.ModelEndpoint
	// Standing is how today's budget of an inbox (zero: of the workspace) stands.
	Standing(ctx context.Context, ws, inbox uuid.UUID) (chat.Standing, error)
}

type modelStore interface {
	PutSetting(ctx context.Context, ws uuid.UUID, s chat.Setting) (chat.Setting, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error)
	SpendBy(ctx context.Context, ws uuid.UUID, since time.Time) ([]chat.Spend, error)
}

// modelOps are language models: how they do, what they cost and may cost.
func (g *Gateway) modelOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/models", "modelStatus", "The language models, and how today's budgets stand", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.ModelStatus, error) {
			return g.modelStatus(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodGet, "/spending", "listSpending", "What language models used, by day, inbox, purpose and model", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"Today and the days before"`
		}) (protocol.SpendList, error) {
			spent, err := g.store.SpendBy(ctx, who.workspace.ID, g.o.Now().AddDate(0, 0, 1-in.Days))
			return protocol.SpendList{Data: list(spent)}, err
		})
	op(g, a, route{http.MethodGet, "/conversations/{id}/spending", "conversationSpending", "What language models used in a conversation", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.ConversationSpend, error) {
			return g.conversationSpend(ctx, who.workspace.ID, in.ID)
		})
	op(g, a, route{http.MethodGet, "/budget", "getBudget", "What language models may use in a day", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			Inbox uuid.UUID `query:"inbox" doc:"Of an inbox; left out: of the workspace"`
		}) (protocol.BudgetView, error) {
			return g.budget(ctx, who.workspace.ID, in.Inbox)
		})
	op(g, a, route{http.MethodPut, "/budget", "putBudget", "Set what language models may use in a day; without one, go back to the default, or the workspace's", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.BudgetRequest]) (protocol.BudgetView, error) {
			return g.putBudget(ctx, who, in.Body)
		})
}

func (g *Gateway) modelStatus(ctx context.Context, ws uuid.UUID) (protocol.ModelStatus, error) {
	out := protocol.ModelStatus{Endpoints: []protocol.ModelEndpoint{}, Inboxes: []protocol.InboxStanding{}, ResetsAt: nextMidnight(g.o.Now())}
	if g.o.Models == nil {
		return out, nil
	}
	out.Connected, out.Currency, out.Endpoints = true, g.o.Models.Currency(), list(g.o.Models.Endpoints())
	var err error
	if out.Workspace, err = g.o.Models.Standing(ctx, ws, uuid.Nil); err != nil {
		return out, err
	}
	inboxes, err := g.store.Inboxes(ctx, ws)
	if err != nil {
		return out, err
	}
	for _, in := range inboxes {
		st, err := g.o.Models.Standing(ctx, ws, in.ID)
		if err != nil {
			return out, err
		}
		out.Inboxes = append(out.Inboxes, protocol.InboxStanding{ID: in.ID, Name: in.Name, Standing: st})
	}
	return out, nil
}

// nextMidnight is when a day's counters end.
func nextMidnight(now time.Time) time.Time {
	y, m, d := now.UTC().Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
}

func (g *Gateway) conversationSpend(ctx context.Context, ws, id uuid.UUID) (out protocol.ConversationSpend, err error) {
	conv, err := g.store.Conversation(ctx, ws, id)
	if err != nil {
		return out, err
	}
	if out.Spent, err = g.store.Spent(ctx, ws, chat.SpendQuery{Conversation: id}); err != nil || g.o.Models == nil {
		return out, err
	}
	out.Currency = g.o.Models.Currency()
	if out.Today, err = g.store.Spent(ctx, ws, chat.SpendQuery{Customer: conv.Customer, Day: g.o.Now()}); err != nil {
		return out, err
	}
	st, err := g.o.Models.Standing(ctx, ws, conv.Inbox)
	out.Bound = st.Budget.Visitor
	out.UsedUp = out.Bound.UsedUp(out.Today)
	return out, err
}

// noBudget is the value of a setting that was taken back.
var noBudget = json.RawMessage(`null`)

func (g *Gateway) budget(ctx context.Context, ws, inbox uuid.UUID) (protocol.BudgetView, error) {
	set, err := g.store.Setting(ctx, ws, inbox, chat.BudgetSetting)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
	case err != nil:
		return protocol.BudgetView{}, err
	case string(set.Value) != string(noBudget):
		out := protocol.BudgetView{Revision: set.Revision, Set: true}
		return out, json.Unmarshal(set.Value, &out.Budget)
	}
	out := protocol.BudgetView{Revision: set.Revision, Budget: chat.DefaultBudget()}
	if inbox != uuid.Nil {
		all, err := g.budget(ctx, ws, uuid.Nil)
		if err != nil {
			return out, err
		}
		out.Budget = all.Budget
	}
	return out, nil
}

func (g *Gateway) putBudget(ctx context.Context, who principal, r protocol.BudgetRequest) (protocol.BudgetView, error) {
	value := noBudget
	if r.Budget != nil {
		if err := r.Budget.Check(); err != nil {
			return protocol.BudgetView{}, err
		}
		var err error
		if value, err = json.Marshal(r.Budget); err != nil {
			return protocol.BudgetView{}, err
		}
	}
	_, err := g.store.PutSetting(ctx, who.workspace.ID, chat.Setting{Inbox: r.Inbox, Name: chat.BudgetSetting, Revision: r.Revision,
		Value: value, By: who.user.ID})
	if err != nil {
		return protocol.BudgetView{}, err
	}
	return g.budget(ctx, who.workspace.ID, r.Inbox)
}
