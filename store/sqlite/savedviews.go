package sqlite

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const selectView = `SELECT id, owner_id, name, view, query, created_at FROM saved_views `

func scanView(r row) (v chat.SavedView, err error) {
	var created int64
	err = r.Scan(&v.ID, &v.Owner, &v.Name, &v.View, &v.Query, &created)
	v.CreatedAt = timeOf(created)
	return v, err
}

// PutSavedView saves a view, in the place of the one with its id.
func (s *Store) PutSavedView(ctx context.Context, ws uuid.UUID, v chat.SavedView) (chat.SavedView, error) {
	err := rule.CheckSavedView(v)
	if err == nil {
		v.ID, err = rule.NewID(v.ID)
	}
	if err != nil {
		return chat.SavedView{}, wrap(err, "save view")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.SavedView, error) {
		_, err := x.put(`INSERT INTO saved_views (workspace_id, id, owner_id, name, view, query, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			ON CONFLICT (workspace_id, id) DO UPDATE SET owner_id = ?3, name = ?4, view = ?5, query = ?6`,
			ws[:], v.ID[:], v.Owner[:], v.Name, string(v.View), v.Query, micros(x.now))
		switch {
		case isDangling(err):
			return chat.SavedView{}, errNoWorkspace()
		case isTaken(err):
			return chat.SavedView{}, rule.ViewTaken(v.Name)
		case err != nil:
			return chat.SavedView{}, err
		}
		return one(x, scanView, rule.ErrNoView(), selectView+`WHERE workspace_id = ? AND id = ?`, ws[:], v.ID[:])
	})
	return stored, wrap(err, "save view %q", v.Name)
}

// SavedViews lists owner's and everybody's.
func (s *Store) SavedViews(ctx context.Context, ws, owner uuid.UUID) ([]chat.SavedView, error) {
	shared, err := s.viewsOf(ctx, ws, uuid.Nil)
	if err != nil || owner == uuid.Nil {
		return shared, wrap(err, "saved views")
	}
	own, err := s.viewsOf(ctx, ws, owner)
	return append(own, shared...), wrap(err, "saved views")
}

func (s *Store) viewsOf(ctx context.Context, ws, owner uuid.UUID) ([]chat.SavedView, error) {
	return list(ctx, s, scanView, selectView+`WHERE workspace_id = ? AND owner_id = ? ORDER BY name`, ws[:], owner[:])
}

// DropSavedView removes one.
func (s *Store) DropSavedView(ctx context.Context, ws, id uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (int, error) {
		result, err := x.put(`DELETE FROM saved_views WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
		if err != nil {
			return 0, err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return 0, cmp.Or(err, rule.ErrNoView())
		}
		return 0, nil
	})
	return wrap(err, "drop view %s", id)
}
