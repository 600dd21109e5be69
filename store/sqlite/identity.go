package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoInbox() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such inbox")
}

// IdentityKeys lists an inbox's keys.
func (s *Store) IdentityKeys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error) {
	keys, err := list(ctx, s, scanIdentityKey, `SELECT id, inbox_id, use, secret, created_at FROM identity_keys
		WHERE workspace_id = ? AND inbox_id = ? ORDER BY n DESC`, ws[:], inbox[:])
	return keys, wrap(err, "identity keys of %s", inbox)
}

func scanIdentityKey(r row) (k chat.IdentityKey, err error) {
	var created int64
	err = r.Scan(&k.ID, &k.Inbox, &k.Use, &k.Secret, &created)
	k.CreatedAt = timeOf(created)
	return k, err
}

// AddIdentityKey stores a key and drops those that are too many.
func (s *Store) AddIdentityKey(ctx context.Context, ws uuid.UUID, k chat.IdentityKey) (chat.IdentityKey, error) {
	err := rule.CheckIdentityKey(k)
	if err == nil {
		k.ID, err = rule.NewID(k.ID)
	}
	if err != nil {
		return chat.IdentityKey{}, wrap(err, "add identity key")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.IdentityKey, error) {
		k := k
		k.CreatedAt = x.now
		_, err := x.put(`INSERT INTO identity_keys (workspace_id, id, inbox_id, use, secret, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			ws[:], k.ID[:], k.Inbox[:], string(k.Use), k.Secret, micros(k.CreatedAt))
		switch {
		case isDangling(err):
			return chat.IdentityKey{}, errNoInbox()
		case isTaken(err):
			return chat.IdentityKey{}, chat.Errorf(chat.CodeConflict, "a key with the id %s is there already", k.ID)
		case err != nil:
			return chat.IdentityKey{}, err
		}
		_, err = x.put(`DELETE FROM identity_keys WHERE n IN (SELECT n FROM identity_keys
			WHERE workspace_id = ? AND inbox_id = ? AND use = ? ORDER BY n DESC LIMIT -1 OFFSET ?)`,
			ws[:], k.Inbox[:], string(k.Use), chat.LiveKeys)
		return k, err
	})
	return stored, wrap(err, "add identity key")
}

// DropIdentityKey removes a key.
func (s *Store) DropIdentityKey(ctx context.Context, ws, inbox, id uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(chat.Errorf(chat.CodeNotFound, "there is no such key"),
			`DELETE FROM identity_keys WHERE workspace_id = ? AND id = ? AND inbox_id = ?`, ws[:], id[:], inbox[:])
	})
	return wrap(err, "drop identity key %s", id)
}

// IdentifyCustomer gives the customer whom a site names.
func (s *Store) IdentifyCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error) {
	err := rule.CheckSubject(c)
	if err == nil {
		c.ID, err = rule.NewID(c.ID)
	}
	if err != nil {
		return chat.Customer{}, wrap(err, "identify customer")
	}
	got, err := write(ctx, s, func(x *tx) (chat.Customer, error) {
		if _, err := one(x, scanValue[int64], errNoInbox(), `SELECT n FROM inboxes WHERE workspace_id = ? AND id = ?`, ws[:], c.SubjectInbox[:]); err != nil {
			return chat.Customer{}, err
		}
		attested, err := attributesColumn(rule.Attested(c.Attributes, x.now))
		if err != nil {
			return chat.Customer{}, err
		}
		_, err = x.put(`INSERT INTO customers (workspace_id, id, name, email, locale, created_at, subject, subject_inbox, verified_by, verified_until, email_proven, token_attributes)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (workspace_id, subject_inbox, subject) WHERE subject <> '' DO UPDATE SET
				name = iif(excluded.name <> '', excluded.name, name), email = iif(excluded.email <> '', excluded.email, email),
				locale = iif(excluded.locale <> '', excluded.locale, locale),
				verified_by = excluded.verified_by, verified_until = excluded.verified_until, email_proven = excluded.email_proven,
				token_attributes = iif(excluded.verified_by = 'token', excluded.token_attributes, token_attributes)`,
			ws[:], c.ID[:], c.Name, c.Email, c.Locale, micros(x.now), c.Subject, c.SubjectInbox[:],
			string(c.Verification.By), micros(c.Verification.Until), c.Verification.Email, attested)
		if err != nil {
			return chat.Customer{}, err
		}
		return one(x, scanCustomer, errNoCustomer(), selectCustomer+`WHERE workspace_id = ? AND subject_inbox = ? AND subject = ? AND subject <> ''`,
			ws[:], c.SubjectInbox[:], c.Subject)
	})
	return got, wrap(err, "identify customer")
}

// VerifyCustomer sets a customer's verification.
func (s *Store) VerifyCustomer(ctx context.Context, ws, customer uuid.UUID, v chat.Verification, email string) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(errNoCustomer(), `UPDATE customers SET verified_by = ?1, verified_until = ?2, email_proven = ?3,
			email = iif(?4 <> '', ?4, email) WHERE workspace_id = ?5 AND id = ?6`, string(v.By), micros(v.Until), v.Email, email, ws[:], customer[:])
	})
	return wrap(err, "verify customer %s", customer)
}

const selectCode = `SELECT id, conversation_id, customer_id, email, hash, tries, created_at, expires_at FROM identity_codes `

func scanCode(r row) (c chat.IdentityCode, err error) {
	var created, until int64
	err = r.Scan(&c.ID, &c.Conversation, &c.Customer, &c.Email, &c.Hash, &c.Tries, &created, &until)
	c.CreatedAt, c.Until = timeOf(created), timeOf(until)
	return c, err
}

func errNoCode() error {
	return chat.Errorf(chat.CodeNotFound, "no code is under way")
}

// AddCode stores a code within limits.
func (s *Store) AddCode(ctx context.Context, ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) (chat.IdentityCode, error) {
	var err error
	if c.ID, err = rule.NewID(c.ID); err != nil {
		return chat.IdentityCode{}, wrap(err, "add code")
	}
	since := micros(limit.Since)
	stored, err := write(ctx, s, func(x *tx) (chat.IdentityCode, error) {
		if err := x.codesAllow(ws, c, limit); err != nil {
			return chat.IdentityCode{}, err
		}
		if _, err := x.put(`DELETE FROM identity_codes WHERE workspace_id = ? AND created_at < ?`, ws[:], since); err != nil {
			return chat.IdentityCode{}, err
		}
		if _, err := x.put(`UPDATE identity_codes SET counts = 0 WHERE workspace_id = ? AND conversation_id = ?`, ws[:], c.Conversation[:]); err != nil {
			return chat.IdentityCode{}, err
		}
		_, err := x.put(`INSERT INTO identity_codes (workspace_id, id, conversation_id, customer_id, email, email_key, hash, tries, counts, created_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`, ws[:], c.ID[:], c.Conversation[:], c.Customer[:], c.Email, rule.EmailKey(c.Email), bytesOf(c.Hash), c.Tries,
			micros(x.now), micros(c.Until))
		if isDangling(err) {
			err = errNoConversation()
		}
		if err != nil {
			return chat.IdentityCode{}, err
		}
		return one(x, scanCode, errNoCode(), selectCode+`WHERE workspace_id = ? AND id = ?`, ws[:], c.ID[:])
	})
	return stored, wrap(err, "add code for %s", c.Conversation)
}

// codesAllow reports, as CodeRateLimited, that there are as many codes as there may be.
func (x *tx) codesAllow(ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) error {
	since := micros(limit.Since)
	var here, there int
	if err := x.queryRow(`SELECT count(*) FROM identity_codes WHERE workspace_id = ? AND conversation_id = ? AND created_at >= ?`,
		ws[:], c.Conversation[:], since).Scan(&here); err != nil {
		return err
	}
	if err := x.queryRow(`SELECT count(*) FROM identity_codes WHERE workspace_id = ? AND email_key = ? AND created_at >= ?`,
		ws[:], rule.EmailKey(c.Email), since).Scan(&there); err != nil {
		return err
	}
	return rule.CheckCodes(here, there, limit)
}

// Code finds a code that counts.
func (s *Store) Code(ctx context.Context, ws, id uuid.UUID) (chat.IdentityCode, error) {
	c, err := one(s.read(ctx), scanCode, errNoCode(), selectCode+`WHERE workspace_id = ? AND id = ? AND counts = 1`, ws[:], id[:])
	return c, wrap(err, "code %s", id)
}

// TryCode takes a try from a conversation's code.
func (s *Store) TryCode(ctx context.Context, ws, conv, customer uuid.UUID) (chat.IdentityCode, error) {
	c, err := write(ctx, s, func(x *tx) (chat.IdentityCode, error) {
		c, err := one(x, scanCode, errNoCode(), selectCode+`WHERE workspace_id = ? AND conversation_id = ? AND customer_id = ? AND counts = 1 ORDER BY n DESC LIMIT 1`,
			ws[:], conv[:], customer[:])
		if err != nil {
			return chat.IdentityCode{}, err
		}
		if c, err = rule.Tried(c, !c.Until.After(x.now)); err != nil {
			return chat.IdentityCode{}, err
		}
		_, err = x.put(`UPDATE identity_codes SET tries = ? WHERE workspace_id = ? AND id = ?`, c.Tries, ws[:], c.ID[:])
		return c, err
	})
	return c, wrap(err, "try the code of %s", conv)
}

// UseCode uses a code up.
func (s *Store) UseCode(ctx context.Context, ws, id uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(chat.Errorf(chat.CodeStale, "the code was used"),
			`UPDATE identity_codes SET counts = 0 WHERE workspace_id = ? AND id = ? AND counts = 1`, ws[:], id[:])
	})
	return wrap(err, "use code %s", id)
}
