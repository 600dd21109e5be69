package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// snoozeMost is for how long a conversation can be put off: beyond a year
	// nobody means it.
	snoozeMost = 366 * 24 * time.Hour
	// answerFrom is how long before a promised time a conversation is back: the
	// agent needs to read and write.
	answerFrom = 15 * time.Minute
)

// Snooze puts a conversation off until a time, and takes it if nobody has it.
// It is back before an answer is due that was promised, and at once when the
// customer writes. CodeInvalid: the time is past, or too far away. CodeConflict:
// another agent has it, or the promised time is too near. CodeStale: it is not as
// the agent saw it, the customer has written since.
func (d *Desk) Snooze(ctx context.Context, ws, conv uuid.UUID, a chat.Act, until time.Time) (chat.Conversation, error) {
	now := d.now()
	if !until.After(now) || until.After(now.Add(snoozeMost)) {
		return chat.Conversation{}, chat.Errorf(chat.CodeInvalid, "Choose a time from now on, within a year.")
	}
	c, err := d.seen(ctx, ws, conv, a)
	if err != nil {
		return c, err
	}
	hours := d.hours(ctx, ws, c.Inbox)
	if due := c.Promised; !due.IsZero() {
		latest := due.Add(-answerFrom)
		if !latest.After(now) {
			return c, chat.Errorf(chat.CodeConflict, "The customer has our word for an answer by %s. Answer first, then put it off.", hours.SayDue(due, now))
		}
		if until.After(latest) {
			until = latest
		}
	}
	until = until.UTC()
	seen := a.Seen
	if seen == 0 {
		seen = c.CustomerSeq // what comes in between would be put off unseen
	}
	return d.apply(ctx, ws, c, move{kind: moveSnooze, by: sender(a.By), agent: a.By, snooze: &until, seen: seen,
		entries: noted(a.By, "Snoozed until "+hours.SayDue(until, now)+".", chat.Deed{Kind: chat.DeedSnoozed, Until: until})})
}

// Wake ends a snooze. One that is awake stays as it is. CodeStale: it is not as
// a.By saw it.
func (d *Desk) Wake(ctx context.Context, ws, conv uuid.UUID, a chat.Act) (chat.Conversation, error) {
	c, err := d.seen(ctx, ws, conv, a)
	if err != nil || c.Snoozed.IsZero() {
		return c, err
	}
	return d.wake(ctx, ws, c, sender(a.By), nil)
}

func (d *Desk) wake(ctx context.Context, ws uuid.UUID, c chat.Conversation, by chat.Sender, entries []chat.Draft) (chat.Conversation, error) {
	c, _, err := d.store.Transition(ctx, ws, c.ID, chat.Transition{Epoch: c.Epoch, To: c.Owner, Agent: c.Agent, Status: c.Status,
		By: by, Snooze: &time.Time{}, Entries: entries})
	return c, err
}

// wakeMost is how many conversations are woken in a round.
const wakeMost = 100

// wake wakes what is due: on top of its agent's list, or, if the agent is gone,
// in the queue.
func (w *Watch) wake(ctx context.Context, ws uuid.UUID) error {
	due, err := w.find.Due(ctx, ws, wakeMost)
	if err != nil || len(due) == 0 {
		return err
	}
	agents, err := w.desk.sur.Presence(ctx, ws)
	if err != nil {
		return err
	}
	for _, c := range due {
		who := presenceOf(agents, c.Agent)
		if who.State == chat.PresenceOffline {
			err = w.desk.takeBack(ctx, ws, c, who.Name, chat.ReasonWoken)
		} else {
			err = w.desk.wakeUp(ctx, ws, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) wakeUp(ctx context.Context, ws uuid.UUID, c chat.Conversation) error {
	said := chat.Draft{
		// The id stands for the snooze that is over: it is told once, whichever node is first.
		ClientID: uuid.NewSHA1(c.ID, []byte("awake "+c.Snoozed.UTC().Format(time.RFC3339Nano))),
		Log:      chat.LogStaff, From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNote,
		Text: fmt.Sprintf("It was snoozed until %s: here it is again.", d.hours(ctx, ws, c.Inbox).Say(c.Snoozed, d.now())),
	}
	_, err := d.wake(ctx, ws, c, said.From, []chat.Draft{said})
	switch chat.CodeOf(err) {
	case chat.CodeStale, chat.CodeConflict: // somebody moved or woke it
		return nil
	}
	return err
}
