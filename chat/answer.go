package chat

import (
	"time"

	"github.com/google/uuid"
)

// Action is what the bot decided to do with a turn.
type Action string

// The actions.
const (
	ActionAnswer    Action = "answer"    // say what the articles hold, with citations
	ActionClarify   Action = "clarify"   // ask which of several things is meant
	ActionHandoff   Action = "handoff"   // give the conversation to a person
	ActionRefuse    Action = "refuse"    // decline, without a person (an attack)
	ActionSmallTalk Action = "smalltalk" // greet, thank, say goodbye
)

// Reason says why the bot did so. It is a closed list: each has its own words
// to the customer and its own metric label.
type Reason string

// The reasons of a handoff.
const (
	ReasonAsked         Reason = "asked"          // the customer asked for a person
	ReasonLowConfidence Reason = "low_confidence" // no answer is likely enough to be right
	ReasonNothingFound  Reason = "nothing_found"  // no article is about it
	ReasonValueMissing  Reason = "value_missing"  // the article lacks the value asked for
	ReasonInternal      Reason = "internal"       // only an internal article holds it
	ReasonPersonOnly    Reason = "person_only"    // account, money, law: only a person may do it
	ReasonRepeated      Reason = "repeated"       // the same question again
	ReasonDistress      Reason = "distress"       // danger or distress: to the front
	ReasonAbuse         Reason = "abuse"
	ReasonPolicy        Reason = "policy"  // the inbox's rules keep the bot out of it; also of a refusal
	ReasonFailure       Reason = "failure" // model, search or turn failed or was late
	ReasonLanguage      Reason = "language"
	ReasonAction        Reason = "action" // a change that the customer confirmed has failed, or may have
	// The bot had an answer, which the inbox does not let it give by itself yet:
	// the topic must be earned first.
	ReasonShadow  Reason = "shadow"  // compared with what the agent says
	ReasonSuggest Reason = "suggest" // offered to the agent as a reply
	ReasonLoop    Reason = "loop"    // it went to and fro between bot and people: it stays with a person
)

// HandoffReasons lists the reasons of a handoff.
func HandoffReasons() []Reason {
	return []Reason{ReasonAsked, ReasonLowConfidence, ReasonNothingFound, ReasonValueMissing, ReasonInternal, ReasonPersonOnly,
		ReasonRepeated, ReasonDistress, ReasonAbuse, ReasonPolicy, ReasonFailure, ReasonLanguage, ReasonAction, ReasonShadow,
		ReasonSuggest, ReasonLoop}
}

// The reasons of other moves.
const (
	ReasonClaimed  Reason = "claimed"  // an agent took it
	ReasonReleased Reason = "released" // an agent gave it back to the bot
	ReasonAssigned Reason = "assigned" // somebody gave it to an agent
	// An agent passed it on, to another one or to a team.
	ReasonTransferred Reason = "transferred"
	ReasonWoken       Reason = "woken"    // it was snoozed until now, and its agent is gone
	ReasonVanished    Reason = "vanished" // the agent who had it is gone, and the customer waits
	ReasonPromise     Reason = "promise"  // a promise is due, and nobody who is there has it
	ReasonClosed      Reason = "closed"
	ReasonReopened    Reason = "reopened"  // the customer wrote again after the end
	ReasonInject      Reason = "attack"    // refused: an attempt to steer the bot
	ReasonOffTopic    Reason = "off_topic" // refused: nothing that a help desk is for
)

// Answer is the bot's decision on a turn together with what it rests on.
type Answer struct {
	Turn       uuid.UUID   `json:"turn"`
	Action     Action      `json:"action"`
	Reason     Reason      `json:"reason,omitempty"`
	Confidence float64     `json:"confidence"` // probability in 0..1 that answering with the best article is right
	Citations  []Citation  `json:"citations,omitempty"`
	Statements []Statement `json:"statements,omitempty"` // every sentence said, each with its source
	Choices    []Choice    `json:"choices,omitempty"`    // with ActionClarify
	Related    []Related   `json:"related,omitempty"`    // with ActionHandoff: public articles that may help meanwhile, best first
	Used       *Used       `json:"used,omitempty"`       // the action of the shop that the message is about
	Knowledge  int64       `json:"knowledge,omitempty"`  // version of the search snapshot that was used
}

// Citation is one article that an answer rests on, at one version. N is the
// number shown to the customer, from 1.
type Citation struct {
	N          int       `json:"n"`
	Article    uuid.UUID `json:"article"`
	Version    uuid.UUID `json:"version"`
	Number     int       `json:"number"` // the version's number, as people say it: "v7"
	ExternalID string    `json:"external_id"`
	Title      string    `json:"title"`
	URL        string    `json:"url,omitempty"`
	Score      float64   `json:"score"`
	Spans      []Span    `json:"spans"`
}

