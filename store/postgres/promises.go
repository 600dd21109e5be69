package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// account does to the ledger what was done to c, which was before and is
// locked; it gives the entries with the customer's copies. What the committer
// appends is accounted for in append.sql.
func (s *Store) account(ctx context.Context, x pgx.Tx, before chat.Conversation, c *rule.Talk, t chat.Transition, entries []chat.Entry, now time.Time) ([]chat.Entry, error) {
	entries, lines, err := c.Account(before, t, entries, now, book{ctx, x, s, c.Workspace, c.ID})
	if err != nil {
		return nil, err
	}
	for _, p := range lines {
		act := p.ActAt()
		if _, err := x.Exec(ctx, `INSERT INTO promises
			(workspace_id, id, number, conversation_id, kind, owner_id, state, due_at, made_at, act_at, raised_at, settled_at, told_at, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (workspace_id, id) DO UPDATE SET owner_id = excluded.owner_id, state = excluded.state, act_at = excluded.act_at,
				raised_at = excluded.raised_at, settled_at = excluded.settled_at, told_at = excluded.told_at, body = excluded.body`,
			c.Workspace, p.ID, p.Number, c.ID, p.Kind, id(&p.Owner), p.State, p.Due, p.At, when(&act),
			when(&p.RaisedAt), when(&p.SettledAt), when(&p.ToldAt), p); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// book is a conversation's part of the ledger in a transaction.
type book struct {
	ctx      context.Context
	x        pgx.Tx
	s        *Store
	ws, conv uuid.UUID
}

// Promise finds one.
func (b book) Promise(id uuid.UUID) (chat.Promise, error) {
	return one(b.ctx, b.x, scanPromise, errNoPromise, selectPromise+`WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3`, b.ws, id, b.conv)
}

// Answer gives the open one of kind answer.
func (b book) Answer() (chat.Promise, error) {
	p, err := one(b.ctx, b.x, scanPromise, errNoPromise,
		selectPromise+`WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'answer' AND state = 'open'`, b.ws, b.conv)
	if errors.Is(err, errNoPromise) {
		return chat.Promise{}, nil
	}
	return p, err
}

// Taken reports whether a receipt has that number.
func (b book) Taken(number string) (bool, error) {
	return one(b.ctx, b.x, pgx.RowTo[bool], nil, `SELECT EXISTS (SELECT 1 FROM promises WHERE workspace_id = $1 AND number = $2 AND number <> '')`, b.ws, number)
}

// Seed gives the workspace's secret, made if there is none.
func (b book) Seed() ([]byte, error) {
	seed, err := one(b.ctx, b.x, pgx.RowTo[[]byte], nil, findSecret, b.ws, chat.ReceiptSecret)
	if err != nil || len(seed) > 0 {
		return seed, err
	}
	fresh := make([]byte, secretBytes)
	rand.Read(fresh) // never fails
	if _, err := b.x.Exec(b.ctx, putSecret, b.ws, chat.ReceiptSecret, fresh, b.s.time()); err != nil {
		return nil, err
	}
	return one(b.ctx, b.x, pgx.RowTo[[]byte], nil, findSecret, b.ws, chat.ReceiptSecret)
}

// Promise finds one.
func (s *Store) Promise(ctx context.Context, ws, id uuid.UUID) (chat.Promise, error) {
	p, err := one(ctx, s.pool, scanPromise, errNoPromise, selectPromise+`WHERE workspace_id = $1 AND id = $2`, ws, id)
	return p, s.end(ctx, err, "promise %s", id)
}

// PromiseByNumber finds one by the number of its receipt.
func (s *Store) PromiseByNumber(ctx context.Context, ws uuid.UUID, number string) (chat.Promise, error) {
	p, err := one(ctx, s.pool, scanPromise, errNoPromise, selectPromise+`WHERE workspace_id = $1 AND number = $2 AND number <> ''`, ws, number)
	return p, s.end(ctx, err, "promise %s", number)
}

// Promises gives one page of the ledger.
func (s *Store) Promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error) {
	page, err := s.promises(ctx, ws, q)
	return page, s.end(ctx, err, "promises")
}

func (s *Store) promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error) {
	q, limit, err := rule.PromiseLimit(q)
	if err != nil {
		return chat.PromisePage{}, err
	}
	args := pgx.NamedArgs{"ws": ws, "limit": limit + 1}
	where, order := `workspace_id = @ws`, `settled_at DESC, id DESC`
	switch {
	case q.Conversation != uuid.Nil:
		where, order = where+` AND conversation_id = @conversation`, `id DESC`
		args["conversation"] = q.Conversation
	case q.Customer != uuid.Nil:
		where, order = where+` AND conversation_id IN (SELECT id FROM conversations WHERE workspace_id = @ws AND customer_id = @customer)`, `id DESC`
		args["customer"] = q.Customer
	case q.State == chat.PromiseOpen:
		order = `due_at, id`
	}
	switch q.State {
	case chat.PromiseOpen:
		where += ` AND state = 'open'` // as the index says it
	case "":
	default:
		where += ` AND state = @state`
		args["state"] = q.State
	}
	if q.Owner != nil {
		where += ` AND owner_id IS NOT DISTINCT FROM @owner`
		args["owner"] = id(q.Owner)
	}
	if q.Cursor != "" {
		end, err := rule.ParsePlace(q.Cursor)
		if err != nil {
			return chat.PromisePage{}, err
		}
		args["at"], args["after"] = end.At, end.ID
		switch order {
		case `id DESC`:
			where += ` AND id < @after`
		case `due_at, id`:
			where += ` AND (due_at, id) > (@at, @after)`
		default:
			where += ` AND (settled_at, id) < (@at, @after)`
		}
	}
	found, err := list(ctx, s.pool, scanPromise, selectPromise+fmt.Sprintf(`WHERE %s ORDER BY %s LIMIT @limit`, where, order), args)
	return rule.PromisePage(q, found, limit), err
}

