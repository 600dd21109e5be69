package storetest

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
)

var crashCycles = flag.Int("crash.cycles", 30, "kill -9 cycles of TestCrash; a twentieth of it under the race detector")

// What the crash test's child needs to know comes in its environment.
const (
	envCrashAddress   = "FRONTDESK_CRASH_ADDRESS"
	envCrashWorkspace = "FRONTDESK_CRASH_WORKSPACE"
)

// A cycle has this many writers on this many conversations, so that appends
// are grouped and writers contend for numbers.
const (
	crashWriters = 16
	crashTalks   = 8
)

// Crash kills a process that appends, again and again, and checks that
// everything it was told is stored is there, once, in logs without gaps; that
// what it was not told is there once after a repeat; and that nothing else is.
// It must be called from a test with the name TestCrash: this starts the test
// binary again, to run that test as the child. The data grows over the cycles.
func Crash(t *testing.T, b Backend) {
	if address := os.Getenv(envCrashAddress); address != "" {
		crashChild(t, b, address, uuid.MustParse(os.Getenv(envCrashWorkspace)))
		return
	}
	if t.Name() != "TestCrash" {
		t.Fatalf("storetest.Crash is called from %s; the child runs TestCrash", t.Name())
	}
	c := &crash{t: t, b: b, address: b.New(t)}
	c.seed()
	cycles := max(2, *crashCycles/slower)
	for range cycles {
		c.cycle()
	}
	t.Logf("%d cycles: %d acked, none lost; %d stored but not acked; %d repeated after the crash", cycles, c.acked, c.unacked, c.resent)
	if c.acked == 0 {
		t.Error("no cycle stored anything: nothing was tested")
	}
}

type crash struct {
	t       *testing.T
	b       Backend
	address string
	ws      uuid.UUID
	checked [crashTalks]int64 // the last number of each log that has been checked

	acked, unacked, resent int
}

// attempt is what the child said of one append.
type attempt struct {
	talk int
	seq  int64 // 0: not acked
}

func crashTalk(i int) uuid.UUID { return id(fmt.Sprint("crash talk ", i)) }

func (c *crash) open() store.Store {
	c.t.Helper()
	return must(c.b.Open(context.Background(), c.address, store.Options{Log: slog.New(slog.DiscardHandler)}))(c.t)
}

func (c *crash) seed() {
	c.t.Helper()
	s, ctx := c.open(), c.t.Context()
	defer func() { check(c.t, s.Close()) }()
	ws, inbox, err := s.EnsureWorkspace(ctx, "crash", chat.Inbox{Key: "crash"})
	check(c.t, err)
	must(s.CreateCustomer(ctx, ws.ID, chat.Customer{ID: ann}))(c.t)
	for i := range crashTalks {
		must(s.OpenConversation(ctx, ws.ID, chat.Conversation{ID: crashTalk(i), Inbox: inbox.ID, Customer: ann}))(c.t)
	}
	c.ws = ws.ID
}

// cycle lets a child write for up to 100 ms, kills it, and checks what it left.
func (c *crash) cycle() {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), os.Args[0], "-test.run=^TestCrash$", "-test.count=1")
	cmd.Env = append(os.Environ(), envCrashAddress+"="+c.address, envCrashWorkspace+"="+c.ws.String())
	var trouble strings.Builder
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	check(c.t, err)
	check(c.t, cmd.Start())
	attempts := c.listen(out, cmd)
	_ = cmd.Wait() // it was killed: the error says so
	if len(attempts) == 0 {
		c.t.Fatalf("the child wrote nothing: %s", trouble.String())
	}
	s := c.open()
	defer func() { check(c.t, s.Close()) }()
	c.verify(s, attempts)
}

// listen reads what the child says until it is dead, and kills it at a random
// moment after its first word. A line that was cut off is not said.
func (c *crash) listen(out io.Reader, cmd *exec.Cmd) map[uuid.UUID]attempt {
	c.t.Helper()
	attempts := map[uuid.UUID]attempt{}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return attempts
		}
		var client string
		var a attempt
		if n, _ := fmt.Sscanf(line, "crash: %s %d %d\n", &client, &a.talk, &a.seq); n != 3 {
			c.t.Logf("the child says: %s", line)
			continue
		}
		if len(attempts) == 0 {
			kill := time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			defer kill.Stop()
		}
		attempts[uuid.MustParse(client)] = a
	}
}

