package handoff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

func (d *desk) act(c chat.Conversation, by chat.User, note string) chat.Act {
	return chat.Act{By: by, Epoch: c.Epoch, Note: note}
}

func (d *desk) team(name string, members ...chat.User) chat.Team {
	d.t.Helper()
	t := chat.Team{Name: name}
	for _, m := range members {
		t.Members = append(t.Members, m.ID)
	}
	t, err := d.store.PutTeam(d.ctx, d.ws, t)
	d.check(err)
	return t
}

// notes gives the staff's log.
func (d *desk) notes(conv uuid.UUID) []string {
	d.t.Helper()
	entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogStaff, 0, 0)
	d.check(err)
	var out []string
	for _, e := range entries {
		out = append(out, e.From.Name+": "+e.Text)
	}
	return out
}

// deeds gives what the staff's log says to have been done, for the console to word.
func (d *desk) deeds(conv uuid.UUID) (out []chat.Deed) {
	d.t.Helper()
	entries, err := d.store.Entries(d.ctx, d.ws, conv, chat.LogStaff, 0, 0)
	d.check(err)
	for _, e := range entries {
		if e.Deed != nil {
			out = append(out, *e.Deed)
		}
	}
	return out
}

func (d *desk) claims(c chat.Conversation, by chat.User) chat.Conversation {
	d.t.Helper()
	c, err := d.Claim(d.ctx, d.ws, c.ID, c.Epoch, by)
	d.check(err)
	return c
}

func (d *desk) replies(c chat.Conversation, by chat.User) chat.Conversation {
	d.t.Helper()
	_, err := d.Reply(d.ctx, d.ws, c.ID, by, chat.Draft{ClientID: newID(), Text: "Here I am."})
	d.check(err)
	return d.state(c.ID)
}

func TestAssignToAnAgent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ana, ben, gone := d.agent("Ana", true), d.agent("Ben", true), d.agent("Gone", false)

	waiting := d.waiting("I want a person")
	c, err := d.Assign(d.ctx, d.ws, waiting.ID, d.act(waiting, ana, "You know this one."), ben)
	d.check(err)
	if c.Agent != ben.ID || c.Reason != chat.ReasonAssigned || c.Epoch != waiting.Epoch+1 || !c.Promised.Equal(waiting.Promised) || c.LastAgent != ben.ID {
		t.Errorf("assigned: %+v", c)
	}
	entries, err := d.store.Entries(d.ctx, d.ws, c.ID, chat.LogPublic, waiting.LastSeq, 0)
	d.check(err)
	if len(entries) != 1 || entries[0].Change == nil || entries[0].Change.Name != "Ben" {
		t.Errorf("the customer sees %+v", entries)
	}
	equal(t, "note", d.notes(c.ID), []string{"Ana: You know this one."})
	again, err := d.Assign(d.ctx, d.ws, c.ID, d.act(c, ana, ""), ben)
	d.check(err)
	equal(t, "what he has", again, c)

	// From one to another; the customer waits, so not to somebody who is offline.
	_, err = d.Assign(d.ctx, d.ws, c.ID, d.act(c, ben, ""), gone)
	wantCode(t, err, chat.CodeConflict)
	c = d.replies(c, ben)
	c, err = d.Assign(d.ctx, d.ws, c.ID, d.act(c, ben, ""), gone)
	d.check(err)
	equal(t, "why", c.Reason, chat.ReasonTransferred)
	stale := c
	stale.Epoch--
	_, err = d.Assign(d.ctx, d.ws, c.ID, d.act(stale, ana, ""), ana)
	wantCode(t, err, chat.CodeStale)
	c, err = d.Assign(d.ctx, d.ws, c.ID, d.act(c, ana, ""), ana) // to oneself, from whoever has it
	d.check(err)
	equal(t, "taken over", c.Agent, ana.ID)
	_, err = d.Assign(d.ctx, d.ws, c.ID, d.act(c, ana, ""), chat.User{ID: newID(), Name: "Ed", Role: chat.RoleEditor})
	wantCode(t, err, chat.CodeInvalid)
	d.says(c.ID, "And now?")
	act := d.act(c, ana, "")
	act.Seen = c.CustomerSeq
	_, err = d.Assign(d.ctx, d.ws, c.ID, act, ben)
	wantCode(t, err, chat.CodeStale)
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ana := d.agent("Ana", true)
	team, everybody := d.team("Refunds", ana), chat.Team{}

	// In the queue nothing changes for the customer: the place, the promise, the log.
	first, second := d.waiting("A person, please"), d.waiting("Me too")
	c, err := d.Transfer(d.ctx, d.ws, first.ID, d.act(first, ana, "It is about money."), team)
	d.check(err)
	if c.Team != team.ID || c.Epoch != first.Epoch || c.LastSeq != first.LastSeq || !c.Promised.Equal(first.Promised) || !c.Waiting.Equal(first.Waiting) {
		t.Errorf("in the queue: %+v", c)
	}
	equal(t, "note", d.notes(c.ID), []string{"Ana: Passed on to Refunds.\nIt is about money."})
	equal(t, "deed", d.deeds(c.ID), []chat.Deed{{Kind: chat.DeedPassed, Team: "Refunds", Words: "It is about money."}})
	place, err := d.Place(d.ctx, d.ws, c.ID)
	d.check(err)
	equal(t, "place", place, 1)

	// From an agent who has answered: a new promise, told with the place.
	c = d.replies(d.claims(second, ana), ana)
	d.says(c.ID, "I see. And the money?")
	c = d.state(c.ID)
	after, err := d.Transfer(d.ctx, d.ws, c.ID, d.act(c, ana, ""), team)
	d.check(err)
	if after.Owner != chat.OwnerQueue || after.Team != team.ID || after.Epoch != c.Epoch+1 || !after.Promised.After(d.clock.Now()) || after.Priority != chat.PriorityHigh || after.Reason != chat.ReasonTransferred {
		t.Errorf("from an agent: %+v", after)
	}
	told := d.notices(c.ID)
	last := told[len(told)-1]
	if !strings.HasPrefix(last.Text, "A colleague takes over from here. You are 1st in line.") || last.Notice.Place != 1 {
		t.Errorf("told %+v", last)
	}
	equal(t, "orphans", d.orphansNow(), 0)
	again, err := d.Transfer(d.ctx, d.ws, c.ID, d.act(after, ana, ""), team)
	d.check(err)
	equal(t, "once more", again, after)
	after, err = d.Transfer(d.ctx, d.ws, c.ID, d.act(after, ana, ""), everybody)
	d.check(err)
	equal(t, "everybody's", after.Team, uuid.Nil)

	// From the bot: with a brief.
	c = d.talk("Where is my money?")
	c, err = d.Transfer(d.ctx, d.ws, c.ID, d.act(c, ana, ""), team)
	d.check(err)
	h, err := d.store.Handoff(d.ctx, d.ws, c.ID)
	d.check(err)
	if h.Reason != chat.ReasonTransferred || h.Brief.Goal == "" || c.Promised.IsZero() || c.Unanswered() {
		t.Errorf("from the bot: %+v, %+v", c, h)
	}
	_, err = d.Transfer(d.ctx, d.ws, c.ID, d.act(c, ana, ""), chat.Team{ID: newID(), Name: "None"})
	wantCode(t, err, chat.CodeNotFound)
}