// Span is a half-open range of byte offsets in the body of an article version.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Statement is one sentence of an answer and the place that holds it.
type Statement struct {
	Text     string `json:"text"`
	Citation int    `json:"citation"` // a Citation's N; 0: the fields of the answer's Used hold it
	Span     Span   `json:"span"`
}

// Choice is one way out of a clarifying question: choosing it sends Text.
type Choice struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Related is an article that may help where the bot was not sure of any.
type Related struct {
	Article uuid.UUID `json:"article"`
	Title   string    `json:"title"`
	URL     string    `json:"url,omitempty"`
}

// Block is a node of a rendered text, so that no client ever parses HTML. T
// is the node's type; which other fields count depends on it:
//
//	p, quote, ul, ol, li, table, tr, note   Kids (ol: N is the first number)
//	h                                       Kids, N is the level 1 to 6
//	th, td                                  Kids, Align
//	pre                                     Text
//	text, code                              Text
//	strong, em, del, mark                   Kids (mark: the cited passage)
//	link                                    Kids, Href (http, https, mailto or tel; checked)
//	cite                                    N, the citation's number
//	br, hr                                  nothing
type Block struct {
	T     string  `json:"t"`
	Text  string  `json:"text,omitempty"`
	N     int     `json:"n,omitempty"`
	Href  string  `json:"href,omitempty"`
	Align string  `json:"align,omitempty"` // left, right, center
	Kids  []Block `json:"kids,omitempty"`
}

// Handoff is a request for a person, with its Brief.
type Handoff struct {
	ID     uuid.UUID `json:"id"`
	Reason Reason    `json:"reason"`
	At     time.Time `json:"at"`
	Brief  Brief     `json:"brief"`
}

// Brief is what an agent reads before taking over. Its form is fixed: every
// part is always there, and one with nothing to say is empty, not missing.
type Brief struct {
	Version    int            `json:"version"`          // of this form: BriefVersion
	Goal       string         `json:"goal"`             // in the customer's own words
	Opener     string         `json:"opener,omitempty"` // what the widget said by itself and the customer answered
	Tried      []string       `json:"tried"`            // what was tried so far
	Open       []string       `json:"open"`             // questions without an answer
	Articles   []BriefArticle `json:"articles"`         // shown or considered, best first
	Confidence []BriefPoint   `json:"confidence"`       // the bot's confidence, turn by turn
	Why        string         `json:"why"`              // why now, as a sentence
	Reason     Reason         `json:"reason"`
	Before     Reason         `json:"before,omitempty"` // what the reason was before it became ReasonLoop
	Language   string         `json:"language"`
	Mood       string         `json:"mood"`
	Page       Page           `json:"page"`
	Device     string         `json:"device"`            // what the customer's browser says that it is; "" when it says nothing known
	Identity   string         `json:"identity"`          // a Level, or "unknown"
	Attributes []BriefFact    `json:"attributes"`        // what else is known of the customer, verified ones first
	Journey    []string       `json:"journey"`           // earlier steps and conversations, newest first
	Shop       []BriefCall    `json:"shop"`              // what the shop said or did for the customer here, newest first
	Promised   time.Time      `json:"promised,omitzero"` // by when the customer was told to have an answer
	Suggested  *Suggestion    `json:"suggested"`         // nil when there is none; cites public articles only
	TookMS     float64        `json:"took_ms"`
	// Polished is what a language model made of goal, tried and open, where it
	// was in time. It stands beside them, never in their place.
	Polished *BriefPolish `json:"polished,omitempty"`
}

// BriefPolish are parts of a Brief in better words.
type BriefPolish struct {
	Goal  string   `json:"goal"`
	Tried []string `json:"tried"`
	Open  []string `json:"open"`
}

// BriefVersion is the version of a Brief's form, which docs/brief.schema.json
// describes. 2 added shop, promised and device, 3 attributes and before, 4 opener; briefs
// of versions before lack them.
const BriefVersion = 4

// BriefFact is an attribute of the customer.
type BriefFact struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Verified bool   `json:"verified"` // the site vouches for it
}

// BriefCall is a use of an action of the shop, with what it gave.
type BriefCall struct {
	At    time.Time `json:"at"`
	Title string    `json:"title"`
	State CallState `json:"state"`
	Rows  []Field   `json:"rows"` // with what, then what the shop gave
}

// BriefArticle is an article of a Brief.
type BriefArticle struct {
	Article  uuid.UUID `json:"article"`
	Number   int       `json:"number"`
	Title    string    `json:"title"`
	URL      string    `json:"url,omitempty"`
	Score    float64   `json:"score"`
	Shown    bool      `json:"shown"`    // the customer saw it
	Internal bool      `json:"internal"` // for agents only
}

// BriefPoint is one turn's confidence.
type BriefPoint struct {
	At         time.Time `json:"at"`
	Confidence float64   `json:"confidence"`
	Action     Action    `json:"action"`
}

// Suggestion is a reply that an agent may send, with its source.
type Suggestion struct {
	Text      string     `json:"text"`
	Citations []Citation `json:"citations"`
}
