package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// Transition moves owner or status.
func (s *Store) Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	c, entries, err := s.transition(ctx, ws, conv, t)
	return c, entries, wrap(err, "move %s to %s", conv, t.To)
}

func (s *Store) transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	t, err := rule.CheckTransition(t)
	if err != nil {
		return chat.Conversation{}, nil, err
	}
	type result struct {
		c       chat.Conversation
		entries []chat.Entry
	}
	r, err := write(ctx, s, func(x *tx) (result, error) {
		c, err := x.take(ws, conv)
		if err != nil {
			return result{}, err
		}
		before := c.Conversation
		if t.Team != nil && *t.Team != uuid.Nil {
			if err := x.hasTeam(ws, *t.Team); err != nil {
				return result{}, err
			}
		}
		waited, claim := c.Waited(t, x.now)
		entries, err := c.Move(t, x.now)
		if err != nil {
			return result{}, err
		}
		if entries, err = x.account(before, &c, t, entries); err != nil {
			return result{}, err
		}
		if err := x.putMove(c, t, entries); err != nil {
			return result{}, err
		}
		if claim {
			err = x.putWait(c, waited)
		} else if told, begins := rule.Told(before, c.Conversation, t); begins {
			err = x.putTold(c, told)
		}
		if err != nil {
			return result{}, err
		}
		x.changed(c)
		return result{c.Conversation, entries}, nil
	})
	return r.c, r.entries, err
}

// putMove stores what t made of c.
func (x *tx) putMove(c state, t chat.Transition, entries []chat.Entry) error {
	for _, e := range entries {
		body, err := rule.EncodeBody(e.Body)
		if err != nil {
			return err
		}
		switch err := x.putEntry(c, e, body); {
		case isTaken(err):
			return chat.Errorf(chat.CodeConflict, "an entry with the client id %s is in the log already", e.ClientID)
		case err != nil:
			return err
		}
	}
	if err := x.putSpoken(c); err != nil {
		return err
	}
	if err := x.putMoved(c); err != nil {
		return err
	}
	return x.putHandoff(c, t.Handoff)
}

// putMoved stores what a move changes of the state beside what entries do.
func (x *tx) putMoved(c state) error {
	passed := ""
	if len(c.Passed) > 0 {
		var err error
		if passed, err = encode(c.Passed); err != nil {
			return err
		}
	}
	why := ""
	if c.Cause != (chat.Cause{}) {
		var err error
		if why, err = encode(c.Cause); err != nil {
			return err
		}
	}
	_, err := x.put(`UPDATE conversations SET owner = ?, agent_id = ?, epoch = ?, status = ?, reason = ?, waiting_at = ?, priority = ?, priority_why = ?, queued_at = ?,
		team_id = ?, last_agent_id = ?, offered_to = ?, offered_until = ?, passed = ?, snoozed_until = ?, outcome = ? WHERE n = ?`,
		string(c.Owner), blobOf(c.Agent), c.Epoch, string(c.Status), string(c.Reason), micros(c.Waiting), string(c.Priority), why, micros(c.QueuedAt()),
		blobOf(c.Team), blobOf(c.LastAgent), blobOf(c.Offered), micros(c.OfferedUntil), passed, micros(c.Snoozed), string(c.Outcome), c.n)
	return err
}

func (x *tx) putHandoff(c state, h *chat.Handoff) error {
	if h == nil {
		return nil
	}
	brief, err := encode(h.Brief)
	if err != nil {
		return err
	}
	at := h.At.UTC().Truncate(time.Microsecond)
	if h.At.IsZero() {
		at = x.now
	}
	_, err = x.put(`INSERT INTO handoffs (workspace_id, conversation, id, reason, at, brief) VALUES (?, ?, ?, ?, ?, ?)`,
		c.Workspace[:], c.n, h.ID[:], string(h.Reason), micros(at), brief)
	return err
}

// Handoff gives the newest handoff.
func (s *Store) Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error) {
	h, err := one(s.read(ctx), scanHandoff, chat.Errorf(chat.CodeNotFound, "this conversation was never handed over"),
		`SELECT id, reason, at, brief FROM handoffs
		WHERE conversation = (SELECT n FROM conversations WHERE workspace_id = ? AND id = ?) ORDER BY n DESC LIMIT 1`, ws[:], conv[:])
	return h, wrap(err, "handoff of %s", conv)
}

func scanHandoff(r row) (chat.Handoff, error) {
	var h chat.Handoff
	var at int64
	var brief []byte
	if err := r.Scan(&h.ID, &h.Reason, &at, &brief); err != nil {
		return chat.Handoff{}, err
	}
	h.At = timeOf(at)
	return h, json.Unmarshal(brief, &h.Brief)
}
