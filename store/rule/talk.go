package rule

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// shortBytes is how much of a message shows in lists (see chat.Conversation).
const shortBytes = 200

// Talk is a conversation together with what only the store needs to know.
type Talk struct {
	chat.Conversation
	CustomerAt time.Time // when the entry CustomerSeq was stored
}

// Next gives d, which is checked and no repeat, its number, and does to the
// state what the entry does.
func (c *Talk) Next(d chat.Draft, now time.Time) chat.Entry {
	e := chat.Entry{
		Conversation: c.ID, Log: d.Log, ClientID: d.ClientID, At: now,
		From: d.From, Kind: d.Kind, Text: d.Text, Body: d.Body,
	}
	c.UpdatedAt = now
	if d.Log == chat.LogStaff {
		c.StaffSeq++
		e.Seq = c.StaffSeq
		return e
	}
	c.LastSeq++
	e.Seq = c.LastSeq
	switch d.Kind {
	case chat.KindMessage:
		c.hear(e)
	case chat.KindRating:
		if d.Body.Rating.Kind.OrCSAT() == chat.RatingCSAT {
			c.Rating = d.Body.Rating.Score
		}
	case chat.KindContact:
		c.Email = d.Body.Contact.Email
	case chat.KindOwner, chat.KindNotice, chat.KindNote, chat.KindCall, chat.KindPromise, chat.KindFeedback, chat.KindTranscript:
	}
	return e
}

// hear does what a public message does.
func (c *Talk) hear(e chat.Entry) {
	c.LastText, c.LastFrom = Short(e.Text), e.From.Kind
	switch e.From.Kind {
	case chat.PartyCustomer:
		c.CustomerSeq, c.CustomerAt = e.Seq, e.At
		c.Snoozed = time.Time{}
		if e.Locale != "" && !chat.SameLanguage(e.Locale, c.Locale) {
			c.Locale = e.Locale
		}
		if c.Subject == "" {
			c.Subject = c.LastText
		}
	case chat.PartyAgent:
		c.AnsweredSeq = c.CustomerSeq
		c.Promised, c.Email = time.Time{}, ""
	case chat.PartyBot, chat.PartySystem:
	}
}

// Move does t, which is checked, and gives the entries that it makes, in
// order. CodeStale: the epoch is another, the customer has written since, or
// the offer is another's; then nothing is done.
func (c *Talk) Move(t chat.Transition, now time.Time) ([]chat.Entry, error) {
	switch {
	case c.Epoch != t.Epoch:
		return nil, chat.Errorf(chat.CodeStale, "the conversation has moved on; read it again")
	case t.Seen != 0 && c.CustomerSeq > t.Seen:
		return nil, chat.Errorf(chat.CodeStale, "the customer has written since; read it again")
	case t.Offer != nil && c.Offered != t.Offer.Instead:
		return nil, chat.Errorf(chat.CodeStale, "the conversation is offered to somebody else by now; read it again")
	}
	drafts := slices.Clone(t.Entries)
	moves := c.moves(t)
	c.shelve(t, moves)
	if moves {
		drafts = slices.Insert(drafts, t.Before, chat.Draft{
			ClientID: t.ID, Log: chat.LogPublic, From: t.By, Kind: chat.KindOwner, Body: chat.Body{Change: c.change(t, now)},
		})
	}
	c.prioritise(t)
	c.UpdatedAt = now
	entries := make([]chat.Entry, 0, len(drafts))
	for _, d := range drafts {
		entries = append(entries, c.Next(d, now))
	}
	c.place(t)
	c.settle(t)
	return entries, nil
}

// moves reports whether t changes owner, agent or status.
func (c *Talk) moves(t chat.Transition) bool {
	return t.To != c.Owner || t.Status != c.Status || t.To == chat.OwnerAgent && t.Agent != c.Agent
}

// shelve ends what lasts only as long as nobody moves c, and what belongs to
// the bot's or the former turn.
func (c *Talk) shelve(t chat.Transition, moves bool) {
	if moves {
		c.Snoozed, c.Outcome = time.Time{}, t.Outcome
		c.dropOffer()
	}
	if t.Status == chat.StatusOpen && (t.To == chat.OwnerBot || c.Status == chat.StatusClosed) {
		c.Team = uuid.Nil
	}
	if t.To != chat.OwnerQueue || t.Status != chat.StatusOpen {
		c.Passed = nil
	}
}

func (c *Talk) dropOffer() { c.Offered, c.OfferedUntil = uuid.Nil, time.Time{} }

// place says whose c is, who may take it, and whether it is put off.
func (c *Talk) place(t chat.Transition) {
	if t.Team != nil && *t.Team != c.Team {
		c.Team, c.Passed = *t.Team, nil
		c.dropOffer()
	}
	if o := t.Offer; o != nil {
		if o.Instead != uuid.Nil && o.Instead != o.Agent && !c.Waiting.IsZero() && !slices.Contains(c.Passed, o.Instead) {
			c.Passed = append(slices.Clone(c.Passed), o.Instead)
		}
		c.dropOffer()
		if o.Agent != uuid.Nil {
			c.Offered, c.OfferedUntil = o.Agent, o.Until
		}
	}
	if t.Snooze != nil {
		c.Snoozed = *t.Snooze
	}
}

// prioritise raises the priority as t asks; with the bot there is none.
func (c *Talk) prioritise(t chat.Transition) {
	if t.To == chat.OwnerBot {
		c.Priority, c.Cause = chat.PriorityNormal, chat.Cause{}
	} else if t.Priority.HeadStart() > c.Priority.HeadStart() {
		c.Priority, c.Cause = t.Priority, t.Cause
	}
}

// change changes owner and status, and gives the record of it.
func (c *Talk) change(t chat.Transition, now time.Time) *chat.Change {
	change := &chat.Change{From: c.Owner, To: t.To, Status: t.Status, Epoch: c.Epoch + 1, Reason: t.Reason}
	c.Owner, c.Agent, c.Status = t.To, uuid.Nil, t.Status
	if t.To == chat.OwnerAgent {
		c.Agent, change.Agent, change.Name = t.Agent, t.Agent, t.Name
		c.LastAgent = t.Agent
	}
	c.Epoch++
	if t.Reason != "" {
		c.Reason = t.Reason
	}
	switch {
	case t.To != chat.OwnerQueue || t.Status != chat.StatusOpen:
		c.Waiting = time.Time{}
	case c.Waiting.IsZero():
		c.Waiting = now
	}
	return change
}

// settle does what a move does after its entries.
func (c *Talk) settle(t chat.Transition) {
	if t.ClearPromise {
		c.Promised, c.Email = time.Time{}, ""
	}
	if !t.Promised.IsZero() {
		c.Promised = t.Promised.UTC().Truncate(time.Microsecond)
	}
	if t.Answered {
		c.AnsweredSeq = c.CustomerSeq
	}
}

// Short gives the beginning of s that shows in lists, whole characters only.
func Short(s string) string {
	if len(s) <= shortBytes {
		return s
	}
	end := shortBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
