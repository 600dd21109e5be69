package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

const (
	// historyEntries is how much of a log a decision may look at.
	historyEntries = 60
	// maxUnchanged is how often a turn is tried again though the customer did
	// not write: an article was republished while it was being quoted.
	maxUnchanged = 3
	// unchangedWait lets the search catch up with that change.
	unchangedWait = 250 * time.Millisecond
	// lookEvery is how long what happened on another node may go unnoticed by a
	// turn under way, where no bus tells.
	lookEvery = time.Second
)

// errMoved says that a turn was abandoned because the conversation moved on.
var errMoved = errors.New("the conversation moved on")

// attempt is one go at a turn.
type attempt struct {
	ref       chat.Ref
	conv      chat.Conversation
	turn      Turn
	id        uuid.UUID
	askedAt   time.Time
	restarts  int
	wording   Wording
	signOff   string   // the last line of an answer
	languages []string // that the bot may speak; none: any
	notes     *notes   // nil: nothing is recorded
}

// turn runs the turn of a conversation to its end: a reply, a handoff, or
// the finding that there is nothing (more) to do. An error means that not even
// a handoff was possible now.
func (r *Runner) turn(ref chat.Ref, u *underWay) error {
	var last chat.Conversation
	unchanged := 0
	for restarts := 0; ; restarts++ {
		conv, err := r.o.Store.Conversation(r.ctx, ref.Workspace, ref.Conversation)
		if err != nil {
			return fmt.Errorf("bot: read conversation: %w", err)
		}
		if !due(conv) {
			return nil
		}
		if restarts > 0 && conv.CustomerSeq == last.CustomerSeq && conv.Epoch == last.Epoch {
			if unchanged++; unchanged >= maxUnchanged {
				a := r.newAttempt(ref, conv, nil, restarts)
				return ignoreMoved(r.fail(a, fmt.Errorf("bot: the reply was refused %d times though nothing had changed", unchanged)))
			}
			if !r.pause(unchangedWait) {
				return nil
			}
		}
		last = conv
		if err := r.leased(ref, u, conv, restarts); !errors.Is(err, errMoved) {
			return err
		}
	}
}

// leased makes an attempt under the conversation's lease; it does nothing if
// another node has it.
func (r *Runner) leased(ref chat.Ref, u *underWay, conv chat.Conversation, restarts int) error {
	held, err := r.lease(ref)
	if err != nil || !held {
		return err
	}
	defer r.release(ref)
	return r.attempt(ref, u, conv, restarts)
}

func ignoreMoved(err error) error {
	if errors.Is(err, errMoved) {
		return nil
	}
	return err
}

// due reports whether the bot is to answer.
func due(c chat.Conversation) bool {
	return c.Owner == chat.OwnerBot && c.Status == chat.StatusOpen && c.Unanswered()
}

// attempt decides and acts once. errMoved: read the conversation again.
func (r *Runner) attempt(ref chat.Ref, u *underWay, conv chat.Conversation, restarts int) error {
	ctx, cancel := context.WithTimeout(r.ctx, r.o.Deadline)
	defer cancel()
	if r.awaitTyping(ctx, ref) {
		fresh, err := r.o.Store.Conversation(ctx, ref.Workspace, ref.Conversation)
		if err == nil && (fresh.CustomerSeq != conv.CustomerSeq || fresh.Epoch != conv.Epoch) {
			return errMoved
		}
	}
	entries, err := r.o.Store.Entries(ctx, ref.Workspace, ref.Conversation, chat.LogPublic, logFrom(conv), 0)
	a := r.newAttempt(ref, conv, entries, restarts)
	if err != nil {
		return r.fail(a, fmt.Errorf("bot: read log: %w", err))
	}
	if a, err = r.styled(ctx, a); err != nil {
		return r.fail(a, err)
	}
	ctx = a.notes.listening(ctx)
	d, err := r.decide(ctx, a, u)
	if err == nil {
		d, err = r.gated(ctx, a, d)
	}
	if err == nil {
		d = r.moderated(ctx, a, d)
		d = r.acted(ctx, a, d)
	}
	switch {
	case r.ctx.Err() != nil:
		return nil
	case errors.Is(err, errMoved):
		return errMoved
	case err != nil:
		return r.fail(a, err)
	case d.Action == chat.ActionHandoff:
		return r.handOver(a, d, nil)
	}
	return r.compose(ctx, a, u, d)
}

// styled gives an attempt the style of its inbox.
func (r *Runner) styled(ctx context.Context, a attempt) (attempt, error) {
	if r.o.Style == nil {
		return a, nil
	}
	style, err := r.o.Style(ctx, a.ref.Workspace, a.conv.Inbox)
	if err != nil {
		return a, fmt.Errorf("bot: read style: %w", err)
	}
	a.turn.OffLimits, a.signOff, a.languages = style.OffLimits, style.SignOff, style.Languages
	if barred := a.turn.Barred(); barred != nil {
		a.notes.note(func(rec *Record) { rec.Seen.OffLimits = []chat.OffLimits{*barred} })
	}
	return a, nil
}

