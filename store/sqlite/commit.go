package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// maxGroup bounds how many writes one commit may hold, and with it how long
// the first of them waits for the others: 128 appends took about 5 ms
// (BenchmarkAppend, 64 writers, 2 cores).
const maxGroup = 128

// op is a write on its way through the committer.
type op struct {
	run   func(*tx) error
	done  chan error // gets the outcome, once
	taken atomic.Bool
}

// committer runs all writes in one goroutine on one connection. It takes
// what waits, runs it in one transaction, each write in a savepoint of its own,
// and tells the outcomes after the commit. A single write does not wait for
// company: a group is what came in while the one before was committed.
type committer struct {
	s      *Store
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	states states
	queue  chan *op
	ended  chan struct{}

	mu     sync.RWMutex // keeps queue from being closed under a sender
	closed atomic.Bool  // changes under mu; read without it, as the loop must not wait for senders
}

func newCommitter(ctx context.Context, s *Store) (*committer, error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &committer{
		s: s, conn: conn, stmts: make(map[string]*sql.Stmt), states: make(states),
		queue: make(chan *op, maxGroup), ended: make(chan struct{}),
	}
	go c.loop()
	return c, nil
}

// errClosed is what every method gives after Close.
func errClosed() error {
	return chat.Errorf(chat.CodeUnavailable, "the store is closed: the server is stopping; try again in a moment")
}

// write runs f in a transaction and gives its result when that is on the
// disk. If ctx is done before the committer has taken it, f does not run; if
// after, write returns at once and f's outcome stays unknown to the caller.
// f must not use what the caller may change after that, such as the variable that
// write's result is given to.
func write[T any](ctx context.Context, s *Store, f func(*tx) (T, error)) (T, error) {
	var result, none T
	o := &op{done: make(chan error, 1)}
	o.run = func(x *tx) (err error) {
		result, err = f(x)
		return err
	}
	if err := s.commit.submit(ctx, o); err != nil {
		return none, err
	}
	select {
	case err := <-o.done:
		if err != nil {
			return none, err
		}
		return result, nil
	case <-ctx.Done():
		if o.taken.CompareAndSwap(false, true) {
			return none, ended(ctx, "nothing was stored")
		}
		return none, ended(ctx, "it may have been stored; repeat it to be sure")
	}
}

// submit puts o into the queue.
func (c *committer) submit(ctx context.Context, o *op) error {
	if ctx.Err() != nil {
		return ended(ctx, "nothing was stored")
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed.Load() {
		return errClosed()
	}
	select {
	case c.queue <- o:
		return nil
	case <-ctx.Done():
		return ended(ctx, "nothing was stored")
	}
}

// close lets the committer finish what was submitted, and waits for it.
func (c *committer) close() error {
	c.mu.Lock()
	if c.closed.CompareAndSwap(false, true) {
		close(c.queue)
	}
	c.mu.Unlock()
	<-c.ended
	for _, stmt := range c.stmts {
		_ = stmt.Close()
	}
	return c.conn.Close()
}

func (c *committer) loop() {
	defer close(c.ended)
	group := make([]*op, 0, maxGroup)
	for first := range c.queue {
		group = c.gather(append(group[:0], first))
		if len(group) > 0 {
			c.run(group)
		}
	}
}

// gather adds what else waits now, and leaves out what was given up.
func (c *committer) gather(group []*op) []*op {
	for len(group) < maxGroup {
		select {
		case o, ok := <-c.queue:
			if !ok {
				return take(group)
			}
			group = append(group, o)
			continue
		default:
		}
		break
	}
	return take(group)
}

// take keeps those of group that their callers have not given up, in place.
func take(group []*op) []*op {
	kept := group[:0]
	for _, o := range group {
		if o.taken.CompareAndSwap(false, true) {
			kept = append(kept, o)
		}
	}
	return kept
}

// run commits a group and tells each its outcome.
func (c *committer) run(group []*op) {
	x := &tx{c: c}
	outcomes := make([]error, len(group))
	err := c.transact(x, group, outcomes)
	for i, o := range group {
		if err != nil {
			o.done <- err
		} else {
			o.done <- outcomes[i]
		}
	}
	if err != nil {
		clear(c.states) // they are of what was not stored
		c.s.log.Error("a commit failed; nothing of it was stored", "writes", len(group), "error", err)
		return
	}
	for _, sig := range x.signals {
		c.s.notify(sig)
	}
}

// transact runs the group in one transaction. An error of its own means that
// nothing of the group was stored.
func (c *committer) transact(x *tx, group []*op, outcomes []error) error {
	if _, err := x.exec(`BEGIN IMMEDIATE`); err != nil {
		return unavailable(c.s.fault(err))
	}
	for i, o := range group {
		err := c.runOne(x, o)
		if err != nil {
			outcomes[i] = c.s.fault(err)
			if err := x.undo(); err != nil {
				// SQLite has given up the whole transaction, as it does on a full disk.
				_, _ = x.exec(`ROLLBACK`)
				return unavailable(outcomes[i])
			}
		}
	}
	for ws := range x.touched {
		if _, err := x.exec(`UPDATE workspaces SET inbox_head = inbox_head + 1 WHERE id = ?`, ws[:]); err != nil {
			_, _ = x.exec(`ROLLBACK`)
			return unavailable(c.s.fault(err))
		}
	}
	if _, err := x.exec(`COMMIT`); err != nil {
		_, _ = x.exec(`ROLLBACK`)
		return unavailable(c.s.fault(err))
	}
	return nil
}

// runOne runs one write of a group in a savepoint, which stays open when it fails.
func (c *committer) runOne(x *tx, o *op) (err error) {
	x.now = c.s.time()
	x.marked, x.change = false, change{}
	defer func() {
		// A bug in one write must not take the process and all others with it.
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v", p)
			c.s.log.Error("panic in a write", "panic", p)
		}
	}()
	if err := o.run(x); err != nil {
		return err
	}
	if err := x.release(); err != nil {
		return err
	}
	x.keep()
	return nil
}

