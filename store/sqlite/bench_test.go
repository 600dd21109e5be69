package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/sqlite"
)

// benchTalks is how many conversations the writers share: as many as the
// most writers, so that none waits for another's row.
const benchTalks = 64

// rounds is how often subject and floor take turns; the median ratio counts.
const rounds = 5

// BenchmarkAppend measures durable appends beside a floor in the same run: a
// bare group commit of the same two row writes, into the same schema with the
// same driver, that checks nothing. The metric "xfloor" is the median ratio of
// the rates; 1 would be as fast as the floor.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchmarkAppend(b, writers) })
	}
}

func benchmarkAppend(b *testing.B, writers int) {
	subject, floor := openSubject(b), openFloor(b)
	n := max(1, b.N/rounds/writers) // appends of each writer in a round
	var ratios []float64
	var took, floorTook time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for range rounds {
		d := timed(b, writers, n, subject)
		b.StopTimer()
		f := timed(b, writers, n, floor)
		b.StartTimer()
		took, floorTook = took+d, floorTook+f
		ratios = append(ratios, f.Seconds()/d.Seconds())
	}
	slices.Sort(ratios)
	total := float64(rounds * n * writers)
	b.ReportMetric(total/took.Seconds(), "msg/s")
	b.ReportMetric(total/floorTook.Seconds(), "floor-msg/s")
	b.ReportMetric(ratios[rounds/2], "xfloor")
}

// timed has writers append n messages each.
func timed(b *testing.B, writers, n int, write func(talk int) error) time.Duration {
	b.Helper()
	var wg sync.WaitGroup
	start := time.Now()
	for i := range writers {
		wg.Go(func() {
			for range n {
				if err := write(i % benchTalks); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

const benchText = "Where is my order? I paid for it two weeks ago and have heard nothing since."

func openSubject(b *testing.B) func(talk int) error {
	b.Helper()
	ctx := b.Context()
	s, err := sqlite.Open(ctx, b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	ws, talks := seed(b, s)
	customer := talks[0].Customer
	return func(talk int) error {
		_, err := s.Append(ctx, ws, talks[talk].ID, chat.Draft{
			ClientID: uuid.New(), Kind: chat.KindMessage, Text: benchText,
			From: chat.Sender{Kind: chat.PartyCustomer, ID: customer, Name: "Ann"},
		})
		return err
	}
}

func seed(b *testing.B, s store.Store) (uuid.UUID, []chat.Conversation) {
	b.Helper()
	ctx := b.Context()
	ws, inbox, err := s.EnsureWorkspace(ctx, "bench", chat.Inbox{Key: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	customer, err := s.CreateCustomer(ctx, ws.ID, chat.Customer{Name: "Ann"})
	if err != nil {
		b.Fatal(err)
	}
	talks := make([]chat.Conversation, benchTalks)
	for i := range talks {
		if talks[i], err = s.OpenConversation(ctx, ws.ID, chat.Conversation{ID: uuid.New(), Inbox: inbox.ID, Customer: customer.ID}); err != nil {
			b.Fatal(err)
		}
	}
	return ws.ID, talks
}

// floor is the least that a durable append can be with this driver.
type floor struct {
	conn           *sql.Conn
	begin, commit  *sql.Stmt
	insert, update *sql.Stmt
	queue          chan floorWrite
	seqs           [benchTalks]int64
	ws             uuid.UUID
}

type floorWrite struct {
	talk   int
	client uuid.UUID
	done   chan error
}

func openFloor(b *testing.B) func(talk int) error {
	b.Helper()
	ctx, dir := context.Background(), b.TempDir()
	s, err := sqlite.Open(ctx, dir, store.Options{}) // for the schema and the rows to begin with
	if err != nil {
		b.Fatal(err)
	}
	f := &floor{queue: make(chan floorWrite, 128)}
	f.ws, _ = seed(b, s)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "frontdesk.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)")
	if err != nil {
		b.Fatal(err)
	}
	if f.conn, err = db.Conn(ctx); err != nil {
		b.Fatal(err)
	}
	for stmt, query := range map[**sql.Stmt]string{
		&f.begin: `BEGIN IMMEDIATE`, &f.commit: `COMMIT`,
		&f.insert: `INSERT INTO entries
			(workspace_id, conversation, log, seq, client_id, at, from_kind, from_id, from_name, kind, text, body)
			VALUES (?, ?, 'public', ?, ?, ?, 'customer', ?, 'Ann', 'message', ?, '')`,
		&f.update: `UPDATE conversations SET last_seq = ?1, customer_seq = ?1, customer_at = ?2, subject = ?3, last_text = ?3,
			last_from = 'customer', updated_at = ?2 WHERE n = ?4`,
	} {
		if *stmt, err = f.conn.PrepareContext(ctx, query); err != nil { //nolint:sqlclosecheck // closed with its connection
			b.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(f.loop)
	b.Cleanup(func() {
		close(f.queue)
		wg.Wait()
		_ = f.conn.Close()
		_ = db.Close()
	})
	return func(talk int) error {
		w := floorWrite{talk: talk, client: uuid.New(), done: make(chan error, 1)}
		f.queue <- w
		return <-w.done
	}
}

func (f *floor) loop() {
	for first := range f.queue {
		group := []floorWrite{first}
	gather:
		for len(group) < cap(f.queue) {
			select {
			case w, ok := <-f.queue:
				if !ok {
					break gather
				}
				group = append(group, w)
			default:
				break gather
			}
		}
		err := f.write(group)
		for _, w := range group {
			w.done <- err
		}
	}
}

func (f *floor) write(group []floorWrite) error {
	if _, err := f.begin.Exec(); err != nil {
		return err
	}
	for _, w := range group {
		f.seqs[w.talk]++
		now, n := time.Now().UnixMicro(), w.talk+1
		if _, err := f.insert.Exec(f.ws[:], n, f.seqs[w.talk], w.client[:], now, f.ws[:], benchText); err != nil {
			return err
		}
		if _, err := f.update.Exec(f.seqs[w.talk], now, benchText, n); err != nil {
			return err
		}
	}
	_, err := f.commit.Exec()
	return err
}
