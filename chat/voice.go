package chat

import (
	"time"

	"github.com/google/uuid"
)

// The names of settings that make up an inbox's voice.
const (
	SettingStyle   = "style"   // a Style
	SettingPrompts = "prompts" // instructions in the place of the default ones
)

// StyleState is the Style of an inbox as it was set last; Revision 0: never.
type StyleState struct {
	Revision int64     `json:"revision"`
	Style    Style     `json:"style"`
	By       uuid.UUID `json:"by"` // zero: the operator at the command line
	At       time.Time `json:"at"`
}

// PromptText is instructions that somebody wrote for an inbox.
type PromptText struct {
	Text string `json:"text"`
	// Base is the default that they were written in the place of. Another
	// default now means that an update may have brought what they lack.
	Base string `json:"base"`
}

// PromptState is one prompt of an inbox. Its instructions are Live's, or the
// default ones.
type PromptState struct {
	Name    string      `json:"name"`
	Default string      `json:"default"`
	Live    *PromptText `json:"live"`
	Draft   *PromptText `json:"draft"` // to be tried and, maybe, to go live
	// Outdated says that the default changed since Live, or else Draft, was written.
	Outdated bool     `json:"outdated"`
	Notes    []string `json:"notes"` // what Draft, or else Live, leaves out that matters
	Shown    string   `json:"shown"` // what a model is sent with Draft, or else Live, of a made-up conversation
}

// PromptBook is all prompts of an inbox; Revision 0: none was ever changed.
type PromptBook struct {
	Revision int64         `json:"revision"`
	Prompts  []PromptState `json:"prompts"`
	By       uuid.UUID     `json:"by"`
	At       time.Time     `json:"at"`
	Model    string        `json:"model"` // that the prompts go to; "" if there is none
}

// VoiceChange is one revision of an inbox's voice.
type VoiceChange struct {
	Revision int64       `json:"revision"`
	By       uuid.UUID   `json:"by"`
	At       time.Time   `json:"at"`
	Style    *Style      `json:"style"`  // of a change of the style, as it was after
	Prompt   string      `json:"prompt"` // of a change of a prompt, which one
	What     string      `json:"what"`   // draft, live, default (no own instructions any more), discard (of a draft)
	Text     *PromptText `json:"text"`   // of a prompt, as it was after; nil: the default
}

// PromptTrials is what came of trying instructions beside those that are live.
type PromptTrials struct {
	Model  string        `json:"model"` // "" if there is none: then the runs say only what one would be sent
	Trials []PromptTrial `json:"trials"`
}

// PromptTrial is one question, with the live instructions and with those tried.
type PromptTrial struct {
	Question string    `json:"question"` // "": the made-up conversation
	Action   Action    `json:"action"`   // what the bot decided, before any wording; "" for the made-up conversation
	Reason   Reason    `json:"reason"`
	Plain    string    `json:"plain"` // the answer without a model
	Old      PromptRun `json:"old"`
	New      PromptRun `json:"new"`
}

// PromptRun is what a model was sent, and what came of it.
type PromptRun struct {
	Sent    string  `json:"sent"`
	Tokens  int     `json:"tokens"`  // of what was sent, estimated
	Text    string  `json:"text"`    // what the customer would read; "" without a model
	Dropped int     `json:"dropped"` // sentences that the check did not let through
	Fault   string  `json:"fault"`   // why the answer goes out as it is without a model; "" if it does not
	MS      float64 `json:"ms"`
}
