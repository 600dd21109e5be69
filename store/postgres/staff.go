package postgres

import (
	"context"
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
	if err := rule.CheckRole(u.Role); err != nil {
		return chat.User{}, err
	}
	key, err := rule.NewID(u.ID)
	if err != nil {
		return chat.User{}, err
	}
	stored, err := one(ctx, q, scanUser, nil, `INSERT INTO users (workspace_id, id, email, name, role, password_hash, issuer, subject, link_hash, link_until, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING `+userColumns, ws, key, strings.ToLower(u.Email), u.Name, u.Role, u.PasswordHash,
		u.Identity.Issuer, u.Identity.Subject, u.Link.Hash, when(&u.Link.Until), s.time())
	if isTaken(err) {
		return chat.User{}, chat.Errorf(chat.CodeConflict, "there is a user with this id or e-mail address already")
	}
	return stored, dangling(err)
}

// ChangeUser changes one.
func (s *Store) ChangeUser(ctx context.Context, ws, id uuid.UUID, c chat.UserChange) (before, after chat.User, err error) {
	var away bool
	err = s.tx(ctx, func(x pgx.Tx) error {
		// The workspace's row, so that two owners do not take the role from each other.
		if _, err := one(ctx, x, pgx.RowTo[bool], errNoUser(), `SELECT true FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`, ws); err != nil {
			return err
		}
		u, err := one(ctx, x, scanUser, errNoUser(), `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, id)
		if err != nil {
			return err
		}
		before = u
		owners, err := one(ctx, x, pgx.RowTo[int], nil, `SELECT count(*) FROM users WHERE workspace_id = $1 AND role = 'owner' AND disabled_at IS NULL AND id <> $2`, ws, id)
		if err == nil {
			err = rule.ChangeUser(&u, c, owners, s.time())
		}
		if err != nil {
			return err
		}
		after = u
		away, err = s.saveUser(ctx, x, ws, u)
		return err
	})
	if isTaken(err) {
		err = chat.Errorf(chat.CodeConflict, "another user has this identity or link")
	}
	if err != nil {
		return chat.User{}, chat.User{}, s.end(ctx, err, "change user %s", id)
	}
	if away {
		s.notify(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
	}
	return before, after, nil
}

// saveUser writes what may change of a user. One who is disabled is signed out;
// away says whether her presence changed by that.
func (s *Store) saveUser(ctx context.Context, x pgx.Tx, ws uuid.UUID, u chat.User) (away bool, err error) {
	_, err = x.Exec(ctx, `UPDATE users SET name = $3, role = $4, password_hash = $5, disabled_at = $6, issuer = $7, subject = $8, link_hash = $9, link_until = $10
		WHERE workspace_id = $1 AND id = $2`, ws, u.ID, u.Name, u.Role, u.PasswordHash, when(&u.Disabled), u.Identity.Issuer, u.Identity.Subject,
		u.Link.Hash, when(&u.Link.Until))
	if err != nil || u.Disabled.IsZero() {
		return false, err
	}
	if _, err := x.Exec(ctx, `DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2`, ws, u.ID); err != nil {
		return false, err
	}
	return s.putPresence(ctx, x, ws, u.ID, chat.PresenceOffline)
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

// UserByIdentity finds the one tied to an identity.
func (s *Store) UserByIdentity(ctx context.Context, ws uuid.UUID, who chat.StaffIdentity) (chat.User, error) {
	u, err := one(ctx, s.pool, scanUser, errNoUser(), `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 AND issuer = $2 AND subject = $3 AND subject <> ''`,
		ws, who.Issuer, who.Subject)
	return u, s.end(ctx, err, "user by identity")
}

// UserByLink finds the one with a link.
func (s *Store) UserByLink(ctx context.Context, ws uuid.UUID, hash []byte) (chat.User, error) {
	u, err := one(ctx, s.pool, scanUser, errNoUser(), `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 AND link_hash = $2`, ws, hash)
	return u, s.end(ctx, err, "user by link")
}

// Users lists them.
func (s *Store) Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error) {
	all, err := list(ctx, s.pool, scanUser, `SELECT `+userColumns+` FROM users WHERE workspace_id = $1 ORDER BY name COLLATE "C", id`, ws)
	return all, s.end(ctx, err, "users")
}

const userColumns = `workspace_id, id, email, name, role, password_hash, disabled_at, issuer, subject, link_hash, link_until, created_at, photo_id`

func scanUser(row pgx.CollectableRow) (u chat.User, err error) {
	err = row.Scan(id(&u.Workspace), id(&u.ID), &u.Email, &u.Name, &u.Role, &u.PasswordHash, when(&u.Disabled), &u.Identity.Issuer, &u.Identity.Subject,
		&u.Link.Hash, when(&u.Link.Until), &u.CreatedAt, id(&u.Photo))
	return u, err
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
		if _, err := one(ctx, x, pgx.RowTo[bool], errNoUser(),
			`SELECT true FROM users WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, user); err != nil {
			return err
		}
		changed, err = s.putPresence(ctx, x, ws, user, state)
		return err
	})
	return changed, err
}

// putPresence writes the presence of a user whose row is locked, and says whether it changed.
func (s *Store) putPresence(ctx context.Context, x pgx.Tx, ws, user uuid.UUID, state chat.PresenceState) (changed bool, err error) {
	now := s.time()
	before, err := one(ctx, x, scanPresence(now), nil, presenceSQL+` AND u.id = $2`, ws, user)
	if err != nil {
		return false, err
	}
	_, err = x.Exec(ctx, `INSERT INTO presence (workspace_id, user_id, state, seen_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at`, ws, user, state, now)
	return before.State != state, err
}

// Presence lists every user's.
func (s *Store) Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error) {
	all, err := list(ctx, s.pool, scanPresence(s.time()), presenceSQL+` ORDER BY u.name COLLATE "C", u.id`, ws)
	return all, s.end(ctx, err, "presence")
}

const presenceSQL = `SELECT u.id, u.name, coalesce(p.state, 'offline'), p.seen_at, u.photo_id
	FROM users u LEFT JOIN presence p ON p.workspace_id = u.workspace_id AND p.user_id = u.id WHERE u.workspace_id = $1`

// scanPresence scans a presence as it counts now.
func scanPresence(now time.Time) func(pgx.CollectableRow) (chat.Presence, error) {
	return func(row pgx.CollectableRow) (p chat.Presence, err error) {
		err = row.Scan(id(&p.User), &p.Name, &p.State, when(&p.SeenAt), id(&p.Photo))
		if now.Sub(p.SeenAt) > chat.PresenceTTL {
			p.State = chat.PresenceOffline
		}
		return p, err
	}
}
