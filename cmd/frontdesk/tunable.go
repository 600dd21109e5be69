package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// tunable is the bot with the judge that was fitted to a workspace, if there
// is one, and with the workspace's synonyms: those that its operator gave and
// those that were learnt. It follows changes that other nodes make.
type tunable struct {
	shipped *bot.Engine
	store   tuned
	search  thesaurus
	ws      uuid.UUID
	target  float64
	log     *slog.Logger

	now    atomic.Pointer[bot.Engine]
	mu     sync.Mutex // one load at a time
	loaded loaded     // guarded by mu

	ctx    context.Context // ends at close
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// tuned is where a workspace's tunings and synonyms are kept.
type tuned interface {
	Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error)
	Synonyms(ctx context.Context, ws uuid.UUID) (knowledge.Glossary, error)
}

// thesaurus is search, as far as it takes synonyms.
type thesaurus interface {
	SetSynonyms(ws uuid.UUID, s knowledge.Synonyms) error
}

// loaded says what of the store is in use. Its zero value is what is shipped.
type loaded struct {
	tuning, glossary int64 // number and version
}

func newTunable(shipped *bot.Engine, store tuned, search thesaurus, ws uuid.UUID, target float64, log *slog.Logger) *tunable {
	t := &tunable{shipped: shipped, store: store, search: search, ws: ws, target: target, log: log}
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

// Record decides a turn, and tells what the decision rests on.
func (t *tunable) Record(ctx context.Context, turn bot.Turn) (bot.Decision, *bot.Basis, error) {
	return t.engine().Record(ctx, turn)
}

// load takes up the newest tuning and the operator's synonyms, if they are
// others than before.
func (t *tunable) load(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	stored, err := newestTuning(ctx, t.store, t.ws)
	if err != nil {
		return err
	}
	own, err := t.store.Synonyms(ctx, t.ws)
	if err != nil {
		return fmt.Errorf("read the synonyms: %w", err)
	}
	next := loaded{stored.Number, own.Version}
	if next == t.loaded {
		return nil
	}
	if stored.Number != t.loaded.tuning {
		if err := t.loadJudge(stored); err != nil {
			return err
		}
	}
	if err := t.loadSynonyms(stored, own.Synonyms); err != nil {
		return err
	}
	t.loaded = next
	return nil
}

// newestTuning gives the tuning in use, the zero one if there is none.
func newestTuning(ctx context.Context, store tuned, ws uuid.UUID) (trust.Tuning, error) {
	stored, err := store.Tuning(ctx, ws)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		return trust.Tuning{}, nil
	case err != nil:
		return trust.Tuning{}, fmt.Errorf("read the tuning: %w", err)
	}
	return stored, nil
}

// loadJudge takes up a tuning's judge. One that was fitted from another judge
// than this program's is left alone.
func (t *tunable) loadJudge(stored trust.Tuning) error {
	base := t.shipped.Judge().ID()
	switch {
	case len(stored.Judge) == 0:
		if t.now.Swap(t.shipped) != t.shipped {
			t.log.Info("the shipped judge is in use again", "judge", base)
		}
		return nil
	case stored.Base != base:
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

// loadSynonyms gives search the operator's synonyms, and as many of the learnt
// ones as there is room for.
func (t *tunable) loadSynonyms(stored trust.Tuning, own knowledge.Synonyms) error {
	learnt, err := learntSynonyms(stored)
	if err != nil {
		return err
	}
	learnt = learnt[:min(len(learnt), knowledge.MaxSynonyms-len(own))]
	if err := t.search.SetSynonyms(t.ws, slices.Concat(own, learnt)); err != nil {
		return fmt.Errorf("take up the synonyms: %w", err)
	}
	t.log.Info("synonyms are in use", "given", len(own), "learnt", len(learnt))
	return nil
}

func learntSynonyms(stored trust.Tuning) (out knowledge.Synonyms, err error) {
	if len(stored.Synonyms) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(stored.Synonyms, &out); err != nil {
		return nil, fmt.Errorf("read the learnt synonyms: %w", err)
	}
	return out, nil
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
					t.log.Warn("looking for another tuning failed", "err", err)
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
