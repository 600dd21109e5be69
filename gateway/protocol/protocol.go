// Package protocol is what goes over the wire: the frames of the customer's
// and the console's websockets, their close codes, and the bodies of the HTTP
// API. The Go types are the source: docs/protocol and the TypeScript types of
// widget and console are generated from them (go generate ./gateway/protocol).
//
// A frame is one JSON text message {"t": type, "id": …, "d": {…}}. An unknown
// type is ignored by both sides, so that types can be added; a breaking change
// is a new subprotocol.
package protocol

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

//go:generate go run ./gen

// The subprotocols. A client must offer one; the server echoes it.
const (
	ChatV1    = "frontdesk.chat.v1"
	ConsoleV1 = "frontdesk.console.v1"
)

// Limits that both sides know.
const (
	MaxFrame = 32 << 10 // bytes of one frame, either way
	MaxText  = 8 << 10  // bytes of one message's text
	MaxEmail = 254      // RFC 5321, 4.5.3.1.3 less the brackets
	// HelloWithin is how long a connection may stay silent before its hello.
	HelloWithin = 5 * time.Second
	// PingEvery and DeadAfter: a server pings idle connections and gives up on
	// silent ones. 25 s is below the 30 s idle timeout of common proxies.
	PingEvery = 25 * time.Second
	DeadAfter = 60 * time.Second
)

// Close codes. 1000 to 1013 are RFC 6455's. After 4000 to 4499 a client
// reconnects (with backoff); after 4500 to 4999 it must not.
const (
	CloseDrain        = 4000 // the node goes away: reconnect, spread over drain.after_ms
	CloseTokenExpired = 4001 // get a new socket token first
	CloseSlow         = 4008 // the client read too slowly: reconnect and resume
	CloseRateLimited  = 4029 // too many frames: reconnect later
	CloseBadProtocol  = 4500 // a frame that is not of this protocol
	CloseAuthRefused  = 4501 // token refused: a new session is needed
	CloseInboxClosed  = 4503 // this inbox takes no conversations
	CloseReplaced     = 4509 // too many connections of this visitor; an older one was closed
)

// Frame is the envelope of every frame. ID is chosen by the client and echoed
// in the ack or error that answers the frame.
type Frame struct {
	T  string          `json:"t"`
	ID string          `json:"id,omitempty"`
	D  json.RawMessage `json:"d,omitempty"`
}

// The frames that a customer's client sends.

// Hello is the first frame of a connection. Token is the socket token of
// POST /v1/session: it works once, within 60 s. Follow names what to follow at
// once, as Sync would.
type Hello struct {
	Token  string    `json:"token"`
	Locale string    `json:"locale,omitempty"`
	Page   chat.Page `json:"page,omitzero"`
	Follow []Sync    `json:"follow,omitempty"`
}

// Send is a customer's message. The conversation is made when it is new: its
// id and the client id are UUIDs v7 made by the client. Sending it again is
// harmless. The answer is an Ack.
type Send struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Text         string    `json:"text"` // may be empty beside files
	Page         chat.Page `json:"page,omitzero"`
	// Files are those that POST /v1/files took for this conversation, at most 10.
	Files []uuid.UUID `json:"files,omitempty"`
	// Opener is the id of the ProactiveRule that the customer answers with the first message of a conversation: its
	// words become the entry before.
	Opener string `json:"opener,omitempty"`
}

// Sync follows a conversation: every entry after After comes, in order, then
// new ones as they are stored.
type Sync struct {
	Conversation uuid.UUID `json:"conversation"`
	After        int64     `json:"after"`
}

// TypingOn tells the other side that somebody writes. It is repeated at most
// every 3 s and counts for 5 s.
type TypingOn struct {
	Conversation uuid.UUID `json:"conversation"`
}

// Read tells the other side how far this one has read.
type Read struct {
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"`
}

// RequestPerson asks for a person, whatever the bot thinks. The answer is an
// Ack; the owner entry and the notice follow. It makes the conversation when it is new.
type RequestPerson struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Page         chat.Page `json:"page,omitzero"`
}

// EndConversation is the customer's end of a conversation that is open,
// whoever has it: nobody waits or is waited for any more. What the customer
// writes afterwards opens it again. The answer is an Ack; the owner entry has
// the client id. Sending it again is harmless.
type EndConversation struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
}

// LeaveContact gives an address for the promised answer, and a name if the
// customer likes. The answer is an Ack.
type LeaveContact struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Email        string    `json:"email"`
	Name         string    `json:"name,omitempty"`
}

// Rate rates the conversation on the scale of its kind: csat 1 to 5, ces 1 to
// 7, nps 0 to 10. It may be sent again to change it. The answer is an Ack.
type Rate struct {
	Conversation uuid.UUID       `json:"conversation"`
	ClientID     uuid.UUID       `json:"client_id"`
	Kind         chat.RatingKind `json:"kind,omitempty"` // left out: csat
	Score        int             `json:"score"`
	Comment      string          `json:"comment,omitempty"`
}

// GiveFeedback says whether an answer of the bot helped, and may be sent again
// to change it. The answer is an Ack.
type GiveFeedback struct {
	Conversation uuid.UUID           `json:"conversation"`
	ClientID     uuid.UUID           `json:"client_id"`
	Seq          int64               `json:"seq"` // the answer's
	Helpful      bool                `json:"helpful"`
	Reason       chat.FeedbackReason `json:"reason,omitempty"` // why it did not
	Comment      string              `json:"comment,omitempty"`
}

// AskTranscript has the conversation sent by e-mail: to Email, or to the
// address that is known of the customer. The answer is an Ack, or an error that
// says why none can be sent; a notice says when it has gone out.
type AskTranscript struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Email        string    `json:"email,omitempty"`
	Zone         string    `json:"zone,omitempty"` // the customer's, IANA; left out: the inbox's
}

