package handoff_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/store"
	"frontdesk/store/postgres"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

// long says that the tests of the state machine run at length: see `make handoff`.
var long = os.Getenv("FRONTDESK_LONG") != ""

// times is n, or at length many.
func times(n, many int) int {
	if long {
		return many
	}
	return n
}

// onBoth runs a test with a desk on each store.
func onBoth(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		folder := sqlitetest.Folder(t)
		test(t, newDeskOn(t, func(o store.Options) (store.Store, error) { return sqlite.Open(context.Background(), folder, o) }))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := newDatabase(t)
		test(t, newDeskOn(t, func(o store.Options) (store.Store, error) { return postgres.Open(context.Background(), url, o) }))
	})
}

// TestModel does random moves of agents, customer, bot, watch and clock to a
// conversation, some of them from what was seen a while ago, and checks after
// each what has to hold always. At length: -rapid.checks.
func TestModel(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now, Log: slog.New(slog.DiscardHandler)})
		m := &model{desk: d, watch: handoff.NewWatch(d.Desk, d.store)}
		m.watch.Close() // its own rounds would come between
		for _, name := range []string{"Ana", "Ben", "Cleo"} {
			m.agents = append(m.agents, d.agent(name, true))
		}
		m.teams = []chat.Team{{}, d.team("Refunds", m.agents[0]), d.team("Shipping", m.agents[1:]...)}
		rapid.Check(t, func(r *rapid.T) {
			m.t = t
			m.begin()
			steps := rapid.SliceOfN(rapid.SampledFrom(moves), 5, 40).Draw(r, "moves")
			for _, step := range steps {
				step.do(m, r)
				m.verify(r, step.name)
			}
		})
		t.Logf("%d moves, %d of them refused", m.done, m.refused)
	})
}

// model is a conversation that is moved at random.
type model struct {
	*desk
	watch  *handoff.Watch
	agents []chat.User
	teams  []chat.Team

	conv          uuid.UUID
	before        chat.Conversation   // as it was before the last move
	seen          []chat.Conversation // as it was at every step: what an agent may still look at
	done, refused int
}

type namedMove struct {
	name string
	do   func(m *model, r *rapid.T)
}

func (n namedMove) String() string { return n.name }

