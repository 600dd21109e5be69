package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// PutProfile sets what a user can take.
func (s *Store) PutProfile(ctx context.Context, ws uuid.UUID, p chat.Profile) (chat.Profile, error) {
	p, err := p.Clean()
	if err != nil {
		return chat.Profile{}, wrap(err, "put profile")
	}
	body, err := encode(p)
	if err != nil {
		return chat.Profile{}, wrap(err, "put profile")
	}
	_, err = write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO profiles (workspace_id, user_id, profile) VALUES (?1, ?2, ?3)
			ON CONFLICT (workspace_id, user_id) DO UPDATE SET profile = ?3`, ws[:], p.User[:], body)
		if isDangling(err) {
			err = errNoUser()
		}
		return struct{}{}, err
	})
	if err != nil {
		return chat.Profile{}, wrap(err, "put profile of %s", p.User)
	}
	return p, nil
}

// Profiles gives those that were set.
func (s *Store) Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error) {
	all, err := list(ctx, s, func(r row) (p chat.Profile, err error) {
		body, err := scanValue[[]byte](r)
		if err != nil {
			return p, err
		}
		return p, json.Unmarshal(body, &p)
	}, `SELECT profile FROM profiles WHERE workspace_id = ? ORDER BY user_id`, ws[:])
	return all, wrap(err, "profiles")
}
