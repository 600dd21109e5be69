package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// putMentions notes whom e, which is in c's log, names.
func (x *tx) putMentions(c state, e chat.Entry) error {
	for _, user := range e.Mentions {
		if _, err := x.put(`INSERT INTO mentions (workspace_id, user_id, at, conversation, seq) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			c.Workspace[:], user[:], micros(e.At), c.n, e.Seq); err != nil {
			return err
		}
	}
	return nil
}

func scanMention(r row) (m chat.Mention, err error) {
	var at, seen int64
	err = r.Scan(&m.Conversation, &m.Seq, &at, &seen, &m.From.Kind, &m.From.ID, &m.From.Name, &m.Text)
	m.At, m.SeenAt = timeOf(at), timeOf(seen)
	return m, err
}

// Mentions lists those of user, newest first.
func (s *Store) Mentions(ctx context.Context, ws, user uuid.UUID, limit int) ([]chat.Mention, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "mentions")
	}
	all, err := list(ctx, s, scanMention, `SELECT c.id, m.seq, m.at, m.seen_at, e.from_kind, e.from_id, e.from_name, e.text
		FROM mentions m JOIN conversations c ON c.n = m.conversation
			JOIN entries e ON e.conversation = m.conversation AND e.log = 'staff' AND e.seq = m.seq
		WHERE m.workspace_id = ? AND m.user_id = ? ORDER BY m.at DESC, m.conversation DESC, m.seq DESC LIMIT ?`, ws[:], user[:], limit)
	return all, wrap(err, "mentions")
}

// CountMentions counts those that user has not seen.
func (s *Store) CountMentions(ctx context.Context, ws, user uuid.UUID) (int, error) {
	n, err := scanValue[int](s.read(ctx).queryRow(`SELECT count(*) FROM mentions WHERE workspace_id = ? AND user_id = ? AND seen_at = 0`, ws[:], user[:]))
	return n, wrap(err, "count mentions")
}

// SeeMentions marks those of user in a conversation as seen.
func (s *Store) SeeMentions(ctx context.Context, ws, user, conv uuid.UUID) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(`UPDATE mentions SET seen_at = ? WHERE workspace_id = ? AND user_id = ? AND seen_at = 0
			AND conversation = (SELECT n FROM conversations WHERE workspace_id = ? AND id = ?)`, micros(x.now), ws[:], user[:], ws[:], conv[:])
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), wrap(err, "see mentions of %s", conv)
}
