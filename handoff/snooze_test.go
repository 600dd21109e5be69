package handoff_test

import (
	"strings"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/handoff"
)

func TestSnooze(t *testing.T) {
	t.Parallel()
	d, w, _ := watched(t)
	ana, ben := d.agent("Ana", true), d.agent("Ben", true)
	tomorrow := d.clock.Now().Add(23 * time.Hour) // 9:00
	c := d.replies(d.claims(d.waiting("A person, please"), ana), ana)

	for name, c2 := range map[string]struct {
		by    chat.User
		until time.Time
		code  chat.Code
	}{
		"the past":      {ana, d.clock.Now(), chat.CodeInvalid},
		"too far":       {ana, d.clock.Now().AddDate(2, 0, 0), chat.CodeInvalid},
		"somebody else": {ben, tomorrow, chat.CodeConflict},
	} {
		if _, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, c2.by, ""), c2.until); chat.CodeOf(err) != c2.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	snoozed, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), tomorrow)
	d.check(err)
	if !snoozed.Snoozed.Equal(tomorrow) || snoozed.Epoch != c.Epoch || snoozed.LastSeq != c.LastSeq {
		t.Errorf("snoozed: %+v", snoozed)
	}
	equal(t, "notes", d.notes(c.ID), []string{"Ana: Snoozed until tomorrow, 9:00 UTC."})

	// The customer's word ends it.
	d.says(c.ID, "One more thing")
	if c = d.state(c.ID); !c.Snoozed.IsZero() {
		t.Error("the customer's word did not wake it")
	}
	// One that crosses the customer's word is refused.
	act := d.act(c, ana, "")
	act.Seen = c.CustomerSeq - 1
	_, err = d.Snooze(d.ctx, d.ws, c.ID, act, tomorrow)
	wantCode(t, err, chat.CodeStale)
	// By hand.
	c = d.replies(c, ana)
	_, err = d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), tomorrow)
	d.check(err)
	c, err = d.Wake(d.ctx, d.ws, c.ID, d.act(c, ana, ""))
	d.check(err)
	if !c.Snoozed.IsZero() {
		t.Error("still snoozed")
	}

	// At its time: on top of the list, once.
	_, err = d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), tomorrow)
	d.check(err)
	d.replies(d.claims(d.waiting("Another"), ana), ana)
	d.clock.advance(23 * time.Hour)
	d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceAway))
	w.Look(d.ctx)
	w.Look(d.ctx)
	page, err := d.store.Conversations(d.ctx, d.ws, chat.ConversationQuery{View: chat.ViewMine, Agent: ana.ID})
	d.check(err)
	if len(page.Conversations) != 2 || page.Conversations[0].ID != c.ID {
		t.Errorf("her list: %+v", page.Conversations)
	}
	notes := d.notes(c.ID)
	equal(t, "told", notes[len(notes)-2:], []string{"Ana: Snoozed until tomorrow, 9:00 UTC.", ": It was snoozed until today, 9:00: here it is again."})
}

// Whose agent is gone when it is due waits in the queue, and the customer is told.
func TestSnoozeOfAnAgentWhoIsGone(t *testing.T) {
	t.Parallel()
	d, w, events := watched(t)
	ana := d.agent("Ana", true)
	c := d.replies(d.claims(d.waiting("A person, please"), ana), ana)
	c, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), d.clock.Now().Add(time.Hour))
	d.check(err)
	d.clock.advance(59 * time.Minute)
	w.Look(d.ctx)
	if c = d.state(c.ID); c.Owner != chat.OwnerAgent || c.Snoozed.IsZero() {
		t.Fatalf("taken from her before its time: %+v", c)
	}
	d.clock.advance(time.Minute)
	w.Look(d.ctx)
	c = d.state(c.ID)
	if c.Owner != chat.OwnerQueue || c.Reason != chat.ReasonWoken || !c.Snoozed.IsZero() || !c.Promised.After(d.clock.Now()) || events[handoff.EventTakenBack] != 1 {
		t.Errorf("woken: %+v, %v", c, events)
	}
	told := d.notices(c.ID)
	if last := told[len(told)-1]; !last.Notice.Promised.Equal(c.Promised) {
		t.Errorf("told %+v", last)
	}
}

// To put it off is no answer: with its agent gone, a customer who waits is in
// the queue again; and it is back before an answer is due.
func TestSnoozeIsNoAnswer(t *testing.T) {
	t.Parallel()
	d, w, _ := watched(t)
	ana := d.agent("Ana", true)
	c := d.claims(d.waiting("A person, please"), ana)
	promised := c.Promised
	c, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), d.clock.Now().Add(100*time.Hour))
	d.check(err)
	if !c.Snoozed.Before(promised) || !c.Promised.Equal(promised) {
		t.Errorf("until %v, promised %v", c.Snoozed, promised)
	}
	d.clock.advance(promised.Sub(d.clock.Now()) - time.Minute)
	_, err = d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), d.clock.Now().Add(time.Hour))
	wantCode(t, err, chat.CodeConflict)
	if !strings.Contains(chat.MessageOf(err), "Answer first") {
		t.Error(err)
	}
	w.Look(d.ctx) // Ana has been gone for hours
	if c = d.state(c.ID); c.Owner != chat.OwnerQueue || !c.Promised.Equal(promised) {
		t.Errorf("left with an agent who is gone: %+v", c)
	}

	other := d.replies(d.claims(d.waiting("Me too"), ana), ana)
	d.says(other.ID, "And?")
	d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceOnline))
	_, err = d.Snooze(d.ctx, d.ws, other.ID, d.act(other, ana, ""), d.clock.Now().Add(time.Hour))
	d.check(err)
	equal(t, "orphans", d.orphansNow(), 0)
	d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceOffline))
	equal(t, "orphans until the next round", d.orphansNow(), 1)
	w.Look(d.ctx)
	equal(t, "orphans after it", d.orphansNow(), 0)
	equal(t, "owner", d.state(other.ID).Owner, chat.OwnerQueue)
}

// A snooze takes what nobody has, as a reply does.
func TestSnoozeTakes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ana := d.agent("Ana", true)
	c := d.waiting("A person, please")
	c, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), d.clock.Now().Add(time.Hour))
	d.check(err)
	if c.Agent != ana.ID || c.Snoozed.IsZero() || c.Reason != chat.ReasonClaimed {
		t.Errorf("%+v", c)
	}
}
