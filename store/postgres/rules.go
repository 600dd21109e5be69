package postgres

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// This file is the part of the contract that needs no database: what a draft
// must be, and what an entry or a move does to the state. The committer's
// statement (append.sql) says the same about appends in SQL.

// shortBytes is how much of a message shows in lists (see chat.Conversation).
const shortBytes = 200

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
		return d, invalid("the text is not UTF-8, or holds the character U+0000")
	}
	switch d.From.Kind {
	case chat.PartyCustomer, chat.PartyBot, chat.PartyAgent, chat.PartySystem:
	default:
		return d, invalid("there is no sender of kind %q", d.From.Kind)
	}
	return d, checkKind(d)
}

// checkKind says whether d has the body that its kind asks for.
func checkKind(d chat.Draft) error {
	switch d.Kind {
	case chat.KindMessage, chat.KindNotice, chat.KindNote:
		return nil
	case chat.KindContact:
		if d.Body.Contact == nil || !storable(d.Body.Contact.Email) {
			return invalid("an entry of kind contact needs a contact")
		}
		return nil
	case chat.KindRating:
		if d.Body.Rating == nil || d.Body.Rating.Score < 1 || d.Body.Rating.Score > 5 {
			return invalid("a rating needs a score from 1 to 5")
		}
		return nil
	case chat.KindOwner:
		return invalid("entries of kind owner are made by a transition")
	}
	return invalid("there is no entry of kind %q", d.Kind)
}

// storable reports whether the database takes s as text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// mayNote says whether d's sender may write into the log at all.
func mayNote(d chat.Draft) error {
	if d.Log == chat.LogStaff && (d.From.Kind == chat.PartyCustomer || d.From.Kind == chat.PartyBot) {
		return chat.Errorf(chat.CodeForbidden, "only staff may write private notes")
	}
	return nil
}

// holds says whether f still describes c, apart from the article versions.
func holds(c chat.Conversation, f chat.Fence) bool {
	return c.Status == chat.StatusOpen && c.Owner == chat.OwnerBot &&
		c.Epoch == f.Epoch && c.CustomerSeq == f.CustomerSeq && c.AnsweredSeq < c.CustomerSeq
}

// talk is a conversation together with what only the store needs to know.
type talk struct {
	chat.Conversation
	customerAt time.Time // when the entry CustomerSeq was stored
}

// next gives d its number, and does to the state what the entry does.
func (c *talk) next(d chat.Draft, now time.Time) chat.Entry {
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
		c.Rating = d.Body.Rating.Score
	case chat.KindContact:
		c.Email = d.Body.Contact.Email
	case chat.KindOwner, chat.KindNotice, chat.KindNote:
	}
	return e
}

// hear does what a public message does.
func (c *talk) hear(e chat.Entry) {
	c.LastText, c.LastFrom = short(e.Text), e.From.Kind
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

// checkTransition gives t with its defaults, or says what is wrong with it.
func checkTransition(t chat.Transition) (chat.Transition, error) {
	switch {
	case t.To == chat.OwnerAgent && t.Agent == uuid.Nil:
		return t, invalid("a move to an agent needs the agent")
	case t.To != chat.OwnerBot && t.To != chat.OwnerQueue && t.To != chat.OwnerAgent:
		return t, invalid("there is no owner %q", t.To)
	case t.Status != chat.StatusOpen && t.Status != chat.StatusClosed:
		return t, invalid("there is no status %q", t.Status)
	case t.Before < 0 || t.Before > len(t.Entries):
		return t, invalid("%d entries cannot come before the owner's: there are %d", t.Before, len(t.Entries))
	case !storable(t.By.Name):
		return t, invalid("the sender's name is not UTF-8, or holds the character U+0000")
	}
	entries := make([]chat.Draft, len(t.Entries))
	for i, d := range t.Entries {
		var err error
		if d.ClientID, err = newID(d.ClientID); err != nil {
			return t, err
		}
		if entries[i], err = checkDraft(d); err != nil {
			return t, err
		}
	}
	t.Entries = entries
	return t, nil
}

// move changes owner and status, and gives the draft that records it.
func (c *talk) move(t chat.Transition, client uuid.UUID, now time.Time) chat.Draft {
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
	return chat.Draft{ClientID: client, Log: chat.LogPublic, From: t.By, Kind: chat.KindOwner, Body: chat.Body{Change: change}}
}

// settle does what a move does after its entries.
func (c *talk) settle(t chat.Transition) {
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

// short gives the beginning of s that shows in lists, whole characters only.
func short(s string) string {
	if len(s) <= shortBytes {
		return s
	}
	end := shortBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
