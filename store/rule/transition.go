package rule

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// CheckTransition gives t with its defaults, and ids for what has none, or
// says what is wrong with it. What t points to stays as it is. CodeInvalid.
func CheckTransition(t chat.Transition) (chat.Transition, error) {
	switch {
	case t.To == chat.OwnerAgent && t.Agent == uuid.Nil:
		return t, invalid("a move to an agent needs the agent")
	case t.To != chat.OwnerBot && t.To != chat.OwnerQueue && t.To != chat.OwnerAgent:
		return t, invalid("there is no owner %q", t.To)
	case !t.Priority.Known():
		return t, invalid("there is no priority %q", t.Priority)
	case t.Status != chat.StatusOpen && t.Status != chat.StatusClosed:
		return t, invalid("there is no status %q", t.Status)
	case t.Before < 0 || t.Before > len(t.Entries):
		return t, invalid("%d entries cannot come before the owner's: there are %d", t.Before, len(t.Entries))
	case !storable(t.By.Name):
		return t, invalid("the sender's name is not UTF-8, or holds the character U+0000")
	}
	t, err := checkPlace(t)
	if err != nil {
		return t, err
	}
	if t.ID, err = NewID(t.ID); err != nil {
		return t, err
	}
	entries := make([]chat.Draft, len(t.Entries))
	for i, d := range t.Entries {
		if d.ClientID, err = NewID(d.ClientID); err != nil {
			return t, err
		}
		if entries[i], err = checkDraft(d); err != nil {
			return t, err
		}
	}
	t.Entries = entries
	if t, err = checkLedger(t); err != nil {
		return t, err
	}
	if t.Handoff != nil {
		h := *t.Handoff
		h.ID, err = NewID(h.ID)
		t.Handoff = &h
	}
	return t, err
}

// checkPlace checks what goes with an owner or status: offers, snoozes, outcomes.
func checkPlace(t chat.Transition) (chat.Transition, error) {
	open := t.Status == chat.StatusOpen
	if t.Offer != nil {
		o := *t.Offer
		o.Until = o.Until.UTC().Truncate(time.Microsecond)
		t.Offer = &o
		if o.Agent != uuid.Nil && (t.To != chat.OwnerQueue || !open || o.Until.IsZero()) {
			return t, invalid("only what waits in the queue is offered, until a time")
		}
	}
	if t.Snooze != nil {
		until := t.Snooze.UTC().Truncate(time.Microsecond)
		t.Snooze = &until
		if !until.IsZero() && (t.To != chat.OwnerAgent || !open) {
			return t, invalid("only what an agent has is put off")
		}
	}
	if !t.Outcome.Known() || t.Outcome != chat.OutcomeNone && open {
		return t, invalid("there is no outcome %q of a conversation that is %s", t.Outcome, t.Status)
	}
	return t, nil
}

// NewID gives id, or a fresh one if it is zero.
func NewID(id uuid.UUID) (uuid.UUID, error) {
	if id != uuid.Nil {
		return id, nil
	}
	return uuid.NewV7()
}
