package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoUser() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such user")
}

// CreateUser stores u.
func (s *Store) CreateUser(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error) {
	stored, err := s.createUser(ctx, s.pool, ws, u)
	return stored, s.end(ctx, err, "create user %s", u.Email)
}

// CreateOwner stores u if there is no user yet.
func (s *Store) CreateOwner(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error) {
	u.Role = chat.RoleOwner
	var stored chat.User
	err := s.tx(ctx, func(x pgx.Tx) error {
		if _, err := one(ctx, x, pgx.RowTo[bool], errNoWorkspace(), `SELECT true FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`, ws); err != nil {
			return err
		}
		some, err := one(ctx, x, pgx.RowTo[bool], nil, `SELECT EXISTS (SELECT FROM users WHERE workspace_id = $1)`, ws)
		if err == nil && some {
			return chat.Errorf(chat.CodeConflict, "the workspace has an owner already; ask for an invitation")
		}
		if err == nil {
			stored, err = s.createUser(ctx, x, ws, u)
		}
		return err
	})
	return stored, s.end(ctx, err, "create owner %s", u.Email)
}

func (s *Store) createUser(ctx context.Context, q querier, ws uuid.UUID, u chat.User) (chat.User, error) {
	if err := checkRole(u.Role); err != nil {
		return chat.User{}, err
	}
	key, err := rule.NewID(u.ID)
	if err != nil {
		return chat.User{}, err
	}
	stored, err := one(ctx, q, scanUser, nil, `INSERT INTO users (workspace_id, id, email, name, role, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING `+userColumns,
		ws, key, strings.ToLower(u.Email), u.Name, u.Role, u.PasswordHash, s.time())
	if isTaken(err) {
		return chat.User{}, chat.Errorf(chat.CodeConflict, "there is a user with this id or e-mail address already")
	}
	return stored, dangling(err)
}

func checkRole(r chat.Role) error {
	switch r {
	case chat.RoleOwner, chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer:
		return nil
	}
	return invalid("there is no role %q", r)
}

// UpdateUser changes name, role, e-mail and password hash.
func (s *Store) UpdateUser(ctx context.Context, ws uuid.UUID, u chat.User) error {
	err := s.tx(ctx, func(x pgx.Tx) error {
		tag, err := x.Exec(ctx, `UPDATE users SET email = $3, name = $4, role = $5, password_hash = $6 WHERE workspace_id = $1 AND id = $2`,
			ws, u.ID, strings.ToLower(u.Email), u.Name, u.Role, u.PasswordHash)
		switch {
		case isTaken(err):
			return chat.Errorf(chat.CodeConflict, "another user has this e-mail address")
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errNoUser()
		}
		return checkRole(u.Role)
	})
	return s.end(ctx, err, "update user %s", u.ID)
}

// User finds one.
func (s *Store) User(ctx context.Context, ws, id uuid.UUID) (chat.User, error) {
	u, err := one(ctx, s.pool, scanUser, errNoUser(), `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 AND id = $2`, ws, id)
	return u, s.end(ctx, err, "user %s", id)
}

// UserByEmail finds one by e-mail.
func (s *Store) UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error) {
	u, err := one(ctx, s.pool, scanUser, errNoUser(), `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 AND email = $2`, ws, strings.ToLower(email))
	return u, s.end(ctx, err, "user %s", email)
}

// Users lists them.
func (s *Store) Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error) {
	all, err := list(ctx, s.pool, scanUser, `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 ORDER BY name COLLATE "C", id`, ws)
	return all, s.end(ctx, err, "users")
}

const userColumns = `workspace_id, id, email, name, role, password_hash, created_at`

func scanUser(row pgx.CollectableRow) (u chat.User, err error) {
	err = row.Scan(id(&u.Workspace), id(&u.ID), &u.Email, &u.Name, &u.Role, &u.PasswordHash, &u.CreatedAt)
	return u, err
}

// SaveSession stores a console session, and removes some that have expired: a
// few each time, so that none waits for a clean-up.
func (s *Store) SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := sha256.Sum256([]byte(token))
	if data == nil {
		data = []byte{}
	}
	_, err := s.pool.Exec(ctx, `WITH expired AS (
			DELETE FROM sessions WHERE token_hash IN (
				SELECT token_hash FROM sessions WHERE expires_at <= $4 AND token_hash <> $1 ORDER BY expires_at LIMIT 16 FOR UPDATE SKIP LOCKED)
		)
		INSERT INTO sessions (token_hash, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, hash[:], data, expiry, s.time())
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

// SetPresence records a sign of life.
func (s *Store) SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error {
	changed, err := s.setPresence(ctx, ws, user, state)
	if err == nil && changed {
		s.notify(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
	}
	return s.end(ctx, err, "presence of %s", user)
}

func (s *Store) setPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) (changed bool, err error) {
	if state != chat.PresenceOnline && state != chat.PresenceAway && state != chat.PresenceOffline {
		return false, invalid("there is no presence %q", state)
	}
	err = s.tx(ctx, func(x pgx.Tx) error {
		now := s.time()
		if _, err := one(ctx, x, pgx.RowTo[bool], errNoUser(),
			`SELECT true FROM users WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, user); err != nil {
			return err
		}
		var before chat.Presence
		before, err := one(ctx, x, scanPresence(now), nil, presenceSQL+` AND u.id = $2`, ws, user)
		if err != nil {
			return err
		}
		changed = before.State != state
		_, err = x.Exec(ctx, `INSERT INTO presence (workspace_id, user_id, state, seen_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (workspace_id, user_id) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at`, ws, user, state, now)
		return err
	})
	return changed, err
}

// Presence lists every user's.
func (s *Store) Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error) {
	all, err := list(ctx, s.pool, scanPresence(s.time()), presenceSQL+` ORDER BY u.name COLLATE "C", u.id`, ws)
	return all, s.end(ctx, err, "presence")
}

const presenceSQL = `SELECT u.id, u.name, coalesce(p.state, 'offline'), p.seen_at
	FROM users u LEFT JOIN presence p ON p.workspace_id = u.workspace_id AND p.user_id = u.id WHERE u.workspace_id = $1`

// scanPresence scans a presence as it counts now.
func scanPresence(now time.Time) func(pgx.CollectableRow) (chat.Presence, error) {
	return func(row pgx.CollectableRow) (p chat.Presence, err error) {
		err = row.Scan(id(&p.User), &p.Name, &p.State, when(&p.SeenAt))
		if now.Sub(p.SeenAt) > chat.PresenceTTL {
			p.State = chat.PresenceOffline
		}
		return p, err
	}
}
