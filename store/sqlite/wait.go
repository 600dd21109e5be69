package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Waits gives how long the last claimed ones had waited.
func (s *Store) Waits(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Wait, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "waits")
	}
	waits, err := list(ctx, s, scanWait, `SELECT c.id, w.at, w.waited, w.place, w.min_wait, w.max_wait
		FROM waits w JOIN conversations c ON c.n = w.conversation WHERE w.workspace_id = ? ORDER BY w.n DESC LIMIT ?`, ws[:], limit)
	return waits, wrap(err, "waits")
}

func scanWait(r row) (w chat.Wait, err error) {
	var at, waited int64
	err = r.Scan(&w.Conversation, &at, &waited, &w.Place, &w.MinWait, &w.MaxWait)
	w.At, w.Waited = timeOf(at), time.Duration(waited)*time.Microsecond
	return w, err
}

// Told gives what a customer was told when the wait began.
func (s *Store) Told(ctx context.Context, ws, conv uuid.UUID) (chat.Told, error) {
	told, err := one(s.read(ctx), func(r row) (t chat.Told, err error) {
		err = r.Scan(&t.Place, &t.MinWait, &t.MaxWait)
		return t, err
	}, errNoConversation(), `SELECT coalesce(t.place, 0), coalesce(t.min_wait, 0), coalesce(t.max_wait, 0)
		FROM conversations c LEFT JOIN told t ON t.conversation = c.n WHERE c.workspace_id = ? AND c.id = ?`, ws[:], conv[:])
	return told, wrap(err, "what was told to %s", conv)
}

// putTold notes what the customer of c is told, who begins to wait.
func (x *tx) putTold(c state, t chat.Told) error {
	_, err := x.put(`INSERT INTO told (conversation, place, min_wait, max_wait) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (conversation) DO UPDATE SET place = ?2, min_wait = ?3, max_wait = ?4`, c.n, t.Place, t.MinWait, t.MaxWait)
	return err
}

// putWait notes how long c had waited.
func (x *tx) putWait(c state, waited time.Duration) error {
	_, err := x.put(`INSERT INTO waits (workspace_id, conversation, waited, at, place, min_wait, max_wait) VALUES (?1, ?2, ?3, ?4,
		coalesce((SELECT place FROM told WHERE conversation = ?2), 0),
		coalesce((SELECT min_wait FROM told WHERE conversation = ?2), 0),
		coalesce((SELECT max_wait FROM told WHERE conversation = ?2), 0))`, c.Workspace[:], c.n, waited.Microseconds(), micros(x.now))
	return err
}
