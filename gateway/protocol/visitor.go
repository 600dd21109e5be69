package protocol

import "frontdesk/chat"

// The frames with which a page says what it knows of a customer. Each is
// answered by an Ack with seq 0 when it has an id, or by an Error: forbidden,
// where it is not kept (no consent, page views are off, the browser asks not to
// be tracked), closed for a visit when no conversation is open any more,
// rate_limited, invalid, too_large. None of them loses the connection.

// SetConsent says whether the customer agrees that what the page says is kept.
// It counts until it is said again. Without Given what was kept is erased.
type SetConsent struct {
	Given bool `json:"given"`
}

// SetContext sets attributes of the customer; null forgets one. What the page
// says is not verified: the token's claim "attributes" is.
type SetContext struct {
	Attributes map[string]chat.Scalar `json:"attributes"`
}

// TrackEvent notes something that the customer did on the website.
type TrackEvent struct {
	Name       string                 `json:"name"`
	Properties map[string]chat.Scalar `json:"properties,omitempty"`
}

// TrackVisit notes a page that the customer sees.
type TrackVisit struct {
	Page chat.Page `json:"page"`
}

// ActivityList is GET /api/v1/customers/{id}/activity: newest first.
type ActivityList struct {
	Data []chat.Activity `json:"data"`
}
