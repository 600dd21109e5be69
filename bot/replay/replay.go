// Package replay takes a bot's turn once more, from what was recorded of it:
// it reads the messages out of the conversation's log and the articles by their
// versions, has the engine decide and a composer word, gives both what search,
// encoder and language models said then, and compares what comes out with what
// came out. So a decision can be explained, and a change of the code be seen.
package replay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/llm"
)

// Store is what is read for a replay. Nothing is written.
type Store interface {
	bot.Versions
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	TurnRecord(ctx context.Context, ws, turn uuid.UUID) (chat.TurnRecord, error)
	TurnRecords(ctx context.Context, ws, conv uuid.UUID) ([]chat.TurnRecord, error)
}

// Engine decides again. bot.Engine is one.
type Engine interface {
	Again(ctx context.Context, t bot.Turn, b *bot.Basis, versions bot.Versions) (bot.Decision, []string, error)
}

// Player replays turns of one workspace.
type Player struct {
	Store     Store
	Engine    Engine
	Workspace uuid.UUID
	Build     string // version of this program
	// Composer gives the one that words answers, with g in place of its language
	// model; nil where this program has none.
	Composer func(g llm.Generator) (bot.Composer, error)
}

// Replay is a turn taken again.
type Replay struct {
	Turn         uuid.UUID `json:"turn"`
	Conversation uuid.UUID `json:"conversation"`
	At           time.Time `json:"at"`
	Equal        bool      `json:"equal"` // the decision is the same, byte for byte
	// Differs says where it is not, in order of the fields.
	Differs []Difference `json:"differs,omitempty"`
	// Notes say what is not as it was then, and what was taken from the record as it is.
	Notes []string        `json:"notes,omitempty"`
	Build string          `json:"build"` // version of the program that took the turn
	Then  json.RawMessage `json:"then"`
	Again json.RawMessage `json:"again,omitempty"` // absent where nothing could be decided; Notes says why
	// Record is all that was recorded, Then included.
	Record json.RawMessage `json:"record,omitempty"`
}

