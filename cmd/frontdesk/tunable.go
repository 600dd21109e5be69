package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/trust"
)

// tunable is the bot with the judge that was fitted to a workspace, if there
// is one. It follows changes that other nodes make.
type tunable struct {
	shipped *bot.Engine
	store   interface {
		Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error)
	}
	ws     uuid.UUID
	target float64
	log    *slog.Logger

	now    atomic.Pointer[bot.Engine]
	mu     sync.Mutex // one load at a time
	number int64      // of the tuning that is loaded, 0 for none; guarded by mu

	ctx    context.Context // ends at close
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newTunable(shipped *bot.Engine, store interface {
	Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error)
}, ws uuid.UUID, target float64, log *slog.Logger) *tunable {
	t := &tunable{shipped: shipped, store: store, ws: ws, target: target, log: log}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.now.Store(shipped)
	return t
}

// engine is the bot as it is now.
func (t *tunable) engine() *bot.Engine { return t.now.Load() }

// Decide decides a turn.
func (t *tunable) Decide(ctx context.Context, turn bot.Turn) (bot.Decision, error) {
	return t.engine().Decide(ctx, turn)
}

// load takes up the newest tuning, if it is another than before. One that was
// fitted from another judge than this program's is left alone.
func (t *tunable) load(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	stored, err := t.store.Tuning(ctx, t.ws)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		stored = trust.Tuning{}
	case err != nil:
		return fmt.Errorf("read the tuned judge: %w", err)
	}
	if stored.Number == t.number {
		return nil
	}
	t.number = stored.Number
	if stored.Number == 0 {
		t.now.Store(t.shipped)
		t.log.Info("the shipped judge is in use again", "judge", t.shipped.Judge().ID())
		return nil
	}
	if base := t.shipped.Judge().ID(); stored.Base != base {
		t.now.Store(t.shipped)
		t.log.Warn("the tuned judge is of another version and not used; run \"frontdesk tune\" again", "tuned_from", stored.Base, "judge", base)
		return nil
	}
	var j bot.Judge
	if err := json.Unmarshal(stored.Judge, &j); err != nil {
		return fmt.Errorf("read the tuned judge: %w", err)
	}
	t.now.Store(t.shipped.With(j, t.target))
	t.log.Info("a tuned judge is in use", "judge", j.ID(), "since", stored.At, "threshold", t.engine().Threshold())
	return nil
}

// followEvery is how long another node's tuning may take to reach this one.
const followEvery = 10 * time.Second

func (t *tunable) follow() {
	t.wg.Go(func() {
		tick := time.NewTicker(followEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := t.load(t.ctx); err != nil && t.ctx.Err() == nil {
					t.log.Warn("looking for a tuned judge failed", "err", err)
				}
			case <-t.ctx.Done():
				return
			}
		}
	})
}

func (t *tunable) close() {
	t.cancel()
	t.wg.Wait()
}
