package handoff

import (
	"github.com/google/uuid"

	"frontdesk/chat"
)

// EventKind is what happened to a conversation that figures count.
type EventKind string

// The kinds of Event.
const (
	EventHandedOver    EventKind = "handed_over"    // from the bot to people, for the event's Reason
	EventPromiseKept   EventKind = "promise_kept"   // a person answered by the promised time
	EventPromiseBroken EventKind = "promise_broken" // the time passed; the customer was told
	EventTakenBack     EventKind = "taken_back"     // from an agent who is gone, to the queue
	EventOffered       EventKind = "offered"        // to an agent, by routing
	EventOfferLapsed   EventKind = "offer_lapsed"   // or was declined, and went to another
	EventAssigned      EventKind = "assigned"       // to an agent, by routing
	// A wait has ended, and was as long as the customer was told, or not.
	EventWaitAsTold    EventKind = "wait_as_told"
	EventWaitNotAsTold EventKind = "wait_not_as_told"
)

// EventKinds lists them.
func EventKinds() []EventKind {
	return []EventKind{EventHandedOver, EventPromiseKept, EventPromiseBroken, EventTakenBack, EventOffered, EventOfferLapsed, EventAssigned,
		EventWaitAsTold, EventWaitNotAsTold}
}

// Event is told to the observer of a Desk. It is counted, not kept: a crash
// may lose one.
type Event struct {
	Kind                    EventKind
	Workspace, Conversation uuid.UUID
	Reason                  chat.Reason // of EventHandedOver
}

func (d *Desk) observe(e Event) {
	if d.observer != nil {
		d.observer(e)
	}
}
