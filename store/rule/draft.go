// Package rule is the part of the store's contract that needs no database:
// what a draft or a move must be, who may say what, and what either does to a
// conversation's state. The stores share it, and no SQL.
package rule

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// CheckAppend gives d with its defaults, or says why it can be appended to no
// conversation at all. CodeInvalid, CodeForbidden.
func CheckAppend(d chat.Draft) (chat.Draft, error) {
	d, err := checkDraft(d)
	if err == nil && d.Log == chat.LogStaff && (d.From.Kind == chat.PartyCustomer || d.From.Kind == chat.PartyBot) {
		err = chat.Errorf(chat.CodeForbidden, "only staff may write private notes")
	}
	return d, err
}

// CheckAppendIf is CheckAppend for a draft under a fence.
func CheckAppendIf(d chat.Draft) (chat.Draft, error) {
	d, err := checkDraft(d)
	if err == nil && (d.From.Kind != chat.PartyBot || d.Kind != chat.KindMessage) {
		err = invalid("only the bot's messages are appended under a fence")
	}
	return d, err
}

// CheckCustomer says whether c is customer's. CodeForbidden.
func CheckCustomer(c chat.Conversation, customer uuid.UUID) error {
	if c.Customer != customer {
		return errOthers()
	}
	return nil
}

// CheckSender says whether d's sender has to do with c at all: what not even a
// repeat may ask for. CodeForbidden.
func CheckSender(c chat.Conversation, d chat.Draft) error {
	if d.From.Kind == chat.PartyCustomer {
		return CheckCustomer(c, d.From.ID)
	}
	return nil
}

// MayAppend says whether d, which is not a repeat, may be added to c as it is
// now. CodeForbidden, CodeClosed.
func MayAppend(c chat.Conversation, d chat.Draft) error {
	if d.Kind != chat.KindMessage {
		return nil
	}
	switch d.From.Kind {
	case chat.PartyCustomer:
		if c.Status == chat.StatusClosed {
			return Refusal(chat.CodeClosed, d)
		}
	case chat.PartyAgent:
		if c.Owner != chat.OwnerAgent || c.Agent != d.From.ID {
			return Refusal(chat.CodeForbidden, d)
		}
	case chat.PartyBot:
		if c.Owner != chat.OwnerBot || c.Status == chat.StatusClosed {
			return Refusal(chat.CodeForbidden, d)
		}
	case chat.PartySystem:
	}
	return nil
}

// Refusal puts into words why a conversation does not take d: code is
// CodeForbidden or CodeClosed.
func Refusal(code chat.Code, d chat.Draft) error {
	switch {
	case code == chat.CodeClosed:
		return chat.Errorf(code, "the conversation is closed; reopen it, or begin a new one")
	case d.From.Kind == chat.PartyCustomer:
		return errOthers()
	case d.From.Kind == chat.PartyBot:
		return chat.Errorf(code, "the bot does not have this conversation")
	}
	return chat.Errorf(code, "the conversation is not yours; take it over first")
}

// Holds says whether f still describes c, apart from the article versions.
func Holds(c chat.Conversation, f chat.Fence) bool {
	return c.Status == chat.StatusOpen && c.Owner == chat.OwnerBot &&
		c.Epoch == f.Epoch && c.CustomerSeq == f.CustomerSeq && c.AnsweredSeq < c.CustomerSeq
}

// Overtaken is the error of a fence that does not hold. CodeStale.
func Overtaken() error {
	return chat.Errorf(chat.CodeStale, "the conversation moved on while the bot was thinking")
}

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
	case len(d.Body.Mentions) > 0 && d.Kind != chat.KindNote:
		return d, invalid("only private notes mention people")
	case !storable(d.Text) || !storable(d.From.Name):
		return d, invalid("the text or the sender's name is not UTF-8, or holds the character U+0000")
	}
	switch d.From.Kind {
	case chat.PartyCustomer, chat.PartyBot, chat.PartyAgent, chat.PartySystem:
		return d, checkKind(d)
	}
	return d, invalid("there is no sender of kind %q", d.From.Kind)
}

// checkKind says whether d has the body that its kind asks for.
func checkKind(d chat.Draft) error {
	switch d.Kind {
	case chat.KindMessage, chat.KindNotice, chat.KindNote:
		return nil
	case chat.KindContact:
		if d.Body.Contact == nil || !storable(d.Body.Contact.Email) || !storable(d.Body.Contact.Name) {
			return invalid("an entry of kind contact needs an address, in UTF-8 and without the character U+0000")
		}
		return nil
	case chat.KindRating:
		if d.Body.Rating == nil || !storable(d.Body.Rating.Comment) {
			return invalid("an entry of kind rating needs the rating, in UTF-8 and without the character U+0000")
		}
		return d.Body.Rating.Check()
	case chat.KindFeedback:
		if d.Body.Feedback == nil || !storable(d.Body.Feedback.Comment) {
			return invalid("an entry of kind feedback needs the customer's word, in UTF-8 and without the character U+0000")
		}
		return d.Body.Feedback.Check()
	case chat.KindTranscript:
		if d.Body.Transcript == nil || !storable(d.Body.Transcript.Email) || !storable(d.Body.Transcript.Zone) {
			return invalid("an entry of kind transcript needs an address, in UTF-8 and without the character U+0000")
		}
		return nil
	case chat.KindCall:
		if d.Body.Call == nil {
			return invalid("an entry of kind call needs the call")
		}
		return nil
	case chat.KindPromise:
		if d.Body.Promise == nil {
			return invalid("an entry of kind promise needs the promise")
		}
		return nil
	case chat.KindOwner:
		return invalid("entries of kind owner are made by a transition")
	}
	return invalid("there is no entry of kind %q", d.Kind)
}

// storable says whether s is text that every store can keep.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func errOthers() error {
	return chat.Errorf(chat.CodeForbidden, "this conversation is another customer's")
}

func invalid(format string, args ...any) error {
	return chat.Errorf(chat.CodeInvalid, format, args...)
}
