package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoCustomer() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such customer")
}

// CreateCustomer stores c under its id.
func (s *Store) CreateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	id, err := rule.NewID(c.ID)
	if err != nil {
		return chat.Customer{}, wrap(err, "create customer")
	}
	var token any // NULL, of which there may be many
	if len(c.TokenHash) > 0 {
		token = c.TokenHash
	}
	got, err := write(ctx, s, func(x *tx) (chat.Customer, error) {
		_, err := x.put(`INSERT INTO customers (workspace_id, id, token_hash, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ws[:], id[:], token, c.Name, c.Email, c.Locale, micros(x.now), c.Subject, blobOf(c.SubjectInbox),
			string(c.Verification.By), micros(c.Verification.Until), c.Verification.Email)
		switch {
		case isDangling(err):
			return chat.Customer{}, errNoWorkspace()
		case isTaken(err):
			return chat.Customer{}, chat.Errorf(chat.CodeConflict, "a customer with this id or token is there already")
		case err != nil:
			return chat.Customer{}, err
		}
		return customer(x, ws, id)
	})
	return got, wrap(err, "create customer %s", id)
}

// Customer finds one.
func (s *Store) Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error) {
	c, err := customer(s.read(ctx), ws, id)
	return c, wrap(err, "customer %s", id)
}

const selectCustomer = `SELECT workspace_id, id, token_hash, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven,
	page_attributes, token_attributes, consented_at FROM customers `

func customer(q querier, ws, id uuid.UUID) (chat.Customer, error) {
	return one(q, scanCustomer, errNoCustomer(), selectCustomer+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
}

func scanCustomer(r row) (chat.Customer, error) {
	var c chat.Customer
	var created, until, consented int64
	var page, token []byte
	v := &c.Verification
	if err := r.Scan(&c.Workspace, &c.ID, &c.TokenHash, &c.Name, &c.Email, &c.Locale, &created,
		&c.Subject, &c.SubjectInbox, &v.By, &until, &v.Email, &page, &token, &consented); err != nil {
		return chat.Customer{}, err
	}
	c.CreatedAt, v.Until, c.ConsentedAt = timeOf(created), timeOf(until), timeOf(consented)
	said, err := attributesOf(page)
	if err != nil {
		return chat.Customer{}, err
	}
	attested, err := attributesOf(token)
	c.Attributes = rule.Attributes(attested, said)
	return c, err
}

// Customers gives those that exist.
func (s *Store) Customers(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Customer, error) {
	set, err := encodeIDs(ids)
	if err != nil {
		return nil, wrap(err, "customers")
	}
	all, err := list(ctx, s, scanCustomer, selectCustomer+`WHERE workspace_id = ? AND id IN (SELECT unhex(value) FROM json_each(?))`, ws[:], set)
	return all, wrap(err, "customers")
}

// CustomerByToken finds one by the hash of the visitor token.
func (s *Store) CustomerByToken(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Customer, error) {
	// An empty hash is stored as NULL, which equals nothing.
	c, err := one(s.read(ctx), scanCustomer, errNoCustomer(), selectCustomer+`WHERE workspace_id = ? AND token_hash = ?`, ws[:], hash)
	return c, wrap(err, "customer by token")
}

// UpdateCustomer changes name, e-mail and locale.
func (s *Store) UpdateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(errNoCustomer(), `UPDATE customers SET name = ?, email = ?, locale = ? WHERE workspace_id = ? AND id = ?`,
			c.Name, c.Email, c.Locale, ws[:], c.ID[:])
	})
	return wrap(err, "update customer %s", c.ID)
}

// change1 executes a statement that has to change a row; missing is the
// error when it changed none.
func (x *tx) change1(missing error, query string, args ...any) error {
	res, err := x.put(query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return missing
	}
	return err
}
