package knowledge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

const (
	// pollEvery is how often a Base looks for changes it was not told of.
	pollEvery = time.Second
	// maxVectors is the default of Options.MaxVectors: up to here an exact
	// scan beside the words takes under 2 ms; beyond it an index wins.
	maxVectors = 20_000
	// loadDocuments and loadVectors are how many a query of the store brings.
	loadDocuments = 500
	loadVectors   = 1000
	// derivedEvery is how often a Base looks for vectors of titles and pieces,
	// some thousand at a time, that another node is making.
	derivedEvery = 5 * time.Second
)

// Options are what a Base is made of. Store is required.
type Options struct {
	Store    Store
	Embedder llm.Embedder // nil: words only
	Log      *slog.Logger // nil: slog.Default

	Poll         time.Duration // 0: once a second
	EmbedTimeout time.Duration // how long a question waits for its vector; 0: half a second
	// MaxVectors is how many chunks of a workspace are searched in memory. Above
	// it the store's own index is asked, if it has one. 0 means 20,000; a negative number, none.
	MaxVectors int
	Observer   Observer
}

// Observer is told what a Base does, for metrics. Nil functions are not called;
// the others must not block.
type Observer struct {
	Searched  func(took time.Duration, degraded string)
	Refreshed func(workspace uuid.UUID, s IndexStatus, took time.Duration)
	Embedded  func(texts int, took time.Duration)
	Failed    func(what string) // "refresh" or "embed"
}

// IndexStatus is the state of a workspace's index on this node.
type IndexStatus struct {
	Articles int    `json:"articles"`
	Chunks   int    `json:"chunks"`
	Vectors  int    `json:"vectors"` // of these chunks
	Pending  int    `json:"pending"` // chunks, or texts if Remote, that wait for a vector
	Remote   bool   `json:"remote"`  // vectors are searched by the store
	Model    string `json:"model"`   // "" for words only
	Version  int64  `json:"version"` // knowledge version
}

// Base owns the indexes of all workspaces on this node. It loads them at
// Start, follows the store by signals and by polling, and answers from memory.
type Base struct {
	options  Options
	searcher *Searcher
	wake     chan struct{}
	pending  chan struct{} // tells the Indexer that there is work
	stop     context.CancelFunc
	done     chan struct{}

	mu    sync.Mutex
	rooms map[uuid.UUID]*room
}

// room is one workspace: its current index, and the right to make the next.
type room struct {
	ws      uuid.UUID
	index   atomic.Pointer[Index]
	refresh sync.Mutex
	dirty   atomic.Bool               // a signal came since the last look
	waiting atomic.Int64              // chunks and questions without a vector, as the store counted last
	looked  atomic.Pointer[time.Time] // when vectors of titles and pieces were last asked for; nil: ask at once
}

// NewBase gives a Base that knows nothing yet: Start it.
func NewBase(o Options) *Base {
	o.Log = cmp.Or(o.Log, slog.Default())
	o.Poll = cmp.Or(o.Poll, pollEvery)
	o.MaxVectors = cmp.Or(o.MaxVectors, maxVectors)
	return &Base{
		options: o, searcher: NewSearcher(o.Embedder, o.EmbedTimeout),
		wake: make(chan struct{}, 1), pending: make(chan struct{}, 1),
		rooms: map[uuid.UUID]*room{},
	}
}

// Start loads every workspace and then follows the store until Close. It
// fails if the store cannot be read; then there is nothing to close.
func (b *Base) Start(ctx context.Context) error {
	if err := b.refreshAll(ctx, true); err != nil {
		return err
	}
	follow, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.stop, b.done = stop, make(chan struct{})
	go func() {
		defer close(b.done)
		b.follow(follow)
	}()
	return nil
}

// Close ends following and waits until it has. Searches go on working.
func (b *Base) Close() {
	if b.stop != nil {
		b.stop()
		<-b.done
	}
}

// Notify takes a signal of the store or the bus. It does not block.
func (b *Base) Notify(s chat.Signal) {
	if s.Kind != chat.SignalKnowledge {
		return
	}
	b.room(s.Workspace).dirty.Store(true)
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *Base) follow(ctx context.Context) {
	poll := time.NewTicker(b.options.Poll)
	defer poll.Stop()
	for {
		all := false
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-poll.C:
			all = true
		}
		if err := b.refreshAll(ctx, all); err != nil && ctx.Err() == nil {
			b.options.Log.Warn("The knowledge base could not be refreshed; it goes on with what it has.", "error", err)
			b.failed("refresh")
		}
	}
}

