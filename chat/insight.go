package chat

import (
	"time"

	"github.com/google/uuid"
)

// FactKind says what happened to a conversation, as a supervisor counts it.
type FactKind string

// The kinds of facts. The store notes them with what happened.
const (
	FactBegun    FactKind = "begun"    // a conversation began; Name: who has served it by now
	FactHanded   FactKind = "handed"   // the bot brought in people; Name: the Reason
	FactClaimed  FactKind = "claimed"  // an agent took it from the queue
	FactReplied  FactKind = "replied"  // a person's first words since it was handed over, or reopened
	FactClosed   FactKind = "closed"   // Name: the Outcome
	FactReopened FactKind = "reopened" // after it was closed
	FactRated    FactKind = "rated"    // the last csat rating of a conversation; Name: who served it
	FactCES      FactKind = "ces"      // the last rating of that kind
	FactNPS      FactKind = "nps"
)

// Who has served a conversation, as the Name of a fact says it.
const (
	ServedBot    = "bot"    // the bot has answered, and no person was brought in
	ServedPerson = "person" // people were brought in, or came by themselves
)

// FactQuery is a time and place to look at.
type FactQuery struct {
	Since, Until time.Time // from Since on, before Until
	Inbox        uuid.UUID // zero: all
}

// TallyStep is how fine facts are counted: every time zone begins its days at
// a multiple of it.
const TallyStep = 15 * time.Minute

// Tally is how many facts of one kind there were within a TallyStep.
type Tally struct {
	At    time.Time // when the step begins
	Kind  FactKind  // all but FactClaimed and FactReplied, which are Delays
	Name  string
	Agent uuid.UUID // who closed it, or had it last when it was rated; zero: nobody
	Score int       // of FactRated, FactCES and FactNPS
	N     int
}

// Delay is something that took its time: FactClaimed and FactReplied.
type Delay struct {
	At    time.Time // when it was over
	Kind  FactKind
	Agent uuid.UUID
	Took  time.Duration
}

// Waiting is what waits in the queue with one priority.
type Waiting struct {
	Priority Priority
	N        int
	Since    time.Time // when the longest of these waits began
}

// Load is how many open conversations an agent has, without those put off.
type Load struct {
	Agent uuid.UUID
	N     int
}
