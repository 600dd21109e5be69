package handoff_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a Desk on a store of its own, with one inbox, one customer and a clock.
type desk struct {
	*handoff.Desk
	t     testing.TB
	ctx   context.Context
	store store.Store
	ws    uuid.UUID
	inbox chat.Inbox
	ann   chat.Customer
	clock *clock
}

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

func newDesk(t testing.TB) *desk {
	t.Helper()
	return newDeskOn(t, func(o store.Options) (store.Store, error) {
		return sqlite.Open(context.Background(), sqlitetest.Folder(t), o)
	})
}

func newDeskOn(t testing.TB, open func(store.Options) (store.Store, error)) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), clock: &clock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}} // a Monday
	var err error
	d.store, err = open(store.Options{Now: d.clock.Now})
	d.check(err)
	t.Cleanup(func() { d.store.Close() })
	ws, inbox, err := d.store.EnsureWorkspace(d.ctx, "w", chat.Inbox{Key: "k", Name: "Site"})
	d.check(err)
	d.ws, d.inbox = ws.ID, inbox
	d.ann, err = d.store.CreateCustomer(d.ctx, d.ws, chat.Customer{TokenHash: []byte("ann"), Locale: "en"})
	d.check(err)
	d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now})
	return d
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) agent(name string, online bool) chat.User {
	d.t.Helper()
	u, err := d.store.CreateUser(d.ctx, d.ws, chat.User{Name: name, Email: name + "@example.com", Role: chat.RoleAgent})
	d.check(err)
	if online {
		d.check(d.store.SetPresence(d.ctx, d.ws, u.ID, chat.PresenceOnline))
	}
	return u
}

// talk opens a conversation in which the customer says the texts.
func (d *desk) talk(texts ...string) chat.Conversation {
	d.t.Helper()
	c, err := d.store.OpenConversation(d.ctx, d.ws, chat.Conversation{ID: newID(), Inbox: d.inbox.ID, Customer: d.ann.ID, Locale: "en"})
	d.check(err)
	for _, text := range texts {
		d.says(c.ID, text)
	}
	return d.state(c.ID)
}

func (d *desk) says(conv uuid.UUID, text string) {
	d.t.Helper()
	_, err := d.store.Append(d.ctx, d.ws, conv, chat.Draft{ClientID: newID(), From: d.sender(), Kind: chat.KindMessage, Text: text})
	d.check(err)
}

func (d *desk) sender() chat.Sender { return chat.Sender{Kind: chat.PartyCustomer, ID: d.ann.ID} }

func (d *desk) state(conv uuid.UUID) chat.Conversation {
	d.t.Helper()
	c, err := d.store.Conversation(d.ctx, d.ws, conv)
	d.check(err)
	return c
}

// log gives the public log as "party kind: text".
func (d *desk) log(conv uuid.UUID) []string {
	d.t.Helper()
	entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogPublic, 0, 500)
	d.check(err)
	var out []string
	for _, e := range entries {
		line := fmt.Sprintf("%s %s: %s", e.From.Kind, e.Kind, e.Text)
		if e.Body.Change != nil {
			line = fmt.Sprintf("%s>%s %s %s", e.Body.Change.From, e.Body.Change.To, e.Body.Change.Status, e.Body.Change.Reason)
		}
		out = append(out, line)
	}
	return out
}

