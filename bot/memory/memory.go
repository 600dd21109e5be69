// Package memory remembers conversations beside their log: a running summary
// of what is too long ago to be shown to a language model, so that a long
// conversation costs no more than a short one and keeps its thread. A Keeper
// writes it after a turn, behind the customer's back in time but never in
// truth: the log stays whole, and what a summary says that the log does not
// hold is thrown away. Without a model the summary is made by rules.
package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/llm"
)

// Store is what a Keeper reads and writes.
type Store interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	PutMemory(ctx context.Context, ws uuid.UUID, m chat.Memory) error
	Memory(ctx context.Context, ws, conv uuid.UUID) (chat.Memory, error)
}

// Summary is the body of a chat.Memory.
type Summary struct {
	Text   string `json:"text"`             // plain lines, personal data masked
	By     By     `json:"by"`               // who wrote it
	Prompt string `json:"prompt,omitempty"` // prompt.Prompt's Version, with ByModel
	Closed bool   `json:"closed,omitempty"` // it tells the conversation to its end
}

// By says who wrote a text.
type By string

// The writers.
const (
	ByModel By = "model"
	ByRules By = "rules"
)

// Options are what a Keeper is made of. Store is needed.
type Options struct {
	Store     Store
	Generator llm.Generator // nil: rules alone
	Prompts   func(ctx context.Context, ws, inbox uuid.UUID) (prompt.Set, error)
	Window    int // tokens of the newest messages that are shown as they are, and so not summed up; 0 means 1200
	Log       *slog.Logger
}

const (
	// defaultWindow holds about 20 messages of a chat, and leaves room for the
	// passages in a prompt of prompt.DefaultBudget.
	defaultWindow = 1200
	// foldAt is how many tokens must have left the window before they are summed
	// up: each summary costs a call.
	foldAt = 400
	// longest is the longest summary, in bytes: what replaces thousands of words
	// must not cost as much.
	longest = 1200
	// within is what one summary may take.
	within = 30 * time.Second
	// waiting is how many conversations may wait for their summary. One more is
	// dropped: its next turn brings it again.
	waiting = 256
)

// Keeper keeps summaries up to date. Close it once.
type Keeper struct {
	o      Options
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	queued map[chat.Ref]bool
	queue  chan chat.Ref
}

// New makes a Keeper and starts its one worker.
func New(o Options) (*Keeper, error) {
	if o.Store == nil {
		return nil, errors.New("memory: a Store is needed")
	}
	if o.Window == 0 {
		o.Window = defaultWindow
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Prompts == nil {
		o.Prompts = func(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) { return prompt.Default(), nil }
	}
	ctx, cancel := context.WithCancel(context.Background())
	k := &Keeper{o: o, cancel: cancel, queued: map[chat.Ref]bool{}, queue: make(chan chat.Ref, waiting)}
	k.done.Go(func() { k.work(ctx) })
	return k, nil
}

// Close ends the worker; what it has not done yet comes with the next turn.
func (k *Keeper) Close() {
	k.cancel()
	k.done.Wait()
}

// Wake says that a conversation has gone on. It never blocks.
func (k *Keeper) Wake(ref chat.Ref) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.queued[ref] {
		return
	}
	select {
	case k.queue <- ref:
		k.queued[ref] = true
	default:
	}
}

func (k *Keeper) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case ref := <-k.queue:
			k.mu.Lock()
			delete(k.queued, ref)
			k.mu.Unlock()
			bounded, cancel := context.WithTimeout(ctx, within)
			if err := k.Note(bounded, ref); err != nil && ctx.Err() == nil {
				k.o.Log.Warn("memory: no summary now; the next turn tries again", "conversation", ref.Conversation, "err", err)
			}
			cancel()
		}
	}
}

// Memories is what is remembered, by conversation.
type Memories interface {
	Memory(ctx context.Context, ws, conv uuid.UUID) (chat.Memory, error)
}

// Recall gives what is remembered of a conversation, up to the entry seq; a
// zero Summary if nothing is, because it is short.
func Recall(ctx context.Context, store Memories, ws, conv uuid.UUID) (s Summary, seq int64, err error) {
	m, err := store.Memory(ctx, ws, conv)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return s, 0, nil
	}
	if err != nil {
		return s, 0, fmt.Errorf("memory: recall %s: %w", conv, err)
	}
	if err := json.Unmarshal(m.Body, &s); err != nil {
		return s, 0, fmt.Errorf("memory: read that of %s: %w", conv, err)
	}
	return s, m.Seq, nil
}

