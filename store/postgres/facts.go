package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Tallies counts what happened, in steps of chat.TallyStep.
func (s *Store) Tallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Tally, error) {
	all, err := list(ctx, s.pool, func(r pgx.CollectableRow) (t chat.Tally, err error) {
		err = r.Scan(&t.At, &t.Kind, &t.Name, id(&t.Agent), &t.Score, &t.N)
		t.At = t.At.UTC()
		return t, err
	}, `SELECT date_bin($4::interval, at, 'epoch'::timestamptz) AS step, kind, name, agent_id, CASE WHEN kind IN ('rated', 'ces', 'nps') THEN value ELSE 0 END AS score, count(*)
		FROM facts WHERE workspace_id = $1 AND kind IN ('begun', 'handed', 'closed', 'reopened', 'rated', 'ces', 'nps') AND at >= $2 AND at < $3
			AND ($5::uuid IS NULL OR inbox_id = $5)
		GROUP BY step, kind, name, agent_id, score`, ws, q.Since, q.Until, chat.TallyStep, id(&q.Inbox))
	return rule.SortTallies(all), s.end(ctx, err, "tallies")
}

// Delays gives what took its time.
func (s *Store) Delays(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Delay, error) {
	all, err := list(ctx, s.pool, func(r pgx.CollectableRow) (d chat.Delay, err error) {
		var took int64
		err = r.Scan(&d.At, &d.Kind, id(&d.Agent), &took)
		d.At, d.Took = d.At.UTC(), time.Duration(took)*time.Microsecond
		return d, err
	}, `SELECT at, kind, agent_id, value FROM facts WHERE workspace_id = $1 AND kind IN ('claimed', 'replied') AND at >= $2 AND at < $3
		AND ($4::uuid IS NULL OR inbox_id = $4)`, ws, q.Since, q.Until, id(&q.Inbox))
	return rule.SortDelays(all), s.end(ctx, err, "delays")
}

// Waiting counts what waits, by priority.
func (s *Store) Waiting(ctx context.Context, ws, inbox uuid.UUID) ([]chat.Waiting, error) {
	all, err := list(ctx, s.pool, func(r pgx.CollectableRow) (w chat.Waiting, err error) {
		err = r.Scan(&w.Priority, &w.N, &w.Since)
		w.Since = w.Since.UTC()
		return w, err
	}, `SELECT priority, count(*), min(waiting_since) FROM conversations
		WHERE workspace_id = $1 AND waiting_since IS NOT NULL AND ($2::uuid IS NULL OR inbox_id = $2) GROUP BY priority`, ws, id(&inbox))
	return all, s.end(ctx, err, "waiting")
}

// Loads counts what agents have.
func (s *Store) Loads(ctx context.Context, ws uuid.UUID) ([]chat.Load, error) {
	all, err := list(ctx, s.pool, func(r pgx.CollectableRow) (l chat.Load, err error) {
		err = r.Scan(id(&l.Agent), &l.N)
		return l, err
	}, `SELECT agent_id, count(*) FROM conversations
		WHERE workspace_id = $1 AND owner = 'agent' AND status = 'open' AND snoozed_until IS NULL GROUP BY agent_id`, ws)
	return all, s.end(ctx, err, "loads")
}
