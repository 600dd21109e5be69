package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Transition moves owner or status.
func (s *Store) Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	c, entries, err := s.transition(ctx, ws, conv, t)
	return c, entries, s.end(ctx, err, "move %s to %s", conv, t.To)
}

func (s *Store) transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	t, err := rule.CheckTransition(t)
	if err != nil {
		return chat.Conversation{}, nil, err
	}
	var c rule.Talk
	var entries []chat.Entry
	err = s.tx(ctx, func(x pgx.Tx) (err error) {
		if c, err = hold(ctx, x, ws, conv); err != nil {
			return err
		}
		if t.Team != nil && *t.Team != uuid.Nil {
			if err := hasTeam(ctx, x, ws, *t.Team); err != nil {
				return err
			}
		}
		now := s.time()
		before := c.Conversation
		waited, claim := c.Waited(t, now)
		if entries, err = c.Move(t, now); err != nil {
			return err
		}
		if entries, err = s.account(ctx, x, before, &c, t, entries, now); err != nil {
			return err
		}
		if claim {
			err = putClaim(ctx, x, c, waited, now)
		} else if told, begins := rule.Told(before, c.Conversation, t); begins {
			err = putTold(ctx, x, c, told)
		}
		if err != nil {
			return err
		}
		if err := putHandoff(ctx, x, c, t.Handoff, now); err != nil {
			return err
		}
		return save(ctx, x, c, entries)
	})
	switch {
	case isTaken(err):
		return chat.Conversation{}, nil, chat.Errorf(chat.CodeConflict, "an entry with one of the client ids is in the log already: %w", err)
	case err != nil:
		return chat.Conversation{}, nil, err
	}
	s.notify(signalOf(c.Conversation))
	return c.Conversation, entries, nil
}

func putHandoff(ctx context.Context, x pgx.Tx, c rule.Talk, h *chat.Handoff, now time.Time) error {
	if h == nil {
		return nil
	}
	at := h.At.UTC().Truncate(time.Microsecond)
	if h.At.IsZero() {
		at = now
	}
	_, err := x.Exec(ctx, `INSERT INTO handoffs (workspace_id, conversation_id, id, reason, at, brief) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.Workspace, c.ID, h.ID, h.Reason, at, h.Brief)
	return err
}

// Handoff gives the newest handoff.
func (s *Store) Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error) {
	h, err := one(ctx, s.pool, scanHandoff, chat.Errorf(chat.CodeNotFound, "this conversation was never handed over"),
		`SELECT id, reason, at, brief FROM handoffs
		WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY number DESC LIMIT 1`, ws, conv)
	return h, s.end(ctx, err, "handoff of %s", conv)
}

func scanHandoff(row pgx.CollectableRow) (h chat.Handoff, err error) {
	err = row.Scan(id(&h.ID), &h.Reason, &h.At, document{&h.Brief})
	return h, err
}
