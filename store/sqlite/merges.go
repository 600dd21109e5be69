package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// MergeCustomers gives the conversations of one customer to another.
func (s *Store) MergeCustomers(ctx context.Context, ws uuid.UUID, m chat.Merge) (chat.Merge, error) {
	err := rule.CheckMerge(m)
	if err == nil {
		m.ID, err = rule.NewID(m.ID)
	}
	if err != nil {
		return chat.Merge{}, wrap(err, "merge customers")
	}
	merged, err := write(ctx, s, func(x *tx) (chat.Merge, error) {
		from, err := customer(x, ws, m.From)
		if err != nil {
			return chat.Merge{}, err
		}
		if _, err := customer(x, ws, m.Into); err != nil {
			return chat.Merge{}, err
		}
		if from.Subject != "" {
			return chat.Merge{}, chat.Errorf(chat.CodeConflict, "the customer is somebody whom the site has named")
		}
		rows, err := x.query(`SELECT id FROM conversations INDEXED BY conversations_by_customer WHERE workspace_id = ? AND customer_id = ? ORDER BY id`, ws[:], m.From[:])
		if m.Conversations, err = collect(rows, err, scanValue[uuid.UUID]); err != nil || len(m.Conversations) == 0 {
			return chat.Merge{}, err
		}
		m.At = x.now
		ids, err := encode(m.Conversations)
		if err != nil {
			return chat.Merge{}, err
		}
		if _, err = x.put(`INSERT INTO merges (workspace_id, id, from_id, into_id, conversations, at) VALUES (?, ?, ?, ?, ?, ?)`,
			ws[:], m.ID[:], m.From[:], m.Into[:], ids, micros(m.At)); err != nil {
			return chat.Merge{}, err
		}
		return m, x.give(ws, m.Conversations, m.From, m.Into)
	})
	return merged, wrap(err, "merge customer %s into %s", m.From, m.Into)
}

// give moves those of a customer's conversations to another one.
func (x *tx) give(ws uuid.UUID, ids []uuid.UUID, from, to uuid.UUID) error {
	for _, id := range ids {
		c, err := x.take(ws, id) // what is remembered of it is no longer true
		if err != nil {
			return err
		}
		if c.Customer != from {
			continue
		}
		if _, err := x.put(`UPDATE conversations SET customer_id = ? WHERE n = ?`, to[:], c.n); err != nil {
			return err
		}
		x.tell(chat.Signal{Kind: chat.SignalEntry, Workspace: ws, Conversation: id, Seq: c.LastSeq})
	}
	return nil
}

// UndoMerge gives the conversations back.
func (s *Store) UndoMerge(ctx context.Context, ws, id, by uuid.UUID) (chat.Merge, error) {
	m, err := write(ctx, s, func(x *tx) (chat.Merge, error) {
		m, err := one(x, scanMerge, chat.Errorf(chat.CodeNotFound, "there is no such merge"), selectMerge+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
		if err == nil && !m.UndoneAt.IsZero() {
			err = chat.Errorf(chat.CodeConflict, "the merge is undone already")
		}
		if err != nil {
			return chat.Merge{}, err
		}
		m.UndoneAt, m.UndoneBy = x.now, by
		if _, err := x.put(`UPDATE merges SET undone_at = ?, undone_by = ? WHERE workspace_id = ? AND id = ?`, micros(x.now), blobOf(by), ws[:], id[:]); err != nil {
			return chat.Merge{}, err
		}
		return m, x.give(ws, m.Conversations, m.Into, m.From)
	})
	return m, wrap(err, "undo merge %s", id)
}

// Merges lists those into a customer.
func (s *Store) Merges(ctx context.Context, ws, into uuid.UUID) ([]chat.Merge, error) {
	all, err := list(ctx, s, scanMerge, selectMerge+`WHERE workspace_id = ? AND into_id = ? ORDER BY n DESC`, ws[:], into[:])
	return all, wrap(err, "merges into %s", into)
}

const selectMerge = `SELECT id, from_id, into_id, conversations, at, undone_at, undone_by FROM merges `

func scanMerge(r row) (m chat.Merge, err error) {
	var ids []byte
	var at, undone int64
	if err := r.Scan(&m.ID, &m.From, &m.Into, &ids, &at, &undone, &m.UndoneBy); err != nil {
		return m, err
	}
	m.At, m.UndoneAt = timeOf(at), timeOf(undone)
	err = json.Unmarshal(ids, &m.Conversations)
	return m, err
}
