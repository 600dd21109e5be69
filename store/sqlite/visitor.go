package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// SetConsent notes whether a customer agrees.
func (s *Store) SetConsent(ctx context.Context, ws, customer uuid.UUID, given bool) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		if given {
			return struct{}{}, x.change1(errNoCustomer(), `UPDATE customers SET consented_at = iif(consented_at > 0, consented_at, ?)
				WHERE workspace_id = ? AND id = ?`, micros(x.now), ws[:], customer[:])
		}
		if err := x.change1(errNoCustomer(), `UPDATE customers SET consented_at = 0, page_attributes = '' WHERE workspace_id = ? AND id = ?`, ws[:], customer[:]); err != nil {
			return struct{}{}, err
		}
		_, err := x.put(`DELETE FROM activity WHERE workspace_id = ?1 AND customer_id IN (`+alsoKnownAs+`)`, ws[:], customer[:])
		return struct{}{}, err
	})
	return wrap(err, "consent of %s", customer)
}

// alsoKnownAs are a customer and the visitors who were merged into them.
const alsoKnownAs = `SELECT ?2 UNION ALL SELECT from_id FROM merges WHERE workspace_id = ?1 AND into_id = ?2 AND undone_at = 0`

// mayKeep gives a customer of whom an inbox keeps what the page says.
func (x *tx) mayKeep(ws, inbox, who uuid.UUID, visit bool) (chat.Customer, error) {
	c, err := customer(x, ws, who)
	if err != nil {
		return c, err
	}
	in, err := one(x, scanInbox, errNoInbox(), selectInboxes+` WHERE workspace_id = ? AND id = ?`, ws[:], inbox[:])
	if err != nil {
		return c, err
	}
	return c, rule.MayKeep(in.Settings.Privacy, c.ConsentedAt, visit)
}

// SetAttributes sets what the page says of a customer.
func (s *Store) SetAttributes(ctx context.Context, ws, inbox, customer uuid.UUID, values map[string]chat.Scalar) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		c, err := x.mayKeep(ws, inbox, customer, false)
		if err != nil {
			return struct{}{}, err
		}
		said, err := rule.Said(c, values, x.now)
		if err != nil {
			return struct{}{}, err
		}
		column, err := attributesColumn(said)
		if err == nil {
			_, err = x.put(`UPDATE customers SET page_attributes = ? WHERE workspace_id = ? AND id = ?`, column, ws[:], customer[:])
		}
		return struct{}{}, err
	})
	return wrap(err, "attributes of %s", customer)
}

// attributesColumn is a list of attributes as a column, "" if there are none.
func attributesColumn(all []chat.Attribute) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	return encode(all)
}

func attributesOf(column []byte) (all []chat.Attribute, err error) {
	if len(column) > 0 {
		err = json.Unmarshal(column, &all)
	}
	return all, err
}

// AddActivity stores what a customer did.
func (s *Store) AddActivity(ctx context.Context, ws, inbox, customer uuid.UUID, a chat.Activity) (chat.Activity, error) {
	err := a.Check()
	if err == nil {
		a.ID, err = rule.NewID(a.ID)
	}
	if err != nil {
		return chat.Activity{}, wrap(err, "add activity of %s", customer)
	}
	stored, err := write(ctx, s, func(x *tx) (chat.Activity, error) {
		a := a
		a.At = x.now
		visit := a.Kind == chat.ActivityVisit
		if _, err := x.mayKeep(ws, inbox, customer, visit); err != nil {
			return chat.Activity{}, err
		}
		if visit {
			if last, err := x.visits(ws, customer); err != nil || rule.SameVisit(last, a) {
				return last, err
			}
		}
		return a, x.putActivity(ws, customer, a)
	})
	return stored, wrap(err, "add activity of %s", customer)
}

// visits gives a customer's last activity (zero: there is none), if visits are kept.
func (x *tx) visits(ws, customer uuid.UUID) (last chat.Activity, err error) {
	var open, closed bool
	if err := x.queryRow(`SELECT EXISTS (SELECT 1 FROM conversations INDEXED BY conversations_by_customer WHERE workspace_id = ?1 AND customer_id = ?2 AND status = 'open'),
		EXISTS (SELECT 1 FROM conversations INDEXED BY conversations_by_customer WHERE workspace_id = ?1 AND customer_id = ?2 AND status = 'closed')`,
		ws[:], customer[:]).Scan(&open, &closed); err != nil {
		return last, err
	}
	if err := rule.CheckVisit(open, closed); err != nil {
		return last, err
	}
	rows, err := x.query(`SELECT body FROM activity WHERE workspace_id = ? AND customer_id = ? ORDER BY n DESC LIMIT 1`, ws[:], customer[:])
	all, err := collect(rows, err, scanActivity)
	if len(all) > 0 {
		last = all[0]
	}
	return last, err
}

// putActivity stores a, and forgets what is too much.
func (x *tx) putActivity(ws, customer uuid.UUID, a chat.Activity) error {
	body, err := encode(a)
	if err != nil {
		return err
	}
	if _, err := x.put(`INSERT INTO activity (workspace_id, customer_id, at, body) VALUES (?, ?, ?, ?)`, ws[:], customer[:], micros(a.At), body); err != nil {
		return err
	}
	_, err = x.put(`DELETE FROM activity WHERE n IN (SELECT n FROM activity WHERE workspace_id = ? AND customer_id = ? ORDER BY n DESC LIMIT -1 OFFSET ?)`,
		ws[:], customer[:], chat.MaxActivity)
	return err
}

func scanActivity(r row) (a chat.Activity, err error) {
	var body []byte
	if err := r.Scan(&body); err != nil {
		return a, err
	}
	return a, json.Unmarshal(body, &a)
}

// Activity lists what a customer did, newest first.
func (s *Store) Activity(ctx context.Context, ws, customer uuid.UUID) ([]chat.Activity, error) {
	all, err := list(ctx, s, scanActivity, `SELECT body FROM activity WHERE workspace_id = ?1 AND customer_id IN (`+alsoKnownAs+`) ORDER BY at DESC, n DESC LIMIT ?3`,
		ws[:], customer[:], chat.MaxActivity)
	return all, wrap(err, "activity of %s", customer)
}

// PruneActivity forgets what is old.
func (s *Store) PruneActivity(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(`DELETE FROM activity WHERE workspace_id = ? AND at < ?`, ws[:], micros(before))
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), wrap(err, "prune activity")
}
