package action

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Confirmation is a customer's word on a proposed change.
type Confirmation struct {
	Ref      chat.Ref
	Customer uuid.UUID
	Call     uuid.UUID
	ClientID uuid.UUID // of the entry that records it
	Yes      bool
}

// Confirm takes a customer's word on a proposed change, and has a confirmed one
// made. Saying the same again is harmless. CodeNotFound: the customer has no
// such proposal in this conversation; CodeInvalid: it can no longer be confirmed.
func (e *Engine) Confirm(ctx context.Context, y Confirmation) error {
	c, err := e.o.Store.Call(ctx, y.Ref.Workspace, y.Call)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && (c.Conversation != y.Ref.Conversation || c.Customer != y.Customer || !c.Write) {
		return chat.Errorf(chat.CodeNotFound, "There is nothing to confirm here.")
	}
	if err != nil {
		return fmt.Errorf("action: confirm: %w", err)
	}
	to := chat.CallDeclined
	if y.Yes {
		to = chat.CallConfirmed
	}
	switch {
	case c.State == chat.CallProposed:
	case saidBefore(c.State, y.Yes):
		return nil // sent again
	default:
		return errTooLate()
	}
	if e.o.Now().After(c.Until) {
		e.expire(ctx, y.Ref.Workspace, c)
		return errTooLate()
	}
	c, err = e.o.Store.MoveCall(ctx, y.Ref.Workspace, chat.CallMove{
		Call: c.ID, From: chat.CallProposed, To: to, Fenced: true,
		Entries: []chat.Draft{record(c, to, y.ClientID, chat.Sender{Kind: chat.PartyCustomer, ID: y.Customer})},
	})
	switch {
	case chat.CodeOf(err) == chat.CodeStale, chat.CodeOf(err) == chat.CodeConflict:
		return errTooLate()
	case err != nil:
		return fmt.Errorf("action: confirm: %w", err)
	}
	if y.Yes {
		e.background(func() { e.carryOut(y.Ref.Workspace, c) })
	} else {
		e.o.Observe(c)
	}
	return nil
}

// saidBefore reports whether a call's state says that this was the customer's word before.
func saidBefore(s chat.CallState, yes bool) bool {
	switch s {
	case chat.CallConfirmed, chat.CallRunning, chat.CallDone, chat.CallFailed, chat.CallUnknown:
		return yes
	case chat.CallDeclined:
		return !yes
	}
	return false
}

func errTooLate() error {
	return chat.Errorf(chat.CodeInvalid, "This can no longer be confirmed, and nothing was changed. Ask for it again.")
}

// record is the entry that says what became of a change.
func record(c chat.Call, state chat.CallState, id uuid.UUID, by chat.Sender) chat.Draft {
	if id == uuid.Nil {
		id = uuid.NewSHA1(c.ID, []byte(state))
	}
	return chat.Draft{ClientID: id, From: by, Kind: chat.KindCall, Body: chat.Body{
		Call: &chat.CallChange{Call: c.ID, Action: c.Action, Title: c.Title, State: state},
	}}
}

var system = chat.Sender{Kind: chat.PartySystem}

// expire ends a proposal that nobody confirmed in time. The customer is told
// by its card.
func (e *Engine) expire(ctx context.Context, ws uuid.UUID, c chat.Call) {
	c, err := e.o.Store.MoveCall(ctx, ws, chat.CallMove{Call: c.ID, From: chat.CallProposed, To: chat.CallExpired})
	switch {
	case err == nil:
		e.o.Observe(c)
	case chat.CodeOf(err) != chat.CodeStale && e.ctx.Err() == nil:
		e.o.Log.Warn("action: a proposal was not ended; it is tried again", "call", c.ID, "err", err)
	}
}

// storeWithin is how long the outcome of a change is tried to be stored. Later
// its call counts as lost.
const storeWithin = grace - time.Second

// carryOut makes a confirmed change, once: only who moves it to running sends
// the request. A change that is being made is not cut off by Close.
func (e *Engine) carryOut(ws uuid.UUID, c chat.Call) {
	ctx := context.WithoutCancel(e.ctx)
	ctx, cancel := context.WithTimeout(ctx, maxTimeout+2*grace)
	defer cancel()
	conf, a, ch, err := e.declared(ctx, ws, c)
	if err != nil {
		e.giveUp(ctx, ws, c, err)
		return
	}
	c, err = e.o.Store.MoveCall(ctx, ws, chat.CallMove{
		Call: c.ID, From: chat.CallConfirmed, To: chat.CallRunning, Fenced: true, Until: e.o.Now().Add(a.timeout() + grace),
	})
	if err != nil {
		e.giveUp(ctx, ws, c, err)
		return
	}
	start := e.o.Now()
	o := e.use(ctx, conf, a, ch.args, c.Key)
	reply, o := ch.reply(c, o, e.o.Words(ctx, chat.Ref{Workspace: ws, Conversation: c.Conversation}))
	e.finish(ctx, ws, c, reply, o, e.o.Now().Sub(start))
}

// declared finds what a call does, if that is still what was confirmed.
func (e *Engine) declared(ctx context.Context, ws uuid.UUID, c chat.Call) (Config, Action, chosen, error) {
	conf, _, err := e.Config(ctx, ws)
	if err != nil {
		return conf, Action{}, chosen{}, err
	}
	gone := chat.Errorf(chat.CodeStale, "the action was changed after it was proposed")
	a, ok := conf.Find(c.Action)
	if !ok || !a.Write || !a.Allowed(c.Inbox) {
		return conf, a, chosen{}, gone
	}
	digest, err := digestOf(conf, a, c.Args)
	if err != nil {
		return conf, a, chosen{}, err
	}
	if digest != c.Digest {
		return conf, a, chosen{}, gone
	}
	ch := chosen{action: a, by: c.Chosen}
	if ch.params, err = parseParameters(a.Parameters); err == nil {
		ch.args, err = ch.params.decodeArgs(c.Args)
	}
	if err == nil {
		err = ch.params.check(ch.args)
	}
	if err == nil && a.needsIdentity() {
		err = e.still(ctx, ws, c, a, ch.args)
	}
	return conf, a, ch, err
}

