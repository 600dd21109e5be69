package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// OpenConversation stores c if its id is new.
func (s *Store) OpenConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error) {
	if c.ID == uuid.Nil {
		return chat.Conversation{}, wrap(invalid("a conversation needs an id, made by the client"), "open conversation")
	}
	got, err := write(ctx, s, func(x *tx) (chat.Conversation, error) {
		_, err := x.put(`INSERT INTO conversations
			(workspace_id, id, inbox_id, customer_id, owner, epoch, status, subject, locale, page_url, page_title, created_at, updated_at, device)
			VALUES (?1, ?2, ?3, ?4, 'bot', 1, 'open', ?5, ?6, ?7, ?8, ?9, ?9, ?10)`,
			ws[:], c.ID[:], c.Inbox[:], c.Customer[:], rule.Short(c.Subject), c.Locale, c.Page.URL, c.Page.Title, micros(x.now), c.Device)
		switch {
		case isDangling(err):
			return chat.Conversation{}, chat.Errorf(chat.CodeNotFound, "there is no such inbox or customer")
		case isTaken(err):
			return owned(x, ws, c)
		case err != nil:
			return chat.Conversation{}, err
		}
		// Not a trigger: for an insert that has one, SQLite looks for rows that refer to the new row already.
		if _, err := x.put(`INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind)
			SELECT workspace_id, n, inbox_id, created_at, 'begun' FROM conversations WHERE workspace_id = ? AND id = ?`, ws[:], c.ID[:]); err != nil {
			return chat.Conversation{}, err
		}
		x.tell(chat.Signal{Kind: chat.SignalEntry, Workspace: ws, Conversation: c.ID})
		return conversation(x, ws, c.ID)
	})
	return got, wrap(err, "open conversation %s", c.ID)
}

// owned gives the conversation with c's id, if it is c's customer's.
func owned(q querier, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error) {
	stored, err := conversation(q, ws, c.ID)
	if err == nil {
		err = rule.CheckCustomer(stored, c.Customer)
	}
	if err != nil {
		return chat.Conversation{}, err
	}
	return stored, nil
}

// Conversation gives the state of one.
func (s *Store) Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error) {
	c, err := conversation(s.read(ctx), ws, id)
	return c, wrap(err, "conversation %s", id)
}

// Append stores d under the next number of its log.
func (s *Store) Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error) {
	d, err := rule.CheckAppend(d)
	if err != nil {
		return chat.Entry{}, wrap(err, "append to %s", conv)
	}
	e, err := s.append(ctx, ws, conv, d, nil)
	return e, wrap(err, "append to %s", conv)
}

// AppendIf is Append for the bot, under a fence.
func (s *Store) AppendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error) {
	d, err := rule.CheckAppendIf(d)
	if err != nil {
		return chat.Entry{}, wrap(err, "append to %s under a fence", conv)
	}
	e, err := s.append(ctx, ws, conv, d, &f)
	return e, wrap(err, "append to %s under a fence", conv)
}

// append is both, for a draft that is checked. The body is encoded here and not in the committer, which
// everybody waits for.
func (s *Store) append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f *chat.Fence) (chat.Entry, error) {
	body, err := rule.EncodeBody(d.Body)
	if err != nil {
		return chat.Entry{}, err
	}
	return write(ctx, s, func(x *tx) (chat.Entry, error) {
		c, err := x.take(ws, conv)
		if err != nil {
			return chat.Entry{}, err
		}
		if err := rule.CheckSender(c.Conversation, d); err != nil {
			return chat.Entry{}, err
		}
		if allowed := x.allowed(c, d, f); allowed != nil {
			// What was stored before is given again, whatever holds now.
			first, err := entryByClient(x, c, d)
			if errors.Is(err, sql.ErrNoRows) {
				return chat.Entry{}, allowed
			}
			return first, err
		}
		before := c.Conversation
		e := c.Next(d, x.now)
		if f != nil {
			c.AnsweredSeq = f.CustomerSeq
		}
		switch err := x.putEntry(c, e, body); {
		case isTaken(err):
			return entryByClient(x, c, d)
		case err != nil:
			return chat.Entry{}, err
		}
		if _, err := x.account(before, &c, chat.Transition{}, []chat.Entry{e}); err != nil {
			return chat.Entry{}, err
		}
		if err := x.putSpoken(c); err != nil {
			return chat.Entry{}, err
		}
		if !c.Snoozed.Equal(before.Snoozed) { // seldom; see putSpoken
			if _, err := x.put(`UPDATE conversations SET snoozed_until = ? WHERE n = ?`, micros(c.Snoozed), c.n); err != nil {
				return chat.Entry{}, err
			}
		}
		x.changed(c)
		return e, nil
	})
}

