package bot

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

// actor answers every turn that it is asked about, or fails.
type actor struct {
	err   error
	panic bool
	asked []Acting
}

func (x *actor) Act(_ context.Context, a Acting) (Decision, bool, error) {
	x.asked = append(x.asked, a)
	if x.panic {
		panic("no shop")
	}
	d := a.Decision
	d.Action, d.Reason, d.Text = chat.ActionAnswer, "", "acted"
	d.Answer = chat.Answer{Action: d.Action, Used: &chat.Used{Action: "order"}}
	d.Card = &chat.Card{Title: "Order"}
	return d, x.err == nil, x.err
}

func handingOver(reason chat.Reason) func(Turn) (Decision, error) {
	return func(Turn) (Decision, error) {
		return Decision{Action: chat.ActionHandoff, Reason: reason, Text: "a person", Answer: chat.Answer{Action: chat.ActionHandoff, Reason: reason}}, nil
	}
}

func TestAnActionIsTriedBeforeAPerson(t *testing.T) {
	t.Parallel()
	s, x := newFakeStore(), &actor{}
	run(t, s, &decider{fn: handingOver(chat.ReasonPersonOnly)}, func(o *RunnerOptions) { o.Actor = x }, func(*Runner) { s.say("where is it?") })
	if diff := cmp.Diff([]string{"acted"}, s.said()); diff != "" || len(s.handedOver()) != 0 {
		t.Errorf("%s; handed over %v", diff, s.handedOver())
	}
	if a := x.asked[0]; a.Epoch != 1 || a.Ref != s.ref() || a.ID != s.log[1].ClientID {
		t.Errorf("asked about %+v", a)
	}
	if e := s.log[1]; e.Card == nil || e.Answer.Used == nil {
		t.Errorf("the message lacks its card or its source: %+v", e)
	}
}

func TestAFailedActionChangesNothing(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]*actor{"error": {err: errors.New("no shop")}, "panic": {panic: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			run(t, s, &decider{fn: handingOver(chat.ReasonPersonOnly)}, func(o *RunnerOptions) { o.Actor = x }, func(*Runner) { s.say("where is it?") })
			if h := s.handedOver(); len(h) != 1 || h[0].Reason != chat.ReasonPersonOnly {
				t.Errorf("handed over %+v", h)
			}
		})
	}
}

func TestMayAct(t *testing.T) {
	t.Parallel()
	asked := []Past{{Role: RoleBot, Used: &chat.Used{Action: "order", Missing: "number"}}}
	for _, c := range []struct {
		name    string
		action  chat.Action
		reason  chat.Reason
		history []Past
		want    bool
	}{
		{"an account matter", chat.ActionHandoff, chat.ReasonPersonOnly, nil, true},
		{"not sure", chat.ActionHandoff, chat.ReasonLowConfidence, nil, true},
		{"which one", chat.ActionClarify, "", nil, true},
		{"an answer", chat.ActionAnswer, "", nil, false},
		{"wants a person", chat.ActionHandoff, chat.ReasonAsked, nil, false},
		{"danger, whatever was asked", chat.ActionHandoff, chat.ReasonDistress, asked, false},
		{"a number that was asked for", chat.ActionAnswer, "", asked, true},
		{"an agent spoke since", chat.ActionAnswer, "", append(asked[:1:1], Past{Role: RoleAgent}), false},
		{"an answer of the bot's held back", chat.ActionHandoff, chat.ReasonSuggest, nil, false},
	} {
		if got := mayAct(Turn{History: c.history}, Decision{Action: c.action, Reason: c.reason}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
