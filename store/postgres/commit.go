package postgres

import (
	"context"
	_ "embed" // for append.sql
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"
	"github.com/jackc/pgx/v5/pgxpool"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const (
	// maxGroup bounds how many appends one commit may hold, and with it how
	// long the first of them waits for the others.
	maxGroup = 256
	// groupTimeout is after how long the server is given up on: the writers
	// learn that the outcome is unknown, and a repeat settles it.
	groupTimeout = 15 * time.Second
	// rowTimeout is how long a group waits for a conversation that somebody
	// else holds: others hold it for a millisecond or so, unless they froze.
	rowTimeout = 2 * time.Second
)

//go:embed append.sql
var appendSQL string

// committer runs all appends of this node in one goroutine, a group at a
// time. A group is what came in while the one before was committed: a single
// append does not wait for company.
type committer struct {
	s    *Store
	pool *pgxpool.Pool // of one connection, with settings of its own
	wake chan struct{} // holds a token when there is something to do
	done chan struct{}

	mu      sync.Mutex
	waiting []*pending
	closed  bool
}

// pending is an append on its way through the committer.
type pending struct {
	ctx   context.Context // the writer's
	ws    uuid.UUID
	conv  uuid.UUID
	draft chat.Draft
	body  string       // the draft's, encoded
	done  chan outcome // gets one
}

type outcome struct {
	entry chat.Entry
	err   error
}

// key is what must not occur twice in one statement.
type key struct {
	ws, conv, client uuid.UUID
	log              chat.Log
}

func (p *pending) talk() chat.Ref { return chat.Ref{Workspace: p.ws, Conversation: p.conv} }

func (p *pending) key() key { return key{p.ws, p.conv, p.draft.ClientID, p.draft.Log} }

func newCommitter(ctx context.Context, s *Store) (*committer, error) {
	config := s.pool.Config()
	config.MaxConns, config.MinConns, config.MinIdleConns = 1, 0, 0
	config.AfterConnect = s.prepareCommitter
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	if err != nil {
		return nil, err
	}
	c := &committer{s: s, pool: pool, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go c.loop()
	return c, nil
}

// prepareCommitter sets up the committer's connection. Its one statement
// always goes by indexes: planned once, and not by the sizes that tables happen
// to have then, when they may be empty.
func (s *Store) prepareCommitter(ctx context.Context, conn *pgx.Conn) error {
	if err := s.prepare(ctx, conn); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, `SELECT set_config('plan_cache_mode', 'force_generic_plan', false),
		set_config('enable_seqscan', 'off', false), set_config('lock_timeout', $1, false)`, fmt.Sprint(rowTimeout.Milliseconds()))
	return err
}

// append stores p's draft and gives the entry. If p's context is done first,
// it returns at once and the outcome stays unknown to the caller.
func (c *committer) append(p *pending) (chat.Entry, error) {
	if err := c.submit(p); err != nil {
		return chat.Entry{}, err
	}
	select {
	case o := <-p.done:
		return o.entry, o.err
	case <-p.ctx.Done():
		return chat.Entry{}, p.ctx.Err()
	}
}

func (c *committer) submit(p *pending) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed()
	}
	c.waiting = append(c.waiting, p)
	c.nudge()
	return nil
}

// nudge leaves a token for the loop, unless one lies there.
func (c *committer) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// close refuses further appends, stores those that wait, and releases the connection.
func (c *committer) close() {
	c.mu.Lock()
	c.closed = true
	c.nudge()
	c.mu.Unlock()
	<-c.done
	c.pool.Close()
}

func (c *committer) loop() {
	defer close(c.done)
	for {
		group, closed := c.take()
		switch {
		case len(group) > 0:
			c.run(group)
		case closed:
			return
		default:
			<-c.wake
		}
	}
}

// take gives the next group, in the order in which the appends came. A second
// one with the same client id stays for the next group, where it is a repeat.
func (c *committer) take() (group []*pending, closed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := make(map[key]bool, min(len(c.waiting), maxGroup))
	rest := c.waiting[:0:0]
	for i, p := range c.waiting {
		switch {
		case p.ctx.Err() != nil:
			// The writer has gone, and has been told that nothing is sure.
		case len(group) == maxGroup:
			rest = append(rest, c.waiting[i:]...)
			c.waiting = rest
			return group, c.closed
		case seen[p.key()]:
			rest = append(rest, p)
		default:
			seen[p.key()] = true
			group = append(group, p)
		}
	}
	c.waiting = rest
	return group, c.closed
}

// run stores a group and tells every writer. A fault that the server finds is
// tracked down, so that it takes nobody else with it: the group is stored
// conversation by conversation, and then one by one. A conversation whose lock
// was not to be had fails as a whole, as it would for each.
func (c *committer) run(group []*pending) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	verdicts, at, err := c.store(ctx, group)
	if err == nil {
		c.tell(group, verdicts, at)
		return
	}
	parts := byTalk(group)
	if len(parts) == 1 && state(err) != lockTimeout {
		parts = slices.Collect(slices.Chunk(group, 1))
	}
	if len(parts) == 1 || state(err) == "" {
		for _, p := range group {
			p.done <- outcome{err: c.s.fault(context.WithoutCancel(p.ctx), err)}
		}
		return
	}
	for _, part := range parts {
		c.run(part)
	}
}

