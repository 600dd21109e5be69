package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Assistant helps agents write: see bot/assist. Nothing of it is sent.
type Assistant interface {
	// Suggest makes a reply to what the customer wrote last, with its sources.
	// Its text is empty where no article has an answer.
	Suggest(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error)
	Reword(ctx context.Context, ws, conv uuid.UUID, text, manner string) (protocol.AssistReply, error)
	Translate(ctx context.Context, ws, conv uuid.UUID, text, to string) (protocol.AssistReply, error)
	Summary(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error)
	Tags(ctx context.Context, ws, conv uuid.UUID, list []string, most int) (protocol.AssistReply, error)
	Article(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error)
}

// mostTags is how many tags a conversation is given at once.
const mostTags = 3

// assistOps help an agent with one conversation.
func (g *Gateway) assistOps(a huma.API) {
	type use struct {
		name, summary string
		fn            func(ctx context.Context, ws, conv uuid.UUID, r protocol.AssistRequest) (protocol.AssistReply, error)
	}
	for _, u := range []use{
		{"suggest", "A reply to what the customer wrote last, out of the articles", func(ctx context.Context, ws, conv uuid.UUID, _ protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Suggest(ctx, ws, conv)
		}},
		{"reword", "An agent's text, shorter, kinder or more formal", func(ctx context.Context, ws, conv uuid.UUID, r protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Reword(ctx, ws, conv, r.Text, r.Manner)
		}},
		{"translate", "A text in another language, by the language model", func(ctx context.Context, ws, conv uuid.UUID, r protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Translate(ctx, ws, conv, r.Text, r.To)
		}},
		{"summary", "What the conversation came to", func(ctx context.Context, ws, conv uuid.UUID, _ protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Summary(ctx, ws, conv)
		}},
		{"tags", "Which of a list of tags fit the conversation", func(ctx context.Context, ws, conv uuid.UUID, r protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Tags(ctx, ws, conv, r.Tags, mostTags)
		}},
		{"article", "The draft of an article out of the conversation", func(ctx context.Context, ws, conv uuid.UUID, _ protocol.AssistRequest) (protocol.AssistReply, error) {
			return g.o.Assist.Article(ctx, ws, conv)
		}},
	} {
		op(g, a, route{http.MethodPost, "/conversations/{id}/assist/" + u.name, u.name + "ForAgent", u.summary, 0}, chat.RoleAgent,
			func(ctx context.Context, who principal, in *struct {
				ByID
				Body protocol.AssistRequest
			}) (protocol.AssistReply, error) {
				if g.o.Assist == nil {
					return protocol.AssistReply{}, chat.Errorf(chat.CodeUnavailable, "This server has no assistance.")
				}
				in.Body.Text = clean(in.Body.Text)
				r, err := u.fn(ctx, who.workspace.ID, in.ID, in.Body)
				r.Tags = list(r.Tags)
				return r, err
			})
	}
}
