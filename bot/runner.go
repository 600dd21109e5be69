package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Store is what a Runner needs of the store.
type Store interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	AppendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error)
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
	ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error
	Backlog
}

// Backlog finds conversations that wait for the bot.
type Backlog interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Awaiting(ctx context.Context, ws uuid.UUID, before time.Time, limit int) ([]chat.Conversation, error)
}

// Decider decides turns. Engine is one.
type Decider interface {
	Decide(ctx context.Context, t Turn) (Decision, error)
}

// Desk gives conversations to people.
type Desk interface {
	// HandOver moves a conversation of the bot to the queue: the brief, the
	// bot's words (req.Text) and the customer's notice in one transaction. It
	// fails with CodeStale, and changes nothing, if epoch is no longer current.
	HandOver(ctx context.Context, ws, conv uuid.UUID, epoch int64, req Handover) error
}

// Handover is why a conversation is handed over and what was found for it.
type Handover struct {
	Turn       uuid.UUID // of the turn: the same for a repeated attempt at it
	Reason     chat.Reason
	Question   string // the customer's unanswered words
	Text       string // the bot's words to the customer
	Confidence float64
	Ranked     []RankedArticle // may hold internal ones only for an agent audience
	Suggested  *chat.Suggestion
	Answer     chat.Answer // for the body of the bot's message
}

// Typing reports whether the customer of a conversation is typing now.
type Typing interface {
	Typing(ref chat.Ref) bool
}

// Observation is what a Runner tells of a finished turn.
type Observation struct {
	Ref      chat.Ref
	Action   chat.Action
	Reason   chat.Reason
	Degraded string
	Waited   time.Duration // from the customer's last message to the reply or handoff
	Took     time.Duration // of deciding, the last time if it was restarted
	Restarts int           // how often the customer wrote, or something changed, under way
	Wording  Wording       // what became of wording the answer anew
	Err      error         // why it failed, nil if it did not; a failed turn is handed over
}

// RunnerOptions are what a Runner is made of. Store, Decider, Desk and Node
// are needed.
type RunnerOptions struct {
	Store   Store
	Decider Decider
	Desk    Desk
	Node    string // this process, unique among those that share the store
	Gate    Gate   // nil: every answer is given
	// Style gives how an inbox's bot speaks and what it stays out of; nil: as the
	// zero Style. A turn whose style cannot be read goes to a person.
	Style   func(ctx context.Context, ws, inbox uuid.UUID) (chat.Style, error)
	Actor   Actor             // nil: nothing but the articles is asked
	Typing  Typing            // nil: never waits for the customer to finish
	Observe func(Observation) // nil: nobody. It must not block
	// Moderator looks at messages before they are answered; nil: nobody does.
	// With ModeratorRequired nothing is answered that it could not look at.
	Moderator         Moderator
	ModeratorRequired bool
	// Composer words answers anew; nil leaves them as the engine makes them.
	Composer Composer
	// Draft shows the customer an answer in the making: text replaces what was
	// shown of the turn before, "" takes it away. What is stored at the end takes
	// its place without a call. nil shows none. It must not block, and is called
	// for one turn from one goroutine at a time.
	Draft func(ref chat.Ref, turn uuid.UUID, epoch int64, text string)
	// ComposeLimit bounds composing, within Deadline; 0 means 8 s. FirstShown is
	// how long the customer waits for its first sentence; 0 means 2.5 s. Past
	// either, the answer goes out as the engine made it.
	ComposeLimit, FirstShown time.Duration
	// Deadline bounds a turn, from reading the conversation to storing the
	// reply; it begins anew when the customer writes again. 0 means 10 s.
	Deadline time.Duration
	// Sweep is how often the store is asked for turns that nobody woke us
	// for: lost wake-ups, nodes that died. 0 means 1 s.
	Sweep    time.Duration
	Parallel int // turns at a time; 0 means 64
	// Records keeps what each turn rested on; nil: nobody. Build is the version
	// of the program, for them.
	Records Records
	Build   string
	Log     *slog.Logger
	Now     func() time.Time
}

const (
	defaultDeadline = 10 * time.Second
	defaultSweep    = time.Second
	defaultParallel = 64
	// typingWait is how long a turn waits for a customer who is still typing.
	typingWait = time.Second
	typingPoll = 100 * time.Millisecond
	// handOverTime is what a handoff may take beyond the deadline that caused it.
	handOverTime = 5 * time.Second
	// leaseGrace is how much longer than a turn its lease holds.
	leaseGrace = handOverTime + time.Second
	sweepLimit = 200
)

// Runner runs the bot's turns: one at a time for a conversation, on one node.
// Start it once, Close it once.
type Runner struct {
	o      RunnerOptions
	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	wg     sync.WaitGroup
	slots  chan struct{}

	mu     sync.Mutex
	closed bool
	turns  map[chat.Ref]*underWay
}

