package gateway

import (
	"context"
	"encoding/base32"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// ByID is the id in the path. It is exported for huma, which sets only what it can see.
type ByID struct {
	ID uuid.UUID `path:"id"`
}

// conversationOps are the inbox and what an agent does in it.
func (g *Gateway) conversationOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/conversations", "listConversations", "One page of a view of the inbox", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			View   chat.View `query:"view" enum:"queue,mine,team,snoozed,all,closed" default:"queue"`
			Sort   chat.Sort `query:"sort" enum:"newest,oldest,waiting,priority" doc:"Left out: the view's own order"`
			Cursor string    `query:"cursor"`
			Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
			ListFilter
		}) (protocol.ConversationList, error) {
			filter, err := in.filter(g.now())
			if err != nil {
				return protocol.ConversationList{}, err
			}
			return g.listConversations(ctx, who, chat.ConversationQuery{View: in.View, Agent: who.user.ID, Filter: filter,
				Sort: in.Sort, Limit: in.Limit, Cursor: clean(in.Cursor)})
		})
	op(g, a, route{http.MethodGet, "/conversations/{id}", "getConversation", "A conversation with its brief", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.ConversationView, error) {
			return g.conversation(ctx, who, in.ID)
		})
	op(g, a, route{http.MethodGet, "/conversations/{id}/entries", "listEntries", "A part of a conversation's log", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Log   chat.Log `query:"log" enum:"public,staff" default:"public"`
			After int64    `query:"after" minimum:"0"`
			Limit int      `query:"limit" minimum:"1" maximum:"500" default:"200"`
		}) (protocol.EntryList, error) {
			entries, err := g.store.Entries(ctx, who.workspace.ID, in.ID, in.Log, in.After, in.Limit)
			return protocol.EntryList{Data: list(g.faced(ctx, who.workspace.ID, entries))}, err
		})
	op(g, a, route{http.MethodPost, "/conversations/{id}/reply", "replyConversation", "Write to the customer, or a note to the staff", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.ReplyRequest
		}) (chat.Entry, error) {
			return g.reply(ctx, who, in.ID, in.Body)
		})
}

func (g *Gateway) reply(ctx context.Context, who principal, conv uuid.UUID, r protocol.ReplyRequest) (chat.Entry, error) {
	text, err := messageText(r.Text, len(r.Files))
	if err != nil {
		return chat.Entry{}, err
	}
	if err := checkClientID(r.ClientID); err != nil {
		return chat.Entry{}, err
	}
	sources, err := g.sources(ctx, who.workspace.ID, r.Citations)
	if err != nil {
		return chat.Entry{}, err
	}
	d := chat.Draft{ClientID: r.ClientID, Text: text, Body: chat.Body{Sources: sources}}
	if r.Note {
		d.Log = chat.LogStaff
		if d.Body.Mentions, err = g.mentioned(ctx, who.workspace.ID, r.Mentions); err != nil {
			return chat.Entry{}, err
		}
	}
	d.From = chat.Sender{Kind: chat.PartyAgent, ID: who.user.ID}
	if err := g.attach(ctx, who.workspace.ID, conv, &d, r.Files); err != nil {
		return chat.Entry{}, err
	}
	if !r.Note {
		// Before it is stored, so that no crash comes between; a letter finds out by itself what there is to send.
		if err := g.o.Mail.Answering(ctx, who.workspace.ID, conv); err != nil {
			g.log.Error("gateway: an answer may not go by e-mail", "conversation", conv, "err", err)
		}
	}
	e, err := g.desk.Reply(ctx, who.workspace.ID, conv, who.user, d)
	if err == nil {
		g.metrics.message(chat.PartyAgent)
	}
	if err == nil && len(e.Mentions) > 0 {
		g.tellMentioned(who.workspace.ID, e)
	}
	return e, err
}

// maxSources is how many articles a reply may name: more than any reads.
const maxSources = 10