// verify reads what is new in each log and compares with the attempts.
func (c *crash) verify(s store.Store, attempts map[uuid.UUID]attempt) {
	c.t.Helper()
	found := map[uuid.UUID]attempt{}
	for talk := range c.checked {
		c.readOn(s, talk, func(e chat.Entry) {
			a, said := attempts[e.ClientID]
			switch {
			case !said || a.talk != talk:
				c.t.Fatalf("talk %d, seq %d: %v was never sent there", talk, e.Seq, e.ClientID)
			case found[e.ClientID].seq != 0:
				c.t.Fatalf("%v is stored twice, at %d and %d", e.ClientID, found[e.ClientID].seq, e.Seq)
			case a.seq != 0 && a.seq != e.Seq:
				c.t.Fatalf("%v was acked as %d and is stored as %d", e.ClientID, a.seq, e.Seq)
			case a.seq == 0:
				c.unacked++
			}
			found[e.ClientID] = attempt{talk, e.Seq}
		})
	}
	lost := map[uuid.UUID]attempt{}
	for client, a := range attempts {
		stored, ok := found[client]
		if a.seq != 0 {
			if c.acked++; !ok {
				c.t.Fatalf("talk %d: %v was acked as %d and is lost", a.talk, client, a.seq)
			}
			continue
		}
		// The client resends what was not acked.
		e := must(s.Append(c.t.Context(), c.ws, crashTalk(a.talk), crashDraft(client)))(c.t)
		if c.resent++; ok && e.Seq != stored.seq {
			c.t.Fatalf("%v is stored as %d and repeated as %d", client, stored.seq, e.Seq)
		}
		if !ok {
			lost[client] = a
		}
	}
	for talk := range c.checked {
		c.readOn(s, talk, func(e chat.Entry) {
			if _, ok := lost[e.ClientID]; !ok {
				c.t.Fatalf("talk %d, seq %d: %v is stored again", talk, e.Seq, e.ClientID)
			}
			delete(lost, e.ClientID)
		})
	}
	if len(lost) > 0 {
		c.t.Fatalf("%d repeats are missing", len(lost))
	}
}

// readOn gives f what is new in a log, and checks its numbers and the total.
// A database server may still commit the last of a client that is dead, so the
// state is read first, and again if the log went beyond it in the meantime.
func (c *crash) readOn(s store.Store, talk int, f func(chat.Entry)) {
	c.t.Helper()
	for {
		conv := must(s.Conversation(c.t.Context(), c.ws, crashTalk(talk)))(c.t)
		before := c.checked[talk]
		c.readLog(s, talk, f)
		switch now := c.checked[talk]; {
		case conv.LastSeq == now && conv.CustomerSeq == now:
			return
		case conv.LastSeq >= now || now == before:
			c.t.Fatalf("talk %d: its state says %d and %d, its log %d", talk, conv.LastSeq, conv.CustomerSeq, now)
		}
	}
}

// readLog gives f what is new in a log, and checks its numbers.
func (c *crash) readLog(s store.Store, talk int, f func(chat.Entry)) {
	c.t.Helper()
	for {
		page := must(s.Entries(c.t.Context(), c.ws, crashTalk(talk), chat.LogPublic, c.checked[talk], 0))(c.t)
		if len(page) == 0 {
			return
		}
		for _, e := range page {
			if c.checked[talk]++; e.Seq != c.checked[talk] {
				c.t.Fatalf("talk %d: seq %d where %d should be", talk, e.Seq, c.checked[talk])
			}
			f(e)
		}
	}
}

func crashDraft(client uuid.UUID) chat.Draft {
	return chat.Draft{
		ClientID: client, Kind: chat.KindMessage, Text: "A message of some forty characters, all told.",
		From: chat.Sender{Kind: chat.PartyCustomer, ID: ann},
	}
}

// crashChild appends until it is killed. It says each client id before it
// sends it, with number 0, and again with its number when it is acked.
func crashChild(t *testing.T, b Backend, address string, ws uuid.UUID) {
	s := must(b.Open(t.Context(), address, store.Options{Log: slog.New(slog.DiscardHandler)}))(t)
	var mu sync.Mutex
	say := func(client uuid.UUID, talk int, seq int64) {
		mu.Lock()
		defer mu.Unlock()
		// One write each, straight to the pipe: nothing said is lost with the process.
		fmt.Printf("crash: %s %d %d\n", client, talk, seq)
	}
	check(t, together(crashWriters, func(i int) error {
		for {
			client, talk := uuid.New(), i%crashTalks
			say(client, talk, 0)
			e, err := s.Append(t.Context(), ws, crashTalk(talk), crashDraft(client))
			if err != nil {
				return err
			}
			say(client, talk, e.Seq)
		}
	}))
}