var moves = []namedMove{
	{"the customer writes", (*model).write},
	{"the customer writes", (*model).write},
	{"the customer asks for a person", (*model).ask},
	{"the bot answers", (*model).answer},
	{"the bot answers", (*model).answer},
	{"the bot hands over", func(m *model, r *rapid.T) {
		_, err := m.HandOver(m.ctx, m.ws, m.conv, m.looked(r).Epoch, handoff.Request{Reason: chat.ReasonNothingFound, By: chat.Sender{Kind: chat.PartyBot}})
		m.took(r, err)
	}},
	{"claim", func(m *model, r *rapid.T) {
		_, err := m.Claim(m.ctx, m.ws, m.conv, m.looked(r).Epoch, m.agent(r))
		m.took(r, err)
	}},
	{"claim", func(m *model, r *rapid.T) {
		_, err := m.Claim(m.ctx, m.ws, m.conv, m.looked(r).Epoch, m.agent(r))
		m.took(r, err)
	}},
	{"reply", func(m *model, r *rapid.T) {
		_, err := m.Reply(m.ctx, m.ws, m.conv, m.agent(r), chat.Draft{ClientID: newID(), Text: "Hello"})
		m.took(r, err)
	}},
	{"assign", func(m *model, r *rapid.T) {
		_, err := m.Assign(m.ctx, m.ws, m.conv, m.acts(r), m.agent(r))
		m.took(r, err)
	}},
	{"transfer", func(m *model, r *rapid.T) {
		_, err := m.Transfer(m.ctx, m.ws, m.conv, m.acts(r), rapid.SampledFrom(m.teams).Draw(r, "team"))
		m.took(r, err)
	}},
	{"offer", func(m *model, r *rapid.T) {
		c := m.looked(r)
		_, err := m.Offer(m.ctx, m.ws, m.conv, c.Epoch, chat.Offer{Agent: m.agent(r).ID, Until: m.clock.Now().Add(30 * time.Second), Instead: c.Offered})
		m.took(r, err)
	}},
	{"decline", func(m *model, r *rapid.T) {
		_, err := m.Decline(m.ctx, m.ws, m.conv, m.acts(r))
		m.took(r, err)
	}},
	{"snooze", func(m *model, r *rapid.T) {
		_, err := m.Snooze(m.ctx, m.ws, m.conv, m.acts(r), m.clock.Now().Add(m.while(r)))
		m.took(r, err)
	}},
	{"wake", func(m *model, r *rapid.T) {
		_, err := m.Wake(m.ctx, m.ws, m.conv, m.acts(r))
		m.took(r, err)
	}},
	{"release", func(m *model, r *rapid.T) {
		_, err := m.Release(m.ctx, m.ws, m.conv, m.looked(r).Epoch, m.agent(r))
		m.took(r, err)
	}},
	{"close", func(m *model, r *rapid.T) {
		_, err := m.Close(m.ctx, m.ws, m.conv, m.acts(r), chat.OutcomeSolved)
		m.took(r, err)
	}},
	{"the customer ends it", (*model).end},
	{"an agent comes or goes", func(m *model, r *rapid.T) {
		state := rapid.SampledFrom([]chat.PresenceState{chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline}).Draw(r, "state")
		m.took(r, m.store.SetPresence(m.ctx, m.ws, m.agent(r).ID, state))
	}},
	{"time passes", func(m *model, r *rapid.T) { m.clock.advance(m.while(r)) }},
	{"the watch looks", (*model).look},
	{"the watch looks", (*model).look},
}

func (m *model) begin() {
	if m.conv != uuid.Nil { // the last one, out of the way
		if c := m.state(m.conv); c.Status == chat.StatusOpen {
			who := m.agents[0]
			if c.Owner == chat.OwnerAgent {
				who.ID = c.Agent
			}
			_, err := m.Close(m.ctx, m.ws, m.conv, chat.Act{By: who, Epoch: c.Epoch}, "")
			m.check(err)
		}
	}
	c := m.talk("Where is my order?")
	m.conv, m.before, m.seen = c.ID, c, []chat.Conversation{c}
}

func (m *model) agent(r *rapid.T) chat.User { return rapid.SampledFrom(m.agents).Draw(r, "agent") }

func (m *model) while(r *rapid.T) time.Duration {
	return rapid.SampledFrom([]time.Duration{time.Second, 20 * time.Second, 2 * time.Minute, time.Hour, 5 * time.Hour, 3 * 24 * time.Hour}).Draw(r, "while")
}

// looked is the conversation as somebody sees it: mostly as it is.
func (m *model) looked(r *rapid.T) chat.Conversation {
	back := rapid.SampledFrom([]int{1, 1, 1, 1, 2, 3}).Draw(r, "back")
	return m.seen[max(0, len(m.seen)-back)]
}

func (m *model) acts(r *rapid.T) chat.Act {
	c := m.looked(r)
	return chat.Act{By: m.agent(r), Epoch: c.Epoch, Seen: c.CustomerSeq, Note: rapid.SampledFrom([]string{"", "a note"}).Draw(r, "note")}
}

// took notes an outcome: a move is done or refused, and never fails.
func (m *model) took(r *rapid.T, err error) {
	m.done++
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeStale, chat.CodeConflict, chat.CodeForbidden, chat.CodeClosed:
		m.refused++
	default:
		r.Fatalf("failed: %v", err)
	}
}

// write is what the gateway does with a customer's message: one to a closed
// conversation opens it. Nothing else does but taking it, or asking for a person.
func (m *model) write(r *rapid.T) {
	_, err := m.Reopen(m.ctx, m.ws, m.conv, m.sender())
	m.took(r, err)
	_, err = m.store.Append(m.ctx, m.ws, m.conv, chat.Draft{ClientID: newID(), From: m.sender(), Kind: chat.KindMessage, Text: "And now?"})
	m.took(r, err)
}

