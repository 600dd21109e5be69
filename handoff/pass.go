package handoff

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Assign gives a conversation to an agent, whoever has it: the customer sees who
// takes over, and what was promised stays promised. One that the agent has stays
// as it is. CodeStale: it is not as a.By saw it. CodeConflict: the agent is
// offline and the customer waits. CodeInvalid: that user takes no conversations.
func (d *Desk) Assign(ctx context.Context, ws, conv uuid.UUID, a chat.Act, to chat.User) (chat.Conversation, error) {
	if !to.Role.Can(chat.RoleAgent) {
		return chat.Conversation{}, chat.Errorf(chat.CodeInvalid, "%s does not answer customers. Choose somebody with the role agent.", to.Name)
	}
	c, err := d.seen(ctx, ws, conv, a)
	if has(to, c) || err != nil {
		return c, err
	}
	if to.ID != a.By.ID && owed(c) {
		all, err := d.sur.Presence(ctx, ws)
		if err != nil {
			return c, err
		}
		if presenceOf(all, to.ID).State == chat.PresenceOffline {
			return c, chat.Errorf(chat.CodeConflict, "%s is offline, and the customer waits. Give it to somebody who is there, or to a team.", to.Name)
		}
	}
	reason := chat.ReasonAssigned
	if has(a.By, c) {
		reason = chat.ReasonTransferred
	}
	return d.apply(ctx, ws, c, move{kind: moveAssign, by: sender(a.By), agent: a.By, to: to, reason: reason, entries: notes(a.By, a.Note), seen: a.Seen})
}

// Transfer gives a conversation to a team's queue, or to everybody's (uuid.Nil).
// A promise that stands is kept; else the customer gets one, and is told. What
// waits already stays where it is in the queue, for the team: nothing changes for
// the customer. CodeStale: it is not as a.By saw it. CodeNotFound: no such team.
func (d *Desk) Transfer(ctx context.Context, ws, conv uuid.UUID, a chat.Act, team chat.Team) (chat.Conversation, error) {
	c, err := d.seen(ctx, ws, conv, a)
	if err != nil || c.Owner == chat.OwnerQueue && c.Team == team.ID {
		return c, err
	}
	m := move{kind: moveTransfer, by: sender(a.By), agent: a.By, reason: chat.ReasonTransferred, team: &team.ID, seen: a.Seen}
	m.entries = noted(a.By, passedTo(team, a.Note), chat.Deed{Kind: chat.DeedPassed, Team: team.Name, Words: a.Note})
	if c.Owner == chat.OwnerQueue {
		return d.apply(ctx, ws, c, m)
	}
	if owed(c) { // who has waited does not begin anew
		c.Priority, m.priority, m.cause = chat.PriorityHigh, chat.PriorityHigh, causeOf(m.reason)
	}
	if c.Owner == chat.OwnerBot {
		m.handoff = d.briefed(ctx, ws, c, Request{Reason: chat.ReasonTransferred, By: m.by})
	}
	notice, promised := d.notice(ctx, ws, c, aColleague)
	m.entries, m.promised = append(m.entries, notice), promised
	return d.apply(ctx, ws, c, m)
}

func passedTo(team chat.Team, note string) string {
	to := "Passed on to everybody."
	if team.ID != uuid.Nil {
		to = fmt.Sprintf("Passed on to %s.", team.Name)
	}
	if note == "" {
		return to
	}
	return to + "\n" + note
}

// seen gives an open conversation if it is as a.By saw it.
func (d *Desk) seen(ctx context.Context, ws, conv uuid.UUID, a chat.Act) (chat.Conversation, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	switch {
	case err != nil:
		return c, err
	case c.Status == chat.StatusClosed:
		return c, errClosed()
	case c.Epoch != a.Epoch || a.Seen != 0 && c.CustomerSeq > a.Seen:
		return c, errMoved()
	}
	return c, nil
}

// presenceOf gives a user's: offline if there is none.
func presenceOf(all []chat.Presence, user uuid.UUID) chat.Presence {
	for _, p := range all {
		if p.User == user {
			return p
		}
	}
	return chat.Presence{User: user, State: chat.PresenceOffline}
}

// notes is an entry of the staff's log, if there is something to say.
func notes(by chat.User, text string) []chat.Draft {
	if text == "" {
		return nil
	}
	return []chat.Draft{{ClientID: newID(), Log: chat.LogStaff, From: sender(by), Kind: chat.KindNote, Text: text}}
}

// noted is notes of what by did, with it for the console to word.
func noted(by chat.User, text string, what chat.Deed) []chat.Draft {
	entries := notes(by, text)
	for i := range entries {
		entries[i].Body.Deed = &what
	}
	return entries
}
