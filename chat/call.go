package chat

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Call is one use of an action of the shop: a look-up that the bot made for a
// turn, or a change that the bot proposed and the customer confirmed or did not.
// It is the record of who did what, with what, and how it went; what the shop
// gave is not kept, but for what a message says of it.
type Call struct {
	ID           uuid.UUID       `json:"id"`
	Conversation uuid.UUID       `json:"conversation"`
	Inbox        uuid.UUID       `json:"inbox"`
	Customer     uuid.UUID       `json:"customer"`
	Turn         uuid.UUID       `json:"turn"`   // for which the bot chose it
	Epoch        int64           `json:"epoch"`  // of the conversation then: at another it can no longer be confirmed
	Action       string          `json:"action"` // the action's name
	Title        string          `json:"title"`  // what people call it
	Write        bool            `json:"write"`  // it changes something, and needs the customer's confirmation
	Args         json.RawMessage `json:"args"`   // a JSON object, checked
	Rows         []Field         `json:"rows"`   // the same as people read it
	// Digest is the SHA-256 of action and Args, in hex: what was confirmed is what runs.
	Digest string    `json:"digest"`
	Key    string    `json:"key"`    // the shop's idempotency key
	Chosen string    `json:"chosen"` // ChosenByRules or ChosenByModel
	State  CallState `json:"state"`
	Until  time.Time `json:"until,omitzero"` // proposed: when it expires; running: when it counts as lost
	Code   int       `json:"code"`           // HTTP status of the shop's answer, 0 if there was none
	Error  string    `json:"error"`          // what went wrong, for staff; "" if nothing did
	TookMS int64     `json:"took_ms"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Who chose an action and its arguments. Both are checked the same way.
const (
	ChosenByRules = "rules" // trigger phrases and the forms of the parameters
	ChosenByModel = "model" // a language model's tool call
)

// CallState is how far a Call has come.
type CallState string

// The states. A look-up begins as running, a change as proposed:
// proposed → confirmed | declined | expired; confirmed → running | expired;
// running → done | failed | unknown.
const (
	CallProposed  CallState = "proposed"
	CallConfirmed CallState = "confirmed"
	CallDeclined  CallState = "declined"
	CallExpired   CallState = "expired" // nobody confirmed it in time, or something else came between
	CallRunning   CallState = "running"
	CallDone      CallState = "done"
	CallFailed    CallState = "failed"  // the shop refused it: nothing was changed
	CallUnknown   CallState = "unknown" // it may or may not have happened: a person must look
)

// CallMove moves a Call from one state to another, in one transaction with the
// entries that say so. It fails with CodeStale, and changes nothing, if the call
// is in another state.
type CallMove struct {
	Call     uuid.UUID
	From, To CallState
	// Fenced moves it only while the conversation is open, the bot's, and at the
	// call's epoch: CodeStale otherwise.
	Fenced bool
	Until  time.Time // of the new state; zero for none
	Code   int       // Code, Error and Took are set when To ends the call
	Error  string
	Took   time.Duration
	// Entries are stored in order, as Append says. The bot's are left out when the
	// conversation is no longer open and the bot's.
	Entries []Draft
}

// CallQuery selects calls, newest first.
type CallQuery struct {
	Conversation uuid.UUID   // zero: of any
	States       []CallState // none: any
	Before       uuid.UUID   // only calls with lower ids: the last of the page before
	Limit        int         // 1 to 200; 0 means 50
}

// Field is a value with its label, ready to be shown. All three are plain text.
type Field struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Used says which action of the shop a bot's message is about.
type Used struct {
	Action string    `json:"action"`
	Title  string    `json:"title"`
	Call   uuid.UUID `json:"call,omitzero"`  // zero while an argument is missing
	Args   []Field   `json:"args,omitempty"` // with what
	// Fields are what the shop gave and the message says: the source of the
	// statements that cite no article.
	Fields []Field `json:"fields,omitempty"`
	// Missing is the parameter that the message asks for, or MissingIdentity; "" if it asks for none.
	Missing string `json:"missing,omitempty"`
}

// MissingIdentity stands for a customer of whom it is not known for certain who
// it is. No parameter is called so: it has blanks.
const MissingIdentity = "who it is"

// Card asks the customer to confirm a change: what will happen, and with what.
type Card struct {
	Call    uuid.UUID `json:"call"`
	Title   string    `json:"title"`
	Rows    []Field   `json:"rows"`
	Expires time.Time `json:"expires"`
}

// CallChange records that a change was confirmed, declined, or how it ended.
type CallChange struct {
	Call   uuid.UUID `json:"call"`
	Action string    `json:"action"`
	Title  string    `json:"title"`
	State  CallState `json:"state"`
}
