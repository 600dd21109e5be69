package handoff

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Offer makes, changes or withdraws the offer of a waiting conversation, see
// chat.Offer. CodeStale: it does not wait any more, or is offered to another.
// Who takes an offer claims.
func (d *Desk) Offer(ctx context.Context, ws, conv uuid.UUID, epoch int64, o chat.Offer) (chat.Conversation, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	if err != nil {
		return c, err
	}
	if c.Epoch != epoch || c.Waiting.IsZero() {
		return c, errMoved()
	}
	return d.offer(ctx, ws, c, o, chat.Sender{Kind: chat.PartySystem}, nil)
}

// Decline lets an offer go by: it is noted, and the agent is passed over as long
// as the conversation waits now. CodeStale: it is not offered to the agent any more.
func (d *Desk) Decline(ctx context.Context, ws, conv uuid.UUID, a chat.Act) (chat.Conversation, error) {
	c, err := d.seen(ctx, ws, conv, a)
	if err != nil {
		return c, err
	}
	if c.Offered != a.By.ID {
		return c, chat.Errorf(chat.CodeStale, "The conversation is not offered to you any more.")
	}
	said := "Declined."
	if a.Note != "" {
		said = fmt.Sprintf("Declined: %s", a.Note)
	}
	return d.offer(ctx, ws, c, chat.Offer{Instead: a.By.ID}, sender(a.By), noted(a.By, said, chat.Deed{Kind: chat.DeedDeclined, Words: a.Note}))
}

func (d *Desk) offer(ctx context.Context, ws uuid.UUID, c chat.Conversation, o chat.Offer, by chat.Sender, entries []chat.Draft) (chat.Conversation, error) {
	c, _, err := d.store.Transition(ctx, ws, c.ID, chat.Transition{Epoch: c.Epoch, To: c.Owner, Status: c.Status, By: by, Offer: &o, Entries: entries})
	return c, err
}
