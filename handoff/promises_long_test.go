package handoff_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/store"
	"frontdesk/store/dsn"
	"frontdesk/store/sqlite/sqlitetest"
)

// TestNoPromiseIsForgotten plays conversations over weeks in which clocks jump,
// servers restart, and agents come and go: every promise is kept in time, moved
// with consent, withdrawn for a reason, or broken and told. FRONTDESK_LONG=1 plays
// 10,000 conversations on each store (make promises); FRONTDESK_SEED repeats a run.
func TestNoPromiseIsForgotten(t *testing.T) {
	t.Parallel()
	n, rounds := 60, 14
	if os.Getenv("FRONTDESK_LONG") != "" {
		n, rounds = 10_000, 10
	}
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("FRONTDESK_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		newLedgerPlay(t, "", sqlitetest.Folder(t), seed).play(n, rounds)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := os.Getenv("FRONTDESK_TEST_DATABASE_URL")
		if server == "" {
			t.Skip("FRONTDESK_TEST_DATABASE_URL is not set: no PostgreSQL to test on")
		}
		newLedgerPlay(t, freshDatabase(t, server), "", seed).play(n/3, rounds)
	})
}

// freshDatabase makes a database that is dropped with the test, and gives its URL.
func freshDatabase(t *testing.T, server string) string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	name := "promises_" + uuid.New().String()[:8]
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
		conn.Close(ctx)
	})
	config, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable", config.User, config.Password, config.Host, config.Port, name)
}

// ledgerPlay is a workspace in which many conversations are played at once.
type ledgerPlay struct {
	t         *testing.T
	ctx       context.Context
	url, data string
	seed      uint64
	clock     *clock
	store     store.Store
	desk      *handoff.Desk
	watch     *handoff.Watch
	ws        uuid.UUID
	agents    []chat.User
	talks     []*playedTalk
	restarts  int
}

// playedTalk is one conversation, with what was agreed in it.
type playedTalk struct {
	id       uuid.UUID
	customer uuid.UUID
	rng      *rand.Rand
	made     map[uuid.UUID]bool // agents' promises that were recorded
	agreed   map[uuid.UUID]bool // to whose new time the customer agreed
}

func newLedgerPlay(t *testing.T, url, data string, seed uint64) *ledgerPlay {
	t.Helper()
	t.Logf("seed %d", seed)
	p := &ledgerPlay{t: t, ctx: context.Background(), url: url, data: data, seed: seed, clock: &clock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}}
	p.open()
	t.Cleanup(func() { p.store.Close() })
	ws, inbox, err := p.store.EnsureWorkspace(p.ctx, "w", chat.Inbox{Key: "k", Name: "Site", Settings: chat.InboxSettings{Timezone: "Europe/Berlin"}})
	p.check(err)
	p.ws = ws.ID
	for i := range 6 {
		u, err := p.store.CreateUser(p.ctx, p.ws, chat.User{Name: fmt.Sprint("Agent ", i), Email: fmt.Sprint(i, "@example.com"), Role: chat.RoleAgent})
		p.check(err)
		p.agents = append(p.agents, u)
	}
	p.talks = []*playedTalk{{id: inbox.ID}} // its inbox, until play makes them
	return p
}

func (p *ledgerPlay) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// open opens the store as a server does that starts.
func (p *ledgerPlay) open() {
	p.t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	var err error
	p.store, err = dsn.Open(p.ctx, p.url, p.data, store.Options{Now: p.clock.Now, Log: quiet})
	p.check(err)
	p.desk = handoff.New(handoff.Options{Store: p.store, Surroundings: p.store, Now: p.clock.Now, Log: quiet})
	p.watch = handoff.NewWatch(p.desk, p.store)
	p.watch.Close() // its own rounds would come between
}

func (p *ledgerPlay) play(n, rounds int) {
	inbox := p.talks[0].id
	p.talks = make([]*playedTalk, n)
	p.each(func(i int) error {
		who, err := p.store.CreateCustomer(p.ctx, p.ws, chat.Customer{TokenHash: fmt.Append(nil, i)})
		if err != nil {
			return err
		}
		c, err := p.store.OpenConversation(p.ctx, p.ws, chat.Conversation{ID: newID(), Inbox: inbox, Customer: who.ID})
		p.talks[i] = &playedTalk{id: c.ID, customer: who.ID, rng: rand.New(rand.NewPCG(p.seed, uint64(i))), made: map[uuid.UUID]bool{}, agreed: map[uuid.UUID]bool{}}
		return err
	})
	rng := rand.New(rand.NewPCG(p.seed, 1<<40))
	for round := range rounds {
		for _, a := range p.agents {
			state := []chat.PresenceState{chat.PresenceOnline, chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline}[rng.IntN(4)]
			p.check(p.store.SetPresence(p.ctx, p.ws, a.ID, state))
		}
		p.each(func(i int) error { return p.step(p.talks[i]) })
		// Minutes mostly, at times days, and now and then the clock is put back.
		jump := []time.Duration{time.Minute, 10 * time.Minute, 40 * time.Minute, 3 * time.Hour, 20 * time.Hour, 70 * time.Hour, -5 * time.Minute}[rng.IntN(7)]
		p.clock.advance(jump)
		if rng.IntN(4) == 0 {
			p.check(p.store.Close())
			p.restarts++
			p.open()
		}
		if rng.IntN(5) > 0 || round == rounds-1 { // else nobody watches this time: the server is down
			p.lookAfter()
			p.each(func(i int) error { return p.stands(p.talks[i]) })
		}
	}
	p.finish()
}

