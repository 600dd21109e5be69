package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoInbox() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such inbox")
}

// IdentityKeys lists an inbox's keys.
func (s *Store) IdentityKeys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error) {
	keys, err := list(ctx, s.pool, func(row pgx.CollectableRow) (k chat.IdentityKey, err error) {
		err = row.Scan(id(&k.ID), id(&k.Inbox), &k.Use, &k.Secret, &k.CreatedAt)
		return k, err
	}, `SELECT id, inbox_id, use, secret, created_at FROM identity_keys WHERE workspace_id = $1 AND inbox_id = $2 ORDER BY number DESC`, ws, inbox)
	return keys, s.end(ctx, err, "identity keys of %s", inbox)
}

// AddIdentityKey stores a key and drops those that are too many.
func (s *Store) AddIdentityKey(ctx context.Context, ws uuid.UUID, k chat.IdentityKey) (chat.IdentityKey, error) {
	k, err := s.addIdentityKey(ctx, ws, k)
	return k, s.end(ctx, err, "add identity key")
}

func (s *Store) addIdentityKey(ctx context.Context, ws uuid.UUID, k chat.IdentityKey) (chat.IdentityKey, error) {
	err := rule.CheckIdentityKey(k)
	if err == nil {
		k.ID, err = rule.NewID(k.ID)
	}
	if err != nil {
		return chat.IdentityKey{}, err
	}
	k.CreatedAt = s.time()
	err = s.tx(ctx, func(x pgx.Tx) error {
		// One at a time, so that there are never more than there may be.
		if err := holdInbox(ctx, x, ws, k.Inbox); err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `INSERT INTO identity_keys (workspace_id, id, inbox_id, use, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			ws, k.ID, k.Inbox, k.Use, k.Secret, k.CreatedAt); err != nil {
			return err
		}
		_, err := x.Exec(ctx, `DELETE FROM identity_keys WHERE workspace_id = $1 AND id IN (SELECT id FROM identity_keys
			WHERE workspace_id = $1 AND inbox_id = $2 AND use = $3 ORDER BY number DESC OFFSET $4)`, ws, k.Inbox, k.Use, chat.LiveKeys)
		return err
	})
	if isTaken(err) {
		err = chat.Errorf(chat.CodeConflict, "there is a key with the id %s already", k.ID)
	}
	if err != nil {
		return chat.IdentityKey{}, err
	}
	return k, nil
}

// holdInbox locks an inbox until the end of x.
func holdInbox(ctx context.Context, x pgx.Tx, ws, inbox uuid.UUID) error {
	_, err := one(ctx, x, pgx.RowTo[bool], errNoInbox(), `SELECT true FROM inboxes WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, inbox)
	return err
}

// DropIdentityKey removes a key.
func (s *Store) DropIdentityKey(ctx context.Context, ws, inbox, id uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM identity_keys WHERE workspace_id = $1 AND id = $2 AND inbox_id = $3`, ws, id, inbox)
	if err == nil && tag.RowsAffected() == 0 {
		err = chat.Errorf(chat.CodeNotFound, "there is no such key")
	}
	return s.end(ctx, err, "drop identity key %s", id)
}

// IdentifyCustomer gives the customer whom a site names.
func (s *Store) IdentifyCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	c, err := s.identifyCustomer(ctx, ws, c)
	return c, s.end(ctx, err, "identify customer")
}

func (s *Store) identifyCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	err := rule.CheckSubject(c)
	if err == nil {
		c.ID, err = rule.NewID(c.ID)
	}
	if err != nil {
		return chat.Customer{}, err
	}
	return one(ctx, s.pool, scanCustomer, errNoInbox(), `INSERT INTO customers AS c
			(workspace_id, id, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven, token_attributes)
		SELECT i.workspace_id, $3, $4, $5, $6, $7, $8, i.id, $9, $10, $11, $12::json FROM inboxes i WHERE i.workspace_id = $1 AND i.id = $2
		ON CONFLICT (subject_inbox, subject, workspace_id) WHERE subject <> '' DO UPDATE SET
			name = coalesce(nullif(excluded.name, ''), c.name), email = coalesce(nullif(excluded.email, ''), c.email),
			locale = coalesce(nullif(excluded.locale, ''), c.locale),
			verified_by = excluded.verified_by, verified_until = excluded.verified_until, email_proven = excluded.email_proven,
			token_attributes = CASE excluded.verified_by WHEN 'token' THEN excluded.token_attributes ELSE c.token_attributes END
		RETURNING `+customerColumns, ws, c.SubjectInbox, c.ID, c.Name, c.Email, c.Locale, s.time(), c.Subject,
		c.Verification.By, when(&c.Verification.Until), c.Verification.Email, attributesColumn(rule.Attested(c.Attributes, s.time())))
}

// VerifyCustomer sets a customer's verification.
func (s *Store) VerifyCustomer(ctx context.Context, ws, customer uuid.UUID, v chat.Verification, email string) error {
	tag, err := s.pool.Exec(ctx, `UPDATE customers SET verified_by = $3, verified_until = $4, email_proven = $5, email = coalesce(nullif($6, ''), email)
		WHERE workspace_id = $1 AND id = $2`, ws, customer, v.By, when(&v.Until), v.Email, email)
	if err == nil && tag.RowsAffected() == 0 {
		err = errNoCustomer()
	}
	return s.end(ctx, err, "verify customer %s", customer)
}

const codeColumns = `id, conversation_id, customer_id, email, hash, tries, created_at, expires_at`

func scanCode(row pgx.CollectableRow) (c chat.IdentityCode, err error) {
	err = row.Scan(id(&c.ID), id(&c.Conversation), id(&c.Customer), &c.Email, &c.Hash, &c.Tries, &c.CreatedAt, &c.Until)
	return c, err
}

func errNoCode() error {
	return chat.Errorf(chat.CodeNotFound, "no code is under way")
}

// AddCode stores a code within limits.
func (s *Store) AddCode(ctx context.Context, ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) (chat.IdentityCode, error) {
	stored, err := s.addCode(ctx, ws, c, limit)
	return stored, s.end(ctx, err, "add code for %s", c.Conversation)
}

func (s *Store) addCode(ctx context.Context, ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) (stored chat.IdentityCode, err error) {
	if c.ID, err = rule.NewID(c.ID); err != nil {
		return stored, err
	}
	address := rule.EmailKey(c.Email)
	err = s.tx(ctx, func(x pgx.Tx) error {
		// One at a time for an address and for a conversation, which are counted.
		if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk code ' || $1::text || ' ' || $2::text, 0))`, ws.String(), address); err != nil {
			return err
		}
		if _, err := hold(ctx, x, ws, c.Conversation); err != nil {
			return err
		}
		counts, err := one(ctx, x, pgx.RowToStructByPos[struct{ Here, There int }], nil, `SELECT
			(SELECT count(*) FROM identity_codes WHERE workspace_id = $1 AND conversation_id = $2 AND created_at >= $4),
			(SELECT count(*) FROM identity_codes WHERE workspace_id = $1 AND email_key = $3 AND created_at >= $4)`, ws, c.Conversation, address, limit.Since)
		if err == nil {
			err = rule.CheckCodes(counts.Here, counts.There, limit)
		}
		if err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `DELETE FROM identity_codes WHERE workspace_id = $1 AND created_at < $2`, ws, limit.Since); err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `UPDATE identity_codes SET counts = false WHERE workspace_id = $1 AND conversation_id = $2`, ws, c.Conversation); err != nil {
			return err
		}
		stored, err = one(ctx, x, scanCode, nil, `INSERT INTO identity_codes
				(workspace_id, id, conversation_id, customer_id, email, email_key, hash, tries, counts, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, $10) RETURNING `+codeColumns,
			ws, c.ID, c.Conversation, c.Customer, c.Email, address, c.Hash, c.Tries, s.time(), c.Until)
		return err
	})
	return stored, err
}

