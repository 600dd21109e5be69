package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// headSlots is over how many rows a workspace's count of changes is spread.
// The committer of a node has one of them, other transactions take any: with
// 16, two that have nothing to do with each other seldom wait.
const headSlots = 16

// bumpSQL counts a change of a conversation. The row stays locked until the
// commit, so it comes last in a transaction.
const bumpSQL = `INSERT INTO inbox_heads AS h (workspace_id, slot, changes) VALUES ($1, $2, 1)
	ON CONFLICT (workspace_id, slot) DO UPDATE SET changes = h.changes + 1`

func bump(ctx context.Context, x pgx.Tx, ws uuid.UUID) error {
	_, err := x.Exec(ctx, bumpSQL, ws, rand.N(headSlots))
	return err
}

func queueBump(b *pgx.Batch, ws uuid.UUID) { b.Queue(bumpSQL, ws, rand.N(headSlots)) }

// InboxHead gives the number of changes so far.
func (s *Store) InboxHead(ctx context.Context, ws uuid.UUID) (int64, error) {
	head, err := one(ctx, s.pool, pgx.RowTo[int64], errNoWorkspace(), `SELECT
		coalesce((SELECT sum(changes) FROM inbox_heads WHERE workspace_id = w.id), 0)::bigint FROM workspaces w WHERE id = $1`, ws)
	return head, s.end(ctx, err, "inbox head")
}

// CountConversations counts the views.
func (s *Store) CountConversations(ctx context.Context, ws, agent uuid.UUID) (n chat.Counts, err error) {
	err = s.pool.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM conversations WHERE workspace_id = $1 AND waiting_since IS NOT NULL),
		(SELECT count(*) FROM conversations WHERE workspace_id = $1 AND agent_id = $2 AND status = 'open' AND owner = 'agent' AND snoozed_until IS NULL),
		(SELECT count(*) FROM team_members m JOIN conversations c
			ON c.workspace_id = m.workspace_id AND c.team_id = m.team_id AND c.team_id IS NOT NULL AND c.status = 'open'
			WHERE m.workspace_id = $1 AND m.user_id = $2),
		(SELECT count(*) FROM conversations WHERE workspace_id = $1 AND agent_id = $2 AND snoozed_until IS NOT NULL)`,
		ws, agent).Scan(&n.Queue, &n.Mine, &n.Team, &n.Snoozed)
	return n, s.end(ctx, err, "count conversations")
}

// Due gives those whose snooze is over.
func (s *Store) Due(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Conversation, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "due")
	}
	found, err := list(ctx, s.pool, scanConversation, `SELECT `+conversationColumns+` FROM conversations
		WHERE workspace_id = $1 AND snoozed_until <= $2 ORDER BY snoozed_until, id LIMIT $3`, ws, s.time(), limit)
	return found, s.end(ctx, err, "due")
}

// Heads gives the heads of those that exist.
func (s *Store) Heads(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Head, error) {
	heads, err := list(ctx, s.pool, func(row pgx.CollectableRow) (h chat.Head, err error) {
		err = row.Scan(id(&h.Conversation), id(&h.Customer), &h.LastSeq, &h.StaffSeq, &h.Epoch)
		return h, err
	}, `SELECT id, customer_id, last_seq, staff_seq, epoch FROM conversations WHERE workspace_id = $1 AND id = ANY ($2)`, ws, uuids(ids))
	return heads, s.end(ctx, err, "heads of %d conversations", len(ids))
}

// Awaiting gives the bot's conversations that nobody has answered.
func (s *Store) Awaiting(ctx context.Context, ws uuid.UUID, before time.Time, limit int) ([]chat.Conversation, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "awaiting")
	}
	// The condition on last_from or customer_seq is the index's own.
	found, err := list(ctx, s.pool, scanConversation, `SELECT `+conversationColumns+` FROM conversations
		WHERE workspace_id = $1 AND status = 'open' AND owner <> 'agent' AND (last_from = 'customer' OR customer_seq > answered_seq)
			AND customer_at < $2 AND owner = 'bot' AND customer_seq > answered_seq
		ORDER BY customer_at, id LIMIT $3`, ws, before, limit)
	return found, s.end(ctx, err, "awaiting")
}

// Orphans counts who waits for nobody.
func (s *Store) Orphans(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := one(ctx, s.pool, pgx.RowTo[int], nil, `SELECT count(*) FROM conversations
		WHERE workspace_id = $1 AND status = 'open' AND owner <> 'agent' AND (last_from = 'customer' OR customer_seq > answered_seq)
			AND customer_at < $2 AND last_from = 'customer' AND NOT (owner = 'queue' AND promised_at IS NOT NULL AND promised_at > $3)`,
		ws, before, s.time())
	if err != nil {
		return 0, s.end(ctx, err, "orphans")
	}
	left, err := one(ctx, s.pool, pgx.RowTo[int], nil, `SELECT count(*) FROM conversations c
		LEFT JOIN presence p ON p.workspace_id = c.workspace_id AND p.user_id = c.agent_id
		WHERE c.workspace_id = $1 AND c.status = 'open' AND c.owner = 'agent' AND c.last_from = 'customer' AND c.customer_at < $2
			AND (p.state IS NULL OR p.state = 'offline' OR p.seen_at < $3) AND (c.promised_at IS NULL OR c.promised_at <= $4)`,
		ws, before, s.time().Add(-chat.PresenceTTL), s.time())
	return n + left, s.end(ctx, err, "orphans")
}

// QueuePlace counts who waits as long or longer.
func (s *Store) QueuePlace(ctx context.Context, ws, conv uuid.UUID) (int, error) {
	place, err := one(ctx, s.pool, pgx.RowTo[int], errNoConversation(), `SELECT CASE WHEN c.waiting_since IS NULL THEN 0 ELSE
			(SELECT count(*) FROM conversations q WHERE q.workspace_id = c.workspace_id
				AND q.waiting_since IS NOT NULL
				AND q.queued_at <= c.queued_at AND (q.queued_at, q.id) <= (c.queued_at, c.id)) END
		FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2`, ws, conv)
	return place, s.end(ctx, err, "place of %s in the queue", conv)
}
