package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
)

// world is what a case works with: an open store with a workspace of its own
// (ws), which has an inbox, two customers and two users and nothing else, and
// a second one (beside) that is full of similar things.
type world struct {
	store.Store
	t       tester
	ctx     context.Context
	backend Backend
	address string
	clock   *clock
	signals *signals

	ws, beside uuid.UUID
	inbox      chat.Inbox
	before     besideState
}

// tester is what the helpers need of a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
}

// The people whom every workspace of the suite has, under the same ids.
var (
	ann   = id("customer ann")
	bob   = id("customer bob")
	alice = id("user alice")
	amir  = id("user amir")
)

// id gives the UUID that name stands for in all cases and workspaces.
func id(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

func newWorld(t testing.TB, b Backend) *world {
	t.Helper()
	w := &world{
		t: t, ctx: t.Context(), backend: b, address: b.New(t),
		// Nanoseconds that a store must cut off.
		clock:   &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC)},
		signals: &signals{},
	}
	w.open()
	t.Cleanup(w.finish)

	ws, inbox, err := w.EnsureWorkspace(w.ctx, "mine", chat.Inbox{ID: id("inbox"), Key: "key-mine", Name: "Site"})
	check(t, err)
	w.ws, w.inbox = ws.ID, inbox
	w.beside = must(w.CreateWorkspace(w.ctx, "beside"))(t).ID
	must(w.PutInbox(w.ctx, w.beside, chat.Inbox{ID: id("inbox"), Key: "key-beside", Name: "Site"}))(t)
	w.addPeople(w.ws)
	w.addPeople(w.beside)
	w.fillBeside()
	w.before = w.stateOf(w.beside)
	return w
}

// open opens the store at the world's address.
func (w *world) open() {
	w.t.Helper()
	w.Store = w.openWith(store.Options{Now: w.clock.Now, Notify: w.signals.notify})
}

// openWith opens another handle on the data.
func (w *world) openWith(o store.Options) store.Store {
	w.t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	// Not the test's context: it ends before the cleanup that reopens.
	s, err := w.backend.Open(context.WithoutCancel(w.ctx), w.address, o)
	if err != nil {
		w.t.Fatalf("open %s: %v", w.address, err)
	}
	return s
}

// reopen closes the store and opens the same data again.
func (w *world) reopen() {
	w.t.Helper()
	check(w.t, w.Close())
	w.open()
}

// finish checks that the workspace beside is as it was, from a fresh handle.
func (w *world) finish() {
	w.ctx = context.WithoutCancel(w.ctx)
	check(w.t, w.Close())
	if w.t.Failed() {
		return
	}
	w.open()
	defer func() { check(w.t, w.Close()) }()
	if w.before.KnowledgeVersion == 0 {
		return // the case failed while it was set up
	}
	if diff := cmp.Diff(w.before, w.stateOf(w.beside), cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("the workspace beside changed (-before +after):\n%s", diff)
	}
	w.checkBesideWork()
}

// addPeople gives ws its customers and users.
func (w *world) addPeople(ws uuid.UUID) {
	w.t.Helper()
	for _, c := range []chat.Customer{
		{ID: ann, TokenHash: []byte("hash of ann's token"), Name: "Ann"},
		{ID: bob, TokenHash: []byte("hash of bob's token"), Name: "Bob"},
	} {
		must(w.CreateCustomer(w.ctx, ws, c))(w.t)
	}
	must(w.CreateOwner(w.ctx, ws, chat.User{ID: alice, Email: "alice@example.com", Name: "Alice", PasswordHash: "x"}))(w.t)
	must(w.CreateUser(w.ctx, ws, chat.User{ID: amir, Email: "amir@example.com", Name: "Amir", Role: chat.RoleAgent}))(w.t)
}

// conversation opens Ann's conversation of that name in ws.
func (w *world) conversation(ws uuid.UUID, name string) chat.Conversation {
	w.t.Helper()
	return must(w.OpenConversation(w.ctx, ws, chat.Conversation{ID: id(name), Inbox: id("inbox"), Customer: ann}))(w.t)
}

// says appends d to the conversation of that name.
func (w *world) says(name string, d chat.Draft) chat.Entry {
	w.t.Helper()
	return must(w.Append(w.ctx, w.ws, id(name), d))(w.t)
}

// move makes a transition from the conversation's present epoch.
func (w *world) move(name string, t chat.Transition) chat.Conversation {
	w.t.Helper()
	return w.moveIn(w.ws, name, t)
}

func (w *world) moveIn(ws uuid.UUID, name string, t chat.Transition) chat.Conversation {
	w.t.Helper()
	t.Epoch = must(w.Conversation(w.ctx, ws, id(name)))(w.t).Epoch
	c, _, err := w.Transition(w.ctx, ws, id(name), t)
	check(w.t, err)
	return c
}

// state gives the conversation of that name.
func (w *world) state(name string) chat.Conversation {
	w.t.Helper()
	return must(w.Conversation(w.ctx, w.ws, id(name)))(w.t)
}

// log gives the whole log of the conversation of that name.
func (w *world) log(name string, log chat.Log) []chat.Entry {
	w.t.Helper()
	var all []chat.Entry
	for {
		page := must(w.Entries(w.ctx, w.ws, id(name), log, int64(len(all)), 0))(w.t)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// clock is a clock that moves only when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// time is now as a store gives it.
func (c *clock) time() time.Time { return c.Now().Truncate(time.Microsecond) }

// signals collects what a store tells its Notify function.
type signals struct {
	mu   sync.Mutex
	all  []chat.Signal
	hook func(chat.Signal)
}

func (s *signals) notify(sig chat.Signal) {
	s.mu.Lock()
	hook := s.hook
	s.all = append(s.all, sig)
	s.mu.Unlock()
	if hook != nil {
		hook(sig)
	}
}

// of gives the signals about ws so far.
func (s *signals) of(ws uuid.UUID) []chat.Signal {
	s.mu.Lock()
	defer s.mu.Unlock()
	var mine []chat.Signal
	for _, sig := range s.all {
		if sig.Workspace == ws {
			mine = append(mine, sig)
		}
	}
	return mine
}

func (s *signals) setHook(hook func(chat.Signal)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

// must unwraps the result of a call that has to succeed: must(f())(t).
func must[T any](v T, err error) func(tester) T {
	return func(t tester) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// wantCode checks that err has the code, and that it is the store's own: an
// error of another kind would be a fault of the database.
func wantCode(t tester, err error, code chat.Code) {
	t.Helper()
	var e *chat.Error
	switch {
	case err == nil:
		t.Errorf("no error, want code %q", code)
	case !errors.As(err, &e):
		t.Errorf("error without a code, want %q: %v", code, err)
	case e.Code != code:
		t.Errorf("code %q, want %q: %v", e.Code, code, err)
	}
}

// equal compares, and takes nil and empty for the same.
func equal(t tester, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// together calls f with 0..n-1, each in a goroutine, and gives the errors
// joined once all have returned.
func together(n int, f func(i int) error) error {
	var (
		wg   sync.WaitGroup
		errs = make([]error, n)
	)
	for i := range n {
		wg.Go(func() {
			if err := f(i); err != nil {
				errs[i] = fmt.Errorf("number %d: %w", i, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// eventually polls until ok, for what a store may do after it has returned.
func eventually(t tester, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within 10 s: %s", what)
}
