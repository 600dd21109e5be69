package handoff

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// loopReturns is how often the bot gets a conversation back from people. The
// third time it would be handed over, nobody has helped: it stays with people.
const loopReturns = 2

// returned counts how often people gave c back to the bot since it began, or
// since it was last closed.
func (d *Desk) returned(ctx context.Context, ws uuid.UUID, c chat.Conversation) (n int, err error) {
	entries, err := d.store.Entries(ctx, ws, c.ID, chat.LogPublic, max(0, c.LastSeq-briefEntries), briefEntries)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		switch ch := e.Body.Change; {
		case ch == nil:
		case ch.Status == chat.StatusClosed:
			n = 0
		case ch.From == chat.OwnerAgent && ch.To == chat.OwnerBot:
			n++
		}
	}
	return n, nil
}

// noticeLoop makes r a request for the end of the going to and fro between bot
// and people, if that is what it is. Distress stays what it is: it comes first as it is.
func (d *Desk) noticeLoop(ctx context.Context, ws uuid.UUID, c chat.Conversation, r Request) Request {
	n, err := d.returned(ctx, ws, c)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: how often was it given back?", "conversation", c.ID, "err", err)
	}
	if n < loopReturns || r.Reason == chat.ReasonDistress {
		return r
	}
	r.Before, r.Reason = r.Reason, chat.ReasonLoop
	if r.Says != nil && d.words != nil {
		says := *r.Says
		says.Text, says.Body.Blocks = d.words(r.Reason), nil
		r.Says = &says
	}
	return r
}

// refuseLoop is the error of giving a conversation to the bot once more that
// came back from it each time.
func (d *Desk) refuseLoop(ctx context.Context, ws uuid.UUID, c chat.Conversation) error {
	if n, err := d.returned(ctx, ws, c); err != nil || n < loopReturns {
		return err
	}
	return chat.Errorf(chat.CodeConflict, "The bot has had this conversation back twice and could not help. Answer it, pass it on, or close it.")
}
