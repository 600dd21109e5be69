package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// notice makes what the customer is told at a handoff, and the time that is
// promised in it: a place in the queue when an agent is online, a promised
// time and a question for the e-mail address when nobody is. A promise that still
// stands is not put off. who takes over, as the customer is told.
func (d *Desk) notice(ctx context.Context, ws uuid.UUID, c chat.Conversation, who string) (chat.Draft, time.Time) {
	n := &chat.Notice{}
	draft := chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice, Body: chat.Body{Notice: n}}
	hours := d.hours(ctx, ws, c.Inbox)
	now := d.now()
	promised := hours.Promise(now)
	if c.Promised.After(now) {
		promised = c.Promised
	}

	online, err := d.Online(ctx, ws)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: who is online?", "err", err)
	}
	if !online {
		n.Kind, n.Promised, n.Email = chat.NoticeOffline, promised, d.knownEmail(ctx, ws, c)
		n.AskEmail = n.Email == ""
		if open, _ := hours.Next(now); open.After(now) {
			n.Opens = open.UTC()
		}
		draft.Text = hours.Notice(*n, now)
		return draft, promised
	}
	n.Kind = chat.NoticeQueued
	if n.Place, err = d.placeOf(ctx, ws, c); err != nil {
		d.log.WarnContext(ctx, "handoff: how long is the queue?", "err", err)
	}
	told := d.Expect(ctx, ws, n.Place, 0)
	n.MinWait, n.MaxWait = told.MinWait, told.MaxWait
	draft.Text = queuedWords(who, n.Place, n.MinWait, n.MaxWait)
	// Being online is no promise that somebody answers: this is when it is overdue all the same.
	return draft, promised
}

// placeOf gives the place that c will have in the queue, from 1, also beside an error.
func (d *Desk) placeOf(ctx context.Context, ws uuid.UUID, c chat.Conversation) (int, error) {
	if c.Priority == chat.PriorityNormal {
		n, err := d.sur.CountConversations(ctx, ws, uuid.Nil)
		return n.Queue + 1, err
	}
	if c.Waiting.IsZero() {
		c.Waiting = d.now()
	}
	place := 1
	for q := (chat.ConversationQuery{View: chat.ViewQueue, Limit: maxPage}); ; {
		page, err := d.sur.Conversations(ctx, ws, q)
		for _, other := range page.Conversations {
			if other.QueuedAt().After(c.QueuedAt()) {
				return place, err
			}
			place++
		}
		if q.Cursor = page.Next; q.Cursor == "" || err != nil {
			return place, err
		}
	}
}

// maxPage is the longest page that a store gives.
const maxPage = 200

// promise confirms the promised time to a customer who left an address, with the
// receipt.
func (d *Desk) promise(ctx context.Context, ws uuid.UUID, c chat.Conversation, id uuid.UUID, email string) chat.Draft {
	hours := d.hours(ctx, ws, c.Inbox)
	given, err := d.OpenAnswer(ctx, ws, c.ID)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: a promised time is confirmed without its receipt", "conversation", c.ID, "err", err)
	}
	n := chat.Notice{Kind: chat.NoticePromise, Promised: c.Promised, Email: email}
	return chat.Draft{ClientID: id, From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice,
		Text: hours.Notice(n, d.now()), Body: chat.Body{Notice: &n, Promise: given}}
}

// Who takes over: from the bot a person, from a person another.
const (
	aPerson    = "A person"
	aColleague = "A colleague"
)

func queuedWords(who string, place, minWait, maxWait int) string {
	text := fmt.Sprintf("%s takes over from here. You are %s in line.", who, ordinal(place))
	if maxWait > 0 {
		text += fmt.Sprintf(" Usually %s from here.", minutes(minWait, maxWait))
	}
	return text
}

func minutes(from, to int) string {
	switch {
	case from == to && to == 1:
		return "1 minute"
	case from == to:
		return fmt.Sprintf("%d minutes", to)
	}
	return fmt.Sprintf("%d to %d minutes", from, to)
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// Hours says for an inbox whether an agent is online, and in UTC what customers may
// be told of that: closes, until when people are there, while somebody is; opens, when
// they are next, outside of the hours while nobody is. The other is zero, or both are.
func (d *Desk) Hours(ctx context.Context, ws uuid.UUID, in chat.Inbox) (online bool, closes, opens time.Time, err error) {
	if online, err = d.Online(ctx, ws); err != nil {
		return false, closes, opens, err
	}
	h, err := NewHours(in.Settings)
	if err != nil {
		return online, closes, opens, err
	}
	now := d.now()
	open, end := h.Next(now)
	switch within := !open.After(now); {
	case online && within:
		closes = end.UTC()
	case !online && !within:
		opens = open.UTC()
	}
	return online, closes, opens, nil
}

func (d *Desk) hours(ctx context.Context, ws, inbox uuid.UUID) Hours {
	h, err := NewHours(d.inbox(ctx, ws, inbox).Settings)
	if err != nil {
		h, _ = NewHours(chat.InboxSettings{}) // the default week is valid
	}
	return h
}

// inbox gives an inbox, without settings if it cannot be read now.
func (d *Desk) inbox(ctx context.Context, ws, id uuid.UUID) chat.Inbox {
	all, err := d.sur.Inboxes(ctx, ws)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: what is set for the inbox?", "err", err)
	}
	for _, in := range all {
		if in.ID == id {
			return in
		}
	}
	return chat.Inbox{ID: id}
}

func (d *Desk) knownEmail(ctx context.Context, ws uuid.UUID, c chat.Conversation) string {
	if c.Email != "" {
		return c.Email
	}
	cust, err := d.sur.Customer(ctx, ws, c.Customer)
	if err != nil {
		return ""
	}
	return cust.Email
}