// Of replays a turn, or all turns of a conversation in their order: id names
// either. CodeNotFound if nothing is recorded of it.
func (p Player) Of(ctx context.Context, id uuid.UUID) ([]Replay, error) {
	record, err := p.Store.TurnRecord(ctx, p.Workspace, id)
	records := []chat.TurnRecord{record}
	if chat.CodeOf(err) == chat.CodeNotFound {
		records, err = p.Store.TurnRecords(ctx, p.Workspace, id)
		if err == nil && len(records) == 0 {
			return nil, chat.Errorf(chat.CodeNotFound, "nothing is recorded of a turn or conversation %s: records are kept for a time, see --keep-turns", id)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("replay: read the record of %s: %w", id, err)
	}
	var out []Replay
	for _, r := range records {
		one, err := p.replay(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("replay: turn %s: %w", r.Turn, err)
		}
		out = append(out, one)
	}
	return out, nil
}

func (p Player) replay(ctx context.Context, t chat.TurnRecord) (Replay, error) {
	var r bot.Record
	if err := json.Unmarshal(t.Body, &r); err != nil {
		return Replay{}, fmt.Errorf("its record cannot be read: %w", err)
	}
	out := Replay{Turn: t.Turn, Conversation: t.Conversation, At: t.At, Build: r.Build, Then: r.Decision, Record: t.Body}
	if r.Format != bot.RecordFormat {
		out.note("the record is of format %d, which this program does not read", r.Format)
		return out, nil
	}
	if r.Build != p.Build {
		out.note("the program was %s and is %s", r.Build, p.Build)
	}
	turn, err := p.turn(ctx, t, r)
	if err != nil {
		return out, err
	}
	if turn.Key() != r.Seen.Turn {
		out.note("the conversation's log is not what the turn saw")
	}
	d, ok, err := p.again(ctx, &out, turn, r)
	if err != nil || !ok {
		return out, err
	}
	d.Answer.Turn = t.Turn
	if out.Again, err = json.Marshal(d); err != nil {
		return out, fmt.Errorf("write the decision: %w", err)
	}
	out.Equal = string(out.Again) == string(out.Then)
	if !out.Equal {
		out.Differs, err = differences(out.Then, out.Again)
	}
	return out, err
}

func (r *Replay) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// turn reads the turn out of the log, as it was then.
func (p Player) turn(ctx context.Context, t chat.TurnRecord, r bot.Record) (bot.Turn, error) {
	conv, err := p.Store.Conversation(ctx, p.Workspace, t.Conversation)
	if err != nil {
		return bot.Turn{}, fmt.Errorf("read the conversation: %w", err)
	}
	entries, err := p.Store.Entries(ctx, p.Workspace, t.Conversation, chat.LogPublic, r.Seen.From, 0)
	if err != nil {
		return bot.Turn{}, fmt.Errorf("read the log: %w", err)
	}
	entries = slices.DeleteFunc(slices.Clone(entries), func(e chat.Entry) bool { return e.Seq > r.Seen.To })
	conv.AnsweredSeq, conv.CustomerSeq, conv.Epoch, conv.Locale = r.Seen.AnsweredSeq, r.Seen.CustomerSeq, r.Seen.Epoch, r.Seen.Locale
	turn := bot.TurnOf(conv, entries)
	turn.Now, turn.OffLimits = r.Seen.Now, r.Seen.OffLimits
	return turn, nil
}

// again makes what the turn ended in, once more. ok is false where the record
// says too little.
func (p Player) again(ctx context.Context, out *Replay, turn bot.Turn, r bot.Record) (d bot.Decision, ok bool, err error) {
	switch {
	case r.Failure != "":
		out.note("the turn failed, and what it failed of cannot be made again: %s", r.Failure)
		return bot.Failed(), true, nil
	case r.Basis == nil:
		out.note("what the decision rested on was not kept: the record was %d bytes long", r.Cut)
		return d, false, nil
	}
	d, notes, err := p.Engine.Again(ctx, turn, r.Basis, p.Store)
	out.Notes = append(out.Notes, notes...)
	if err != nil {
		if chat.CodeOf(err) == chat.CodeNotFound || len(notes) > 0 {
			out.note("it cannot be decided again: %v", err)
			return d, false, nil
		}
		return d, false, err
	}
	if r.Held != "" {
		return d.HeldBack(r.Held), true, nil
	}
	if r.Acted {
		return p.acted(out, d, r)
	}
	if r.Wording == nil {
		return d, true, nil
	}
	return p.worded(ctx, out, turn, d, r)
}

// acted takes what an action of the shop gave from the record: asking the shop
// again would act again. The engine's own decision is compared.
func (p Player) acted(out *Replay, d bot.Decision, r bot.Record) (bot.Decision, bool, error) {
	out.note("an action of the shop took the decision's place; its part is taken from the record")
	d.Answer.Turn = out.Turn
	again, err := json.Marshal(d)
	if err != nil {
		return d, false, fmt.Errorf("write the decision: %w", err)
	}
	if string(again) != string(r.Decided) {
		diff, err := differences(r.Decided, again)
		if err != nil {
			return d, false, err
		}
		for _, x := range diff {
			out.note("before the action, %s was %s and is %s", x.Field, x.Then, x.Again)
		}
	}
	var final bot.Decision
	if err := json.Unmarshal(r.Decision, &final); err != nil {
		return d, false, fmt.Errorf("read the decision: %w", err)
	}
	return final, true, nil
}

// worded has the answer worded again out of what the model said then. What
// time decided stays decided.
func (p Player) worded(ctx context.Context, out *Replay, turn bot.Turn, d bot.Decision, r bot.Record) (bot.Decision, bool, error) {
	switch {
	case r.Wording.Outcome == string(bot.SetbackUnshown) || r.Wording.Outcome == string(bot.SetbackLate):
		out.note("the model's words came too late (%s)", r.Wording.Outcome)
		return d, true, nil
	case p.Composer == nil:
		out.note("a language model was asked, and this program has no composer: the answer is the engine's own")
		return d, true, nil
	}
	model := llm.NewPlayer(r.Exchanges)
	c := bot.Composition{Turn: turn, Decision: d, Seed: r.Seed}
	c.Decision.Material = slices.DeleteFunc(slices.Clone(d.Material), func(m bot.Material) bool { return !slices.Contains(r.Material, m.Citation.Version) })
	composer, err := p.Composer(model)
	if err != nil {
		return d, false, err
	}
	composed, err := composer.Compose(ctx, c, func(string) {})
	if err == nil && composed.Text == "" {
		err = &bot.NotComposed{Why: bot.SetbackUnanswered}
	}
	if model.Other() > 0 {
		out.note("the prompt is another than it was; the model's words of then are used")
	}
	if errors.Is(err, llm.ErrNotRecorded) {
		out.note("the model is asked for something that it was not asked for")
	}
	if got := bot.Outcome(err); got != r.Wording.Outcome {
		out.note("wording it came to %q and comes to %q", r.Wording.Outcome, got)
	}
	if err != nil {
		return d, true, ctx.Err()
	}
	return d.Worded(composed), true, nil
}
