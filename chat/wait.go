package chat

import (
	"time"

	"github.com/google/uuid"
)

// Told is what somebody who begins to wait is told: the place in the queue,
// and a range of minutes. The zero value: nothing. A range of 0 to 0: it was
// not known.
type Told struct {
	Place   int `json:"place"` // from 1
	MinWait int `json:"min_minutes"`
	MaxWait int `json:"max_minutes"`
}

// Estimated reports whether a range was told.
func (t Told) Estimated() bool { return t.MaxWait > 0 }

// Holds reports whether a wait fell into the range: in whole minutes, of which
// one that has begun counts.
func (t Told) Holds(waited time.Duration) bool {
	m := Minutes(waited)
	return t.Estimated() && t.MinWait <= m && m <= t.MaxWait
}

// Minutes is a wait as people are told it: minutes that have begun, at least one.
func Minutes(waited time.Duration) int {
	return max(1, int((waited+time.Minute-1)/time.Minute))
}

// Wait is how long a conversation waited until an agent took it, beside what
// its customer was told.
type Wait struct {
	Conversation uuid.UUID     `json:"conversation"`
	At           time.Time     `json:"at"` // when it was taken; zero: before that was noted
	Waited       time.Duration `json:"waited"`
	Told
}

// Began is when the wait began, zero if that is not known.
func (w Wait) Began() time.Time {
	if w.At.IsZero() {
		return w.At
	}
	return w.At.Add(-w.Waited)
}
