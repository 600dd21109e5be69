package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// composer says words one by one, as a composer whose sentences pass.
type composer struct {
	every time.Duration // before each word
	words string
	err   error // after them
	fn    func(context.Context, Composition, func(string)) (Composed, error)
	seen  []Composition
}

func (c *composer) Compose(ctx context.Context, in Composition, show func(string)) (Composed, error) {
	c.seen = append(c.seen, in)
	if c.fn != nil {
		return c.fn(ctx, in, show)
	}
	var said []string
	for _, w := range strings.Fields(c.words) {
		select {
		case <-ctx.Done():
			return Composed{}, ctx.Err()
		case <-time.After(c.every):
		}
		said = append(said, w)
		show(strings.Join(said, " "))
	}
	if c.err != nil {
		return Composed{Dropped: map[string]int{"number": 2}}, c.err
	}
	return Composed{Text: strings.Join(said, " "), Citations: []chat.Citation{in.Decision.Material[0].Citation}}, nil
}

// material is what a decision needs to be worded anew.
func material() []Material {
	return []Material{{Citation: chat.Citation{N: 1, Article: uuid.New(), Version: uuid.New(), Spans: []chat.Span{{End: 5}}}, Body: "plain"}}
}

// answering decides to answer "plain", with something to word it out of.
func answering() *decider {
	m := material()
	return &decider{fn: func(Turn) (Decision, error) {
		return Decision{Action: chat.ActionAnswer, Text: "plain", Material: m}, nil
	}}
}

// screen is what a customer sees of drafts.
type screen struct {
	mu   sync.Mutex
	seen []string
	turn map[uuid.UUID]string // what stands there now
}

func (s *screen) draft(_ chat.Ref, turn uuid.UUID, _ int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == nil {
		s.turn = map[uuid.UUID]string{}
	}
	s.turn[turn] = text
	s.seen = append(s.seen, text)
}

func TestRunnerShowsWhatIsComposed(t *testing.T) {
	t.Parallel()
	s, c, on := newFakeStore(), &composer{every: time.Second, words: "better words"}, &screen{}
	var seen []Observation
	run(t, s, answering(), func(o *RunnerOptions) {
		o.Composer, o.Draft = c, on.draft
		o.Observe = func(x Observation) { seen = append(seen, x) }
	}, func(*Runner) {
		s.say("one")
		time.Sleep(3 * time.Second)
	})
	if diff := cmp.Diff([]string{"better words"}, s.said()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"better", "better words"}, on.seen); diff != "" {
		t.Errorf("shown: %s", diff)
	}
	w := seen[0].Wording
	if len(seen) != 1 || w.Outcome != WordedAnew || w.FirstShown < time.Second || w.FirstShown > 1100*time.Millisecond {
		t.Errorf("observed %+v", seen)
	}
	if got := s.log[1].Body.Answer.Citations; len(got) != 1 || got[0].Version == uuid.Nil {
		t.Errorf("stored with citations %+v", got)
	}
}

func TestRunnerSendsWhatWasDecidedWhenComposingFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		composer *composer
		want     string
		within   time.Duration
	}{
		"model down":        {&composer{err: &llm.Error{Fault: llm.FaultDown}}, "down", time.Second},
		"half said":         {&composer{words: "half an", err: &llm.Error{Fault: llm.FaultCut}}, "cut", time.Second},
		"unanswered":        {&composer{words: "nothing", err: &NotComposed{Why: SetbackUnanswered}}, "unanswered", time.Second},
		"nothing at all":    {&composer{}, "unanswered", time.Second},
		"nothing in time":   {&composer{words: "late", every: time.Minute}, "unshown", 2600 * time.Millisecond},
		"never whole":       {&composer{words: strings.Repeat("word ", 20), every: time.Second}, "late", 8100 * time.Millisecond},
		"deaf to deadlines": {&composer{fn: deaf}, "unshown", 4 * time.Second},
		"panics":            {&composer{fn: func(context.Context, Composition, func(string)) (Composed, error) { panic("broken") }}, "other", time.Second},
		"unknown":           {&composer{err: errors.New("broken")}, "other", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, on := newFakeStore(), &screen{}
			var seen []Observation
			run(t, s, answering(), func(o *RunnerOptions) {
				o.Composer, o.Draft = c.composer, on.draft
				o.Observe = func(x Observation) { seen = append(seen, x) }
			}, func(*Runner) {
				s.say("one")
				time.Sleep(c.within)
			})
			if diff := cmp.Diff([]string{"plain"}, s.said()); diff != "" {
				t.Error(diff)
			}
			if len(seen) != 1 || seen[0].Wording.Outcome != c.want || seen[0].Err != nil {
				t.Errorf("observed %+v", seen)
			}
			if len(s.handedOver()) != 0 {
				t.Error("handed over")
			}
		})
	}
}

