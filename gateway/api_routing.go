package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// routingOps are how conversations come to agents, and what agents can take.
func (g *Gateway) routingOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/routing", "getRouting", "How conversations that wait come to agents", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.RoutingView, error) {
			return g.routing(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodPut, "/routing", "putRouting", "Set how conversations that wait come to agents", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.RoutingRequest]) (protocol.RoutingView, error) {
			return g.putRouting(ctx, who, in.Body)
		})
	op(g, a, route{http.MethodGet, "/profiles", "listProfiles", "What agents can take: capacity, skills and languages", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.ProfileList, error) {
			all, err := g.store.Profiles(ctx, who.workspace.ID)
			return protocol.ProfileList{Data: list(all)}, err
		})
	op(g, a, route{http.MethodPut, "/users/{id}/profile", "putProfile", "Set what an agent can take; one's own languages, or, as an admin, everything of everybody", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.ProfileRequest
		}) (chat.Profile, error) {
			return g.putProfile(ctx, who, chat.Profile{User: in.ID, Capacity: in.Body.Capacity, Skills: cleanAll(in.Body.Skills), Languages: cleanAll(in.Body.Languages)})
		})
	op(g, a, route{http.MethodGet, "/offers", "listOffers", "What is offered to me now, the longest waiting first", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, _ *none) (protocol.OfferList, error) {
			return g.offers(ctx, who)
		})
}

func (g *Gateway) routing(ctx context.Context, ws uuid.UUID) (protocol.RoutingView, error) {
	out := protocol.RoutingView{Routing: chat.DefaultRouting()}
	set, err := g.store.Setting(ctx, ws, uuid.Nil, chat.RoutingSetting)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Revision = set.Revision
	err = json.Unmarshal(set.Value, &out.Routing)
	out.Routing.Rules = list(out.Routing.Rules)
	return out, err
}

func (g *Gateway) putRouting(ctx context.Context, who principal, r protocol.RoutingRequest) (protocol.RoutingView, error) {
	for i := range r.Routing.Rules {
		rule := &r.Routing.Rules[i]
		rule.Name, rule.Value, rule.Skills = clean(rule.Name), clean(rule.Value), cleanAll(rule.Skills)
	}
	routing, err := r.Routing.Clean()
	if err != nil {
		return protocol.RoutingView{}, err
	}
	value, err := json.Marshal(routing)
	if err != nil {
		return protocol.RoutingView{}, err
	}
	if _, err := g.store.PutSetting(ctx, who.workspace.ID, chat.Setting{Name: chat.RoutingSetting, Revision: r.Revision, Value: value, By: who.user.ID}); err != nil {
		return protocol.RoutingView{}, err
	}
	return g.routing(ctx, who.workspace.ID)
}

// putProfile sets a profile. Agents know what they speak; how much they take,
// and of what, is for admins to say.
func (g *Gateway) putProfile(ctx context.Context, who principal, p chat.Profile) (chat.Profile, error) {
	p, err := p.Clean()
	if err != nil {
		return p, err
	}
	if !who.user.Role.Can(chat.RoleAdmin) {
		all, err := g.store.Profiles(ctx, who.workspace.ID)
		if err != nil {
			return p, err
		}
		was := chat.Profile{User: p.User}
		if i := slices.IndexFunc(all, func(o chat.Profile) bool { return o.User == p.User }); i >= 0 {
			was = all[i]
		}
		if p.User != who.user.ID || p.Capacity != was.Capacity || !slices.Equal(p.Skills, was.Skills) {
			return p, chat.Errorf(chat.CodeForbidden, "You may set your own languages. The rest is for an admin.")
		}
	}
	p, err = g.store.PutProfile(ctx, who.workspace.ID, p)
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = chat.Errorf(chat.CodeNotFound, "There is no such user.")
	}
	return p, err
}

// offers gives what of the queue's front is offered to who.
func (g *Gateway) offers(ctx context.Context, who principal) (protocol.OfferList, error) {
	now := g.now()
	out := protocol.OfferList{Data: []protocol.ConversationRow{}, Now: now}
	page, err := g.store.Conversations(ctx, who.workspace.ID, chat.ConversationQuery{View: chat.ViewQueue, Limit: queueLimit})
	if err != nil {
		return out, err
	}
	mine := slices.DeleteFunc(page.Conversations, func(c chat.Conversation) bool { return c.Offered != who.user.ID || !c.OfferStands(now) })
	if len(mine) == 0 {
		return out, nil
	}
	names, err := g.names(ctx, who.workspace.ID)
	if err != nil {
		return out, err
	}
	for _, c := range mine {
		row, err := g.row(ctx, who.workspace.ID, c, names)
		if err != nil {
			return out, err
		}
		out.Data = append(out.Data, row)
	}
	return out, nil
}

func cleanAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = clean(t)
	}
	return out
}
