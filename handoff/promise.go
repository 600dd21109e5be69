package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff/promise"
)

// FindPromises gives the promises in what an agent writes, with their due times
// by the hours of the conversation's inbox.
func (d *Desk) FindPromises(ctx context.Context, ws, conv uuid.UUID, text string) ([]chat.PromiseFound, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	return promise.Find(text, d.now(), d.hours(ctx, ws, c.Inbox)), nil
}

// promiseWithin is how far ahead a promise may be: further is a slip of the hand.
const promiseWithin = 366 * 24 * time.Hour

// Promise records what the agent has promised: p's ID, Text and Due count. A
// repeat of the id gives the first one. CodeInvalid: it has no words, or its
// time has passed or is more than a year ahead.
func (d *Desk) Promise(ctx context.Context, ws, conv uuid.UUID, agent chat.User, p chat.Promise) (chat.Promise, error) {
	p.Kind, p.By, p.Owner = chat.PromiseOther, sender(agent), agent.ID
	p, err := chat.CheckPromise(p)
	if err == nil {
		err = d.checkDue(p.Due)
	}
	if err != nil {
		return p, err
	}
	_, err = d.retry(ctx, ws, conv, func(c chat.Conversation) (chat.Conversation, error) {
		t := stay(c)
		t.By, t.Record = p.By, &p
		t.Entries = []chat.Draft{{ClientID: uuid.NewSHA1(p.ID, []byte(chat.PromiseOpen)), From: p.By, Kind: chat.KindPromise,
			Text: fmt.Sprintf("%s (by %s)", p.Text, d.hours(ctx, ws, c.Inbox).SayDue(p.Due, d.now())), Body: chat.Body{Promise: &chat.Promise{ID: p.ID}}}}
		c, _, err := d.store.Transition(ctx, ws, conv, t)
		return c, err
	})
	if err != nil && chat.CodeOf(err) != chat.CodeConflict {
		return p, err
	}
	stored, err := d.store.Promise(ctx, ws, p.ID)
	if err == nil && stored.Conversation != conv {
		err = chat.Errorf(chat.CodeConflict, "This id belongs to another conversation's promise.")
	}
	return stored, err
}

// ChangePromise does what ch says, and gives the promise as it is then: of a
// moved one the one in its place. CodeStale: it is settled. CodeInvalid: it
// lacks its new time or its reason, or is the promise of an answer, which only an
// answer keeps, and only the end of the conversation withdraws.
func (d *Desk) ChangePromise(ctx context.Context, ws, id uuid.UUID, agent chat.User, ch chat.PromiseChange) (chat.Promise, error) {
	p, err := d.store.Promise(ctx, ws, id)
	if err == nil {
		err = d.checkChange(p, ch)
	}
	if err != nil {
		return p, err
	}
	if _, err = d.retry(ctx, ws, p.Conversation, func(c chat.Conversation) (chat.Conversation, error) {
		c, _, err := d.store.Transition(ctx, ws, c.ID, d.changed(c, p, ch, agent, d.hours(ctx, ws, c.Inbox)))
		return c, err
	}); err != nil {
		return p, err
	}
	switch p, err = d.store.Promise(ctx, ws, id); {
	case err != nil:
		return p, err
	case p.State == chat.PromiseKept:
		d.observe(Event{Kind: EventPromiseKept, Workspace: ws, Conversation: p.Conversation})
	case p.State == chat.PromiseBroken:
		d.observe(Event{Kind: EventPromiseBroken, Workspace: ws, Conversation: p.Conversation})
	}
	if p.MovedTo != uuid.Nil {
		return d.store.Promise(ctx, ws, p.MovedTo)
	}
	return p, nil
}

func (d *Desk) checkChange(p chat.Promise, ch chat.PromiseChange) error {
	if p.State != chat.PromiseOpen {
		return chat.Errorf(chat.CodeStale, "This promise is %s already.", p.State)
	}
	switch ch.State {
	case chat.PromiseKept, chat.PromiseWithdrawn:
		if p.Kind == chat.PromiseAnswer {
			return chat.Errorf(chat.CodeInvalid, "An answer is promised: write it, or close the conversation.")
		}
		if ch.State == chat.PromiseWithdrawn && ch.Reason == "" {
			return chat.Errorf(chat.CodeInvalid, "Say why the promise no longer applies.")
		}
	case chat.PromiseMoved:
		if !ch.Consent && ch.Reason == "" {
			return chat.Errorf(chat.CodeInvalid, "Say why: the customer did not agree to the new time, and is told.")
		}
		return d.checkDue(ch.Due)
	case chat.PromiseOpen:
	default:
		return chat.Errorf(chat.CodeInvalid, "A promise can be kept, moved or withdrawn.")
	}
	return nil
}

func (d *Desk) checkDue(due time.Time) error {
	switch now := d.now(); {
	case !due.After(now):
		return chat.Errorf(chat.CodeInvalid, "This time has passed: promise one that is still to come.")
	case due.Sub(now) > promiseWithin:
		return chat.Errorf(chat.CodeInvalid, "This time is more than a year ahead.")
	}
	return nil
}

// changed is the transition by which ch happens to p, whose conversation is c.
func (d *Desk) changed(c chat.Conversation, p chat.Promise, ch chat.PromiseChange, agent chat.User, hours Hours) chat.Transition {
	t := stay(c)
	t.By = sender(agent)
	m := chat.PromiseMove{ID: p.ID, State: ch.State, Reason: ch.Reason, By: t.By, Due: ch.Due}
	now := d.now()
	var told *chat.Notice
	switch {
	case ch.State == chat.PromiseOpen:
		m.Owner, m.Due = &ch.Owner, time.Time{}
	case ch.State != chat.PromiseMoved:
		m.Due = time.Time{}
		if ch.State == chat.PromiseKept && now.After(p.Due) {
			m.State = chat.PromiseBroken // late, which the Watch tells
		}
	case ch.Consent && !now.After(p.Due):
		told = &chat.Notice{Kind: chat.NoticePromise, Was: p.Due, Promised: ch.Due, Email: c.Email}
	default:
		m.State, m.Told = chat.PromiseBroken, true
		told = &chat.Notice{Kind: chat.NoticeOverdue, Was: p.Due, Promised: ch.Due, Words: ch.Reason}
		if p.Kind != chat.PromiseAnswer {
			told.What = p.Text
		}
	}
	if told != nil {
		t.Entries = []chat.Draft{{From: t.By, Kind: chat.KindNotice, Text: hours.Notice(*told, now), Body: chat.Body{Notice: told}}}
	}
	t.Promises = []chat.PromiseMove{m}
	return t
}

// OpenAnswer gives the customer's copy of the promise of an answer in a
// conversation; nil if none is open.
func (d *Desk) OpenAnswer(ctx context.Context, ws, conv uuid.UUID) (*chat.Promise, error) {
	page, err := d.store.Promises(ctx, ws, chat.PromiseQuery{Conversation: conv, State: chat.PromiseOpen, Limit: maxPage})
	if err != nil {
		return nil, err
	}
	for _, p := range page.Promises {
		if p.Kind == chat.PromiseAnswer {
			given := p.Copy()
			return &given, nil
		}
	}
	return nil, nil
}
