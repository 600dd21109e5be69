package handoff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// promised records a promise of the agent in a conversation.
func (d *desk) promised(conv uuid.UUID, by chat.User, text string, within time.Duration) chat.Promise {
	d.t.Helper()
	p, err := d.Promise(d.ctx, d.ws, conv, by, chat.Promise{ID: newID(), Text: text, Due: d.clock.Now().Add(within)})
	d.check(err)
	return p
}

func (d *desk) promise(id uuid.UUID) chat.Promise {
	d.t.Helper()
	p, err := d.store.Promise(d.ctx, d.ws, id)
	d.check(err)
	return p
}

func (d *desk) staffLog(conv uuid.UUID) []chat.Entry {
	d.t.Helper()
	entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogStaff, 0, 0)
	d.check(err)
	return entries
}

func TestAPromiseRisesBeforeItBreaks(t *testing.T) {
	t.Parallel()
	d, w, events := watched(t)
	ana := d.agent("Ana", true)
	c := d.waiting("Where is my refund?")
	_, err := d.Reply(d.ctx, d.ws, c.ID, ana, chat.Draft{ClientID: newID(), Text: "You have it by 16:00."})
	d.check(err)
	p := d.promised(c.ID, ana, "Refund", 6*time.Hour) // by 16:00
	again, err := d.Promise(d.ctx, d.ws, c.ID, ana, chat.Promise{ID: p.ID, Text: "Refund", Due: p.Due})
	if err != nil || again.Number != p.Number {
		t.Fatalf("recorded again: %+v, %v", again, err)
	}
	look := func() {
		d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceOnline))
		w.Look(d.ctx)
		w.Look(d.ctx) // another node
	}
	d.clock.advance(5*time.Hour - time.Second)
	look()
	if n := len(d.staffLog(c.ID)); n != 0 {
		t.Fatalf("%d notes before it is due soon", n)
	}
	d.clock.advance(time.Second)
	look()
	notes := d.staffLog(c.ID)
	if len(notes) != 1 || len(notes[0].Mentions) != 1 || notes[0].Mentions[0] != ana.ID || !strings.Contains(notes[0].Text, p.Number) {
		t.Fatalf("her notes: %+v", notes)
	}
	d.clock.advance(time.Hour)
	look()
	broken := d.promise(p.ID)
	next := d.promise(broken.MovedTo)
	said := d.notices(c.ID)
	last := said[len(said)-1]
	if broken.State != chat.PromiseBroken || broken.ToldAt.IsZero() || next.Owner != ana.ID || last.Notice.Kind != chat.NoticeOverdue || last.Promise.Number != next.Number {
		t.Fatalf("broken %+v\nnext %+v\nsaid %+v", broken, next, last)
	}
	if want := "We said today, 16:00 for “Refund” and did not make it. I'm sorry. New time: tomorrow, 10:00 UTC. Ana has it now."; last.Text != want {
		t.Errorf("said %q, want %q", last.Text, want)
	}
	if got := d.state(c.ID); got.Owner != chat.OwnerAgent || !got.Promised.IsZero() || events[handoff.EventPromiseBroken] != 1 {
		t.Errorf("%+v, events %v", got, events)
	}
}

