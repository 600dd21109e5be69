package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"frontdesk/chat"
)

// talk makes a workspace with a conversation.
func talk(t *testing.T, s *Store) (uuid.UUID, chat.Conversation) {
	t.Helper()
	ctx := t.Context()
	ws, inbox, err := s.EnsureWorkspace(ctx, "here", chat.Inbox{Key: "key"})
	if err != nil {
		t.Fatal(err)
	}
	customer, err := s.CreateCustomer(ctx, ws.ID, chat.Customer{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.OpenConversation(ctx, ws.ID, chat.Conversation{ID: uuid.New(), Inbox: inbox.ID, Customer: customer.ID})
	if err != nil {
		t.Fatal(err)
	}
	return ws.ID, c
}

func says(c chat.Conversation, text string) chat.Draft {
	return chat.Draft{
		ClientID: uuid.New(), Log: chat.LogPublic, Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyCustomer, ID: c.Customer},
	}
}

// TestDatabaseFull fills the database up to a limit of its own.
func TestDatabaseFull(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	limit := func(pages int) {
		t.Helper()
		if _, err := write(t.Context(), s, func(x *tx) (int, error) {
			return scanValue[int](x.queryRow(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)))
		}); err != nil {
			t.Fatal(err)
		}
	}
	fillAndFree(t, s, func() { limit(200) }, func() { limit(1 << 30) })
}

// TestDiskFull fills a disk, where the tests may make one of 8 MiB.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("cannot mount a small disk (needs root): %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	s := openTest(t, filepath.Join(dir, "data"))
	filler := filepath.Join(dir, "filler")
	fillAndFree(t, s, func() {
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for block := make([]byte, 64<<10); err == nil; { // until there is no room at all
			_, err = f.Write(block)
		}
	}, func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}

// fillAndFree appends, has the room taken away, appends until that fails, has
// room made, and appends again. All that was acked has to be there, and no more.
func fillAndFree(t *testing.T, s *Store, fill, free func()) {
	t.Helper()
	ws, conv := talk(t, s)
	var acked []uuid.UUID
	say := func() error {
		d := says(conv, strings.Repeat("x", 8<<10))
		_, err := s.Append(t.Context(), ws, conv.ID, d)
		if err == nil {
			acked = append(acked, d.ClientID)
		}
		return err
	}
	for range 10 {
		if err := say(); err != nil {
			t.Fatal(err)
		}
	}
	fill()
	var err error
	for n := 0; err == nil; n++ {
		if n > 10_000 {
			t.Fatal("it never was full")
		}
		err = say()
	}
	if chat.CodeOf(err) != chat.CodeUnavailable || !strings.Contains(chat.MessageOf(err), "the disk is full") {
		t.Fatalf("got %v, want CodeUnavailable, said clearly", err)
	}
	if got, err := s.Conversation(t.Context(), ws, conv.ID); err != nil || got.LastSeq != int64(len(acked)) {
		t.Errorf("reading while it is full: last seq %d, %v; want %d", got.LastSeq, err, len(acked))
	}
	free()
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("after room was made: %v", err)
	}
	for range 10 {
		if err := say(); err != nil {
			t.Fatalf("after room was made: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	checkLog(t, openTest(t, s.dir), ws, conv.ID, acked)
}

func checkLog(t *testing.T, s *Store, ws, conv uuid.UUID, want []uuid.UUID) {
	t.Helper()
	entries, err := s.Entries(t.Context(), ws, conv, chat.LogPublic, 0, len(want)+1)
	if err != nil || len(entries) != len(want) {
		t.Fatalf("%d entries, %v; want %d", len(entries), err, len(want))
	}
	for i, e := range entries {
		if e.Seq != int64(i+1) || e.ClientID != want[i] {
			t.Fatalf("entry %d: seq %d, client id %v; want %v", i, e.Seq, e.ClientID, want[i])
		}
	}
}

// TestUploadCutOff leaves rows as a crash does and expects them gone after
// the next Open, and those of whole files still there.
func TestUploadCutOff(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	ws, _ := talk(t, s)
	whole, err := s.PutBlob(t.Context(), ws, chat.Blob{}, strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.putRows(t.Context(), ws, uuid.New(), strings.NewReader("cut off")); err != nil {
		t.Fatal(err)
	}
	rows := func() int {
		n, err := scanValue[int](s.read(t.Context()).queryRow(`SELECT count(*) FROM blob_rows`))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if rows() != 2 {
		t.Fatalf("%d rows, want one of each", rows())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, s.dir)
	if rows() != 1 {
		t.Errorf("%d rows after reopening, want 1", rows())
	}
	if _, _, err := s.Blob(t.Context(), ws, whole.ID); err != nil {
		t.Error(err)
	}
}

// TestReaderAfterClose reads on in a file after the store was closed.
func TestReaderAfterClose(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	ws, _ := talk(t, s)
	b, err := s.PutBlob(t.Context(), ws, chat.Blob{}, strings.NewReader("bytes"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, r, err := s.Blob(ctx, ws, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("got %v, want CodeUnavailable", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