// refreshAll brings workspaces up to date: all of them, or those with a signal.
func (b *Base) refreshAll(ctx context.Context, all bool) error {
	if all {
		list, err := b.options.Store.Workspaces(ctx)
		if err != nil {
			return fmt.Errorf("knowledge: list workspaces: %w", err)
		}
		for _, w := range list {
			b.room(w.ID).dirty.Store(true)
		}
	}
	var errs []error
	for _, r := range b.all() {
		if r.dirty.Load() {
			errs = append(errs, b.Refresh(ctx, r.ws))
		}
	}
	return errors.Join(errs...)
}

// Refresh brings a workspace's index up to what the store holds now, and
// returns when searches see it.
func (b *Base) Refresh(ctx context.Context, ws uuid.UUID) error {
	r := b.room(ws)
	r.refresh.Lock()
	defer r.refresh.Unlock()
	r.dirty.Store(false) // before reading: a later signal is for the next time
	start := time.Now()
	changed, err := b.catchUp(ctx, r)
	if seen := b.options.Observer.Refreshed; seen != nil && changed {
		seen(ws, b.statusOf(r), time.Since(start))
	}
	if err != nil {
		return fmt.Errorf("knowledge: refresh workspace %s: %w", ws, err)
	}
	if r.waiting.Load() > 0 || b.options.Embedder != nil && len(r.index.Load().Lacking()) > 0 {
		b.wakeIndexer()
	}
	return nil
}

func (b *Base) wakeIndexer() {
	select {
	case b.pending <- struct{}{}:
	default:
	}
}

// Search asks a workspace's index. See Index.Search.
func (b *Base) Search(ctx context.Context, ws uuid.UUID, q Query) (Result, error) {
	start := time.Now()
	r, err := b.Index(ws).Search(ctx, q)
	if seen := b.options.Observer.Searched; seen != nil && err == nil {
		seen(time.Since(start), r.Degraded)
	}
	return r, err
}

// SetSynonyms gives a workspace's searches on this node other synonyms; none
// drops them. The error has CodeInvalid if they are not valid.
func (b *Base) SetSynonyms(ws uuid.UUID, s Synonyms) error {
	if err := s.Validate(); err != nil {
		return err
	}
	r := b.room(ws)
	r.refresh.Lock()
	defer r.refresh.Unlock()
	x := r.index.Load()
	r.index.Store(x.With(Update{Synonyms: append(Synonyms{}, s...), Remote: x.remote}))
	return nil
}

// Names gives what groups of a workspace's articles are called.
func (b *Base) Names(ws uuid.UUID) *Names { return b.Index(ws).Names() }

// Index gives a workspace's current index: hold on to it for several
// questions of one version.
func (b *Base) Index(ws uuid.UUID) *Index { return b.room(ws).index.Load() }

// Document gives a published article, nil if it is not there. It is read-only.
func (b *Base) Document(ws, article uuid.UUID) *Document { return b.Index(ws).Document(article) }

// Link gives the address of the public article that href leads to from
// another; see Index.Link.
func (b *Base) Link(ws uuid.UUID, from *Document, href string) string {
	return b.Index(ws).Link(from, href)
}

// Status tells how far a workspace's index is.
func (b *Base) Status(ws uuid.UUID) IndexStatus { return b.statusOf(b.room(ws)) }

func (b *Base) statusOf(r *room) IndexStatus {
	x := r.index.Load()
	articles, chunks, missing := x.Counts()
	s := IndexStatus{Articles: articles, Chunks: chunks, Remote: x.remote != nil, Version: x.Version()}
	if b.options.Embedder == nil {
		return s
	}
	s.Model, s.Pending = b.options.Embedder.Model(), missing
	if s.Remote {
		s.Pending = int(r.waiting.Load())
	}
	s.Vectors = max(chunks-s.Pending, 0)
	return s
}

func (b *Base) room(ws uuid.UUID) *room {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.rooms[ws]
	if r == nil {
		r = &room{ws: ws}
		r.index.Store(NewIndex(b.searcher))
		b.rooms[ws] = r
	}
	return r
}

func (b *Base) all() []*room {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*room
	for _, r := range b.rooms {
		out = append(out, r)
	}
	return out
}

func (b *Base) failed(what string) {
	if seen := b.options.Observer.Failed; seen != nil {
		seen(what)
	}
}
