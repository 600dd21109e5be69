package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"frontdesk/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// decider answers with the question, after a time, or as fn says.
type decider struct {
	slow  time.Duration
	fn    func(Turn) (Decision, error)
	calls atomic.Int32
}

func (d *decider) Decide(ctx context.Context, t Turn) (Decision, error) {
	d.calls.Add(1)
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
		return Decision{}, ctx.Err()
	}
	if d.fn != nil {
		return d.fn(t)
	}
	return Decision{Action: chat.ActionAnswer, Text: "about " + strings.Join(t.Messages, "+")}, nil
}

// run starts a runner over s in a bubble of fake time; do drives it.
func run(t *testing.T, s *fakeStore, d Decider, change func(*RunnerOptions), do func(r *Runner)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := RunnerOptions{Store: s, Decider: d, Desk: s, Node: "a", Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		if change != nil {
			change(&o)
		}
		r, err := NewRunner(o)
		if err != nil {
			t.Fatal(err)
		}
		s.set(func() { s.wake = r.Wake })
		r.Start()
		defer r.Close()
		do(r)
		synctest.Wait()
	})
}

func TestRunnerAnswers(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{}
	var seen []Observation
	run(t, s, d, func(o *RunnerOptions) { o.Observe = func(x Observation) { seen = append(seen, x) } }, func(*Runner) {
		s.say("one")
		synctest.Wait()
		s.say("two")
	})
	if diff := cmp.Diff([]string{"about one", "about two"}, s.said()); diff != "" {
		t.Error(diff)
	}
	if len(seen) != 2 || seen[0].Action != chat.ActionAnswer || seen[0].Err != nil {
		t.Errorf("observed %+v", seen)
	}
	if len(s.leases) != 0 {
		t.Errorf("leases left: %v", s.leases)
	}
}

func TestRunnerTakesABurstAsOneQuestion(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{slow: 2 * time.Second}
	run(t, s, d, nil, func(*Runner) {
		s.say("my")
		time.Sleep(time.Second)
		s.say("grinder")
		time.Sleep(time.Second)
		s.say("is stuck")
		time.Sleep(5 * time.Second)
	})
	if diff := cmp.Diff([]string{"about my+grinder+is stuck"}, s.said()); diff != "" {
		t.Error(diff)
	}
}

func TestRunnerRestartsWhenTheReplyIsStale(t *testing.T) {
	t.Parallel()
	s := newFakeStore()
	d := &decider{}
	d.fn = func(turn Turn) (Decision, error) {
		if len(turn.Messages) == 1 { // written while deciding, and no wake-up came
			s.set(func() {
				e := s.append(chat.Draft{From: chat.Sender{Kind: chat.PartyCustomer}, Kind: chat.KindMessage, Text: "more"})
				s.conv.CustomerSeq = e.Seq
			})
		}
		return Decision{Action: chat.ActionAnswer, Text: strings.Join(turn.Messages, "+")}, nil
	}
	run(t, s, d, nil, func(*Runner) { s.say("one") })
	if diff := cmp.Diff([]string{"one+more"}, s.said()); diff != "" {
		t.Error(diff)
	}
}

func TestRunnerWaitsForTyping(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{}
	start := time.Now()
	run(t, s, d, func(o *RunnerOptions) {
		o.Typing = typing(func() bool { return time.Since(start) < 500*time.Millisecond })
	}, func(*Runner) {
		start = time.Now()
		s.say("one")
		time.Sleep(300 * time.Millisecond)
		s.say("two")
		time.Sleep(2 * time.Second)
	})
	if diff := cmp.Diff([]string{"about one+two"}, s.said()); diff != "" {
		t.Error(diff)
	}
	if n := d.calls.Load(); n != 1 {
		t.Errorf("decided %d times", n)
	}
}

func TestRunnerDoesNotWaitForEndlessTyping(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{}
	run(t, s, d, func(o *RunnerOptions) { o.Typing = typing(func() bool { return true }) }, func(*Runner) {
		s.say("one")
		time.Sleep(typingWait + typingPoll)
		synctest.Wait()
		if got := s.said(); len(got) != 1 {
			t.Errorf("said %q after the longest wait", got)
		}
	})
}

