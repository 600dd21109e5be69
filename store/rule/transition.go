package rule

import (
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
	var err error
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
	if t.Handoff != nil {
		h := *t.Handoff
		h.ID, err = NewID(h.ID)
		t.Handoff = &h
	}
	return t, err
}

// NewID gives id, or a fresh one if it is zero.
func NewID(id uuid.UUID) (uuid.UUID, error) {
	if id != uuid.Nil {
		return id, nil
	}
	return uuid.NewV7()
}
