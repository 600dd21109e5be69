package handoff_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// TestPolish: better words stand beside the brief's own, and nobody waits for
// those that are late.
func TestPolish(t *testing.T) {
	t.Parallel()
	deaf, heard := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(deaf); <-heard })
	better := &chat.BriefPolish{Goal: "Where the parcel is."}
	for name, c := range map[string]struct {
		polish func(context.Context, chat.Conversation, chat.Brief) (*chat.BriefPolish, error)
		want   *chat.BriefPolish
	}{
		"in time": {func(context.Context, chat.Conversation, chat.Brief) (*chat.BriefPolish, error) { return better, nil }, better},
		"late": {func(ctx context.Context, _ chat.Conversation, _ chat.Brief) (*chat.BriefPolish, error) {
			<-ctx.Done()
			return better, nil
		}, nil},
		"deaf": {func(context.Context, chat.Conversation, chat.Brief) (*chat.BriefPolish, error) {
			<-deaf
			defer close(heard)
			return better, nil
		}, nil},
		"broken": {func(context.Context, chat.Conversation, chat.Brief) (*chat.BriefPolish, error) {
			return better, errors.New("broken")
		}, nil},
		"none": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now, Polish: c.polish})
			start := time.Now()
			conv := d.waiting("Where is my parcel, which I ordered last week?")
			if took := time.Since(start); took > 1500*time.Millisecond {
				t.Errorf("the handoff waited %v", took)
			}
			h, err := d.store.Handoff(d.ctx, d.ws, conv.ID)
			d.check(err)
			if (h.Brief.Polished == nil) != (c.want == nil) || c.want != nil && h.Brief.Polished.Goal != c.want.Goal {
				t.Errorf("polished: %+v", h.Brief.Polished)
			}
			if h.Brief.Goal != "Where is my parcel, which I ordered last week?" {
				t.Errorf("its own goal: %q", h.Brief.Goal)
			}
		})
	}
}
