package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Transition moves owner or status.
func (s *Store) Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	c, entries, err := s.transition(ctx, ws, conv, t)
	return c, entries, wrap(err, "move %s to %s", conv, t.To)
}

func (s *Store) transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error) {
	t, err := finished(t)
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
		if c.Epoch != t.Epoch {
			return result{}, chat.Errorf(chat.CodeStale, "the conversation has moved on; read it again")
		}
		entries, err := x.move(&c, t)
		if err != nil {
			return result{}, err
		}
		x.changed(c)
		return result{c.Conversation, entries}, nil
	})
	return r.c, r.entries, err
}

// finished gives t with ids where it has none, or says what is wrong with it.
func finished(t chat.Transition) (chat.Transition, error) {
	if err := checkTransition(t); err != nil {
		return t, err
	}
	t.Entries = slices.Clone(t.Entries)
	for i, d := range t.Entries {
		id, err := newID(d.ClientID)
		if err != nil {
			return t, err
		}
		d.ClientID = id
		if t.Entries[i], err = checkDraft(d); err != nil {
			return t, err
		}
	}
	if t.Handoff != nil {
		h := *t.Handoff
		id, err := newID(h.ID)
		if err != nil {
			return t, err
		}
		h.ID = id
		t.Handoff = &h
	}
	return t, nil
}

// move does the transition t on c and stores all of it.
func (x *tx) move(c *state, t chat.Transition) ([]chat.Entry, error) {
	waiting := c.Waiting // since when it waits in the queue, if it does
	owner := c.begin(t, x.now)
	id, err := newID(uuid.Nil)
	if err != nil {
		return nil, err
	}
	owner.ClientID = id
	entries := make([]chat.Entry, 0, 1+len(t.Entries))
	for _, d := range slices.Insert(slices.Clone(t.Entries), t.Before, owner) {
		e := c.next(d, x.now)
		body, err := encodeBody(e.Body)
		if err != nil {
			return nil, err
		}
		switch err := x.putEntry(*c, e, body); {
		case isTaken(err):
			return nil, chat.Errorf(chat.CodeConflict, "an entry with the client id %s is in the log already", d.ClientID)
		case err != nil:
			return nil, err
		}
		entries = append(entries, e)
	}
	c.end(t)
	if err := x.putSpoken(*c); err != nil {
		return nil, err
	}
	if err := x.putMoved(*c); err != nil {
		return nil, err
	}
	if t.To == chat.OwnerAgent && !waiting.IsZero() {
		if _, err := x.put(`INSERT INTO waits (workspace_id, conversation, waited) VALUES (?, ?, ?)`,
			c.Workspace[:], c.n, x.now.Sub(waiting).Microseconds()); err != nil {
			return nil, err
		}
	}
	return entries, x.putHandoff(*c, t.Handoff)
}

// putMoved stores what a move changes of the state beside what entries do.
func (x *tx) putMoved(c state) error {
	_, err := x.put(`UPDATE conversations SET owner = ?, agent_id = ?, epoch = ?, status = ?, reason = ?, waiting_at = ? WHERE n = ?`,
		string(c.Owner), blobOf(c.Agent), c.Epoch, string(c.Status), string(c.Reason), micros(c.Waiting), c.n)
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
