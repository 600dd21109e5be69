package knowledge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// embedBatch is how many texts are embedded between two writes: about a
	// second's work of the built-in encoder, so that little is lost at a crash.
	embedBatch = 32
	// pendingPage is how many texts are asked for at once: the store counts all
	// that are pending each time.
	pendingPage = 16 * embedBatch
	// indexLease is how long a node may be silent before another goes on
	// embedding. It is renewed after each batch; an endpoint elsewhere may take
	// half a minute for one.
	indexLease = time.Minute
	// embedRetryMin and embedRetryMax bound the pause after an error, which doubles.
	embedRetryMin = time.Second
	embedRetryMax = time.Minute
)

// Indexer embeds in the background what has no vector yet, for all
// workspaces of a Base, on one node at a time. Words answer meanwhile. A
// changed article embeds only its changed chunks, since vectors are kept by
// the hash of their text.
type Indexer struct {
	base   *Base
	holder string
	cache  *VectorCache
	now    func() time.Time
	retry  time.Duration      // first pause after an error
	tried  map[uuid.UUID]bool // workspaces whose missing index was asked for
	stop   context.CancelFunc
	done   chan struct{}
}

// NewIndexer gives an Indexer for b's embedder. holder names this node among
// those that share the store; cache may be nil, and so may now (time.Now).
func NewIndexer(b *Base, holder string, cache *VectorCache, now func() time.Time) *Indexer {
	if now == nil {
		now = time.Now
	}
	return &Indexer{base: b, holder: holder, cache: cache, now: now, retry: embedRetryMin, tried: map[uuid.UUID]bool{}}
}

// Start begins to embed. A Base without embedder leaves nothing to do.
func (ix *Indexer) Start(ctx context.Context) {
	if ix.base.options.Embedder == nil {
		return
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	ix.stop, ix.done = stop, make(chan struct{})
	ix.base.wakeIndexer()
	go func() {
		defer close(ix.done)
		ix.run(run)
	}()
}

// Close stops between two batches and waits until it has.
func (ix *Indexer) Close() {
	if ix.stop != nil {
		ix.stop()
		<-ix.done
	}
}

// run works whenever the Base says that vectors are missing. While they are,
// it says so at every poll, so an error or another node's lease costs no more
// than a pause.
func (ix *Indexer) run(ctx context.Context) {
	pause := time.Duration(0)
	for {
		if !sleep(ctx, pause) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ix.base.pending:
		}
		err := ix.Run(ctx)
		switch {
		case err == nil || chat.CodeOf(err) == chat.CodeConflict:
			pause = 0
		case ctx.Err() != nil:
			return
		default:
			pause = min(max(2*pause, ix.retry), embedRetryMax)
			ix.base.failed("embed")
			ix.base.options.Log.Warn("Articles could not be embedded; they are found by words until it works.", "error", err, "again in", pause)
		}
	}
}

// sleep waits, and reports whether ctx still goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Run embeds everything that is pending now and returns; it is what Start does
// whenever there is something. CodeConflict: another node is at it in some
// workspace; the others are done. Not to be called beside Start.
func (ix *Indexer) Run(ctx context.Context) error {
	var errs []error
	var busy error
	for _, r := range ix.base.all() {
		switch err := ix.workspace(ctx, r.ws); {
		case chat.CodeOf(err) == chat.CodeConflict:
			busy = err
		case err != nil:
			errs = append(errs, err)
		}
	}
	return cmp.Or(errors.Join(errs...), busy)
}

func (ix *Indexer) workspace(ctx context.Context, ws uuid.UUID) error {
	some, err := ix.embedAll(ctx, ws)
	if err == nil && (some || ix.needsIndex(ws)) {
		if err = ix.lease(ctx, ws); err == nil {
			err = ix.finish(ctx, ws)
		}
	}
	if err == nil {
		var more bool
		more, err = ix.embedDerived(ctx, ws)
		some = some || more
	}
	if !some && err == nil {
		return nil
	}
	return errors.Join(err, ix.release(ws))
}

