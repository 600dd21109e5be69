package handoff

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

type moveKind int

const (
	moveRequest  moveKind = iota // bot -> queue
	moveClaim                    // bot, queue -> agent
	moveRequeue                  // agent -> queue, because the agent is gone
	moveRelease                  // agent -> bot, or back to the queue
	moveClose                    // any -> closed
	moveReopen                   // closed -> bot
	moveAssign                   // bot, queue, agent -> an agent whom another chooses
	moveTransfer                 // bot, agent -> queue of a team, or of everybody
	moveSnooze                   // bot, queue, agent -> the agent who puts it off
)

// move is a change of owner or status that somebody wants.
type move struct {
	kind     moveKind
	id       uuid.UUID // of the owner's entry, see chat.Transition
	by       chat.Sender
	agent    chat.User // who moves, for an agent's moves
	reason   chat.Reason
	priority chat.Priority
	cause    chat.Cause // of the priority
	entries  []chat.Draft
	before   int // how many of entries come before the owner's, see chat.Transition
	handoff  *chat.Handoff
	promised time.Time
	team     *uuid.UUID // that it waits for from now on; nil leaves it
	to       chat.User  // of moveAssign
	snooze   *time.Time
	outcome  chat.Outcome
	seen     int64
}

// move carries out m if the epoch is the one that the agent saw.
func (d *Desk) move(ctx context.Context, ws, conv uuid.UUID, epoch int64, m move) (chat.Conversation, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	if err != nil {
		return c, err
	}
	if m.kind == moveClaim && has(m.agent, c) {
		return c, nil
	}
	if c.Epoch != epoch {
		if c.Owner == chat.OwnerAgent && c.Agent != m.agent.ID {
			return c, errTaken()
		}
		return c, errMoved()
	}
	if m.kind == moveRelease && c.Promised.IsZero() && forgotten(c) {
		notice, promised := d.notice(ctx, ws, c, aColleague) // back to the queue without a promise: it needs one
		m.entries, m.promised = []chat.Draft{notice}, promised
	}
	return d.apply(ctx, ws, c, m)
}

func (d *Desk) apply(ctx context.Context, ws uuid.UUID, c chat.Conversation, m move) (chat.Conversation, error) {
	t, err := next(c, m)
	if err != nil {
		return c, err
	}
	if t.Handoff != nil {
		t.Handoff.Brief.Promised = t.Promised
	}
	if m.kind == moveRelease && t.To == chat.OwnerBot {
		if err := d.refuseLoop(ctx, ws, c); err != nil {
			return c, err
		}
	}
	after, _, err := d.store.Transition(ctx, ws, c.ID, t)
	if err != nil {
		return c, err
	}
	if t.To == chat.OwnerAgent && !c.Waiting.IsZero() {
		d.observeWait(ctx, ws, c, after.UpdatedAt.Sub(c.Waiting))
	}
	return after, nil
}

// next is the state machine: the transition that m is from c's state, or why
// there is none.
func next(c chat.Conversation, m move) (chat.Transition, error) {
	t := chat.Transition{ID: m.id, Epoch: c.Epoch, Status: chat.StatusOpen, By: m.by, Reason: m.reason, Priority: m.priority, Cause: m.cause,
		Entries: m.entries, Before: m.before, Handoff: m.handoff, Promised: m.promised}
	if c.Status == chat.StatusClosed && m.kind != moveReopen && m.kind != moveClaim {
		return t, errClosed()
	}
	t.Team, t.Snooze, t.Seen = m.team, m.snooze, m.seen
	others := c.Owner == chat.OwnerAgent && c.Agent != m.agent.ID && m.by.Kind != chat.PartyCustomer // to whom they are no others
	switch m.kind {
	case moveRequest:
		if c.Owner != chat.OwnerBot {
			return t, chat.Errorf(chat.CodeStale, "the conversation is already on its way to a person")
		}
		t.To, t.Answered = chat.OwnerQueue, true
	case moveClaim:
		if others && c.Status == chat.StatusOpen {
			return t, errTaken()
		}
		t.To, t.Agent, t.Name, t.Reason = chat.OwnerAgent, m.agent.ID, m.agent.Name, chat.ReasonClaimed
	case moveRequeue:
		if c.Owner != chat.OwnerAgent {
			return t, chat.Errorf(chat.CodeStale, "no agent has the conversation")
		}
		t.To, t.Answered = chat.OwnerQueue, true
	case moveRelease:
		if c.Owner != chat.OwnerAgent || others {
			return t, chat.Errorf(chat.CodeForbidden, "Only the agent who has the conversation can give it back.")
		}
		// A promise that still stands means that no agent has said a word since the handoff (a reply drops it, see
		// Append): the customer keeps place and time. Else the bot goes on with what is unanswered.
		t.To = chat.OwnerBot
		if !c.Promised.IsZero() || forgotten(c) {
			t.To = chat.OwnerQueue
		}
	case moveClose:
		if others {
			return t, errTaken()
		}
		t.To, t.Status, t.Answered, t.ClearPromise, t.Outcome = chat.OwnerBot, chat.StatusClosed, true, true, m.outcome
	case moveReopen:
		if c.Status != chat.StatusClosed {
			return t, chat.Errorf(chat.CodeStale, "the conversation is open")
		}
		t.To, t.Reason = chat.OwnerBot, chat.ReasonReopened
	case moveAssign:
		t.To, t.Agent, t.Name = chat.OwnerAgent, m.to.ID, m.to.Name
	case moveTransfer:
		t.To, t.Answered = chat.OwnerQueue, c.Owner != chat.OwnerQueue
	case moveSnooze:
		if others {
			return t, errTaken()
		}
		t.To, t.Agent, t.Name, t.Reason = chat.OwnerAgent, m.agent.ID, m.agent.Name, chat.ReasonClaimed
	}
	return t, nil
}

// priorityOf says how urgent a handoff is by its reason. Who was not helped
// twice is about to leave.
func priorityOf(r chat.Reason) chat.Priority {
	switch r {
	case chat.ReasonDistress:
		return chat.PriorityUrgent
	case chat.ReasonRepeated, chat.ReasonLoop:
		return chat.PriorityHigh
	}
	return chat.PriorityNormal
}

// owed reports whether the customer waits for somebody's word.
func owed(c chat.Conversation) bool {
	return c.Unanswered() || !c.Promised.IsZero() || forgotten(c)
}

// forgotten reports whether the customer said the last word, but it counts as
// dealt with, so that the bot would leave it: its handoff or its end was the answer.
func forgotten(c chat.Conversation) bool {
	return c.LastFrom == chat.PartyCustomer && !c.Unanswered()
}

func errTaken() error {
	return chat.Errorf(chat.CodeConflict, "Another agent has this conversation.")
}

func errMoved() error {
	return chat.Errorf(chat.CodeStale, "The conversation has moved on since you looked. Here is how it stands now.")
}

func errNothing() error {
	return chat.Errorf(chat.CodeInvalid, "Nothing has been said yet, so there is nothing to end.")
}

func errClosed() error { return chat.Errorf(chat.CodeClosed, "The conversation is closed.") }
