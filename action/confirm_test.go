package action

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

// proposed gives the card of a proposed cancellation, and the customer's yes to it.
func (b *bench) proposed() (*chat.Card, Confirmation) {
	b.t.Helper()
	reply := b.answer(asks("please cancel my order 20418"))
	if reply.Card == nil || reply.Card.Title != "Cancel order 20418" || !reply.Asks || len(b.shop.seen()) != 0 {
		b.t.Fatalf("proposed %+v", reply)
	}
	return reply.Card, Confirmation{Ref: talk, Customer: customer, Call: reply.Card.Call, ClientID: uuid.New(), Yes: true}
}

func TestAConfirmedChangeIsMadeOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	_, yes := b.proposed()
	var all sync.WaitGroup
	for range 8 { // the same confirmation, resent, and others beside it
		all.Go(func() {
			again := yes
			again.ClientID = uuid.New()
			if err := b.Confirm(t.Context(), again); err != nil && chat.CodeOf(err) != chat.CodeInvalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	eventually(t, "done", func() bool { return b.store.states()[0] == chat.CallDone })
	if diff := cmp.Diff([]string{"confirmed", "done", "Order 20418 is cancelled."}, b.store.texts()); diff != "" {
		t.Error(diff)
	}
	if seen := b.shop.seen(); len(seen) != 1 || seen[0].method != "POST" || seen[0].path != "/v1/orders/20418/cancel" || seen[0].header.Get("Idempotency-Key") == "" {
		t.Errorf("the shop was asked %+v", seen)
	}
	if err := b.Confirm(t.Context(), yes); err != nil {
		t.Errorf("sent again: %v", err)
	}
	no := yes
	no.Yes = false
	if err := b.Confirm(t.Context(), no); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("taken back: %v", err)
	}
	if n := len(b.shop.seen()); n != 1 {
		t.Errorf("the shop was asked %d times", n)
	}
}

func TestWhatCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(b *bench, y *Confirmation)
		code  chat.Code
		state chat.CallState
	}{
		"of another conversation":   {func(_ *bench, y *Confirmation) { y.Ref.Conversation = uuid.New() }, chat.CodeNotFound, chat.CallProposed},
		"of another customer":       {func(_ *bench, y *Confirmation) { y.Customer = uuid.New() }, chat.CodeNotFound, chat.CallProposed},
		"of another workspace":      {func(_ *bench, y *Confirmation) { y.Ref.Workspace = uuid.New() }, chat.CodeNotFound, chat.CallProposed},
		"what is not there":         {func(_ *bench, y *Confirmation) { y.Call = uuid.New() }, chat.CodeNotFound, chat.CallProposed},
		"after a takeover":          {func(b *bench, _ *Confirmation) { b.store.bots = false }, chat.CodeInvalid, chat.CallProposed},
		"after a takeover and back": {func(b *bench, _ *Confirmation) { b.store.epoch = 3 }, chat.CodeInvalid, chat.CallProposed},
		"too late":                  {func(b *bench, _ *Confirmation) { b.store.calls[0].Until = time.Now().Add(-time.Second) }, chat.CodeInvalid, chat.CallExpired},
		"after a newer proposal":    {func(b *bench, _ *Confirmation) { b.answer(asks("please cancel my order 20500")) }, chat.CodeInvalid, chat.CallExpired},
		"after it was declined": {func(b *bench, y *Confirmation) {
			no := *y
			no.Yes = false
			if err := b.Confirm(b.t.Context(), no); err != nil {
				b.t.Error(err)
			}
		}, chat.CodeInvalid, chat.CallDeclined},
		"a look-up": {func(b *bench, y *Confirmation) {
			y.Call = b.answer(asks("Where is my order 20418?")).Used.Call
			b.shop.mu.Lock()
			b.shop.requests = nil
			b.shop.mu.Unlock()
		}, chat.CodeNotFound, chat.CallProposed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			_, yes := b.proposed()
			c.spoil(b, &yes)
			if err := b.Confirm(t.Context(), yes); chat.CodeOf(err) != c.code {
				t.Errorf("confirmed: %v", err)
			}
			b.Close()
			if got := b.store.states()[0]; got != c.state || len(b.shop.seen()) != 0 {
				t.Errorf("the call is %s, the shop was asked %d times", got, len(b.shop.seen()))
			}
		})
	}
}

// What was confirmed is what runs: if the declaration changes in between, nothing does.
func TestAnActionThatWasChangedAfterItWasProposed(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Config){
		"another address": func(c *Config) { c.Actions[1].Path = "/orders/{number}/delete" },
		"another base":    func(c *Config) { c.Services[0].Base += "/v2" },
		"withdrawn":       func(c *Config) { c.Actions = c.Actions[:1] },
		"not here":        func(c *Config) { c.Actions[1].Inboxes = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			_, yes := b.proposed()
			spoil(&b.conf)
			b.declare()
			if err := b.Confirm(t.Context(), yes); err != nil {
				t.Fatal(err)
			}
			b.Close()
			if diff := cmp.Diff([]string{"confirmed", "expired"}, b.store.texts()); diff != "" || len(b.shop.seen()) != 0 || len(b.desk.texts()) != 1 {
				t.Errorf("%s; asked %v; handed over %v", diff, b.shop.seen(), b.desk.texts())
			}
		})
	}
}

