package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoCustomer() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such customer")
}

// CreateCustomer stores c.
func (s *Store) CreateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	stored, err := s.createCustomer(ctx, ws, c)
	return stored, s.end(ctx, err, "create customer %s", c.ID)
}

func (s *Store) createCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	key, err := rule.NewID(c.ID)
	if err != nil {
		return chat.Customer{}, err
	}
	if len(c.TokenHash) == 0 {
		c.TokenHash = nil // NULL, of which there may be many
	}
	stored, err := one(ctx, s.pool, scanCustomer, nil, `INSERT INTO customers (workspace_id, id, token_hash, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING `+customerColumns,
		ws, key, c.TokenHash, c.Name, c.Email, c.Locale, s.time(), c.Subject, id(&c.SubjectInbox),
		c.Verification.By, when(&c.Verification.Until), c.Verification.Email)
	if isTaken(err) {
		return chat.Customer{}, chat.Errorf(chat.CodeConflict, "there is a customer with this id or token already")
	}
	return stored, dangling(err)
}

// Customer finds one.
func (s *Store) Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error) {
	c, err := one(ctx, s.pool, scanCustomer, errNoCustomer(),
		`SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND id = $2`, ws, id)
	return c, s.end(ctx, err, "customer %s", id)
}

// Customers gives those that exist.
func (s *Store) Customers(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Customer, error) {
	all, err := list(ctx, s.pool, scanCustomer, `SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND id = ANY ($2)`, ws, uuids(ids))
	return all, s.end(ctx, err, "customers")
}

// CustomerByToken finds one by the hash of the visitor token.
func (s *Store) CustomerByToken(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Customer, error) {
	c, err := one(ctx, s.pool, scanCustomer, errNoCustomer(),
		`SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND token_hash = $2`, ws, hash)
	return c, s.end(ctx, err, "customer by token")
}

// UpdateCustomer changes name, e-mail and locale.
func (s *Store) UpdateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) error {
	tag, err := s.pool.Exec(ctx, `UPDATE customers SET name = $3, email = $4, locale = $5 WHERE workspace_id = $1 AND id = $2`,
		ws, c.ID, c.Name, c.Email, c.Locale)
	if err == nil && tag.RowsAffected() == 0 {
		err = errNoCustomer()
	}
	return s.end(ctx, err, "update customer %s", c.ID)
}

const customerColumns = `workspace_id, id, token_hash, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven,
	page_attributes, token_attributes, consented_at`

func scanCustomer(row pgx.CollectableRow) (c chat.Customer, err error) {
	v := &c.Verification
	var page, token []chat.Attribute
	err = row.Scan(id(&c.Workspace), id(&c.ID), &c.TokenHash, &c.Name, &c.Email, &c.Locale, &c.CreatedAt,
		&c.Subject, id(&c.SubjectInbox), &v.By, when(&v.Until), &v.Email, document{&page}, document{&token}, when(&c.ConsentedAt))
	c.Attributes = rule.Attributes(token, page)
	return c, err
}
