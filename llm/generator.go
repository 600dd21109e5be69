package llm

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Generator streams text from a language model. All methods may be called
// concurrently.
type Generator interface {
	// Model names the model, for logs, metrics and records.
	Model() string
	// Generate calls emit with each piece of text, in order and from one
	// goroutine, and returns when the text is whole. A text that was cut short
	// for any reason is an error, also when some of it was emitted: see Error.
	// An error of emit ends the generation and is returned. The Result tells
	// what was used, also beside an error.
	Generate(ctx context.Context, req Request, emit func(piece string) error) (Result, error)
}

// Request asks a Generator for a text.
type Request struct {
	Messages    []Message
	MaxTokens   int     // 0 leaves it to the model
	Temperature float32 // 0 is as deterministic as the model can be
	Seed        int     // 0 is none; left out where the endpoint knows no seed
	Stop        []string
	// Schema, if not nil, is what the text must be: one JSON value of it. Where
	// the endpoint cannot hold a model to it, it is left out: check the text.
	Schema *Schema
	Tools  []Tool // what the model may ask to be called, instead of a text
	// Account is who the tokens are counted for, and why they are spent.
	Account Account
	// Prompt is the version of what Messages were made with, for records. The
	// model does not see it.
	Prompt string
}

// The roles of a Message.
const (
	RoleSystem    = "system"
	RoleUser      = "user"
	RoleAssistant = "assistant"
	RoleTool      = "tool" // the result of a Call
)

// Message is one turn of a chat with a language model.
type Message struct {
	Role  string `json:"role"`
	Text  string `json:"text"`
	Calls []Call `json:"calls,omitempty"` // of an assistant: what it asked to be called
	Call  string `json:"call,omitempty"`  // of a tool: the id of the Call that this answers
}

// Schema is a JSON schema with the name that endpoints ask for.
type Schema struct {
	Name string          `json:"name"` // letters, digits, _ and -, at most 64
	JSON json.RawMessage `json:"schema"`
}

// Tool is a function that a model may ask to be called.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"` // a JSON schema of an object
}

// Call is a model's wish to call a Tool. Its arguments are the model's words:
// check them.
type Call struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

// Purpose is why tokens are spent.
type Purpose string

// The purposes.
const (
	PurposeUnderstand Purpose = "understand" // make a question of its own of a follow-up
	PurposeCompose    Purpose = "compose"    // word an answer
	PurposeAction     Purpose = "action"     // choose and fill in an action
	PurposeSummary    Purpose = "summary"    // the running summary, the one at close
	PurposeBrief      Purpose = "brief"      // polish a brief
	PurposeAssist     Purpose = "assist"     // help an agent: suggest, rewrite, tag, draft
	PurposeTranslate  Purpose = "translate"
	PurposeTest       Purpose = "test" // evaluations, probes, trials of a prompt
)

// Account is who tokens are counted for. Zero ids mean that there is none.
type Account struct {
	Workspace, Inbox, Customer, Conversation uuid.UUID
	Purpose                                  Purpose
}

// Result is what a generation came to, beside its text.
type Result struct {
	Usage    Usage
	Calls    []Call        // instead of, or after, the text
	Model    string        // as the endpoint calls it
	Endpoint string        // the configured name of the endpoint that answered
	First    time.Duration // to the first piece; 0 if none came
	Took     time.Duration
}

// Usage is tokens.
type Usage struct {
	Prompt     int  `json:"prompt"`
	Completion int  `json:"completion"`
	Estimated  bool `json:"estimated,omitempty"` // the endpoint did not say; see Estimate
}

// charactersPerToken is how many bytes of English text a token holds, with a
// tenth to spare: 4 is what vocabularies of 32k to 128k entries reach.
const charactersPerToken = 3.6

// Estimate gives about how many tokens a text has, for windows and for
// endpoints that do not count. It errs to the high side for English; texts in
// scripts of one character a word are counted too low.
func Estimate(text string) int { return EstimateBytes(len(text)) }

// EstimateBytes is Estimate for a text of so many bytes.
func EstimateBytes(n int) int { return int(float64(n)/charactersPerToken) + 1 }
