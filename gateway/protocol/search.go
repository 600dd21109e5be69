package protocol

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// TagList is GET /api/v1/tags, by name.
type TagList struct {
	Data []chat.Tag `json:"data"`
}

// TagsRequest is the body of PUT /api/v1/conversations/{id}/tags: all tags that
// it has from now on, by their names. The answer is the ConversationRow.
type TagsRequest struct {
	Tags []string `json:"tags" maxItems:"20"`
}

// TagRequest is the body of PUT /api/v1/tags/{id}. The answer is the TagList,
// also of the other changes of tags.
type TagRequest struct {
	Name string `json:"name" minLength:"1" maxLength:"80"`
}

// TagMergeRequest is the body of POST /api/v1/tags/{id}/merge.
type TagMergeRequest struct {
	Into uuid.UUID `json:"into"`
}

// SearchList is GET /api/v1/search/conversations?q=&cursor=&limit=.
type SearchList struct {
	Data       []SearchHit `json:"data"`
	NextCursor string      `json:"next_cursor"`
	Behind     bool        `json:"behind"` // the index is being brought up to date: there may be more
}

// SearchHit is a conversation that was found, and the newest of those entries
// that hold the most of the words; no log, where they are not in an entry.
type SearchHit struct {
	ConversationRow
	Name    []Piece      `json:"name"`    // the customer's
	Excerpt []Piece      `json:"excerpt"` // of the entry, or of the subject
	Log     chat.Log     `json:"log,omitempty"`
	Seq     int64        `json:"seq,omitempty"`
	At      time.Time    `json:"at,omitzero"`
	From    *chat.Sender `json:"from,omitempty"`
}

// Piece is a part of a text, marked if it was looked for. Put together the
// pieces are the text.
type Piece struct {
	Text   string `json:"text"`
	Marked bool   `json:"marked,omitempty"`
}
