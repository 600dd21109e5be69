package gateway

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// moving is the input of a move: the conversation's id, and a body.
type moving[T any] struct {
	ByID
	Body T
}

// mover carries out a move by who.
type mover[T any] func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in T) (chat.Conversation, error)

// deskOps are what an agent does with a conversation beside writing, and teams.
func (g *Gateway) deskOps(a huma.API) {
	moveOp(g, a, "claim", "Take a conversation", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.MoveRequest) (chat.Conversation, error) {
		return g.desk.Claim(ctx, ws, conv, in.Epoch, who)
	})
	moveOp(g, a, "release", "Give a conversation back to the bot", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.MoveRequest) (chat.Conversation, error) {
		return g.desk.Release(ctx, ws, conv, in.Epoch, who)
	})
	moveOp(g, a, "close", "End a conversation", g.close)
	moveOp(g, a, "assign", "Give a conversation to an agent", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.AssignRequest) (chat.Conversation, error) {
		return g.assign(ctx, ws, conv, act(who, in.MoveRequest, in.Note), in.Agent)
	})
	moveOp(g, a, "transfer", "Pass a conversation on: to an agent, to a team's queue, or to everybody's", g.transfer)
	moveOp(g, a, "decline", "Let the offer of a conversation go by", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.NotedRequest) (chat.Conversation, error) {
		return g.desk.Decline(ctx, ws, conv, act(who, in.MoveRequest, in.Note))
	})
	moveOp(g, a, "snooze", "Put a conversation off until a time, or until the customer writes", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.SnoozeRequest) (chat.Conversation, error) {
		return g.desk.Snooze(ctx, ws, conv, act(who, in.MoveRequest, ""), in.Until)
	})
	moveOp(g, a, "wake", "End a snooze", func(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.MoveRequest) (chat.Conversation, error) {
		return g.desk.Wake(ctx, ws, conv, act(who, in, ""))
	})
	g.teamOps(a)
}

// moveOp registers a move. The answer is the conversation's row after it.
func moveOp[T any](g *Gateway, a huma.API, name, summary string, move mover[T]) {
	op(g, a, route{http.MethodPost, "/conversations/{id}/" + name, name + "Conversation", summary, 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *moving[T]) (protocol.ConversationRow, error) {
			c, err := move(ctx, who.workspace.ID, in.ID, who.user, in.Body)
			if err != nil {
				return protocol.ConversationRow{}, err
			}
			return g.moved(ctx, who.workspace.ID, c)
		})
}

func act(who chat.User, m protocol.MoveRequest, note string) chat.Act {
	return chat.Act{By: who, Epoch: m.Epoch, Seen: m.Seen, Note: strings.TrimSpace(clean(note))}
}

func (g *Gateway) close(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.CloseRequest) (chat.Conversation, error) {
	c, err := g.desk.Close(ctx, ws, conv, act(who, in.MoveRequest, in.Note), in.Outcome)
	if err == nil {
		g.ended(ws, conv)
	}
	return c, err
}

func (g *Gateway) ended(ws, conv uuid.UUID) {
	if g.o.OnClosed != nil {
		g.o.OnClosed(chat.Ref{Workspace: ws, Conversation: conv})
	}
}

func (g *Gateway) assign(ctx context.Context, ws, conv uuid.UUID, a chat.Act, agent uuid.UUID) (chat.Conversation, error) {
	to, err := g.store.User(ctx, ws, agent)
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = chat.Errorf(chat.CodeInvalid, "There is no such agent. Reload the list, and choose again.")
	}
	if err != nil {
		return chat.Conversation{}, err
	}
	return g.desk.Assign(ctx, ws, conv, a, to)
}

func (g *Gateway) transfer(ctx context.Context, ws, conv uuid.UUID, who chat.User, in protocol.TransferRequest) (chat.Conversation, error) {
	a := act(who, in.MoveRequest, in.Note)
	switch {
	case in.Agent != uuid.Nil && in.Team != uuid.Nil:
		return chat.Conversation{}, chat.Errorf(chat.CodeInvalid, "Pass it on to an agent or to a team, not to both.")
	case in.Agent != uuid.Nil:
		return g.assign(ctx, ws, conv, a, in.Agent)
	case in.Team == uuid.Nil:
		return g.desk.Transfer(ctx, ws, conv, a, chat.Team{})
	}
	teams, err := g.store.Teams(ctx, ws)
	if err != nil {
		return chat.Conversation{}, err
	}
	for _, t := range teams {
		if t.ID == in.Team {
			return g.desk.Transfer(ctx, ws, conv, a, t)
		}
	}
	return chat.Conversation{}, chat.Errorf(chat.CodeInvalid, "There is no such team. Reload the list, and choose again.")
}

// teamOps are the groups of the staff.
func (g *Gateway) teamOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/teams", "listTeams", "The teams that conversations can wait for", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.TeamList, error) {
			teams, err := g.store.Teams(ctx, who.workspace.ID)
			for i := range teams {
				teams[i].Members = list(teams[i].Members)
			}
			return protocol.TeamList{Data: list(teams)}, err
		})
	op(g, a, route{http.MethodPut, "/teams/{id}", "putTeam", "Make a team under an id of the client's, or change it", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *moving[protocol.TeamRequest]) (chat.Team, error) {
			name := strings.TrimSpace(clean(in.Body.Name))
			if name == "" {
				return chat.Team{}, chat.Errorf(chat.CodeInvalid, "The name is empty.")
			}
			t, err := g.store.PutTeam(ctx, who.workspace.ID, chat.Team{ID: in.ID, Name: name, Members: in.Body.Members})
			switch chat.CodeOf(err) {
			case "":
				g.inboxes.mark(who.workspace.ID, uuid.Nil)
			case chat.CodeConflict:
				err = chat.Errorf(chat.CodeConflict, "There is a team of that name already.")
			case chat.CodeNotFound:
				err = chat.Errorf(chat.CodeInvalid, "One of the members is not on the staff any more. Reload the list, and choose again.")
			}
			t.Members = list(t.Members)
			return t, err
		})
	op(g, a, route{http.MethodDelete, "/teams/{id}", "dropTeam", "Remove a team; what waits for it waits for everybody", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (done, error) {
			return done{true}, g.store.DropTeam(ctx, who.workspace.ID, in.ID)
		})
}

// moved is the row of a conversation that an agent has moved.
func (g *Gateway) moved(ctx context.Context, ws uuid.UUID, c chat.Conversation) (protocol.ConversationRow, error) {
	names, err := g.names(ctx, ws)
	if err != nil {
		return protocol.ConversationRow{}, err
	}
	return g.row(ctx, ws, c, names)
}
