package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AddSpend adds to the counters.
func (s *Store) AddSpend(ctx context.Context, ws uuid.UUID, sp chat.Spend) error {
	if err := rule.CheckSpend(sp); err != nil {
		return wrap(err, "add spend")
	}
	day := micros(rule.Midnight(sp.Day))
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO spending (workspace_id, day, customer_id, conversation_id, inbox_id, purpose, model, calls, prompt, completion, micros)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE `+addSpend, ws[:], day, sp.Customer[:], sp.Conversation[:], sp.Inbox[:],
			sp.Purpose, sp.Model, sp.Calls, sp.Prompt, sp.Completion, sp.Micros)
		if isDangling(err) {
			return struct{}{}, errNoWorkspace()
		}
		if err != nil {
			return struct{}{}, err
		}
		_, err = x.put(`INSERT INTO spending_days (workspace_id, day, inbox_id, purpose, model, calls, prompt, completion, micros)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE `+addSpend, ws[:], day, sp.Inbox[:],
			sp.Purpose, sp.Model, sp.Calls, sp.Prompt, sp.Completion, sp.Micros)
		return struct{}{}, err
	})
	return wrap(err, "add spend")
}

const addSpend = `SET calls = calls + excluded.calls, prompt = prompt + excluded.prompt,
	completion = completion + excluded.completion, micros = micros + excluded.micros`

// Spent sums what q selects.
func (s *Store) Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error) {
	from, where, args := `spending_days`, ` WHERE workspace_id = ?`, []any{ws[:]}
	if !q.Day.IsZero() {
		where, args = where+` AND day = ?`, append(args, micros(rule.Midnight(q.Day)))
	}
	for _, of := range []struct {
		column string
		id     uuid.UUID
		finer  bool // than the sums of a day
	}{{`inbox_id`, q.Inbox, false}, {`customer_id`, q.Customer, true}, {`conversation_id`, q.Conversation, true}} {
		if of.id == uuid.Nil {
			continue
		}
		where, args = where+` AND `+of.column+` = ?`, append(args, of.id[:])
		if of.finer {
			from = `spending`
		}
	}
	sum, err := scanSpent(s.read(ctx).queryRow(`SELECT coalesce(sum(calls), 0), coalesce(sum(prompt), 0), coalesce(sum(completion), 0),
		coalesce(sum(micros), 0) FROM `+from+where, args...))
	return sum, wrap(err, "spent")
}

func scanSpent(r row) (sum chat.Spent, err error) {
	err = r.Scan(&sum.Calls, &sum.Prompt, &sum.Completion, &sum.Micros)
	return sum, err
}

// SpendBy gives the sums for each day, inbox, purpose and model.
func (s *Store) SpendBy(ctx context.Context, ws uuid.UUID, since time.Time) ([]chat.Spend, error) {
	all, err := list(ctx, s, scanSpend, `SELECT day, inbox_id, purpose, model, calls, prompt, completion, micros FROM spending_days
		WHERE workspace_id = ? AND day >= ? AND (calls <> 0 OR prompt <> 0 OR completion <> 0 OR micros <> 0)
		ORDER BY day DESC, inbox_id, purpose, model`, ws[:], micros(rule.Midnight(since)))
	return all, wrap(err, "spending")
}

func scanSpend(r row) (sp chat.Spend, err error) {
	var day int64
	err = r.Scan(&day, &sp.Inbox, &sp.Purpose, &sp.Model, &sp.Calls, &sp.Prompt, &sp.Completion, &sp.Micros)
	sp.Day = timeOf(day)
	return sp, err
}
