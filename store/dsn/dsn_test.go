package dsn_test

import (
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/dsn"
)

func TestOpenFolder(t *testing.T) {
	t.Parallel()
	s, err := dsn.Open(t.Context(), "", filepath.Join(t.TempDir(), "made", "for us"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Shared() {
		t.Error("a folder is held by one process")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, u := range []string{
		"mysql://user:hunter2@localhost/x",
		"user:hunter2@localhost/x",
		"host=localhost password=hunter2",
		"postgres://user:hunter2@local host/x",
		"sqlite:///tmp/x",
	} {
		s, err := dsn.Open(t.Context(), u, t.TempDir(), store.Options{})
		if s != nil || chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: got %v, %v; want CodeInvalid", u, s, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

func TestOpenFailsWithoutAStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := dsn.Open(t.Context(), "", dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := dsn.Open(t.Context(), "", dir, store.Options{})
	if second != nil || chat.CodeOf(err) != chat.CodeConflict {
		t.Errorf("got %v, %v; want no store at all, CodeConflict", second, err)
	}
}

func TestOpenPostgresThatIsNotThere(t *testing.T) {
	t.Parallel()
	// Port 1 of this machine: nobody listens there.
	for _, scheme := range []string{"postgres", "postgresql"} {
		s, err := dsn.Open(t.Context(), scheme+"://user:hunter2@127.0.0.1:1/x?connect_timeout=2", t.TempDir(), store.Options{})
		if s != nil || chat.CodeOf(err) != chat.CodeUnavailable {
			t.Errorf("%s: got %v, %v; want CodeUnavailable", scheme, s, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error tells the password: %v", scheme, err)
		}
	}
}
