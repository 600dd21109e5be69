package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func scanMention(row pgx.CollectableRow) (m chat.Mention, err error) {
	err = row.Scan(id(&m.Conversation), &m.Seq, &m.At, when(&m.SeenAt), &m.From.Kind, id(&m.From.ID), &m.From.Name, &m.Text)
	return m, err
}

// Mentions lists those of user, newest first.
func (s *Store) Mentions(ctx context.Context, ws, user uuid.UUID, limit int) ([]chat.Mention, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "mentions")
	}
	all, err := list(ctx, s.pool, scanMention, `SELECT m.conversation_id, m.seq, m.at, m.seen_at, e.party, e.from_id, e.from_name, e.text
		FROM mentions m JOIN entries e ON e.workspace_id = m.workspace_id AND e.conversation_id = m.conversation_id AND e.staff AND e.seq = m.seq
		WHERE m.workspace_id = $1 AND m.user_id = $2 ORDER BY m.at DESC, m.conversation_id DESC, m.seq DESC LIMIT $3`, ws, user, limit)
	return all, s.end(ctx, err, "mentions")
}

// CountMentions counts those that user has not seen.
func (s *Store) CountMentions(ctx context.Context, ws, user uuid.UUID) (int, error) {
	n, err := one(ctx, s.pool, pgx.RowTo[int], nil, `SELECT count(*) FROM mentions WHERE workspace_id = $1 AND user_id = $2 AND seen_at IS NULL`, ws, user)
	return n, s.end(ctx, err, "count mentions")
}

// SeeMentions marks those of user in a conversation as seen.
func (s *Store) SeeMentions(ctx context.Context, ws, user, conv uuid.UUID) (int, error) {
	tag, err := s.pool.Exec(ctx, `UPDATE mentions SET seen_at = $4
		WHERE workspace_id = $1 AND user_id = $2 AND conversation_id = $3 AND seen_at IS NULL`, ws, user, conv, s.time())
	return int(tag.RowsAffected()), s.end(ctx, err, "see mentions of %s", conv)
}
