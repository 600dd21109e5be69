package sqlite

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// CountConversations counts the views.
func (s *Store) CountConversations(ctx context.Context, ws, agent uuid.UUID) (n chat.Counts, err error) {
	err = s.read(ctx).queryRow(`SELECT
		(SELECT count(*) FROM conversations WHERE workspace_id = ?1 AND waiting_at > 0),
		(SELECT count(*) FROM conversations WHERE workspace_id = ?1 AND owner = 'agent' AND status = 'open' AND agent_id = ?2 AND snoozed_until = 0),
		(SELECT count(*) FROM team_members m JOIN conversations c
			ON c.workspace_id = m.workspace_id AND c.team_id = m.team_id AND c.team_id IS NOT NULL AND c.status = 'open'
			WHERE m.workspace_id = ?1 AND m.user_id = ?2),
		(SELECT count(*) FROM conversations WHERE workspace_id = ?1 AND snoozed_until > 0 AND agent_id = ?2)`,
		ws[:], agent[:]).Scan(&n.Queue, &n.Mine, &n.Team, &n.Snoozed)
	return n, wrap(err, "count conversations")
}

// Due gives those whose snooze is over.
func (s *Store) Due(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Conversation, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "due")
	}
	found, err := list(ctx, s, scanConversation, `SELECT `+conversationColumns+` FROM conversations
		WHERE workspace_id = ? AND snoozed_until > 0 AND snoozed_until <= ? ORDER BY snoozed_until, id LIMIT ?`, ws[:], micros(s.time()), limit)
	return found, wrap(err, "due")
}

// Heads gives the heads of those of ids that exist.
func (s *Store) Heads(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Head, error) {
	if len(ids) == 0 {
		return nil, wrap(ctxError(ctx, s), "heads")
	}
	set, err := encodeIDs(ids)
	if err != nil {
		return nil, wrap(err, "heads")
	}
	heads, err := list(ctx, s, scanHead, `SELECT id, customer_id, last_seq, staff_seq, epoch FROM conversations
		WHERE workspace_id = ? AND id IN (SELECT unhex(value) FROM json_each(?))`, ws[:], set)
	return heads, wrap(err, "heads")
}

func scanHead(r row) (h chat.Head, err error) {
	err = r.Scan(&h.Conversation, &h.Customer, &h.LastSeq, &h.StaffSeq, &h.Epoch)
	return h, err
}

// encodeIDs is a set of ids as one parameter: a JSON array of hexadecimal strings.
func encodeIDs(ids []uuid.UUID) (string, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = hex.EncodeToString(id[:])
	}
	return encode(texts)
}

// InboxHead gives the number that changes with every conversation.
func (s *Store) InboxHead(ctx context.Context, ws uuid.UUID) (int64, error) {
	head, err := one(s.read(ctx), scanValue[int64], errNoWorkspace(), `SELECT inbox_head FROM workspaces WHERE id = ?`, ws[:])
	return head, wrap(err, "inbox head")
}

// unanswered is the condition of the index conversations_unanswered, word by word.
const unanswered = ` status = 'open' AND (customer_seq > answered_seq OR last_from = 'customer') `

// openWord is where no agent cares for it.
const openWord = unanswered + `AND owner <> 'agent' `

// Awaiting gives what the bot should answer.
func (s *Store) Awaiting(ctx context.Context, ws uuid.UUID, before time.Time, limit int) ([]chat.Conversation, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "awaiting")
	}
	all, err := list(ctx, s, scanConversation, `SELECT `+conversationColumns+` FROM conversations
		WHERE workspace_id = ? AND`+openWord+`AND owner = 'bot' AND customer_seq > answered_seq AND customer_at < ?
		ORDER BY customer_at, id LIMIT ?`, ws[:], micros(before), limit)
	return all, wrap(err, "awaiting")
}

// Orphans counts those nobody cares for.
func (s *Store) Orphans(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := one(s.read(ctx), scanValue[int], nil, `SELECT count(*) FROM conversations
		WHERE workspace_id = ? AND`+openWord+`AND last_from = 'customer' AND customer_at < ?
		AND NOT (owner = 'queue' AND promised_at > ?)`, ws[:], micros(before), micros(s.time()))
	if err != nil {
		return 0, wrap(err, "orphans")
	}
	left, err := one(s.read(ctx), scanValue[int], nil, `SELECT count(*) FROM users u JOIN conversations c
		ON c.workspace_id = u.workspace_id AND c.agent_id = u.id AND c.owner = 'agent' AND c.status = 'open'
		WHERE u.workspace_id = ? AND (u.presence = 'offline' OR u.seen_at < ?)
		AND c.last_from = 'customer' AND c.customer_at < ? AND c.promised_at <= ?`,
		ws[:], micros(s.time().Add(-chat.PresenceTTL)), micros(before), micros(s.time()))
	return n + left, wrap(err, "orphans")
}

// QueuePlace gives a waiting conversation's place.
func (s *Store) QueuePlace(ctx context.Context, ws, conv uuid.UUID) (int, error) {
	n, err := one(s.read(ctx), scanValue[int], errNoConversation(), `SELECT CASE WHEN c.waiting_at = 0 THEN 0 ELSE
			(SELECT count(*) FROM conversations o
			WHERE o.workspace_id = c.workspace_id AND o.waiting_at > 0 AND (o.queued_at, o.id) <= (c.queued_at, c.id))
		END FROM conversations c WHERE c.workspace_id = ? AND c.id = ?`, ws[:], conv[:])
	return n, wrap(err, "queue place of %s", conv)
}

// ctxError is the error of a read that has nothing to ask the database.
func ctxError(ctx context.Context, s *Store) error {
	if s.commit.closed.Load() {
		return errClosed()
	}
	if ctx.Err() != nil {
		return ended(ctx, "nothing was read")
	}
	return nil
}