// forgets is a Verifier that knows the customer for a while.
type forgets struct{ known *atomic.Bool }

func (f forgets) Identity(context.Context, chat.Ref, uuid.UUID) (Identity, error) {
	return Identity{Verified: f.known.Load()}, nil
}

func TestAnIdentityThatRanOutBeforeTheChange(t *testing.T) {
	t.Parallel()
	var is atomic.Bool
	is.Store(true)
	b := newBench(t, func(o *Options, c *Config) { o.Verifier, c.Actions[1].Verified = forgets{&is}, true })
	_, yes := b.proposed()
	is.Store(false)
	if err := b.Confirm(t.Context(), yes); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if got := b.store.states()[0]; got != chat.CallExpired || len(b.shop.seen()) != 0 {
		t.Errorf("it is %s, the shop was asked %d times", got, len(b.shop.seen()))
	}
}

func TestHowAChangeEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply http.HandlerFunc
		state chat.CallState
		told  bool // a person is
	}{
		"refused":   {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "sent already", http.StatusConflict) }, chat.CallFailed, true},
		"not there": {http.NotFound, chat.CallFailed, true},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/v1/elsewhere", http.StatusTemporaryRedirect)
		}, chat.CallFailed, true},
		"the server failed":    {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", http.StatusBadGateway) }, chat.CallUnknown, true},
		"the line broke":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, chat.CallUnknown, true},
		"no answer":            {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, chat.CallUnknown, true},
		"a garbled answer":     {giveJSON(`{"half`), chat.CallUnknown, true},
		"nothing worth saying": {giveJSON(`{}`), chat.CallDone, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(_ *Options, c *Config) { c.Actions[1].TimeoutMS = 200 })
			b.shop.set(c.reply)
			_, yes := b.proposed()
			if err := b.Confirm(t.Context(), yes); err != nil {
				t.Fatal(err)
			}
			b.Close()
			if got := b.store.states()[0]; got != c.state {
				t.Errorf("it is %s (%s)", got, b.store.calls[0].Error)
			}
			if told := len(b.desk.texts()) == 1; told != c.told || len(b.shop.seen()) != 1 {
				t.Errorf("handed over %v; the shop was asked %d times", b.desk.texts(), len(b.shop.seen()))
			}
		})
	}
}

func TestAShopThatIsNotThereHasDoneNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	_, yes := b.proposed()
	b.shop.Close()
	if err := b.Confirm(t.Context(), yes); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if got := b.store.states()[0]; got != chat.CallFailed {
		t.Errorf("it is %s", got)
	}
}

// A crash between running and done is found, told to a person, and not run again.
func TestASweepFindsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	_, yes := b.proposed()
	b.store.fail = func(m chat.CallMove) error {
		if m.From == chat.CallRunning {
			return chat.Errorf(chat.CodeStale, "the process died here")
		}
		return nil
	}
	if err := b.Confirm(t.Context(), yes); err != nil {
		t.Fatal(err)
	}
	eventually(t, "running", func() bool { return len(b.shop.seen()) == 1 })
	b.Engine.Close()
	b.store.fail = nil
	sweep := func() {
		t.Helper()
		if err := b.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	if got := b.store.states()[0]; got != chat.CallRunning {
		t.Fatalf("it is %s before its time", got)
	}
	b.store.calls[0].Until = time.Now().Add(-time.Second)
	b.desk.err = errors.New("the database is away")
	sweep()
	if got := b.store.states()[0]; got != chat.CallRunning {
		t.Fatalf("it is %s though nobody was told", got)
	}
	b.desk.err = nil
	sweep()
	sweep()
	if got := b.store.states()[0]; got != chat.CallUnknown || len(b.desk.texts()) != 1 || len(b.shop.seen()) != 1 {
		t.Errorf("it is %s, told %v, asked %d times", got, b.desk.texts(), len(b.shop.seen()))
	}
}

// A confirmed change of a node that died before it began is made by another, once.
func TestASweepMakesWhatWasConfirmed(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	card, _ := b.proposed()
	b.store.calls[0].State, b.store.calls[0].UpdatedAt = chat.CallConfirmed, time.Now().Add(-time.Minute)
	for range 2 {
		if err := b.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.store.states()[0]; got != chat.CallDone || len(b.shop.seen()) != 1 || card.Call != b.store.calls[0].ID {
		t.Errorf("it is %s, asked %d times", got, len(b.shop.seen()))
	}
}