// Note brings a conversation's memory up to date, if there is enough to sum
// up; that of a closed one tells it to its end.
func (k *Keeper) Note(ctx context.Context, ref chat.Ref) error {
	conv, err := k.o.Store.Conversation(ctx, ref.Workspace, ref.Conversation)
	if err != nil {
		return fmt.Errorf("memory: note: %w", err)
	}
	old, seen, err := Recall(ctx, k.o.Store, ref.Workspace, ref.Conversation)
	if err != nil {
		return err
	}
	entries, err := k.since(ctx, ref, seen)
	if err != nil {
		return err
	}
	fold, closed := entries, conv.Status == chat.StatusClosed
	if !closed {
		fold = beforeWindow(entries, k.o.Window)
	}
	if len(fold) == 0 || !closed && tokens(fold) < foldAt {
		return nil
	}
	s := k.sum(ctx, conv, old, fold)
	s.Closed = closed
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("memory: note: %w", err)
	}
	if err := k.o.Store.PutMemory(ctx, ref.Workspace, chat.Memory{Conversation: conv.ID, Seq: fold[len(fold)-1].Seq, Body: body}); err != nil {
		return fmt.Errorf("memory: keep that of %s: %w", conv.ID, err)
	}
	return nil
}

// page is how many entries are read at once.
const page = 200

// since gives the messages after an entry, and the widget's own before them,
// oldest first.
func (k *Keeper) since(ctx context.Context, ref chat.Ref, after int64) (out []chat.Entry, err error) {
	for {
		entries, err := k.o.Store.Entries(ctx, ref.Workspace, ref.Conversation, chat.LogPublic, after, page)
		if err != nil {
			return nil, fmt.Errorf("memory: read the log of %s: %w", ref.Conversation, err)
		}
		for _, e := range entries {
			if e.Kind == chat.KindMessage || e.Opener() {
				out = append(out, e)
			}
		}
		if len(entries) < page {
			return out, nil
		}
		after = entries[len(entries)-1].Seq
	}
}

// beforeWindow gives the entries that no longer fit into as many tokens.
func beforeWindow(entries []chat.Entry, window int) []chat.Entry {
	for i, left := range slices.Backward(entries) {
		if window -= llm.Estimate(left.Text); window < 0 {
			return entries[:i+1]
		}
	}
	return nil
}

func tokens(entries []chat.Entry) (n int) {
	for _, e := range entries {
		n += llm.Estimate(e.Text)
	}
	return n
}

// sum sums up entries together with what was remembered before. A summary of
// the model that says what neither holds is not taken.
func (k *Keeper) sum(ctx context.Context, conv chat.Conversation, old Summary, entries []chat.Entry) Summary {
	if k.o.Generator == nil {
		return Summary{Text: Rules(old.Text, entries), By: ByRules}
	}
	s, err := k.ask(ctx, conv, old, entries)
	if err != nil {
		k.o.Log.Info("memory: the model's summary was not taken", "conversation", conv.ID, "err", err)
		return Summary{Text: Rules(old.Text, entries), By: ByRules}
	}
	return s
}

func (k *Keeper) ask(ctx context.Context, conv chat.Conversation, old Summary, entries []chat.Entry) (Summary, error) {
	set, err := k.o.Prompts(ctx, conv.Workspace, conv.Inbox)
	if err != nil {
		return Summary{}, err
	}
	talk := prompt.Talk{Summary: old.Text, Locale: conv.Locale}
	source := old.Text
	for _, e := range entries {
		text := personal.Mask(e.Text)
		talk.History = append(talk.History, prompt.Said{By: e.From.Kind, Text: text})
		source += "\n" + text
	}
	p, err := set.Summary(talk)
	if err != nil {
		return Summary{}, err
	}
	text, err := Ask(ctx, k.o.Generator, p, llm.Account{
		Workspace: conv.Workspace, Inbox: conv.Inbox, Customer: conv.Customer, Conversation: conv.ID, Purpose: llm.PurposeSummary,
	}, longest)
	if err != nil {
		return Summary{}, err
	}
	if made := Unknown(text, source); made != "" {
		return Summary{}, fmt.Errorf("it says %q, which nobody said", made)
	}
	return Summary{Text: text, By: ByModel, Prompt: p.Version}, nil
}