func (d *desk) orphans() int {
	d.t.Helper()
	n, err := d.store.Orphans(d.ctx, d.ws, d.clock.Now().Add(time.Hour))
	d.check(err)
	return n
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func wantCode(t testing.TB, err error, code chat.Code) {
	t.Helper()
	if chat.CodeOf(err) != code {
		t.Errorf("error %v, want code %q", err, code)
	}
}

func equal(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestHandOverWithNobodyThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.clock.advance(8 * time.Hour) // Monday, 18:00
	c := d.talk("Where is my parcel?")
	confidence := .31
	after, err := d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{
		Reason: chat.ReasonLowConfidence, By: chat.Sender{Kind: chat.PartyBot}, Confidence: &confidence,
		Says: &chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "A person can look that up.",
			Body: chat.Body{Answer: &chat.Answer{Action: chat.ActionHandoff}}},
	})
	d.check(err)
	promised := time.Date(2026, 3, 3, 11, 0, 0, 0, time.UTC)
	if after.Owner != chat.OwnerQueue || after.Epoch != c.Epoch+1 || !after.Promised.Equal(promised) || after.Waiting.IsZero() || after.Unanswered() {
		t.Errorf("after: %+v", after)
	}
	equal(t, "log", []string{
		"customer message: Where is my parcel?",
		"bot message: A person can look that up.",
		"bot>queue open low_confidence",
		"system notice: Nobody is at the desk right now. Our team is back tomorrow, 9:00. Leave your e-mail and you have an answer by tomorrow, 11:00 UTC.",
	}, d.log(c.ID))
	entries, err := d.store.Entries(d.ctx, d.ws, c.ID, chat.LogPublic, 3, 1)
	d.check(err)
	equal(t, "notice", &chat.Notice{Kind: chat.NoticeOffline, Promised: promised, AskEmail: true, Opens: promised.Add(-2 * time.Hour)}, entries[0].Body.Notice)
	h, err := d.store.Handoff(d.ctx, d.ws, c.ID)
	d.check(err)
	if h.Reason != chat.ReasonLowConfidence || h.Brief.Goal != "Where is my parcel?" || h.Brief.Identity != "anonymous" || len(h.Brief.Confidence) != 1 {
		t.Errorf("handoff %+v", h)
	}
	if n := d.orphans(); n != 0 {
		t.Errorf("%d orphans", n)
	}
	_, err = d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonFailure})
	wantCode(t, err, chat.CodeStale)
}

func TestHandOverWithAgentsOnline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.agent("anna", true)
	first, second := d.talk("One?"), d.talk("Two?")
	for _, c := range []chat.Conversation{first, second} {
		d.clock.advance(time.Second)
		_, err := d.AskForPerson(d.ctx, d.ws, c.ID, d.sender())
		d.check(err)
	}
	equal(t, "log", []string{"customer message: Two?", "bot>queue open asked", "system notice: A person takes over from here. You are 2nd in line."}, d.log(second.ID))
	place, err := d.Place(d.ctx, d.ws, second.ID)
	if told := d.Expect(d.ctx, d.ws, place, 0); err != nil || told != (chat.Told{Place: 2}) {
		t.Errorf("told %+v, %v", told, err)
	}
	// Asking again changes nothing.
	before := d.log(second.ID)
	c, err := d.AskForPerson(d.ctx, d.ws, second.ID, d.sender())
	if err != nil || c.Owner != chat.OwnerQueue {
		t.Errorf("asked again: %+v, %v", c, err)
	}
	equal(t, "log", before, d.log(second.ID))
}

func TestOneOfAHundredClaims(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk("Help!").ID, d.sender())
	d.check(err)
	errs := make([]error, 100)
	agents := make([]chat.User, len(errs))
	for i := range agents {
		agents[i] = chat.User{ID: newID(), Name: fmt.Sprint("agent ", i)}
	}
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = d.Claim(d.ctx, d.ws, c.ID, c.Epoch, agents[i]) })
	}
	wg.Wait()
	won := -1
	for i, err := range errs {
		switch code := chat.CodeOf(err); code {
		case "":
			if won >= 0 {
				t.Errorf("agents %d and %d both won", won, i)
			}
			won = i
		case chat.CodeConflict, chat.CodeStale:
		default:
			t.Errorf("agent %d: %v", i, err)
		}
	}
	after := d.state(c.ID)
	if won < 0 || after.Agent != agents[won].ID || after.Epoch != c.Epoch+1 {
		t.Fatalf("won %d; %+v", won, after)
	}
	// Claiming what one has is harmless, with whatever epoch.
	for _, epoch := range []int64{c.Epoch, after.Epoch} {
		again, err := d.Claim(d.ctx, d.ws, c.ID, epoch, agents[won])
		if err != nil || again.Epoch != after.Epoch {
			t.Errorf("again: %+v, %v", again, err)
		}
	}
	_, err = d.Claim(d.ctx, d.ws, c.ID, after.Epoch, agents[(won+1)%len(agents)])
	wantCode(t, err, chat.CodeConflict)
}

