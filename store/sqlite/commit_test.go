package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/chat"
)

// grouped submits writes that end up in one group, and gives their outcomes:
// the committer is kept busy until all of them wait.
func grouped(t *testing.T, s *Store, writes ...func(*tx) error) []error {
	t.Helper()
	begun, goOn := make(chan struct{}), make(chan struct{})
	ops := []*op{{done: make(chan error, 1), run: func(*tx) error { close(begun); <-goOn; return nil }}}
	for _, run := range writes {
		ops = append(ops, &op{done: make(chan error, 1), run: run})
	}
	for i, o := range ops {
		if err := s.commit.submit(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-begun
		}
	}
	close(goOn)
	outcomes := make([]error, len(ops))
	for i, o := range ops {
		outcomes[i] = <-o.done
	}
	if outcomes[0] != nil {
		t.Fatal(outcomes[0])
	}
	return outcomes[1:]
}

// make a workspace of that name, as a write that can be counted.
func makes(name string) func(*tx) error {
	return func(x *tx) error {
		_, err := x.createWorkspace(name)
		return err
	}
}

func names(t *testing.T, s *Store) string {
	t.Helper()
	all, err := s.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, ws := range all {
		list = append(list, ws.Name)
	}
	return strings.Join(list, " ")
}

func TestFailingWriteRollsBackAlone(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	fault := errors.New("second thoughts")
	outcomes := grouped(t, s,
		makes("a"),
		func(x *tx) error { return errors.Join(makes("b")(x), fault) },
		makes("c"),
		func(x *tx) error { _ = makes("d")(x); panic("a bug") },
		func(x *tx) error { _, err := x.put(`INSERT INTO no_such_table VALUES (1)`); return err },
		makes("e"),
	)
	if got := names(t, s); got != "a c e" {
		t.Errorf("stored: %q, want a, c and e", got)
	}
	for i, want := range []string{"", "second thoughts", "", "a bug", "no such table", ""} {
		if got := fmt.Sprint(outcomes[i]); want == "" && outcomes[i] != nil || !strings.Contains(got, want) {
			t.Errorf("outcome %d: %v, want %q", i, outcomes[i], want)
		}
	}
}

func TestFailingCommitFailsAll(t *testing.T) {
	t.Parallel()
	var told atomic.Int32
	s := openTold(t, t.TempDir(), func(chat.Signal) { told.Add(1) })
	ws, conv := talk(t, s)
	if _, err := s.Append(t.Context(), ws, conv.ID, says(conv, "before")); err != nil {
		t.Fatal(err)
	}
	outcomes := grouped(t, s,
		makes("a"),
		func(x *tx) error { // an append, which the committer must not remember
			c, err := x.take(ws, conv.ID)
			if err != nil {
				return err
			}
			e := c.Next(says(conv, "lost"), x.now)
			x.changed(c)
			return errors.Join(x.putEntry(c, e, ""), x.putSpoken(c))
		},
		func(x *tx) error { // a row whose foreign key is checked at the commit, and is wrong
			_, err := x.exec(`PRAGMA defer_foreign_keys = 1`)
			_, insertErr := x.put(`INSERT INTO secrets (workspace_id, name, value) VALUES (x'00', 'n', x'00')`)
			return errors.Join(err, insertErr)
		},
		makes("b"),
	)
	for i, err := range outcomes {
		if chat.CodeOf(err) != chat.CodeUnavailable || !isFault(err) {
			t.Errorf("outcome %d: %v, want CodeUnavailable and the cause", i, err)
		}
	}
	if got := names(t, s); got != "here" {
		t.Errorf("stored: %q", got)
	}
	e, err := s.Append(t.Context(), ws, conv.ID, says(conv, "after"))
	if err != nil || e.Seq != 2 {
		t.Errorf("the next append: seq %d, %v; want 2", e.Seq, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The conversation was opened, and had two messages.
	if n := told.Load(); n != 3 {
		t.Errorf("%d signals, want 3: something was told that was not stored, or not told", n)
	}
}

func TestGivenUpWriteDoesNotRun(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	begun, goOn, blocked := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := write(t.Context(), s, func(*tx) (int, error) { close(begun); <-goOn; return 0, nil })
		blocked <- err
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := s.CreateWorkspace(ctx, "given up")
	if chat.CodeOf(err) != chat.CodeUnavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want CodeUnavailable and the deadline", err)
	}
	close(goOn)
	if err := <-blocked; err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := names(t, s); got != "" {
		t.Errorf("stored: %q", got)
	}
}

func TestFullQueueAndClose(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	begun, goOn := make(chan struct{}), make(chan struct{})
	first := &op{done: make(chan error, 1), run: func(*tx) error { close(begun); <-goOn; return nil }}
	if err := s.commit.submit(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	<-begun
	// More than the queue holds, so that some senders wait while Close comes.
	n := 3 * maxGroup
	results := make(chan error, n)
	for i := range n {
		go func() {
			_, err := s.CreateWorkspace(t.Context(), fmt.Sprint(i))
			results <- err
		}()
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	close(goOn)
	stored := 0
	for range n {
		switch err := <-results; chat.CodeOf(err) {
		case "":
			stored++
		case chat.CodeUnavailable:
		default:
			t.Errorf("got %v", err)
		}
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	all, err := openTest(t, s.dir).Workspaces(t.Context())
	if err != nil || len(all) != stored {
		t.Errorf("%d stored, %d acked, %v", len(all), stored, err)
	}
}
