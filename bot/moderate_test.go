package bot

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

type moderator func(text string) (bool, error)

func (m moderator) Flagged(_ context.Context, text string) (bool, error) { return m(text) }

func TestRunnerAsksTheModerator(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		action   chat.Action
		flagged  bool
		err      error
		required bool
		said     []string
		reason   chat.Reason
	}{
		"fine":                  {action: chat.ActionAnswer, said: []string{"It is 5 €."}},
		"flagged":               {action: chat.ActionAnswer, flagged: true, reason: chat.ReasonAbuse},
		"broken":                {action: chat.ActionAnswer, err: broken, said: []string{"It is 5 €."}},
		"broken, but required":  {action: chat.ActionAnswer, err: broken, required: true, reason: chat.ReasonFailure},
		"no answer, so let go":  {action: chat.ActionSmallTalk, flagged: true, said: []string{"It is 5 €."}},
		"flagged, and required": {action: chat.ActionAnswer, flagged: true, required: true, reason: chat.ReasonAbuse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			decide := func(Turn) (Decision, error) {
				return Decision{Action: c.action, Text: "It is 5 €.", Answer: chat.Answer{Action: c.action}}, nil
			}
			run(t, s, &decider{fn: decide}, func(o *RunnerOptions) {
				o.ModeratorRequired = c.required
				o.Moderator = moderator(func(text string) (bool, error) {
					if c.action != chat.ActionAnswer || strings.Contains(text, "jo@posteo.example") {
						t.Errorf("asked about %q", text)
					}
					return c.flagged, c.err
				})
			}, func(*Runner) { s.say("What does it cost? I am jo@posteo.example") })
			if diff := cmp.Diff(c.said, s.said()); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			handed := s.handedOver()
			if c.reason == "" && len(handed) > 0 || c.reason != "" && (len(handed) != 1 || handed[0].Reason != c.reason) {
				t.Errorf("handed over %+v, want %q", handed, c.reason)
			}
		})
	}
}