// embedDerived embeds the titles and pieces that the snapshot lacks, unless a
// chunk comes to wait: chunks are what is searched. It reports whether it embedded any.
func (ix *Indexer) embedDerived(ctx context.Context, ws uuid.UUID) (some bool, err error) {
	room, model := ix.base.room(ws), ix.base.options.Embedder.Model()
	for page := range slices.Chunk(room.index.Load().Lacking(), pendingPage) {
		hashes := make([]Hash, len(page))
		for i, p := range page {
			hashes[i] = p.Hash
		}
		known, err := ix.base.loadVectors(ctx, ws, model, hashes)
		if err != nil {
			return some, err
		}
		have := make(map[Hash]bool, len(known))
		for _, v := range known {
			have[v.Hash] = true
		}
		page = slices.DeleteFunc(slices.Clone(page), func(p Pending) bool { return have[p.Hash] })
		for batch := range slices.Chunk(page, embedBatch) {
			if room.waiting.Load() > 0 {
				return some, nil // the Base says so again
			}
			if err := ix.lease(ctx, ws); err != nil {
				return some, err
			}
			some = true
			if err := ix.batch(ctx, ws, batch); err != nil {
				return some, err
			}
		}
	}
	if len(room.index.Load().Lacking()) == 0 {
		return some, nil
	}
	room.looked.Store(nil)
	return some, ix.base.Refresh(ctx, ws)
}

// embedAll embeds until nothing is pending, and reports whether there was
// something.
func (ix *Indexer) embedAll(ctx context.Context, ws uuid.UUID) (some bool, err error) {
	store, model := ix.base.options.Store, ix.base.options.Embedder.Model()
	for {
		pending, _, err := store.PendingVectors(ctx, ws, model, pendingPage)
		if err != nil {
			return some, fmt.Errorf("knowledge: what is to be embedded: %w", err)
		}
		if len(pending) == 0 {
			return some, nil
		}
		for batch := range slices.Chunk(pending, embedBatch) {
			if err := ix.lease(ctx, ws); err != nil {
				return some, err
			}
			some = true
			if err := ix.batch(ctx, ws, batch); err != nil {
				return some, err
			}
		}
	}
}

func (ix *Indexer) leaseKey() string { return "index:" + ix.base.options.Embedder.Model() }

// lease takes or renews the right to embed. CodeConflict: another node has it.
func (ix *Indexer) lease(ctx context.Context, ws uuid.UUID) error {
	_, err := ix.base.options.Store.AcquireLease(ctx, ws, ix.leaseKey(), ix.holder, ix.now().Add(indexLease))
	if err != nil {
		return fmt.Errorf("knowledge: lease %s: %w", ix.leaseKey(), err)
	}
	return nil
}

// release gives the lease back, at a shutdown too, so that another node need
// not wait for its end.
func (ix *Indexer) release(ws uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return ix.base.options.Store.ReleaseLease(ctx, ws, ix.leaseKey(), ix.holder)
}

// needsIndex reports, once, that a workspace has all its vectors, too many for
// memory, and no index yet: the limit was lowered, or the index dropped.
func (ix *Indexer) needsIndex(ws uuid.UUID) bool {
	x := ix.base.Index(ws)
	if x.remote != nil || !ix.base.tooMany(x) || ix.tried[ws] {
		return false
	}
	ix.tried[ws] = true
	return true
}

// finish makes the store's own index, where the workspace needs one, and the
// snapshot see what was embedded.
func (ix *Indexer) finish(ctx context.Context, ws uuid.UUID) error {
	o := ix.base.options
	if ix.base.tooMany(ix.base.Index(ws)) {
		if err := o.Store.BuildVectorIndex(ctx, ws, o.Embedder.Model(), o.Embedder.Dim()); err != nil {
			return fmt.Errorf("knowledge: build the vector index: %w", err)
		}
	}
	return ix.base.Refresh(ctx, ws)
}

// batch stores the vectors of pending texts, from the cache or the model.
func (ix *Indexer) batch(ctx context.Context, ws uuid.UUID, pending []Pending) error {
	o := ix.base.options
	var vectors []Vector
	var fresh []Pending
	for _, p := range pending {
		if v := ix.cache.get(p.Hash); v != nil {
			vectors = append(vectors, Vector{p.Hash, v})
		} else {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) > 0 {
		start := time.Now()
		embedded, err := embedTexts(ctx, o.Embedder, fresh)
		if err != nil {
			return err
		}
		vectors = append(vectors, embedded...)
		if seen := o.Observer.Embedded; seen != nil {
			seen(len(fresh), time.Since(start))
		}
	}
	if err := o.Store.PutVectors(ctx, ws, o.Embedder.Model(), vectors); err != nil {
		return fmt.Errorf("knowledge: store %d vectors: %w", len(vectors), err)
	}
	return nil
}
