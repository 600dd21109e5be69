package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const sessionColumns = `id, user_id, way, address, device, created_at, used_at, expires_at`

func scanSession(row pgx.CollectableRow) (c chat.StaffSession, err error) {
	err = row.Scan(id(&c.ID), id(&c.User), &c.Way, &c.Address, &c.Device, &c.CreatedAt, &c.UsedAt, &c.ExpiresAt)
	return c, err
}

// BeginSession stores a console session, and removes some that have expired: a
// few each time, so that none waits for a clean-up.
func (s *Store) BeginSession(ctx context.Context, ws uuid.UUID, token string, session chat.StaffSession) (chat.StaffSession, error) {
	hash := sha256.Sum256([]byte(token))
	key, err := rule.NewID(session.ID)
	if err != nil {
		return chat.StaffSession{}, s.end(ctx, err, "begin a session")
	}
	begun, err := one(ctx, s.pool, scanSession, nil, `WITH expired AS (
			DELETE FROM sessions WHERE token_hash IN (
				SELECT token_hash FROM sessions WHERE expires_at <= $8 AND token_hash <> $1 ORDER BY expires_at LIMIT 16 FOR UPDATE SKIP LOCKED)
		)
		INSERT INTO sessions (token_hash, workspace_id, id, user_id, way, address, device, data, created_at, used_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $8, $9) RETURNING `+sessionColumns,
		hash[:], ws, key, session.User, session.Way, session.Address, session.Device, s.time(), session.ExpiresAt)
	if isDangling(err) {
		err = errNoUser()
	}
	return begun, s.end(ctx, err, "begin a session")
}

// SaveSession keeps what a console session holds, if it has not ended.
func (s *Store) SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := sha256.Sum256([]byte(token))
	if data == nil {
		data = []byte{}
	}
	tag, err := s.pool.Exec(ctx, `UPDATE sessions SET data = $2, expires_at = $3, used_at = $4 WHERE token_hash = $1`, hash[:], data, expiry, s.time())
	if err == nil && tag.RowsAffected() == 0 {
		err = chat.Errorf(chat.CodeNotFound, "the session has ended")
	}
	return s.end(ctx, err, "save a session")
}

// FindSession gives a session that has not expired.
func (s *Store) FindSession(ctx context.Context, token string) ([]byte, bool, error) {
	hash := sha256.Sum256([]byte(token))
	data, err := one(ctx, s.pool, pgx.RowTo[[]byte], pgx.ErrNoRows,
		`SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > $2`, hash[:], s.time())
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, s.end(ctx, err, "find a session")
}

// DeleteSession removes a session, if it is there.
func (s *Store) DeleteSession(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	_, err := s.pool.Exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hash[:])
	return s.end(ctx, err, "delete a session")
}

// Sessions lists a user's.
func (s *Store) Sessions(ctx context.Context, ws, user uuid.UUID) ([]chat.StaffSession, error) {
	all, err := list(ctx, s.pool, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE workspace_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY used_at DESC, token_hash`, ws, user, s.time())
	return all, s.end(ctx, err, "sessions of %s", user)
}

// EndSessions ends one session of a user, or all but it.
func (s *Store) EndSessions(ctx context.Context, ws, user, session uuid.UUID, others bool) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2 AND (id = $3) <> $4`, ws, user, session, others)
	return int(tag.RowsAffected()), s.end(ctx, err, "end sessions of %s", user)
}