// byTalk parts a group by conversation.
func byTalk(group []*pending) [][]*pending {
	var parts [][]*pending
	index := make(map[chat.Ref]int)
	for _, p := range group {
		i, ok := index[p.talk()]
		if !ok {
			i = len(parts)
			index[p.talk()] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], p)
	}
	return parts
}

// verdict is what the statement says about one append.
type verdict struct {
	word    string     // fresh, repeat, or a code
	lastSeq int64      // of the conversation, before the group
	entry   chat.Entry // of a repeat the whole, of a fresh one only Seq
}

// store runs the statement until it neither met another transaction nor an
// entry that another node stored at that moment.
func (c *committer) store(ctx context.Context, group []*pending) (vs []verdict, at time.Time, err error) {
	for try := 1; ; try++ {
		at = c.s.time()
		vs, err = c.execute(ctx, group, at)
		if err == nil || try == maxTries || !lost(err) && !isTaken(err) {
			return vs, at, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, at, err
		}
	}
}

func (c *committer) execute(ctx context.Context, group []*pending, at time.Time) ([]verdict, error) {
	rows, err := c.pool.Query(ctx, appendSQL, columnsOf(group, at, c.s.slot)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	vs := make([]verdict, len(group))
	for i := range vs {
		vs[i].word = string(chat.CodeNotFound) // unless there is a row for it
	}
	for rows.Next() {
		var i int
		var v verdict
		e := &v.entry
		err := rows.Scan(&i, &v.word, &v.lastSeq, (*zeronull.Int8)(&e.Seq), when(&e.At), (*zeronull.Text)(&e.Kind),
			(*zeronull.Text)(&e.From.Kind), id(&e.From.ID), (*zeronull.Text)(&e.From.Name), (*zeronull.Text)(&e.Text), document{&e.Body})
		if err != nil {
			return nil, err
		}
		vs[i] = v
	}
	return vs, rows.Err()
}

// columnsOf gives the statement's arguments.
func columnsOf(group []*pending, at time.Time, slot int16) []any {
	n := len(group)
	var (
		ws, conv, client   = make([][16]byte, n), make([][16]byte, n), make([][16]byte, n)
		from               = make([]zeronull.UUID, n)
		staff              = make([]bool, n)
		kind, party, names = make([]string, n), make([]string, n), make([]string, n)
		text, body, shorts = make([]string, n), make([]zeronull.Text, n), make([]string, n)
		rating             = make([]int32, n)
		email, locale      = make([]string, n), make([]string, n)
	)
	for i, p := range group {
		d := &p.draft
		ws[i], conv[i], client[i], from[i] = p.ws, p.conv, d.ClientID, zeronull.UUID(d.From.ID)
		staff[i] = d.Log == chat.LogStaff
		kind[i], party[i], names[i], text[i], body[i] = string(d.Kind), string(d.From.Kind), d.From.Name, d.Text, zeronull.Text(p.body)
		if d.Kind == chat.KindMessage {
			shorts[i], locale[i] = rule.Short(d.Text), d.Body.Locale
		}
		if d.Kind == chat.KindRating && d.Body.Rating.Kind.OrCSAT() == chat.RatingCSAT {
			rating[i] = int32(d.Body.Rating.Score)
		}
		if d.Kind == chat.KindContact {
			email[i] = d.Body.Contact.Email
		}
	}
	return []any{at, slot, ws, conv, staff, client, kind, party, from, names, text, body, shorts, rating, email, locale}
}

// The words of the statement that are not codes.
const (
	wordFresh  = "fresh"
	wordRepeat = "repeat"
)

// tell gives every writer the outcome, and then signals each conversation
// that changed once.
func (c *committer) tell(group []*pending, vs []verdict, at time.Time) {
	changed := make(map[chat.Ref]int64)
	for i, p := range group {
		v := &vs[i]
		o := outcome{}
		switch v.word {
		case wordFresh:
			o.entry = entryOf(p, v.entry.Seq, at)
			changed[p.talk()] = max(changed[p.talk()], v.lastSeq)
			if p.draft.Log == chat.LogPublic {
				changed[p.talk()] = max(changed[p.talk()], v.entry.Seq)
			}
		case wordRepeat:
			o.entry = v.entry
			o.entry.Conversation, o.entry.Log, o.entry.ClientID = p.conv, p.draft.Log, p.draft.ClientID
		default:
			o.err = refusal(chat.Code(v.word), p.draft)
		}
		p.done <- o
	}
	for ref, seq := range changed {
		c.s.notify(chat.Signal{Kind: chat.SignalEntry, Workspace: ref.Workspace, Conversation: ref.Conversation, Seq: seq})
	}
}

func entryOf(p *pending, seq int64, at time.Time) chat.Entry {
	d := &p.draft
	return chat.Entry{
		Conversation: p.conv, Log: d.Log, Seq: seq, ClientID: d.ClientID, At: at,
		From: d.From, Kind: d.Kind, Text: d.Text, Body: d.Body,
	}
}

// refusal puts the statement's code into words.
func refusal(code chat.Code, d chat.Draft) error {
	switch code {
	case chat.CodeNotFound:
		return errNoConversation()
	case chat.CodeClosed, chat.CodeForbidden:
		return rule.Refusal(code, d)
	}
	return errors.New("append.sql gave the unknown verdict " + string(code))
}
