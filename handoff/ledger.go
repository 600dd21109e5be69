package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// attendMost is how many promises are read at once. After a long absence there
// may be many, and nobody waits for the next round.
const attendMost = 100

// attend sees to the promises about which something has to be done now: what
// is due soon rises, what is broken is told, and promised anew.
func (w *Watch) attend(ctx context.Context, ws uuid.UUID) error {
	present, err := w.desk.present(ctx, ws)
	if err != nil {
		return err
	}
	for first := uuid.Nil; ; {
		todo, err := w.find.PromisesToActOn(ctx, ws, attendMost)
		// If the same comes first again, somebody else is at it: the next round sees.
		if err != nil || len(todo) == 0 || todo[0].ID == first {
			return err
		}
		first = todo[0].ID
		for _, p := range todo {
			if err := w.desk.seeTo(ctx, ws, p, present); err != nil {
				return fmt.Errorf("see to promise %s: %w", p.Number, err)
			}
		}
		if len(todo) < attendMost {
			return nil
		}
	}
}

// present gives the agents who are not offline.
func (d *Desk) present(ctx context.Context, ws uuid.UUID) (map[uuid.UUID]chat.Presence, error) {
	all, err := d.sur.Presence(ctx, ws)
	present := make(map[uuid.UUID]chat.Presence, len(all))
	for _, p := range all {
		if p.State != chat.PresenceOffline {
			present[p.User] = p
		}
	}
	return present, err
}

// seeTo does what there is to do about p now. Whoever was quicker has done it.
func (d *Desk) seeTo(ctx context.Context, ws uuid.UUID, p chat.Promise, present map[uuid.UUID]chat.Presence) error {
	c, err := d.store.Conversation(ctx, ws, p.Conversation)
	if err != nil {
		return err
	}
	var t chat.Transition
	broken := false
	switch {
	case p.State == chat.PromiseBroken:
		t = d.tellLate(ctx, ws, c, p)
	case !p.Due.After(d.now()):
		broken = true
		t, err = d.apologise(ctx, ws, c, p, present)
	default:
		t = d.raise(ctx, ws, c, p, present)
	}
	if err != nil {
		return err
	}
	if !c.Snoozed.IsZero() {
		t.Snooze = &time.Time{} // something is due in it
	}
	_, _, err = d.store.Transition(ctx, ws, c.ID, t)
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeStale, chat.CodeConflict: // moved, or told by another node
		return nil
	default:
		return err
	}
	if broken {
		d.observe(Event{Kind: EventPromiseBroken, Workspace: ws, Conversation: c.ID})
		d.log.WarnContext(ctx, "handoff: a promised time has passed; the customer was told", "conversation", c.ID, "receipt", p.Number, "promised", p.Due)
	}
	return nil
}

// stay is a transition that leaves c where it is.
func stay(c chat.Conversation) chat.Transition {
	return chat.Transition{Epoch: c.Epoch, To: c.Owner, Status: c.Status, Agent: c.Agent, By: chat.Sender{Kind: chat.PartySystem}}
}

// raise is what a promise that is due soon does: what waits in the queue rises,
// and the owner is told. One that nobody who is there has goes to who has the
// conversation, or with it to the queue.
func (d *Desk) raise(ctx context.Context, ws uuid.UUID, c chat.Conversation, p chat.Promise, present map[uuid.UUID]chat.Presence) chat.Transition {
	t, owner := d.see(ctx, ws, c, p, present)
	t.Priority = chat.PriorityHigh
	t.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseOpen, Raised: true, Owner: &owner}}
	if owner != uuid.Nil {
		t.Entries = append(t.Entries, d.dueNote(ctx, ws, c, p, owner))
	}
	return t
}

// see gives who sees to p, and the transition by which c is where it is seen: it
// stays unless p is nobody's, and nobody has c.
func (d *Desk) see(ctx context.Context, ws uuid.UUID, c chat.Conversation, p chat.Promise, present map[uuid.UUID]chat.Presence) (chat.Transition, uuid.UUID) {
	t := stay(c)
	if c.Owner == chat.OwnerAgent && c.Status == chat.StatusOpen {
		if _, there := present[c.Agent]; there {
			return t, c.Agent
		}
	}
	if _, there := present[p.Owner]; there {
		return t, p.Owner
	}
	if c.Owner == chat.OwnerQueue && c.Status == chat.StatusOpen {
		return t, uuid.Nil
	}
	t.To, t.Status, t.Agent, t.Reason, t.Answered = chat.OwnerQueue, chat.StatusOpen, uuid.Nil, chat.ReasonPromise, true
	if c.Promised.IsZero() { // who waits in the queue has a time
		notice, promised := d.notice(ctx, ws, c, aColleague)
		t.Entries, t.Promised = []chat.Draft{notice}, promised
	}
	return t, uuid.Nil
}

