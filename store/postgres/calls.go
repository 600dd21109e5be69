package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutCall stores a call that begins.
func (s *Store) PutCall(ctx context.Context, ws uuid.UUID, c chat.Call) (chat.Call, error) {
	c, err := rule.CheckCall(c)
	if err != nil {
		return chat.Call{}, s.end(ctx, err, "put call")
	}
	var stored chat.Call
	err = s.tx(ctx, func(x pgx.Tx) (err error) {
		if _, err = hold(ctx, x, ws, c.Conversation); err != nil {
			return err
		}
		if stored, err = call(ctx, x, ws, c.ID); !errors.Is(err, errNoCall) {
			return err
		}
		now := s.time()
		c.CreatedAt, c.UpdatedAt = now, now
		if c.Write {
			if _, err = x.Exec(ctx, `UPDATE action_calls SET state = 'expired', until = NULL, updated_at = $3
				WHERE workspace_id = $1 AND conversation_id = $2 AND state = 'proposed'`, ws, c.Conversation, now); err != nil {
				return err
			}
		}
		_, err = x.Exec(ctx, `INSERT INTO action_calls (workspace_id, id, conversation_id, state, until, created_at, updated_at, body)
			VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`, ws, c.ID, c.Conversation, c.State, when(&c.Until), now, c)
		stored = c
		return err
	})
	return stored, s.end(ctx, err, "put call %s", c.ID)
}

// MoveCall moves a call to another state.
func (s *Store) MoveCall(ctx context.Context, ws uuid.UUID, m chat.CallMove) (chat.Call, error) {
	moved, err := s.moveCall(ctx, ws, m)
	return moved, s.end(ctx, err, "move call %s to %s", m.Call, m.To)
}

func (s *Store) moveCall(ctx context.Context, ws uuid.UUID, m chat.CallMove) (c chat.Call, err error) {
	if m, err = rule.CheckCallMove(m); err != nil {
		return chat.Call{}, err
	}
	where, err := call(ctx, s.pool, ws, m.Call)
	if err != nil {
		return chat.Call{}, err
	}
	var conv rule.Talk
	var entries []chat.Entry
	err = s.tx(ctx, func(x pgx.Tx) (err error) {
		if conv, err = hold(ctx, x, ws, where.Conversation); err != nil { // its calls move under its lock alone
			return err
		}
		if c, err = call(ctx, x, ws, m.Call); err != nil {
			return err
		}
		if entries, err = rule.MoveCall(&conv, &c, m, s.time()); err != nil {
			return err
		}
		if _, err = x.Exec(ctx, `UPDATE action_calls SET state = $3, until = $4, updated_at = $5, body = $6 WHERE workspace_id = $1 AND id = $2`,
			ws, c.ID, c.State, when(&c.Until), c.UpdatedAt, c); err != nil || len(entries) == 0 {
			return err
		}
		return save(ctx, x, conv, entries)
	})
	switch {
	case isTaken(err):
		return chat.Call{}, chat.Errorf(chat.CodeConflict, "an entry with one of the client ids is in the log already: %w", err)
	case err != nil:
		return chat.Call{}, err
	case len(entries) > 0:
		s.notify(signalOf(conv.Conversation))
	}
	return c, nil
}

// Call finds one.
func (s *Store) Call(ctx context.Context, ws, id uuid.UUID) (chat.Call, error) {
	c, err := call(ctx, s.pool, ws, id)
	return c, s.end(ctx, err, "call %s", id)
}

// Calls gives a list, newest first.
func (s *Store) Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error) {
	limit, err := rule.CallLimit(q)
	if err != nil {
		return nil, s.end(ctx, err, "calls")
	}
	states := make([]string, len(q.States))
	for i, state := range q.States {
		states[i] = string(state)
	}
	query, args := selectCall+`WHERE workspace_id = $1 AND id < $2`, []any{ws, rule.Before(q.Before)}
	if q.Conversation != uuid.Nil {
		args = append(args, q.Conversation)
		query += fmt.Sprintf(` AND conversation_id = $%d`, len(args))
	}
	if len(states) > 0 {
		args = append(args, states)
		query += fmt.Sprintf(` AND state = ANY ($%d)`, len(args))
	}
	if rule.StillToCome(q.States) {
		query += ` AND state IN ('proposed', 'confirmed', 'running')` // as the index on them says it
	}
	args = append(args, limit)
	all, err := list(ctx, s.pool, scanCall, query+fmt.Sprintf(` ORDER BY id DESC LIMIT $%d`, len(args)), args...)
	return all, s.end(ctx, err, "calls")
}

const selectCall = `SELECT state, until, created_at, updated_at, body FROM action_calls `

var errNoCall = chat.Errorf(chat.CodeNotFound, "there is no such call of an action")

func call(ctx context.Context, q querier, ws, id uuid.UUID) (chat.Call, error) {
	return one(ctx, q, scanCall, errNoCall, selectCall+`WHERE workspace_id = $1 AND id = $2`, ws, id)
}

func scanCall(row pgx.CollectableRow) (c chat.Call, err error) {
	var now chat.Call
	if err := row.Scan(&now.State, when(&now.Until), &now.CreatedAt, &now.UpdatedAt, document{&c}); err != nil {
		return c, err
	}
	c.State, c.Until, c.CreatedAt, c.UpdatedAt = now.State, now.Until.UTC(), now.CreatedAt.UTC(), now.UpdatedAt.UTC()
	return c, nil
}
