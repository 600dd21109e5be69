package gateway

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// viewStore keeps lists of conversations under a name.
type viewStore interface {
	PutSavedView(ctx context.Context, ws uuid.UUID, v chat.SavedView) (chat.SavedView, error)
	SavedViews(ctx context.Context, ws, owner uuid.UUID) ([]chat.SavedView, error)
	DropSavedView(ctx context.Context, ws, id uuid.UUID) error
}

// viewOps are the saved views. As with canned replies, everybody's are the admins' to change.
func (g *Gateway) viewOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/views", "listSavedViews", "The saved views of who asks, then everybody's, each by name", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.SavedViewList, error) {
			all, err := g.store.SavedViews(ctx, who.workspace.ID, who.user.ID)
			return protocol.SavedViewList{Data: list(all)}, err
		})
	op(g, a, route{http.MethodPost, "/views", "createSavedView", "Save a view: a list of conversations, narrowed, under a name", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.SavedViewRequest]) (chat.SavedView, error) {
			return g.putView(ctx, who, uuid.Nil, in.Body)
		})
	op(g, a, route{http.MethodPut, "/views/{id}", "putSavedView", "Change a saved view", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.SavedViewRequest
		}) (chat.SavedView, error) {
			if err := g.mayChangeView(ctx, who, in.ID); err != nil {
				return chat.SavedView{}, err
			}
			return g.putView(ctx, who, in.ID, in.Body)
		})
	op(g, a, route{http.MethodDelete, "/views/{id}", "dropSavedView", "Remove a saved view", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (done, error) {
			if err := g.mayChangeView(ctx, who, in.ID); err != nil {
				return done{}, err
			}
			return done{true}, g.store.DropSavedView(ctx, who.workspace.ID, in.ID)
		})
}

// putView saves a view; a zero id makes a new one.
func (g *Gateway) putView(ctx context.Context, who principal, id uuid.UUID, r protocol.SavedViewRequest) (chat.SavedView, error) {
	v := chat.SavedView{ID: id, Owner: who.user.ID, Name: strings.TrimSpace(clean(r.Name)), View: r.View, Query: clean(r.Query)}
	if r.Shared {
		v.Owner = uuid.Nil
	}
	if err := mayOwnView(who.user, v.Owner); err != nil {
		return chat.SavedView{}, err
	}
	all, err := g.store.SavedViews(ctx, who.workspace.ID, who.user.ID)
	if err != nil {
		return chat.SavedView{}, err
	}
	// Two at the same moment may pass the limit by one, which harms nobody.
	same := func(old chat.SavedView) bool { return old.Owner == v.Owner && old.ID != id }
	if others := slices.DeleteFunc(all, func(old chat.SavedView) bool { return !same(old) }); len(others) >= chat.MaxSavedViews {
		return chat.SavedView{}, chat.Errorf(chat.CodeConflict, "There are %d views already. Remove one that is no longer used.", len(others))
	}
	return g.store.PutSavedView(ctx, who.workspace.ID, v)
}

// mayChangeView says whether who may change a view. Those of others do not exist for who.
func (g *Gateway) mayChangeView(ctx context.Context, who principal, id uuid.UUID) error {
	all, err := g.store.SavedViews(ctx, who.workspace.ID, who.user.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(v chat.SavedView) bool { return v.ID == id })
	if i < 0 {
		return chat.Errorf(chat.CodeNotFound, "This view is no longer there.")
	}
	return mayOwnView(who.user, all[i].Owner)
}

func mayOwnView(u chat.User, owner uuid.UUID) error {
	if owner == uuid.Nil && !u.Role.Can(chat.RoleAdmin) {
		return chat.Errorf(chat.CodeForbidden, "Views of the whole team are changed by admins. You can save one of your own.")
	}
	return nil
}