func deaf(context.Context, Composition, func(string)) (Composed, error) {
	time.Sleep(3 * time.Second)
	return Composed{Text: "too late"}, nil
}

func TestRunnerStopsComposingAtATakeover(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(s *fakeStore, r *Runner){
		"told":     func(s *fakeStore, r *Runner) { s.takeOver() },
		"moved":    func(s *fakeStore, r *Runner) { s.set(func() { s.wake = nil }); s.takeOver(); r.Moved(s.ref()) },
		"not told": func(s *fakeStore, _ *Runner) { s.set(func() { s.wake = nil }); s.takeOver() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, on := newFakeStore(), &screen{}
			run(t, s, answering(), func(o *RunnerOptions) {
				o.Composer, o.Draft = &composer{words: strings.Repeat("word ", 7), every: time.Second}, on.draft
			}, func(r *Runner) {
				s.say("one")
				time.Sleep(2500 * time.Millisecond)
				tell(s, r)
				time.Sleep(lookEvery)
				synctest.Wait()
				for turn, text := range on.turn {
					if text != "" {
						t.Errorf("turn %s still shows %q", turn, text)
					}
				}
				time.Sleep(20 * time.Second)
			})
			if len(s.said()) != 0 || len(s.handedOver()) != 0 || len(on.seen) > 4 {
				t.Errorf("said %q, handed over %v, showed %q", s.said(), s.handedOver(), on.seen)
			}
		})
	}
}

func TestRunnerComposesAnewWhenTheCustomerWritesMore(t *testing.T) {
	t.Parallel()
	s, on := newFakeStore(), &screen{}
	c := &composer{words: "some more words", every: time.Second}
	run(t, s, answering(), func(o *RunnerOptions) { o.Composer, o.Draft = c, on.draft }, func(*Runner) {
		s.say("one")
		time.Sleep(1500 * time.Millisecond)
		s.say("two")
		time.Sleep(5 * time.Second)
	})
	if diff := cmp.Diff([]string{"some more words"}, s.said()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"some", "", "some", "some more", "some more words"}, on.seen); diff != "" {
		t.Errorf("shown: %s", diff)
	}
	if len(c.seen) != 2 || len(c.seen[1].Turn.Messages) != 2 {
		t.Errorf("composed %+v", c.seen)
	}
}

func TestRunnerComposesAnewWhenASourceIsReplaced(t *testing.T) {
	t.Parallel()
	s, on, d := newFakeStore(), &screen{}, answering()
	old, _ := d.fn(Turn{})
	s.replaced[old.Material[0].Citation.Version] = true
	decided := d.fn
	d.fn = func(t Turn) (Decision, error) {
		if d.calls.Load() > 1 { // the search has caught up
			return Decision{Action: chat.ActionAnswer, Text: "plain", Material: material()}, nil
		}
		return decided(t)
	}
	run(t, s, d, func(o *RunnerOptions) { o.Composer, o.Draft = &composer{words: "words"}, on.draft }, func(*Runner) {
		s.say("one")
		time.Sleep(2 * time.Second)
	})
	if len(s.said()) != 1 || len(on.seen) != 3 || on.seen[1] != "" {
		t.Errorf("said %q, shown %q", s.said(), on.seen)
	}
}

func TestRunnerMergesDrafts(t *testing.T) {
	t.Parallel()
	s, on := newFakeStore(), &screen{}
	run(t, s, answering(), func(o *RunnerOptions) {
		o.Composer, o.Draft = &composer{words: strings.Repeat("word ", 100), every: time.Millisecond}, on.draft
	}, func(*Runner) {
		s.say("one")
		time.Sleep(time.Second)
	})
	if len(on.seen) < 3 || len(on.seen) > 5 {
		t.Errorf("%d drafts in 100 ms", len(on.seen))
	}
	if len(s.said()) != 1 || len(strings.Fields(s.said()[0])) != 100 {
		t.Errorf("said %q", s.said())
	}
}

func TestRunnerCloseTakesADraftAway(t *testing.T) {
	t.Parallel()
	s, on := newFakeStore(), &screen{}
	run(t, s, answering(), func(o *RunnerOptions) {
		o.Composer, o.Draft = &composer{words: "some words", every: time.Second}, on.draft
	}, func(r *Runner) {
		s.say("one")
		time.Sleep(1500 * time.Millisecond)
		r.Close()
	})
	if len(s.said()) != 0 || len(on.seen) != 2 || on.seen[1] != "" {
		t.Errorf("said %q, shown %q", s.said(), on.seen)
	}
}
