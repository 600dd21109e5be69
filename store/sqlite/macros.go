package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const selectMacro = `SELECT id, owner_id, code, revision, created_at, updated_at, body FROM macros `

func scanMacro(r row) (m chat.Macro, err error) {
	var created, updated int64
	var text []byte
	if err = r.Scan(&m.ID, &m.Owner, &m.Code, &m.Revision, &created, &updated, &text); err != nil {
		return m, err
	}
	m.CreatedAt, m.UpdatedAt = timeOf(created), timeOf(updated)
	var b rule.MacroBody
	err = json.Unmarshal(text, &b)
	b.Into(&m)
	return m, err
}

func macro(q querier, ws, id uuid.UUID) (chat.Macro, error) {
	return one(q, scanMacro, rule.ErrNoMacro(), selectMacro+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
}

// PutMacro stores a new macro or the next revision of one.
func (s *Store) PutMacro(ctx context.Context, ws uuid.UUID, m chat.Macro) (chat.Macro, error) {
	err := rule.CheckMacro(m)
	if err == nil {
		m.ID, err = rule.NewID(m.ID)
	}
	if err != nil {
		return chat.Macro{}, wrap(err, "put macro")
	}
	body, err := encode(rule.BodyOf(m))
	if err != nil {
		return chat.Macro{}, wrap(err, "put macro")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.Macro, error) {
		var err error
		if m.Revision == 0 {
			_, err = x.put(`INSERT INTO macros (workspace_id, id, owner_id, code, revision, created_at, updated_at, body) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6)`,
				ws[:], m.ID[:], m.Owner[:], m.Code, micros(x.now), body)
		} else {
			err = x.changeMacro(ws, m, body)
		}
		switch {
		case isDangling(err):
			return chat.Macro{}, errNoWorkspace()
		case isTaken(err):
			return chat.Macro{}, rule.MacroTaken(m.Code)
		case err != nil:
			return chat.Macro{}, err
		}
		return macro(x, ws, m.ID)
	})
	return stored, wrap(err, "put macro %q", m.Code)
}

func (x *tx) changeMacro(ws uuid.UUID, m chat.Macro, body string) error {
	old, err := macro(x, ws, m.ID)
	if err == nil && old.Revision != m.Revision {
		err = rule.MacroStale()
	}
	if err != nil {
		return err
	}
	_, err = x.put(`UPDATE macros SET owner_id = ?, code = ?, revision = revision + 1, updated_at = ?, body = ? WHERE workspace_id = ? AND id = ?`,
		m.Owner[:], m.Code, micros(x.now), body, ws[:], m.ID[:])
	return err
}

// Macro finds one.
func (s *Store) Macro(ctx context.Context, ws, id uuid.UUID) (chat.Macro, error) {
	m, err := macro(s.read(ctx), ws, id)
	return m, wrap(err, "macro %s", id)
}

// Macros lists everybody's and owner's.
func (s *Store) Macros(ctx context.Context, ws, owner uuid.UUID) ([]chat.Macro, error) {
	shared, err := s.macrosOf(ctx, ws, uuid.Nil)
	if err != nil || owner == uuid.Nil {
		return shared, wrap(err, "macros")
	}
	own, err := s.macrosOf(ctx, ws, owner)
	return append(own, shared...), wrap(err, "macros")
}

func (s *Store) macrosOf(ctx context.Context, ws, owner uuid.UUID) ([]chat.Macro, error) {
	return list(ctx, s, scanMacro, selectMacro+`WHERE workspace_id = ? AND owner_id = ? ORDER BY code`, ws[:], owner[:])
}

// DropMacro removes one.
func (s *Store) DropMacro(ctx context.Context, ws, id uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (int, error) {
		if _, err := macro(x, ws, id); err != nil {
			return 0, err
		}
		_, err := x.put(`DELETE FROM macros WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
		return 0, err
	})
	return wrap(err, "drop macro %s", id)
}
