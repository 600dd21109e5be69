package protocol

import (
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// ActionsSetting is GET and PUT /api/v1/actions: what the bot may do in the
// shop. Value is an action.Config. With PUT, Revision is the one that was
// edited: another one is a 409.
type ActionsSetting struct {
	Revision int64           `json:"revision"`
	Value    json.RawMessage `json:"value" doc:"services and actions; see docs/models.md"`
	// Servers are the MCP servers that the operator named, with the tools that they offer now.
	Servers json.RawMessage `json:"servers,omitempty" doc:"MCP servers and what they offer; with GET only"`
	Secrets []string        `json:"secrets,omitempty" doc:"References of secrets that can be used; with GET only, never their values"`
}

// OpenAPIRequest is the body of POST /api/v1/actions/openapi: a document, or
// the address of one, of which to make actions.
type OpenAPIRequest struct {
	Document string `json:"document,omitempty" maxLength:"2000000" doc:"OpenAPI 3, as JSON or YAML"`
	URL      string `json:"url,omitempty" maxLength:"2000"`
}

// OpenAPIOperations is the answer: what may be declared, for a person to choose from.
type OpenAPIOperations struct {
	Title   string          `json:"title"`
	Base    string          `json:"base"`
	Actions json.RawMessage `json:"actions"` // of action.Action, each to be completed
	Left    []string        `json:"left"`    // what cannot be an action, and why
}

// ActionTry is the body of POST /api/v1/actions/try: a look-up with given
// arguments. Value is the Config as it is being edited; it is not stored.
type ActionTry struct {
	Value  json.RawMessage `json:"value"`
	Action string          `json:"action" maxLength:"64"`
	Args   json.RawMessage `json:"args"`
}

// ActionTried is the answer: what would be said, and of which fields.
type ActionTried struct {
	Code   int          `json:"code"`
	Text   string       `json:"text"`
	Fields []chat.Field `json:"fields"`
	Error  string       `json:"error"`
	TookMS int64        `json:"took_ms"`
}

// CallList is GET /api/v1/calls: uses of actions, newest first.
type CallList struct {
	Data []chat.Call `json:"data"`
	Next uuid.UUID   `json:"next,omitzero"` // for before; zero on the last page
}
