package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/internal/words"
)

// ListFilter is how a list of conversations is narrowed in the address. It is
// exported for huma, which sets only what it can see.
type ListFilter struct {
	Inbox      uuid.UUID   `query:"inbox"`
	Agent      uuid.UUID   `query:"agent" doc:"Who has it"`
	Team       uuid.UUID   `query:"team" doc:"Whose it is"`
	Tag        uuid.UUID   `query:"tag"`
	Priority   string      `query:"priority" enum:"normal,high,urgent"`
	Reason     chat.Reason `query:"reason" doc:"Why it was last handed over"`
	Language   string      `query:"language" maxLength:"8" doc:"\"de\" is also de-AT"`
	Unanswered bool        `query:"unanswered" doc:"Open, and the customer's last word waits"`
	Waiting    int         `query:"waiting" minimum:"0" maximum:"525600" doc:"Unanswered for so many minutes or longer"`
	From       time.Time   `query:"from" doc:"Last changed then or later"`
	Until      time.Time   `query:"until" doc:"Last changed before then"`
	IDs        []string    `query:"ids" maxItems:"200" doc:"Only these: which of those that changed are in the list, and where"`
}

func (f ListFilter) filter(now time.Time) (chat.Filter, error) {
	out := chat.Filter{Inbox: f.Inbox, Agent: f.Agent, Team: f.Team, Tag: f.Tag, Reason: f.Reason, Language: clean(f.Language),
		Unanswered: f.Unanswered, From: f.From, Until: f.Until}
	if f.Priority != "" {
		p := chat.Priority(f.Priority)
		if f.Priority == "normal" {
			p = chat.PriorityNormal
		}
		out.Priority = &p
	}
	if f.Waiting > 0 {
		out.WaitsSince = now.Add(-time.Duration(f.Waiting) * time.Minute)
	}
	for _, text := range f.IDs {
		id, err := uuid.Parse(text)
		if err != nil {
			return out, chat.Errorf(chat.CodeInvalid, "%q is no id of a conversation.", cutBytes(text, 40))
		}
		out.IDs = append(out.IDs, id)
	}
	return out, nil
}

// searchOps are tags and the search over conversations.
func (g *Gateway) searchOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/search/conversations", "searchConversations",
		"Find conversations by their words, the ones that began last first. All words must occur; \"quoted words\" follow each other; the last word may be the beginning of one", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Q      string `query:"q" required:"true" maxLength:"400"`
			Cursor string `query:"cursor"`
			Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
		}) (protocol.SearchList, error) {
			return g.search(ctx, who.workspace.ID, chat.SearchQuery{Text: clean(in.Q), Cursor: clean(in.Cursor), Limit: in.Limit})
		})
	op(g, a, route{http.MethodGet, "/tags", "listTags", "The tags, and how many conversations have each", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.TagList, error) { return g.tags(ctx, who) })
	op(g, a, route{http.MethodPut, "/conversations/{id}/tags", "setTags", "Give a conversation its tags; new ones are made", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.TagsRequest
		}) (protocol.ConversationRow, error) {
			ws := who.workspace.ID
			c, err := g.store.SetTags(ctx, ws, in.ID, in.Body.Tags)
			if err != nil {
				return protocol.ConversationRow{}, err
			}
			names, err := g.names(ctx, ws)
			if err != nil {
				return protocol.ConversationRow{}, err
			}
			return g.row(ctx, ws, c, names)
		})
	op(g, a, route{http.MethodPut, "/tags/{id}", "renameTag", "Give a tag another name", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.TagRequest
		}) (protocol.TagList, error) {
			if err := g.store.RenameTag(ctx, who.workspace.ID, in.ID, in.Body.Name); err != nil {
				return protocol.TagList{}, err
			}
			return g.tags(ctx, who)
		})
	op(g, a, route{http.MethodPost, "/tags/{id}/merge", "mergeTag", "Make one tag of two: the other takes its conversations", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.TagMergeRequest
		}) (protocol.TagList, error) {
			if err := g.store.MergeTags(ctx, who.workspace.ID, in.ID, in.Body.Into); err != nil {
				return protocol.TagList{}, err
			}
			return g.tags(ctx, who)
		})
	op(g, a, route{http.MethodDelete, "/tags/{id}", "dropTag", "Take a tag from all conversations", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.TagList, error) {
			if err := g.store.DropTag(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.TagList{}, err
			}
			return g.tags(ctx, who)
		})
}

func (g *Gateway) tags(ctx context.Context, who principal) (protocol.TagList, error) {
	tags, err := g.store.Tags(ctx, who.workspace.ID)
	return protocol.TagList{Data: list(tags)}, err
}

// excerptBytes is how much of an entry is shown of what was found: two lines of
// the list.
const excerptBytes = 140

func (g *Gateway) search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (protocol.SearchList, error) {
	page, err := g.store.Search(ctx, ws, q)
	if err != nil {
		return protocol.SearchList{}, err
	}
	convs := make([]chat.Conversation, len(page.Hits))
	for i, h := range page.Hits {
		convs[i] = h.Conversation
	}
	rows, err := g.rows(ctx, ws, convs)
	if err != nil {
		return protocol.SearchList{}, err
	}
	out := protocol.SearchList{Data: make([]protocol.SearchHit, len(rows)), NextCursor: page.Next, Behind: page.Behind}
	query := words.Parse(q.Text)
	for i, row := range rows {
		hit := protocol.SearchHit{ConversationRow: row, Name: marked(query.Excerpt(row.CustomerName, excerptBytes))}
		text := row.Subject
		if e := page.Hits[i].Entry; e != nil {
			hit.Log, hit.Seq, hit.At, hit.From = e.Log, e.Seq, e.At, &e.From
			if text = e.Text; text == "" && e.Body.Contact != nil {
				text = e.Body.Contact.Email
			}
			if text == "" && e.Body.Rating != nil {
				text = e.Body.Rating.Comment
			}
		}
		hit.Excerpt = marked(query.Excerpt(text, excerptBytes))
		out.Data[i] = hit
	}
	return out, nil
}

func marked(pieces []words.Piece) []protocol.Piece {
	out := make([]protocol.Piece, len(pieces))
	for i, p := range pieces {
		out[i] = protocol.Piece(p)
	}
	return out
}