// sources gives the articles that a reply names, as the store has them.
// Internal and withdrawn ones are refused: the customer sees what comes out.
func (g *Gateway) sources(ctx context.Context, ws uuid.UUID, named []chat.Citation) ([]chat.Citation, error) {
	if len(named) > maxSources {
		return nil, chat.Errorf(chat.CodeInvalid, "A reply names at most %d articles.", maxSources)
	}
	var out []chat.Citation
	for _, c := range named {
		a, err := g.store.ArticleVersion(ctx, ws, c.Version)
		if err == nil && (a.Visibility != knowledge.Public || a.Status != knowledge.StatusPublished) {
			err = chat.Errorf(chat.CodeNotFound, "not public")
		}
		if chat.CodeOf(err) == chat.CodeNotFound {
			return nil, chat.Errorf(chat.CodeInvalid, "An article that the reply names is not public any more. Take the source out, or write the reply without it.")
		}
		if err != nil {
			return nil, err
		}
		source := chat.Citation{N: len(out) + 1, Article: a.ID, Version: a.Version, Number: a.Number, ExternalID: a.ExternalID, Title: a.Title, URL: webURL(a.URL), Spans: []chat.Span{}}
		for _, span := range c.Spans {
			if 0 <= span.Start && span.Start < span.End && span.End <= len(a.Body) && len(source.Spans) < maxSpans {
				source.Spans = append(source.Spans, span)
			}
		}
		out = append(out, source)
	}
	return out, nil
}

func (g *Gateway) listConversations(ctx context.Context, who principal, q chat.ConversationQuery) (protocol.ConversationList, error) {
	ws := who.workspace.ID
	page, err := g.store.Conversations(ctx, ws, q)
	if err != nil {
		return protocol.ConversationList{}, err
	}
	counts, err := g.store.CountConversations(ctx, ws, who.user.ID)
	if err != nil {
		return protocol.ConversationList{}, err
	}
	rows, err := g.rows(ctx, ws, page.Conversations)
	for i := range rows {
		rows[i].Place = page.Places[i]
	}
	return protocol.ConversationList{Data: rows, NextCursor: page.Next, Counts: counts}, err
}

// rows adds the names to conversations.
func (g *Gateway) rows(ctx context.Context, ws uuid.UUID, convs []chat.Conversation) ([]protocol.ConversationRow, error) {
	names, err := g.names(ctx, ws)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(convs))
	for i, c := range convs {
		ids[i] = c.Customer
	}
	customers, err := g.store.Customers(ctx, ws, ids)
	if err != nil {
		return nil, err
	}
	who := make(map[uuid.UUID]chat.Customer, len(customers))
	for _, c := range customers {
		who[c.ID] = c
	}
	out := make([]protocol.ConversationRow, len(convs))
	for i, c := range convs {
		out[i] = rowOf(c, who[c.Customer], names)
	}
	return out, nil
}

func (g *Gateway) conversation(ctx context.Context, who principal, id uuid.UUID) (protocol.ConversationView, error) {
	ws := who.workspace.ID
	var v protocol.ConversationView
	c, err := g.store.Conversation(ctx, ws, id)
	if err != nil {
		return v, err
	}
	names, err := g.names(ctx, ws)
	if err != nil {
		return v, err
	}
	if v.ConversationRow, err = g.row(ctx, ws, c, names); err != nil {
		return v, err
	}
	if v.Person, err = g.store.Customer(ctx, ws, c.Customer); err != nil {
		return v, err
	}
	h, err := g.store.Handoff(ctx, ws, id)
	switch {
	case err == nil:
		v.Handoff = &h
	case chat.CodeOf(err) != chat.CodeNotFound:
		return v, err
	}
	v.Earlier = []protocol.ConversationSummary{}
	earlier, err := g.summaries(ctx, ws, c.Customer, 11)
	for _, e := range earlier {
		if e.ID != id && len(v.Earlier) < 10 {
			v.Earlier = append(v.Earlier, e)
		}
	}
	return v, err
}

// row adds the names to a conversation. Names are those of agents and teams, by id.
func (g *Gateway) row(ctx context.Context, ws uuid.UUID, c chat.Conversation, names map[uuid.UUID]string) (protocol.ConversationRow, error) {
	who, err := g.store.Customer(ctx, ws, c.Customer)
	if err != nil {
		return protocol.ConversationRow{}, err
	}
	return rowOf(c, who, names), nil
}

func rowOf(c chat.Conversation, who chat.Customer, names map[uuid.UUID]string) protocol.ConversationRow {
	return protocol.ConversationRow{Conversation: c, CustomerName: customerName(who), AgentName: names[c.Agent], TeamName: names[c.Team]}
}

// names gives those of agents and teams, by id.
func (g *Gateway) names(ctx context.Context, ws uuid.UUID) (map[uuid.UUID]string, error) {
	users, err := g.store.Users(ctx, ws)
	if err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	teams, err := g.store.Teams(ctx, ws)
	for _, t := range teams {
		names[t.ID] = t.Name
	}
	return names, err
}

// customerName gives a name, an address, or a handle made of the id: "Visitor 7Q2K".
func customerName(c chat.Customer) string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Email != "":
		return c.Email
	}
	return "Visitor " + base32.StdEncoding.EncodeToString(c.ID[12:])[:4]
}
