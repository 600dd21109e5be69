package protocol

import "frontdesk/chat"

// InboxRequest is the body of PUT /api/v1/inboxes/{id}: the whole of what may
// be set. The answer is the chat.Inbox.
type InboxRequest struct {
	Name     string             `json:"name" minLength:"1" maxLength:"80"`
	Settings chat.InboxSettings `json:"settings"`
}