// orphansNow counts them as the monitor does.
func (d *desk) orphansNow() int {
	d.t.Helper()
	n, err := d.store.Orphans(d.ctx, d.ws, d.clock.Now().Add(time.Second))
	d.check(err)
	return n
}

func TestDecline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ana, ben := d.agent("Ana", true), d.agent("Ben", true)
	c := d.waiting("A person, please")
	offer := func(to chat.User, instead uuid.UUID) error {
		var err error
		got, err := d.Offer(d.ctx, d.ws, c.ID, c.Epoch, chat.Offer{Agent: to.ID, Until: d.clock.Now().Add(30 * time.Second), Instead: instead})
		if err == nil {
			c = got
		}
		return err
	}
	d.check(offer(ana, uuid.Nil))
	_, err := d.Decline(d.ctx, d.ws, c.ID, d.act(c, ben, ""))
	wantCode(t, err, chat.CodeStale)
	c, err = d.Decline(d.ctx, d.ws, c.ID, d.act(c, ana, "In a call."))
	d.check(err)
	equal(t, "notes", d.notes(c.ID), []string{"Ana: Declined: In a call."})
	equal(t, "deeds", d.deeds(c.ID), []chat.Deed{{Kind: chat.DeedDeclined, Words: "In a call."}})
	equal(t, "passed over", c.Passed, []uuid.UUID{ana.ID})
	d.check(offer(ben, uuid.Nil))
	wantCode(t, offer(ana, uuid.Nil), chat.CodeStale)
	c = d.claims(c, ben)
	if c.Agent != ben.ID || c.Offered != uuid.Nil || c.Passed != nil {
		t.Errorf("accepted: %+v", c)
	}
	wantCode(t, offer(ana, uuid.Nil), chat.CodeStale)
}

func TestCloseWithOutcome(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ana := d.agent("Ana", true)
	c := d.claims(d.waiting("A person, please"), ana)
	act := d.act(c, ana, "The third time this week.")
	act.Seen = c.CustomerSeq
	d.says(c.ID, "Wait!")
	_, err := d.Close(d.ctx, d.ws, c.ID, act, chat.OutcomeSolved)
	wantCode(t, err, chat.CodeStale)
	act.Seen = d.state(c.ID).CustomerSeq
	c, err = d.Close(d.ctx, d.ws, c.ID, act, chat.OutcomeDuplicate)
	d.check(err)
	if c.Status != chat.StatusClosed || c.Outcome != chat.OutcomeDuplicate || !c.Promised.IsZero() {
		t.Errorf("closed: %+v", c)
	}
	equal(t, "notes", d.notes(c.ID), []string{"Ana: The third time this week."})
	c, err = d.Reopen(d.ctx, d.ws, c.ID, d.sender())
	d.check(err)
	equal(t, "open again", c.Outcome, chat.OutcomeNone)
}
