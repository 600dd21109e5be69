package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
	"frontdesk/trust"
)

// AddVerdicts stores those that are new.
func (s *Store) AddVerdicts(ctx context.Context, ws uuid.UUID, vs []trust.Verdict) (int, error) {
	if err := rule.CheckVerdicts(vs); err != nil || len(vs) == 0 {
		return 0, wrap(err, "add verdicts")
	}
	added, err := write(ctx, s, func(x *tx) (int, error) {
		added := 0
		for _, v := range vs {
			body, err := encode(v)
			if err != nil {
				return 0, err
			}
			r, err := x.put(`INSERT INTO verdicts (workspace_id, id, article_id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				ws[:], v.ID[:], v.Article[:], body)
			if isDangling(err) {
				return 0, errNoWorkspace()
			}
			if err != nil {
				return 0, err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return 0, err
			}
			added += int(n)
		}
		return added, nil
	})
	return added, wrap(err, "add %d verdicts", len(vs))
}

// Verdicts lists them in order.
func (s *Store) Verdicts(ctx context.Context, ws uuid.UUID, q trust.VerdictQuery) ([]trust.Verdict, error) {
	limit, err := rule.RowLimit(q.Limit)
	if err != nil {
		return nil, wrap(err, "verdicts")
	}
	query, args := `SELECT n, id, body FROM verdicts WHERE workspace_id = ? AND n > ? ORDER BY n LIMIT ?`, []any{ws[:], q.After, limit}
	if q.Article != uuid.Nil {
		query = `SELECT n, id, body FROM verdicts WHERE workspace_id = ? AND article_id = ? AND n > ? ORDER BY n LIMIT ?`
		args = []any{ws[:], q.Article[:], q.After, limit}
	}
	all, err := list(ctx, s, scanVerdict, query, args...)
	return all, wrap(err, "verdicts")
}

func scanVerdict(r row) (v trust.Verdict, err error) {
	var id uuid.UUID
	var number int64
	var body []byte
	if err := r.Scan(&number, &id, &body); err != nil {
		return v, err
	}
	err = json.Unmarshal(body, &v)
	v.ID, v.Number = id, number
	return v, err
}

// PutTopic stores t if nobody else has changed it.
func (s *Store) PutTopic(ctx context.Context, ws uuid.UUID, t trust.Topic) (trust.Topic, error) {
	err := rule.CheckTopic(t)
	if err != nil {
		return trust.Topic{}, wrap(err, "put topic")
	}
	body, err := encode(t)
	if err != nil {
		return trust.Topic{}, wrap(err, "put topic %s", t.Article)
	}
	stored, err := write(ctx, s, func(x *tx) (trust.Topic, error) {
		// Without a row of that version nothing is updated, and with one of any
		// version nothing is inserted.
		query, args := `INSERT INTO topics (after, version, body, workspace_id, article_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			[]any{t.After, t.Version + 1, body, ws[:], t.Article[:]}
		if t.Version > 0 {
			query = `UPDATE topics SET after = ?, version = ?, body = ? WHERE workspace_id = ? AND article_id = ? AND version = ?`
			args = append(args, t.Version)
		}
		r, err := x.put(query, args...)
		if isDangling(err) {
			return trust.Topic{}, errNoWorkspace()
		}
		if err != nil {
			return trust.Topic{}, err
		}
		n, err := r.RowsAffected()
		if err == nil && n == 0 {
			err = chat.Errorf(chat.CodeStale, "the topic has changed since it was read")
		}
		if err != nil {
			return trust.Topic{}, err
		}
		return scanTopic(x.queryRow(selectTopic+`WHERE workspace_id = ? AND article_id = ?`, ws[:], t.Article[:]))
	})
	return stored, wrap(err, "put topic")
}

// Topic finds one.
func (s *Store) Topic(ctx context.Context, ws, article uuid.UUID) (trust.Topic, error) {
	t, err := one(s.read(ctx), scanTopic, chat.Errorf(chat.CodeNotFound, "nothing is known of this topic"),
		selectTopic+`WHERE workspace_id = ? AND article_id = ?`, ws[:], article[:])
	return t, wrap(err, "topic %s", article)
}

// Topics lists them.
func (s *Store) Topics(ctx context.Context, ws uuid.UUID) ([]trust.Topic, error) {
	all, err := list(ctx, s, scanTopic, selectTopic+`WHERE workspace_id = ? ORDER BY article_id`, ws[:])
	return all, wrap(err, "topics")
}

const selectTopic = `SELECT after, version, body FROM topics `

func scanTopic(r row) (t trust.Topic, err error) {
	var after, version int64
	var body []byte
	if err := r.Scan(&after, &version, &body); err != nil {
		return t, err
	}
	err = json.Unmarshal(body, &t)
	t.After, t.Version = after, version
	return t, err
}

// AddTuning stores what is in use from now on.
func (s *Store) AddTuning(ctx context.Context, ws uuid.UUID, t trust.Tuning) (trust.Tuning, error) {
	err := rule.CheckTuning(t)
	if err != nil {
		return trust.Tuning{}, wrap(err, "add tuning")
	}
	body, err := encode(t)
	if err != nil {
		return trust.Tuning{}, wrap(err, "add tuning")
	}
	t, err = write(ctx, s, func(x *tx) (trust.Tuning, error) {
		if _, err := x.put(`INSERT INTO tunings (workspace_id, body, created_at) VALUES (?, ?, ?)`, ws[:], body, micros(x.now)); err != nil {
			if isDangling(err) {
				err = errNoWorkspace()
			}
			return trust.Tuning{}, err
		}
		return scanTuning(x.queryRow(selectNewestTuning, ws[:]))
	})
	return t, wrap(err, "add tuning")
}

// Tuning gives the newest.
func (s *Store) Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error) {
	t, err := one(s.read(ctx), scanTuning, errNoTuning(), selectNewestTuning, ws[:])
	return t, wrap(err, "tuning")
}

// DropTuning removes the newest.
func (s *Store) DropTuning(ctx context.Context, ws uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		newest, err := one(x, scanTuning, errNoTuning(), selectNewestTuning, ws[:])
		if err != nil {
			return struct{}{}, err
		}
		_, err = x.put(`DELETE FROM tunings WHERE n = ?`, newest.Number)
		return struct{}{}, err
	})
	return wrap(err, "drop tuning")
}

func errNoTuning() error { return chat.Errorf(chat.CodeNotFound, "nothing was tuned yet") }

const selectNewestTuning = `SELECT n, body, created_at FROM tunings WHERE workspace_id = ? ORDER BY n DESC LIMIT 1`

func scanTuning(r row) (t trust.Tuning, err error) {
	var number, created int64
	var body []byte
	if err := r.Scan(&number, &body, &created); err != nil {
		return t, err
	}
	err = json.Unmarshal(body, &t)
	t.Number, t.At = number, timeOf(created)
	return t, err
}
