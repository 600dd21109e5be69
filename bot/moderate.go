package bot

import (
	"context"
	"strings"
	"time"

	"frontdesk/chat"
	"frontdesk/internal/personal"
)

// Moderator tells whether somebody else's rules let a text be answered.
type Moderator interface {
	// Flagged reports whether a text breaks the rules.
	Flagged(ctx context.Context, text string) (bool, error)
}

// moderateWithin bounds what a customer waits for a moderator.
const moderateWithin = 1500 * time.Millisecond

// moderated holds an answer back to what a moderator flags: a person looks at
// it. Everything that is no answer goes its way, so that who is in danger gets
// help whatever the moderator says. Personal data is masked before it is asked.
func (r *Runner) moderated(ctx context.Context, a attempt, d Decision) Decision {
	if r.o.Moderator == nil || d.Action != chat.ActionAnswer {
		return d
	}
	ctx, cancel := context.WithTimeout(ctx, moderateWithin)
	defer cancel()
	flagged, err := r.o.Moderator.Flagged(ctx, personal.Mask(strings.Join(a.turn.Messages, "\n")))
	reason := chat.Reason("")
	switch {
	case flagged && err == nil:
		reason = chat.ReasonAbuse
		r.o.Log.Info("bot: a message was flagged; its answer waits for an agent", "conversation", a.ref.Conversation)
	case err != nil && r.ctx.Err() == nil:
		r.o.Log.Warn("bot: the moderator did not answer", "conversation", a.ref.Conversation, "required", r.o.ModeratorRequired, "err", err)
		if r.o.ModeratorRequired {
			reason = chat.ReasonFailure
		}
	}
	if reason == "" {
		return d
	}
	a.notes.note(func(r *Record) { r.Held = reason })
	return d.HeldBack(reason)
}
