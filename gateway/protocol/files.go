package protocol

import (
	"time"

	"github.com/google/uuid"
)

// FileRules say which files are taken: GET and PUT /api/v1/files.
type FileRules struct {
	Types     []string `json:"types" maxItems:"100" doc:"Media types, as the files' bytes say"`
	Customers bool     `json:"customers" doc:"Whether customers may send files"`
	MaxBytes  int64    `json:"max_bytes,omitempty" doc:"How large one may be; it cannot be set"`
	Revision  int64    `json:"revision,omitempty" doc:"The one that a change follows; 0 if nothing was set yet"`
}

// FileLinksRequest is the body of POST /v1/files/links.
type FileLinksRequest struct {
	Files []uuid.UUID `json:"files" maxItems:"50"`
}

// FileLinks is the answer: addresses by file id, relative to this server. Those
// of files that are not there for this customer are left out.
type FileLinks struct {
	Links map[string]string `json:"links"`
	Until time.Time         `json:"until"`
}

// LinksEnded says how many links to a conversation were withdrawn.
type LinksEnded struct {
	Ended int `json:"ended"`
}
