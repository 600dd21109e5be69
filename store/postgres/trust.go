package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
	"frontdesk/trust"
)

// AddVerdicts stores those that are new.
func (s *Store) AddVerdicts(ctx context.Context, ws uuid.UUID, vs []trust.Verdict) (int, error) {
	added, err := s.addVerdicts(ctx, ws, vs)
	return added, s.end(ctx, err, "add %d verdicts", len(vs))
}

func (s *Store) addVerdicts(ctx context.Context, ws uuid.UUID, vs []trust.Verdict) (added int, err error) {
	if err := rule.CheckVerdicts(vs); err != nil || len(vs) == 0 {
		return 0, err
	}
	ids, articles, bodies := make([][16]byte, len(vs)), make([][16]byte, len(vs)), make([]trust.Verdict, len(vs))
	for i, v := range vs {
		ids[i], articles[i], bodies[i] = v.ID, v.Article, v
	}
	err = s.tx(ctx, func(x pgx.Tx) error {
		// Numbers are taken when a row is made, and seen when it is committed: one
		// writer at a time keeps the orders the same.
		if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk verdicts ' || $1::text, 0))`, ws.String()); err != nil {
			return err
		}
		tag, err := x.Exec(ctx, `INSERT INTO verdicts (workspace_id, id, article_id, body)
			SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::json[]) ON CONFLICT DO NOTHING`, ws, ids, articles, bodies)
		added = int(tag.RowsAffected())
		return err
	})
	return added, dangling(err)
}

// Verdicts lists them in order.
func (s *Store) Verdicts(ctx context.Context, ws uuid.UUID, q trust.VerdictQuery) ([]trust.Verdict, error) {
	limit, err := rule.RowLimit(q.Limit)
	if err != nil {
		return nil, s.end(ctx, err, "verdicts")
	}
	query, args := `SELECT number, id, body FROM verdicts WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3`, []any{ws, q.After, limit}
	if q.Article != uuid.Nil {
		query = `SELECT number, id, body FROM verdicts WHERE workspace_id = $1 AND number > $2 AND article_id = $4 ORDER BY number LIMIT $3`
		args = append(args, q.Article)
	}
	all, err := list(ctx, s.pool, scanVerdict, query, args...)
	return all, s.end(ctx, err, "verdicts")
}

func scanVerdict(row pgx.CollectableRow) (v trust.Verdict, err error) {
	err = row.Scan(&v.Number, id(&v.ID), document{&v})
	return v, err
}

// PutTopic stores t if nobody else has changed it.
func (s *Store) PutTopic(ctx context.Context, ws uuid.UUID, t trust.Topic) (trust.Topic, error) {
	stored, err := s.putTopic(ctx, ws, t)
	return stored, s.end(ctx, err, "put topic %s", t.Article)
}

func (s *Store) putTopic(ctx context.Context, ws uuid.UUID, t trust.Topic) (trust.Topic, error) {
	if err := rule.CheckTopic(t); err != nil {
		return trust.Topic{}, err
	}
	query, args := `INSERT INTO topics (workspace_id, article_id, after, version, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING RETURNING `+topicColumns, []any{ws, t.Article, t.After, t.Version + 1, t}
	if t.Version > 0 {
		query = `UPDATE topics SET after = $3, version = $4, body = $5 WHERE workspace_id = $1 AND article_id = $2 AND version = $6 RETURNING ` + topicColumns
		args = append(args, t.Version)
	}
	stored, err := one(ctx, s.pool, scanTopic, chat.Errorf(chat.CodeStale, "the topic has changed since it was read"), query, args...)
	return stored, dangling(err)
}

// Topic finds one.
func (s *Store) Topic(ctx context.Context, ws, article uuid.UUID) (trust.Topic, error) {
	t, err := one(ctx, s.pool, scanTopic, chat.Errorf(chat.CodeNotFound, "nothing is known of this topic"),
		`SELECT `+topicColumns+` FROM topics WHERE workspace_id = $1 AND article_id = $2`, ws, article)
	return t, s.end(ctx, err, "topic %s", article)
}

// Topics lists them.
func (s *Store) Topics(ctx context.Context, ws uuid.UUID) ([]trust.Topic, error) {
	all, err := list(ctx, s.pool, scanTopic, `SELECT `+topicColumns+` FROM topics WHERE workspace_id = $1 ORDER BY article_id`, ws)
	return all, s.end(ctx, err, "topics")
}

const topicColumns = `after, version, body`

func scanTopic(row pgx.CollectableRow) (t trust.Topic, err error) {
	err = row.Scan(&t.After, &t.Version, document{&t})
	return t, err
}

// AddTuning stores what is in use from now on.
func (s *Store) AddTuning(ctx context.Context, ws uuid.UUID, t trust.Tuning) (trust.Tuning, error) {
	err := rule.CheckTuning(t)
	if err != nil {
		return trust.Tuning{}, s.end(ctx, err, "add tuning")
	}
	stored, err := one(ctx, s.pool, scanTuning, nil, `INSERT INTO tunings (workspace_id, body, created_at) VALUES ($1, $2, $3) RETURNING `+tuningColumns,
		ws, t, s.time())
	return stored, s.end(ctx, dangling(err), "add tuning")
}

// Tuning gives the newest.
func (s *Store) Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error) {
	t, err := one(ctx, s.pool, scanTuning, errNoTuning(), `SELECT `+tuningColumns+` FROM tunings WHERE workspace_id = $1 ORDER BY number DESC LIMIT 1`, ws)
	return t, s.end(ctx, err, "tuning")
}

// DropTuning removes the newest.
func (s *Store) DropTuning(ctx context.Context, ws uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM tunings WHERE workspace_id = $1
		AND number = (SELECT number FROM tunings WHERE workspace_id = $1 ORDER BY number DESC LIMIT 1)`, ws)
	if err == nil && tag.RowsAffected() == 0 {
		err = errNoTuning()
	}
	return s.end(ctx, err, "drop tuning")
}

func errNoTuning() error { return chat.Errorf(chat.CodeNotFound, "nothing was tuned yet") }

const tuningColumns = `number, body, created_at`

func scanTuning(row pgx.CollectableRow) (t trust.Tuning, err error) {
	err = row.Scan(&t.Number, document{&t}, &t.At)
	return t, err
}
