package trust

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Store is what a Recorder reads and writes.
type Store interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	History
	Ledger
}

// History is a conversation as Judge reads it.
type History interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error)
}

// Ledger is where verdicts and topics are kept.
type Ledger interface {
	AddVerdicts(ctx context.Context, ws uuid.UUID, vs []Verdict) (int, error)
	Verdicts(ctx context.Context, ws uuid.UUID, q VerdictQuery) ([]Verdict, error)
	PutTopic(ctx context.Context, ws uuid.UUID, t Topic) (Topic, error)
	Topic(ctx context.Context, ws, article uuid.UUID) (Topic, error)
	Topics(ctx context.Context, ws uuid.UUID) ([]Topic, error)
}

// RecorderOptions are what a Recorder is made of. Store and Rules are needed.
type RecorderOptions struct {
	Store Store
	Rules Rules
	Log   *slog.Logger     // nil means slog.Default
	Now   func() time.Time // nil means time.Now
}

// Recorder keeps verdicts and topics up to date while conversations go on. A
// lost signal, a crash or a second node cost time, never a verdict counted
// twice. Start it once, Close it once.
type Recorder struct {
	o      RecorderOptions
	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	changed map[chat.Ref]bool
	known   map[uuid.UUID]bool // verdicts that are stored, as far as remembered
}

const (
	// gather is how long signals are collected: a conversation is read once for
	// all that happened in it meanwhile.
	gather = 2 * time.Second
	// sweepEvery is how often conversations that fell silent are looked for, and
	// sweepBack how far back the first time: as long as a server may have been off.
	sweepEvery = time.Hour
	sweepBack  = 7 * 24 * time.Hour
	// knownMost bounds what is remembered of stored verdicts.
	knownMost = 10_000
)

// NewRecorder makes a Recorder. It does nothing until Start.
func NewRecorder(o RecorderOptions) *Recorder {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Recorder{o: o, ctx: ctx, cancel: cancel, changed: map[chat.Ref]bool{}, known: map[uuid.UUID]bool{}}
}

// Start begins to record what Notify tells, and looks for what was missed.
func (r *Recorder) Start() { r.wg.Go(r.run) }

// Close stops it; what was not recorded yet is found at the next start.
func (r *Recorder) Close() {
	r.cancel()
	r.wg.Wait()
}

// Notify tells that something changed. It never blocks.
func (r *Recorder) Notify(s chat.Signal) {
	if s.Kind != chat.SignalEntry || s.Conversation == uuid.Nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed[chat.Ref{Workspace: s.Workspace, Conversation: s.Conversation}] = true
}

func (r *Recorder) run() {
	tick := time.NewTicker(gather)
	defer tick.Stop()
	var swept time.Time
	for {
		if now := r.o.Now(); now.Sub(swept) >= sweepEvery {
			r.warn("look for silent conversations", r.sweep(r.ctx, swept, now))
			swept = now
		}
		select {
		case <-tick.C:
			r.drain()
		case <-r.ctx.Done():
			return
		}
	}
}

func (r *Recorder) drain() {
	r.mu.Lock()
	changed := r.changed
	r.changed = map[chat.Ref]bool{}
	r.mu.Unlock()
	for ref := range changed {
		if r.ctx.Err() != nil {
			return
		}
		r.warn("record", r.Record(r.ctx, ref))
	}
}

func (r *Recorder) warn(what string, err error) {
	if err != nil && r.ctx.Err() == nil {
		r.o.Log.Warn("trust: "+what+" failed; it is tried again when the conversation changes or at the next start", "err", err)
	}
}

// sweep records the conversations that fell silent since the last sweep,
// and folds what a crash has left unfolded.
func (r *Recorder) sweep(ctx context.Context, last, now time.Time) error {
	from := last
	if last.IsZero() {
		from = now.Add(-sweepBack)
	}
	workspaces, err := r.o.Store.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("trust: workspaces: %w", err)
	}
	for _, ws := range workspaces {
		if err := r.sweepWorkspace(ctx, ws.ID, from.Add(-quietAfter), now.Add(-quietAfter)); err != nil {
			return err
		}
		if err := r.settle(ctx, ws.ID); err != nil {
			return err
		}
	}
	return nil
}

// sweepWorkspace records the conversations that changed last between from and to.
func (r *Recorder) sweepWorkspace(ctx context.Context, ws uuid.UUID, from, to time.Time) error {
	for _, view := range []chat.View{chat.ViewAll, chat.ViewClosed} {
		if err := r.sweepView(ctx, ws, view, from, to); err != nil {
			return err
		}
	}
	return nil
}

