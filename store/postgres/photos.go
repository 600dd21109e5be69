package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutPhoto gives a user another photo, or none.
func (s *Store) PutPhoto(ctx context.Context, ws, who uuid.UUID, jpeg []byte) (chat.User, error) {
	key, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.User{}, s.end(ctx, err, "put photo of %s", who)
	}
	var u chat.User
	err = s.tx(ctx, func(x pgx.Tx) (err error) {
		var photo *uuid.UUID
		if len(jpeg) > 0 {
			photo = &key
		}
		u, err = one(ctx, x, scanUser, errNoUser(), `UPDATE users SET photo_id = $3 WHERE workspace_id = $1 AND id = $2 RETURNING `+userColumns, ws, who, photo)
		if err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `DELETE FROM photos WHERE workspace_id = $1 AND user_id = $2`, ws, who); err != nil || photo == nil {
			return err
		}
		_, err = x.Exec(ctx, `INSERT INTO photos (workspace_id, id, user_id, data) VALUES ($1, $2, $3, $4)`, ws, key, who, jpeg)
		return err
	})
	if err != nil {
		return chat.User{}, s.end(ctx, err, "put photo of %s", who)
	}
	s.notify(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
	return u, nil
}

// Photo gives a photo that a user has.
func (s *Store) Photo(ctx context.Context, ws, id uuid.UUID) ([]byte, error) {
	data, err := one(ctx, s.pool, pgx.RowTo[[]byte], errNoFile(), `SELECT data FROM photos WHERE workspace_id = $1 AND id = $2`, ws, id)
	return data, s.end(ctx, err, "photo %s", id)
}

// CountOpener adds to what became of a proactive message today.
func (s *Store) CountOpener(ctx context.Context, ws, inbox uuid.UUID, add chat.OpenerCount) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO openers AS o (workspace_id, inbox_id, rule, day, shown, opened, answered) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, inbox_id, rule, day) DO UPDATE SET shown = o.shown + $5, opened = o.opened + $6, answered = o.answered + $7`,
		ws, inbox, add.Rule, rule.Day(s.time()), add.Shown, add.Opened, add.Answered)
	if isDangling(err) {
		err = chat.Errorf(chat.CodeNotFound, "there is no such inbox")
	}
	return s.end(ctx, err, "count proactive message %s", add.Rule)
}

// OpenerCounts gives what became of an inbox's messages in the last days.
func (s *Store) OpenerCounts(ctx context.Context, ws, inbox uuid.UUID, days int) ([]chat.OpenerCount, error) {
	all, err := list(ctx, s.pool, func(row pgx.CollectableRow) (c chat.OpenerCount, err error) {
		err = row.Scan(&c.Rule, &c.Shown, &c.Opened, &c.Answered)
		return c, err
	}, `SELECT rule, sum(shown)::bigint, sum(opened)::bigint, sum(answered)::bigint FROM openers
		WHERE workspace_id = $1 AND inbox_id = $2 AND day > $3 GROUP BY rule ORDER BY rule COLLATE "C"`, ws, inbox, rule.Day(s.time())-days)
	return all, s.end(ctx, err, "counts of proactive messages")
}
