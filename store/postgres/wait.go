package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Waits gives how long the last claimed conversations had waited.
func (s *Store) Waits(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Wait, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "waits")
	}
	waits, err := list(ctx, s.pool, scanWait, `SELECT conversation_id, at, waited, place, min_wait, max_wait
		FROM claims WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2`, ws, limit)
	return waits, s.end(ctx, err, "waits")
}

func scanWait(row pgx.CollectableRow) (w chat.Wait, err error) {
	var micros int64
	err = row.Scan(id(&w.Conversation), &w.At, &micros, &w.Place, &w.MinWait, &w.MaxWait)
	w.Waited = time.Duration(micros) * time.Microsecond
	return w, err
}

// Told gives what a customer was told when the wait began.
func (s *Store) Told(ctx context.Context, ws, conv uuid.UUID) (chat.Told, error) {
	told, err := one(ctx, s.pool, func(row pgx.CollectableRow) (t chat.Told, err error) {
		err = row.Scan(&t.Place, &t.MinWait, &t.MaxWait)
		return t, err
	}, errNoConversation(), `SELECT coalesce(t.place, 0), coalesce(t.min_wait, 0), coalesce(t.max_wait, 0)
		FROM conversations c LEFT JOIN told t ON t.workspace_id = c.workspace_id AND t.conversation_id = c.id
		WHERE c.workspace_id = $1 AND c.id = $2`, ws, conv)
	return told, s.end(ctx, err, "what was told to %s", conv)
}

// putTold notes what the customer of c is told, who begins to wait.
func putTold(ctx context.Context, x pgx.Tx, c rule.Talk, t chat.Told) error {
	_, err := x.Exec(ctx, `INSERT INTO told (workspace_id, conversation_id, place, min_wait, max_wait) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET place = $3, min_wait = $4, max_wait = $5`,
		c.Workspace, c.ID, t.Place, t.MinWait, t.MaxWait)
	return err
}

// putClaim notes how long c had waited.
func putClaim(ctx context.Context, x pgx.Tx, c rule.Talk, waited time.Duration, now time.Time) error {
	_, err := x.Exec(ctx, `INSERT INTO claims (workspace_id, conversation_id, waited, at, place, min_wait, max_wait)
		SELECT $1, $2, $3, $4, coalesce(max(place), 0), coalesce(max(min_wait), 0), coalesce(max(max_wait), 0)
		FROM told WHERE workspace_id = $1 AND conversation_id = $2`, c.Workspace, c.ID, waited.Microseconds(), now)
	return err
}
