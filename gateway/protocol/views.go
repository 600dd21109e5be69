package protocol

import "frontdesk/chat"

// SavedViewList is GET /api/v1/views: one's own saved views, then everybody's, each by name.
type SavedViewList struct {
	Data []chat.SavedView `json:"data"`
}

// SavedViewRequest is the body of POST /api/v1/views and PUT /api/v1/views/{id}.
type SavedViewRequest struct {
	Name   string    `json:"name" maxLength:"60"`
	View   chat.View `json:"view"`
	Query  string    `json:"query" maxLength:"1024" doc:"As in an address, names in order: language=de&sort=waiting; empty narrows nothing"`
	Shared bool      `json:"shared,omitempty" doc:"Everybody's; else one's own"`
}
