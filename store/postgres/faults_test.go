package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/rule"
)

func TestFault(t *testing.T) {
	t.Parallel()
	s := new(Store)
	server := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		err  error
		want chat.Code
	}{
		{nil, ""},
		{chat.Errorf(chat.CodeStale, "x"), chat.CodeStale},
		{server("53100"), chat.CodeUnavailable}, // disk full
		{server("53300"), chat.CodeUnavailable}, // too many connections
		{server("57P01"), chat.CodeUnavailable}, // shut down
		{server("57P03"), chat.CodeUnavailable}, // starting up
		{server("57014"), chat.CodeUnavailable}, // cancelled
		{server("08006"), chat.CodeUnavailable}, // connection failure
		{server("25P03"), chat.CodeUnavailable}, // we were silent for too long
		{server("28P01"), chat.CodeUnavailable}, // wrong password
		{server("3D000"), chat.CodeUnavailable}, // no such database
		{server("25006"), chat.CodeUnavailable}, // read only
		{server("40001"), chat.CodeUnavailable}, // serialisation
		{server("40P01"), chat.CodeUnavailable}, // deadlock
		{server("55P03"), chat.CodeUnavailable}, // lock timeout
		{server("22021"), chat.CodeInvalid},     // not UTF-8
		{server("22P05"), chat.CodeInvalid},     // U+0000
		{server("42P01"), chat.CodeInternal},    // no such table
		{io.ErrUnexpectedEOF, chat.CodeUnavailable},
		{pgconn.ErrConnClosed, chat.CodeUnavailable},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, chat.CodeUnavailable},
		{errors.New("odd"), chat.CodeInternal},
	} {
		if got := chat.CodeOf(s.fault(t.Context(), c.err)); got != c.want {
			t.Errorf("%v: code %q, want %q", c.err, got, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.fault(ctx, server("57014")); chat.CodeOf(err) != chat.CodeUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

// TestUnstorable gives text that no database holds to what does not check it:
// it is the caller's fault, not ours.
func TestUnstorable(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	ws, convs := seed(t, s, 1)
	for _, bad := range []string{"a\x00b", "\xff", strings.Repeat("\xbf", 300)} {
		named := asks(convs[0], "?")
		named.From.Name = bad
		commented := asks(convs[0], "")
		commented.Kind, commented.Body.Rating = chat.KindRating, &chat.Rating{Score: 3, Comment: bad}
		cited := asks(convs[0], "?")
		cited.Body.Sources = []chat.Citation{{Title: bad}}
		conv := convs[0]
		conv.ID, conv.Locale = uuid.New(), bad
		for what, err := range map[string]error{
			"a comment":  second(s.Append(t.Context(), ws, convs[0].ID, commented)), // a trigger reads what it stands in
			"a name":     second(s.Append(t.Context(), ws, conv.ID, named)),
			"a customer": second(s.CreateCustomer(t.Context(), ws, chat.Customer{Name: bad})),
			"a locale":   second(s.OpenConversation(t.Context(), ws, conv)),
			"a job":      second(s.Enqueue(t.Context(), ws, chat.Job{Kind: bad})),
		} {
			if chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s %.10q: %v", what, bad, err)
			}
		}
		// What is JSON is kept, with U+FFFD for what is no character.
		if _, err := s.Append(t.Context(), ws, convs[0].ID, cited); err != nil {
			t.Errorf("a title %.10q: %v", bad, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestCutUpload ends an upload as a broken line does, which must not look like
// the end of the file.
func TestCutUpload(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	ws, _ := seed(t, s, 0)
	key := uuid.New()
	for _, fault := range []error{io.ErrUnexpectedEOF, &net.OpError{Op: "read", Err: errors.New("cut")}} {
		r := io.MultiReader(strings.NewReader(strings.Repeat("x", rule.BlobRow+10)), iotest.ErrReader(fault))
		if _, err := s.PutBlob(t.Context(), ws, chat.Blob{ID: key}, r); chat.CodeOf(err) != chat.CodeInvalid || !errors.Is(err, fault) {
			t.Errorf("got %v", err)
		}
	}
	if n := rowsOf(t, s, "blob_rows") + rowsOf(t, s, "uploads") + rowsOf(t, s, "blobs"); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}

// TestOldUploadsGo opens a store in which a process died while it stored a file.
func TestOldUploadsGo(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	s := openTest(t, address)
	ws, _ := seed(t, s, 0)
	upload := uuid.New()
	if _, err := s.pool.Exec(t.Context(), `INSERT INTO uploads VALUES ($1, $2, $3)`, ws, upload, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.pool.Exec(t.Context(), `INSERT INTO blob_rows VALUES ($1, $2, 0, 'x')`, ws, upload); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		later time.Duration
		rows  int
	}{{uploadTTL - time.Minute, 2}, {uploadTTL + time.Minute, 0}} {
		later := openWith(t, address, store.Options{Log: quiet.Log, Now: func() time.Time { return time.Now().Add(c.later) }})
		if n := rowsOf(t, later, "blob_rows") + rowsOf(t, later, "uploads"); n != c.rows {
			t.Errorf("%v later: %d rows, want %d", c.later, n, c.rows)
		}
	}
}

func rowsOf(t testing.TB, s *Store, table string) (n int) {
	t.Helper()
	if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