// Whichever comes first, the bot's handover or an agent's claim, there is one
// owner, and the bot does not take the conversation away from the agent.
func TestHandOverWhileAnAgentClaims(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", true)
	for range 50 {
		c := d.talk("Help!")
		var claimErr, overErr error
		var wg sync.WaitGroup
		wg.Go(func() { _, claimErr = d.Claim(d.ctx, d.ws, c.ID, c.Epoch, anna) })
		wg.Go(func() {
			_, overErr = d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonFailure})
		})
		wg.Wait()
		after := d.state(c.ID)
		switch {
		case claimErr == nil && chat.CodeOf(overErr) == chat.CodeStale && after.Owner == chat.OwnerAgent:
		case overErr == nil && chat.CodeOf(claimErr) == chat.CodeStale && after.Owner == chat.OwnerQueue:
		default:
			t.Fatalf("claim %v, handover %v, owner %s", claimErr, overErr, after.Owner)
		}
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna, ben := d.agent("anna", true), d.agent("ben", true)
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk("Help!").ID, d.sender())
	d.check(err)
	hello := chat.Draft{ClientID: newID(), Text: "Hello"}
	e, err := d.Reply(d.ctx, d.ws, c.ID, anna, hello)
	d.check(err)
	if after := d.state(c.ID); after.Agent != anna.ID || e.From.Name != "anna" || !after.Promised.IsZero() {
		t.Errorf("a reply claims and answers: %+v, %+v", after, e)
	}
	again, err := d.Reply(d.ctx, d.ws, c.ID, anna, hello)
	d.check(err)
	equal(t, "repeat", e, again)
	_, err = d.Reply(d.ctx, d.ws, c.ID, ben, chat.Draft{ClientID: newID(), Text: "Me too"})
	wantCode(t, err, chat.CodeConflict)
	note, err := d.Reply(d.ctx, d.ws, c.ID, ben, chat.Draft{ClientID: newID(), Log: chat.LogStaff, Text: "She is a regular."})
	d.check(err)
	if note.Log != chat.LogStaff || note.Kind != chat.KindNote || d.state(c.ID).Agent != anna.ID {
		t.Errorf("note %+v", note)
	}

	// A repeat that comes late takes nothing, wherever the conversation is by then.
	after, err := d.Release(d.ctx, d.ws, c.ID, d.state(c.ID).Epoch, anna)
	d.check(err)
	again, err = d.Reply(d.ctx, d.ws, c.ID, anna, hello)
	d.check(err)
	equal(t, "late repeat", e, again)
	equal(t, "state after a late repeat", after, d.state(c.ID))

	// A reply to a closed conversation opens it again.
	_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: ben, Epoch: after.Epoch}, "")
	d.check(err)
	_, err = d.Reply(d.ctx, d.ws, c.ID, ben, chat.Draft{ClientID: newID(), Text: "One more thing"})
	d.check(err)
	if now := d.state(c.ID); now.Status != chat.StatusOpen || now.Agent != ben.ID {
		t.Errorf("after a reply to a closed one: %+v", now)
	}
	_, err = d.Reply(d.ctx, d.ws, newID(), ben, hello)
	wantCode(t, err, chat.CodeNotFound)
}