// each calls f for every conversation, several at a time.
func (p *ledgerPlay) each(f func(i int) error) {
	p.t.Helper()
	var wg sync.WaitGroup
	errs := make(chan error, len(p.talks))
	next := make(chan int)
	for range 32 {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					errs <- fmt.Errorf("conversation %d: %w", i, err)
				}
			}
		})
	}
	for i := range p.talks {
		next <- i
	}
	close(next)
	wg.Wait()
	close(errs)
	for err := range errs {
		p.t.Fatal(err)
	}
}

// lookAfter is what a Watch does in as many rounds as it takes.
func (p *ledgerPlay) lookAfter() {
	p.t.Helper()
	for left := len(p.talks) + 10; ; left-- {
		todo, err := p.store.PromisesToActOn(p.ctx, p.ws, 1)
		p.check(err)
		p.watch.Look(p.ctx)
		if len(todo) == 0 {
			return
		}
		if left == 0 {
			p.t.Fatalf("the watch does not come to an end: %+v", todo)
		}
	}
}

// step does one random thing in a conversation. What is refused (it is closed,
// somebody else's, settled) is as good as nothing.
func (p *ledgerPlay) step(t *playedTalk) error {
	c, err := p.store.Conversation(p.ctx, p.ws, t.id)
	if err != nil {
		return err
	}
	agent := p.agents[t.rng.IntN(len(p.agents))]
	customer := chat.Sender{Kind: chat.PartyCustomer, ID: t.customer}
	switch t.rng.IntN(12) {
	case 0, 1:
		_, err = p.store.Append(p.ctx, p.ws, c.ID, chat.Draft{ClientID: newID(), From: customer, Kind: chat.KindMessage, Text: "And?"})
	case 2, 3:
		_, err = p.desk.HandOver(p.ctx, p.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonAsked, By: chat.Sender{Kind: chat.PartyBot}})
	case 4, 5:
		_, err = p.desk.Reply(p.ctx, p.ws, c.ID, agent, chat.Draft{ClientID: newID(), Text: "Here I am."})
	case 6:
		_, err = p.desk.Release(p.ctx, p.ws, c.ID, c.Epoch, agent)
	case 7:
		if _, err = p.desk.Close(p.ctx, p.ws, c.ID, chat.Act{Epoch: c.Epoch, By: agent}, chat.OutcomeSolved); err == nil && t.rng.IntN(2) == 0 {
			_, err = p.desk.Reopen(p.ctx, p.ws, c.ID, customer)
		}
	case 8, 9:
		want := chat.Promise{ID: newID(), Text: "A refund", Due: p.clock.Now().Add(time.Duration(1+t.rng.IntN(5000)) * time.Minute)}
		if _, err = p.desk.Promise(p.ctx, p.ws, c.ID, agent, want); err == nil {
			t.made[want.ID] = true
		}
	default:
		err = p.change(t, agent)
	}
	if chat.CodeOf(err) == chat.CodeUnavailable || chat.CodeOf(err) == chat.CodeInternal {
		return err
	}
	return nil
}

// change settles one of the conversation's open promises.
func (p *ledgerPlay) change(t *playedTalk, agent chat.User) error {
	page, err := p.store.Promises(p.ctx, p.ws, chat.PromiseQuery{Conversation: t.id, State: chat.PromiseOpen})
	if err != nil || len(page.Promises) == 0 {
		return err
	}
	one := page.Promises[t.rng.IntN(len(page.Promises))]
	ch := chat.PromiseChange{State: []chat.PromiseState{chat.PromiseKept, chat.PromiseMoved, chat.PromiseWithdrawn}[t.rng.IntN(3)], Reason: "So it is.",
		Due: p.clock.Now().Add(time.Duration(1+t.rng.IntN(3000)) * time.Minute), Consent: t.rng.IntN(2) == 0}
	_, err = p.desk.ChangePromise(p.ctx, p.ws, one.ID, agent, ch)
	if err == nil && ch.State == chat.PromiseMoved && ch.Consent {
		t.agreed[one.ID] = true
	}
	return err
}

