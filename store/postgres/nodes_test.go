package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// twoNodes opens one database twice.
func twoNodes(t *testing.T) [2]*Store {
	t.Helper()
	needServer(t)
	address := newDatabase(t)
	return [2]*Store{openTest(t, address), openTest(t, address)}
}

// together calls f with 0..n-1, each in a goroutine, and fails with what they gave.
func together(t testing.TB, n int, f func(i int) error) {
	t.Helper()
	if err := atOnce(n, f); err != nil {
		t.Fatal(err)
	}
}

func atOnce(n int, f func(i int) error) error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// wholeLog reads a public log and checks that it is numbered 1, 2, 3 …
func wholeLog(t testing.TB, s *Store, ws uuid.UUID, conv uuid.UUID) []chat.Entry {
	t.Helper()
	var all []chat.Entry
	for {
		page, err := s.Entries(context.Background(), ws, conv, chat.LogPublic, int64(len(all)), 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, e := range page {
			if all = append(all, e); e.Seq != int64(len(all)) {
				t.Fatalf("seq %d at place %d", e.Seq, len(all))
			}
		}
	}
}

// TestTwoNodesAppend has both nodes append to the same conversations, and
// every other message from both ends at once, as a client does that reconnects
// to another node.
func TestTwoNodesAppend(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const talks, writers, each = 3, 16, 20
	ws, convs := seed(t, nodes[0], talks)
	var mu sync.Mutex
	told := make(map[uuid.UUID]int64)
	sent := 0
	together(t, writers, func(i int) error {
		for n := range each {
			conv := convs[(i+n)%talks]
			d := asks(conv, fmt.Sprint(i, " ", n))
			ends := 1 + n%2
			seqs := make([]int64, ends)
			if err := atOnce(ends, func(end int) error {
				e, err := nodes[(i+end)%2].Append(t.Context(), ws, conv.ID, d)
				seqs[end] = e.Seq
				return err
			}); err != nil {
				return err
			}
			if seqs[0] != seqs[ends-1] {
				return fmt.Errorf("one message got the numbers %d and %d", seqs[0], seqs[1])
			}
			mu.Lock()
			sent++
			told[d.ClientID] = seqs[0]
			mu.Unlock()
		}
		return nil
	})
	stored := 0
	for _, conv := range convs {
		log := wholeLog(t, nodes[1], ws, conv.ID)
		stored += len(log)
		for _, e := range log {
			if told[e.ClientID] != e.Seq {
				t.Errorf("%v was told %d and is stored as %d", e.ClientID, told[e.ClientID], e.Seq)
			}
		}
		c, err := nodes[0].Conversation(t.Context(), ws, conv.ID)
		if err != nil || c.LastSeq != int64(len(log)) || c.CustomerSeq != c.LastSeq {
			t.Errorf("state %+v, %v; the log has %d", c, err, len(log))
		}
	}
	if stored != sent {
		t.Errorf("%d stored of %d", stored, sent)
	}
}

func TestTwoNodesClaim(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	ws, convs := seed(t, nodes[0], 20)
	for _, conv := range convs {
		var mu sync.Mutex
		wins := 0
		together(t, 8, func(i int) error {
			_, _, err := nodes[i%2].Transition(t.Context(), ws, conv.ID, chat.Transition{
				Epoch: 1, To: chat.OwnerAgent, Agent: uuid.New(), Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartyAgent},
			})
			if chat.CodeOf(err) == chat.CodeStale {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			wins++
			return err
		})
		if wins != 1 {
			t.Fatalf("%d of 8 claims won", wins)
		}
		if n := len(wholeLog(t, nodes[0], ws, conv.ID)); n != 1 {
			t.Fatalf("%d entries of one claim", n)
		}
	}
}

// TestTwoNodesAtOnce does everything that takes locks at the same time on both
// nodes: it must end without a deadlock that reaches the caller, with logs
// without gaps, and without the bot ever talking out of turn.
func TestTwoNodesAtOnce(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const talks = 4
	ws, convs := seed(t, nodes[0], talks)
	agent := uuid.New()
	put := func(s *Store, body string) (uuid.UUID, error) {
		p := knowledge.Put{Input: knowledge.Input{
			Source: "test", ExternalID: "one", Body: body, Status: knowledge.StatusPublished, Visibility: knowledge.Public,
		}}
		copy(p.Hash[:], body)
		r, err := s.PutArticles(t.Context(), ws, []knowledge.Put{p})
		if err != nil {
			return uuid.Nil, err
		}
		return r[0].Article.Version, nil
	}
	act := func(s *Store, n int) error {
		conv := convs[rand.IntN(talks)]
		c, err := s.Conversation(t.Context(), ws, conv.ID)
		if err != nil {
			return err
		}
		switch rand.IntN(4) {
		case 0:
			_, err = s.Append(t.Context(), ws, conv.ID, asks(conv, "?"))
		case 1:
			var version uuid.UUID
			if version, err = put(s, fmt.Sprint(n)); err != nil {
				return err
			}
			d := chat.Draft{ClientID: uuid.New(), Kind: chat.KindMessage, Text: "!", From: chat.Sender{Kind: chat.PartyBot}}
			_, err = s.AppendIf(t.Context(), ws, conv.ID, d, chat.Fence{Epoch: c.Epoch, CustomerSeq: c.CustomerSeq, Versions: []uuid.UUID{version}})
		case 2:
			_, _, err = s.Transition(t.Context(), ws, conv.ID, chat.Transition{Epoch: c.Epoch, To: chat.OwnerAgent, Agent: agent, Status: chat.StatusOpen})
		case 3:
			_, _, err = s.Transition(t.Context(), ws, conv.ID, chat.Transition{Epoch: c.Epoch, To: chat.OwnerBot, Status: chat.StatusOpen})
		}
		if chat.CodeOf(err) == chat.CodeStale {
			return nil
		}
		return err
	}
	together(t, 16, func(i int) error {
		for n := range 25 {
			if err := act(nodes[i%2], 100*i+n); err != nil {
				return err
			}
		}
		return nil
	})
	for _, conv := range convs {
		owner, asked := chat.OwnerBot, false
		for _, e := range wholeLog(t, nodes[0], ws, conv.ID) {
			switch {
			case e.Kind == chat.KindOwner:
				owner = e.Change.To
			case e.From.Kind == chat.PartyCustomer:
				asked = true
			case owner != chat.OwnerBot || !asked:
				t.Fatalf("the bot spoke at %d while the owner was %s (unanswered question: %v)", e.Seq, owner, asked)
			default:
				asked = false
			}
		}
	}
}

func TestNodesStartTogether(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := emptyDatabase(t)
	var mu sync.Mutex
	seen := make(map[uuid.UUID]bool)
	together(t, 4, func(int) error {
		s, err := Open(t.Context(), address, quiet)
		if err != nil {
			return err
		}
		ws, _, err := s.EnsureWorkspace(t.Context(), "first", chat.Inbox{Key: "first"})
		mu.Lock()
		seen[ws.ID] = true
		mu.Unlock()
		return errors.Join(err, s.Close())
	})
	if len(seen) != 1 {
		t.Errorf("%d workspaces", len(seen))
	}
}

// TestFrozenNode has somebody hold one conversation for good: that one cannot
// be written to, and all others can.
func TestFrozenNode(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	ws, convs := seed(t, s, 4)
	x, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer x.Rollback(context.Background())
	if _, err := hold(t.Context(), x, ws, convs[0].ID); err != nil {
		t.Fatal(err)
	}
	together(t, 16, func(i int) error {
		conv := convs[i%4]
		_, err := s.Append(t.Context(), ws, conv.ID, asks(conv, "?"))
		if i%4 == 0 && chat.CodeOf(err) == chat.CodeUnavailable {
			return nil
		}
		if i%4 == 0 {
			return fmt.Errorf("an append to the held conversation gave %w", err)
		}
		return err
	})
	if err := x.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e, err := s.Append(t.Context(), ws, convs[0].ID, asks(convs[0], "?")); err != nil || e.Seq != 1 {
		t.Errorf("after it was let go: %+v, %v", e, err)
	}
}

// TestConnectionsCut has the server end all connections, again and again,
// while clients append and repeat what failed: each message is there once.
func TestConnectionsCut(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	s := openTest(t, address)
	ws, convs := seed(t, s, 2)
	ctx, stop := context.WithCancel(t.Context())
	var cutter sync.WaitGroup
	cutter.Go(func() {
		for ctx.Err() == nil {
			_ = runSQL(t.Context(), address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
			_ = pause(ctx, 5)
		}
	})
	faults := 0
	var mu sync.Mutex
	const writers, each = 8, 25
	together(t, writers, func(i int) error {
		conv := convs[i%2]
		for range each {
			d := asks(conv, "?")
			for {
				_, err := s.Append(t.Context(), ws, conv.ID, d)
				if err == nil {
					break
				}
				if chat.CodeOf(err) != chat.CodeUnavailable {
					return err
				}
				mu.Lock()
				faults++
				mu.Unlock()
			}
		}
		return nil
	})
	stop()
	cutter.Wait()
	total := 0
	fresh := openTest(t, address) // s may still have connections that were cut
	for _, conv := range convs {
		seen := make(map[uuid.UUID]bool)
		for _, e := range wholeLog(t, fresh, ws, conv.ID) {
			if seen[e.ClientID] {
				t.Errorf("%v is there twice", e.ClientID)
			}
			seen[e.ClientID] = true
			total++
		}
	}
	if total != writers*each {
		t.Errorf("%d stored of %d", total, writers*each)
	}
	t.Logf("%d appends failed and were repeated", faults)
}

func TestOpenNowhere(t *testing.T) {
	t.Parallel()
	for url, code := range map[string]chat.Code{
		"postgres://user:geheim@127.0.0.1:1/none?connect_timeout=2": chat.CodeUnavailable,
		"postgres://user:geheim@127.0.0.1:none/none":                chat.CodeInvalid,
	} {
		_, err := Open(t.Context(), url, quiet)
		if chat.CodeOf(err) != code {
			t.Errorf("got %v, want code %q", err, code)
		}
		if strings.Contains(fmt.Sprint(err), "geheim") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

// TestLoneAppend checks that a single append does not wait for company: with
// nobody else there, many one after the other take a commit each and no more.
func TestLoneAppend(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	ws, convs := seed(t, s, 1)
	const n = 50
	start := time.Now()
	for range n {
		if _, err := s.Append(t.Context(), ws, convs[0].ID, asks(convs[0], "?")); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start) / n; took > 250*time.Millisecond {
		t.Errorf("an append took %v", took)
	}
}

// TestPoisonedGroup has one append in a crowd that the server refuses: it
// fails alone.
func TestPoisonedGroup(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	ws, convs := seed(t, s, 2)
	together(t, 32, func(i int) error {
		d := asks(convs[i%2], "?")
		if i == 5 {
			// Past the checks in Go, straight to the committer.
			d.Text = "\x00"
			d.Log = chat.LogPublic
			_, err := s.commit.append(&pending{ctx: t.Context(), ws: ws, conv: convs[i%2].ID, draft: d, done: make(chan outcome, 1)})
			if chat.CodeOf(err) != chat.CodeInvalid {
				return fmt.Errorf("the poisoned append gave %w", err)
			}
			return nil
		}
		_, err := s.Append(t.Context(), ws, convs[i%2].ID, d)
		return err
	})
	if n := len(wholeLog(t, s, ws, convs[0].ID)) + len(wholeLog(t, s, ws, convs[1].ID)); n != 31 {
		t.Errorf("%d of 31 stored", n)
	}
}
