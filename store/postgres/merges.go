package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// MergeCustomers gives the conversations of one customer to another.
func (s *Store) MergeCustomers(ctx context.Context, ws uuid.UUID, m chat.Merge) (chat.Merge, error) {
	merged, err := s.mergeCustomers(ctx, ws, m)
	return merged, s.end(ctx, err, "merge customer %s into %s", m.From, m.Into)
}

func (s *Store) mergeCustomers(ctx context.Context, ws uuid.UUID, m chat.Merge) (chat.Merge, error) {
	err := rule.CheckMerge(m)
	if err == nil {
		m.ID, err = rule.NewID(m.ID)
	}
	if err != nil {
		return chat.Merge{}, err
	}
	var moved []chat.Conversation
	err = s.tx(ctx, func(x pgx.Tx) error {
		from, err := one(ctx, x, scanCustomer, errNoCustomer(), `SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, ws, m.From)
		if err == nil && from.Subject != "" {
			err = chat.Errorf(chat.CodeConflict, "the customer is somebody whom the site has named")
		}
		if err != nil {
			return err
		}
		if _, err := one(ctx, x, scanCustomer, errNoCustomer(), `SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE`, ws, m.Into); err != nil {
			return err
		}
		m.Conversations, err = list(ctx, x, pgx.RowTo[uuid.UUID], `SELECT id FROM conversations WHERE workspace_id = $1 AND customer_id = $2 ORDER BY id`, ws, m.From)
		if err != nil || len(m.Conversations) == 0 {
			return err
		}
		m.At = s.time()
		if _, err := x.Exec(ctx, `INSERT INTO merges (workspace_id, id, from_id, into_id, conversations, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			ws, m.ID, m.From, m.Into, uuids(m.Conversations), m.At); err != nil {
			return err
		}
		moved, err = give(ctx, x, ws, m.Conversations, m.From, m.Into)
		return err
	})
	if err != nil || len(m.Conversations) == 0 {
		return chat.Merge{}, err
	}
	s.tell(moved)
	return m, nil
}

// give moves those of a customer's conversations to another one.
func give(ctx context.Context, x pgx.Tx, ws uuid.UUID, ids []uuid.UUID, from, to uuid.UUID) ([]chat.Conversation, error) {
	// Locked in one order, so that two that move the same do not wait for each other.
	if _, err := x.Exec(ctx, `SELECT 1 FROM conversations WHERE workspace_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`, ws, uuids(ids)); err != nil {
		return nil, err
	}
	moved, err := list(ctx, x, scanConversation, `UPDATE conversations SET customer_id = $4 WHERE workspace_id = $1 AND id = ANY ($2) AND customer_id = $3
		RETURNING `+conversationColumns, ws, uuids(ids), from, to)
	if err != nil {
		return nil, err
	}
	return moved, bump(ctx, x, ws)
}

// tell signals that conversations changed.
func (s *Store) tell(cs []chat.Conversation) {
	for _, c := range cs {
		s.notify(signalOf(c))
	}
}

// UndoMerge gives the conversations back.
func (s *Store) UndoMerge(ctx context.Context, ws, id, by uuid.UUID) (m chat.Merge, err error) {
	var moved []chat.Conversation
	err = s.tx(ctx, func(x pgx.Tx) error {
		m, err = one(ctx, x, scanMerge, chat.Errorf(chat.CodeNotFound, "there is no such merge"),
			`SELECT `+mergeColumns+` FROM merges WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, ws, id)
		if err == nil && !m.UndoneAt.IsZero() {
			err = chat.Errorf(chat.CodeConflict, "the merge is undone already")
		}
		if err != nil {
			return err
		}
		m.UndoneAt, m.UndoneBy = s.time(), by
		if _, err := x.Exec(ctx, `UPDATE merges SET undone_at = $3, undone_by = $4 WHERE workspace_id = $1 AND id = $2`,
			ws, id, m.UndoneAt, nullable(by)); err != nil {
			return err
		}
		moved, err = give(ctx, x, ws, m.Conversations, m.Into, m.From)
		return err
	})
	if err != nil {
		return chat.Merge{}, s.end(ctx, err, "undo merge %s", id)
	}
	s.tell(moved)
	return m, nil
}

// Merges lists those into a customer.
func (s *Store) Merges(ctx context.Context, ws, into uuid.UUID) ([]chat.Merge, error) {
	all, err := list(ctx, s.pool, scanMerge, `SELECT `+mergeColumns+` FROM merges WHERE workspace_id = $1 AND into_id = $2 ORDER BY number DESC`, ws, into)
	return all, s.end(ctx, err, "merges into %s", into)
}

const mergeColumns = `id, from_id, into_id, conversations, at, undone_at, undone_by`

func scanMerge(row pgx.CollectableRow) (m chat.Merge, err error) {
	err = row.Scan(id(&m.ID), id(&m.From), id(&m.Into), &m.Conversations, &m.At, when(&m.UndoneAt), id(&m.UndoneBy))
	return m, err
}

func nullable(v uuid.UUID) any { return id(&v) }