func (m *model) ask(r *rapid.T) {
	_, err := m.AskForPerson(m.ctx, m.ws, m.conv, m.sender())
	m.took(r, err)
}

// end is never refused: the customer needs nobody's leave.
func (m *model) end(r *rapid.T) {
	id := newID()
	c, err := m.End(m.ctx, m.ws, m.conv, m.sender(), id)
	m.took(r, err)
	if again, err := m.End(m.ctx, m.ws, m.conv, m.sender(), id); err != nil || c.Status != chat.StatusClosed || again.LastSeq != c.LastSeq {
		r.Fatalf("ended as %+v, and again as %+v: %v", c, again, err)
	}
}

// answer is the bot's, of now or begun a while ago: only the former may stand.
func (m *model) answer(r *rapid.T) {
	c, now := m.looked(r), m.state(m.conv)
	_, err := m.store.AppendIf(m.ctx, m.ws, m.conv, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "It is on its way."},
		chat.Fence{Epoch: c.Epoch, CustomerSeq: c.CustomerSeq})
	fresh := now.Owner == chat.OwnerBot && now.Status == chat.StatusOpen && now.Epoch == c.Epoch && now.CustomerSeq == c.CustomerSeq && now.Unanswered()
	if fresh != (err == nil) {
		r.Fatalf("an answer to %+v, when it is %+v: %v", c, now, err)
	}
	m.took(r, err)
}

func (m *model) look(r *rapid.T) {
	m.watch.Look(m.ctx)
	// A second round, for what the first has moved: a round is done every 5 s.
	m.watch.Look(m.ctx)
	n, err := m.store.Orphans(m.ctx, m.ws, m.clock.Now().Add(time.Second))
	m.took(r, err)
	waits, err := m.store.Awaiting(m.ctx, m.ws, m.clock.Now().Add(time.Second), 0)
	m.took(r, err)
	if n > len(waits) { // what is the bot's to answer, its runner sees to
		r.Fatalf("%d orphans, %d of them the bot's:\n%s", n, len(waits), strings.Join(m.log(m.conv), "\n"))
	}
}

// verify checks what holds always.
func (m *model) verify(r *rapid.T, after string) {
	c := m.state(m.conv)
	bad := func(format string, args ...any) {
		r.Helper()
		r.Fatalf("after %q: %s\n%s\nstate %+v", after, fmt.Sprintf(format, args...), strings.Join(m.log(m.conv), "\n"), c)
	}
	open, queued := c.Status == chat.StatusOpen, c.Owner == chat.OwnerQueue && c.Status == chat.StatusOpen
	switch {
	case (c.Owner == chat.OwnerAgent) != (c.Agent != uuid.Nil):
		bad("an agent without being the owner, or the other way round")
	case queued != !c.Waiting.IsZero():
		bad("it waits where it should not, or does not")
	case queued && c.Promised.IsZero():
		bad("it waits without a promise")
	case !queued && (c.Offered != uuid.Nil || c.Passed != nil):
		bad("an offer of what does not wait")
	case !c.Snoozed.IsZero() && (c.Owner != chat.OwnerAgent || !open):
		bad("snoozed, and nobody's")
	case open && c.Outcome != chat.OutcomeNone:
		bad("open, with an outcome")
	case c.Owner == chat.OwnerBot && open && (c.Priority != chat.PriorityNormal || c.Team != uuid.Nil):
		bad("the bot's, with what belongs to people")
	}
	entries, err := m.store.Entries(m.ctx, m.ws, m.conv, chat.LogPublic, 0, 0)
	m.check(err)
	if fault := readLog(c, entries); fault != "" {
		bad("%s", fault)
	}
	if fault := m.promiseKept(c, entries); fault != "" {
		bad("%s", fault)
	}
	m.before = c
	m.seen = append(m.seen, c)
}