// Confirm is the customer's word on a change that a card proposes: its call,
// and yes or no. The answer is an Ack; what becomes of it comes as entries. It
// is refused with invalid when it can no longer be confirmed.
type Confirm struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Call         uuid.UUID `json:"call"`
	Yes          bool      `json:"yes"`
}

// The frames that the server sends to a customer's client.

// Welcome answers Hello. Key is there where requests carry the connection: it
// goes with each further one, as "Authorization: Bearer KEY".
type Welcome struct {
	Customer uuid.UUID `json:"customer"`
	Node     string    `json:"node"`
	Online   bool      `json:"online"` // an agent is online
	Key      string    `json:"key,omitempty"`
}

// Closed is the last frame of a connection that requests carry: what the close
// frame is for a websocket.
type Closed struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

// Poll is the body of POST /v1/poll, but for the first, which has the hello.
// Number counts a connection's polls; the first has the number 1. A poll that
// comes again with its number gets its answer again.
type Poll struct {
	Number int `json:"number"`
}

// Ack says that a frame's effect is durable. Seq is its entry's number.
type Ack struct {
	Conversation uuid.UUID `json:"conversation"`
	ClientID     uuid.UUID `json:"client_id"`
	Seq          int64     `json:"seq"`
}

// DraftText is an answer in the making: Text replaces what earlier drafts of
// this turn held. It is void when an entry, or a change of epoch, comes.
type DraftText struct {
	Conversation uuid.UUID `json:"conversation"`
	Turn         uuid.UUID `json:"turn"`
	Epoch        int64     `json:"epoch"`
	Text         string    `json:"text"`
}

// DraftEnd takes a draft away that no entry takes the place of.
type DraftEnd struct {
	Conversation uuid.UUID `json:"conversation"`
	Turn         uuid.UUID `json:"turn"`
}

// Typing says who writes in a conversation.
type Typing struct {
	Conversation uuid.UUID   `json:"conversation"`
	From         chat.Sender `json:"from"`
}

// Seen says how far the other side has read.
type Seen struct {
	Conversation uuid.UUID   `json:"conversation"`
	From         chat.Sender `json:"from"`
	Seq          int64       `json:"seq"`
}

// Queue says where a waiting conversation stands. Place 0: it no longer waits.
type Queue struct {
	Conversation uuid.UUID `json:"conversation"`
	Place        int       `json:"place"`
	MinWait      int       `json:"min_minutes,omitempty"`
	MaxWait      int       `json:"max_minutes,omitempty"`
	Promised     time.Time `json:"promised,omitzero"`
}

// Error answers a frame that could not be carried out, with its frame's ID.
// Code is a chat.Code. The connection stays open.
type Error struct {
	Code       chat.Code `json:"code"`
	Message    string    `json:"message"`
	ClientID   uuid.UUID `json:"client_id,omitzero"`
	RetryAfter int       `json:"retry_after_ms,omitempty"`
}

// Reset says that a conversation cannot be resumed from where the client is:
// it must forget what it has of it and Sync from 0.
type Reset struct {
	Conversation uuid.UUID `json:"conversation"`
}

// Drain says that the node goes away: reconnect after a random part of AfterMS.
type Drain struct {
	AfterMS int `json:"after_ms"`
}

// The frames of the console's websocket. The session cookie says who it is.

// Subscribe follows a conversation with both of its logs. The inbox list and
// presence are always followed.
type Subscribe struct {
	Conversation uuid.UUID `json:"conversation"`
	After        int64     `json:"after"`
	StaffAfter   int64     `json:"staff_after"`
}

// Unsubscribe ends it.
type Unsubscribe struct {
	Conversation uuid.UUID `json:"conversation"`
}

// Watch says that this console shows a conversation to somebody, and again
// every 20 s while it does; without On, that it no longer does. Only of
// conversations that it follows. A typing frame says that she writes.
type Watch struct {
	Conversation uuid.UUID `json:"conversation"`
	On           bool      `json:"on"`
}

// SetPresence is an agent's sign of life, sent on a change and every 25 s.
type SetPresence struct {
	State chat.PresenceState `json:"state"`
}

// ConsoleWelcome is the first frame on the console's socket.
type ConsoleWelcome struct {
	User chat.User `json:"user"`
	Node string    `json:"node"`
}

// InboxChanged says that lists may have changed. Conversations are those that
// did: ask for their rows (GET /api/v1/conversations?ids=); where there are none,
// they are many or not known: fetch the lists again. Conversation is the one, if
// it is one.
type InboxChanged struct {
	Conversation  uuid.UUID   `json:"conversation,omitzero"`
	Conversations []uuid.UUID `json:"conversations,omitempty"`
}

// PresenceChanged lists everybody's presence.
type PresenceChanged struct {
	Agents []chat.Presence `json:"agents"`
}

// KnowledgeChanged says that articles or the index moved on.
type KnowledgeChanged struct {
	Version int64 `json:"version"`
}

// Watchers lists who of the staff looks at a conversation now, on any node. It
// comes with a subscription, if anybody does, and at each change.
type Watchers struct {
	Conversation uuid.UUID `json:"conversation"`
	Agents       []Watcher `json:"agents"` // by name
}

// Watcher is one of them.
type Watcher struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name"`
	Writing bool      `json:"writing,omitempty"` // a reply to the customer
}

// Mention says that a note mentions whose console this is.
type Mention struct {
	Conversation uuid.UUID   `json:"conversation"`
	Seq          int64       `json:"seq"`
	From         chat.Sender `json:"from"`
	Text         string      `json:"text"` // its first 200 bytes
}
