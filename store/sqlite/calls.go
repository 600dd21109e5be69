package sqlite

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutCall stores a call that begins.
func (s *Store) PutCall(ctx context.Context, ws uuid.UUID, c chat.Call) (chat.Call, error) {
	c, err := rule.CheckCall(c)
	if err != nil {
		return chat.Call{}, wrap(err, "put call")
	}
	got, err := write(ctx, s, func(x *tx) (chat.Call, error) {
		conv, err := x.take(ws, c.Conversation)
		if err != nil {
			return chat.Call{}, err
		}
		if first, err := call(x, ws, c.ID); !errors.Is(err, errNoCall) {
			return first, err
		}
		c.CreatedAt, c.UpdatedAt = x.now, x.now
		if c.Write {
			if _, err := x.put(`UPDATE action_calls SET state = 'expired', until = 0, updated_at = ? WHERE conversation = ? AND state = 'proposed'`,
				micros(x.now), conv.n); err != nil {
				return chat.Call{}, err
			}
		}
		body, err := encode(c)
		if err != nil {
			return chat.Call{}, err
		}
		_, err = x.put(`INSERT INTO action_calls (workspace_id, id, conversation, state, until, created_at, updated_at, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, ws[:], c.ID[:], conv.n, string(c.State), micros(c.Until), micros(x.now), micros(x.now), body)
		return c, err
	})
	return got, wrap(err, "put call %s", c.ID)
}

// MoveCall moves a call to another state.
func (s *Store) MoveCall(ctx context.Context, ws uuid.UUID, m chat.CallMove) (chat.Call, error) {
	m, err := rule.CheckCallMove(m)
	if err != nil {
		return chat.Call{}, wrap(err, "move call %s", m.Call)
	}
	got, err := write(ctx, s, func(x *tx) (chat.Call, error) {
		c, err := call(x, ws, m.Call)
		if err != nil {
			return chat.Call{}, err
		}
		conv, err := x.take(ws, c.Conversation)
		if err != nil {
			return chat.Call{}, err
		}
		entries, err := rule.MoveCall(&conv.Talk, &c, m, x.now)
		if err != nil {
			return chat.Call{}, err
		}
		body, err := encode(c)
		if err != nil {
			return chat.Call{}, err
		}
		if _, err := x.put(`UPDATE action_calls SET state = ?, until = ?, updated_at = ?, body = ? WHERE workspace_id = ? AND id = ?`,
			string(c.State), micros(c.Until), micros(x.now), body, ws[:], c.ID[:]); err != nil {
			return chat.Call{}, err
		}
		if len(entries) == 0 {
			return c, nil
		}
		if err := x.putMove(conv, chat.Transition{}, entries); err != nil {
			return chat.Call{}, err
		}
		x.changed(conv)
		return c, nil
	})
	return got, wrap(err, "move call %s to %s", m.Call, m.To)
}

// Call finds one.
func (s *Store) Call(ctx context.Context, ws, id uuid.UUID) (chat.Call, error) {
	c, err := call(s.read(ctx), ws, id)
	return c, wrap(err, "call %s", id)
}

// Calls gives a list, newest first.
func (s *Store) Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error) {
	limit, err := rule.CallLimit(q)
	if err != nil {
		return nil, wrap(err, "calls")
	}
	before := rule.Before(q.Before)
	query, args := selectCall+`WHERE workspace_id = ? AND id < ?`, []any{ws[:], before[:]}
	if q.Conversation != uuid.Nil {
		query += ` AND conversation = (SELECT n FROM conversations WHERE workspace_id = ? AND id = ?)`
		args = append(args, ws[:], q.Conversation[:])
	}
	if len(q.States) > 0 {
		states, err := encode(q.States)
		if err != nil {
			return nil, wrap(err, "calls")
		}
		query += ` AND state IN (SELECT value FROM json_each(?))`
		args = append(args, states)
	}
	if rule.StillToCome(q.States) {
		query += ` AND state IN ('proposed', 'confirmed', 'running')` // as the index on them says it
	}
	all, err := list(ctx, s, scanCall, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return all, wrap(err, "calls")
}

const selectCall = `SELECT state, until, created_at, updated_at, body FROM action_calls `

var errNoCall = chat.Errorf(chat.CodeNotFound, "there is no such call of an action")

func call(q querier, ws, id uuid.UUID) (chat.Call, error) {
	return one(q, scanCall, errNoCall, selectCall+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
}

func scanCall(r row) (c chat.Call, err error) {
	var state string
	var until, created, updated int64
	var body []byte
	if err := r.Scan(&state, &until, &created, &updated, &body); err != nil {
		return c, err
	}
	err = json.Unmarshal(body, &c)
	c.State, c.Until, c.CreatedAt, c.UpdatedAt = chat.CallState(state), timeOf(until), timeOf(created), timeOf(updated)
	return c, err
}
