package trust

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// GateStore is what a Gate reads.
type GateStore interface {
	Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error)
	Topic(ctx context.Context, ws, article uuid.UUID) (Topic, error)
}

// Gate says which answers the bot may give by itself. It keeps nothing and
// may be used concurrently.
type Gate struct {
	store GateStore
	limit float64
}

// NewGate makes a Gate for topics that were earned under a limit.
func NewGate(s GateStore, limit float64) *Gate { return &Gate{s, limit} }

// May gives the reason why an answer that rests on the article goes to an
// agent first; "" lets the bot give it. In an inbox that answers by threshold
// it always may; in one where topics are earned, when the article's is live
// under the present limit.
func (g *Gate) May(ctx context.Context, ws, inbox, article uuid.UUID) (chat.Reason, error) {
	all, err := g.store.Inboxes(ctx, ws)
	if err != nil {
		return "", fmt.Errorf("trust: inboxes: %w", err)
	}
	for _, in := range all {
		if in.ID == inbox && in.Settings.Answering != chat.AnswerEarned {
			return "", nil
		}
	}
	t, err := g.store.Topic(ctx, ws, article)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		return chat.ReasonShadow, nil
	case err != nil:
		return "", fmt.Errorf("trust: topic of %s: %w", article, err)
	case t.Limit != g.limit:
		return chat.ReasonShadow, nil
	case t.Stage == StageLive:
		return "", nil
	case t.Stage == StageSuggest:
		return chat.ReasonSuggest, nil
	}
	return chat.ReasonShadow, nil
}
