package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/store"
)

func openTest(t *testing.T, dir string) *Store {
	t.Helper()
	return openTold(t, dir, nil)
}

func openTold(t *testing.T, dir string, notify func(chat.Signal)) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, store.Options{Log: slog.New(slog.DiscardHandler), Notify: notify})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFolderIsHeldByOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := openTest(t, dir)
	_, err := Open(t.Context(), dir, store.Options{})
	if chat.CodeOf(err) != chat.CodeConflict {
		t.Fatalf("got %v, want CodeConflict", err)
	}
	if pid := fmt.Sprint(os.Getpid()); !strings.Contains(chat.MessageOf(err), "process "+pid) {
		t.Errorf("%q does not say which process: %s", chat.MessageOf(err), pid)
	}
	if err := first.Ping(t.Context()); err != nil {
		t.Errorf("the first one was hurt: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openTest(t, dir)
}

func TestOddFolders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b", "100%25", "what?mode=memory", "a#b", "ä\u00a0é", "q'uote;--", "new/deep/er", "&_pragma=foreign_keys(0)"} {
		dir := filepath.Join(t.TempDir(), name)
		s := openTest(t, dir)
		ws, err := s.CreateWorkspace(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, databaseFile))
		if err != nil || info.Size() == 0 {
			t.Errorf("%q: the database is somewhere else: %v", name, err)
		}
		if all, err := openTest(t, dir).Workspaces(t.Context()); err != nil || len(all) != 1 || all[0] != ws {
			t.Errorf("%q: after reopening %v, %v", name, all, err)
		}
	}
}

func TestFolderIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	openTest(t, dir)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v; want 0700", info.Mode(), err)
	}
}

func TestPragmas(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "temp_store": "2", "query_only": "0",
	} {
		got, err := write(t.Context(), s, func(x *tx) (string, error) { return scanValue[string](x.queryRow(`PRAGMA ` + pragma)) })
		if err != nil || got != want {
			t.Errorf("writer: %s is %s, %v; want %s", pragma, got, err, want)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "1"} {
		got, err := scanValue[string](s.read(t.Context()).queryRow(`PRAGMA ` + pragma))
		if err != nil || got != want {
			t.Errorf("reader: %s is %s, %v; want %s", pragma, got, err, want)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	supported, err := write(t.Context(), s, func(x *tx) (int64, error) {
		have, err := scanValue[int64](x.queryRow(`SELECT max(version_id) FROM goose_db_version`))
		if err != nil {
			return 0, err
		}
		_, err = x.put(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)`, have+1)
		return have, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, store.Options{Log: slog.New(slog.DiscardHandler)})
	if chat.CodeOf(err) != chat.CodeConflict {
		t.Fatalf("got %v, want CodeConflict", err)
	}
	for _, part := range []string{fmt.Sprintf("schema %d", supported+1), fmt.Sprintf("up to %d", supported)} {
		if !strings.Contains(chat.MessageOf(err), part) {
			t.Errorf("%q does not say %q", chat.MessageOf(err), part)
		}
	}
	// The lock was given back.
	unlock, err := lock(filepath.Join(dir, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), file, store.Options{}); err == nil || s != nil {
		t.Errorf("a file in place of the folder: %v, %v", s, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, databaseFile), []byte(strings.Repeat("this is no database", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), dir, store.Options{}); err == nil || s != nil {
		t.Errorf("a file that is no database: %v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir = t.TempDir()
	if s, err := Open(ctx, dir, store.Options{}); err == nil || s != nil {
		t.Errorf("a done context: %v, %v", s, err)
	}
	openTest(t, dir) // nothing of the attempt is in the way
}