// logFrom is the entry of a conversation's log after which a turn reads it.
func logFrom(conv chat.Conversation) int64 {
	return max(0, min(conv.LastSeq-historyEntries, conv.AnsweredSeq))
}

func (r *Runner) newAttempt(ref chat.Ref, conv chat.Conversation, entries []chat.Entry, restarts int) attempt {
	a := attempt{ref: ref, conv: conv, turn: TurnOf(conv, entries), restarts: restarts, askedAt: conv.UpdatedAt}
	a.turn.Now = r.o.Now()
	// The same turn has the same id on every node and at every try, so that
	// its reply is stored once.
	a.id = uuid.NewSHA1(conv.ID, fmt.Appendf(nil, "bot turn %d %d", conv.Epoch, conv.CustomerSeq))
	for _, e := range entries {
		if e.Seq == conv.CustomerSeq {
			a.askedAt = e.At
		}
	}
	a.notes = r.newNotes(a, entries)
	return a
}

// TurnOf reads a turn out of a conversation and (the end of) its public log.
func TurnOf(conv chat.Conversation, entries []chat.Entry) Turn {
	t := Turn{Workspace: conv.Workspace, Audience: knowledge.AudienceCustomer, Locale: conv.Locale,
		Account: llm.Account{Workspace: conv.Workspace, Inbox: conv.Inbox, Customer: conv.Customer, Conversation: conv.ID}}
	for _, e := range entries {
		if e.Opener() {
			t.History = append(t.History, Past{Role: RoleOpener, Text: e.Text})
		}
		if e.Kind != chat.KindMessage {
			continue
		}
		switch e.From.Kind {
		case chat.PartyCustomer:
			if e.Seq > conv.AnsweredSeq {
				t.Messages = append(t.Messages, e.Text)
			} else {
				t.History = append(t.History, Past{Role: RoleCustomer, Text: e.Text})
			}
		case chat.PartyBot:
			past := Past{Role: RoleBot, Text: e.Text}
			if e.Answer != nil {
				past.Action, past.Citations, past.Choices = e.Answer.Action, e.Answer.Citations, e.Answer.Choices
				past.Used = e.Answer.Used
			}
			t.History = append(t.History, past)
		case chat.PartyAgent:
			t.History = append(t.History, Past{Role: RoleAgent, Text: e.Text})
		}
	}
	return t
}

// decide asks the decider, and gives up when the conversation moves on
// meanwhile or when it panics.
func (r *Runner) decide(ctx context.Context, a attempt, u *underWay) (d Decision, err error) {
	err = r.watched(ctx, a, u, "decide", func(ctx context.Context) (err error) {
		if recorder, ok := r.o.Decider.(Recorder); ok && a.notes != nil {
			var basis *Basis
			d, basis, err = recorder.Record(ctx, a.turn)
			a.notes.decided(a, d, basis)
			return err
		}
		d, err = r.o.Decider.Decide(ctx, a.turn)
		return err
	})
	return d, err
}

// watched does a part of an attempt until it is done, its context ends, it
// panics, or the conversation is no longer as a saw it (errMoved).
func (r *Runner) watched(ctx context.Context, a attempt, u *underWay, part string, do func(context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	over := make(chan struct{})
	go func() { // ends with ctx, and is waited for below
		defer close(over)
		r.watch(ctx, a, u, cancel)
	}()
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("bot: a part of a turn panicked", "part", part, "conversation", a.ref.Conversation, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("bot: %s: panic: %v", part, p)
		}
		if errors.Is(context.Cause(ctx), errMoved) {
			err = errMoved
		}
		cancel(nil)
		<-over
	}()
	if err = do(ctx); err == nil && ctx.Err() != nil {
		err = context.Cause(ctx) // what ignored its deadline is late all the same
	}
	return err
}

// watch cancels ctx with errMoved when the conversation is no longer as a saw
// it: at each poke, and now and then, because no poke comes from other nodes.
func (r *Runner) watch(ctx context.Context, a attempt, u *underWay, cancel context.CancelCauseFunc) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-u.poke:
		case <-look.C:
		}
		now, err := r.o.Store.Conversation(ctx, a.ref.Workspace, a.ref.Conversation)
		if err == nil && (now.CustomerSeq != a.conv.CustomerSeq || now.Epoch != a.conv.Epoch) {
			cancel(errMoved)
			return
		}
	}
}

