package sqlite

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoWorkspace() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such workspace")
}

// EnsureWorkspace gives the oldest workspace and inbox, making what is missing.
func (s *Store) EnsureWorkspace(ctx context.Context, name string, inbox chat.Inbox) (chat.Workspace, chat.Inbox, error) {
	type result struct {
		ws    chat.Workspace
		inbox chat.Inbox
	}
	r, err := write(ctx, s, func(x *tx) (r result, err error) {
		r.ws, err = scanWorkspace(x.queryRow(selectWorkspaces + ` LIMIT 1`))
		if errors.Is(err, sql.ErrNoRows) {
			r.ws, err = x.createWorkspace(name)
		}
		if err != nil {
			return result{}, err
		}
		r.inbox, err = scanInbox(x.queryRow(selectInboxes+` WHERE workspace_id = ? ORDER BY created_at, n LIMIT 1`, r.ws.ID[:]))
		if errors.Is(err, sql.ErrNoRows) {
			r.inbox, err = x.putInbox(r.ws.ID, inbox)
		}
		return r, err
	})
	return r.ws, r.inbox, wrap(err, "ensure workspace")
}

// CreateWorkspace makes another workspace.
func (s *Store) CreateWorkspace(ctx context.Context, name string) (chat.Workspace, error) {
	ws, err := write(ctx, s, func(x *tx) (chat.Workspace, error) { return x.createWorkspace(name) })
	return ws, wrap(err, "create workspace %q", name)
}

func (x *tx) createWorkspace(name string) (chat.Workspace, error) {
	id, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.Workspace{}, err
	}
	_, err = x.put(`INSERT INTO workspaces (id, name, created_at) VALUES (?, ?, ?)`, id[:], name, micros(x.now))
	return chat.Workspace{ID: id, Name: name, CreatedAt: x.now}, err
}

// Workspaces lists all of them.
func (s *Store) Workspaces(ctx context.Context) ([]chat.Workspace, error) {
	all, err := list(ctx, s, scanWorkspace, selectWorkspaces)
	return all, wrap(err, "workspaces")
}

const selectWorkspaces = `SELECT id, name, created_at FROM workspaces ORDER BY created_at, n`

func scanWorkspace(r row) (chat.Workspace, error) {
	var ws chat.Workspace
	var created int64
	if err := r.Scan(&ws.ID, &ws.Name, &created); err != nil {
		return chat.Workspace{}, err
	}
	ws.CreatedAt = timeOf(created)
	return ws, nil
}

// PutInbox makes or changes an inbox.
func (s *Store) PutInbox(ctx context.Context, ws uuid.UUID, in chat.Inbox) (chat.Inbox, error) {
	stored, err := write(ctx, s, func(x *tx) (chat.Inbox, error) { return x.putInbox(ws, in) })
	return stored, wrap(err, "put inbox %q", in.Key)
}

func (x *tx) putInbox(ws uuid.UUID, in chat.Inbox) (chat.Inbox, error) {
	if in.Key == "" {
		return chat.Inbox{}, invalid("an inbox needs a key")
	}
	id, err := rule.NewID(in.ID)
	if err != nil {
		return chat.Inbox{}, err
	}
	settings, err := encode(in.Settings)
	if err != nil {
		return chat.Inbox{}, err
	}
	res, err := x.put(`INSERT INTO inboxes (workspace_id, id, key, name, settings, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (workspace_id, id) DO UPDATE SET key = excluded.key, name = excluded.name, settings = excluded.settings, revision = revision + 1
		WHERE ?7 IN (0, revision)`, ws[:], id[:], in.Key, in.Name, settings, micros(x.now), in.Revision)
	switch {
	case isDangling(err):
		return chat.Inbox{}, errNoWorkspace()
	case isTaken(err):
		return chat.Inbox{}, chat.Errorf(chat.CodeConflict, "the inbox key %q is taken; choose another", in.Key)
	case err != nil:
		return chat.Inbox{}, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return chat.Inbox{}, cmp.Or(err, rule.InboxStale())
	}
	return scanInbox(x.queryRow(selectInboxes+` WHERE workspace_id = ? AND id = ?`, ws[:], id[:]))
}

// Inboxes lists a workspace's inboxes.
func (s *Store) Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error) {
	all, err := list(ctx, s, scanInbox, selectInboxes+` WHERE workspace_id = ? ORDER BY created_at, n`, ws[:])
	return all, wrap(err, "inboxes")
}

// InboxByKey finds an inbox by its public key.
func (s *Store) InboxByKey(ctx context.Context, key string) (chat.Inbox, error) {
	in, err := one(s.read(ctx), scanInbox, chat.Errorf(chat.CodeNotFound, "there is no inbox with this key"), selectInboxes+` WHERE key = ?`, key)
	return in, wrap(err, "inbox by key")
}

const selectInboxes = `SELECT workspace_id, id, key, name, settings, created_at, revision FROM inboxes`

func scanInbox(r row) (chat.Inbox, error) {
	var in chat.Inbox
	var settings []byte
	var created int64
	if err := r.Scan(&in.Workspace, &in.ID, &in.Key, &in.Name, &settings, &created, &in.Revision); err != nil {
		return chat.Inbox{}, err
	}
	in.CreatedAt = timeOf(created)
	return in, json.Unmarshal(settings, &in.Settings)
}

// secretBytes is a secret's length: 256 bits, as HMAC-SHA-256 wants its keys.
const secretBytes = 32

const (
	findSecret = `SELECT value FROM secrets WHERE workspace_id = ? AND name = ?`
	putSecret  = `INSERT INTO secrets (workspace_id, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
)

// Secret gives the secret of that name, made at first use.
func (s *Store) Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error) {
	value, err := one(s.read(ctx), scanValue[[]byte], nil, findSecret, ws[:], name)
	if err != nil || len(value) > 0 {
		return value, wrap(err, "secret %s", name)
	}
	fresh := make([]byte, secretBytes)
	if _, err := rand.Read(fresh); err != nil {
		return nil, wrap(err, "secret %s", name)
	}
	value, err = write(ctx, s, func(x *tx) ([]byte, error) {
		_, err := x.put(putSecret, ws[:], name, fresh)
		if isDangling(err) {
			return nil, errNoWorkspace()
		}
		if err != nil {
			return nil, err
		}
		return scanValue[[]byte](x.queryRow(findSecret, ws[:], name))
	})
	return value, wrap(err, "secret %s", name)
}