// dueNote tells an agent, by a note that mentions her, that a promise is due soon.
func (d *Desk) dueNote(ctx context.Context, ws uuid.UUID, c chat.Conversation, p chat.Promise, agent uuid.UUID) chat.Draft {
	hours := d.hours(ctx, ws, c.Inbox)
	return chat.Draft{ClientID: uuid.NewSHA1(p.ID, []byte("due soon")), Log: chat.LogStaff, Kind: chat.KindNote, From: chat.Sender{Kind: chat.PartySystem},
		Text: fmt.Sprintf("Due %s: “%s” (%s). Mark it as kept, or give it another time before the customer has to be told.", hours.Say(p.Due, d.now()), p.Text, p.Number),
		Body: chat.Body{Mentions: []uuid.UUID{agent}}}
}

// apologise is the transition that tells the customer that a promised time has
// passed, with a new one, and raises the conversation in the queue.
func (d *Desk) apologise(ctx context.Context, ws uuid.UUID, c chat.Conversation, p chat.Promise, present map[uuid.UUID]chat.Presence) (chat.Transition, error) {
	before, err := d.brokenBefore(ctx, ws, p)
	if err != nil {
		return chat.Transition{}, err
	}
	hours, now := d.hours(ctx, ws, c.Inbox), d.now()
	due := hours.PromiseWithin(now, patience(before))
	n := &chat.Notice{Kind: chat.NoticeOverdue, Was: p.Due, Promised: due}
	said := chat.Draft{
		// The id stands for the broken promise: it is told once, whichever node is first.
		ClientID: uuid.NewSHA1(p.ID, []byte("overdue")), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice,
		Body: chat.Body{Notice: n},
	}
	if p.Kind == chat.PromiseAnswer {
		n.Email = d.knownEmail(ctx, ws, c)
		n.AskEmail = n.Email == ""
		said.Text = hours.Notice(*n, now)
		t := stay(c)
		t.Priority, t.Entries, t.Promised = chat.PriorityHigh, []chat.Draft{said}, due
		return t, nil
	}
	t, owner := d.see(ctx, ws, c, p, present)
	n.What = p.Text
	if who, there := present[owner]; there {
		n.Agent = who.Name
	}
	said.Text = hours.Notice(*n, now)
	t.Priority, t.Entries = chat.PriorityHigh, append([]chat.Draft{said}, t.Entries...)
	t.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseBroken, Due: due, Owner: &owner, Told: true, By: said.From}}
	return t, nil
}

// tellLate is the transition that tells the customer of a promise that was
// broken when it was done, or when it ended: there is no new time.
func (d *Desk) tellLate(ctx context.Context, ws uuid.UUID, c chat.Conversation, p chat.Promise) chat.Transition {
	t := stay(c)
	n := chat.Notice{Kind: chat.NoticeOverdue, Was: p.Due}
	if p.Kind != chat.PromiseAnswer {
		n.What = p.Text
	}
	given := p.Copy()
	t.Entries = []chat.Draft{{ClientID: uuid.NewSHA1(p.ID, []byte("overdue")), From: t.By, Kind: chat.KindNotice,
		Text: d.hours(ctx, ws, c.Inbox).Notice(n, d.now()), Body: chat.Body{Notice: &n, Promise: &given}}}
	t.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseBroken, Reason: p.Reason, Told: true}}
	return t
}

// brokenBefore counts the promises before p that were broken, one for the other.
func (d *Desk) brokenBefore(ctx context.Context, ws uuid.UUID, p chat.Promise) (n int, err error) {
	for ; p.Before != uuid.Nil && n < mostPatience; n++ {
		if p, err = d.store.Promise(ctx, ws, p.Before); err != nil {
			return n, err
		}
		if p.State != chat.PromiseBroken {
			break
		}
	}
	return n, nil
}

// mostPatience is after how many broken promises the time of the next one no
// longer grows.
const mostPatience = 5

// patience gives how much opening time a new promise takes after so many broken
// ones: twice as much each time, up to a week of it, because an apology every
// two hours is worse than a later time that may be kept.
func patience(broken int) time.Duration {
	const week = 40 * time.Hour
	if broken >= mostPatience {
		return week
	}
	return min(week, answerWithin<<broken)
}
