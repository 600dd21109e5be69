package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

type gate func(inbox, article uuid.UUID) (chat.Reason, error)

func (g gate) May(_ context.Context, _, inbox, article uuid.UUID) (chat.Reason, error) {
	return g(inbox, article)
}

func TestRunnerRespectsTheGate(t *testing.T) {
	t.Parallel()
	article, inbox := uuid.New(), uuid.New()
	cited := []chat.Citation{{N: 1, Article: article, Version: uuid.New()}}
	answers := func(Turn) (Decision, error) {
		return Decision{Action: chat.ActionAnswer, Text: "It is 5 €.", Confidence: .9, Blocks: []chat.Block{{T: "p"}},
			Answer: chat.Answer{Action: chat.ActionAnswer, Confidence: .9, Citations: cited, Knowledge: 3}}, nil
	}
	for name, c := range map[string]struct {
		decide  func(Turn) (Decision, error)
		may     chat.Reason
		err     error
		said    []string
		reason  chat.Reason
		suggest string
	}{
		"let through":    {answers, "", nil, []string{"It is 5 €."}, "", ""},
		"in shadow":      {answers, chat.ReasonShadow, nil, nil, chat.ReasonShadow, "It is 5 €."},
		"suggested":      {answers, chat.ReasonSuggest, nil, nil, chat.ReasonSuggest, "It is 5 €."},
		"not to be told": {answers, "", errors.New("broken"), nil, chat.ReasonFailure, ""},
		"no answer": {func(Turn) (Decision, error) {
			return Decision{Action: chat.ActionSmallTalk, Text: "Hello."}, nil
		}, chat.ReasonShadow, nil, []string{"Hello."}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			s.conv.Inbox = inbox
			var log strings.Builder
			run(t, s, &decider{fn: c.decide}, func(o *RunnerOptions) {
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
				o.Gate = gate(func(in, about uuid.UUID) (chat.Reason, error) {
					if in != inbox || about != article {
						t.Errorf("asked about article %s of inbox %s", about, in)
					}
					return c.may, c.err
				})
			}, func(*Runner) { s.say("What does it cost?") })
			if diff := cmp.Diff(c.said, s.said()); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			got := s.handedOver()
			if c.reason == "" {
				if len(got) != 0 {
					t.Errorf("handed over: %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Reason != c.reason || got[0].Answer.Action != chat.ActionHandoff || got[0].Text != Words(chat.ActionHandoff, c.reason) {
				t.Fatalf("handed over: %+v", got)
			}
			if c.suggest == "" {
				return
			}
			if got[0].Suggested == nil || got[0].Suggested.Text != c.suggest || !cmp.Equal(got[0].Suggested.Citations, cited) || got[0].Confidence != .9 {
				t.Errorf("suggested: %+v", got[0])
			}
			if !strings.Contains(log.String(), "waits for an agent") || !strings.Contains(log.String(), "reason="+string(c.reason)) {
				t.Errorf("log: %s", &log)
			}
		})
	}
}

func TestTheGateIsAskedOfAllArticles(t *testing.T) {
	t.Parallel()
	first, second := uuid.New(), uuid.New()
	cited := []chat.Citation{{N: 1, Article: first, Version: uuid.New()}, {N: 2, Article: second, Version: uuid.New()}}
	for name, c := range map[string]struct {
		live  []uuid.UUID
		cited []chat.Citation
		said  int
	}{
		"both live":   {[]uuid.UUID{first, second}, cited, 1},
		"second not":  {[]uuid.UUID{first}, cited, 0},
		"first not":   {[]uuid.UUID{second}, cited, 0},
		"cites none":  {[]uuid.UUID{first, second}, nil, 0},
		"cites a few": {[]uuid.UUID{first}, cited[:1], 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			answers := func(Turn) (Decision, error) {
				return Decision{Action: chat.ActionAnswer, Text: "Both.", Answer: chat.Answer{Action: chat.ActionAnswer, Citations: c.cited}}, nil
			}
			run(t, s, &decider{fn: answers}, func(o *RunnerOptions) {
				o.Gate = gate(func(_, about uuid.UUID) (chat.Reason, error) {
					if slices.Contains(c.live, about) {
						return "", nil
					}
					return chat.ReasonShadow, nil
				})
			}, func(*Runner) { s.say("Is it new?") })
			if len(s.said()) != c.said || len(s.handedOver()) != 1-c.said {
				t.Errorf("said %q, handed over %+v", s.said(), s.handedOver())
			}
		})
	}
}
