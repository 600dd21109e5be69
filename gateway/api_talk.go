package gateway

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// talkStore keeps what agents have between them.
type talkStore interface {
	PutMacro(ctx context.Context, ws uuid.UUID, m chat.Macro) (chat.Macro, error)
	Macro(ctx context.Context, ws, id uuid.UUID) (chat.Macro, error)
	Macros(ctx context.Context, ws, owner uuid.UUID) ([]chat.Macro, error)
	DropMacro(ctx context.Context, ws, id uuid.UUID) error
	Mentions(ctx context.Context, ws, user uuid.UUID, limit int) ([]chat.Mention, error)
	CountMentions(ctx context.Context, ws, user uuid.UUID) (int, error)
	SeeMentions(ctx context.Context, ws, user, conv uuid.UUID) (int, error)
	AddGap(ctx context.Context, ws uuid.UUID, g chat.Gap) (chat.Gap, error)
	SetGap(ctx context.Context, ws, id uuid.UUID, state chat.GapState, article uuid.UUID) (chat.Gap, error)
	Gaps(ctx context.Context, ws uuid.UUID, q chat.GapQuery) (chat.GapPage, error)
	JudgedAnswers(ctx context.Context, ws uuid.UUID, q chat.FeedbackQuery) (chat.FeedbackPage, error)
}

