package bot

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Gate says which answers the bot may give by itself.
type Gate interface {
	// May gives the reason why an answer that rests on the article goes to an
	// agent first, as a suggestion; "" lets the bot give it.
	May(ctx context.Context, ws, inbox, article uuid.UUID) (chat.Reason, error)
}

// gated turns an answer that the gate does not let through into a handoff
// with the answer as the suggested reply.
func (r *Runner) gated(ctx context.Context, a attempt, d Decision) (Decision, error) {
	if r.o.Gate == nil || d.Action != chat.ActionAnswer {
		return d, nil
	}
	article, reason, err := r.held(ctx, a, d.Answer.Citations)
	if err != nil {
		return d, fmt.Errorf("bot: may the answer be given: %w", err)
	}
	if reason == "" {
		return d, nil
	}
	r.o.Log.Info("bot: an answer waits for an agent", "conversation", a.ref.Conversation, "article", article, "reason", reason, "confidence", d.Confidence)
	a.notes.note(func(r *Record) { r.Held = reason })
	return d.HeldBack(reason), nil
}

// HeldBack is an answer that an agent is to look at first: a handoff with it as
// the suggested reply.
func (d Decision) HeldBack(reason chat.Reason) Decision {
	d.Suggested = &chat.Suggestion{Text: d.Text, Citations: d.Answer.Citations}
	d.Action, d.Reason, d.Text, d.Blocks = chat.ActionHandoff, reason, Words(chat.ActionHandoff, reason), nil
	d.Answer = chat.Answer{Action: d.Action, Reason: reason, Confidence: d.Confidence, Knowledge: d.Answer.Knowledge}
	return d
}

// held gives the first article of an answer that the gate holds back, and why;
// "" if it holds back none. An answer out of two articles needs both.
func (r *Runner) held(ctx context.Context, a attempt, cited []chat.Citation) (uuid.UUID, chat.Reason, error) {
	if len(cited) == 0 {
		cited = []chat.Citation{{}} // an article of which nothing is known
	}
	for _, c := range cited {
		reason, err := r.o.Gate.May(ctx, a.ref.Workspace, a.conv.Inbox, c.Article)
		if reason != "" || err != nil {
			return c.Article, reason, err
		}
	}
	return uuid.Nil, "", nil
}
