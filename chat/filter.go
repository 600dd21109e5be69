package chat

import (
	"time"

	"github.com/google/uuid"
)

// Filter narrows a list of conversations. The zero value leaves everything;
// of several conditions all hold.
type Filter struct {
	Inbox      uuid.UUID
	Agent      uuid.UUID // who has it
	Team       uuid.UUID // whose it is
	Tag        uuid.UUID
	Priority   *Priority
	Reason     Reason
	Language   string      // "de" is also "de-AT"
	Unanswered bool        // it is open, and the customer's last word waits
	WaitsSince time.Time   // unanswered since then or longer
	From       time.Time   // last changed then or later,
	Until      time.Time   // and before then
	IDs        []uuid.UUID // if not nil, only these
}

// Sort is the order of a list of conversations; "" is the view's own.
type Sort string

// The orders.
const (
	SortNewest   Sort = "newest"   // last changed first
	SortOldest   Sort = "oldest"   // last changed last
	SortWaiting  Sort = "waiting"  // only what waits for an answer, the longest first
	SortPriority Sort = "priority" // urgent ones, high ones, others, each last changed first
)