// readLog follows owner and epoch through a log, and says what is wrong with it.
func readLog(c chat.Conversation, entries []chat.Entry) string {
	owner, agent, status, epoch := chat.OwnerBot, uuid.Nil, chat.StatusOpen, int64(1)
	for i, e := range entries {
		if e.Seq != int64(i+1) {
			return fmt.Sprintf("entry %d has the number %d", i+1, e.Seq)
		}
		switch {
		case e.Change != nil:
			ch := e.Change
			if ch.Epoch != epoch+1 || ch.From != owner {
				return fmt.Sprintf("from %s, epoch %d: %+v", owner, epoch, ch)
			}
			if ch.To == owner && ch.Agent == agent && ch.Status == status {
				return fmt.Sprintf("a move from and to the same: %+v", ch)
			}
			owner, agent, status, epoch = ch.To, ch.Agent, ch.Status, ch.Epoch
		case e.Kind != chat.KindMessage:
		case e.From.Kind == chat.PartyBot && (owner != chat.OwnerBot || status != chat.StatusOpen):
			return fmt.Sprintf("the bot spoke at %d, when it was the %s's", e.Seq, owner)
		case e.From.Kind == chat.PartyAgent && (owner != chat.OwnerAgent || agent != e.From.ID):
			return fmt.Sprintf("an agent spoke at %d, when it was not hers", e.Seq)
		}
	}
	if owner != c.Owner || agent != c.Agent || status != c.Status || epoch != c.Epoch {
		return fmt.Sprintf("by its log it is the %s's, %s, epoch %d", owner, status, epoch)
	}
	return ""
}

// promiseKept says whether what was promised before has been lost: it ends by
// an agent's word or with the conversation, and another time is told.
func (m *model) promiseKept(c chat.Conversation, entries []chat.Entry) string {
	if c.Promised.Equal(m.before.Promised) {
		return ""
	}
	spoke, told, ended := false, false, false
	for _, e := range entries[m.before.LastSeq:] {
		spoke = spoke || e.Kind == chat.KindMessage && e.From.Kind == chat.PartyAgent
		told = told || e.Notice != nil
		ended = ended || e.Change != nil && e.Change.Status == chat.StatusClosed
	}
	switch {
	case c.Promised.IsZero() && !spoke && !ended:
		return "the promise is gone, and nobody has answered"
	case !c.Promised.IsZero() && !told:
		return "another time, and the customer was not told"
	}
	return ""
}

// TestClaimRace: of 100 agents who claim at once, one has it.
func TestClaimRace(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		agents := make([]chat.User, 100)
		for i := range agents {
			agents[i] = chat.User{ID: newID(), Name: fmt.Sprint("Agent ", i), Role: chat.RoleAgent}
		}
		for range times(3, 1000) {
			c := d.waiting("A person, please")
			errs := make([]error, len(agents))
			var all sync.WaitGroup
			start := make(chan struct{})
			for i, a := range agents {
				all.Go(func() {
					<-start
					_, errs[i] = d.Claim(d.ctx, d.ws, c.ID, c.Epoch, a)
				})
			}
			close(start)
			all.Wait()
			won := -1
			for i, err := range errs {
				switch chat.CodeOf(err) {
				case "":
					if won >= 0 {
						t.Fatalf("both %d and %d have it", won, i)
					}
					won = i
				case chat.CodeConflict, chat.CodeStale:
				default:
					t.Fatal(err)
				}
			}
			now := d.state(c.ID)
			if won < 0 || now.Agent != agents[won].ID || now.Epoch != c.Epoch+1 || now.LastSeq != c.LastSeq+1 {
				t.Fatalf("%d has it: %+v", won, now)
			}
			_, err := d.Close(d.ctx, d.ws, c.ID, chat.Act{By: agents[won], Epoch: now.Epoch}, "")
			d.check(err)
		}
	})
}