// underWay is a conversation with a goroutine of this runner.
type underWay struct {
	again bool          // woken since its turn began; guarded by Runner.mu
	poke  chan struct{} // holds one: look whether the conversation moved on
}

// NewRunner makes a Runner. It does nothing until Start.
func NewRunner(o RunnerOptions) (*Runner, error) {
	if o.Store == nil || o.Decider == nil || o.Desk == nil || o.Node == "" {
		return nil, errors.New("bot: new runner: Store, Decider, Desk and Node are needed")
	}
	if o.Deadline == 0 {
		o.Deadline = defaultDeadline
	}
	if o.ComposeLimit == 0 {
		o.ComposeLimit = defaultComposeLimit
	}
	if o.FirstShown == 0 {
		o.FirstShown = defaultFirstShown
	}
	if o.Sweep == 0 {
		o.Sweep = defaultSweep
	}
	if o.Parallel == 0 {
		o.Parallel = defaultParallel
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Runner{o: o, ctx: ctx, cancel: cancel, slots: make(chan struct{}, o.Parallel), turns: map[chat.Ref]*underWay{}}, nil
}

// Start begins to sweep for turns. Wake works from then on.
func (r *Runner) Start() {
	r.wg.Go(r.sweep)
}

// Close stops taking turns, abandons those under way (another node, or the
// next start, takes them up) and waits for their goroutines.
func (r *Runner) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.cancel()
	r.wg.Wait()
}

// Wake says that something happened in a conversation. It never blocks, and
// does no harm where there is nothing to do.
func (r *Runner) Wake(ref chat.Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if u, ok := r.turns[ref]; ok {
		u.again = true
		u.look()
		return
	}
	u := &underWay{poke: make(chan struct{}, 1)}
	r.turns[ref] = u
	r.wg.Go(func() { r.run(ref, u) })
}

// Moved says that something was stored in a conversation, by whomever: a turn
// of it that is under way looks whether it still stands. It never blocks, and
// begins no turn.
func (r *Runner) Moved(ref chat.Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if u, ok := r.turns[ref]; ok {
		u.look()
	}
}

// look asks the turn under way to look at its conversation.
func (u *underWay) look() {
	select {
	case u.poke <- struct{}{}:
	default:
	}
}

// run takes turns of one conversation until nobody wakes it any more.
func (r *Runner) run(ref chat.Ref, u *underWay) {
	for {
		select {
		case r.slots <- struct{}{}:
			r.take(ref, u)
			<-r.slots
		case <-r.ctx.Done():
		}
		r.mu.Lock()
		if !u.again || r.closed {
			delete(r.turns, ref)
			r.mu.Unlock()
			return
		}
		u.again = false
		r.mu.Unlock()
	}
}

// take takes one turn. A panic that got past the turn's own net is logged;
// the sweeper finds the conversation again.
func (r *Runner) take(ref chat.Ref, u *underWay) {
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("bot: a turn panicked", "conversation", ref.Conversation, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	if err := r.turn(ref, u); err != nil && r.ctx.Err() == nil {
		r.o.Log.Error("bot: a turn could not be taken; it is tried again", "conversation", ref.Conversation, "err", err)
	}
}

// sweep wakes the conversations that wait for the bot, whoever forgot them.
func (r *Runner) sweep() {
	tick := time.NewTicker(r.o.Sweep)
	defer tick.Stop()
	for {
		if err := r.sweepOnce(); err != nil && r.ctx.Err() == nil {
			r.o.Log.Error("bot: looking for waiting conversations failed", "err", err)
		}
		select {
		case <-tick.C:
		case <-r.ctx.Done():
			return
		}
	}
}

func (r *Runner) sweepOnce() error {
	workspaces, err := r.o.Store.Workspaces(r.ctx)
	if err != nil {
		return fmt.Errorf("bot: list workspaces: %w", err)
	}
	before := r.o.Now().Add(-r.o.Sweep) // younger ones have their wake-up on the way
	for _, ws := range workspaces {
		waiting, err := r.o.Store.Awaiting(r.ctx, ws.ID, before, sweepLimit)
		if err != nil {
			return fmt.Errorf("bot: list waiting conversations of %s: %w", ws.ID, err)
		}
		for _, c := range waiting {
			r.wakeIdle(chat.Ref{Workspace: ws.ID, Conversation: c.ID})
		}
	}
	return nil
}

// wakeIdle wakes a conversation that has no turn under way. Poking a slow
// turn each second would make it read the store for nothing.
func (r *Runner) wakeIdle(ref chat.Ref) {
	r.mu.Lock()
	_, busy := r.turns[ref]
	r.mu.Unlock()
	if !busy {
		r.Wake(ref)
	}
}
