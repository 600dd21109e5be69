package sqlite

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// This file is the part of the contract that needs no database: what a draft
// must be, who may say what, and what an entry or a move does to the state.

// subjectBytes is how much of a message shows in lists (see chat.Conversation).
const subjectBytes = 200

// checkDraft gives d with its defaults, or says what is wrong with it.
func checkDraft(d chat.Draft) (chat.Draft, error) {
	if d.Log == "" {
		d.Log = chat.LogPublic
	}
	switch {
	case d.ClientID == uuid.Nil:
		return d, invalid("an entry needs a client id")
	case d.Log != chat.LogPublic && d.Log != chat.LogStaff:
		return d, invalid("there is no log %q", d.Log)
	case (d.Kind == chat.KindNote) != (d.Log == chat.LogStaff):
		return d, invalid("an entry of kind %q does not belong into the log %q", d.Kind, d.Log)
	case !storable(d.Text) || !storable(d.From.Name):
		return d, invalid("the text or the sender's name is not UTF-8, or holds the character U+0000")
	}
	switch d.From.Kind {
	case chat.PartyCustomer, chat.PartyBot, chat.PartyAgent, chat.PartySystem:
	default:
		return d, invalid("there is no sender of kind %q", d.From.Kind)
	}
	switch d.Kind {
	case chat.KindMessage, chat.KindNotice, chat.KindNote:
	case chat.KindContact:
		if d.Body.Contact == nil {
			return d, invalid("an entry of kind contact needs a contact")
		}
	case chat.KindRating:
		if d.Body.Rating == nil || d.Body.Rating.Score < 1 || d.Body.Rating.Score > 5 {
			return d, invalid("a rating needs a score from 1 to 5")
		}
	case chat.KindOwner:
		return d, invalid("entries of kind owner are made by a transition")
	default:
		return d, invalid("there is no entry of kind %q", d.Kind)
	}
	return d, nil
}

// storable says whether s is text that every store can keep.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// checkSender says whether d's sender has to do with the conversation at all:
// what not even a repeat may ask for.
func checkSender(c chat.Conversation, d chat.Draft) error {
	if d.From.Kind == chat.PartyCustomer && d.From.ID != c.Customer {
		return chat.Errorf(chat.CodeForbidden, "this conversation is another customer's")
	}
	if d.Log == chat.LogStaff && (d.From.Kind == chat.PartyCustomer || d.From.Kind == chat.PartyBot) {
		return chat.Errorf(chat.CodeForbidden, "only staff may write private notes")
	}
	return nil
}

// mayAppend says whether d may be added to c as it is now.
func mayAppend(c chat.Conversation, d chat.Draft) error {
	if d.Kind != chat.KindMessage {
		return nil
	}
	switch d.From.Kind {
	case chat.PartyCustomer:
		if c.Status == chat.StatusClosed {
			return chat.Errorf(chat.CodeClosed, "the conversation is closed; reopen it, or begin a new one")
		}
	case chat.PartyAgent:
		if c.Owner != chat.OwnerAgent || c.Agent != d.From.ID {
			return chat.Errorf(chat.CodeForbidden, "the conversation is not yours; take it over first")
		}
	case chat.PartyBot:
		if c.Owner != chat.OwnerBot || c.Status == chat.StatusClosed {
			return chat.Errorf(chat.CodeForbidden, "the bot does not have this conversation")
		}
	case chat.PartySystem:
	}
	return nil
}

// holds says whether f still describes c, apart from the article versions.
func holds(c chat.Conversation, f chat.Fence) bool {
	return c.Status == chat.StatusOpen && c.Owner == chat.OwnerBot &&
		c.Epoch == f.Epoch && c.CustomerSeq == f.CustomerSeq && c.AnsweredSeq < c.CustomerSeq
}

// state is a conversation together with what only the store needs to know.
type state struct {
	chat.Conversation
	n          int64     // its row
	customerAt time.Time // when the entry CustomerSeq was stored
}

// next gives d its number, and does to the state what the entry does.
func (c *state) next(d chat.Draft, now time.Time) chat.Entry {
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
		c.heard(e)
	case chat.KindRating:
		c.Rating = d.Body.Rating.Score
	case chat.KindContact:
		c.Email = d.Body.Contact.Email
	case chat.KindOwner, chat.KindNotice, chat.KindNote:
	}
	return e
}

// heard does what a public message does.
func (c *state) heard(e chat.Entry) {
	c.LastText, c.LastFrom = cut(e.Text), e.From.Kind
	switch e.From.Kind {
	case chat.PartyCustomer:
		c.CustomerSeq, c.customerAt = e.Seq, e.At
		if c.Subject == "" {
			c.Subject = c.LastText
		}
	case chat.PartyAgent:
		c.AnsweredSeq = c.CustomerSeq
		c.Promised, c.Email = time.Time{}, ""
	case chat.PartyBot, chat.PartySystem:
	}
}

// checkTransition says what is wrong with t, apart from its entries.
func checkTransition(t chat.Transition) error {
	switch t.To {
	case chat.OwnerBot, chat.OwnerQueue:
	case chat.OwnerAgent:
		if t.Agent == uuid.Nil {
			return invalid("a move to an agent needs the agent")
		}
	default:
		return invalid("there is no owner %q", t.To)
	}
	if t.Status != chat.StatusOpen && t.Status != chat.StatusClosed {
		return invalid("there is no status %q", t.Status)
	}
	if t.Before < 0 || t.Before > len(t.Entries) {
		return invalid("%d entries cannot come before the owner's: there are %d", t.Before, len(t.Entries))
	}
	return nil
}

// begin moves owner and status, and gives the draft that records it.
func (c *state) begin(t chat.Transition, now time.Time) chat.Draft {
	change := &chat.Change{From: c.Owner, To: t.To, Status: t.Status, Epoch: c.Epoch + 1, Reason: t.Reason}
	c.Owner, c.Agent, c.Status = t.To, uuid.Nil, t.Status
	if t.To == chat.OwnerAgent {
		c.Agent, change.Agent, change.Name = t.Agent, t.Agent, t.Name
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
	return chat.Draft{Log: chat.LogPublic, From: t.By, Kind: chat.KindOwner, Body: chat.Body{Change: change}}
}

// end does what a move does after its entries.
func (c *state) end(t chat.Transition) {
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

// cut gives the beginning of s that shows in lists, whole characters only.
func cut(s string) string {
	if len(s) <= subjectBytes {
		return s
	}
	end := subjectBytes
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

func invalid(format string, args ...any) error {
	return chat.Errorf(chat.CodeInvalid, format, args...)
}
