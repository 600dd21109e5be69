package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Tallies counts what happened, in steps of chat.TallyStep.
func (s *Store) Tallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Tally, error) {
	where, args := factsOf(ws, q)
	all, err := list(ctx, s, scanTally, `SELECT at - at % ?1 AS step, kind, name, agent_id, CASE WHEN kind IN ('rated', 'ces', 'nps') THEN value ELSE 0 END AS score, count(*)
		FROM facts WHERE workspace_id = ?2 AND kind IN ('begun', 'handed', 'closed', 'reopened', 'rated', 'ces', 'nps')`+where+` GROUP BY step, kind, name, agent_id, score`, args...)
	return rule.SortTallies(all), wrap(err, "tallies")
}

func scanTally(r row) (t chat.Tally, err error) {
	var at int64
	err = r.Scan(&at, &t.Kind, &t.Name, &t.Agent, &t.Score, &t.N)
	t.At = timeOf(at)
	return t, err
}

// Delays gives what took its time.
func (s *Store) Delays(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Delay, error) {
	where, args := factsOf(ws, q)
	all, err := list(ctx, s, scanDelay, `SELECT at, kind, agent_id, value FROM facts
		WHERE workspace_id = ?2 AND kind IN ('claimed', 'replied')`+where, args...)
	return rule.SortDelays(all), wrap(err, "delays")
}

func scanDelay(r row) (d chat.Delay, err error) {
	var at, took int64
	err = r.Scan(&at, &d.Kind, &d.Agent, &took)
	d.At, d.Took = timeOf(at), time.Duration(took)*time.Microsecond
	return d, err
}

// factsOf is what both ask: the condition, whose workspace is ?2, and all arguments; ?1 is the step.
func factsOf(ws uuid.UUID, q chat.FactQuery) (where string, args []any) {
	where, args = ` AND at >= ?3 AND at < ?4`, []any{chat.TallyStep.Microseconds(), ws[:], micros(q.Since), micros(q.Until)}
	if q.Inbox != uuid.Nil {
		where, args = where+` AND inbox_id = ?5`, append(args, q.Inbox[:])
	}
	return where, args
}

// Waiting counts what waits, by priority.
func (s *Store) Waiting(ctx context.Context, ws, inbox uuid.UUID) ([]chat.Waiting, error) {
	where, args := ``, []any{ws[:]}
	if inbox != uuid.Nil {
		where, args = ` AND inbox_id = ?`, append(args, inbox[:])
	}
	all, err := list(ctx, s, func(r row) (w chat.Waiting, err error) {
		var since int64
		err = r.Scan(&w.Priority, &w.N, &since)
		w.Since = timeOf(since)
		return w, err
	}, `SELECT priority, count(*), min(waiting_at) FROM conversations INDEXED BY conversations_in_queue
		WHERE workspace_id = ? AND waiting_at > 0`+where+` GROUP BY priority`, args...)
	return all, wrap(err, "waiting")
}

// Loads counts what agents have.
func (s *Store) Loads(ctx context.Context, ws uuid.UUID) ([]chat.Load, error) {
	all, err := list(ctx, s, func(r row) (l chat.Load, err error) {
		err = r.Scan(&l.Agent, &l.N)
		return l, err
	}, `SELECT agent_id, count(*) FROM conversations
		WHERE workspace_id = ? AND owner = 'agent' AND status = 'open' AND snoozed_until = 0 GROUP BY agent_id`, ws[:])
	return all, wrap(err, "loads")
}
