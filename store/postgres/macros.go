package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const macroColumns = `id, owner_id, code, revision, created_at, updated_at, body`

func scanMacro(row pgx.CollectableRow) (m chat.Macro, err error) {
	var b rule.MacroBody
	err = row.Scan(id(&m.ID), id(&m.Owner), &m.Code, &m.Revision, &m.CreatedAt, &m.UpdatedAt, document{&b})
	b.Into(&m)
	return m, err
}

// PutMacro stores a new macro or the next revision of one.
func (s *Store) PutMacro(ctx context.Context, ws uuid.UUID, m chat.Macro) (chat.Macro, error) {
	stored, err := s.putMacro(ctx, ws, m)
	if isTaken(err) {
		err = rule.MacroTaken(m.Code)
	}
	return stored, s.end(ctx, dangling(err), "put macro %q", m.Code)
}

func (s *Store) putMacro(ctx context.Context, ws uuid.UUID, m chat.Macro) (chat.Macro, error) {
	err := rule.CheckMacro(m)
	if err == nil {
		m.ID, err = rule.NewID(m.ID)
	}
	if err != nil {
		return chat.Macro{}, err
	}
	body := rule.BodyOf(m)
	if m.Revision == 0 {
		return one(ctx, s.pool, scanMacro, nil, `INSERT INTO macros (workspace_id, id, owner_id, code, revision, created_at, updated_at, body)
			VALUES ($1, $2, $3, $4, 1, $5, $5, $6) RETURNING `+macroColumns, ws, m.ID, m.Owner, m.Code, s.time(), body)
	}
	changed, err := one(ctx, s.pool, scanMacro, rule.MacroStale(), `UPDATE macros SET owner_id = $4, code = $5, revision = revision + 1, updated_at = $6, body = $7
		WHERE workspace_id = $1 AND id = $2 AND revision = $3 RETURNING `+macroColumns, ws, m.ID, m.Revision, m.Owner, m.Code, s.time(), body)
	if chat.CodeOf(err) == chat.CodeStale { // or gone
		if _, gone := s.macro(ctx, ws, m.ID); gone != nil {
			err = gone
		}
	}
	return changed, err
}

func (s *Store) macro(ctx context.Context, ws, id uuid.UUID) (chat.Macro, error) {
	return one(ctx, s.pool, scanMacro, rule.ErrNoMacro(), `SELECT `+macroColumns+` FROM macros WHERE workspace_id = $1 AND id = $2`, ws, id)
}

// Macro finds one.
func (s *Store) Macro(ctx context.Context, ws, id uuid.UUID) (chat.Macro, error) {
	m, err := s.macro(ctx, ws, id)
	return m, s.end(ctx, err, "macro %s", id)
}

// Macros lists everybody's and owner's.
func (s *Store) Macros(ctx context.Context, ws, owner uuid.UUID) ([]chat.Macro, error) {
	owners := []uuid.UUID{owner}
	if owner != uuid.Nil {
		owners = append(owners, uuid.Nil)
	}
	var all []chat.Macro
	for _, of := range owners {
		part, err := list(ctx, s.pool, scanMacro, `SELECT `+macroColumns+` FROM macros
			WHERE workspace_id = $1 AND owner_id = $2 ORDER BY code COLLATE "C"`, ws, of)
		if err != nil {
			return nil, s.end(ctx, err, "macros")
		}
		all = append(all, part...)
	}
	return all, nil
}

// DropMacro removes one.
func (s *Store) DropMacro(ctx context.Context, ws, id uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM macros WHERE workspace_id = $1 AND id = $2`, ws, id)
	if err == nil && tag.RowsAffected() == 0 {
		err = rule.ErrNoMacro()
	}
	return s.end(ctx, err, "drop macro %s", id)
}