// Many replies of two agents at once: one of them gets the conversation, and
// all that is acked is stored once.
func TestRepliesRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	agents := []chat.User{d.agent("anna", true), d.agent("ben", true)}
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk("Help!").ID, d.sender())
	d.check(err)
	var mu sync.Mutex
	stored := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			text := fmt.Sprintf("%s %d", agents[i%2].Name, i)
			_, err := d.Reply(d.ctx, d.ws, c.ID, agents[i%2], chat.Draft{ClientID: newID(), Text: text})
			switch chat.CodeOf(err) {
			case "":
				mu.Lock()
				stored[text] = true
				mu.Unlock()
			case chat.CodeConflict, chat.CodeStale:
			default:
				t.Errorf("%s: %v", text, err)
			}
		})
	}
	wg.Wait()
	winner, found := d.state(c.ID).Agent, 0
	for _, line := range d.log(c.ID) {
		text, ok := strings.CutPrefix(line, "agent message: ")
		if !ok {
			continue
		}
		found++
		if !stored[text] {
			t.Errorf("%q is in the log, but was refused", text)
		}
	}
	if found != len(stored) || found == 0 || winner == uuid.Nil {
		t.Errorf("%d in the log, %d acked, winner %s", found, len(stored), winner)
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna, ben := d.agent("anna", true), d.agent("ben", true)

	// The customer was promised a person and has not heard one: the place and the promise stay.
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk("Help!").ID, d.sender())
	d.check(err)
	promised := c.Promised
	c, err = d.Claim(d.ctx, d.ws, c.ID, c.Epoch, anna)
	d.check(err)
	_, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch, ben)
	wantCode(t, err, chat.CodeForbidden)
	_, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch-1, anna)
	wantCode(t, err, chat.CodeStale)
	c, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch, anna)
	d.check(err)
	if c.Owner != chat.OwnerQueue || !c.Promised.Equal(promised) || promised.IsZero() || c.Waiting.IsZero() {
		t.Errorf("unheard: %+v", c)
	}

	// After a reply the bot goes on, and has nothing to answer.
	_, err = d.Reply(d.ctx, d.ws, c.ID, ben, chat.Draft{ClientID: newID(), Text: "Done."})
	d.check(err)
	c, err = d.Release(d.ctx, d.ws, c.ID, d.state(c.ID).Epoch, ben)
	d.check(err)
	if c.Owner != chat.OwnerBot || c.Unanswered() {
		t.Errorf("heard: %+v", c)
	}

	// What the customer wrote to the agent last, and nobody answered, the bot does.
	_, err = d.Reply(d.ctx, d.ws, c.ID, ben, chat.Draft{ClientID: newID(), Text: "Anything else?"})
	d.check(err)
	d.says(c.ID, "How do I descale it?")
	c, err = d.Release(d.ctx, d.ws, c.ID, d.state(c.ID).Epoch, ben)
	d.check(err)
	if c.Owner != chat.OwnerBot || !c.Unanswered() {
		t.Errorf("with a question open: %+v", c)
	}
}

