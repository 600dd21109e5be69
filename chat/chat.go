// Package chat holds the words that every other package speaks: who talks
// (Sender), what was said (Entry), whose turn it is (Owner, Epoch), and what
// an answer rests on (Answer, Citation). It is a leaf: it imports the standard
// library and google/uuid only, holds no behaviour that needs a store or a
// network, and its JSON form is the wire form.
//
// Values are plain data and safe to copy; slices and pointers inside them are
// shared, so treat a value that came from another package as read-only.
package chat

import (
	"time"

	"github.com/google/uuid"
)

// Owner says who answers a conversation next. Every change of owner raises
// the conversation's epoch by one.
type Owner string

// The owners.
const (
	OwnerBot   Owner = "bot"   // the bot answers
	OwnerQueue Owner = "queue" // it waits for an agent; the bot is silent
	OwnerAgent Owner = "agent" // an agent has it; the bot is silent
)

// Status says whether a conversation still goes on.
type Status string

// The statuses. A customer's message to a closed conversation reopens it.
const (
	StatusOpen   Status = "open"
	StatusClosed Status = "closed"
)

// Conversation is the state of one conversation, as far as it is not in its
// log. Its id is a UUID v7 made by the client, so that a first message can be
// sent again without making a second conversation.
type Conversation struct {
	ID        uuid.UUID `json:"id"`
	Workspace uuid.UUID `json:"-"`
	Inbox     uuid.UUID `json:"inbox"`
	Customer  uuid.UUID `json:"customer"`

	Owner  Owner     `json:"owner"`
	Agent  uuid.UUID `json:"agent,omitzero"` // set while Owner is agent
	Epoch  int64     `json:"epoch"`          // 1 at first, +1 at each change of owner or status
	Status Status    `json:"status"`

	// LastSeq and StaffSeq are the last numbers of the public and of the
	// staff-only log. CustomerSeq is that of the customer's last message;
	// AnsweredSeq is the last customer message that somebody has dealt with:
	// the bot by an answer, an agent by a reply, a handoff by its notice.
	LastSeq     int64 `json:"last_seq"`
	StaffSeq    int64 `json:"staff_seq"`
	CustomerSeq int64 `json:"customer_seq"`
	AnsweredSeq int64 `json:"answered_seq"`

	Subject  string    `json:"subject"` // the customer's first words, at most 200 bytes
	LastText string    `json:"last_text"`
	LastFrom Party     `json:"last_from,omitempty"`
	Locale   string    `json:"locale"`           // the customer's language, BCP 47: of their newest clear words, before those their browser's; "" when unknown
	Page     Page      `json:"page,omitzero"`    // where the customer was when it began
	Device   string    `json:"device,omitempty"` // what the customer's browser said that it is, then: "Safari on iPhone"
	Reason   Reason    `json:"reason"`           // why it was last handed over, "" if never
	Rating   int       `json:"rating"`           // 1 to 5, 0 when not rated
	Email    string    `json:"email"`            // where an answer is promised, "" if none
	Promised time.Time `json:"promised,omitzero"`
	Waiting  time.Time `json:"waiting_since,omitzero"` // set while Owner is queue
	Priority Priority  `json:"priority,omitempty"`     // since it was handed over; normal with the bot
	Cause    Cause     `json:"priority_why,omitzero"`  // of a priority above normal
	Tags     []string  `json:"tags,omitempty"`         // names, in their order

	// Team is whose conversation it is while it waits and while agents have it;
	// zero: everybody's. LastAgent is who has it or had it last.
	Team      uuid.UUID `json:"team,omitzero"`
	LastAgent uuid.UUID `json:"last_agent,omitzero"`
	// Offered is the agent to whom it is offered while it waits, until
	// OfferedUntil; an offer that has lapsed stands here until another takes its
	// place. Passed are those who let an offer go by since it waits, each once.
	Offered      uuid.UUID   `json:"offered,omitzero"`
	OfferedUntil time.Time   `json:"offered_until,omitzero"`
	Passed       []uuid.UUID `json:"passed,omitempty"`
	// Snoozed is until when its agent put it off; the customer's next message
	// ends that, and so does every move. Zero: it is not put off.
	Snoozed time.Time `json:"snoozed_until,omitzero"`
	Outcome Outcome   `json:"outcome,omitempty"` // how it ended, as the agent who closed it says

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// QueuedAt is the time by which a waiting conversation is ordered in the
// queue: since when it waits, less its priority's head start. Zero: it does
// not wait.
func (c Conversation) QueuedAt() time.Time {
	if c.Waiting.IsZero() {
		return c.Waiting
	}
	return c.Waiting.Add(-c.Priority.HeadStart())
}

// Priority says how soon a conversation that waits is taken.
type Priority string

// The priorities.
const (
	PriorityNormal Priority = ""
	PriorityHigh   Priority = "high"   // a customer who may be lost, a plan that promises it
	PriorityUrgent Priority = "urgent" // distress or danger: before all others
)

// Cause says why a conversation has its priority: a code and what goes with it,
// for the console to word.
type Cause struct {
	Code  CauseCode `json:"code"`
	Name  string    `json:"name,omitempty"`
	Value string    `json:"value,omitempty"`
}

// CauseCode is what kind of Cause it is.
type CauseCode string

// The codes.
const (
	CauseReason    CauseCode = "reason"    // Value is the Reason of the move
	CauseAttribute CauseCode = "attribute" // a rule on the customer's attribute Name, which is Value
	CauseRule      CauseCode = "rule"      // another rule: Name is its field
	CauseAtRisk    CauseCode = "at_risk"   // the customer's last rating was poor
)

// Known reports whether p is one of the priorities.
func (p Priority) Known() bool {
	return p == PriorityNormal || p == PriorityHigh || p == PriorityUrgent
}

// HeadStart is how much longer a conversation of this priority counts as
// having waited. A head start, unlike a rank, lets nobody wait for ever: after
// a quarter of an hour a normal conversation comes before a new one of high
// priority. That of the urgent ones is longer than anybody waits.
func (p Priority) HeadStart() time.Duration {
	switch p {
	case PriorityHigh:
		return 15 * time.Minute
	case PriorityUrgent:
		return 10 * 365 * 24 * time.Hour
	case PriorityNormal:
	}
	return 0
}

// OfferStands reports whether an agent may still take what is offered at now.
func (c Conversation) OfferStands(now time.Time) bool {
	return c.Offered != uuid.Nil && c.OfferedUntil.After(now)
}

// Outcome says how a conversation ended.
type Outcome string

// The outcomes.
const (
	OutcomeNone      Outcome = "" // it is open, or nobody said
	OutcomeSolved    Outcome = "solved"
	OutcomeNoReply   Outcome = "no_reply" // the customer did not come back
	OutcomeDuplicate Outcome = "duplicate"
	OutcomeSpam      Outcome = "spam"
	OutcomeOther     Outcome = "other"
)

// Known reports whether o is one of the outcomes.
func (o Outcome) Known() bool {
	switch o {
	case OutcomeNone, OutcomeSolved, OutcomeNoReply, OutcomeDuplicate, OutcomeSpam, OutcomeOther:
		return true
	}
	return false
}

// Page is where a customer was on the website.
type Page struct {
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// Unanswered reports whether the customer's last word has no answer yet.
func (c Conversation) Unanswered() bool { return c.CustomerSeq > c.AnsweredSeq }

// Head is what a follower of a conversation compares with what it has seen.
type Head struct {
	Conversation uuid.UUID
	Customer     uuid.UUID // whose it is now
	LastSeq      int64
	StaffSeq     int64
	Epoch        int64
}

// Ref names a conversation in its workspace.
type Ref struct {
	Workspace, Conversation uuid.UUID
}

// View selects a list of conversations for the console.
type View string

// The views. Queue is ordered by waiting time and priority (QueuedAt), longest
// first; snoozed by Snoozed, soonest first; the others by last change, newest
// first. What is snoozed is in snoozed, team and all only.
const (
	ViewQueue   View = "queue"
	ViewMine    View = "mine"    // what the agent has
	ViewTeam    View = "team"    // what waits for a team of the agent, or a team's member has
	ViewSnoozed View = "snoozed" // what the agent put off; of everybody without one
	ViewAll     View = "all"
	ViewClosed  View = "closed"
)

// Counts is how many conversations of the views there are.
type Counts struct {
	Queue   int `json:"queue"`
	Mine    int `json:"mine"`    // without those that are snoozed
	Team    int `json:"team"`    // of the agent's teams
	Snoozed int `json:"snoozed"` // by the agent
}

// ConversationQuery asks for one page of a View.
type ConversationQuery struct {
	View     View
	Agent    uuid.UUID // whose, for ViewMine, ViewTeam and ViewSnoozed
	Customer uuid.UUID // if set, only this customer's; with ViewAll it includes closed ones
	Filter   Filter
	Sort     Sort
	Limit    int    // 1 to 200; 0 means 50
	Cursor   string // from the page before; "" for the first
}

// ConversationPage is one page, in its order, which ends on the id and so is
// total. Next is "" on the last page. Places are where its conversations stand in
// the order: each is the cursor of what comes after it, and compared as texts
// they rise or fall with the list.
type ConversationPage struct {
	Conversations []Conversation
	Places        []string
	Next          string
}

// Signal tells other parts of the system, on this node and on others, that
// something changed. It carries no truth: a receiver reads the log, and a lost
// Signal costs time, never a message.
type Signal struct {
	Kind         SignalKind `json:"kind"`
	Workspace    uuid.UUID  `json:"workspace"`
	Conversation uuid.UUID  `json:"conversation,omitzero"`
	Seq          int64      `json:"seq,omitempty"`
	Data         []byte     `json:"data,omitempty"` // ephemeral payload (typing, draft), nothing that must arrive
}

// SignalKind says what changed.
type SignalKind string

// The kinds of Signal.
const (
	SignalEntry     SignalKind = "entry"     // a conversation's log or owner moved on; Seq is its LastSeq
	SignalKnowledge SignalKind = "knowledge" // articles or vectors changed; Seq is the knowledge version
	SignalPresence  SignalKind = "presence"  // an agent came or went
	SignalTyping    SignalKind = "typing"    // Data is a protocol frame
	SignalDraft     SignalKind = "draft"     // Data is a protocol frame
	SignalWatch     SignalKind = "watch"     // an agent looks at a conversation, or writes; Data is the gateway's
	SignalMention   SignalKind = "mention"   // a note names members of the staff; Data is the gateway's
)