// talkOps are canned replies, mentions and gaps.
func (g *Gateway) talkOps(a huma.API) {
	g.macroOps(a)
	op(g, a, route{http.MethodGet, "/mentions", "listMentions", "The notes that mention who asks, newest first", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.MentionList, error) {
			return g.mentions(ctx, who, in.Limit)
		})
	op(g, a, route{http.MethodPost, "/conversations/{id}/mentions/seen", "seeMentions", "Say that one has seen one's mentions in a conversation", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.MentionsSeen, error) {
			ws, user := who.workspace.ID, who.user.ID
			if _, err := g.store.Conversation(ctx, ws, in.ID); err != nil {
				return protocol.MentionsSeen{}, err
			}
			if _, err := g.store.SeeMentions(ctx, ws, user, in.ID); err != nil {
				return protocol.MentionsSeen{}, err
			}
			unseen, err := g.store.CountMentions(ctx, ws, user)
			return protocol.MentionsSeen{Unseen: unseen}, err
		})
	op(g, a, route{http.MethodGet, "/gaps", "listGaps", "One page of the questions that no article answered, newest first", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			State  chat.GapState `query:"state" enum:"open,done,dismissed"`
			Cursor string        `query:"cursor"`
			Limit  int           `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.GapList, error) {
			page, err := g.store.Gaps(ctx, who.workspace.ID, chat.GapQuery{State: in.State, Cursor: clean(in.Cursor), Limit: in.Limit})
			return protocol.GapList{Data: list(page.Gaps), NextCursor: page.Next, Total: page.Total}, err
		})
	op(g, a, route{http.MethodPost, "/gaps", "addGap", "Record a question that the articles should have answered", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *body[protocol.GapRequest]) (chat.Gap, error) {
			c, err := g.store.Conversation(ctx, who.workspace.ID, in.Body.Conversation)
			if err != nil {
				return chat.Gap{}, err
			}
			return g.store.AddGap(ctx, who.workspace.ID, chat.Gap{Conversation: c.ID, Question: clean(in.Body.Question), Locale: c.Locale, By: who.user.ID})
		})
	op(g, a, route{http.MethodGet, "/feedback", "listFeedback", "One page of the answers of which customers said whether they helped, the newest word first", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Unhelpful bool                `query:"unhelpful" doc:"Only those that did not help"`
			Reason    chat.FeedbackReason `query:"reason" enum:"wrong,unclear,outdated,not_what_i_asked,other"`
			Article   uuid.UUID           `query:"article" doc:"What they rest on, first of all"`
			Cursor    string              `query:"cursor"`
			Limit     int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.FeedbackList, error) {
			page, err := g.store.JudgedAnswers(ctx, who.workspace.ID, chat.FeedbackQuery{Unhelpful: in.Unhelpful, Reason: in.Reason, Article: in.Article,
				Cursor: clean(in.Cursor), Limit: in.Limit})
			return protocol.FeedbackList{Data: list(page.Answers), NextCursor: page.Next, Total: page.Total}, err
		})
	op(g, a, route{http.MethodPut, "/gaps/{id}", "setGap", "Say what became of a gap", 0}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.GapChange
		}) (chat.Gap, error) {
			return g.store.SetGap(ctx, who.workspace.ID, in.ID, in.Body.State, in.Body.Article)
		})
}

// macroOps are the canned replies. Everybody's are the admins' to change, an agent's own are hers.
func (g *Gateway) macroOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/macros", "listMacros", "The canned replies of everybody and of who asks", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, _ *none) (protocol.MacroList, error) {
			all, err := g.store.Macros(ctx, who.workspace.ID, who.user.ID)
			for i := range all {
				all[i].Actions = list(all[i].Actions)
			}
			return protocol.MacroList{Data: list(all), Placeholders: chat.Placeholders}, err
		})
	op(g, a, route{http.MethodPost, "/macros", "createMacro", "Make a canned reply", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *body[protocol.MacroRequest]) (chat.Macro, error) {
			in.Body.Revision = 0
			return g.putMacro(ctx, who, uuid.Nil, in.Body)
		})
	op(g, a, route{http.MethodPut, "/macros/{id}", "putMacro", "Change a canned reply", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.MacroRequest
		}) (chat.Macro, error) {
			if in.Body.Revision == 0 {
				return chat.Macro{}, chat.Errorf(chat.CodeInvalid, "A change needs the revision that it follows.")
			}
			old, err := g.store.Macro(ctx, who.workspace.ID, in.ID)
			if err == nil {
				err = mayChange(who.user, old.Owner)
			}
			if err != nil {
				return chat.Macro{}, err
			}
			return g.putMacro(ctx, who, in.ID, in.Body)
		})
	op(g, a, route{http.MethodDelete, "/macros/{id}", "dropMacro", "Remove a canned reply", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *ByID) (done, error) {
			old, err := g.store.Macro(ctx, who.workspace.ID, in.ID)
			if err == nil {
				err = mayChange(who.user, old.Owner)
			}
			if err != nil {
				return done{}, err
			}
			return done{true}, g.store.DropMacro(ctx, who.workspace.ID, in.ID)
		})
}

func (g *Gateway) putMacro(ctx context.Context, who principal, id uuid.UUID, r protocol.MacroRequest) (chat.Macro, error) {
	m := chat.Macro{ID: id, Owner: who.user.ID, Code: clean(r.Code), Name: clean(r.Name), Text: clean(r.Text), Actions: r.Actions,
		Revision: r.Revision, By: who.user.ID}
	if r.Shared {
		m.Owner = uuid.Nil
	}
	if err := mayChange(who.user, m.Owner); err != nil {
		return chat.Macro{}, err
	}
	m, err := g.store.PutMacro(ctx, who.workspace.ID, m)
	m.Actions = list(m.Actions)
	return m, err
}

// mayChange says whether u may change canned replies of owner. Those of others do not exist for u.
func mayChange(u chat.User, owner uuid.UUID) error {
	switch {
	case owner == u.ID && owner != uuid.Nil:
		return nil
	case owner != uuid.Nil:
		return chat.Errorf(chat.CodeNotFound, "This canned reply is no longer there.")
	case !u.Role.Can(chat.RoleAdmin):
		return chat.Errorf(chat.CodeForbidden, "Canned replies of the whole team are changed by admins. You can make one of your own.")
	}
	return nil
}

func (g *Gateway) mentions(ctx context.Context, who principal, limit int) (protocol.MentionList, error) {
	ws, out := who.workspace.ID, protocol.MentionList{Data: []protocol.MentionRow{}}
	all, err := g.store.Mentions(ctx, ws, who.user.ID, limit)
	if err != nil {
		return out, err
	}
	if out.Unseen, err = g.store.CountMentions(ctx, ws, who.user.ID); err != nil {
		return out, err
	}
	names := map[uuid.UUID]string{} // of the customers of conversations
	for _, m := range all {
		if _, ok := names[m.Conversation]; !ok {
			c, err := g.store.Conversation(ctx, ws, m.Conversation)
			if err != nil {
				return out, err
			}
			customer, err := g.store.Customer(ctx, ws, c.Customer)
			if err != nil {
				return out, err
			}
			names[m.Conversation] = customerName(customer)
		}
		out.Data = append(out.Data, protocol.MentionRow{Mention: m, CustomerName: names[m.Conversation]})
	}
	return out, nil
}

// maxMentions is how many people one note mentions: more is everybody.
const maxMentions = 20

// mentioned gives those of ids who are on the staff, each once.
func (g *Gateway) mentioned(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > maxMentions {
		return nil, chat.Errorf(chat.CodeInvalid, "A note mentions at most %d people.", maxMentions)
	}
	users, err := g.store.Users(ctx, ws)
	var out []uuid.UUID
	for _, u := range users {
		if slices.Contains(ids, u.ID) {
			out = append(out, u.ID)
		}
	}
	return out, err
}
