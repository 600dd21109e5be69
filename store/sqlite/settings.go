package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutSetting stores the next revision.
func (s *Store) PutSetting(ctx context.Context, ws uuid.UUID, set chat.Setting) (chat.Setting, error) {
	if err := rule.CheckSetting(set); err != nil {
		return chat.Setting{}, wrap(err, "put setting %q", set.Name)
	}
	value := string(set.Value)
	stored, err := write(ctx, s, func(x *tx) (chat.Setting, error) {
		there, err := scanValue[bool](x.queryRow(`SELECT EXISTS (SELECT 1 FROM workspaces WHERE id = ?1)
			AND (?2 = zeroblob(16) OR EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ?1 AND id = ?2))`, ws[:], set.Inbox[:]))
		if err == nil && !there {
			err = chat.Errorf(chat.CodeNotFound, "there is no such workspace or inbox")
		}
		if err != nil {
			return chat.Setting{}, err
		}
		newest, err := scanValue[int64](x.queryRow(`SELECT coalesce(max(revision), 0) FROM settings WHERE workspace_id = ? AND inbox_id = ? AND name = ?`,
			ws[:], set.Inbox[:], set.Name))
		if err == nil && newest != set.Revision {
			err = chat.Errorf(chat.CodeStale, "somebody else has changed this since it was read; read it again")
		}
		if err != nil {
			return chat.Setting{}, err
		}
		if _, err := x.put(`INSERT INTO settings (workspace_id, inbox_id, name, revision, value, by_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ws[:], set.Inbox[:], set.Name, newest+1, value, set.By[:], micros(x.now)); err != nil {
			return chat.Setting{}, err
		}
		return scanSetting(x.queryRow(selectSettings+` LIMIT 1`, ws[:], set.Inbox[:], set.Name))
	})
	return stored, wrap(err, "put setting %q", set.Name)
}

// Setting gives the newest revision.
func (s *Store) Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error) {
	set, err := one(s.read(ctx), scanSetting, chat.Errorf(chat.CodeNotFound, "this was never set"), selectSettings+` LIMIT 1`, ws[:], inbox[:], name)
	return set, wrap(err, "setting %q", name)
}

// SettingHistory gives revisions, newest first.
func (s *Store) SettingHistory(ctx context.Context, ws, inbox uuid.UUID, name string, limit int) ([]chat.Setting, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "history of setting %q", name)
	}
	all, err := list(ctx, s, scanSetting, selectSettings+` LIMIT ?`, ws[:], inbox[:], name, limit)
	return all, wrap(err, "history of setting %q", name)
}

const selectSettings = `SELECT inbox_id, name, revision, value, by_id, created_at FROM settings
	WHERE workspace_id = ? AND inbox_id = ? AND name = ? ORDER BY revision DESC`

func scanSetting(r row) (set chat.Setting, err error) {
	var created int64
	var value []byte
	err = r.Scan(&set.Inbox, &set.Name, &set.Revision, &value, &set.By, &created)
	set.Value, set.At = value, timeOf(created)
	return set, err
}
