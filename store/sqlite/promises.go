package sqlite

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// account does to the ledger what was done to c, which was before; it gives
// the entries with the customer's copies.
func (x *tx) account(before chat.Conversation, c *state, t chat.Transition, entries []chat.Entry) ([]chat.Entry, error) {
	entries, lines, err := c.Account(before, t, entries, x.now, book{x, *c})
	if err != nil {
		return nil, err
	}
	for _, p := range lines {
		if err := x.putPromise(*c, p); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (x *tx) putPromise(c state, p chat.Promise) error {
	body, err := encode(p)
	if err != nil {
		return err
	}
	_, err = x.put(`INSERT INTO promises
		(workspace_id, id, number, conversation, kind, owner_id, state, due_at, made_at, act_at, raised_at, settled_at, told_at, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, id) DO UPDATE SET owner_id = excluded.owner_id, state = excluded.state, act_at = excluded.act_at,
			raised_at = excluded.raised_at, settled_at = excluded.settled_at, told_at = excluded.told_at, body = excluded.body`,
		c.Workspace[:], p.ID[:], p.Number, c.n, string(p.Kind), blobOf(p.Owner), string(p.State), micros(p.Due), micros(p.At), micros(p.ActAt()),
		micros(p.RaisedAt), micros(p.SettledAt), micros(p.ToldAt), body)
	return err
}

// book is a conversation's part of the ledger in a transaction.
type book struct {
	x *tx
	c state
}

// Promise finds one.
func (b book) Promise(id uuid.UUID) (chat.Promise, error) {
	return one(b.x, scanPromise, errNoPromise, selectPromise+`WHERE p.workspace_id = ? AND p.id = ? AND p.conversation = ?`, b.c.Workspace[:], id[:], b.c.n)
}

// Answer gives the open one of kind answer.
func (b book) Answer() (chat.Promise, error) {
	p, err := one(b.x, scanPromise, errNoPromise, selectPromise+`WHERE p.conversation = ? AND p.kind = 'answer' AND p.state = 'open'`, b.c.n)
	if errors.Is(err, errNoPromise) {
		return chat.Promise{}, nil
	}
	return p, err
}

// Taken reports whether a receipt has that number.
func (b book) Taken(number string) (bool, error) {
	return scanValue[bool](b.x.queryRow(`SELECT EXISTS (SELECT 1 FROM promises WHERE workspace_id = ? AND number = ? AND number <> '')`, b.c.Workspace[:], number))
}

// Seed gives the workspace's secret, made if there is none.
func (b book) Seed() ([]byte, error) {
	find := func() ([]byte, error) {
		return one(b.x, scanValue[[]byte], nil, findSecret, b.c.Workspace[:], chat.ReceiptSecret)
	}
	if seed, err := find(); err != nil || len(seed) > 0 {
		return seed, err
	}
	fresh := make([]byte, secretBytes)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	if _, err := b.x.put(putSecret, b.c.Workspace[:], chat.ReceiptSecret, fresh); err != nil {
		return nil, err
	}
	return find()
}

// Promise finds one.
func (s *Store) Promise(ctx context.Context, ws, id uuid.UUID) (chat.Promise, error) {
	p, err := one(s.read(ctx), scanPromise, errNoPromise, selectPromise+`WHERE p.workspace_id = ? AND p.id = ?`, ws[:], id[:])
	return p, wrap(err, "promise %s", id)
}

// PromiseByNumber finds one by the number of its receipt.
func (s *Store) PromiseByNumber(ctx context.Context, ws uuid.UUID, number string) (chat.Promise, error) {
	p, err := one(s.read(ctx), scanPromise, errNoPromise, selectPromise+`WHERE p.workspace_id = ? AND p.number = ? AND p.number <> ''`, ws[:], number)
	return p, wrap(err, "promise %s", number)
}

// Promises gives one page of the ledger.
func (s *Store) Promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error) {
	page, err := s.promises(ctx, ws, q)
	return page, wrap(err, "promises")
}

func (s *Store) promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error) {
	q, limit, err := rule.PromiseLimit(q)
	if err != nil {
		return chat.PromisePage{}, err
	}
	query, args := selectPromise+`WHERE p.workspace_id = ?`, []any{ws[:]}
	if q.Conversation != uuid.Nil || q.Customer != uuid.Nil {
		// Without the plus the whole ledger is walked by its key, as that is the order which is asked for.
		query = selectPromise + `WHERE +p.workspace_id = ?`
	}
	order, older := "p.id", true
	at, after := int64(math.MaxInt64), uuid.Max
	switch {
	case q.Conversation != uuid.Nil:
		query += ` AND p.conversation = (SELECT n FROM conversations WHERE workspace_id = ? AND id = ?)`
		args = append(args, ws[:], q.Conversation[:])
	case q.Customer != uuid.Nil:
		query += ` AND p.conversation IN (SELECT n FROM conversations INDEXED BY conversations_by_customer WHERE workspace_id = ? AND customer_id = ?)`
		args = append(args, ws[:], q.Customer[:])
	case q.State == chat.PromiseOpen:
		order, older, at, after = "p.due_at, p.id", false, 0, uuid.Nil
	default:
		order = "p.settled_at DESC, p.id"
	}
	switch q.State {
	case chat.PromiseOpen:
		query += ` AND p.state = 'open'` // as the index says it
	case "":
	default:
		query += ` AND p.state = ?`
		args = append(args, string(q.State))
	}
	if q.Owner != nil {
		query += ` AND p.owner_id IS ?`
		args = append(args, blobOf(*q.Owner))
	}
	if q.Cursor != "" {
		end, err := rule.ParsePlace(q.Cursor)
		if err != nil {
			return chat.PromisePage{}, err
		}
		at, after = micros(end.At), end.ID
	}
	switch {
	case order == "p.id":
		query += ` AND p.id < ?`
		args = append(args, after[:])
	case older:
		query += ` AND (p.settled_at, p.id) < (?, ?)`
		args = append(args, at, after[:])
	default:
		query += ` AND (p.due_at, p.id) > (?, ?)`
		args = append(args, at, after[:])
	}
	query += ` ORDER BY ` + order
	if older {
		query += ` DESC`
	}
	found, err := list(ctx, s, scanPromise, query+` LIMIT ?`, append(args, limit+1)...)
	return rule.PromisePage(q, found, limit), err
}

