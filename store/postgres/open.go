// Package postgres is the store for production: a PostgreSQL database (14 or
// later) that several nodes share.
//
// Appends go through one goroutine, the committer (commit.go), which groups
// what waits into one statement and so one commit; a method returns when its
// commit is on the server's disk. Everything else is an ordinary transaction.
// Whatever changes a conversation holds the lock of its row, so the numbers of
// a log are in the order of the commits, on however many nodes. pgvector is
// used where it is there (pgvector.go) and missed nowhere else. The contract is
// in package store.
package postgres

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"frontdesk/chat"
	"frontdesk/store"
)

// defaultConns is the size of the pool unless the URL says pool_max_conns. A
// transaction takes about a millisecond, so 16 connections carry some 10,000 a
// second, and six nodes fit into a server's usual limit of 100.
const defaultConns = 16

// Store is an open database. See store.Store for what its methods promise.
type Store struct {
	log    *slog.Logger
	now    func() time.Time
	notify func(chat.Signal)

	pool   *pgxpool.Pool
	commit *committer
	slot   int16 // of inbox_heads, for this node's committer

	vector   bool     // pgvector is there and good enough
	parallel bool     // it may build indexes in parallel
	indexes  sync.Map // names of the vector indexes that were seen

	closing sync.Once
	closed  atomic.Bool
}

var _ store.Store = (*Store)(nil)

// Open connects to the database at url (a URL or a keyword=value string, with
// pgx's own settings such as pool_max_conns), and brings its schema up to date.
// Several nodes may open one database at once. CodeConflict: a newer Frontdesk
// made the schema. CodeUnavailable: the server cannot be reached.
func Open(ctx context.Context, url string, o store.Options) (*Store, error) {
	s := &Store{log: o.Log, now: o.Now, notify: o.Notify, slot: int16(rand.N(headSlots))}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.notify == nil {
		s.notify = func(chat.Signal) {}
	}
	if err := s.open(ctx, url); err != nil {
		// Not the url: it may hold a password.
		return nil, s.end(ctx, err, "open")
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return invalid("the database's address is wrong: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = defaultConns
	}
	if _, ok := config.ConnConfig.RuntimeParams["application_name"]; !ok {
		config.ConnConfig.RuntimeParams["application_name"] = "frontdesk"
	}
	// On a plain connection: the pool's own setup needs what this makes.
	if err := s.migrate(ctx, config.ConnConfig); err != nil {
		return err
	}
	config.AfterConnect = s.prepare
	// The pool outlives the call, and with it what ctx carries.
	if s.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil {
		return err
	}
	if err := s.start(ctx); err != nil {
		s.pool.Close()
		return err
	}
	return nil
}

// start does what needs the pool.
func (s *Store) start(ctx context.Context) error {
	if err := s.checkDurability(ctx); err != nil {
		return err
	}
	if err := s.dropUploads(ctx); err != nil {
		return err
	}
	var err error
	s.commit, err = newCommitter(ctx, s)
	return err
}

// sessionSettings are what every connection of the pool needs:
//   - An ack is a promise, so a commit is waited for, whatever the server's
//     default; stricter settings (remote_apply) stay.
//   - A node that froze inside a transaction must not hold its locks for ever.
//   - Compiling a plan takes longer than any of our statements.
const sessionSettings = `SELECT
	set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
	set_config('idle_in_transaction_session_timeout', '15s', false),
	set_config('jit', 'off', false)`

// prepare sets up a new connection of the pool.
func (s *Store) prepare(ctx context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	_, err := conn.Exec(ctx, sessionSettings)
	if err != nil || !s.vector {
		return err
	}
	return prepareVectors(ctx, conn)
}

// checkDurability warns of a server that does not keep what it says.
func (s *Store) checkDurability(ctx context.Context) error {
	var fsync string
	if err := s.pool.QueryRow(ctx, `SELECT current_setting('fsync')`).Scan(&fsync); err != nil {
		return err
	}
	if fsync == "off" {
		s.log.WarnContext(ctx, "the database server runs with fsync=off: messages are lost when its machine fails; switch it on")
	}
	return nil
}

// Shared reports true: other nodes may use the database.
func (s *Store) Shared() bool { return true }

// Ping writes a row, which fails when the server is read-only or its disk full.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO pulse (at) VALUES ($1) ON CONFLICT (one) DO UPDATE SET at = excluded.at`, s.time())
	if err = s.fault(ctx, err); err != nil && chat.CodeOf(err) != chat.CodeUnavailable {
		err = chat.Errorf(chat.CodeUnavailable, "the database does not take writes: %w", err)
	}
	return wrap(err, "ping")
}

// Close stops taking appends, waits for what is under way, and closes all
// connections. Calling it again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed.Store(true)
		s.commit.close()
		s.pool.Close()
	})
	return nil
}

// time is now as it is stored.
func (s *Store) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
