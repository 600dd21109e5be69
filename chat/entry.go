package chat

import (
	"time"

	"github.com/google/uuid"
)

// Party is a side of a conversation.
type Party string

// The parties.
const (
	PartyCustomer Party = "customer"
	PartyBot      Party = "bot"
	PartyAgent    Party = "agent"
	PartySystem   Party = "system"
)

// Sender is who made an entry. ID is a customer's or a user's id and absent
// for bot and system; Name is what the other side may see.
type Sender struct {
	Kind Party     `json:"kind"`
	ID   uuid.UUID `json:"id,omitzero"`
	Name string    `json:"name,omitempty"`
	// Photo is the id of an agent's photo, which GET /v1/photos/{id} shows; zero: none. It is not stored: who hands an
	// entry out says what she looks like now.
	Photo uuid.UUID `json:"photo,omitzero"`
}

// Log names one of a conversation's two logs. Each is numbered by itself,
// from 1 and without gaps.
type Log string

// The logs.
const (
	LogPublic Log = "public" // what customer and staff see
	LogStaff  Log = "staff"  // private notes; a customer never sees them
)

// Kind is what an entry is.
type Kind string

// The kinds of entry.
const (
	KindMessage Kind = "message" // words of customer, bot or agent
	KindOwner   Kind = "owner"   // the owner or status changed: Change is set
	KindNotice  Kind = "notice"  // the system's words to the customer: Notice is set
	KindContact Kind = "contact" // the customer left an address: Contact is set
	KindRating  Kind = "rating"  // the customer rated: Rating is set
	// KindFeedback is the customer's word on an answer: Feedback is set. KindTranscript is a wish to have the log by e-mail: Transcript is set.
	KindFeedback   Kind = "feedback"
	KindTranscript Kind = "transcript"
	KindCall       Kind = "call"    // a change in the shop was confirmed, declined or ended: Call is set
	KindPromise    Kind = "promise" // the customer's copy of a promise, or what became of it: Promise is set
	KindNote       Kind = "note"    // a private note, in LogStaff only
)

// Draft is an entry before it has a number. ClientID makes it idempotent: a
// second append of the same ClientID to the same conversation and log returns
// the first one's entry and stores nothing.
type Draft struct {
	ClientID uuid.UUID
	Log      Log // zero means LogPublic
	From     Sender
	Kind     Kind
	Text     string // plain text; for a bot's message, the answer without markup
	Body     Body
}

// Body is what an entry carries beside its text, by kind.
type Body struct {
	// Locale is the language of a customer's message, BCP 47, where its words tell it clearly; the conversation's follows it.
	Locale string  `json:"locale,omitempty"`
	Blocks []Block `json:"blocks,omitempty"` // rendered form of Text; absent means one paragraph of plain text
	Answer *Answer `json:"answer,omitempty"` // on every message of the bot
	// Sources are the articles that an agent's message rests on, as the suggested reply named them.
	Sources []Citation  `json:"sources,omitempty"`
	Card    *Card       `json:"card,omitempty"` // on a message of the bot that proposes a change
	Call    *CallChange `json:"call,omitempty"`
	Change  *Change     `json:"change,omitempty"`
	Notice  *Notice     `json:"notice,omitempty"`
	Contact *Contact    `json:"contact,omitempty"`
	Rating  *Rating     `json:"rating,omitempty"`
	// Feedback is on the log, and not on the answer that it is about, as entries never change.
	Feedback   *Feedback   `json:"feedback,omitempty"`
	Transcript *Transcript `json:"transcript,omitempty"`
	Files      []File      `json:"files,omitempty"` // on messages and notes
	// Mentions are the members of the staff whom a note names, each once.
	Mentions []uuid.UUID `json:"mentions,omitempty"`
	// Promise is the customer's copy, on the entry that gives it: a notice, or an entry of its own.
	Promise *Promise `json:"promise,omitempty"`
	// Deed is on a note that says what an agent did: the console words it, and Text has it in English.
	Deed *Deed `json:"deed,omitempty"`
}