// stands checks a conversation after the watch: nothing is overdue, and its
// promised time is that of its one open promise of an answer.
func (p *ledgerPlay) stands(t *playedTalk) error {
	c, err := p.store.Conversation(p.ctx, p.ws, t.id)
	if err != nil {
		return err
	}
	page, err := p.store.Promises(p.ctx, p.ws, chat.PromiseQuery{Conversation: t.id, State: chat.PromiseOpen, Limit: 200})
	if err != nil {
		return err
	}
	answers := 0
	for _, one := range page.Promises {
		if !one.Due.After(p.clock.Now()) {
			return fmt.Errorf("at %v it is forgotten: %+v", p.clock.Now(), one)
		}
		if one.Kind == chat.PromiseAnswer {
			answers++
			if !one.Due.Equal(c.Promised) {
				return fmt.Errorf("promised %v, in the ledger %+v", c.Promised, one)
			}
		}
	}
	if want := map[bool]int{true: 0, false: 1}[c.Promised.IsZero()]; answers != want {
		return fmt.Errorf("promised %v, %d open promises of an answer", c.Promised, answers)
	}
	if c.Owner == chat.OwnerQueue && c.Status == chat.StatusOpen && c.Promised.IsZero() {
		return fmt.Errorf("it waits without a time: %+v", c)
	}
	return nil
}

// finish reads the whole ledger: what became of each promise, and what the
// customer was told of it.
func (p *ledgerPlay) finish() {
	seed, err := p.store.Secret(p.ctx, p.ws, chat.ReceiptSecret)
	p.check(err)
	key := chat.ReceiptKey(seed)
	var mu sync.Mutex
	counts := map[chat.PromiseState]int{}
	p.each(func(i int) error {
		t := p.talks[i]
		told, err := p.told(t)
		if err != nil {
			return err
		}
		for q := (chat.PromiseQuery{Conversation: t.id, Limit: 200}); ; {
			page, err := p.store.Promises(p.ctx, p.ws, q)
			if err != nil {
				return err
			}
			for _, one := range page.Promises {
				delete(t.made, one.ID)
				if err := p.fate(t, one, told); err != nil {
					return err
				}
				if !one.Verify(key) {
					return fmt.Errorf("its receipt does not verify: %+v", one)
				}
				mu.Lock()
				counts[one.State]++
				mu.Unlock()
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if len(t.made) > 0 {
			return fmt.Errorf("recorded, and not in the ledger: %v", t.made)
		}
		return nil
	})
	stats, err := p.store.PromiseStats(p.ctx, p.ws, time.Time{})
	p.check(err)
	if want := (chat.PromiseStats{Kept: counts[chat.PromiseKept], Moved: counts[chat.PromiseMoved], Broken: counts[chat.PromiseBroken],
		Withdrawn: counts[chat.PromiseWithdrawn], Open: counts[chat.PromiseOpen], DueSoon: stats.DueSoon}); stats != want {
		p.t.Errorf("counted %+v, want %+v", stats, want)
	}
	for _, state := range []chat.PromiseState{chat.PromiseKept, chat.PromiseMoved, chat.PromiseBroken, chat.PromiseWithdrawn} {
		if counts[state] == 0 {
			p.t.Errorf("no promise was %s: the play is too short to show anything", state)
		}
	}
	p.t.Logf("%d conversations, %d restarts, promises: %v", len(p.talks), p.restarts, counts)
}

// told gives what the customer holds: the promises of which there is a copy in
// the log, and the times at which a broken one was told.
func (p *ledgerPlay) told(t *playedTalk) (map[uuid.UUID]bool, error) {
	told := map[uuid.UUID]bool{}
	for after := int64(0); ; {
		entries, err := p.store.Entries(p.ctx, p.ws, t.id, chat.LogPublic, after, 500)
		if err != nil || len(entries) == 0 {
			return told, err
		}
		for _, e := range entries {
			after = e.Seq
			if e.Promise == nil {
				continue
			}
			told[e.Promise.ID] = true
			if e.Notice != nil && e.Notice.Kind == chat.NoticeOverdue {
				told[apologyFor(*e.Promise)] = true
			}
		}
	}
}

// apologyFor names the apology that an entry with this copy is: for the promise
// before it, or for itself if it had no new time.
func apologyFor(p chat.Promise) uuid.UUID {
	broken := p.Before
	if p.State == chat.PromiseBroken {
		broken = p.ID
	}
	return uuid.NewSHA1(broken, []byte("apology"))
}

// fate says what is wrong with what became of a promise.
func (p *ledgerPlay) fate(t *playedTalk, one chat.Promise, told map[uuid.UUID]bool) error {
	wrong := ""
	switch {
	case !told[one.ID]:
		wrong = "the customer has no copy"
	case one.State == chat.PromiseOpen && !one.Due.After(p.clock.Now()):
		wrong = "it is forgotten"
	case one.State == chat.PromiseKept && one.SettledAt.After(one.Due):
		wrong = "it was kept too late"
	case one.State == chat.PromiseMoved && !t.agreed[one.ID]:
		wrong = "it was moved, and nobody asked the customer"
	case one.State == chat.PromiseMoved && one.MovedTo == uuid.Nil:
		wrong = "it was moved nowhere"
	case one.State == chat.PromiseBroken && (one.ToldAt.IsZero() || !told[uuid.NewSHA1(one.ID, []byte("apology"))]):
		wrong = "it is broken, and the customer was not told"
	case one.State == chat.PromiseWithdrawn && one.Kind == chat.PromiseOther && one.Reason == "":
		wrong = "it was withdrawn for no reason"
	}
	if wrong == "" {
		return nil
	}
	return fmt.Errorf("%s: %+v", wrong, one)
}