// TestNoOrphans walks through conversations at random; whatever happens, every
// one whose last word is the customer's has a live owner or a promised time.
func TestNoOrphans(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", false)
	rng := newRand(t)
	for range 40 {
		c := d.talk("First question?")
		for range 12 {
			c = d.state(c.ID)
			d.clock.advance(time.Second)
			var err error
			switch rng.IntN(7) {
			case 0:
				_, err = d.AskForPerson(d.ctx, d.ws, c.ID, d.sender())
			case 1:
				_, err = d.Claim(d.ctx, d.ws, c.ID, c.Epoch, anna)
			case 2:
				_, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch, anna)
			case 3:
				_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: anna, Epoch: c.Epoch}, "")
			case 4:
				_, err = d.Reply(d.ctx, d.ws, c.ID, anna, chat.Draft{ClientID: newID(), Text: "Hello"})
			case 5:
				if _, err = d.Reopen(d.ctx, d.ws, c.ID, d.sender()); err == nil {
					d.says(c.ID, "Another question?")
				}
			case 6: // the bot's turn
				if c.Owner == chat.OwnerBot && c.Unanswered() {
					_, err = d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonNothingFound})
				}
			}
			switch chat.CodeOf(err) {
			case "", chat.CodeForbidden, chat.CodeClosed, chat.CodeConflict: // conflict: the bot has had it back too often
			default:
				t.Fatal(err)
			}
			// The bot's runner sees to what is unanswered and the bot's; all else must not be an orphan.
			if c = d.state(c.ID); c.Owner == chat.OwnerBot && c.Unanswered() {
				continue
			}
			d.check(d.store.SetPresence(d.ctx, d.ws, anna.ID, chat.PresenceAway)) // there, so that what she has has an owner
			if n := d.orphans(); n > unanswered(d) {
				t.Fatalf("%d orphans, %d of them the bot's to answer:\n%s", n, unanswered(d), strings.Join(d.log(c.ID), "\n"))
			}
		}
	}
}

// unanswered counts what the bot's runner would find to do.
func unanswered(d *desk) int {
	d.t.Helper()
	all, err := d.store.Awaiting(d.ctx, d.ws, d.clock.Now().Add(time.Hour), 500)
	d.check(err)
	return len(all)
}

func TestReopen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", true)
	c := d.talk("Help!")
	c, err := d.Close(d.ctx, d.ws, c.ID, chat.Act{By: anna, Epoch: c.Epoch}, "")
	d.check(err)
	_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: anna, Epoch: c.Epoch}, "")
	wantCode(t, err, chat.CodeClosed)
	open, err := d.Reopen(d.ctx, d.ws, c.ID, d.sender())
	d.check(err)
	again, err := d.Reopen(d.ctx, d.ws, c.ID, d.sender())
	d.check(err)
	if open.Status != chat.StatusOpen || open.Owner != chat.OwnerBot || again.Epoch != open.Epoch {
		t.Errorf("%+v, then %+v", open, again)
	}
	// Asking for a person opens it too.
	_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: anna, Epoch: open.Epoch}, "")
	d.check(err)
	asked, err := d.AskForPerson(d.ctx, d.ws, c.ID, d.sender())
	if err != nil || asked.Owner != chat.OwnerQueue || asked.Status != chat.StatusOpen {
		t.Errorf("asked: %+v, %v", asked, err)
	}
}

func TestLeaveContact(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk("Help!").ID, d.sender())
	d.check(err)
	leave := func(email string) chat.Entry {
		t.Helper()
		e, err := d.LeaveContact(d.ctx, d.ws, c.ID, d.sender(), newID(), chat.Contact{Email: email}, false)
		d.check(err)
		return e
	}
	_, err = d.LeaveContact(d.ctx, d.ws, c.ID, d.sender(), newID(), chat.Contact{Email: "ann@example"}, false)
	wantCode(t, err, chat.CodeInvalid)
	first := leave("ann@example.com")
	leave("ann@example.com")
	repeat, err := d.LeaveContact(d.ctx, d.ws, c.ID, d.sender(), first.ClientID, chat.Contact{Email: "ann@example.com"}, false)
	d.check(err)
	equal(t, "repeat", first, repeat)
	const word = "system notice: You have our word: an answer by today, 12:00 UTC, to ann@example.com."
	count := func(line string) (n int) {
		for _, l := range d.log(c.ID) {
			if l == line {
				n++
			}
		}
		return n
	}
	if n := count(word); n != 1 {
		t.Errorf("%d promises:\n%s", n, strings.Join(d.log(c.ID), "\n"))
	}
	leave("ann@work.example.com") // a corrected address is confirmed
	if n := count(strings.ReplaceAll(word, "ann@", "ann@work.")); n != 1 {
		t.Errorf("%d promises to the corrected address", n)
	}
	who, err := d.store.Customer(d.ctx, d.ws, d.ann.ID)
	if err != nil || who.Email != "ann@work.example.com" || d.state(c.ID).Email != "ann@work.example.com" {
		t.Errorf("%+v, %v", who, err)
	}

	// A promise whose time has passed is not given again.
	d.clock.advance(48 * time.Hour)
	before := len(d.log(c.ID))
	leave("ann@late.example.com")
	if after := d.log(c.ID); len(after) != before+1 {
		t.Errorf("said after the time has passed: %q", after[before:])
	}
	// An agent who is there answers; nothing needs to be promised.
	anna := d.agent("anna", true)
	_, err = d.Reply(d.ctx, d.ws, c.ID, anna, chat.Draft{ClientID: newID(), Text: "Here I am."})
	d.check(err)
	before = len(d.log(c.ID))
	leave("ann@example.com")
	if after := d.log(c.ID); len(after) != before+1 {
		t.Errorf("said while an agent is there: %q", after[before:])
	}
	// The site vouches for a verified customer's address.
	d.check(d.store.VerifyCustomer(d.ctx, d.ws, who.ID, chat.Verification{By: chat.ProofToken}, "ann@verified.example.com"))
	leave("mallory@example.com")
	if who, err = d.store.Customer(d.ctx, d.ws, d.ann.ID); err != nil || who.Email != "ann@verified.example.com" {
		t.Errorf("verified customer: %+v, %v", who, err)
	}
}

