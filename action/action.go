// Package action lets the bot use the shop's own API: look an order up, or,
// once the customer has confirmed it, change something. Actions are declared by
// the operator (a JSON schema each, or picked from an OpenAPI document, or tools
// of an MCP server), allowed inbox by inbox, and used with a language model or
// without one.
//
// What holds, whoever chose an action and its arguments:
//   - Arguments are checked against the schema, and each value is either the
//     customer's own words, or of the customer's verified identity, or one of the
//     schema's. Nobody invents an order number.
//   - What an API gives is data. Of it only the declared fields are shown, as
//     plain text in the declared sentence; none of it is ever given to a model.
//   - A change runs only after the customer confirmed just that, once, within ten
//     minutes, and while the bot still has the conversation. A change whose outcome
//     is not known is never repeated: a person is told.
package action

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// SettingName is the setting in which a workspace keeps its Config.
const SettingName = "actions"

// Config is what a workspace declares. The zero value declares nothing.
type Config struct {
	Services []Service `json:"services"`
	Actions  []Action  `json:"actions"`
}

// Service is an API at a fixed address.
type Service struct {
	Name    string   `json:"name"` // letters, digits, "-" and "_"
	Base    string   `json:"base"` // "https://api.shop.example/v1"; no action leaves it
	Headers []Header `json:"headers,omitempty"`
}

// Header is sent with every request to a Service. Its value is a secret that
// the operator keeps outside of the store.
type Header struct {
	Name   string `json:"name"`             // "Authorization"
	Prefix string `json:"prefix,omitempty"` // "Bearer "
	Secret string `json:"secret"`           // "file:NAME" or "env:FRONTDESK_SECRET_…", see Secrets
}

// Action is one thing that the shop's API can do.
type Action struct {
	Name        string `json:"name"`                  // letters, digits, "-" and "_", unique
	Title       string `json:"title"`                 // what people call it: "Order status"
	Description string `json:"description,omitempty"` // for a language model, and for staff
	Service     string `json:"service"`               // name of a Service, or "mcp:" and the name of an MCP server
	Method      string `json:"method,omitempty"`      // of HTTP
	Path        string `json:"path,omitempty"`        // below the base, "/orders/{number}"
	Tool        string `json:"tool,omitempty"`        // of an MCP server

	// Parameters is a JSON schema of an object whose properties are texts,
	// numbers or yes/no. Their titles are shown to people. A pattern, a format
	// (email, date, uuid) or an enum lets an argument be found without a model.
	Parameters json.RawMessage `json:"parameters,omitempty"`
	// In says where a parameter goes, "query" or "body", if it is not in Path;
	// without it the query of GET and DELETE, the body of others.
	In map[string]string `json:"in,omitempty"`
	// Bind takes a parameter from the verified identity: "email" or "customer"
	// (the shop's own id of the customer). Nobody is asked for it.
	Bind map[string]string `json:"bind,omitempty"`
	// Ask is how a missing parameter is asked for.
	Ask map[string]string `json:"ask,omitempty"`

	Results []Result `json:"results,omitempty"` // what may be shown of the answer; nothing else ever is
	// Say is the sentence for the customer. {name} is a result or a parameter; a
	// part in [brackets] is left out when a value in it is missing.
	Say    string `json:"say"`
	Absent string `json:"absent,omitempty"` // said when the API answers 404; "" leaves it to a person

	Triggers []string `json:"triggers,omitempty"` // how customers ask for it
	Write    bool     `json:"write,omitempty"`    // it changes something: the customer confirms it first
	Confirm  string   `json:"confirm,omitempty"`  // of a write: what will happen, "Cancel order {number}"
	Verified bool     `json:"verified,omitempty"` // only for a customer whose identity is verified

	TimeoutMS int         `json:"timeout_ms,omitempty"` // of one request; 0 means 5000
	MaxBytes  int         `json:"max_bytes,omitempty"`  // of an answer; 0 means 65536
	Inboxes   []uuid.UUID `json:"inboxes"`              // where it may be used; none: nowhere
}

// The places of a parameter.
const (
	inPath  = "path"
	inQuery = "query"
	inBody  = "body"
)

// What Bind may name.
const (
	bindEmail    = "email"
	bindCustomer = "customer"
)

// Result is a field of an API's answer that may be shown.
type Result struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Path  string `json:"path"` // in the answer, with dots: "order.items.0.name"
	Kind  Kind   `json:"kind,omitempty"`
	// Values says what each value is called; then no other value is shown.
	Values map[string]string `json:"values,omitempty"`
}

// Kind is what a Result must be; an answer with something else there lacks it.
type Kind string

// The kinds. The zero value is KindText.
const (
	KindText   Kind = "text"   // a text of at most 200 characters
	KindNumber Kind = "number" // a number
	KindDate   Kind = "date"   // a date, or a time of which the date counts
)

const (
	// defaultTimeout is what a customer waits for without wondering: a turn has
	// 10 s, and a look-up may be tried twice.
	defaultTimeout = 5 * time.Second
	maxTimeout     = 30 * time.Second
	// defaultBytes holds any order that fits a screen, many times over.
	defaultBytes = 64 << 10
	maxBytes     = 1 << 20
	// maxValue is how much of one result is shown, in characters: a status, a
	// name, a place; not a text.
	maxValue = 200
	// maxActions bounds what is compared with a question, and what a model is shown.
	maxActions = 100
)

func (a Action) timeout() time.Duration {
	if a.TimeoutMS == 0 {
		return defaultTimeout
	}
	return time.Duration(a.TimeoutMS) * time.Millisecond
}

func (a Action) bytes() int {
	if a.MaxBytes == 0 {
		return defaultBytes
	}
	return a.MaxBytes
}

// place gives where a parameter goes.
func (a Action) place(name string) string {
	switch {
	case holdsSlot(a.Path, name):
		return inPath
	case a.In[name] != "":
		return a.In[name]
	case a.Method == http.MethodGet || a.Method == http.MethodDelete:
		return inQuery
	}
	return inBody
}

// Allowed reports whether the action may be used in an inbox.
func (a Action) Allowed(inbox uuid.UUID) bool {
	for _, id := range a.Inboxes {
		if id == inbox {
			return true
		}
	}
	return false
}

// Find gives the action of a name.
func (c Config) Find(name string) (Action, bool) {
	for _, a := range c.Actions {
		if a.Name == name {
			return a, true
		}
	}
	return Action{}, false
}

// service gives the service of a name.
func (c Config) service(name string) (Service, bool) {
	for _, s := range c.Services {
		if s.Name == name {
			return s, true
		}
	}
	return Service{}, false
}