// Code finds a code that counts.
func (s *Store) Code(ctx context.Context, ws, id uuid.UUID) (chat.IdentityCode, error) {
	c, err := one(ctx, s.pool, scanCode, errNoCode(), `SELECT `+codeColumns+` FROM identity_codes WHERE workspace_id = $1 AND id = $2 AND counts`, ws, id)
	return c, s.end(ctx, err, "code %s", id)
}

// TryCode takes a try from a conversation's code.
func (s *Store) TryCode(ctx context.Context, ws, conv, customer uuid.UUID) (c chat.IdentityCode, err error) {
	err = s.tx(ctx, func(x pgx.Tx) error {
		c, err = one(ctx, x, scanCode, errNoCode(), `SELECT `+codeColumns+` FROM identity_codes
			WHERE workspace_id = $1 AND conversation_id = $2 AND customer_id = $3 AND counts ORDER BY number DESC LIMIT 1 FOR UPDATE`, ws, conv, customer)
		if err == nil {
			c, err = rule.Tried(c, !c.Until.After(s.time()))
		}
		if err != nil {
			return err
		}
		_, err := x.Exec(ctx, `UPDATE identity_codes SET tries = $3 WHERE workspace_id = $1 AND id = $2`, ws, c.ID, c.Tries)
		return err
	})
	return c, s.end(ctx, err, "try the code of %s", conv)
}

// UseCode uses a code up.
func (s *Store) UseCode(ctx context.Context, ws, id uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `UPDATE identity_codes SET counts = false WHERE workspace_id = $1 AND id = $2 AND counts`, ws, id)
	if err == nil && tag.RowsAffected() == 0 {
		err = chat.Errorf(chat.CodeStale, "the code was used")
	}
	return s.end(ctx, err, "use code %s", id)
}
