package trust

import (
	"time"

	"github.com/google/uuid"
)

// Kind is what a verdict rests on.
type Kind string

// The kinds of verdict. The first three are an agent's on what the bot would
// have said, the others come from conversations that the bot answered.
const (
	KindAccepted Kind = "accepted" // the agent sent it unchanged
	KindEdited   Kind = "edited"   // the agent sent it changed
	KindRejected Kind = "rejected" // the agent wrote something else
	KindRated    Kind = "rated"    // the customer rated
	KindHandoff  Kind = "handoff"  // the customer wanted a person right after it, or asked again
	KindReopened Kind = "reopened" // the customer came back after the end
	KindQuiet    Kind = "quiet"    // the customer said no more, or went on to something else
)

// Verdict is one judgement of one answer, given or suggested. An answer has at
// most one: the first counts.
type Verdict struct {
	ID           uuid.UUID `json:"-"` // made from conversation and Seq: the same verdict found again has the same
	Number       int64     `json:"-"` // order in the workspace, set by the store
	Article      uuid.UUID `json:"article"`
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"` // of the answer, or of the handoff with the suggestion
	At           time.Time `json:"at"`  // of what the verdict rests on
	Kind         Kind      `json:"kind"`
	Right        bool      `json:"right"`
	Confidence   float64   `json:"confidence"`
	// Answered: the bot had answered, or would have if the topic were live.
	// Without it the confidence was too low, and the verdict is for tuning only.
	Answered bool `json:"answered"`
	// Correct is the article that the agent's reply rests on instead; zero if
	// there is none.
	Correct uuid.UUID `json:"correct,omitzero"`
}

// VerdictQuery selects verdicts, in order of Number.
type VerdictQuery struct {
	Article uuid.UUID // zero: of all articles
	After   int64     // numbers above it
	Limit   int       // 0 means 500
}
