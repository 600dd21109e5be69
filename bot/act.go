package bot

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Actor does for a customer what no article can: it looks something up in the
// shop, or proposes to change it.
type Actor interface {
	// Act gives the decision that takes the place of a's; ok is false if none
	// does, and a's stands. It asks a missing argument, says what an action gave,
	// or proposes one with a Card; it hands nothing over. After an error a's
	// decision stands too.
	Act(ctx context.Context, a Acting) (d Decision, ok bool, err error)
}

// Acting is a turn whose decision an Actor may improve on.
type Acting struct {
	Ref             chat.Ref
	Inbox, Customer uuid.UUID
	Epoch           int64
	ID              uuid.UUID // of the turn: the same for a repeated attempt at it
	Turn            Turn
	Decision        Decision
}

// acted lets the actor improve on a decision. Nothing that goes wrong there
// makes the turn worse than without it.
func (r *Runner) acted(ctx context.Context, a attempt, d Decision) Decision {
	if r.o.Actor == nil || !mayAct(a.turn, d) {
		return d
	}
	better, ok, err := r.act(ctx, a, d)
	switch {
	case err != nil && r.ctx.Err() == nil:
		r.o.Log.Warn("bot: no action was taken; the articles' decision stands", "conversation", a.ref.Conversation, "err", err)
	case ok:
		a.notes.note(func(r *Record) { r.Acted = true })
		return better
	}
	return d
}

func (r *Runner) act(ctx context.Context, a attempt, d Decision) (better Decision, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("bot: acting panicked", "conversation", a.ref.Conversation, "panic", p, "stack", string(debug.Stack()))
			ok, err = false, fmt.Errorf("bot: act: panic: %v", p)
		}
	}()
	return r.o.Actor.Act(ctx, Acting{
		Ref: a.ref, Inbox: a.conv.Inbox, Customer: a.conv.Customer, Epoch: a.conv.Epoch, ID: a.id, Turn: a.turn, Decision: d,
	})
}

// mayAct reports whether an action may do better than a decision: where the
// articles have no sure answer, and where the customer answers a question that
// an action asked. Who is in danger, attacks, or wants a person gets what was decided.
func mayAct(t Turn, d Decision) bool {
	switch d.Reason {
	case chat.ReasonDistress, chat.ReasonAsked, chat.ReasonAbuse, chat.ReasonInject, chat.ReasonPolicy, chat.ReasonShadow, chat.ReasonSuggest:
		return false
	}
	if asked := t.LastUsed(); asked != nil && asked.Missing != "" {
		return true
	}
	switch d.Action {
	case chat.ActionClarify:
		return true
	case chat.ActionHandoff:
		switch d.Reason {
		case chat.ReasonPersonOnly, chat.ReasonLowConfidence, chat.ReasonNothingFound, chat.ReasonValueMissing, chat.ReasonInternal:
			return true
		}
	}
	return false
}

// LastUsed gives the action that the bot's last message was about, nil if it
// was about none or somebody else spoke since.
func (t Turn) LastUsed() *chat.Used {
	for i := len(t.History) - 1; i >= 0; i-- {
		if past := t.History[i]; past.Role != RoleCustomer {
			return past.Used
		}
	}
	return nil
}
