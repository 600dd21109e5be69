package postgres

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutSetting stores the next revision.
func (s *Store) PutSetting(ctx context.Context, ws uuid.UUID, set chat.Setting) (chat.Setting, error) {
	stored, err := s.putSetting(ctx, ws, set)
	return stored, s.end(ctx, err, "put setting %q", set.Name)
}

func (s *Store) putSetting(ctx context.Context, ws uuid.UUID, set chat.Setting) (chat.Setting, error) {
	if err := rule.CheckSetting(set); err != nil {
		return chat.Setting{}, err
	}
	// Inboxes are never deleted, so what is there now is there below.
	there, err := one(ctx, s.pool, pgx.RowTo[bool], nil, `SELECT EXISTS (SELECT FROM workspaces WHERE id = $1)
		AND ($2 = '00000000-0000-0000-0000-000000000000'::uuid OR EXISTS (SELECT FROM inboxes WHERE workspace_id = $1 AND id = $2))`, ws, set.Inbox)
	if err == nil && !there {
		err = chat.Errorf(chat.CodeNotFound, "there is no such workspace or inbox")
	}
	if err != nil {
		return chat.Setting{}, err
	}
	// Of two that follow the same revision, the key lets one through.
	return one(ctx, s.pool, scanSetting, chat.Errorf(chat.CodeStale, "somebody else has changed this since it was read; read it again"),
		`INSERT INTO settings (workspace_id, inbox_id, name, revision, value, by_id, created_at) SELECT $1, $2, $3, $4::bigint + 1, $5, $6, $7
		WHERE $4 = (SELECT coalesce(max(revision), 0) FROM settings WHERE workspace_id = $1 AND inbox_id = $2 AND name = $3)
		ON CONFLICT DO NOTHING RETURNING `+settingColumns, ws, set.Inbox, set.Name, set.Revision, verbatim(set.Value), set.By, s.time())
}

const newestSettings = ` FROM settings WHERE workspace_id = $1 AND inbox_id = $2 AND name = $3 ORDER BY revision DESC LIMIT `

// Setting gives the newest revision.
func (s *Store) Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error) {
	set, err := one(ctx, s.pool, scanSetting, chat.Errorf(chat.CodeNotFound, "this was never set"),
		`SELECT `+settingColumns+newestSettings+`1`, ws, inbox, name)
	return set, s.end(ctx, err, "setting %q", name)
}

// SettingHistory gives revisions, newest first.
func (s *Store) SettingHistory(ctx context.Context, ws, inbox uuid.UUID, name string, limit int) ([]chat.Setting, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "history of setting %q", name)
	}
	all, err := list(ctx, s.pool, scanSetting, `SELECT `+settingColumns+newestSettings+`$4`, ws, inbox, name, limit)
	return all, s.end(ctx, err, "history of setting %q", name)
}

const settingColumns = `inbox_id, name, revision, value, by_id, created_at`

func scanSetting(row pgx.CollectableRow) (set chat.Setting, err error) {
	err = row.Scan(id(&set.Inbox), &set.Name, &set.Revision, (*[]byte)(&set.Value), id(&set.By), &set.At)
	return set, err
}

// verbatim is JSON as an argument that pgx does not encode anew, which would
// drop spaces and escape some characters.
func verbatim(raw json.RawMessage) string { return string(raw) }