// Deed is what an agent did to a conversation, beyond what a Change tells.
type Deed struct {
	Kind  DeedKind  `json:"kind"`
	Team  string    `json:"team,omitempty"`  // to which it was passed on; "": everybody's queue
	Until time.Time `json:"until,omitzero"`  // until when it is put off
	Words string    `json:"words,omitempty"` // the agent's own
}

// DeedKind says what was done.
type DeedKind string

// The kinds of Deed.
const (
	DeedDeclined DeedKind = "declined" // an offer was let go by
	DeedPassed   DeedKind = "passed"   // it was passed on to a queue
	DeedSnoozed  DeedKind = "snoozed"
)

// MaxFiles is how many files one message may hold.
const MaxFiles = 10

// File is an attachment. Its bytes are fetched by its id.
type File struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	Type   string    `json:"type"` // sniffed media type
	Size   int64     `json:"size"`
	Width  int       `json:"width,omitempty"` // of a picture, in pixels
	Height int       `json:"height,omitempty"`
}

// Entry is one line of a conversation's log. It never changes once stored.
type Entry struct {
	Conversation uuid.UUID `json:"conversation"`
	Log          Log       `json:"log"`
	Seq          int64     `json:"seq"`
	ClientID     uuid.UUID `json:"client_id"`
	At           time.Time `json:"at"` // when it was stored, UTC, microseconds
	From         Sender    `json:"from"`
	Kind         Kind      `json:"kind"`
	Text         string    `json:"text,omitempty"`
	Body
}

// Opener reports whether an entry holds what the widget said by itself before
// the customer wrote, which the customer's first message answers.
func (e Entry) Opener() bool {
	return e.Kind == KindNotice && e.Notice != nil && e.Notice.Kind == NoticeOpener
}

// Change records a move of owner or status.
type Change struct {
	From   Owner     `json:"from"`
	To     Owner     `json:"to"`
	Status Status    `json:"status"`
	Epoch  int64     `json:"epoch"` // the new one
	Reason Reason    `json:"reason,omitempty"`
	Agent  uuid.UUID `json:"agent,omitzero"` // the new owner when To is agent
	Name   string    `json:"name,omitempty"` // the agent's name as the customer sees it
	Photo  uuid.UUID `json:"photo,omitzero"` // hers, as in Sender
}

// Notice is what the system tells a customer. Whoever reads it in another language than the entry's Text words it anew:
// all that it says is here.
type Notice struct {
	Kind     NoticeKind `json:"kind"`
	Place    int        `json:"place,omitempty"`       // place in the queue when it was written, from 1
	MinWait  int        `json:"min_minutes,omitempty"` // usual wait, as a range in minutes; 0, 0 when unknown
	MaxWait  int        `json:"max_minutes,omitempty"`
	Promised time.Time  `json:"promised,omitzero"`   // when somebody answers, if nobody is online
	AskEmail bool       `json:"ask_email,omitempty"` // show the e-mail form
	Email    string     `json:"email,omitempty"`     // where the answer goes, once it is known; the address that was confirmed
	Until    time.Time  `json:"until,omitzero"`      // until when the confirmation counts
	Seq      int64      `json:"seq,omitempty"`       // the last entry that went by e-mail
	Opens    time.Time  `json:"opens_at,omitzero"`   // when people are there next, if they are not
	// Was is the promised time that has passed, will not be kept, or was replaced as agreed; What is what was promised for
	// it, "" for an answer; Words are an agent's own about it, and Agent has it from now on.
	Was   time.Time `json:"was,omitzero"`
	What  string    `json:"what,omitempty"`
	Words string    `json:"words,omitempty"`
	Agent string    `json:"agent,omitempty"`
}

// NoticeKind says what a Notice is about.
type NoticeKind string