type typing func() bool

func (f typing) Typing(chat.Ref) bool { return f() }

func TestRunnerHandsOver(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	for name, c := range map[string]struct {
		decider *decider
		want    chat.Reason
	}{
		"as decided": {&decider{fn: func(Turn) (Decision, error) {
			return Decision{Action: chat.ActionHandoff, Reason: chat.ReasonAsked, Text: "words", Confidence: .3, Ranked: []RankedArticle{{Article: id}}}, nil
		}}, chat.ReasonAsked},
		"on failure": {&decider{fn: func(Turn) (Decision, error) { return Decision{}, errors.New("broken") }}, chat.ReasonFailure},
		"on panic":   {&decider{fn: func(Turn) (Decision, error) { panic("broken") }}, chat.ReasonFailure},
		"when late":  {&decider{slow: time.Hour}, chat.ReasonFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			var seen []Observation
			run(t, s, c.decider, func(o *RunnerOptions) { o.Observe = func(x Observation) { seen = append(seen, x) } }, func(*Runner) {
				s.say("one")
				s.say("two")
				time.Sleep(defaultDeadline + time.Second)
			})
			got := s.handedOver()
			if len(got) != 1 || got[0].Reason != c.want || got[0].Question != "one\ntwo" || got[0].Text == "" || got[0].Turn == uuid.Nil {
				t.Fatalf("handed over %+v", got)
			}
			if len(s.said()) != 0 {
				t.Errorf("said %q besides", s.said())
			}
			if len(seen) != 1 || (seen[0].Err != nil) != (c.want == chat.ReasonFailure) {
				t.Errorf("observed %+v", seen)
			}
		})
	}
}

func TestRunnerIsSilentAfterATakeover(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{slow: 3 * time.Second}
	run(t, s, d, nil, func(*Runner) {
		s.say("one")
		time.Sleep(time.Second)
		s.takeOver()
		time.Sleep(10 * time.Second)
	})
	if len(s.said()) != 0 || len(s.handedOver()) != 0 {
		t.Errorf("said %q, handed over %v", s.said(), s.handedOver())
	}
}

func TestRunnerSweepsWhatNobodyWokeItFor(t *testing.T) {
	t.Parallel()
	s := newFakeStore()
	run(t, s, &decider{}, nil, func(*Runner) {
		s.set(func() { s.wake = nil })
		s.say("left behind by a node that died")
		time.Sleep(5 * time.Second)
	})
	if len(s.said()) != 1 {
		t.Errorf("said %q", s.said())
	}
}

func TestRunnerLeavesATurnToTheNodeThatHasIt(t *testing.T) {
	t.Parallel()
	s, d := newFakeStore(), &decider{}
	run(t, s, d, nil, func(*Runner) {
		s.set(func() {
			s.leases[leaseKey(s.ref())] = chat.Lease{Holder: "b", Until: time.Now().Add(4 * time.Second)}
		})
		s.say("one")
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if d.calls.Load() != 0 {
			t.Error("took a turn that another node has")
		}
		time.Sleep(5 * time.Second) // node b is dead: its lease runs out
	})
	if len(s.said()) != 1 {
		t.Errorf("said %q", s.said())
	}
}

func TestRunnerTriesAgainUntilTheDeskIsThere(t *testing.T) {
	t.Parallel()
	s := newFakeStore()
	d := &decider{fn: func(Turn) (Decision, error) { return Decision{}, errors.New("broken") }}
	run(t, s, d, nil, func(*Runner) {
		s.set(func() { s.fail["HandOver"] = chat.Errorf(chat.CodeUnavailable, "down") })
		s.say("one")
		time.Sleep(4 * time.Second)
		s.set(func() { delete(s.fail, "HandOver") })
		time.Sleep(4 * time.Second)
	})
	if len(s.handedOver()) != 1 {
		t.Errorf("handed over %d times", len(s.handedOver()))
	}
}

