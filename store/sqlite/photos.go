package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutPhoto gives a user another photo, or none.
func (s *Store) PutPhoto(ctx context.Context, ws, who uuid.UUID, jpeg []byte) (chat.User, error) {
	id, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.User{}, wrap(err, "put photo of %s", who)
	}
	u, err := write(ctx, s, func(x *tx) (chat.User, error) {
		if _, err := x.put(`DELETE FROM photos WHERE workspace_id = ? AND user_id = ?`, ws[:], who[:]); err != nil {
			return chat.User{}, err
		}
		var photo any
		if len(jpeg) > 0 {
			photo = id[:]
			_, err := x.put(`INSERT INTO photos (workspace_id, id, user_id, data) VALUES (?, ?, ?, ?)`, ws[:], id[:], who[:], jpeg)
			if isDangling(err) {
				err = errNoUser()
			}
			if err != nil {
				return chat.User{}, err
			}
		}
		if _, err := x.put(`UPDATE users SET photo_id = ? WHERE workspace_id = ? AND id = ?`, photo, ws[:], who[:]); err != nil {
			return chat.User{}, err
		}
		x.tell(chat.Signal{Kind: chat.SignalPresence, Workspace: ws})
		return user(x, ws, who)
	})
	return u, wrap(err, "put photo of %s", who)
}

// Photo gives a photo that a user has.
func (s *Store) Photo(ctx context.Context, ws, id uuid.UUID) ([]byte, error) {
	data, err := one(s.read(ctx), scanValue[[]byte], errNoFile(), `SELECT data FROM photos WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
	return data, wrap(err, "photo %s", id)
}

// CountOpener adds to what became of a proactive message today.
func (s *Store) CountOpener(ctx context.Context, ws, inbox uuid.UUID, add chat.OpenerCount) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO openers (workspace_id, inbox_id, rule, day, shown, opened, answered) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			ON CONFLICT (workspace_id, inbox_id, rule, day) DO UPDATE SET shown = shown + ?5, opened = opened + ?6, answered = answered + ?7`,
			ws[:], inbox[:], add.Rule, rule.Day(x.now), add.Shown, add.Opened, add.Answered)
		if isDangling(err) {
			err = chat.Errorf(chat.CodeNotFound, "there is no such inbox")
		}
		return struct{}{}, err
	})
	return wrap(err, "count proactive message %s", add.Rule)
}

// OpenerCounts gives what became of an inbox's messages in the last days.
func (s *Store) OpenerCounts(ctx context.Context, ws, inbox uuid.UUID, days int) ([]chat.OpenerCount, error) {
	all, err := list(ctx, s, func(r row) (c chat.OpenerCount, err error) {
		return c, r.Scan(&c.Rule, &c.Shown, &c.Opened, &c.Answered)
	}, `SELECT rule, sum(shown), sum(opened), sum(answered) FROM openers WHERE workspace_id = ? AND inbox_id = ? AND day > ? GROUP BY rule ORDER BY rule`,
		ws[:], inbox[:], rule.Day(s.time())-days)
	return all, wrap(err, "counts of proactive messages")
}
