package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// SetConsent notes whether a customer agrees.
func (s *Store) SetConsent(ctx context.Context, ws, customer uuid.UUID, given bool) error {
	err := s.tx(ctx, func(x pgx.Tx) error {
		if _, err := holdCustomer(ctx, x, ws, customer); err != nil {
			return err
		}
		if given {
			_, err := x.Exec(ctx, `UPDATE customers SET consented_at = coalesce(consented_at, $3) WHERE workspace_id = $1 AND id = $2`, ws, customer, s.time())
			return err
		}
		if _, err := x.Exec(ctx, `UPDATE customers SET consented_at = NULL, page_attributes = NULL WHERE workspace_id = $1 AND id = $2`, ws, customer); err != nil {
			return err
		}
		_, err := x.Exec(ctx, `DELETE FROM activity WHERE workspace_id = $1 AND customer_id IN (`+alsoKnownAs+`)`, ws, customer)
		return err
	})
	return s.end(ctx, err, "consent of %s", customer)
}

// alsoKnownAs are a customer and the visitors who were merged into them.
const alsoKnownAs = `SELECT $2::uuid UNION ALL SELECT from_id FROM merges WHERE workspace_id = $1 AND into_id = $2 AND undone_at IS NULL`

// holdCustomer gives a customer, of whom nobody else changes anything until the end of x.
func holdCustomer(ctx context.Context, x pgx.Tx, ws, id uuid.UUID) (chat.Customer, error) {
	return one(ctx, x, scanCustomer, errNoCustomer(),
		`SELECT `+customerColumns+` FROM customers WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, id)
}

// mayKeep holds a customer of whom an inbox keeps what the page says.
func mayKeep(ctx context.Context, x pgx.Tx, ws, inbox, who uuid.UUID, visit bool) (chat.Customer, error) {
	c, err := holdCustomer(ctx, x, ws, who)
	if err != nil {
		return c, err
	}
	in, err := one(ctx, x, scanInbox, errNoInbox(), `SELECT `+inboxColumns+` FROM inboxes WHERE workspace_id = $1 AND id = $2`, ws, inbox)
	if err != nil {
		return c, err
	}
	return c, rule.MayKeep(in.Settings.Privacy, c.ConsentedAt, visit)
}

// SetAttributes sets what the page says of a customer.
func (s *Store) SetAttributes(ctx context.Context, ws, inbox, customer uuid.UUID, values map[string]chat.Scalar) error {
	err := s.tx(ctx, func(x pgx.Tx) error {
		c, err := mayKeep(ctx, x, ws, inbox, customer, false)
		if err != nil {
			return err
		}
		said, err := rule.Said(c, values, s.time())
		if err != nil {
			return err
		}
		_, err = x.Exec(ctx, `UPDATE customers SET page_attributes = $3 WHERE workspace_id = $1 AND id = $2`, ws, customer, attributesColumn(said))
		return err
	})
	return s.end(ctx, err, "attributes of %s", customer)
}

// attributesColumn is a list of attributes as a column: null when it is empty.
func attributesColumn(all []chat.Attribute) any {
	if len(all) == 0 {
		return nil
	}
	return all
}

// AddActivity stores what a customer did.
func (s *Store) AddActivity(ctx context.Context, ws, inbox, customer uuid.UUID, a chat.Activity) (chat.Activity, error) {
	stored, err := s.addActivity(ctx, ws, inbox, customer, a)
	return stored, s.end(ctx, err, "add activity of %s", customer)
}

func (s *Store) addActivity(ctx context.Context, ws, inbox, customer uuid.UUID, a chat.Activity) (stored chat.Activity, err error) {
	if err = a.Check(); err != nil {
		return stored, err
	}
	if a.ID, err = rule.NewID(a.ID); err != nil {
		return stored, err
	}
	a.At = s.time()
	visit := a.Kind == chat.ActivityVisit
	err = s.tx(ctx, func(x pgx.Tx) error {
		if _, err := mayKeep(ctx, x, ws, inbox, customer, visit); err != nil {
			return err
		}
		if visit {
			if last, err := visits(ctx, x, ws, customer); err != nil || rule.SameVisit(last, a) {
				stored = last
				return err
			}
		}
		stored = a
		return putActivity(ctx, x, ws, customer, a)
	})
	if err != nil {
		return chat.Activity{}, err
	}
	return stored, nil
}

// visits gives a customer's last activity (zero: there is none), if visits are kept.
func visits(ctx context.Context, x pgx.Tx, ws, customer uuid.UUID) (last chat.Activity, err error) {
	var open, closed bool
	if err := x.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM conversations WHERE workspace_id = $1 AND customer_id = $2 AND status = 'open'),
		EXISTS (SELECT 1 FROM conversations WHERE workspace_id = $1 AND customer_id = $2 AND status = 'closed')`, ws, customer).Scan(&open, &closed); err != nil {
		return last, err
	}
	if err := rule.CheckVisit(open, closed); err != nil {
		return last, err
	}
	all, err := list(ctx, x, scanActivity, `SELECT body FROM activity WHERE workspace_id = $1 AND customer_id = $2 ORDER BY number DESC LIMIT 1`, ws, customer)
	if len(all) > 0 {
		last = all[0]
	}
	return last, err
}

// putActivity stores a, and forgets what is too much.
func putActivity(ctx context.Context, x pgx.Tx, ws, customer uuid.UUID, a chat.Activity) error {
	if _, err := x.Exec(ctx, `INSERT INTO activity (workspace_id, customer_id, at, body) VALUES ($1, $2, $3, $4)`, ws, customer, a.At, a); err != nil {
		return err
	}
	_, err := x.Exec(ctx, `DELETE FROM activity WHERE number IN (SELECT number FROM activity
		WHERE workspace_id = $1 AND customer_id = $2 ORDER BY number DESC OFFSET $3)`, ws, customer, chat.MaxActivity)
	return err
}

func scanActivity(row pgx.CollectableRow) (a chat.Activity, err error) {
	err = row.Scan(document{&a})
	return a, err
}

// Activity lists what a customer did, newest first.
func (s *Store) Activity(ctx context.Context, ws, customer uuid.UUID) ([]chat.Activity, error) {
	all, err := list(ctx, s.pool, scanActivity, `SELECT body FROM activity WHERE workspace_id = $1 AND customer_id IN (`+alsoKnownAs+`)
		ORDER BY at DESC, number DESC LIMIT $3`, ws, customer, chat.MaxActivity)
	return all, s.end(ctx, err, "activity of %s", customer)
}

// PruneActivity forgets what is old.
func (s *Store) PruneActivity(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM activity WHERE workspace_id = $1 AND at < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "prune activity")
}