// TestSlowAnswer: a bot that is slow and somebody who takes the conversation
// meet at random. No word of the bot comes after; the handoff is one; and when
// it is given back, the bot answers what is said then.
func TestSlowAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		rng := newRand(t)
		ana := d.agent("Ana", true)
		answered, beaten := 0, 0
		for range times(100, 10_000) {
			c := d.talk("Where is my order?")
			takeovers := []func() error{
				func() error { _, err := d.Claim(d.ctx, d.ws, c.ID, c.Epoch, ana); return err },
				func() error {
					_, err := d.Assign(d.ctx, d.ws, c.ID, chat.Act{By: ana, Epoch: c.Epoch}, ana)
					return err
				},
				func() error { _, err := d.AskForPerson(d.ctx, d.ws, c.ID, d.sender()); return err },
				func() error {
					_, err := d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonFailure, By: chat.Sender{Kind: chat.PartyBot}})
					return err
				},
			}
			take, again := takeovers[rng.IntN(len(takeovers))], takeovers[rng.IntN(len(takeovers))]
			first, second, late := rng.IntN(400), rng.IntN(400), rng.IntN(400) // µs: about what a write takes
			var all sync.WaitGroup
			var said error
			all.Go(func() { time.Sleep(time.Duration(first) * time.Microsecond); said = d.botSays(c) })
			for _, other := range []struct {
				after int
				take  func() error
			}{{second, take}, {late, again}} {
				all.Go(func() {
					time.Sleep(time.Duration(other.after) * time.Microsecond)
					if err := other.take(); err != nil && chat.CodeOf(err) != chat.CodeStale && chat.CodeOf(err) != chat.CodeConflict {
						t.Error(err)
					}
				})
			}
			all.Wait()
			switch chat.CodeOf(said) {
			case "":
				answered++
			case chat.CodeStale:
				beaten++
			default:
				t.Fatal(said)
			}
			d.givesBack(c.ID, ana)
		}
		t.Logf("the bot was in time %d times, and too late %d times", answered, beaten)
		if !long {
			return
		}
		if answered == 0 || beaten == 0 {
			t.Error("they did not meet")
		}
	})
}

// botSays is the bot's answer to c as it was.
func (d *desk) botSays(c chat.Conversation) error {
	_, err := d.store.AppendIf(d.ctx, d.ws, c.ID, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "It is on its way."},
		chat.Fence{Epoch: c.Epoch, CustomerSeq: c.CustomerSeq})
	return err
}

// givesBack reads the log of a conversation that was taken, and has it answered
// by ana, given back, and answered by the bot.
func (d *desk) givesBack(conv uuid.UUID, ana chat.User) {
	d.t.Helper()
	check := func() chat.Conversation {
		d.t.Helper()
		c := d.state(conv)
		entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogPublic, 0, 0)
		d.check(err)
		if fault := readLog(c, entries); fault != "" {
			d.t.Fatalf("%s\n%s", fault, strings.Join(d.log(conv), "\n"))
		}
		return c
	}
	c := check()
	if c.Owner == chat.OwnerBot {
		d.t.Fatalf("nobody took it: %+v", c)
	}
	d.replies(d.claims(c, ana), ana)
	c, err := d.Release(d.ctx, d.ws, conv, d.state(conv).Epoch, ana)
	d.check(err)
	d.says(conv, "And the other one?")
	c = d.state(conv)
	want := chat.Conversation{Owner: chat.OwnerBot, Status: chat.StatusOpen}
	if diff := cmp.Diff(want, chat.Conversation{Owner: c.Owner, Agent: c.Agent, Status: c.Status, Waiting: c.Waiting, Promised: c.Promised, Priority: c.Priority}); diff != "" {
		d.t.Fatalf("given back (-want +got):\n%s", diff)
	}
	d.check(d.botSays(c))
	check()
	_, err = d.Close(d.ctx, d.ws, conv, chat.Act{By: ana, Epoch: c.Epoch}, "")
	d.check(err)
}
