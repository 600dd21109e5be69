package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"frontdesk/chat"
)

// row is what one row can be scanned from: *sql.Row, *sql.Rows.
type row interface{ Scan(dest ...any) error }

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

// querier is what reads: the store outside of writes, a tx inside of one.
type querier interface {
	query(query string, args ...any) (*sql.Rows, error)
	queryRow(query string, args ...any) row
}

// snapshot is a read outside of writes.
type snapshot struct {
	ctx context.Context // of one call
	s   *Store
}

// read gives what to read with under ctx.
func (s *Store) read(ctx context.Context) snapshot { return snapshot{ctx, s} }

func (r snapshot) query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := r.s.stmt(r.ctx, query) //nolint:sqlclosecheck // it is kept for the next time, and closed with the store
	if err != nil {
		return nil, r.s.faultOf(r.ctx, err)
	}
	rows, err := stmt.QueryContext(r.ctx, args...)
	return rows, r.s.faultOf(r.ctx, err)
}

func (r snapshot) queryRow(query string, args ...any) row {
	stmt, err := r.s.stmt(r.ctx, query) //nolint:sqlclosecheck // it is kept for the next time, and closed with the store
	if err != nil {
		return failedRow{r.s.faultOf(r.ctx, err)}
	}
	return snapshotRow{r, stmt.QueryRowContext(r.ctx, args...)}
}

type snapshotRow struct {
	snapshot
	row *sql.Row
}

func (r snapshotRow) Scan(dest ...any) error { return r.s.faultOf(r.ctx, r.row.Scan(dest...)) }

// stmt gives the prepared statement of query, which database/sql prepares
// once on each connection. The texts are constants.
func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s.commit.closed.Load() {
		return nil, errClosed()
	}
	if stmt, ok := s.reads.Load(query); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := s.reader.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if first, loaded := s.reads.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close() //nolint:sqlclosecheck // somebody else's was first; this one is not used
		return first.(*sql.Stmt), nil
	}
	return stmt, nil
}

// collect scans all rows of a query.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// list reads all rows of a query.
func list[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.read(ctx).query(query, args...)
	all, err := collect(rows, err, scan)
	return all, s.faultOf(ctx, err)
}

// one reads the row of a query; missing is the error when there is none.
func one[T any](q querier, scan func(row) (T, error), missing error, query string, args ...any) (T, error) {
	v, err := scan(q.queryRow(query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, missing
	}
	return v, err
}

// scanValue scans a row of one column.
func scanValue[T any](r row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// fault gives an error of the database a code and words, if it is one that
// the user can do something about.
func (s *Store) fault(err error) error {
	var coded *chat.Error
	if err == nil || errors.As(err, &coded) || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if s.commit.closed.Load() && !isFault(err) {
		return errClosed()
	}
	switch primary(err) {
	case lib.SQLITE_FULL:
		return chat.Errorf(chat.CodeUnavailable, "the disk is full, nothing was stored; free some space in %s: %w", s.dir, err)
	case lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return chat.Errorf(chat.CodeUnavailable, "the disk does not take writes, nothing was stored; look at %s: %w", s.dir, err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_NOMEM:
		return chat.Errorf(chat.CodeUnavailable, "the database is busy, nothing was stored; try again: %w", err)
	}
	return err
}

// unavailable gives the error of a whole group its code: whatever the cause,
// none of its writes was stored, and each may be tried again.
func unavailable(err error) error {
	if chat.CodeOf(err) == chat.CodeUnavailable {
		return err
	}
	return chat.Errorf(chat.CodeUnavailable, "the database did not take the change, nothing was stored; try again: %w", err)
}

// faultOf is fault for a call under ctx.
func (s *Store) faultOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ended(ctx, "nothing was read")
	}
	return s.fault(err)
}

// ended is the error of a call whose context is done.
func ended(ctx context.Context, what string) error {
	return chat.Errorf(chat.CodeUnavailable, "the request ended before it was answered, %s: %w", what, ctx.Err())
}

// isFault reports whether err is SQLite's own.
func isFault(err error) bool {
	var e *driver.Error
	return errors.As(err, &e)
}

// code gives SQLite's extended result code, 0 if err is not SQLite's.
func code(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// primary gives SQLite's primary result code: the low byte of the extended one.
func primary(err error) int { return code(err) & 0xff }

// isTaken reports whether err says that a key is taken.
func isTaken(err error) bool {
	c := code(err)
	return c == lib.SQLITE_CONSTRAINT_UNIQUE || c == lib.SQLITE_CONSTRAINT_PRIMARYKEY
}

// isDangling reports whether err says that a row refers to one that is not there.
func isDangling(err error) bool { return code(err) == lib.SQLITE_CONSTRAINT_FOREIGNKEY }

func invalid(format string, args ...any) error {
	return chat.Errorf(chat.CodeInvalid, format, args...)
}

// wrap says what failed, on what.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sqlite: "+format+": %w", append(args, err)...)
}

// time is now as it is stored.
func (s *Store) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// micros is t as a column: microseconds since 1970, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf is a column as a time.
func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// blobOf is an id as a column, NULL for the zero id.
func blobOf(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id[:]
}

// encode is v as a JSON column.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