// reply stores the bot's message, if the conversation is still as it was.
func (r *Runner) reply(ctx context.Context, a attempt, d Decision) error {
	d = a.worded(d)
	d.Answer.Turn = a.id
	text, blocks := d.Text, d.Blocks
	if d.Action == chat.ActionAnswer {
		text, blocks = signed(text, blocks, a.signOff)
	}
	_, err := r.o.Store.AppendIf(ctx, a.ref.Workspace, a.ref.Conversation,
		chat.Draft{
			ClientID: a.id, Log: chat.LogPublic, From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage,
			Text: text, Body: chat.Body{Blocks: blocks, Answer: &d.Answer, Card: d.Card},
		},
		chat.Fence{Epoch: a.conv.Epoch, CustomerSeq: a.conv.CustomerSeq, Versions: d.Versions()})
	switch {
	case err == nil:
		r.keep(a, d, nil)
		r.observe(a, d, nil)
		return nil
	case chat.CodeOf(err) == chat.CodeStale:
		return errMoved
	case r.ctx.Err() != nil:
		return nil
	}
	return r.fail(a, fmt.Errorf("bot: store reply: %w", err))
}

// fail hands a turn over that could not be decided or stored.
func (r *Runner) fail(a attempt, cause error) error {
	if r.ctx.Err() != nil {
		return nil
	}
	r.o.Log.Error("bot: a turn failed and goes to a person", "conversation", a.ref.Conversation, "err", cause)
	return r.handOver(a, Failed(), cause)
}

// Failed is the decision of a turn that could not be decided or stored.
func Failed() Decision {
	return Decision{
		Action: chat.ActionHandoff, Reason: chat.ReasonFailure, Text: Words(chat.ActionHandoff, chat.ReasonFailure),
		Answer: chat.Answer{Action: chat.ActionHandoff, Reason: chat.ReasonFailure},
	}
}

// handOver gives the conversation to a person. It has time of its own: the
// turn's deadline may be why it is needed.
func (r *Runner) handOver(a attempt, d Decision, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), handOverTime)
	defer cancel()
	d = a.worded(d)
	d.Answer.Turn = a.id
	err := r.o.Desk.HandOver(ctx, a.ref.Workspace, a.ref.Conversation, a.conv.Epoch, Handover{
		Turn: a.id, Reason: d.Reason, Question: strings.Join(a.turn.Messages, "\n"), Text: d.Text, Confidence: d.Confidence,
		Ranked: d.Ranked, Suggested: d.Suggested, Answer: d.Answer,
	})
	if chat.CodeOf(err) == chat.CodeStale {
		return errMoved
	}
	if err != nil {
		err = fmt.Errorf("bot: hand over: %w", err)
	} else {
		r.keep(a, d, cause)
	}
	r.observe(a, d, errors.Join(cause, err))
	return err
}

func (r *Runner) observe(a attempt, d Decision, err error) {
	if r.o.Observe == nil {
		return
	}
	r.o.Observe(Observation{
		Ref: a.ref, Action: d.Action, Reason: d.Reason, Degraded: d.Degraded, Took: d.Took,
		Waited: r.o.Now().Sub(a.askedAt), Restarts: a.restarts, Wording: a.wording, Err: err,
	})
}

// awaitTyping waits while the customer is typing, for typingWait at most, and
// reports whether it waited.
func (r *Runner) awaitTyping(ctx context.Context, ref chat.Ref) bool {
	if r.o.Typing == nil {
		return false
	}
	waited := false
	for end := r.o.Now().Add(typingWait); r.o.Now().Before(end) && ctx.Err() == nil && r.o.Typing.Typing(ref); {
		waited = true
		if !r.pause(typingPoll) {
			break
		}
	}
	return waited
}

// pause waits, and reports false if the runner is closed meanwhile.
func (r *Runner) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.ctx.Done():
		return false
	}
}

// lease makes this node the only one to take the conversation's turn. It
// reports false if another node has it.
func (r *Runner) lease(ref chat.Ref) (bool, error) {
	until := r.o.Now().Add(r.o.Deadline + leaseGrace)
	_, err := r.o.Store.AcquireLease(r.ctx, ref.Workspace, leaseKey(ref), r.o.Node, until)
	if chat.CodeOf(err) == chat.CodeConflict {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("bot: take the turn's lease: %w", err)
	}
	return true, nil
}

func (r *Runner) release(ref chat.Ref) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), handOverTime)
	defer cancel()
	if err := r.o.Store.ReleaseLease(ctx, ref.Workspace, leaseKey(ref), r.o.Node); err != nil {
		r.o.Log.Warn("bot: a turn's lease was not released; it expires", "conversation", ref.Conversation, "err", err)
	}
}

func leaseKey(ref chat.Ref) string { return "turn:" + ref.Conversation.String() }
