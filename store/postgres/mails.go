package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const mailColumns = `id, kind, conversation_id, recipient, state, attempts, error, seq, created_at, updated_at`

func scanMail(row pgx.CollectableRow) (m chat.Mail, err error) {
	err = row.Scan(id(&m.ID), &m.Kind, id(&m.Conversation), &m.To, &m.State, &m.Attempts, &m.Error, &m.Seq, &m.CreatedAt, &m.UpdatedAt)
	return m, err
}

// PutMail stores the record of an e-mail.
func (s *Store) PutMail(ctx context.Context, ws uuid.UUID, m chat.Mail) (chat.Mail, error) {
	key, err := rule.NewID(m.ID)
	if err != nil {
		return chat.Mail{}, s.end(ctx, err, "put mail")
	}
	m.ID = key
	stored, err := s.putMail(ctx, s.pool, ws, m)
	return stored, s.end(ctx, dangling(err), "put mail")
}

func (s *Store) putMail(ctx context.Context, q querier, ws uuid.UUID, m chat.Mail) (chat.Mail, error) {
	return one(ctx, q, scanMail, nil, `INSERT INTO mails (workspace_id, id, kind, conversation_id, recipient, state, attempts, error, seq, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET kind = excluded.kind, conversation_id = excluded.conversation_id, recipient = excluded.recipient,
			state = excluded.state, attempts = excluded.attempts, error = excluded.error, seq = excluded.seq, updated_at = excluded.updated_at
		RETURNING `+mailColumns, ws, m.ID, m.Kind, id(&m.Conversation), m.To, m.State, m.Attempts, m.Error, m.Seq, s.time())
}

// Mails lists records.
func (s *Store) Mails(ctx context.Context, ws uuid.UUID, state chat.MailState, limit int) ([]chat.Mail, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "mails")
	}
	query, args := `SELECT `+mailColumns+` FROM mails WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2`, []any{ws, limit}
	if state != "" {
		query, args = `SELECT `+mailColumns+` FROM mails WHERE workspace_id = $1 AND state = $3 ORDER BY number DESC LIMIT $2`, append(args, state)
	}
	all, err := list(ctx, s.pool, scanMail, query, args...)
	return all, s.end(ctx, err, "mails")
}

// PruneMails forgets old records.
func (s *Store) PruneMails(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM mails WHERE workspace_id = $1 AND updated_at < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "prune mails")
}
