package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var concurrentCases = []testCase{
	{"50 writers, no gap", fiftyWriters},
	{"repeats at once store one", repeatsAtOnce},
	{"a repeat inside one group of appends", repeatsInGroup},
	{"one that fails takes no other with it", failuresInGroup},
	{"100 claims, one wins", hundredClaims},
	{"the bot never talks over a person", takeovers},
}

// fiftyWriters has 50 goroutines append to five conversations of two
// workspaces and checks that each log is numbered 1, 2, 3 … and holds what
// each writer was told, in the writer's order.
func fiftyWriters(t *testing.T, w *world) {
	const writers, talks = 50, 5
	each := max(2, 40/slower)
	for i := range talks {
		w.conversation(w.ws, fmt.Sprint("busy ", i))
	}
	told := make([][]chat.Entry, writers)
	check(t, together(writers, func(i int) error {
		for n := range each {
			d := customerSays(fmt.Sprintf("%d of %d", n, i), fmt.Sprint(i))
			e, err := w.Append(w.ctx, w.ws, id(fmt.Sprint("busy ", i%talks)), d)
			if err != nil {
				return err
			}
			told[i] = append(told[i], e)
		}
		return nil
	}))
	w.reopen()
	for i := range talks {
		log := w.log(fmt.Sprint("busy ", i), chat.LogPublic)
		if len(log) != writers/talks*each {
			t.Fatalf("log %d has %d entries", i, len(log))
		}
		for n, e := range log {
			if e.Seq != int64(n+1) {
				t.Fatalf("log %d: entry %d has seq %d", i, n, e.Seq)
			}
		}
		for writer := i; writer < writers; writer += talks {
			last := int64(0)
			for _, e := range told[writer] {
				if e.Seq <= last {
					t.Fatalf("writer %d: seq %d after %d", writer, e.Seq, last)
				}
				last = e.Seq
				equal(t, "entry", log[e.Seq-1], e)
			}
		}
		if c := w.state(fmt.Sprint("busy ", i)); c.LastSeq != int64(len(log)) || c.CustomerSeq != c.LastSeq {
			t.Errorf("state %+v", c)
		}
	}
}

func repeatsAtOnce(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	rounds := max(2, 20/slower)
	for round := range rounds {
		var (
			mu   sync.Mutex
			seen = map[int64]int{}
		)
		check(t, together(16, func(int) error {
			e, err := w.Append(w.ctx, w.ws, id("talk"), customerSays(fmt.Sprint("round ", round), "x"))
			mu.Lock()
			defer mu.Unlock()
			seen[e.Seq]++
			return err
		}))
		if len(seen) != 1 || seen[int64(round+1)] != 16 {
			t.Fatalf("round %d: seqs and their counts %v", round, seen)
		}
	}
	equal(t, "entries", len(w.log("talk", chat.LogPublic)), rounds)
}

// repeatsInGroup floods the store, so that appends are grouped, with each
// client id several times, also for the bot's fenced messages.
func repeatsInGroup(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("question", "x"))
	const ids = 8
	check(t, together(64, func(i int) error {
		if i%8 == 0 {
			_, err := w.AppendIf(w.ctx, w.ws, id("talk"), botSays("the answer", "y"), chat.Fence{Epoch: 1, CustomerSeq: 1})
			if chat.CodeOf(err) == chat.CodeStale { // a customer's message came first
				return nil
			}
			return err
		}
		_, err := w.Append(w.ctx, w.ws, id("talk"), customerSays(fmt.Sprint("id ", i%ids), "x"))
		return err
	}))
	counts := map[uuid.UUID]int{}
	for i, e := range w.log("talk", chat.LogPublic) {
		counts[e.ClientID]++
		if e.Seq != int64(i+1) || counts[e.ClientID] > 1 {
			t.Fatalf("entry %d: %+v, stored %d times", i, e, counts[e.ClientID])
		}
	}
	for i := 1; i < ids; i++ {
		if counts[id(fmt.Sprint("id ", i))] != 1 {
			t.Errorf("id %d is missing", i)
		}
	}
}

