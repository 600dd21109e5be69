package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoConversation() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such conversation")
}

// OpenConversation stores c if its id is new.
func (s *Store) OpenConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error) {
	got, err := s.openConversation(ctx, ws, c)
	return got, s.end(ctx, err, "open conversation %s", c.ID)
}

func (s *Store) openConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error) {
	if c.ID == uuid.Nil {
		return chat.Conversation{}, invalid("a conversation needs an id, made by the client")
	}
	var stored chat.Conversation
	err := s.tx(ctx, func(x pgx.Tx) error {
		var err error
		stored, err = one(ctx, x, scanConversation, nil, `INSERT INTO conversations
			(workspace_id, id, inbox_id, customer_id, owner, epoch, status, subject, locale, page_url, page_title, created_at, updated_at, device)
			VALUES ($1, $2, $3, $4, 'bot', 1, 'open', $5, $6, $7, $8, $9, $9, $10)
			ON CONFLICT (workspace_id, id) DO NOTHING RETURNING `+conversationColumns,
			ws, c.ID, c.Inbox, c.Customer, rule.Short(c.Subject), c.Locale, c.Page.URL, c.Page.Title, s.time(), c.Device)
		if err != nil || stored.ID == uuid.Nil {
			return err
		}
		return bump(ctx, x, ws)
	})
	switch {
	case isDangling(err):
		return chat.Conversation{}, chat.Errorf(chat.CodeNotFound, "there is no such inbox or customer")
	case err != nil:
		return chat.Conversation{}, err
	case stored.ID != uuid.Nil:
		s.notify(signalOf(stored))
		return stored, nil
	}
	stored, err = s.conversation(ctx, s.pool, ws, c.ID)
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
	c, err := s.conversation(ctx, s.pool, ws, id)
	return c, s.end(ctx, err, "conversation %s", id)
}

func (s *Store) conversation(ctx context.Context, q querier, ws, id uuid.UUID) (chat.Conversation, error) {
	return one(ctx, q, scanConversation, errNoConversation(),
		`SELECT `+conversationColumns+` FROM conversations WHERE workspace_id = $1 AND id = $2`, ws, id)
}

// Append stores d under the next number of its log.
func (s *Store) Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error) {
	e, err := s.append(ctx, ws, conv, d)
	return e, s.end(ctx, err, "append to %s", conv)
}

// append encodes the body here and not in the committer, which everybody
// waits for.
func (s *Store) append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error) {
	d, err := rule.CheckAppend(d)
	if err != nil {
		return chat.Entry{}, err
	}
	body, err := rule.EncodeBody(d.Body)
	if err != nil {
		return chat.Entry{}, err
	}
	return s.commit.append(&pending{ctx: ctx, ws: ws, conv: conv, draft: d, body: body, done: make(chan outcome, 1)})
}

// AppendIf is Append for the bot, under a fence.
func (s *Store) AppendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error) {
	e, err := s.appendIf(ctx, ws, conv, d, f)
	return e, s.end(ctx, err, "append to %s under a fence", conv)
}

func (s *Store) appendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error) {
	d, err := rule.CheckAppendIf(d)
	if err != nil {
		return chat.Entry{}, err
	}
	var (
		e       chat.Entry
		changed *rule.Talk
	)
	err = s.tx(ctx, func(x pgx.Tx) (err error) {
		changed = nil
		var c rule.Talk
		if c, err = hold(ctx, x, ws, conv); err != nil {
			return err
		}
		if e, err = entryByClient(ctx, x, c, d); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err = checkFence(ctx, x, c, f); err != nil {
			return err
		}
		e = c.Next(d, s.time())
		c.AnsweredSeq = f.CustomerSeq
		changed = &c
		return save(ctx, x, c, []chat.Entry{e})
	})
	if err != nil {
		return chat.Entry{}, err
	}
	if changed != nil {
		s.notify(signalOf(changed.Conversation))
	}
	return e, nil
}

