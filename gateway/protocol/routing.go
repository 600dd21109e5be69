package protocol

import (
	"time"

	"frontdesk/chat"
)

// RoutingView is GET /api/v1/routing: as it is set, else as it is by default.
type RoutingView struct {
	Revision int64        `json:"revision"` // 0: it was never set
	Routing  chat.Routing `json:"routing"`
}

// RoutingRequest is the body of PUT /api/v1/routing. Revision is the one that
// it follows: another one is a 409 with code stale.
type RoutingRequest struct {
	Revision int64        `json:"revision" minimum:"0"`
	Routing  chat.Routing `json:"routing"`
}

// ProfileList is GET /api/v1/profiles: those that were set, by user id.
type ProfileList struct {
	Data []chat.Profile `json:"data"`
}

// ProfileRequest is the body of PUT /api/v1/users/{id}/profile.
type ProfileRequest struct {
	Capacity  int      `json:"capacity" minimum:"0" maximum:"100" doc:"0: the workspace's own"`
	Skills    []string `json:"skills" maxItems:"50"`
	Languages []string `json:"languages" maxItems:"50" doc:"BCP 47 tags; none takes all"`
}

// OfferList is GET /api/v1/offers. Now is the server's time, for the seconds that are left.
type OfferList struct {
	Data []ConversationRow `json:"data"`
	Now  time.Time         `json:"now"`
}
