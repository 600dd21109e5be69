package chat

import (
	"time"

	"github.com/google/uuid"
)

// Promise is something that a customer was told for a time: an answer, a
// refund, a call. It is a line of the ledger: what was promised, for when and by
// whom never changes; what became of it does. A promise that is given another
// time is settled, and another stands in its place.
type Promise struct {
	ID           uuid.UUID    `json:"id"`     // v7
	Number       string       `json:"number"` // of the receipt, as people read it out: "FD-7F3K-20Q8"
	Conversation uuid.UUID    `json:"conversation"`
	Customer     uuid.UUID    `json:"customer,omitzero"` // when it was made; not in the customer's copy
	Kind         PromiseKind  `json:"kind"`
	Text         string       `json:"text"`           // what, in one line; of an answer it is PromiseAnswerText
	By           Sender       `json:"by"`             // who gave the word
	Owner        uuid.UUID    `json:"owner,omitzero"` // the agent who sees to it; zero: the queue
	Due          time.Time    `json:"due"`
	State        PromiseState `json:"state"`
	Reason       string       `json:"reason,omitempty"`   // why it was moved, broken or withdrawn, where somebody said
	MovedTo      uuid.UUID    `json:"moved_to,omitzero"`  // the promise that stands in its place
	Before       uuid.UUID    `json:"before,omitzero"`    // the promise in whose place it stands
	At           time.Time    `json:"at"`                 // when it was made
	RaisedAt     time.Time    `json:"raised_at,omitzero"` // when it rose in the queue and its owner was told
	SettledAt    time.Time    `json:"settled_at,omitzero"`
	ToldAt       time.Time    `json:"told_at,omitzero"` // when the customer was told that it is broken
	Signature    []byte       `json:"signature"`        // Ed25519 over Receipt
}

// PromiseAnswerText is the text of every promise of kind answer. It is what is
// signed; people read its translation.
const PromiseAnswerText = "An answer"

// PromiseKind is what a Promise is about.
type PromiseKind string

// The kinds.
const (
	// PromiseAnswer is a person's answer in the conversation. There is at most one
	// open: Conversation.Promised is its due time.
	PromiseAnswer PromiseKind = "answer"
	PromiseOther  PromiseKind = "other" // what an agent promised in words
)

// PromiseState is what has become of a Promise.
type PromiseState string

// The states. Only an open promise changes.
const (
	PromiseOpen      PromiseState = "open"
	PromiseKept      PromiseState = "kept"      // in time
	PromiseMoved     PromiseState = "moved"     // to another time, to which the customer agreed
	PromiseBroken    PromiseState = "broken"    // the time passed, or was changed without the customer's consent
	PromiseWithdrawn PromiseState = "withdrawn" // it no longer applies: the customer's wish, or the end of the conversation
)

// PromiseAhead is how long before its due time a promise counts as due soon
// and rises in the queue: an hour, so that there is time to act on what needs
// somebody else. For one that was made for less it is a quarter of its time.
const PromiseAhead = time.Hour

// RisesAt is from when a promise is due soon.
func (p Promise) RisesAt() time.Time {
	return p.Due.Add(-min(PromiseAhead, p.Due.Sub(p.At)/4))
}

// Copy is the customer's own copy, as it is in the public log.
func (p Promise) Copy() Promise {
	return Promise{ID: p.ID, Number: p.Number, Conversation: p.Conversation, Kind: p.Kind, Text: p.Text, By: Sender{Kind: p.By.Kind, Name: p.By.Name},
		Due: p.Due, State: p.State, Before: p.Before, At: p.At, Signature: p.Signature}
}

// ActAt is when a Watch has to do something about it: raise it, tell that it is
// broken, or both. Zero: nothing more.
func (p Promise) ActAt() time.Time {
	switch {
	case p.State == PromiseOpen && p.RaisedAt.IsZero():
		return p.RisesAt()
	case p.State == PromiseOpen:
		return p.Due
	case p.State == PromiseBroken && p.ToldAt.IsZero():
		return p.SettledAt
	}
	return time.Time{}
}

// PromiseMove is what a Transition does to the ledger of its conversation, in
// the same transaction.
type PromiseMove struct {
	// ID is the promise, which is not settled; CodeNotFound, CodeStale.
	// With State broken it may be one that is broken and not told: then it is told.
	ID uuid.UUID
	// State is what becomes of it. PromiseOpen leaves it open: Owner and Raised apply.
	State  PromiseState
	Reason string
	By     Sender
	// Due is the time of the promise that takes its place; moved needs one, broken
	// may have one.
	Due    time.Time
	Owner  *uuid.UUID // the new owner, of what stands then; nil leaves it
	Raised bool       // it has risen in the queue
	Told   bool       // with State broken: one of the transition's entries tells it
}

// PromiseFound is a promise in what an agent writes, see package
// handoff/promise.
type PromiseFound struct {
	Text  string    `json:"text"`  // the words, without what stands around them
	Start int       `json:"start"` // where they stand in the text, in bytes
	End   int       `json:"end"`   // one past them
	Due   time.Time `json:"due"`
}

// PromiseChange is what becomes of a promise, as an agent says it.
type PromiseChange struct {
	State   PromiseState // kept, moved or withdrawn; open hands it to Owner
	Due     time.Time    // with moved
	Reason  string       // needed to withdraw it, and to move it without consent
	Consent bool         // with moved: the customer has agreed. Else it is broken, and told
	Owner   uuid.UUID    // with open; zero: the queue
}

// PromiseQuery asks for one page of the ledger: of a conversation or customer
// the newest first, else by due time, the earliest first, and settled ones by
// when they were settled, the last first.
type PromiseQuery struct {
	State        PromiseState // "" is open ones; with a conversation or customer, all
	Owner        *uuid.UUID   // if set, only this agent's; of the zero id: the queue's. Of open ones
	Conversation uuid.UUID    // if set, only its
	Customer     uuid.UUID    // if set, only those of the customer's conversations
	Limit        int          // 1 to 200; 0 means 50
	Cursor       string       // from the page before; "" for the first
}

// PromisePage is one page. Next is "" on the last page.
type PromisePage struct {
	Promises []Promise
	Next     string
}

// PromiseStats counts promises: those settled in a time, and those that are open now.
type PromiseStats struct {
	Kept      int `json:"kept"`
	Moved     int `json:"moved"`
	Broken    int `json:"broken"`
	Withdrawn int `json:"withdrawn"`
	Open      int `json:"open"`
	DueSoon   int `json:"due_soon"` // of the open ones, see RisesAt
}

// KeptShare is the share of promises that were kept, or moved with consent, of
// those that were to be kept; 1 where there were none.
func (s PromiseStats) KeptShare() float64 {
	all := s.Kept + s.Moved + s.Broken
	if all == 0 {
		return 1
	}
	return float64(s.Kept+s.Moved) / float64(all)
}