// checkFence says whether f still describes c, which is locked. The articles
// are locked as well, so that none is withdrawn before the commit.
func checkFence(ctx context.Context, x pgx.Tx, c rule.Talk, f chat.Fence) error {
	if !rule.Holds(c.Conversation, f) {
		return rule.Overtaken()
	}
	versions := make(map[uuid.UUID]bool)
	for _, v := range f.Versions {
		versions[v] = true
	}
	if len(versions) == 0 {
		return nil
	}
	published, err := list(ctx, x, pgx.RowTo[bool], `SELECT true FROM articles
		WHERE workspace_id = $1 AND version_id = ANY ($2) AND status = 'published' ORDER BY id FOR SHARE`, c.Workspace, uuids(f.Versions))
	if err == nil && len(published) < len(versions) {
		return rule.Overtaken()
	}
	return err
}

// Entries reads on in a log.
func (s *Store) Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	entries, err := s.entries(ctx, ws, conv, log, after, limit)
	return entries, s.end(ctx, err, "entries of %s after %d", conv, after)
}

func (s *Store) entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, err
	}
	if log != "" && log != chat.LogPublic && log != chat.LogStaff {
		return nil, invalid("there is no log %q", log)
	}
	entries, err := list(ctx, s.pool, scanEntry, `SELECT `+entryColumns+` FROM entries
		WHERE workspace_id = $1 AND conversation_id = $2 AND staff = $3 AND seq > $4 ORDER BY seq LIMIT $5`,
		ws, conv, log == chat.LogStaff, after, limit)
	if err != nil || len(entries) > 0 {
		return entries, err
	}
	// Nothing new, or no such conversation.
	_, err = one(ctx, s.pool, pgx.RowTo[bool], errNoConversation(), `SELECT true FROM conversations WHERE workspace_id = $1 AND id = $2`, ws, conv)
	return nil, err
}

func signalOf(c chat.Conversation) chat.Signal {
	return chat.Signal{Kind: chat.SignalEntry, Workspace: c.Workspace, Conversation: c.ID, Seq: c.LastSeq}
}

const conversationColumns = `workspace_id, id, inbox_id, customer_id, owner, agent_id, epoch, status,
	last_seq, staff_seq, customer_seq, answered_seq, subject, last_text, last_from, locale, page_url, page_title,
	reason, rating, email, promised_at, waiting_since, created_at, updated_at, customer_at, priority,
	team_id, last_agent_id, offered_to, offered_until, passed, snoozed_until, outcome, tags, device, priority_why`

func scanTalk(row pgx.CollectableRow) (c rule.Talk, err error) {
	err = row.Scan(id(&c.Workspace), id(&c.ID), id(&c.Inbox), id(&c.Customer), &c.Owner, id(&c.Agent), &c.Epoch, &c.Status,
		&c.LastSeq, &c.StaffSeq, &c.CustomerSeq, &c.AnsweredSeq, &c.Subject, &c.LastText, &c.LastFrom, &c.Locale, &c.Page.URL, &c.Page.Title,
		&c.Reason, &c.Rating, &c.Email, when(&c.Promised), when(&c.Waiting), &c.CreatedAt, &c.UpdatedAt, when(&c.CustomerAt), &c.Priority,
		id(&c.Team), id(&c.LastAgent), id(&c.Offered), when(&c.OfferedUntil), &c.Passed, when(&c.Snoozed), &c.Outcome, &c.Tags, &c.Device, document{&c.Cause})
	if len(c.Tags) == 0 {
		c.Tags = nil
	}
	return c, err
}

func scanConversation(row pgx.CollectableRow) (chat.Conversation, error) {
	c, err := scanTalk(row)
	return c.Conversation, err
}

const entryColumns = `conversation_id, staff, seq, client_id, at, kind, party, from_id, from_name, text, body`