// Nobody is told that people are there when nobody is, nor that they are away when somebody is.
func TestHoursOfAnInbox(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	told := func(when string, wantOnline bool, want string) {
		t.Helper()
		online, closes, opens, err := d.Hours(d.ctx, d.ws, d.inbox)
		got := ""
		if !closes.IsZero() {
			got = closes.Format("until Mon 15:04 MST")
		}
		if !opens.IsZero() {
			got += opens.Format("from Mon 15:04 MST")
		}
		if err != nil || online != wantOnline || got != want {
			t.Errorf("%s: online %v, %q, %v", when, online, got, err)
		}
	}
	told("open, nobody there", false, "")
	d.clock.advance(9 * time.Hour)
	told("closed, nobody there", false, "from Tue 09:00 UTC")
	d.agent("anna", true)
	told("closed, somebody there", true, "")
	d.clock.advance(16 * time.Hour) // Anna has left meanwhile
	d.agent("berta", true)
	told("open, somebody there", true, "until Tue 17:00 UTC")
	_, _, _, err := d.Hours(d.ctx, d.ws, chat.Inbox{Settings: chat.InboxSettings{Timezone: "Nowhere"}})
	wantCode(t, err, chat.CodeInvalid)
}

// The same conversation gives the same brief, but for the time it took.
func TestBriefIsDeterministic(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talk("Earlier: do you ship to Norway?")
	c := d.talk("My kettle leaks. I already cleaned the lid. What now?", "I want a person")
	var briefs []chat.Brief
	for range 2 {
		_, err := d.AskForPerson(d.ctx, d.ws, c.ID, d.sender())
		d.check(err)
		h, err := d.store.Handoff(d.ctx, d.ws, c.ID)
		d.check(err)
		h.Brief.TookMS = 0
		briefs = append(briefs, h.Brief)
		now := d.state(c.ID)
		_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: chat.User{ID: newID()}, Epoch: now.Epoch}, "")
		d.check(err)
	}
	equal(t, "brief", briefs[0], briefs[1])
	equal(t, "brief", chat.Brief{
		Version: chat.BriefVersion, Promised: d.state(c.ID).CreatedAt.Add(2 * time.Hour), Goal: "My kettle leaks. I already cleaned the lid. What now?", Tried: []string{"I already cleaned the lid."},
		Open: []string{"What now?"}, Articles: []chat.BriefArticle{}, Confidence: []chat.BriefPoint{}, Why: "The customer asked for a person.",
		Reason: chat.ReasonAsked, Language: "en", Identity: "anonymous", Journey: []string{"2 March: Earlier: do you ship to Norway?"},
	}, briefs[0])
}

