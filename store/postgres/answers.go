package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
)

// SetRead notes how far the customer has read.
func (s *Store) SetRead(ctx context.Context, ws, conv uuid.UUID, seq int64) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO reads (workspace_id, conversation_id, seq) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET seq = greatest(reads.seq, excluded.seq)`, ws, conv, seq)
	if isDangling(err) {
		err = errNoConversation()
	}
	return s.end(ctx, err, "set read of %s", conv)
}

// ReadUpTo says how far.
func (s *Store) ReadUpTo(ctx context.Context, ws, conv uuid.UUID) (int64, error) {
	n, err := one(ctx, s.pool, pgx.RowTo[int64], nil, `SELECT seq FROM reads WHERE workspace_id = $1 AND conversation_id = $2`, ws, conv)
	return n, s.end(ctx, err, "read up to of %s", conv)
}

// Mail finds a record.
func (s *Store) Mail(ctx context.Context, ws, key uuid.UUID) (chat.Mail, error) {
	m, err := one(ctx, s.pool, scanMail, chat.Errorf(chat.CodeNotFound, "there is no record of this e-mail"),
		`SELECT `+mailColumns+` FROM mails WHERE workspace_id = $1 AND id = $2`, ws, key)
	return m, s.end(ctx, err, "mail %s", key)
}

// maxMailed is the highest seq of letters that may have arrived.
const maxMailed = `SELECT coalesce(max(seq), 0) FROM mails WHERE workspace_id = $1 AND conversation_id = $2 AND kind = $3 AND state IN ('sending', 'sent', 'unknown')`

// BeginMail records that a letter is on its way, unless another brings the same.
func (s *Store) BeginMail(ctx context.Context, ws uuid.UUID, m chat.Mail, after int64) (chat.Mail, error) {
	m.State = chat.MailSending
	var stored chat.Mail
	err := s.tx(ctx, func(x pgx.Tx) error {
		// The conversation is held, so that of two at once the second sees the first.
		if _, err := hold(ctx, x, ws, m.Conversation); err != nil {
			return err
		}
		brought, err := one(ctx, x, pgx.RowTo[int64], nil, maxMailed+` AND id <> $4`, ws, m.Conversation, m.Kind, m.ID)
		if err == nil && brought > after {
			err = chat.Errorf(chat.CodeConflict, "another e-mail brings this")
		}
		if err == nil {
			stored, err = s.putMail(ctx, x, ws, m)
		}
		return err
	})
	if err != nil {
		return chat.Mail{}, s.end(ctx, err, "begin mail")
	}
	return stored, nil
}

// MailedUpTo says how far letters brought the log.
func (s *Store) MailedUpTo(ctx context.Context, ws, conv uuid.UUID, kind string) (int64, error) {
	n, err := one(ctx, s.pool, pgx.RowTo[int64], nil, maxMailed, ws, conv, kind)
	return n, s.end(ctx, err, "mailed up to of %s", conv)
}

// CountJobs counts a kind's jobs.
func (s *Store) CountJobs(ctx context.Context, ws uuid.UUID, kind string) (n int, oldest time.Time, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*), min(run_at) FROM jobs WHERE workspace_id = $1 AND kind = $2`, ws, kind).Scan(&n, when(&oldest))
	return n, oldest, s.end(ctx, err, "count jobs %s", kind)
}

// AddResume stores a link.
func (s *Store) AddResume(ctx context.Context, ws uuid.UUID, r chat.Resume) (chat.Resume, error) {
	r.CreatedAt, r.Until = s.time(), r.Until.UTC().Truncate(time.Microsecond)
	_, err := s.pool.Exec(ctx, `INSERT INTO resumes (workspace_id, hash, conversation_id, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		ws, r.Hash, r.Conversation, r.Email, r.CreatedAt, r.Until)
	switch {
	case isDangling(err):
		err = errNoConversation()
	case isTaken(err):
		err = chat.Errorf(chat.CodeConflict, "this link is there already")
	}
	return r, s.end(ctx, err, "add resume link of %s", r.Conversation)
}

// Resume finds a link.
func (s *Store) Resume(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error) {
	r, err := one(ctx, s.pool, func(row pgx.CollectableRow) (r chat.Resume, err error) {
		err = row.Scan(&r.Hash, id(&r.Conversation), &r.Email, &r.CreatedAt, &r.Until)
		return r, err
	}, chat.Errorf(chat.CodeNotFound, "there is no such link"),
		`SELECT hash, conversation_id, email, created_at, expires_at FROM resumes WHERE workspace_id = $1 AND hash = $2`, ws, hash)
	return r, s.end(ctx, err, "resume link")
}

// DropResumes removes links of a conversation.
func (s *Store) DropResumes(ctx context.Context, ws, conv uuid.UUID, keep string) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM resumes WHERE workspace_id = $1 AND conversation_id = $2 AND lower(email) <> lower($3)`, ws, conv, keep)
	return int(tag.RowsAffected()), s.end(ctx, err, "drop resume links of %s", conv)
}

// SweepResumes removes expired links.
func (s *Store) SweepResumes(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM resumes WHERE workspace_id = $1 AND expires_at < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "sweep resume links")
}
