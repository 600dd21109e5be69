package handoff

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// TakeBack gives all open conversations of an agent who may not work any more
// to the queue. It may be called again: what she has no longer is left alone.
func (d *Desk) TakeBack(ctx context.Context, ws uuid.UUID, agent chat.User) error {
	var hers []chat.Conversation
	for q := (chat.ConversationQuery{View: chat.ViewMine, Agent: agent.ID, Limit: maxPage}); ; {
		page, err := d.sur.Conversations(ctx, ws, q)
		if err != nil {
			return err
		}
		hers = append(hers, page.Conversations...)
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, c := range hers {
		if err := d.takeBack(ctx, ws, c, agent.Name, chat.ReasonVanished); err != nil {
			return err
		}
	}
	return nil
}