// PromisesToActOn gives those about which something has to be done now.
func (s *Store) PromisesToActOn(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Promise, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, s.end(ctx, err, "promises to act on")
	}
	found, err := list(ctx, s.pool, scanPromise, selectPromise+`WHERE workspace_id = $1 AND act_at IS NOT NULL AND act_at <= $2 ORDER BY act_at, id LIMIT $3`,
		ws, s.time(), limit)
	return found, s.end(ctx, err, "promises to act on")
}

// PromiseStats counts promises.
func (s *Store) PromiseStats(ctx context.Context, ws uuid.UUID, since time.Time) (stats chat.PromiseStats, err error) {
	err = s.pool.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'kept' AND settled_at >= $2),
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'moved' AND settled_at >= $2),
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'broken' AND settled_at >= $2),
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'withdrawn' AND settled_at >= $2),
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'open'),
		(SELECT count(*) FROM promises WHERE workspace_id = $1 AND state = 'open' AND (raised_at IS NOT NULL OR act_at <= $3))`,
		ws, since, s.time()).Scan(&stats.Kept, &stats.Moved, &stats.Broken, &stats.Withdrawn, &stats.Open, &stats.DueSoon)
	return stats, s.end(ctx, err, "promise stats")
}

const selectPromise = `SELECT id, number, conversation_id, kind, owner_id, state, due_at, made_at, raised_at, settled_at, told_at, body FROM promises `

var errNoPromise = chat.Errorf(chat.CodeNotFound, "there is no such promise")

func scanPromise(row pgx.CollectableRow) (p chat.Promise, err error) {
	var now chat.Promise
	if err := row.Scan(id(&now.ID), &now.Number, id(&now.Conversation), &now.Kind, id(&now.Owner), &now.State, &now.Due, &now.At,
		when(&now.RaisedAt), when(&now.SettledAt), when(&now.ToldAt), document{&p}); err != nil {
		return p, err
	}
	p.ID, p.Number, p.Conversation, p.Kind, p.Owner, p.State = now.ID, now.Number, now.Conversation, now.Kind, now.Owner, now.State
	p.Due, p.At, p.RaisedAt, p.SettledAt, p.ToldAt = now.Due, now.At, now.RaisedAt, now.SettledAt, now.ToldAt
	return p, nil
}
