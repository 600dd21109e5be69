// Package bot decides what is said to a customer's turn, without a language
// model: it understands what is asked, searches the articles, judges how
// likely the best one is right, and answers out of it, asks which of several
// things is meant, or hands over to a person. Engine makes the decision and
// knows no store; Runner runs turns of stored conversations, one at a time
// for each, lets a Composer word the answer if there is one, and sees to it
// that every failure ends with the engine's own answer or with a person.
package bot

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// Searcher finds articles. knowledge.Base is one.
type Searcher interface {
	// Search gives the articles for a query, best first. It never gives an
	// internal article for knowledge.AudienceCustomer.
	Search(ctx context.Context, ws uuid.UUID, q knowledge.Query) (knowledge.Result, error)
	// Names gives what groups of the workspace's articles are called.
	Names(ws uuid.UUID) *knowledge.Names
}

// Linker knows the addresses of articles. A Searcher that is one lets answers
// keep their links to other articles.
type Linker interface {
	// Link gives the address of the public article that href leads to from
	// another, "" if there is none.
	Link(ws uuid.UUID, from *knowledge.Document, href string) string
}

// Role is who said something earlier in a conversation.
type Role string

// The roles.
const (
	RoleCustomer Role = "customer"
	RoleBot      Role = "bot"
	RoleAgent    Role = "agent"
	RoleOpener   Role = "opener" // the widget, by itself, before the customer wrote anything
)

// Past is an earlier message of the conversation.
type Past struct {
	Role      Role
	Text      string
	Action    chat.Action     // what the bot did, for RoleBot
	Citations []chat.Citation // what the bot cited, for RoleBot
	Choices   []chat.Choice   // what the bot offered, for RoleBot
	Used      *chat.Used      // the action of the shop that it is about, for RoleBot
}

// Turn is everything a decision rests on. Messages are all messages of the
// customer that nobody has answered, oldest first: a burst is one question.
type Turn struct {
	Workspace uuid.UUID
	Messages  []string
	History   []Past             // oldest first, without Messages
	Audience  knowledge.Audience // "" means AudienceCustomer
	Locale    string             // BCP 47, "" when unknown
	Now       time.Time          // when it is asked; zero means the engine's clock
	Account   llm.Account        // who a language model's tokens are counted for
	OffLimits []chat.OffLimits   // what the bot stays out of, whatever the articles hold
}

// RankedArticle is an article in the order of the search.
type RankedArticle struct {
	Article    uuid.UUID `json:"article"`
	Version    uuid.UUID `json:"version"`
	Number     int       `json:"number"`
	ExternalID string    `json:"external_id"`
	Title      string    `json:"title"`
	URL        string    `json:"url,omitempty"`
	Internal   bool      `json:"internal,omitempty"`
	Score      float64   `json:"score"` // comparable within one decision only
}

// Decision is what the engine makes of a turn. Its JSON form, for records,
// leaves out how long it took and the material, which follows from the rest.
type Decision struct {
	Action Action      `json:"action"`
	Reason chat.Reason `json:"reason,omitempty"`
	// Confidence is the probability, 0..1, that answering with Ranked[0] is
	// right. It is given whatever the action.
	Confidence float64         `json:"confidence"`
	Ranked     []RankedArticle `json:"ranked,omitempty"` // at most 10, best first, whatever the action
	Answer     chat.Answer     `json:"answer"`           // Turn is left to the caller
	Text       string          `json:"text"`             // the words to the customer, without markup
	Blocks     []chat.Block    `json:"blocks,omitempty"` // rendered form of Text; nil means one plain paragraph
	Card       *chat.Card      `json:"card,omitempty"`   // the change that the message proposes; nil: none
	// Suggested is the best public passage as an agent would send it, in words
	// and short; nil if there is none.
	Suggested  *chat.Suggestion `json:"suggested,omitempty"`
	Understood string           `json:"understood,omitempty"` // the question as it was searched, personal data masked
	Took       time.Duration    `json:"-"`
	// Degraded says which part did not work ("embedding late"), "" if none.
	Degraded string `json:"degraded,omitempty"`
	// Material is what a Composer may word the answer out of, with ActionAnswer:
	// the cited articles in the order of their numbers, if they are public. None
	// means that the answer is to stay as it is.
	Material []Material `json:"-"`
	// Core are those of Answer.Statements that the answer stands or falls with:
	// the one that answers best, or all steps of the list it is in, in order.
	Core []chat.Statement `json:"core,omitempty"`
}

// Action is chat.Action, by its short name.
type Action = chat.Action

// Versions gives the article versions that the answer cites, for a chat.Fence.
func (d Decision) Versions() []uuid.UUID {
	out := make([]uuid.UUID, 0, len(d.Answer.Citations))
	for _, c := range d.Answer.Citations {
		out = append(out, c.Version)
	}
	return out
}
