// Package sqlite is the store for one node: a SQLite database in a folder
// that one process holds at a time.
//
// All writes go through one goroutine, the committer (commit.go), which groups
// what waits into one transaction; a method returns when its group is on the
// disk (WAL, synchronous=FULL). Reads use connections of their own and never
// wait for writes. The contract is in package store.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", in pure Go

	"frontdesk/chat"
	"frontdesk/store"
)

// The files in the data folder.
const (
	databaseFile = "frontdesk.db"
	lockFile     = "frontdesk.lock"
)

// Store is an open data folder. See store.Store for what its methods promise.
type Store struct {
	log    *slog.Logger
	now    func() time.Time
	notify func(chat.Signal)

	dir    string
	unlock func() error
	reader *sql.DB
	writer *sql.DB
	commit *committer

	reads    sync.Map // SQL text to its *sql.Stmt on reader
	closing  sync.Once
	closeErr error
}

var _ store.Store = (*Store)(nil)

// Open opens the store in the folder dir, making both if need be and bringing
// its schema up to date. CodeConflict: another process has the folder, or a
// newer Frontdesk made its schema.
func Open(ctx context.Context, dir string, o store.Options) (*Store, error) {
	s, err := open(ctx, dir, o)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", dir, err)
	}
	return s, nil
}

func open(ctx context.Context, dir string, o store.Options) (_ *Store, err error) {
	// What customers write is in there: for the owner's eyes only.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Store{log: o.Log, now: o.Now, notify: o.Notify, dir: dir}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.notify == nil {
		s.notify = func(chat.Signal) {}
	}
	if s.unlock, err = lock(filepath.Join(dir, lockFile)); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = s.release()
		}
	}()
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	if s.commit, err = newCommitter(ctx, s); err != nil {
		return nil, err
	}
	return s, s.dropUploads(ctx)
}

// connect opens the database for writing and for reading.
func (s *Store) connect(ctx context.Context) (err error) {
	// Writing first: it is what makes the file, and makes it a WAL database.
	if s.writer, err = sql.Open("sqlite", s.dsn("_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if err := s.writer.PingContext(ctx); err != nil {
		return err
	}
	if s.reader, err = sql.Open("sqlite", s.dsn("_pragma=query_only(1)")); err != nil {
		return err
	}
	// Reads are short and mostly in memory: more connections than this would
	// only wait for a processor.
	n := max(4, 2*runtime.GOMAXPROCS(0))
	s.reader.SetMaxOpenConns(n)
	s.reader.SetMaxIdleConns(n)
	return nil
}

// dsn names the database with pragmas that every connection needs: in the DSN,
// because a pragma that is executed reaches one connection only.
func (s *Store) dsn(extra string) string {
	file := url.URL{Path: filepath.ToSlash(filepath.Join(s.dir, databaseFile))}
	// Nobody else writes, so a lock is held for moments only (a checkpoint, a
	// backup): 5 s is generous. 64 MiB is what the WAL file may keep of a burst.
	return "file:" + file.EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)" +
		"&_pragma=journal_size_limit(67108864)&" + extra
}

// Shared reports false: the folder is locked.
func (s *Store) Shared() bool { return false }

// Ping writes a row, which fails when the disk is full or gone.
func (s *Store) Ping(ctx context.Context) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.exec(`INSERT INTO pings (n, at) VALUES (1, ?1) ON CONFLICT (n) DO UPDATE SET at = ?1`, micros(x.now))
		return struct{}{}, err
	})
	if err != nil {
		err = unavailable(err)
	}
	return wrap(err, "ping")
}

// Close stops taking writes, waits for those under way and for reads, and
// gives the folder back. Calling it again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closeErr = wrap(s.release(), "close %s", s.dir)
	})
	return s.closeErr
}

// release gives back whatever open has got so far, last thing first.
func (s *Store) release() error {
	var errs []error
	if s.commit != nil {
		errs = append(errs, s.commit.close())
	}
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	if s.unlock != nil {
		errs = append(errs, s.unlock())
	}
	return errors.Join(errs...)
}