// failuresInGroup mixes appends that must fail with ones that must not.
func failuresInGroup(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.conversation(w.ws, "talk 2")
	w.move("talk 2", toClosed())
	check(t, together(64, func(i int) error {
		conv, d, want := "talk", customerSays(fmt.Sprint("good ", i), "x"), chat.Code("")
		switch i % 4 {
		case 1:
			conv, want = "talk 2", chat.CodeClosed
		case 2:
			d.From.ID, want = bob, chat.CodeForbidden
		case 3:
			conv, want = "no such talk", chat.CodeNotFound
		}
		if _, err := w.Append(w.ctx, w.ws, id(conv), d); chat.CodeOf(err) != want {
			return fmt.Errorf("want code %q, got %w", want, err)
		}
		return nil
	}))
	w.reopen()
	equal(t, "entries", len(w.log("talk", chat.LogPublic)), 16)
	equal(t, "entries of the closed one", len(w.log("talk 2", chat.LogPublic)), 1)
}

func hundredClaims(t *testing.T, w *world) {
	const claims = 100
	for round := range max(1, 10/slower) {
		name := fmt.Sprint("claimed ", round)
		w.conversation(w.ws, name)
		queued := w.move(name, toQueue())
		var (
			mu   sync.Mutex
			wins []chat.Conversation
		)
		check(t, together(claims, func(i int) error {
			claim := toAgent([]uuid.UUID{alice, amir}[i%2])
			claim.Epoch = queued.Epoch
			c, _, err := w.Transition(w.ctx, w.ws, id(name), claim)
			switch chat.CodeOf(err) {
			case "":
				mu.Lock()
				defer mu.Unlock()
				wins = append(wins, c)
				return nil
			case chat.CodeStale:
				return nil
			}
			return err
		}))
		if len(wins) != 1 {
			t.Fatalf("%d of %d claims won", len(wins), claims)
		}
		equal(t, "the winner's view", w.state(name), wins[0])
		equal(t, "entries", len(w.log(name, chat.LogPublic)), 2)
	}
}

// takeovers lets the bot answer while agents take over and give back, for
// real at the same time, and reads in the log whether it ever spoke out of turn.
func takeovers(t *testing.T, w *world) {
	rounds := max(5, 100/slower)
	w.conversation(w.ws, "talk")
	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	var botSpoke int
	check(t, together(3, func(i int) error {
		switch i {
		case 0: // the customer asks, until the agents are done
			for n := 0; ctx.Err() == nil; n++ {
				if _, err := w.Append(w.ctx, w.ws, id("talk"), customerSays(fmt.Sprint("q", n), "?")); err != nil {
					return err
				}
			}
		case 1: // the bot answers what it sees unanswered
			for n := 0; ctx.Err() == nil; n++ {
				c, err := w.Conversation(w.ctx, w.ws, id("talk"))
				if err != nil {
					return err
				}
				fence := chat.Fence{Epoch: c.Epoch, CustomerSeq: c.CustomerSeq}
				_, err = w.AppendIf(w.ctx, w.ws, id("talk"), botSays(fmt.Sprint("a", n), "!"), fence)
				if err == nil {
					botSpoke++
				} else if chat.CodeOf(err) != chat.CodeStale {
					return err
				}
			}
		case 2: // the agents take over and give back
			defer stop()
			for n := range rounds {
				for _, move := range []chat.Transition{toAgent(alice), toBot()} {
					c, err := w.Conversation(w.ctx, w.ws, id("talk"))
					if err != nil {
						return err
					}
					move.Epoch = c.Epoch
					if _, _, err = w.Transition(w.ctx, w.ws, id("talk"), move); err != nil {
						return fmt.Errorf("round %d: %w", n, err)
					}
				}
			}
		}
		return nil
	}))
	owner, asked := chat.OwnerBot, false
	for i, e := range w.log("talk", chat.LogPublic) {
		switch {
		case e.Seq != int64(i+1):
			t.Fatalf("entry %d has seq %d", i, e.Seq)
		case e.Kind == chat.KindOwner:
			owner = e.Change.To
		case e.From.Kind == chat.PartyCustomer:
			asked = true
		case e.From.Kind == chat.PartyBot:
			if owner != chat.OwnerBot || !asked {
				t.Fatalf("seq %d: the bot spoke while the owner was %s, unanswered question: %v", e.Seq, owner, asked)
			}
			asked = false
		}
	}
	t.Logf("%d takeovers; the bot spoke %d times", rounds, botSpoke)
}
