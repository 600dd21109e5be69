package sqlite

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Conversations gives one page of a view.
func (s *Store) Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error) {
	page, err := s.conversations(ctx, ws, q)
	return page, wrap(err, "conversations of view %q", q.View)
}

func (s *Store) conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error) {
	l, err := rule.CheckList(q)
	if err != nil {
		return chat.ConversationPage{}, err
	}
	c := conditions{from: `conversations`}
	c.add(`workspace_id = ?`, ws[:])
	if err := c.view(q); err != nil {
		return chat.ConversationPage{}, err
	}
	if err := c.filter(q.Filter); err != nil {
		return chat.ConversationPage{}, err
	}
	if err := s.narrow(ctx, ws, q, &c); err != nil {
		return chat.ConversationPage{}, err
	}
	query, args := c.page(l)
	found, err := list(ctx, s, scanState, query, args...)
	talks := make([]rule.Talk, len(found))
	for i, c := range found {
		talks[i] = c.Talk
	}
	return l.Page(talks), err
}

// conditions are a query of conversations in the making. The texts are
// constants; values are bound.
type conditions struct {
	from  string
	where []string
	args  []any
}

func (c *conditions) add(where string, args ...any) {
	c.where, c.args = append(c.where, where), append(c.args, args...)
}

// view selects a view.
func (c *conditions) view(q chat.ConversationQuery) error {
	switch q.View {
	case chat.ViewQueue:
		c.add(`waiting_at > 0`)
	case chat.ViewMine:
		c.add(`owner = 'agent' AND status = 'open' AND agent_id = ? AND snoozed_until = 0`, q.Agent[:])
	case chat.ViewTeam:
		c.add(`team_id IS NOT NULL AND status = 'open' AND `+ofMyTeams, q.Agent[:])
	case chat.ViewSnoozed:
		if c.add(`snoozed_until > 0`); q.Agent != uuid.Nil {
			c.add(`agent_id = ?`, q.Agent[:])
		}
	case chat.ViewAll:
		if q.Customer == uuid.Nil {
			c.add(`status = 'open'`)
		}
	case chat.ViewClosed:
		c.add(`status = 'closed'`)
	default:
		return invalid("there is no view %q", q.View)
	}
	return nil
}

// ofMyTeams is that a conversation is of a team that a user is a member of.
const ofMyTeams = `EXISTS (SELECT 1 FROM team_members m
	WHERE m.workspace_id = conversations.workspace_id AND m.user_id = ? AND m.team_id = conversations.team_id)`

// filter adds the conditions that are looked at row by row. All that a long
// view is filtered by is in its index (conversations_by_change), so that the rows
// of a page alone are read.
func (c *conditions) filter(f chat.Filter) error {
	for column, id := range map[string]uuid.UUID{`inbox_id = ?`: f.Inbox, `agent_id = ?`: f.Agent, `team_id = ?`: f.Team} {
		if id != uuid.Nil {
			c.add(column, id[:])
		}
	}
	if f.Priority != nil {
		c.add(`priority = ?`, string(*f.Priority))
	}
	if f.Reason != "" {
		c.add(`reason = ?`, string(f.Reason))
	}
	if f.Language != "" {
		from, before, err := rule.Language(f.Language)
		if err != nil {
			return err
		}
		c.add(`locale >= ? AND locale < ?`, from, before)
	}
	if f.Unanswered || !f.WaitsSince.IsZero() {
		c.add(unanswered)
	}
	if !f.WaitsSince.IsZero() {
		c.add(`customer_at <= ?`, micros(f.WaitsSince))
	}
	if !f.From.IsZero() {
		c.add(`updated_at >= ?`, micros(f.From))
	}
	if !f.Until.IsZero() {
		c.add(`updated_at < ?`, micros(f.Until))
	}
	return nil
}

// fewTagged is up to how many conversations with a tag are read all and sorted;
// where there are more, the view is gone through until a page of them is found.
const fewTagged = 1000

// narrow chooses where the query begins, if not with the view: what it asks
// for may be few of many.
func (s *Store) narrow(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery, c *conditions) error {
	if q.Customer != uuid.Nil {
		// A customer has few: any other index would read everybody's.
		c.from = `conversations INDEXED BY conversations_by_customer`
		c.add(`customer_id = ?`, q.Customer[:])
	}
	if q.Filter.IDs != nil {
		set, err := encodeIDs(q.Filter.IDs)
		if err != nil {
			return err
		}
		c.from = `conversations INDEXED BY sqlite_autoindex_conversations_1`
		c.add(`id IN (SELECT unhex(value) FROM json_each(?))`, set)
	}
	if q.Filter.Tag == uuid.Nil {
		return nil
	}
	tag, err := one(s.read(ctx), scanValue[int64], errNoTag(), `SELECT n FROM tags WHERE workspace_id = ? AND id = ?`, ws[:], q.Filter.Tag[:])
	if err != nil {
		return err
	}
	n, err := one(s.read(ctx), scanValue[int], nil, `SELECT count(*) FROM (SELECT 1 FROM conversation_tags WHERE tag = ? LIMIT ?)`, tag, fewTagged+1)
	if err != nil {
		return err
	}
	if n > fewTagged || c.from != `conversations` {
		c.add(`EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tag = ? AND t.conversation = conversations.n)`, tag)
		return nil
	}
	c.from = `conversation_tags t CROSS JOIN conversations ON n = t.conversation`
	c.add(`t.tag = ?`, tag)
	return nil
}

// keys are the columns of the orders.
var keys = map[rule.Key]string{
	rule.ByChange: `updated_at`, rule.ByQueue: `queued_at`, rule.BySnooze: `snoozed_until`, rule.ByWait: `customer_at`,
	rule.ByPriority: `CASE priority WHEN 'urgent' THEN 2 WHEN 'high' THEN 1 ELSE 0 END, updated_at`,
}

// page is the query of one page.
func (c *conditions) page(l rule.List) (string, []any) {
	if l.Key == rule.ByWait {
		c.add(unanswered)
	}
	key := keys[l.Key]
	beyond, down := `>`, ``
	if l.Down {
		beyond, down = `<`, ` DESC`
	}
	after := []any{l.After.At.UnixMicro(), l.After.ID[:]}
	places := `?, ?`
	if l.Key == rule.ByPriority {
		after, places = append([]any{l.After.Rank}, after...), `?, ?, ?`
	}
	c.add(`(`+key+`, id) `+beyond+` (`+places+`)`, after...)
	return `SELECT ` + conversationColumns + ` FROM ` + c.from + ` WHERE ` + strings.Join(c.where, ` AND `) +
		` ORDER BY ` + strings.ReplaceAll(key, `END,`, `END`+down+`,`) + down + `, id` + down + ` LIMIT ?`, append(c.args, l.Limit+1)
}
