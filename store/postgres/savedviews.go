package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const viewColumns = `id, owner_id, name, view, query, created_at`

func scanView(row pgx.CollectableRow) (v chat.SavedView, err error) {
	err = row.Scan(id(&v.ID), id(&v.Owner), &v.Name, &v.View, &v.Query, &v.CreatedAt)
	return v, err
}

// PutSavedView saves a view, in the place of the one with its id.
func (s *Store) PutSavedView(ctx context.Context, ws uuid.UUID, v chat.SavedView) (chat.SavedView, error) {
	err := rule.CheckSavedView(v)
	if err == nil {
		v.ID, err = rule.NewID(v.ID)
	}
	if err != nil {
		return chat.SavedView{}, s.end(ctx, err, "save view")
	}
	stored, err := one(ctx, s.pool, scanView, nil, `INSERT INTO saved_views (workspace_id, id, owner_id, name, view, query, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET owner_id = $3, name = $4, view = $5, query = $6 RETURNING `+viewColumns,
		ws, v.ID, v.Owner, v.Name, v.View, v.Query, s.time())
	if isTaken(err) {
		err = rule.ViewTaken(v.Name)
	}
	return stored, s.end(ctx, dangling(err), "save view %q", v.Name)
}

// SavedViews lists owner's and everybody's.
func (s *Store) SavedViews(ctx context.Context, ws, owner uuid.UUID) ([]chat.SavedView, error) {
	owners := []uuid.UUID{owner}
	if owner != uuid.Nil {
		owners = append(owners, uuid.Nil)
	}
	var all []chat.SavedView
	for _, of := range owners {
		part, err := list(ctx, s.pool, scanView, `SELECT `+viewColumns+` FROM saved_views
			WHERE workspace_id = $1 AND owner_id = $2 ORDER BY name COLLATE "C"`, ws, of)
		if err != nil {
			return nil, s.end(ctx, err, "saved views")
		}
		all = append(all, part...)
	}
	return all, nil
}

// DropSavedView removes one.
func (s *Store) DropSavedView(ctx context.Context, ws, id uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM saved_views WHERE workspace_id = $1 AND id = $2`, ws, id)
	if err == nil && tag.RowsAffected() == 0 {
		err = rule.ErrNoView()
	}
	return s.end(ctx, err, "drop view %s", id)
}
