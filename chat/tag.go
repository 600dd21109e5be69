package chat

import "github.com/google/uuid"

// Tag is a word that the staff puts on conversations, to find and to count
// them. Its name is unique in the workspace, whatever the case of its letters
// and their marks.
type Tag struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	// Conversations is how many have it, open and closed.
	Conversations int `json:"conversations"`
}

// Bounds of tags: a name fits in a row of the list, and a conversation with more
// tags is not sorted but told.
const (
	MaxTagName = 40 // characters
	MaxTags    = 20 // of one conversation
)
