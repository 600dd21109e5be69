package chat

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Setting is one revision of what the console sets under a name: for one inbox,
// or for the whole workspace. The newest revision counts; those before it stay.
type Setting struct {
	Inbox    uuid.UUID       `json:"inbox"` // zero: of the workspace
	Name     string          `json:"name"`
	Revision int64           `json:"revision"` // from 1, without gaps
	Value    json.RawMessage `json:"value"`    // kept byte for byte
	By       uuid.UUID       `json:"by"`       // zero: the operator at the command line
	At       time.Time       `json:"at"`
}

// Spend is what language models cost for one purpose: on a day, of an inbox,
// for a customer, in a conversation. Zero ids mean that there is none. Figures
// below 0 take back what was counted before.
type Spend struct {
	Day          time.Time `json:"day"` // UTC; any time of the day stands for its midnight
	Inbox        uuid.UUID `json:"inbox"`
	Customer     uuid.UUID `json:"customer"`
	Conversation uuid.UUID `json:"conversation"`
	Purpose      string    `json:"purpose"`
	Model        string    `json:"model"`
	Calls        int64     `json:"calls"`
	Prompt       int64     `json:"prompt"`     // tokens
	Completion   int64     `json:"completion"` // tokens
	Micros       int64     `json:"micros"`     // millionths of the configured currency
}

// SpendQuery selects what is summed. A zero field selects all.
type SpendQuery struct {
	Day                           time.Time // UTC; any time of the day
	Inbox, Customer, Conversation uuid.UUID
}

// Spent is a sum of Spends.
type Spent struct {
	Calls      int64 `json:"calls"`
	Prompt     int64 `json:"prompt"`
	Completion int64 `json:"completion"`
	Micros     int64 `json:"micros"`
}

// Tokens is all of them: those read and those written.
func (s Spent) Tokens() int64 { return s.Prompt + s.Completion }

// TurnRecord is what a turn of the bot rested on, so that it can be run again.
type TurnRecord struct {
	Turn         uuid.UUID       `json:"turn"`
	Conversation uuid.UUID       `json:"conversation"`
	At           time.Time       `json:"at"`   // when it was stored
	Body         json.RawMessage `json:"body"` // kept byte for byte
}

// Memory is what is remembered of a conversation beside its log, so that a
// long one need not be read anew.
type Memory struct {
	Conversation uuid.UUID       `json:"conversation"`
	Seq          int64           `json:"seq"` // the last entry of the public log in it
	Body         json.RawMessage `json:"body"`
	At           time.Time       `json:"at"` // when it was stored
}
