package protocol

import (
	"github.com/google/uuid"

	"frontdesk/chat"
)

// MacroList is GET /api/v1/macros: one's own canned replies, then everybody's,
// each by code, and the closed list of placeholders.
type MacroList struct {
	Data         []chat.Macro `json:"data"`
	Placeholders []string     `json:"placeholders"`
}

// MacroRequest is the body of POST /api/v1/macros and PUT /api/v1/macros/{id}.
// With PUT, Revision is the one that the change follows: another one is a 409.
type MacroRequest struct {
	Code     string             `json:"code" maxLength:"64"`
	Name     string             `json:"name" maxLength:"200"`
	Text     string             `json:"text" maxLength:"8192"`
	Actions  []chat.MacroAction `json:"actions,omitempty"`
	Shared   bool               `json:"shared,omitempty" doc:"Everybody's; else one's own"`
	Revision int64              `json:"revision,omitempty" minimum:"0"`
}

// MentionList is GET /api/v1/mentions.
type MentionList struct {
	Data   []MentionRow `json:"data"`
	Unseen int          `json:"unseen"` // of all, also those that are not listed
}

// MentionRow is a mention with what a list says of its conversation.
type MentionRow struct {
	chat.Mention
	CustomerName string `json:"customer_name"`
}

// MentionsSeen answers POST /api/v1/conversations/{id}/mentions/seen.
type MentionsSeen struct {
	Unseen int `json:"unseen"` // in other conversations
}

// GapRequest is the body of POST /api/v1/gaps. The same question of the same
// conversation again changes nothing.
type GapRequest struct {
	Conversation uuid.UUID `json:"conversation"`
	Question     string    `json:"question" minLength:"1" maxLength:"500"`
}

// GapChange is the body of PUT /api/v1/gaps/{id}.
type GapChange struct {
	State   chat.GapState `json:"state" enum:"open,done,dismissed"`
	Article uuid.UUID     `json:"article,omitzero" doc:"The article that was written for it; left out, it stays as it was"`
}

// GapList is one page of GET /api/v1/gaps.
type GapList struct {
	Data       []chat.Gap `json:"data"`
	NextCursor string     `json:"next_cursor"`
	Total      int        `json:"total"`
}

// FeedbackList is one page of judged answers: GET /api/v1/feedback.
type FeedbackList struct {
	Data       []chat.JudgedAnswer `json:"data"`
	NextCursor string              `json:"next_cursor"`
	Total      int                 `json:"total"` // of all pages
}
