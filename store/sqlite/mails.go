package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const selectMail = `SELECT id, kind, conversation_id, recipient, state, attempts, error, seq, created_at, updated_at FROM mails `

func scanMail(r row) (m chat.Mail, err error) {
	var created, updated int64
	err = r.Scan(&m.ID, &m.Kind, &m.Conversation, &m.To, &m.State, &m.Attempts, &m.Error, &m.Seq, &created, &updated)
	m.CreatedAt, m.UpdatedAt = timeOf(created), timeOf(updated)
	return m, err
}

// PutMail stores the record of an e-mail.
func (s *Store) PutMail(ctx context.Context, ws uuid.UUID, m chat.Mail) (chat.Mail, error) {
	var err error
	if m.ID, err = rule.NewID(m.ID); err != nil {
		return chat.Mail{}, wrap(err, "put mail")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.Mail, error) { return x.putMail(ws, m) })
	return stored, wrap(err, "put mail")
}

func (x *tx) putMail(ws uuid.UUID, m chat.Mail) (chat.Mail, error) {
	_, err := x.put(`INSERT INTO mails (workspace_id, id, kind, conversation_id, recipient, state, attempts, error, seq, created_at, updated_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET kind = ?3, conversation_id = ?4, recipient = ?5, state = ?6, attempts = ?7, error = ?8, seq = ?9, updated_at = ?10`,
		ws[:], m.ID[:], m.Kind, blobOf(m.Conversation), m.To, string(m.State), m.Attempts, m.Error, m.Seq, micros(x.now))
	if isDangling(err) {
		err = errNoWorkspace()
	}
	if err != nil {
		return chat.Mail{}, err
	}
	return scanMail(x.queryRow(selectMail+`WHERE workspace_id = ? AND id = ?`, ws[:], m.ID[:]))
}

// Mails lists records.
func (s *Store) Mails(ctx context.Context, ws uuid.UUID, state chat.MailState, limit int) ([]chat.Mail, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "mails")
	}
	query, args := selectMail+`WHERE workspace_id = ? ORDER BY n DESC LIMIT ?`, []any{ws[:], limit}
	if state != "" {
		query, args = selectMail+`WHERE workspace_id = ? AND state = ? ORDER BY n DESC LIMIT ?`, []any{ws[:], string(state), limit}
	}
	all, err := list(ctx, s, scanMail, query, args...)
	return all, wrap(err, "mails")
}

// PruneMails forgets old records.
func (s *Store) PruneMails(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(`DELETE FROM mails WHERE workspace_id = ? AND updated_at < ?`, ws[:], micros(before))
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), wrap(err, "prune mails")
}