// tx is one write's view of the transaction of its group.
type tx struct {
	c   *committer
	now time.Time // of this write: UTC, microseconds

	marked bool   // there is a savepoint of this write
	change change // what this write has changed so far

	touched map[uuid.UUID]bool // workspaces whose conversations the group changed
	signals []chat.Signal
}

// change is what others must be told when the write is kept.
type change struct {
	touched uuid.UUID
	signals []chat.Signal
	state   *state // of the conversation that it changed
}

// tell has sig sent after the commit.
func (x *tx) tell(sig chat.Signal) {
	x.change.signals = append(x.change.signals, sig)
	if sig.Kind == chat.SignalEntry {
		x.change.touched = sig.Workspace
	}
}

// keep makes this write's change part of the group's.
func (x *tx) keep() {
	x.signals = append(x.signals, x.change.signals...)
	if x.change.touched != uuid.Nil {
		if x.touched == nil {
			x.touched = make(map[uuid.UUID]bool)
		}
		x.touched[x.change.touched] = true
	}
	if x.change.state != nil {
		x.c.states.put(*x.change.state)
	}
}

// save makes a savepoint to go back to, if there is none yet. Each statement
// that changes anything comes after one; a write that fails before it has
// changed anything needs none.
func (x *tx) save() error {
	if x.marked {
		return nil
	}
	_, err := x.exec(`SAVEPOINT one`)
	x.marked = err == nil
	return err
}

// release drops the savepoint and keeps what came after it.
func (x *tx) release() error {
	if !x.marked {
		return nil
	}
	_, err := x.exec(`RELEASE one`)
	return err
}

// undo takes back what this write did.
func (x *tx) undo() error {
	if !x.marked {
		return nil
	}
	if _, err := x.exec(`ROLLBACK TO one`); err != nil {
		return err
	}
	_, err := x.exec(`RELEASE one`)
	return err
}

// put executes a statement that changes data.
func (x *tx) put(query string, args ...any) (sql.Result, error) {
	if err := x.save(); err != nil {
		return nil, err
	}
	return x.exec(query, args...)
}

func (x *tx) exec(query string, args ...any) (sql.Result, error) {
	stmt, err := x.c.stmt(query) //nolint:sqlclosecheck // it is kept for the next time, and closed with the store
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(context.Background(), args...)
}

func (x *tx) query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := x.c.stmt(query) //nolint:sqlclosecheck // it is kept for the next time, and closed with the store
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(context.Background(), args...)
}

func (x *tx) queryRow(query string, args ...any) row {
	stmt, err := x.c.stmt(query) //nolint:sqlclosecheck // it is kept for the next time, and closed with the store
	if err != nil {
		return failedRow{err}
	}
	return stmt.QueryRowContext(context.Background(), args...)
}

// stmt gives the prepared statement of query. The texts are constants, so
// there are only so many of them.
func (c *committer) stmt(query string) (*sql.Stmt, error) {
	if stmt, ok := c.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := c.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = stmt
	return stmt, nil
}