// TestAPromiseOfAnAgentWhoIsGone: wherever its conversation is, it comes into the queue, at the front and with a time.
func TestAPromiseOfAnAgentWhoIsGone(t *testing.T) {
	t.Parallel()
	d, w, _ := watched(t)
	ana := d.agent("Ana", true)
	convs := map[string]chat.Conversation{}
	for _, name := range []string{"hers", "closed", "the bot's", "waiting"} {
		c := d.waiting("Hello?")
		_, err := d.Reply(d.ctx, d.ws, c.ID, ana, chat.Draft{ClientID: newID(), Text: "I'll see to it."})
		d.check(err)
		d.promised(c.ID, ana, "Call", 8*time.Hour)
		switch c = d.state(c.ID); name {
		case "closed":
			c, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{Epoch: c.Epoch, By: ana}, chat.OutcomeSolved)
		case "the bot's":
			c, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch, ana)
		case "waiting":
			d.says(c.ID, "One more thing")
			c, err = d.Release(d.ctx, d.ws, c.ID, c.Epoch, ana)
			d.check(err)
			c, err = d.HandOver(d.ctx, d.ws, c.ID, c.Epoch, handoff.Request{Reason: chat.ReasonAsked, By: chat.Sender{Kind: chat.PartyBot}})
		}
		d.check(err)
		convs[name] = c
	}
	d.check(d.store.SetPresence(d.ctx, d.ws, ana.ID, chat.PresenceOffline))
	d.clock.advance(7*time.Hour + time.Second)
	w.Look(d.ctx)
	for name, c := range convs {
		got := d.state(c.ID)
		if got.Owner != chat.OwnerQueue || got.Status != chat.StatusOpen || got.Promised.IsZero() || got.Priority != chat.PriorityHigh {
			t.Errorf("%s: %+v", name, got)
		}
		page, err := d.store.Promises(d.ctx, d.ws, chat.PromiseQuery{Conversation: c.ID, State: chat.PromiseOpen})
		d.check(err)
		for _, p := range page.Promises {
			if p.Owner != uuid.Nil || p.RaisedAt.IsZero() && p.Kind == chat.PromiseOther {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
}

func TestChangePromise(t *testing.T) {
	t.Parallel()
	d, w, _ := watched(t)
	ana := d.agent("Ana", true)
	c := d.waiting("Where is my refund?")
	change := func(p chat.Promise, ch chat.PromiseChange) (chat.Promise, error) {
		return d.ChangePromise(d.ctx, d.ws, p.ID, ana, ch)
	}
	must := func(p chat.Promise, err error) chat.Promise {
		t.Helper()
		d.check(err)
		return p
	}
	code := func(want chat.Code, p chat.Promise, ch chat.PromiseChange) {
		t.Helper()
		if _, err := change(p, ch); chat.CodeOf(err) != want {
			t.Errorf("%+v: %v, want %q", ch, err, want)
		}
	}
	answer, err := d.OpenAnswer(d.ctx, d.ws, c.ID)
	d.check(err)
	code(chat.CodeInvalid, *answer, chat.PromiseChange{State: chat.PromiseKept})
	code(chat.CodeInvalid, *answer, chat.PromiseChange{State: chat.PromiseWithdrawn, Reason: "x"})
	later := d.clock.Now().Add(5 * time.Hour)
	agreed := must(change(*answer, chat.PromiseChange{State: chat.PromiseMoved, Due: later, Consent: true}))
	if got := d.state(c.ID); !got.Promised.Equal(later) || agreed.Before != answer.ID || d.promise(answer.ID).State != chat.PromiseMoved {
		t.Errorf("moved with consent: %+v, %+v", got, agreed)
	}

	p := d.promised(c.ID, ana, "Refund", time.Hour)
	code(chat.CodeInvalid, p, chat.PromiseChange{State: "lost"})
	code(chat.CodeInvalid, p, chat.PromiseChange{State: chat.PromiseWithdrawn})
	code(chat.CodeInvalid, p, chat.PromiseChange{State: chat.PromiseMoved, Due: later})                                     // why?
	code(chat.CodeInvalid, p, chat.PromiseChange{State: chat.PromiseMoved, Due: d.clock.Now(), Consent: true})              // it has passed
	code(chat.CodeInvalid, p, chat.PromiseChange{State: chat.PromiseMoved, Due: later.AddDate(2, 0, 0), Consent: true})     // a slip
	alone := must(change(p, chat.PromiseChange{State: chat.PromiseMoved, Due: later, Reason: "The bank is closed today."})) // nobody asked the customer
	said := d.notices(c.ID)
	if last := said[len(said)-1]; d.promise(p.ID).State != chat.PromiseBroken || last.Notice.Kind != chat.NoticeOverdue ||
		last.Text != "We said today, 11:00 UTC for “Refund” and will not make it. I'm sorry. The bank is closed today. New time: today, 15:00 UTC." {
		t.Errorf("moved without consent: %+v, said %q", d.promise(p.ID), last.Text)
	}
	code(chat.CodeStale, p, chat.PromiseChange{State: chat.PromiseKept})

	ben := d.agent("Ben", true)
	if got := must(change(alone, chat.PromiseChange{State: chat.PromiseOpen, Owner: ben.ID})); got.Owner != ben.ID || got.State != chat.PromiseOpen {
		t.Errorf("handed on: %+v", got)
	}
	if got := must(change(alone, chat.PromiseChange{State: chat.PromiseKept})); got.State != chat.PromiseKept {
		t.Errorf("kept: %+v", got)
	}
	gone := d.promised(c.ID, ana, "Call", time.Hour)
	if got := must(change(gone, chat.PromiseChange{State: chat.PromiseWithdrawn, Reason: "She called herself"})); got.State != chat.PromiseWithdrawn || got.Reason == "" {
		t.Errorf("withdrawn: %+v", got)
	}

	late := d.promised(c.ID, ana, "Photo", time.Hour)
	d.clock.advance(61 * time.Minute)
	if got := must(change(late, chat.PromiseChange{State: chat.PromiseKept})); got.State != chat.PromiseBroken || !got.ToldAt.IsZero() {
		t.Errorf("kept late: %+v", got)
	}
	w.Look(d.ctx)
	said = d.notices(c.ID)
	if got := d.promise(late.ID); got.ToldAt.IsZero() || said[len(said)-1].Text != "We said today, 11:00 for “Photo” and did not make it. I'm sorry." {
		t.Errorf("%+v, said %q", got, said[len(said)-1].Text)
	}
}

func TestTheReceiptComesWithTheConfirmation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.waiting("Where is my parcel?")
	e, err := d.LeaveContact(d.ctx, d.ws, c.ID, d.sender(), newID(), chat.Contact{Email: "lena@example.com"}, false)
	d.check(err)
	given, err := d.OpenAnswer(d.ctx, d.ws, c.ID)
	d.check(err)
	said := d.notices(c.ID)
	if last := said[len(said)-1]; last.Seq <= e.Seq || last.Promise == nil || last.Promise.Number != given.Number || last.Promise.Customer != uuid.Nil {
		t.Errorf("said %+v, the promise is %+v", last, given)
	}
	if given, err := d.OpenAnswer(d.ctx, d.ws, d.talk("Hello").ID); given != nil || err != nil {
		t.Errorf("where nothing is promised: %+v, %v", given, err)
	}
}

func TestFindPromises(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.talk("Hello")
	found, err := d.FindPromises(d.ctx, d.ws, c.ID, "I'll call you today at 3 pm.")
	if err != nil || len(found) != 1 || !found[0].Due.Equal(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := d.FindPromises(d.ctx, d.ws, newID(), "x"); chat.CodeOf(err) != chat.CodeNotFound {
		t.Errorf("of no conversation: %v", err)
	}
}