// allowed says whether d may be added to c now, under f if there is one.
func (x *tx) allowed(c state, d chat.Draft, f *chat.Fence) error {
	if f == nil {
		return rule.MayAppend(c.Conversation, d)
	}
	if !rule.Holds(c.Conversation, *f) {
		return rule.Overtaken()
	}
	for _, v := range f.Versions {
		_, err := one(x, scanValue[int], rule.Overtaken(),
			`SELECT 1 FROM articles WHERE workspace_id = ? AND version_id = ? AND status = 'published'`, c.Workspace[:], v[:])
		if err != nil {
			return err
		}
	}
	return nil
}

// Entries reads on in a log.
func (s *Store) Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	entries, err := s.entries(ctx, ws, conv, log, after, limit)
	return entries, wrap(err, "entries of %s after %d", conv, after)
}

func (s *Store) entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, err
	}
	switch log {
	case "":
		log = chat.LogPublic
	case chat.LogPublic, chat.LogStaff:
	default:
		return nil, invalid("there is no log %q", log)
	}
	scan := func(r row) (chat.Entry, error) { return scanEntry(r, conv, log) }
	entries, err := list(ctx, s, scan, `SELECT `+entryColumns+` FROM entries
		WHERE conversation = (SELECT n FROM conversations WHERE workspace_id = ? AND id = ?) AND log = ? AND seq > ?
		ORDER BY seq LIMIT ?`, ws[:], conv[:], log, after, limit)
	if err != nil || len(entries) > 0 {
		return entries, err
	}
	// Nothing new, or no such conversation.
	_, err = one(s.read(ctx), scanValue[int64], errNoConversation(),
		`SELECT n FROM conversations WHERE workspace_id = ? AND id = ?`, ws[:], conv[:])
	return nil, err
}

// putEntry stores e, whose body is encoded in body.
func (x *tx) putEntry(c state, e chat.Entry, body string) error {
	_, err := x.put(`INSERT INTO entries
		(workspace_id, conversation, log, seq, client_id, at, from_kind, from_id, from_name, kind, text, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Workspace[:], c.n, string(e.Log), e.Seq, e.ClientID[:], micros(e.At),
		string(e.From.Kind), blobOf(e.From.ID), e.From.Name, string(e.Kind), e.Text, body)
	if err != nil {
		return err
	}
	return x.putMentions(c, e)
}

// putSpoken stores what an entry can change of the state. It leaves alone
// what only a move changes, because SQLite writes the indexes of every column
// that is named here.
func (x *tx) putSpoken(c state) error {
	_, err := x.put(`UPDATE conversations SET
		last_seq = ?, staff_seq = ?, customer_seq = ?, customer_at = ?, answered_seq = ?, subject = ?, last_text = ?, last_from = ?,
		rating = ?, email = ?, promised_at = ?, updated_at = ?, locale = ? WHERE n = ?`,
		c.LastSeq, c.StaffSeq, c.CustomerSeq, micros(c.CustomerAt), c.AnsweredSeq, c.Subject, c.LastText, string(c.LastFrom),
		c.Rating, c.Email, micros(c.Promised), micros(c.UpdatedAt), c.Locale, c.n)
	return err
}

const entryColumns = `seq, client_id, at, from_kind, from_id, from_name, kind, text, body`

func scanEntry(r row, conv uuid.UUID, log chat.Log) (chat.Entry, error) {
	e := chat.Entry{Conversation: conv, Log: log}
	var at int64
	var body string
	if err := r.Scan(&e.Seq, &e.ClientID, &at, &e.From.Kind, &e.From.ID, &e.From.Name, &e.Kind, &e.Text, &body); err != nil {
		return chat.Entry{}, err
	}
	e.At = timeOf(at)
	if body == "" {
		return e, nil
	}
	return e, json.Unmarshal([]byte(body), &e.Body)
}

// entryByClient finds the entry that d's client id already has in c.
func entryByClient(q querier, c state, d chat.Draft) (chat.Entry, error) {
	return scanEntry(q.queryRow(`SELECT `+entryColumns+` FROM entries WHERE conversation = ? AND log = ? AND client_id = ?`,
		c.n, string(d.Log), d.ClientID[:]), c.ID, d.Log)
}
