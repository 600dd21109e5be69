package protocol

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// ModelStatus is the body of GET /api/v1/models: which language models there
// are, and how far today's budgets are used up.
type ModelStatus struct {
	Connected bool            `json:"connected"` // false: answers come from the articles alone, and nothing below is set
	Currency  string          `json:"currency"`  // of all micros, as "EUR"; "" when no prices are known
	Endpoints []ModelEndpoint `json:"endpoints"` // in the order in which they are asked
	// Workspace stands for all inboxes together; its Inbox is zero.
	Workspace chat.Standing   `json:"workspace"`
	Inboxes   []InboxStanding `json:"inboxes"`
	ResetsAt  time.Time       `json:"resets_at"` // when today's budgets begin anew
}

// ModelEndpoint is a place that answers for a language model.
type ModelEndpoint struct {
	Name  string     `json:"name"`
	Model string     `json:"model"`
	Up    bool       `json:"up"`              // it is asked; otherwise it is left alone after faults
	Fault string     `json:"fault,omitempty"` // its last one, "" if there was none: an llm.Fault
	At    *time.Time `json:"at,omitempty"`    // when
}

// InboxStanding is how an inbox's budget stands today.
type InboxStanding struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	chat.Standing
}

// SpendList is the body of GET /api/v1/spending: the newest day first. Customer
// and conversation are zero.
type SpendList struct {
	Data []chat.Spend `json:"data"`
}

// BudgetView is the body of GET /api/v1/budget.
type BudgetView struct {
	Revision int64       `json:"revision"` // 0: it was never set
	Set      bool        `json:"set"`      // false: of the workspace the default holds, of an inbox the workspace's
	Budget   chat.Budget `json:"budget"`   // what holds
}

// BudgetRequest is the body of PUT /api/v1/budget. The answer is a BudgetView.
type BudgetRequest struct {
	Inbox    uuid.UUID    `json:"inbox,omitzero"`   // zero: of the workspace
	Revision int64        `json:"revision"`         // the one that was read
	Budget   *chat.Budget `json:"budget,omitempty"` // left out: it is taken back
}

// ConversationSpend is the body of GET /api/v1/conversations/{id}/spending.
type ConversationSpend struct {
	Currency string         `json:"currency"`
	Spent    chat.Spent     `json:"spent"` // in this conversation, ever
	Today    chat.Spent     `json:"today"` // for this customer, today
	Bound    chat.Allowance `json:"bound"` // of a customer a day
	UsedUp   bool           `json:"used_up"`
}
