package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
)

const (
	// defaultComposeLimit leaves of defaultDeadline what deciding and storing take.
	defaultComposeLimit = 8 * time.Second
	// defaultFirstShown is about when people who see nothing happen begin to
	// look elsewhere; the engine's answer is there long before.
	defaultFirstShown = 2500 * time.Millisecond
	// storeReserve is what is kept of a turn's time to store the engine's answer.
	storeReserve = time.Second
	// leastComposing is the time below which composing is not begun.
	leastComposing = 500 * time.Millisecond
	// draftEvery is the least time between two drafts of a turn: faster than
	// anybody reads, slower than a fast model speaks.
	draftEvery = 30 * time.Millisecond
)

var (
	errUnshown = &NotComposed{Why: SetbackUnshown}
	errTooLate = &NotComposed{Why: SetbackLate}
)

// compose has the answer worded anew, if there is a Composer and something to
// word, and stores it; or, whatever goes wrong, the answer as it was decided.
func (r *Runner) compose(ctx context.Context, a attempt, u *underWay, d Decision) error {
	if r.o.Composer == nil || d.Action != chat.ActionAnswer || len(d.Material) == 0 {
		return r.reply(ctx, a, d)
	}
	shown := &drafts{publish: func(text string) {
		if r.o.Draft != nil {
			r.o.Draft(a.ref, a.id, a.conv.Epoch, text)
		}
	}}
	worded, wording, err := r.word(ctx, a, u, d, shown)
	shown.stop()
	if r.ctx.Err() == nil && !errors.Is(err, errMoved) {
		if err != nil {
			r.o.Log.Warn("bot: an answer goes out as it was decided", "conversation", a.ref.Conversation, "why", wording.Outcome, "err", err)
		}
		a.wording = wording
		err = r.reply(ctx, a, worded)
	}
	if err != nil || r.ctx.Err() != nil {
		shown.takeAway()
	}
	if r.ctx.Err() != nil {
		return nil
	}
	return err
}

// word has an answer worded anew. With an error, the decision is as it was.
func (r *Runner) word(ctx context.Context, a attempt, u *underWay, d Decision, shown *drafts) (Decision, Wording, error) {
	limit := r.o.ComposeLimit
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end)-storeReserve)
	}
	if limit < leastComposing {
		return d, Wording{Outcome: string(SetbackLate)}, errTooLate
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errTooLate)
	defer cancel()
	ctx, give := context.WithCancelCause(ctx)
	defer give(nil)
	patience := time.AfterFunc(r.o.FirstShown, func() { give(errUnshown) })
	defer patience.Stop()

	c := Composition{Turn: a.turn, Decision: d, Seed: rand.Text()}
	var w Wording
	var composed Composed
	start := r.o.Now()
	u.look() // what was stored since deciding ended
	err := r.watched(ctx, a, u, "compose", func(ctx context.Context) (err error) {
		composed, err = r.o.Composer.Compose(ctx, c, func(text string) {
			patience.Stop()
			if w.FirstShown == 0 {
				w.FirstShown = r.o.Now().Sub(a.askedAt)
			}
			shown.show(text)
		})
		if err == nil && composed.Text == "" {
			err = &NotComposed{Why: SetbackUnanswered}
		}
		return err
	})
	if why := context.Cause(ctx); err != nil && (errors.Is(why, errUnshown) || errors.Is(why, errTooLate)) {
		err = why
	}
	w.Took, w.Dropped = r.o.Now().Sub(start), composed.Dropped
	w.Outcome = Outcome(err)
	a.notes.worded(c, w)
	if err != nil {
		return d, w, err
	}
	return d.Worded(composed), w, nil
}

// Worded is an answer in a Composer's words.
func (d Decision) Worded(c Composed) Decision {
	d.Text, d.Blocks = c.Text, c.Blocks
	d.Answer.Citations, d.Answer.Statements = c.Citations, c.Statements
	return d
}

// Outcome names what became of composing, for Wording.
func Outcome(err error) string {
	var not *NotComposed
	switch {
	case err == nil:
		return WordedAnew
	case errors.As(err, &not):
		return string(not.Why)
	}
	return string(llm.FaultOf(err))
}

// drafts shows an answer in the making, not more often than every draftEvery.
type drafts struct {
	publish func(text string)

	mu    sync.Mutex
	last  time.Time   // when something was published; zero: nothing was
	next  string      // waits to be published; "" for nothing
	timer *time.Timer // nil unless something waits for it
	over  bool
}

// show publishes a text now or soon.
func (d *drafts) show(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return
	}
	d.next = text
	if wait := draftEvery - time.Since(d.last); wait <= 0 {
		d.flush()
	} else if d.timer == nil {
		d.timer = time.AfterFunc(wait, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.flush()
		})
	}
}

// flush publishes what waits. The caller holds d.mu.
func (d *drafts) flush() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if d.over || d.next == "" {
		return
	}
	d.last = time.Now()
	d.publish(d.next)
	d.next = ""
}

// stop ends it: nothing is published after.
func (d *drafts) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

// takeAway takes away what was shown and will not be stored.
func (d *drafts) takeAway() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.last.IsZero() {
		d.publish("")
	}
}
