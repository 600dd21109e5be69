package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoUser() error { return chat.Errorf(chat.CodeNotFound, "there is no such user") }

// CreateUser stores u.
func (s *Store) CreateUser(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error) {
	got, err := write(ctx, s, func(x *tx) (chat.User, error) { return x.createUser(ws, u) })
	return got, wrap(err, "create user %s", u.Email)
}

// CreateOwner stores u as the workspace's first user.
func (s *Store) CreateOwner(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error) {
	u.Role = chat.RoleOwner
	got, err := write(ctx, s, func(x *tx) (chat.User, error) {
		taken, err := scanValue[bool](x.queryRow(`SELECT EXISTS (SELECT 1 FROM users WHERE workspace_id = ?)`, ws[:]))
		if err != nil {
			return chat.User{}, err
		}
		if taken {
			return chat.User{}, chat.Errorf(chat.CodeConflict, "the workspace has users already; ask its owner for an account")
		}
		return x.createUser(ws, u)
	})
	return got, wrap(err, "create owner %s", u.Email)
}

func (x *tx) createUser(ws uuid.UUID, u chat.User) (chat.User, error) {
	id, err := rule.NewID(u.ID)
	if err != nil {
		return chat.User{}, err
	}
	_, err = x.put(`INSERT INTO users (workspace_id, id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		ws[:], id[:], strings.ToLower(u.Email), u.Name, string(u.Role), u.PasswordHash, micros(x.now))
	switch {
	case isDangling(err):
		return chat.User{}, errNoWorkspace()
	case isTaken(err):
		return chat.User{}, errUserTaken()
	case err != nil:
		return chat.User{}, err
	}
	return user(x, ws, id)
}

func errUserTaken() error {
	return chat.Errorf(chat.CodeConflict, "a user with this e-mail is there already")
}

// UpdateUser changes name, role, e-mail and password hash.
func (s *Store) UpdateUser(ctx context.Context, ws uuid.UUID, u chat.User) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		err := x.change1(errNoUser(), `UPDATE users SET email = ?, name = ?, role = ?, password_hash = ? WHERE workspace_id = ? AND id = ?`,
			strings.ToLower(u.Email), u.Name, string(u.Role), u.PasswordHash, ws[:], u.ID[:])
		if isTaken(err) {
			err = errUserTaken()
		}
		return struct{}{}, err
	})
	return wrap(err, "update user %s", u.ID)
}

// User finds one.
func (s *Store) User(ctx context.Context, ws, id uuid.UUID) (chat.User, error) {
	u, err := user(s.read(ctx), ws, id)
	return u, wrap(err, "user %s", id)
}

const selectUser = `SELECT workspace_id, id, email, name, role, password_hash, created_at FROM users WHERE workspace_id = ? `

func user(q querier, ws, id uuid.UUID) (chat.User, error) {
	return one(q, scanUser, errNoUser(), selectUser+`AND id = ?`, ws[:], id[:])
}

func scanUser(r row) (chat.User, error) {
	var u chat.User
	var created int64
	if err := r.Scan(&u.Workspace, &u.ID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &created); err != nil {
		return chat.User{}, err
	}
	u.CreatedAt = timeOf(created)
	return u, nil
}

// UserByEmail finds one, in any case of letters.
func (s *Store) UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error) {
	u, err := one(s.read(ctx), scanUser, errNoUser(), selectUser+`AND email = ?`, ws[:], strings.ToLower(email))
	return u, wrap(err, "user by e-mail")
}

// Users lists them by name.
func (s *Store) Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error) {
	all, err := list(ctx, s, scanUser, selectUser+`ORDER BY name, id`, ws[:])
	return all, wrap(err, "users")
}

// SaveSession keeps a console session, and drops those that have expired.
func (s *Store) SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := sha256.Sum256([]byte(token))
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		if _, err := x.put(`DELETE FROM sessions WHERE expires_at <= ?`, micros(x.now)); err != nil {
			return struct{}{}, err
		}
		_, err := x.put(`INSERT INTO sessions (token_hash, data, expires_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (token_hash) DO UPDATE SET data = ?2, expires_at = ?3`, hash[:], bytesOf(data), micros(expiry))
		return struct{}{}, err
	})
	return wrap(err, "save session")
}

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

// SetPresence records a sign of life.
func (s *Store) SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error {
	switch state {
	case chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline:
	default:
		return wrap(invalid("there is no presence %q", state), "set presence of %s", user)
	}
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		before, err := one(x, scanPresence(x.now), errNoUser(), selectPresence+`AND id = ?`, ws[:], user[:])
		if err != nil {
			return struct{}{}, err
		}
		if before.State != state {
			x.tell(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
		}
		_, err = x.put(`UPDATE users SET presence = ?, seen_at = ? WHERE workspace_id = ? AND id = ?`, string(state), micros(x.now), ws[:], user[:])
		return struct{}{}, err
	})
	return wrap(err, "set presence of %s", user)
}

// Presence lists every user's presence.
func (s *Store) Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error) {
	all, err := list(ctx, s, scanPresence(s.time()), selectPresence+`ORDER BY name, id`, ws[:])
	return all, wrap(err, "presence")
}

const selectPresence = `SELECT id, name, presence, seen_at FROM users WHERE workspace_id = ? `

// scanPresence scans presence as it is at now.
func scanPresence(now time.Time) func(row) (chat.Presence, error) {
	return func(r row) (chat.Presence, error) {
		var p chat.Presence
		var seen int64
		if err := r.Scan(&p.User, &p.Name, &p.State, &seen); err != nil {
			return chat.Presence{}, err
		}
		p.SeenAt = timeOf(seen)
		if now.Sub(p.SeenAt) > chat.PresenceTTL {
			p.State = chat.PresenceOffline
		}
		return p, nil
	}
}
