package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
)

// PutProfile sets what a user can take.
func (s *Store) PutProfile(ctx context.Context, ws uuid.UUID, p chat.Profile) (chat.Profile, error) {
	p, err := p.Clean()
	if err != nil {
		return chat.Profile{}, s.end(ctx, err, "put profile")
	}
	_, err = s.pool.Exec(ctx, `INSERT INTO profiles (workspace_id, user_id, profile) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET profile = $3`, ws, p.User, p)
	if isDangling(err) {
		err = errNoUser()
	}
	if err != nil {
		return chat.Profile{}, s.end(ctx, err, "put profile of %s", p.User)
	}
	return p, nil
}

// Profiles gives those that were set.
func (s *Store) Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error) {
	all, err := list(ctx, s.pool, func(row pgx.CollectableRow) (p chat.Profile, err error) {
		err = row.Scan(document{&p})
		return p, err
	}, `SELECT profile FROM profiles WHERE workspace_id = $1 ORDER BY user_id`, ws)
	return all, s.end(ctx, err, "profiles")
}