func scanEntry(row pgx.CollectableRow) (e chat.Entry, err error) {
	var staff bool
	err = row.Scan(id(&e.Conversation), &staff, &e.Seq, id(&e.ClientID), &e.At, &e.Kind,
		&e.From.Kind, id(&e.From.ID), &e.From.Name, &e.Text, document{&e.Body})
	e.Log = chat.LogPublic
	if staff {
		e.Log = chat.LogStaff
	}
	return e, err
}

// entryByClient finds the entry that d's client id already has in c, or gives
// pgx.ErrNoRows.
func entryByClient(ctx context.Context, q querier, c rule.Talk, d chat.Draft) (chat.Entry, error) {
	return one(ctx, q, scanEntry, pgx.ErrNoRows, `SELECT `+entryColumns+` FROM entries
		WHERE workspace_id = $1 AND conversation_id = $2 AND client_id = $3 AND staff = $4`, c.Workspace, c.ID, d.ClientID, d.Log == chat.LogStaff)
}

// hold gives a conversation, which nobody else changes until the end of x. In
// a transaction it comes before all other locks.
func hold(ctx context.Context, x pgx.Tx, ws, id uuid.UUID) (rule.Talk, error) {
	return one(ctx, x, scanTalk, errNoConversation(),
		`SELECT `+conversationColumns+` FROM conversations WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, ws, id)
}

// passedOf is c.Passed as a column: null when it is empty.
func passedOf(c rule.Talk) any {
	if len(c.Passed) == 0 {
		return nil
	}
	return uuids(c.Passed)
}

// save stores the state of a locked conversation and its new entries. It is
// the last that a transaction does, in one round trip.
func save(ctx context.Context, x pgx.Tx, c rule.Talk, entries []chat.Entry) error {
	var b pgx.Batch
	for _, e := range entries {
		body, err := rule.EncodeBody(e.Body)
		if err != nil {
			return err
		}
		b.Queue(`INSERT INTO entries (workspace_id, conversation_id, staff, seq, client_id, at, kind, party, from_id, from_name, text, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::json)`,
			c.Workspace, c.ID, e.Log == chat.LogStaff, e.Seq, e.ClientID, e.At, e.Kind, e.From.Kind, id(&e.From.ID), e.From.Name, e.Text, zeronull.Text(body))
		if len(e.Mentions) > 0 {
			b.Queue(`INSERT INTO mentions (workspace_id, user_id, at, conversation_id, seq)
				SELECT $1, unnest($2::uuid[]), $3, $4, $5 ON CONFLICT DO NOTHING`, c.Workspace, uuids(e.Mentions), e.At, c.ID, e.Seq)
		}
	}
	queued := c.QueuedAt()
	var why any // null: there is nothing to say
	if c.Cause != (chat.Cause{}) {
		why = c.Cause
	}
	b.Queue(`UPDATE conversations SET owner = $3, agent_id = $4, epoch = $5, status = $6, last_seq = $7, staff_seq = $8, customer_seq = $9,
			answered_seq = $10, subject = $11, last_text = $12, last_from = $13, reason = $14, rating = $15, email = $16, promised_at = $17,
			waiting_since = $18, updated_at = $19, customer_at = $20, priority = $21, queued_at = $22,
			team_id = $23, last_agent_id = $24, offered_to = $25, offered_until = $26, passed = $27, snoozed_until = $28, outcome = $29, priority_why = $30, locale = $31
		WHERE workspace_id = $1 AND id = $2`,
		c.Workspace, c.ID, c.Owner, id(&c.Agent), c.Epoch, c.Status, c.LastSeq, c.StaffSeq, c.CustomerSeq,
		c.AnsweredSeq, c.Subject, c.LastText, c.LastFrom, c.Reason, c.Rating, c.Email, when(&c.Promised),
		when(&c.Waiting), c.UpdatedAt, when(&c.CustomerAt), c.Priority, when(&queued),
		id(&c.Team), id(&c.LastAgent), id(&c.Offered), when(&c.OfferedUntil), passedOf(c), when(&c.Snoozed), c.Outcome, why, c.Locale)
	queueBump(&b, c.Workspace)
	return x.SendBatch(ctx, &b).Close()
}