func TestRunnerSurvivesAFailingStore(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Conversation", "Entries", "AppendIf", "AcquireLease", "ReleaseLease", "Workspaces", "Awaiting"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := newFakeStore()
			run(t, s, &decider{}, nil, func(*Runner) {
				s.set(func() { s.fail[method] = chat.Errorf(chat.CodeUnavailable, "down") })
				s.say("one")
				time.Sleep(2 * time.Second)
				s.set(func() { delete(s.fail, method) })
				time.Sleep(30 * time.Second)
			})
			if n := len(s.said()) + len(s.handedOver()); n != 1 {
				t.Errorf("dealt with %d times", n)
			}
		})
	}
}

func TestRunnerGivesUpOnAVersionThatStaysReplaced(t *testing.T) {
	t.Parallel()
	s, version := newFakeStore(), uuid.New()
	s.replaced[version] = true
	d := &decider{fn: func(Turn) (Decision, error) {
		return Decision{Action: chat.ActionAnswer, Text: "old", Answer: chat.Answer{Citations: []chat.Citation{{N: 1, Version: version}}}}, nil
	}}
	run(t, s, d, nil, func(*Runner) {
		s.say("one")
		time.Sleep(5 * time.Second)
	})
	if got := s.handedOver(); len(got) != 1 || got[0].Reason != chat.ReasonFailure || len(s.said()) != 0 {
		t.Errorf("handed over %+v, said %q", got, s.said())
	}
}

func TestRunnerCloseAbandonsWithoutAHandoff(t *testing.T) {
	t.Parallel()
	s := newFakeStore()
	run(t, s, &decider{slow: 5 * time.Second}, nil, func(r *Runner) {
		s.say("one")
		time.Sleep(time.Second)
		r.Close()
		s.say("two") // wakes a closed runner
	})
	if len(s.handedOver()) != 0 || len(s.said()) != 0 || len(s.leases) != 0 {
		t.Errorf("handed over %v, said %q, leases %v", s.handedOver(), s.said(), s.leases)
	}
}

func TestRunnerBoundsParallelTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stores := manyStores{}
		var running, most atomic.Int32
		d := deciderFunc(func(ctx context.Context, _ Turn) (Decision, error) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			return Decision{Action: chat.ActionAnswer, Text: "x"}, nil
		})
		first := newFakeStore()
		r, err := NewRunner(RunnerOptions{Store: stores, Decider: d, Desk: first, Node: "a", Parallel: 2})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for range 6 {
			s := newFakeStore()
			stores[s.conv.ID] = s
			s.say("one")
		}
		for _, s := range stores {
			r.Wake(s.ref())
		}
		time.Sleep(3*time.Second + time.Millisecond)
		synctest.Wait()
		for _, s := range stores {
			if len(s.said()) != 1 {
				t.Error("a conversation was left without a reply")
			}
		}
		if most.Load() != 2 {
			t.Errorf("%d turns at a time", most.Load())
		}
	})
}

type deciderFunc func(context.Context, Turn) (Decision, error)

func (f deciderFunc) Decide(ctx context.Context, t Turn) (Decision, error) { return f(ctx, t) }

// manyStores routes to one fakeStore a conversation.
type manyStores map[uuid.UUID]*fakeStore

func (m manyStores) Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error) {
	return m[id].Conversation(ctx, ws, id)
}

func (m manyStores) Entries(ctx context.Context, ws, id uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error) {
	return m[id].Entries(ctx, ws, id, log, after, limit)
}

func (m manyStores) AppendIf(ctx context.Context, ws, id uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error) {
	return m[id].AppendIf(ctx, ws, id, d, f)
}

func (m manyStores) AcquireLease(context.Context, uuid.UUID, string, string, time.Time) (chat.Lease, error) {
	return chat.Lease{}, nil
}
func (m manyStores) ReleaseLease(context.Context, uuid.UUID, string, string) error { return nil }
func (m manyStores) Workspaces(context.Context) ([]chat.Workspace, error)          { return nil, nil }
func (m manyStores) Awaiting(context.Context, uuid.UUID, time.Time, int) ([]chat.Conversation, error) {
	return nil, nil
}
