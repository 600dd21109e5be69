package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// SetRead notes how far the customer has read.
func (s *Store) SetRead(ctx context.Context, ws, conv uuid.UUID, seq int64) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO reads (workspace_id, conversation_id, seq) VALUES (?1, ?2, ?3)
			ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET seq = max(seq, ?3)`, ws[:], conv[:], seq)
		if isDangling(err) {
			err = errNoConversation()
		}
		return struct{}{}, err
	})
	return wrap(err, "set read of %s", conv)
}

// ReadUpTo says how far.
func (s *Store) ReadUpTo(ctx context.Context, ws, conv uuid.UUID) (int64, error) {
	n, err := scanValue[int64](s.read(ctx).queryRow(`SELECT seq FROM reads WHERE workspace_id = ? AND conversation_id = ?`, ws[:], conv[:]))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, wrap(err, "read up to of %s", conv)
}

// Mail finds a record.
func (s *Store) Mail(ctx context.Context, ws, id uuid.UUID) (chat.Mail, error) {
	m, err := one(s.read(ctx), scanMail, chat.Errorf(chat.CodeNotFound, "there is no record of this e-mail"),
		selectMail+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
	return m, wrap(err, "mail %s", id)
}

// maxMailed is the highest seq of letters that may have arrived.
const maxMailed = `SELECT coalesce(max(seq), 0) FROM mails WHERE workspace_id = ? AND conversation_id = ? AND kind = ? AND state IN ('sending', 'sent', 'unknown')`

// BeginMail records that a letter is on its way, unless another brings the same.
func (s *Store) BeginMail(ctx context.Context, ws uuid.UUID, m chat.Mail, after int64) (chat.Mail, error) {
	m.State = chat.MailSending
	stored, err := write(ctx, s, func(x *tx) (chat.Mail, error) {
		if err := x.hasConversation(ws, m.Conversation); err != nil {
			return chat.Mail{}, err
		}
		brought, err := scanValue[int64](x.queryRow(maxMailed+` AND id <> ?`, ws[:], m.Conversation[:], m.Kind, m.ID[:]))
		if err == nil && brought > after {
			err = chat.Errorf(chat.CodeConflict, "another e-mail brings this")
		}
		if err != nil {
			return chat.Mail{}, err
		}
		return x.putMail(ws, m)
	})
	return stored, wrap(err, "begin mail")
}

// MailedUpTo says how far letters brought the log.
func (s *Store) MailedUpTo(ctx context.Context, ws, conv uuid.UUID, kind string) (int64, error) {
	n, err := scanValue[int64](s.read(ctx).queryRow(maxMailed, ws[:], conv[:], kind))
	return n, wrap(err, "mailed up to of %s", conv)
}

// CountJobs counts a kind's jobs.
func (s *Store) CountJobs(ctx context.Context, ws uuid.UUID, kind string) (int, time.Time, error) {
	var n int
	var oldest int64
	err := s.read(ctx).queryRow(`SELECT count(*), coalesce(min(run_at), 0) FROM jobs WHERE workspace_id = ? AND kind = ?`, ws[:], kind).Scan(&n, &oldest)
	return n, timeOf(oldest), wrap(err, "count jobs %s", kind)
}

// AddResume stores a link.
func (s *Store) AddResume(ctx context.Context, ws uuid.UUID, r chat.Resume) (chat.Resume, error) {
	stored, err := write(ctx, s, func(x *tx) (chat.Resume, error) {
		r := r
		r.CreatedAt, r.Until = x.now, r.Until.UTC().Truncate(time.Microsecond)
		_, err := x.put(`INSERT INTO resumes (workspace_id, hash, conversation_id, email, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
			ws[:], r.Hash, r.Conversation[:], r.Email, micros(r.CreatedAt), micros(r.Until))
		switch {
		case isDangling(err):
			err = errNoConversation()
		case isTaken(err):
			err = chat.Errorf(chat.CodeConflict, "this link is there already")
		}
		return r, err
	})
	return stored, wrap(err, "add resume link of %s", r.Conversation)
}

// Resume finds a link.
func (s *Store) Resume(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error) {
	r, err := one(s.read(ctx), func(row row) (r chat.Resume, err error) {
		var created, until int64
		err = row.Scan(&r.Hash, &r.Conversation, &r.Email, &created, &until)
		r.CreatedAt, r.Until = timeOf(created), timeOf(until)
		return r, err
	}, chat.Errorf(chat.CodeNotFound, "there is no such link"),
		`SELECT hash, conversation_id, email, created_at, expires_at FROM resumes WHERE workspace_id = ? AND hash = ?`, ws[:], bytesOf(hash))
	return r, wrap(err, "resume link")
}

// DropResumes removes links of a conversation.
func (s *Store) DropResumes(ctx context.Context, ws, conv uuid.UUID, keep string) (int, error) {
	n, err := s.remove(ctx, `DELETE FROM resumes WHERE workspace_id = ? AND conversation_id = ? AND lower(email) <> lower(?)`, ws[:], conv[:], keep)
	return n, wrap(err, "drop resume links of %s", conv)
}

// SweepResumes removes expired links.
func (s *Store) SweepResumes(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := s.remove(ctx, `DELETE FROM resumes WHERE workspace_id = ? AND expires_at < ?`, ws[:], micros(before))
	return n, wrap(err, "sweep resume links")
}

// remove runs one statement that deletes, and says how many rows it found.
func (s *Store) remove(ctx context.Context, query string, args ...any) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(query, args...)
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), err
}