// A handoff is not lost because its brief could not be made.
func TestHandOverWithoutABrief(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.talk("Help!")
	limping := handoff.New(handoff.Options{Store: d.store, Surroundings: blind{d.store}, Now: d.clock.Now})
	after, err := limping.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonFailure})
	d.check(err)
	if after.Owner != chat.OwnerQueue || after.Promised.IsZero() {
		t.Errorf("%+v", after)
	}
	h, err := d.store.Handoff(d.ctx, d.ws, c.ID)
	if err != nil || h.Brief.Goal != "Help!" || h.Brief.Identity != "unknown" {
		t.Errorf("%+v, %v", h, err)
	}
}

// blind sees nothing of its surroundings.
type blind struct{ handoff.Surroundings }

var errBlind = errors.New("blind")

func (blind) Presence(context.Context, uuid.UUID) ([]chat.Presence, error) { return nil, errBlind }
func (blind) Setting(context.Context, uuid.UUID, uuid.UUID, string) (chat.Setting, error) {
	return chat.Setting{}, errBlind
}
func (blind) Inboxes(context.Context, uuid.UUID) ([]chat.Inbox, error) { return nil, errBlind }
func (blind) Customer(context.Context, uuid.UUID, uuid.UUID) (chat.Customer, error) {
	return chat.Customer{}, errBlind
}

func (blind) Conversations(context.Context, uuid.UUID, chat.ConversationQuery) (chat.ConversationPage, error) {
	return chat.ConversationPage{}, errBlind
}

func TestDistressComesFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.agent("Ana", true)
	d.inbox.Settings.Emergency = "Ring 112 now."
	var err error
	d.inbox, err = d.store.PutInbox(d.ctx, d.ws, d.inbox)
	d.check(err)
	hand := func(c chat.Conversation, r chat.Reason) (place int, said string) {
		t.Helper()
		says := chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "The bot's own words."}
		_, err := d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: r, By: says.From, Says: &says})
		d.check(err)
		entries, err := d.store.Entries(d.ctx, d.ws, c.ID, chat.LogPublic, 0, 0)
		d.check(err)
		for _, e := range entries {
			switch {
			case e.Notice != nil:
				place = e.Notice.Place
			case e.From.Kind == chat.PartyBot && e.Kind == chat.KindMessage:
				said = e.Text
			}
		}
		return place, said
	}
	for i, test := range []struct {
		reason chat.Reason
		place  int
		want   chat.Priority
	}{
		{chat.ReasonAsked, 1, chat.PriorityNormal}, {chat.ReasonLowConfidence, 2, chat.PriorityNormal},
		{chat.ReasonRepeated, 1, chat.PriorityHigh}, {chat.ReasonDistress, 1, chat.PriorityUrgent},
		{chat.ReasonDistress, 2, chat.PriorityUrgent}, {chat.ReasonRepeated, 4, chat.PriorityHigh}, {chat.ReasonFailure, 7, chat.PriorityNormal},
	} {
		d.clock.advance(time.Second)
		c := d.talk("Help")
		place, said := hand(c, test.reason)
		if place != test.place || d.state(c.ID).Priority != test.want {
			t.Errorf("%d, %s: place %d, priority %q", i, test.reason, place, d.state(c.ID).Priority)
		}
		if now, err := d.store.QueuePlace(d.ctx, d.ws, c.ID); err != nil || now != place {
			t.Errorf("%d, %s: told place %d, has place %d (%v)", i, test.reason, place, now, err)
		}
		if own := said == d.inbox.Settings.Emergency; own != (test.reason == chat.ReasonDistress) {
			t.Errorf("%d, %s: said %q", i, test.reason, said)
		}
	}
}
