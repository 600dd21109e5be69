// Package sqlitetest makes fresh embedded stores for tests, which alone may
// import it. The migrations run once a process: under the race detector they
// take longer than most tests.
package sqlitetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"frontdesk/store"
	"frontdesk/store/sqlite"
)

// file is what sqlite calls its database.
const file = "frontdesk.db"

var fresh = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "frontdesk-fresh-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := sqlite.Open(context.Background(), dir, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, file))
})

// Folder gives a folder that lives as long as the test, with a store in it that
// has the schema and nothing else.
func Folder(t testing.TB) string {
	t.Helper()
	data, err := fresh()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
