package handoff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// watched is a desk with a watch that looks when it is told to.
func watched(t *testing.T) (*desk, *handoff.Watch, map[handoff.EventKind]int) {
	t.Helper()
	d := newDesk(t)
	events := map[handoff.EventKind]int{}
	d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now,
		Observe: func(e handoff.Event) { events[e.Kind]++ }})
	w := handoff.NewWatch(d.Desk, d.store)
	w.Close() // its own rounds would come between
	return d, w, events
}

func (d *desk) waiting(texts ...string) chat.Conversation {
	d.t.Helper()
	c := d.talk(texts...)
	c, err := d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonAsked, By: chat.Sender{Kind: chat.PartyBot}})
	d.check(err)
	return c
}

func (d *desk) notices(conv uuid.UUID) []chat.Entry {
	d.t.Helper()
	entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogPublic, 0, 0)
	d.check(err)
	var out []chat.Entry
	for _, e := range entries {
		if e.Notice != nil {
			out = append(out, e)
		}
	}
	return out
}

func TestAnAgentWhoIsGone(t *testing.T) {
	t.Parallel()
	d, w, events := watched(t)
	ana, ben := d.agent("Ana", true), d.agent("Ben", true)
	claim := func(c chat.Conversation, by chat.User) chat.Conversation {
		t.Helper()
		c, err := d.Claim(d.ctx, d.ws, c.ID, c.Epoch, by)
		d.check(err)
		return c
	}
	reply := func(c chat.Conversation, by chat.User) {
		t.Helper()
		_, err := d.Reply(d.ctx, d.ws, c.ID, by, chat.Draft{ClientID: newID(), Text: "Here I am."})
		d.check(err)
	}
	unheard := claim(d.waiting("Is anybody there?"), ana)
	answered := claim(d.waiting("When do you open?"), ana)
	reply(answered, ana)
	asksAgain := claim(d.waiting("Where is my parcel?"), ana)
	reply(asksAgain, ana)
	d.says(asksAgain.ID, "And when does it come?")
	bens := claim(d.waiting("Hello?"), ben)

	w.Look(d.ctx)
	if got := d.state(unheard.ID); got.Owner != chat.OwnerAgent {
		t.Fatalf("taken from an agent who is there: %+v", got)
	}
	d.clock.advance(chat.PresenceTTL + time.Second)
	d.check(d.store.SetPresence(d.ctx, d.ws, ben.ID, chat.PresenceAway)) // away is not gone
	if d.orphans() != 1 {
		t.Errorf("%d orphans before the watch looked", d.orphans())
	}
	w.Look(d.ctx)
	w.Look(d.ctx)

	for name, c := range map[string]chat.Conversation{"unheard": unheard, "asks again": asksAgain} {
		got := d.state(c.ID)
		if got.Owner != chat.OwnerQueue || got.Reason != chat.ReasonVanished || got.Priority != chat.PriorityHigh || !got.Promised.After(d.clock.Now()) || got.Epoch != c.Epoch+1 {
			t.Errorf("%s: %+v", name, got)
		}
		notices := d.notices(c.ID)
		if len(notices) != 2 || !notices[1].Notice.Promised.Equal(got.Promised) {
			t.Errorf("%s: the customer was told %+v", name, notices)
		}
	}
	if before, after := d.notices(unheard.ID)[0], d.state(unheard.ID); !after.Promised.Equal(unheard.Promised) {
		t.Errorf("the promise of %v was put off to %v (%+v)", unheard.Promised, after.Promised, before)
	}
	for name, c := range map[string]chat.Conversation{"answered": answered, "another's": bens} {
		if got := d.state(c.ID); got.Owner != chat.OwnerAgent {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if d.orphans() != 0 || events[handoff.EventTakenBack] != 2 || events[handoff.EventPromiseKept] != 2 {
		t.Errorf("%d orphans, events %v", d.orphans(), events)
	}
	// She comes back and takes it again.
	d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceOnline))
	reply(d.state(unheard.ID), ana)
	if got := d.state(unheard.ID); got.Owner != chat.OwnerAgent || !got.Promised.IsZero() {
		t.Errorf("after her reply: %+v", got)
	}
}

func TestBrokenPromises(t *testing.T) {
	t.Parallel()
	d, w, events := watched(t)
	d.inbox.Settings.Timezone = "Europe/Berlin"
	var err error
	d.inbox, err = d.store.PutInbox(d.ctx, d.ws, d.inbox)
	d.check(err)
	c := d.waiting("Where is my parcel?") // Monday, 11:00 in Berlin; nobody is there
	if want := d.clock.Now().Add(2 * time.Hour); !c.Promised.Equal(want) {
		t.Fatalf("promised %v, want %v", c.Promised, want)
	}
	d.clock.advance(2*time.Hour - time.Second)
	w.Look(d.ctx)
	if n := len(d.notices(c.ID)); n != 1 {
		t.Fatalf("%d notices before the time", n)
	}
	broken := c.Promised
	for round, within := range []time.Duration{2 * time.Hour, 4 * time.Hour, 8 * time.Hour} {
		before := d.state(c.ID)
		d.clock.advance(before.Promised.Sub(d.clock.Now()))
		w.Look(d.ctx)
		w.Look(d.ctx) // another node
		after := d.state(c.ID)
		notices := d.notices(c.ID)
		last := notices[len(notices)-1]
		if len(notices) != round+2 || last.Notice.Kind != chat.NoticeOverdue || !last.Notice.Promised.Equal(after.Promised) || !last.Notice.AskEmail {
			t.Fatalf("round %d: told %+v", round, last)
		}
		hours, err := handoff.NewHours(d.inbox.Settings)
		d.check(err)
		if want := hours.PromiseWithin(d.clock.Now(), within); !after.Promised.Equal(want) {
			t.Errorf("round %d: promised %v, want %v", round, after.Promised, want)
		}
		if after.Owner != chat.OwnerQueue || after.Priority != chat.PriorityHigh || after.Epoch != before.Epoch || d.orphans() != 0 {
			t.Errorf("round %d: %+v, %d orphans", round, after, d.orphans())
		}
	}
	if first := d.notices(c.ID)[1].Text; !strings.Contains(first, "by today, 13:00") || !strings.Contains(first, "New time: today, 15:00 CET") {
		t.Errorf("said %q (broken: %v)", first, broken)
	}
	if events[handoff.EventPromiseBroken] != 3 {
		t.Errorf("events %v", events)
	}
	// A person's word starts anew: the next promise is a near one again.
	ana := d.agent("Ana", true)
	_, err = d.Reply(d.ctx, d.ws, c.ID, ana, chat.Draft{ClientID: newID(), Text: "It is on its way."})
	d.check(err)
	w.Look(d.ctx)
	if got := d.state(c.ID); !got.Promised.IsZero() || events[handoff.EventPromiseKept] != 1 {
		t.Errorf("after the answer: %+v, events %v", got, events)
	}
}

func TestWatchLooksByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.waiting("Hello?")
	d.clock.advance(3 * time.Hour)
	w := handoff.NewWatch(d.Desk, d.store)
	defer w.Close()
	for end := time.Now().Add(10 * time.Second); len(d.notices(c.ID)) < 2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody told the customer")
		}
	}
}