// PromisesToActOn gives those about which something has to be done now.
func (s *Store) PromisesToActOn(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Promise, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "promises to act on")
	}
	found, err := list(ctx, s, scanPromise, selectPromise+`WHERE p.workspace_id = ? AND p.act_at > 0 AND p.act_at <= ? ORDER BY p.act_at, p.id LIMIT ?`,
		ws[:], micros(s.time()), limit)
	return found, wrap(err, "promises to act on")
}

// PromiseStats counts promises.
func (s *Store) PromiseStats(ctx context.Context, ws uuid.UUID, since time.Time) (stats chat.PromiseStats, err error) {
	err = s.read(ctx).queryRow(`SELECT
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'kept' AND settled_at >= ?2),
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'moved' AND settled_at >= ?2),
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'broken' AND settled_at >= ?2),
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'withdrawn' AND settled_at >= ?2),
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'open'),
		(SELECT count(*) FROM promises WHERE workspace_id = ?1 AND state = 'open' AND (raised_at > 0 OR act_at <= ?3))`,
		ws[:], micros(since), micros(s.time())).Scan(&stats.Kept, &stats.Moved, &stats.Broken, &stats.Withdrawn, &stats.Open, &stats.DueSoon)
	return stats, wrap(err, "promise stats")
}

const selectPromise = `SELECT p.id, p.number, p.kind, p.owner_id, p.state, p.due_at, p.made_at, p.raised_at, p.settled_at, p.told_at, p.body,
	(SELECT c.id FROM conversations c WHERE c.n = p.conversation) FROM promises p `

var errNoPromise = chat.Errorf(chat.CodeNotFound, "there is no such promise")

func scanPromise(r row) (p chat.Promise, err error) {
	var now chat.Promise
	var due, made, raised, settled, told int64
	var body []byte
	if err := r.Scan(&now.ID, &now.Number, &now.Kind, &now.Owner, &now.State, &due, &made, &raised, &settled, &told, &body, &now.Conversation); err != nil {
		return p, err
	}
	err = json.Unmarshal(body, &p)
	p.ID, p.Number, p.Kind, p.Owner, p.State, p.Conversation = now.ID, now.Number, now.Kind, now.Owner, now.State, now.Conversation
	p.Due, p.At, p.RaisedAt, p.SettledAt, p.ToldAt = timeOf(due), timeOf(made), timeOf(raised), timeOf(settled), timeOf(told)
	return p, err
}
