package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"frontdesk/chat"
)

// querier is what reads: the pool, a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// maxTries is how often a transaction is run that lost to another one. Locks
// are taken in one order everywhere, so a second loss is rare already.
const maxTries = 5

// tx runs f in a transaction, and again if the database had to choose between
// it and another one. f must not keep anything of a run that failed.
func (s *Store) tx(ctx context.Context, f func(pgx.Tx) error) error {
	for try := 1; ; try++ {
		err := pgx.BeginFunc(ctx, s.pool, f)
		if err == nil || try == maxTries || !lost(err) {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// snapshot runs f in a transaction that reads one state of the database.
func (s *Store) snapshot(ctx context.Context, f func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f)
}

// pause waits a little before another try: up to 2 ms, 4 ms, 8 ms …, at
// random, so that two that met do not meet again.
func pause(ctx context.Context, try int) error {
	timer := time.NewTimer(rand.N(time.Millisecond << try))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// list reads all rows of a query.
func list[T any](ctx context.Context, q querier, scan func(pgx.CollectableRow) (T, error), sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// one reads the row of a query; missing is the error when there is none.
func one[T any](ctx context.Context, q querier, scan func(pgx.CollectableRow) (T, error), missing error, sql string, args ...any) (T, error) {
	var none T
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return none, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return none, missing
	}
	return v, err
}

// The SQLSTATEs that are told apart.
const (
	uniqueViolation     = "23505"
	foreignKeyViolation = "23503"
	serialization       = "40001"
	deadlock            = "40P01"
	lockTimeout         = "55P03"
	queryCanceled       = "57014"
	readOnly            = "25006"
	idleTimeout         = "25P03"
	undefinedObject     = "42704"
)

// state gives the SQLSTATE of err, "" if the server did not send it.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// isTaken reports whether err says that a key is taken.
func isTaken(err error) bool { return state(err) == uniqueViolation }

// isDangling reports whether err says that a row refers to one that is not there.
func isDangling(err error) bool { return state(err) == foreignKeyViolation }

// lost reports whether the transaction left nothing behind and may do better
// when it is run again.
func lost(err error) bool {
	code := state(err)
	return code == serialization || code == deadlock || pgconn.SafeToRetry(err)
}

// fault gives an error of the database a code and words, if it is one that
// the user can do something about.
func (s *Store) fault(ctx context.Context, err error) error {
	var coded *chat.Error
	if err == nil || errors.As(err, &coded) {
		return err
	}
	code := state(err)
	switch {
	case ctx.Err() != nil:
		return ended(ctx, "whether it was done is not known; repeat it to be sure")
	case s.closed.Load() && code == "":
		return errClosed()
	case code == readOnly:
		return chat.Errorf(chat.CodeUnavailable, "the database takes no writes now (a standby?); try again: %w", err)
	case class(code, "53"):
		return chat.Errorf(chat.CodeUnavailable, "the database server is out of disk, memory or connections; see to it and try again: %w", err)
	case class(code, "28"), class(code, "3D"):
		return chat.Errorf(chat.CodeUnavailable, "the database server refuses the login; see that user, password and database in DATABASE_URL are right: %w", err)
	case class(code, "08"), class(code, "57P"), code == idleTimeout, code == "" && isLine(err):
		return chat.Errorf(chat.CodeUnavailable, "the database cannot be reached; see that its server runs and that DATABASE_URL is right: %w", err)
	case code == lockTimeout, code == queryCanceled, lost(err):
		return chat.Errorf(chat.CodeUnavailable, "the database is busy; try again: %w", err)
	case class(code, "22"):
		return invalid("the database cannot hold one of the values: %w", err)
	}
	return err
}

// class reports whether a SQLSTATE begins with prefix.
func class(code, prefix string) bool { return strings.HasPrefix(code, prefix) }

// isLine reports whether err is about the connection to the server.
func isLine(err error) bool {
	var refused *pgconn.ConnectError
	var line net.Error
	return errors.As(err, &refused) || errors.As(err, &line) || errors.Is(err, pgconn.ErrConnClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// errClosed is what every method gives after Close.
func errClosed() error {
	return chat.Errorf(chat.CodeUnavailable, "the store is closed: the server is stopping; try again in a moment")
}

// ended is the error of a call whose context is done.
func ended(ctx context.Context, what string) error {
	return chat.Errorf(chat.CodeUnavailable, "the request ended before it was answered, %s: %w", what, ctx.Err())
}

func invalid(format string, args ...any) error {
	return chat.Errorf(chat.CodeInvalid, format, args...)
}

// wrap says what failed, on what.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("postgres: "+format+": %w", append(args, err)...)
}

// end is fault and wrap: what every method returns through.
func (s *Store) end(ctx context.Context, err error, format string, args ...any) error {
	return wrap(s.fault(ctx, err), format, args...)
}

// id and when are a nullable column for an id and a time, as argument or as
// what a row is scanned into: zero is NULL.
func id(v *uuid.UUID) *zeronull.UUID          { return (*zeronull.UUID)(v) }
func when(v *time.Time) *zeronull.Timestamptz { return (*zeronull.Timestamptz)(v) }

// document scans a JSON column into what it points to, and leaves that alone
// when the column is NULL.
type document struct{ into any }

// ScanBytes is called by pgx.
func (d document) ScanBytes(b []byte) error {
	if b == nil {
		return nil
	}
	return json.Unmarshal(b, d.into)
}

// uuids is ids as an array.
func uuids(ids []uuid.UUID) [][16]byte {
	array := make([][16]byte, len(ids))
	for i, id := range ids {
		array[i] = id
	}
	return array
}
