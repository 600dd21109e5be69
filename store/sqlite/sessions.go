package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// BeginSession stores a console session, and drops those that have expired.
func (s *Store) BeginSession(ctx context.Context, ws uuid.UUID, token string, session chat.StaffSession) (chat.StaffSession, error) {
	hash := sha256.Sum256([]byte(token))
	id, err := rule.NewID(session.ID)
	if err != nil {
		return chat.StaffSession{}, wrap(err, "begin session")
	}
	session.ID = id
	begun, err := write(ctx, s, func(x *tx) (chat.StaffSession, error) {
		if _, err := x.put(`DELETE FROM sessions WHERE expires_at <= ?`, micros(x.now)); err != nil {
			return chat.StaffSession{}, err
		}
		begun := session
		begun.CreatedAt, begun.UsedAt, begun.ExpiresAt = x.now, x.now, timeOf(micros(session.ExpiresAt))
		_, err := x.put(`INSERT INTO sessions (token_hash, workspace_id, id, user_id, way, address, device, data, created_at, used_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, zeroblob(0), ?, ?, ?)`, hash[:], ws[:], id[:], begun.User[:], string(begun.Way), begun.Address, begun.Device,
			micros(x.now), micros(x.now), micros(begun.ExpiresAt))
		if isDangling(err) {
			err = errNoUser()
		}
		return begun, err
	})
	return begun, wrap(err, "begin session")
}

// SaveSession keeps what a console session holds, if it has not ended.
func (s *Store) SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := sha256.Sum256([]byte(token))
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(errNoSession(), `UPDATE sessions SET data = ?, expires_at = ?, used_at = ? WHERE token_hash = ?`,
			bytesOf(data), micros(expiry), micros(x.now), hash[:])
	})
	return wrap(err, "save session")
}

func errNoSession() error { return chat.Errorf(chat.CodeNotFound, "the session has ended") }

// bytesOf is b as a column that is not NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// FindSession finds a console session that has not expired.
func (s *Store) FindSession(ctx context.Context, token string) ([]byte, bool, error) {
	hash := sha256.Sum256([]byte(token))
	data, err := scanValue[[]byte](s.read(ctx).queryRow(`SELECT data FROM sessions WHERE token_hash = ? AND expires_at > ?`, hash[:], micros(s.time())))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, wrap(err, "find session")
}

// DeleteSession drops a console session, if it is there.
func (s *Store) DeleteSession(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`DELETE FROM sessions WHERE token_hash = ?`, hash[:])
		return struct{}{}, err
	})
	return wrap(err, "delete session")
}

// Sessions lists a user's.
func (s *Store) Sessions(ctx context.Context, ws, user uuid.UUID) ([]chat.StaffSession, error) {
	all, err := list(ctx, s, scanSession, `SELECT id, user_id, way, address, device, created_at, used_at, expires_at FROM sessions
		WHERE workspace_id = ? AND user_id = ? AND expires_at > ? ORDER BY used_at DESC`, ws[:], user[:], micros(s.time()))
	return all, wrap(err, "sessions of %s", user)
}

func scanSession(r row) (c chat.StaffSession, err error) {
	var created, used, expires int64
	err = r.Scan(&c.ID, &c.User, &c.Way, &c.Address, &c.Device, &created, &used, &expires)
	c.CreatedAt, c.UsedAt, c.ExpiresAt = timeOf(created), timeOf(used), timeOf(expires)
	return c, err
}

// EndSessions ends one session of a user, or all but it.
func (s *Store) EndSessions(ctx context.Context, ws, user, session uuid.UUID, others bool) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int, error) {
		res, err := x.put(`DELETE FROM sessions WHERE workspace_id = ? AND user_id = ? AND (id = ?) <> ?`, ws[:], user[:], session[:], others)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		return int(n), err
	})
	return n, wrap(err, "end sessions of %s", user)
}
