package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Conversations gives one page of a view.
func (s *Store) Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error) {
	page, err := s.conversations(ctx, ws, q)
	return page, s.end(ctx, err, "conversations of view %q", q.View)
}

func (s *Store) conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error) {
	l, err := rule.CheckList(q)
	if err != nil {
		return chat.ConversationPage{}, err
	}
	c := conditions{args: pgx.NamedArgs{"ws": ws}}
	c.add("workspace_id = @ws", nil)
	if err := c.view(q); err != nil {
		return chat.ConversationPage{}, err
	}
	if err := c.filter(q.Filter); err != nil {
		return chat.ConversationPage{}, err
	}
	if q.Filter.Tag != uuid.Nil {
		if _, err := one(ctx, s.pool, pgx.RowTo[bool], errNoTag(), `SELECT true FROM tags WHERE workspace_id = $1 AND id = $2`, ws, q.Filter.Tag); err != nil {
			return chat.ConversationPage{}, err
		}
	}
	sql, args := c.page(l)
	// A filter may leave few of a view or nearly all: planned for its values.
	how := []any{args}
	if c.filtered {
		how = []any{pgx.QueryExecModeCacheDescribe, args}
	}
	found, err := list(ctx, s.pool, scanTalk, sql, how...)
	return l.Page(found), err
}

// conditions are a query of conversations in the making. The texts are
// constants; values are bound.
type conditions struct {
	where    []string
	args     pgx.NamedArgs
	filtered bool
}

// add adds a condition, and its values by their names.
func (c *conditions) add(where string, args pgx.NamedArgs) {
	c.where = append(c.where, where)
	for name, value := range args {
		c.args[name] = value
	}
}

// view selects a view.
func (c *conditions) view(q chat.ConversationQuery) error {
	agent := pgx.NamedArgs{"agent": q.Agent}
	switch q.View {
	case chat.ViewQueue:
		c.add("waiting_since IS NOT NULL", nil)
	case chat.ViewMine:
		c.add("status = 'open' AND owner = 'agent' AND agent_id = @agent AND snoozed_until IS NULL", agent)
	case chat.ViewTeam:
		c.add(`status = 'open' AND team_id IS NOT NULL AND EXISTS (SELECT FROM team_members m
			WHERE m.workspace_id = conversations.workspace_id AND m.user_id = @agent AND m.team_id = conversations.team_id)`, agent)
	case chat.ViewSnoozed:
		if c.add("snoozed_until IS NOT NULL", nil); q.Agent != uuid.Nil {
			c.add("agent_id = @agent", agent)
		}
	case chat.ViewAll:
		if q.Customer == uuid.Nil {
			c.add("status = 'open'", nil)
		}
	case chat.ViewClosed:
		c.add("status = 'closed'", nil)
	default:
		return invalid("there is no view %q", q.View)
	}
	if q.Customer != uuid.Nil {
		c.add("customer_id = @customer", pgx.NamedArgs{"customer": q.Customer})
	}
	return nil
}

// unanswered is the condition of the index conversations_unanswered, word by word.
const unanswered = `status = 'open' AND (last_from = 'customer' OR customer_seq > answered_seq)`

// filter adds the conditions of f. Columns that a long view is filtered by are
// in its index (conversations_open, conversations_closed), so that the rows of a
// page alone are read.
func (c *conditions) filter(f chat.Filter) error {
	add := func(where, name string, value any) {
		c.filtered = true
		c.add(where, pgx.NamedArgs{name: value})
	}
	for name, id := range map[string]uuid.UUID{"inbox": f.Inbox, "its_agent": f.Agent, "team": f.Team} {
		if id != uuid.Nil {
			add(strings.TrimPrefix(name, "its_")+"_id = @"+name, name, id)
		}
	}
	if f.Priority != nil {
		add("priority = @priority", "priority", string(*f.Priority))
	}
	if f.Reason != "" {
		add("reason = @reason", "reason", string(f.Reason))
	}
	if f.Language != "" {
		from, before, err := rule.Language(f.Language)
		if err != nil {
			return err
		}
		add(`locale COLLATE "C" >= @locale`, "locale", from)
		add(`locale COLLATE "C" < @beyond`, "beyond", before)
	}
	if f.Unanswered || !f.WaitsSince.IsZero() {
		c.add(unanswered, nil)
	}
	if !f.WaitsSince.IsZero() {
		add("customer_at <= @waits", "waits", f.WaitsSince)
	}
	if !f.From.IsZero() {
		add("updated_at >= @from", "from", f.From)
	}
	if !f.Until.IsZero() {
		add("updated_at < @until", "until", f.Until)
	}
	if f.IDs != nil {
		add("id = ANY (@ids)", "ids", uuids(f.IDs))
	}
	if f.Tag != uuid.Nil {
		add(`EXISTS (SELECT FROM conversation_tags t
			WHERE t.tag_id = @tag AND t.workspace_id = conversations.workspace_id AND t.conversation_id = conversations.id)`, "tag", f.Tag)
	}
	return nil
}

// keys are the columns of the orders, with a place for the direction.
var keys = map[rule.Key]string{
	rule.ByChange: "updated_at", rule.ByQueue: "queued_at", rule.BySnooze: "snoozed_until", rule.ByWait: "customer_at",
	rule.ByPriority: "CASE priority WHEN 'urgent' THEN 2 WHEN 'high' THEN 1 ELSE 0 END, updated_at",
}

// page is the query of one page.
func (c *conditions) page(l rule.List) (string, pgx.NamedArgs) {
	if l.Key == rule.ByWait {
		c.add(unanswered, nil)
	}
	key, beyond, down := keys[l.Key], ">", ""
	if l.Down {
		beyond, down = "<", " DESC"
	}
	places := "@at, @after"
	if l.Key == rule.ByPriority {
		places = "@rank, " + places
		c.args["rank"] = l.After.Rank
	}
	if l.After.ID != uuid.Nil {
		c.add(fmt.Sprintf("(%s, id) %s (%s)", key, beyond, places), pgx.NamedArgs{"at": l.After.At, "after": l.After.ID})
	}
	c.args["limit"] = l.Limit + 1
	return fmt.Sprintf(`SELECT %s FROM conversations WHERE %s ORDER BY %s%s, id%s LIMIT @limit`, conversationColumns,
		strings.Join(c.where, " AND "), strings.ReplaceAll(key, "END,", "END"+down+","), down, down), c.args
}