// The kinds of Notice.
const (
	NoticeQueued  NoticeKind = "queued"  // a person takes over, from the queue
	NoticeOffline NoticeKind = "offline" // nobody is online; there is a promised time
	NoticePromise NoticeKind = "promise" // an address was left; the promised time is confirmed
	// NoticeVerify asks the customer to show who they are, NoticeVerified says that it was shown.
	NoticeVerify   NoticeKind = "verify"
	NoticeVerified NoticeKind = "verified"
	NoticeMailed   NoticeKind = "mailed"  // what was answered went by e-mail
	NoticeOverdue  NoticeKind = "overdue" // a promised time has passed; there is a new one
	// NoticeTranscript says that the log went by e-mail, NoticeUndelivered that it could not. Seq is the wish's entry.
	NoticeTranscript  NoticeKind = "transcript"
	NoticeUndelivered NoticeKind = "undelivered"
	// NoticeOpener is what the widget said by itself before the customer wrote: the words of a ProactiveRule.
	NoticeOpener NoticeKind = "opener"
)

// Contact is how the customer can be reached when the chat is left.
type Contact struct {
	Email string `json:"email"`
	Name  string `json:"name,omitempty"` // what the customer wants to be called
}

// Fence makes a bot's message conditional. AppendIf stores it only if, in the
// same transaction, the conversation is open, its owner is the bot, its epoch
// is Epoch, the customer's last message is CustomerSeq and is not answered
// yet, and every version in Versions is still the published version of its
// article. Otherwise it fails with CodeStale and stores nothing.
type Fence struct {
	Epoch       int64
	CustomerSeq int64
	Versions    []uuid.UUID
}

// Act is what a member of the staff does to a conversation as she saw it.
type Act struct {
	By    User
	Epoch int64  // the one that she saw
	Seen  int64  // the customer's last message that she saw; 0: any
	Note  string // for the staff's log; "" for none
}

// Offer gives a waiting conversation to an agent, for her to take until Until.
// The zero Agent withdraws the one that there is. Instead is whom it was offered
// to, as the caller saw it (zero: nobody): with another the transition fails with
// CodeStale, so that of two that offer at once one succeeds. She has let it go by,
// see Conversation.Passed.
type Offer struct {
	Agent   uuid.UUID
	Until   time.Time
	Instead uuid.UUID
}

// Transition moves a conversation to another owner or status, in one
// transaction with the entries that record it: it fails with CodeStale if the
// epoch is no longer Epoch. The store writes a KindOwner entry first (but for Before), then
// Entries in order, all with ids of their own; it raises the epoch, and, when
// Handoff is set, stores it. One that changes neither owner, agent nor status
// leaves the epoch, and there is no KindOwner entry.
type Transition struct {
	// ID is the client id of the KindOwner entry; zero: a new one. CodeConflict: it
	// is in the log, so this was done before, whatever has been done since.
	ID     uuid.UUID
	Epoch  int64 // the epoch that the caller saw
	To     Owner
	Status Status
	Agent  uuid.UUID // with To agent
	Name   string    // the agent's name as the customer sees it
	// Priority raises the conversation's; a lower one leaves it. A move to the bot, or the end, drops it.
	Priority Priority
	Cause    Cause  // why, kept with a priority that is raised
	By       Sender // who made it happen
	Reason   Reason
	Entries  []Draft
	// Before is how many of Entries are stored before the owner's entry: the
	// last words of the one who hands over.
	Before   int
	Handoff  *Handoff
	Promised time.Time // new promised time; zero leaves the old one, see ClearPromise
	// ClearPromise drops promised time and e-mail: somebody has answered, or it is over.
	ClearPromise bool
	// Answered marks the customer's last message as dealt with.
	Answered bool
	// Seen is the customer's last message that the mover has seen: with a later one
	// it fails with CodeStale. 0: it does not matter.
	Seen int64
	// Team is whose it is from now on, uuid.Nil everybody's; nil leaves it. A move
	// to the bot and one that opens what was closed drop it.
	Team *uuid.UUID
	// Offer makes or withdraws an offer of what waits. Whatever moves withdraws it.
	Offer *Offer
	// Snooze puts off what an agent has, or ends that with the zero time; nil
	// leaves it. Whatever moves ends it.
	Snooze  *time.Time
	Outcome Outcome // with StatusClosed
	// Record makes a promise of kind other, with its text, due time, owner and By;
	// an entry whose Promise has its id becomes the customer's copy. CodeConflict:
	// its id is in the ledger. Promises is what becomes of others.
	// What changes Promised does the same to the ledger by itself.
	Record   *Promise
	Promises []PromiseMove
}
