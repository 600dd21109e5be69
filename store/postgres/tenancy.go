package postgres

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoWorkspace() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such workspace")
}

// dangling is err, or, if it is about a workspace that is not there, that.
func dangling(err error) error {
	if isDangling(err) {
		return errNoWorkspace()
	}
	return err
}

// EnsureWorkspace gives the oldest workspace and inbox, and makes what is missing.
func (s *Store) EnsureWorkspace(ctx context.Context, name string, inbox chat.Inbox) (ws chat.Workspace, in chat.Inbox, err error) {
	err = s.tx(ctx, func(x pgx.Tx) error {
		// One node at a time, for as long as there is no row to lock.
		if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk first workspace', 0))`); err != nil {
			return err
		}
		ws, err = one(ctx, x, scanWorkspace, pgx.ErrNoRows, `SELECT `+workspaceColumns+` FROM workspaces ORDER BY number LIMIT 1`)
		if errors.Is(err, pgx.ErrNoRows) {
			ws, err = s.createWorkspace(ctx, x, name)
		}
		if err != nil {
			return err
		}
		in, err = one(ctx, x, scanInbox, pgx.ErrNoRows,
			`SELECT `+inboxColumns+` FROM inboxes WHERE workspace_id = $1 ORDER BY number LIMIT 1`, ws.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			in, err = s.putInbox(ctx, x, ws.ID, inbox)
		}
		return err
	})
	if err != nil {
		return chat.Workspace{}, chat.Inbox{}, s.end(ctx, err, "ensure a workspace")
	}
	return ws, in, nil
}

// CreateWorkspace makes another one.
func (s *Store) CreateWorkspace(ctx context.Context, name string) (chat.Workspace, error) {
	ws, err := s.createWorkspace(ctx, s.pool, name)
	return ws, s.end(ctx, err, "create a workspace")
}

func (s *Store) createWorkspace(ctx context.Context, q querier, name string) (chat.Workspace, error) {
	key, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.Workspace{}, err
	}
	return one(ctx, q, scanWorkspace, nil,
		`INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) RETURNING `+workspaceColumns, key, name, s.time())
}

// Workspaces lists all of them.
func (s *Store) Workspaces(ctx context.Context) ([]chat.Workspace, error) {
	all, err := list(ctx, s.pool, scanWorkspace, `SELECT `+workspaceColumns+` FROM workspaces ORDER BY number`)
	return all, s.end(ctx, err, "workspaces")
}

const workspaceColumns = `id, name, created_at`

func scanWorkspace(row pgx.CollectableRow) (ws chat.Workspace, err error) {
	err = row.Scan(id(&ws.ID), &ws.Name, &ws.CreatedAt)
	return ws, err
}

// PutInbox makes or changes an inbox.
func (s *Store) PutInbox(ctx context.Context, ws uuid.UUID, in chat.Inbox) (chat.Inbox, error) {
	stored, err := s.putInbox(ctx, s.pool, ws, in)
	return stored, s.end(ctx, err, "put inbox %q", in.Key)
}

func (s *Store) putInbox(ctx context.Context, q querier, ws uuid.UUID, in chat.Inbox) (chat.Inbox, error) {
	if in.Key == "" {
		return chat.Inbox{}, invalid("an inbox needs a key")
	}
	key, err := rule.NewID(in.ID)
	if err != nil {
		return chat.Inbox{}, err
	}
	stored, err := one(ctx, q, scanInbox, rule.InboxStale(), `INSERT INTO inboxes (workspace_id, id, key, name, settings, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, id) DO UPDATE SET key = excluded.key, name = excluded.name, settings = excluded.settings, revision = inboxes.revision + 1
		WHERE $7 IN (0, inboxes.revision)
		RETURNING `+inboxColumns, ws, key, in.Key, in.Name, in.Settings, s.time(), in.Revision)
	if isTaken(err) {
		return chat.Inbox{}, chat.Errorf(chat.CodeConflict, "the key %q is another inbox's; choose another one", in.Key)
	}
	return stored, dangling(err)
}

// Inboxes lists a workspace's.
func (s *Store) Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error) {
	all, err := list(ctx, s.pool, scanInbox, `SELECT `+inboxColumns+` FROM inboxes WHERE workspace_id = $1 ORDER BY number`, ws)
	return all, s.end(ctx, err, "inboxes")
}

// InboxByKey finds one by its public key.
func (s *Store) InboxByKey(ctx context.Context, key string) (chat.Inbox, error) {
	in, err := one(ctx, s.pool, scanInbox, chat.Errorf(chat.CodeNotFound, "there is no inbox with the key %q", key),
		`SELECT `+inboxColumns+` FROM inboxes WHERE key = $1`, key)
	return in, s.end(ctx, err, "inbox %q", key)
}

const inboxColumns = `workspace_id, id, key, name, settings, created_at, revision`

func scanInbox(row pgx.CollectableRow) (in chat.Inbox, err error) {
	err = row.Scan(id(&in.Workspace), id(&in.ID), &in.Key, &in.Name, document{&in.Settings}, &in.CreatedAt, &in.Revision)
	return in, err
}

// secretBytes is the length of a secret: what HMAC-SHA256 can use.
const secretBytes = 32

const (
	findSecret = `SELECT value FROM secrets WHERE workspace_id = $1 AND name = $2`
	putSecret  = `INSERT INTO secrets (workspace_id, name, value, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name) DO NOTHING`
)

// Secret gives a secret, and makes it at its first use.
func (s *Store) Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error) {
	secret, err := s.secret(ctx, ws, name)
	return secret, s.end(ctx, err, "secret %q", name)
}

func (s *Store) secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error) {
	secret, err := one(ctx, s.pool, pgx.RowTo[[]byte], pgx.ErrNoRows, findSecret, ws, name)
	if !errors.Is(err, pgx.ErrNoRows) {
		return secret, err
	}
	fresh := make([]byte, secretBytes)
	rand.Read(fresh) // never fails
	if _, err := s.pool.Exec(ctx, putSecret, ws, name, fresh, s.time()); err != nil {
		return nil, dangling(err)
	}
	// Whose was first.
	return one(ctx, s.pool, pgx.RowTo[[]byte], nil, findSecret, ws, name)
}
