package protocol

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// PromiseText is the body of POST …/promises/detect.
type PromiseText struct {
	Text string `json:"text" doc:"What the agent writes" maxLength:"16384"`
}

// PromisesFound are the promises in it, in order.
type PromisesFound struct {
	Data []chat.PromiseFound `json:"data"`
}

// PromiseRequest records an agent's promise: POST …/promises.
type PromiseRequest struct {
	ClientID uuid.UUID `json:"client_id" doc:"Made by the client; a repeat gives the first one"`
	Text     string    `json:"text" doc:"What is promised, in one line" maxLength:"200"`
	Due      time.Time `json:"due"`
}

// PromiseChangeRequest says what becomes of a promise: PATCH /promises/{id}.
type PromiseChangeRequest struct {
	State   chat.PromiseState `json:"state" enum:"kept,moved,withdrawn,open" doc:"open: it is handed to owner"`
	Due     time.Time         `json:"due,omitzero" doc:"With moved: the new time"`
	Reason  string            `json:"reason,omitempty" doc:"Needed with withdrawn, and with moved without consent" maxLength:"500"`
	Consent bool              `json:"consent,omitempty" doc:"With moved: the customer agreed. Otherwise the promise is broken, and the customer is told"`
	Owner   uuid.UUID         `json:"owner,omitzero" doc:"With open: who sees to it; none for the queue"`
}

// PromiseRow is a promise as the console shows it.
type PromiseRow struct {
	chat.Promise
	Soon      bool   `json:"soon"`                 // due soon, or overdue
	Name      string `json:"customer_name"`        // as lists show it
	Subject   string `json:"subject"`              // of the conversation
	OwnerName string `json:"owner_name,omitempty"` // "" for the queue
}

// PromiseList is one page of the ledger, with its figures.
type PromiseList struct {
	Data       []PromiseRow      `json:"data"`
	NextCursor string            `json:"next_cursor"` // "" on the last page
	Stats      chat.PromiseStats `json:"stats"`       // of the last 30 days, and now
}

// ReceiptKey is the key to check receipts with: GET /v1/promises/key.
type ReceiptKey struct {
	Algorithm string `json:"algorithm"` // "Ed25519"
	Key       []byte `json:"key"`
	PEM       string `json:"pem"` // the same, for openssl
}

// Receipt says how a promise stands: GET /v1/promises/{number}.
type Receipt struct {
	Valid   bool         `json:"valid"`   // the signature is ours
	Promise chat.Promise `json:"promise"` // the customer's copy, as it stands now
	Signed  string       `json:"signed"`  // the bytes that are signed
	// Next is the number of the promise that stands in its place.
	Next string `json:"next,omitempty"`
}