// still says whether who confirmed a change is verified now, as whom it was proposed to.
func (e *Engine) still(ctx context.Context, ws uuid.UUID, c chat.Call, a Action, args map[string]any) error {
	id, err := e.identity(ctx, chat.Ref{Workspace: ws, Conversation: c.Conversation}, c.Customer)
	if err != nil {
		return err
	}
	now := maps.Clone(args)
	if err := a.bind(now, id); err != nil || !id.Verified || !maps.Equal(now, args) {
		return chat.Errorf(chat.CodeStale, "the customer is no longer verified")
	}
	return nil
}

// giveUp ends a confirmed change that was not begun. When the conversation
// has moved on, whoever has it now sees that it expired.
func (e *Engine) giveUp(ctx context.Context, ws uuid.UUID, c chat.Call, cause error) {
	if code := chat.CodeOf(cause); code == chat.CodeUnavailable {
		e.o.Log.Warn("action: a confirmed change was not begun; it is tried again", "call", c.ID, "err", cause)
		return
	}
	ref := chat.Ref{Workspace: ws, Conversation: c.Conversation}
	c, err := e.o.Store.MoveCall(ctx, ws, chat.CallMove{
		Call: c.ID, From: chat.CallConfirmed, To: chat.CallExpired, Entries: []chat.Draft{record(c, chat.CallExpired, uuid.Nil, system)},
	})
	if chat.CodeOf(err) == chat.CodeStale {
		return // another node has it
	}
	e.o.Log.Warn("action: a confirmed change was not made", "call", c.ID, "conversation", ref.Conversation, "cause", cause, "err", err)
	if err == nil {
		e.o.Observe(c)
		e.handOver(ctx, ref, c, e.o.Words(ctx, ref).Text("I could not do this, and nothing was changed. I'll bring in a person and pass on what you told me."))
	}
}

// finish stores how a change ended, and says so to the customer or a person.
func (e *Engine) finish(ctx context.Context, ws uuid.UUID, c chat.Call, reply Reply, o outcome, took time.Duration) {
	m := chat.CallMove{Call: c.ID, From: chat.CallRunning, Code: o.code, Error: o.reason, Took: took}
	ref := chat.Ref{Workspace: ws, Conversation: c.Conversation}
	switch o.status {
	case done:
		m.To = chat.CallDone
		m.Entries = []chat.Draft{record(c, m.To, uuid.Nil, system), result(c, reply)}
	case unknown:
		m.To = chat.CallUnknown
		e.lost(ctx, ws, c, m)
		return
	default:
		m.To = chat.CallFailed
		m.Entries = []chat.Draft{record(c, m.To, uuid.Nil, system)}
		e.handOver(ctx, ref, c, e.o.Words(ctx, ref).Text("The shop did not accept this, and nothing was changed. I'll bring in a person and pass on what you told me."))
	}
	e.end(ctx, ws, m)
}

// result is the bot's message about a change that was made.
func result(c chat.Call, reply Reply) chat.Draft {
	return chat.Draft{
		ClientID: uuid.NewSHA1(c.ID, []byte("result")), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: reply.Text,
		Body: chat.Body{Answer: reply.Answer(c.Turn)},
	}
}

// Answer is what the reply rests on, for the body of the bot's message: what
// the shop gave is certain as far as the bot can tell.
func (r Reply) Answer(turn uuid.UUID) *chat.Answer {
	used := r.Used
	return &chat.Answer{Turn: turn, Action: chat.ActionAnswer, Confidence: 1, Statements: statements(r.Text), Used: &used}
}

// lost reports a change whose outcome is not known: to a person first, so that
// a crash in between reports it again and not never.
func (e *Engine) lost(ctx context.Context, ws uuid.UUID, c chat.Call, m chat.CallMove) {
	ref := chat.Ref{Workspace: ws, Conversation: c.Conversation}
	text := e.o.Words(ctx, ref).Text("I can't tell whether this went through. I'll bring in a person who looks, and nothing is repeated until then.")
	if !e.handOver(ctx, ref, c, text) {
		return // found again by the next sweep
	}
	m.Entries = []chat.Draft{record(c, m.To, uuid.Nil, system)}
	e.end(ctx, ws, m)
}

// handOver gives the conversation to a person. It reports false if that has to
// be tried again; a conversation that is no longer the bot's has its person.
func (e *Engine) handOver(ctx context.Context, ref chat.Ref, c chat.Call, text string) bool {
	err := e.o.Desk.HandOver(ctx, ref, c, text)
	switch chat.CodeOf(err) {
	case "", chat.CodeStale, chat.CodeClosed, chat.CodeConflict, chat.CodeNotFound:
		return true
	}
	e.o.Log.Error("action: a person could not be told of a call; it is tried again", "call", c.ID, "conversation", ref.Conversation, "err", err)
	return false
}

// end stores the end of a call, trying for as long as the call counts as running.
func (e *Engine) end(ctx context.Context, ws uuid.UUID, m chat.CallMove) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	for {
		c, err := e.o.Store.MoveCall(ctx, ws, m)
		switch {
		case err == nil:
			e.o.Observe(c)
			return
		case chat.CodeOf(err) == chat.CodeStale, ctx.Err() != nil:
			e.o.Log.Error("action: the end of a call was not stored", "call", m.Call, "state", m.To, "err", err)
			return
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}
