package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AddSpend adds to the counters.
func (s *Store) AddSpend(ctx context.Context, ws uuid.UUID, sp chat.Spend) error {
	return s.end(ctx, s.addSpend(ctx, ws, sp), "add spend")
}

func (s *Store) addSpend(ctx context.Context, ws uuid.UUID, sp chat.Spend) error {
	if err := rule.CheckSpend(sp); err != nil {
		return err
	}
	// The row of the conversation first, which hardly anybody else wants; the one of the day is held for the shortest time.
	_, err := s.pool.Exec(ctx, `WITH detail AS (
			INSERT INTO spending AS s (workspace_id, day, customer_id, conversation_id, inbox_id, purpose, model, calls, prompt, completion, micros)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (workspace_id, day, customer_id, conversation_id, inbox_id, purpose, model) DO UPDATE `+addSpend+`
			RETURNING 1)
		INSERT INTO spending_days AS s (workspace_id, day, inbox_id, purpose, model, calls, prompt, completion, micros)
		SELECT $1, $2, $5, $6, $7, $8, $9, $10, $11 FROM detail
		ON CONFLICT (workspace_id, day, inbox_id, purpose, model) DO UPDATE `+addSpend,
		ws, rule.Midnight(sp.Day), sp.Customer, sp.Conversation, sp.Inbox, sp.Purpose, sp.Model, sp.Calls, sp.Prompt, sp.Completion, sp.Micros)
	return dangling(err)
}

const addSpend = `SET calls = s.calls + excluded.calls, prompt = s.prompt + excluded.prompt,
	completion = s.completion + excluded.completion, micros = s.micros + excluded.micros`

// Spent sums what q selects.
func (s *Store) Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error) {
	from, where, args := `spending_days`, ` WHERE workspace_id = $1`, []any{ws}
	and := func(column string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(` AND %s = $%d`, column, len(args))
	}
	if !q.Day.IsZero() {
		and(`day`, rule.Midnight(q.Day))
	}
	if q.Inbox != uuid.Nil {
		and(`inbox_id`, q.Inbox)
	}
	if q.Customer != uuid.Nil {
		from = `spending`
		and(`customer_id`, q.Customer)
	}
	if q.Conversation != uuid.Nil {
		from = `spending`
		and(`conversation_id`, q.Conversation)
	}
	// A sum of bigint is numeric.
	sum, err := one(ctx, s.pool, scanSpent, nil, `SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(prompt), 0)::bigint,
		coalesce(sum(completion), 0)::bigint, coalesce(sum(micros), 0)::bigint FROM `+from+where, args...)
	return sum, s.end(ctx, err, "spent")
}

func scanSpent(row pgx.CollectableRow) (sum chat.Spent, err error) {
	err = row.Scan(&sum.Calls, &sum.Prompt, &sum.Completion, &sum.Micros)
	return sum, err
}

// SpendBy gives the sums for each day, inbox, purpose and model.
func (s *Store) SpendBy(ctx context.Context, ws uuid.UUID, since time.Time) ([]chat.Spend, error) {
	all, err := list(ctx, s.pool, scanSpend, `SELECT day, inbox_id, purpose, model, calls, prompt, completion, micros FROM spending_days
		WHERE workspace_id = $1 AND day >= $2 AND (calls, prompt, completion, micros) <> (0, 0, 0, 0)
		ORDER BY day DESC, inbox_id, purpose COLLATE "C", model COLLATE "C"`, ws, rule.Midnight(since))
	return all, s.end(ctx, err, "spending")
}

func scanSpend(row pgx.CollectableRow) (sp chat.Spend, err error) {
	err = row.Scan(&sp.Day, id(&sp.Inbox), &sp.Purpose, &sp.Model, &sp.Calls, &sp.Prompt, &sp.Completion, &sp.Micros)
	return sp, err
}
