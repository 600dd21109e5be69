package chat

import (
	"time"

	"github.com/google/uuid"
)

// Mention is that a note names a member of the staff.
type Mention struct {
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"` // of the note, in the staff's log
	At           time.Time `json:"at"`
	SeenAt       time.Time `json:"seen_at,omitzero"` // when she looked at it; zero: not yet
	From         Sender    `json:"from"`             // who wrote the note
	Text         string    `json:"text"`             // the note
}

// Gap is a question that the articles did not answer, as an agent recorded it.
type Gap struct {
	ID           uuid.UUID `json:"id"`
	Conversation uuid.UUID `json:"conversation"`
	Question     string    `json:"question"`
	Locale       string    `json:"locale,omitempty"` // of the conversation
	State        GapState  `json:"state"`
	By           uuid.UUID `json:"by,omitzero"`      // who recorded it
	Article      uuid.UUID `json:"article,omitzero"` // which was written for it
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// GapState says whether a gap still asks for something.
type GapState string

// The states.
const (
	GapOpen      GapState = "open"
	GapDone      GapState = "done"      // there is an article now
	GapDismissed GapState = "dismissed" // none is wanted
)

// Known reports whether s is one of the states.
func (s GapState) Known() bool { return s == GapOpen || s == GapDone || s == GapDismissed }

// MaxGapQuestion is how many bytes of a question are recorded.
const MaxGapQuestion = 500

// GapQuery asks for one page of a list of gaps.
type GapQuery struct {
	State  GapState // "" for all
	Limit  int      // 1 to 200; 0 means 50
	Cursor string   // from the page before; "" for the first
}

// GapPage is one page, newest first. Total counts all pages; Next is "" on the last.
type GapPage struct {
	Gaps  []Gap
	Next  string
	Total int
}