func (r *Recorder) sweepView(ctx context.Context, ws uuid.UUID, view chat.View, from, to time.Time) error {
	q := chat.ConversationQuery{View: view, Limit: 200}
	for {
		page, err := r.o.Store.Conversations(ctx, ws, q)
		if err != nil {
			return fmt.Errorf("trust: conversations: %w", err)
		}
		for _, c := range page.Conversations {
			if c.UpdatedAt.Before(from) {
				return nil
			}
			if c.UpdatedAt.After(to) {
				continue
			}
			if err := r.Record(ctx, chat.Ref{Workspace: ws, Conversation: c.ID}); err != nil {
				return err
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

// Record stores the verdicts that a conversation gives now, and moves their topics.
func (r *Recorder) Record(ctx context.Context, ref chat.Ref) error {
	found, err := ReadVerdicts(ctx, r.o.Store, ref, r.o.Now())
	if err != nil {
		return err
	}
	fresh := r.unknown(found)
	if len(fresh) == 0 {
		return nil
	}
	if _, err := r.o.Store.AddVerdicts(ctx, ref.Workspace, fresh); err != nil {
		return fmt.Errorf("trust: store verdicts: %w", err)
	}
	seen := map[uuid.UUID]bool{}
	for _, v := range fresh {
		if seen[v.Article] {
			continue
		}
		seen[v.Article] = true
		if err := r.fold(ctx, ref.Workspace, v.Article); err != nil {
			return err
		}
	}
	r.remember(fresh)
	return r.earn(ctx, ref.Workspace)
}

func (r *Recorder) unknown(vs []Verdict) []Verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Verdict
	for _, v := range vs {
		if !r.known[v.ID] {
			out = append(out, v)
		}
	}
	return out
}

func (r *Recorder) remember(vs []Verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) > knownMost {
		clear(r.known)
	}
	for _, v := range vs {
		r.known[v.ID] = true
	}
}

// ReadVerdicts reads a conversation and judges it.
func ReadVerdicts(ctx context.Context, h History, ref chat.Ref, now time.Time) ([]Verdict, error) {
	conv, err := h.Conversation(ctx, ref.Workspace, ref.Conversation)
	if err != nil {
		return nil, fmt.Errorf("trust: read conversation: %w", err)
	}
	var log []chat.Entry
	for last := int64(0); last < conv.LastSeq; {
		page, err := h.Entries(ctx, ref.Workspace, ref.Conversation, chat.LogPublic, last, 0)
		if err != nil {
			return nil, fmt.Errorf("trust: read log of %s: %w", ref.Conversation, err)
		}
		if len(page) == 0 {
			break
		}
		log, last = append(log, page...), page[len(page)-1].Seq
	}
	var handoff *chat.Handoff
	h1, err := h.Handoff(ctx, ref.Workspace, ref.Conversation)
	switch {
	case err == nil:
		handoff = &h1
	case chat.CodeOf(err) != chat.CodeNotFound:
		return nil, fmt.Errorf("trust: read handoff of %s: %w", ref.Conversation, err)
	}
	return Judge(conv, log, handoff, now), nil
}

// settle brings every topic up to date: verdicts that were stored and not
// folded, and topics whose evidence is about another limit.
func (r *Recorder) settle(ctx context.Context, ws uuid.UUID) error {
	topics, err := r.o.Store.Topics(ctx, ws)
	if err != nil {
		return fmt.Errorf("trust: topics: %w", err)
	}
	for _, t := range topics {
		if err := r.fold(ctx, ws, t.Article); err != nil {
			return err
		}
	}
	return r.earn(ctx, ws)
}

// fold adds to a topic the verdicts that are not in it. Under a limit that
// has changed it begins anew with all there are.
func (r *Recorder) fold(ctx context.Context, ws, article uuid.UUID) error {
	for {
		t, err := r.o.Store.Topic(ctx, ws, article)
		if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			return fmt.Errorf("trust: topic of %s: %w", article, err)
		}
		before := t
		if t.Limit != r.o.Rules.Limit {
			t = Topic{Article: article, Falls: t.Falls, Version: t.Version}
		}
		folded := 0
		for {
			page, err := r.o.Store.Verdicts(ctx, ws, VerdictQuery{Article: article, After: t.After})
			if err != nil {
				return fmt.Errorf("trust: verdicts on %s: %w", article, err)
			}
			if len(page) == 0 {
				break
			}
			for _, v := range page {
				t = r.o.Rules.Add(t, v)
			}
			folded += len(page)
		}
		if folded == 0 {
			return nil
		}
		_, err = r.o.Store.PutTopic(ctx, ws, t)
		if chat.CodeOf(err) == chat.CodeStale {
			continue
		}
		if err != nil {
			return fmt.Errorf("trust: store topic of %s: %w", article, err)
		}
		r.told(ws, before, t)
		return nil
	}
}

// earn lets those topics go live that have earned it.
func (r *Recorder) earn(ctx context.Context, ws uuid.UUID) error {
	topics, err := r.o.Store.Topics(ctx, ws)
	if err != nil {
		return fmt.Errorf("trust: topics: %w", err)
	}
	earned := map[uuid.UUID]bool{}
	for _, article := range r.o.Rules.Earned(topics) {
		earned[article] = true
	}
	for _, t := range topics {
		if !earned[t.Article] {
			continue
		}
		live := t.GoLive(r.o.Now().UTC().Truncate(time.Microsecond))
		_, err := r.o.Store.PutTopic(ctx, ws, live)
		switch {
		case chat.CodeOf(err) == chat.CodeStale: // somebody was faster, or a verdict came
		case err != nil:
			return fmt.Errorf("trust: store topic of %s: %w", t.Article, err)
		default:
			r.told(ws, t, live)
		}
	}
	return nil
}

// told logs a topic's change of stage.
func (r *Recorder) told(ws uuid.UUID, before, after Topic) {
	if before.Stage == after.Stage {
		return
	}
	log := r.o.Log.Info
	if before.Stage == StageLive {
		log = r.o.Log.Warn
	}
	log("trust: a topic changes its stage", "workspace", ws, "article", after.Article, "from", before.Stage, "to", after.Stage,
		"verdicts", before.Answers, "wrong", before.Wrong, "falls", after.Falls)
}
