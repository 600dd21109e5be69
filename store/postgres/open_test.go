package postgres

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store"
)

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	if err := runSQL(t.Context(), address, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	supported, err := newestMigration()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), address, quiet)
	if chat.CodeOf(err) != chat.CodeConflict || !strings.Contains(err.Error(), "schema 999") || !strings.Contains(err.Error(), fmt.Sprintf("up to %d", supported)) {
		t.Errorf("got %v", err)
	}
}

// TestMigrationsMatchSQLite checks that the numbers are those of the other store.
func TestMigrationsMatchSQLite(t *testing.T) {
	t.Parallel()
	names := func(folder string) []string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(folder, "*.sql"))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, f := range files {
			all = append(all, filepath.Base(f))
		}
		return all
	}
	ours, theirs := names("migrations"), names("../sqlite/migrations")
	if len(ours) == 0 || strings.Join(ours, " ") != strings.Join(theirs, " ") {
		t.Errorf("migrations %q, and of SQLite %q", ours, theirs)
	}
}

// TestMigrationsDown runs all migrations back and forth.
func TestMigrationsDown(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Backward(files) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, down, _ := strings.Cut(string(file), "-- +goose Down")
		if err := runSQL(t.Context(), address, down); err != nil {
			t.Fatal(err)
		}
	}
	if err := runSQL(t.Context(), address, `DELETE FROM goose_db_version WHERE version_id > 0`); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, address)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCommitsAreWaitedFor checks that an ack is durable also on a server that
// is set not to wait.
func TestCommitsAreWaitedFor(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"off": "on", "remote_write": "remote_write"} {
		if err := runSQL(t.Context(), address, `ALTER DATABASE `+config.Database+` SET synchronous_commit = `+given); err != nil {
			t.Fatal(err)
		}
		s := openTest(t, address)
		for _, q := range []querier{s.pool, s.commit.pool} {
			var got string
			if err := q.QueryRow(t.Context(), `SELECT current_setting('synchronous_commit')`).Scan(&got); err != nil || got != want {
				t.Errorf("synchronous_commit is %q (%v), want %q", got, err, want)
			}
		}
	}
}

func TestReadOnlyServer(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	s := openTest(t, address+"&default_transaction_read_only=on")
	if err := s.Ping(t.Context()); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("Ping gave %v", err)
	}
	if _, err := s.CreateWorkspace(t.Context(), "x"); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("a write gave %v", err)
	}
}

// TestOpenKeepsNothing opens with a context that ends: the store goes on.
func TestOpenKeepsNothing(t *testing.T) {
	t.Parallel()
	needServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Open(ctx, newDatabase(t), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cancel()
	ws, convs := seed(t, s, 1)
	if _, err := s.Append(t.Context(), ws, convs[0].ID, asks(convs[0], "?")); err != nil {
		t.Error(err)
	}
}

// logged opens a store whose log goes into the buffer.
func logged(t *testing.T, address string) (*Store, *logBuffer) {
	t.Helper()
	var b logBuffer
	return openWith(t, address, store.Options{Log: slog.New(slog.NewTextHandler(&b, nil))}), &b
}

// logBuffer is a log to look into.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// count says how many lines hold text.
func (b *logBuffer) count(text string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for line := range strings.Lines(b.buf.String()) {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}
