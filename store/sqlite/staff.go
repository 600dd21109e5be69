package sqlite

import (
	"context"
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
	_, err = x.put(`INSERT INTO users (workspace_id, id, email, name, role, password_hash, issuer, subject, link_hash, link_until, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ws[:], id[:], strings.ToLower(u.Email), u.Name, string(u.Role), u.PasswordHash,
		u.Identity.Issuer, u.Identity.Subject, u.Link.Hash, micros(u.Link.Until), micros(x.now))
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

// ChangeUser changes one.
func (s *Store) ChangeUser(ctx context.Context, ws, id uuid.UUID, c chat.UserChange) (before, after chat.User, err error) {
	both, err := write(ctx, s, func(x *tx) ([2]chat.User, error) {
		u, err := user(x, ws, id)
		if err != nil {
			return [2]chat.User{}, err
		}
		before := u
		owners, err := scanValue[int](x.queryRow(`SELECT count(*) FROM users WHERE workspace_id = ? AND role = 'owner' AND disabled_at = 0 AND id <> ?`, ws[:], id[:]))
		if err == nil {
			err = rule.ChangeUser(&u, c, owners, x.now)
		}
		if err != nil {
			return [2]chat.User{}, err
		}
		return [2]chat.User{before, u}, x.saveUser(ws, u)
	})
	return both[0], both[1], wrap(err, "change user %s", id)
}

// saveUser writes what may change of a user. One who is disabled is signed out.
func (x *tx) saveUser(ws uuid.UUID, u chat.User) error {
	_, err := x.put(`UPDATE users SET name = ?, role = ?, password_hash = ?, disabled_at = ?, issuer = ?, subject = ?, link_hash = ?, link_until = ?
		WHERE workspace_id = ? AND id = ?`, u.Name, string(u.Role), u.PasswordHash, micros(u.Disabled), u.Identity.Issuer, u.Identity.Subject,
		u.Link.Hash, micros(u.Link.Until), ws[:], u.ID[:])
	if isTaken(err) {
		err = chat.Errorf(chat.CodeConflict, "another user has this identity or link")
	}
	if err != nil || u.Disabled.IsZero() {
		return err
	}
	if _, err := x.put(`DELETE FROM sessions WHERE workspace_id = ? AND user_id = ?`, ws[:], u.ID[:]); err != nil {
		return err
	}
	return x.setPresence(ws, u.ID, chat.PresenceOffline)
}

// User finds one.
func (s *Store) User(ctx context.Context, ws, id uuid.UUID) (chat.User, error) {
	u, err := user(s.read(ctx), ws, id)
	return u, wrap(err, "user %s", id)
}

const selectUser = `SELECT workspace_id, id, email, name, role, password_hash, disabled_at, issuer, subject, link_hash, link_until, created_at, photo_id FROM users WHERE workspace_id = ? `

func user(q querier, ws, id uuid.UUID) (chat.User, error) {
	return one(q, scanUser, errNoUser(), selectUser+`AND id = ?`, ws[:], id[:])
}

func scanUser(r row) (chat.User, error) {
	var u chat.User
	var disabled, until, created int64
	if err := r.Scan(&u.Workspace, &u.ID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &disabled, &u.Identity.Issuer, &u.Identity.Subject,
		&u.Link.Hash, &until, &created, &u.Photo); err != nil {
		return chat.User{}, err
	}
	u.Disabled, u.Link.Until, u.CreatedAt = timeOf(disabled), timeOf(until), timeOf(created)
	return u, nil
}

// UserByEmail finds one, in any case of letters.
func (s *Store) UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error) {
	u, err := one(s.read(ctx), scanUser, errNoUser(), selectUser+`AND email = ?`, ws[:], strings.ToLower(email))
	return u, wrap(err, "user by e-mail")
}

// UserByIdentity finds the one tied to an identity.
func (s *Store) UserByIdentity(ctx context.Context, ws uuid.UUID, who chat.StaffIdentity) (chat.User, error) {
	u, err := one(s.read(ctx), scanUser, errNoUser(), selectUser+`AND issuer = ? AND subject = ? AND subject <> ''`, ws[:], who.Issuer, who.Subject)
	return u, wrap(err, "user by identity")
}

// UserByLink finds the one with a link.
func (s *Store) UserByLink(ctx context.Context, ws uuid.UUID, hash []byte) (chat.User, error) {
	u, err := one(s.read(ctx), scanUser, errNoUser(), selectUser+`AND link_hash = ?`, ws[:], bytesOf(hash))
	return u, wrap(err, "user by link")
}

// Users lists them by name.
func (s *Store) Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error) {
	all, err := list(ctx, s, scanUser, selectUser+`ORDER BY name, id`, ws[:])
	return all, wrap(err, "users")
}

// SetPresence records a sign of life.
func (s *Store) SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error {
	switch state {
	case chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline:
	default:
		return wrap(invalid("there is no presence %q", state), "set presence of %s", user)
	}
	_, err := write(ctx, s, func(x *tx) (struct{}, error) { return struct{}{}, x.setPresence(ws, user, state) })
	return wrap(err, "set presence of %s", user)
}

func (x *tx) setPresence(ws, user uuid.UUID, state chat.PresenceState) error {
	before, err := one(x, scanPresence(x.now), errNoUser(), selectPresence+`AND id = ?`, ws[:], user[:])
	if err != nil {
		return err
	}
	if before.State != state {
		x.tell(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
	}
	_, err = x.put(`UPDATE users SET presence = ?, seen_at = ? WHERE workspace_id = ? AND id = ?`, string(state), micros(x.now), ws[:], user[:])
	return err
}

// Presence lists every user's presence.
func (s *Store) Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error) {
	all, err := list(ctx, s, scanPresence(s.time()), selectPresence+`ORDER BY name, id`, ws[:])
	return all, wrap(err, "presence")
}

const selectPresence = `SELECT id, name, presence, seen_at, photo_id FROM users WHERE workspace_id = ? `

// scanPresence scans presence as it is at now.
func scanPresence(now time.Time) func(row) (chat.Presence, error) {
	return func(r row) (chat.Presence, error) {
		var p chat.Presence
		var seen int64
		if err := r.Scan(&p.User, &p.Name, &p.State, &seen, &p.Photo); err != nil {
			return chat.Presence{}, err
		}
		p.SeenAt = timeOf(seen)
		if now.Sub(p.SeenAt) > chat.PresenceTTL {
			p.State = chat.PresenceOffline
		}
		return p, nil
	}
}
