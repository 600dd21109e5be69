package protocol

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// The bodies of the HTTP API, which docs/openapi.yaml lists with their routes.
// The customer's side lies under /v1, the staff's under /api/v1. Errors are
// problem+json (RFC 9457) with a "code" that is a chat.Code.

// Credentials say who a customer is: whom the site names, by a signed token or
// in the older way of other products, or else the browser's visitor; or whoever
// holds a link that resumes one conversation.
type Credentials struct {
	Inbox        string     `json:"inbox" doc:"Public key of the inbox, from the embed tag" maxLength:"64"`
	VisitorToken string     `json:"visitor_token,omitempty" doc:"From an earlier session, if there was one" maxLength:"128"`
	UserJWT      string     `json:"user_jwt,omitempty" doc:"The site's signed token: HS256 with the inbox's secret; exp and sub are required, email, email_verified and name are kept" maxLength:"4096"`
	User         *NamedUser `json:"user,omitempty" doc:"Whom the page names, with a user_hash"`
	Resume       string     `json:"resume,omitempty" doc:"The token of a link from an e-mail: the session is for its conversation alone" maxLength:"128"`
}

// NamedUser is whom a page names without a signed token.
type NamedUser struct {
	ID    string `json:"id,omitempty" maxLength:"255"`
	Email string `json:"email,omitempty" maxLength:"254"`
	Name  string `json:"name,omitempty" maxLength:"200"`
	Hash  string `json:"hash" doc:"HMAC-SHA-256 of id, or of email without an id, in hexadecimal" maxLength:"64"`
}

// SessionRequest is the body of POST /v1/session.
type SessionRequest struct {
	Credentials
	Locale string `json:"locale,omitempty" maxLength:"35"`
}

// Session is the answer: keep VisitorToken, use SocketToken in the hello frame
// within 60 s. VisitorToken is the one that was given, or "", where the site
// named the customer.
type Session struct {
	Customer     uuid.UUID  `json:"customer"`
	VisitorToken string     `json:"visitor_token"`
	SocketToken  string     `json:"socket_token"`
	FileToken    string     `json:"file_token"` // the bearer of /v1/files, for a day
	Level        chat.Level `json:"level"`
	// Until is when the site's word ends, and Left how many seconds are left until then, for clients whose clock is wrong:
	// get a new session before.
	Until time.Time `json:"until,omitzero"`
	Left  int64     `json:"left,omitempty"`
	// Email is where this customer can be written to, with most of it hidden; "" when that is not known.
	Email         string                `json:"email,omitempty"`
	Inbox         InboxFace             `json:"inbox"`
	Conversations []ConversationSummary `json:"conversations"` // newest first, at most 20
}

// CodeRequest is the body of POST /v1/identity/code: send a code to an
// address that the customer of a conversation says is theirs.
type CodeRequest struct {
	Credentials
	Conversation uuid.UUID `json:"conversation"`
	Email        string    `json:"email" maxLength:"254"`
}

// CodeSent is the answer.
type CodeSent struct {
	Email string    `json:"email"`
	Until time.Time `json:"until"`
	Tries int       `json:"tries"`
}

// CodeCheck is the body of POST /v1/identity/check.
type CodeCheck struct {
	Credentials
	Conversation uuid.UUID `json:"conversation"`
	Code         string    `json:"code" maxLength:"32"`
}

// CodeChecked is the answer when the code was right. When it was not, the
// problem's code is "invalid" while tries are left, and "rate_limited", "stale"
// or "not_found" when a new code is needed.
type CodeChecked struct {
	Level chat.Level `json:"level"`
	Until time.Time  `json:"until"`
}

// InboxFace is what a customer sees of an inbox.
type InboxFace struct {
	Name     string   `json:"name"`
	Brand    string   `json:"brand"`
	Bot      string   `json:"bot"` // the bot's name; "" if it has none
	Greeting string   `json:"greeting"`
	Starters []string `json:"starters"`
	Online   bool     `json:"online"` // an agent is online now
	// ClosesAt is until when people are there, while somebody is online; OpensAt is when they are next, outside of the
	// hours while nobody is. Both are absent where the hours say otherwise than who is there.
	ClosesAt time.Time `json:"closes_at,omitzero"`
	OpensAt  time.Time `json:"opens_at,omitzero"`
	// Privacy says what may be sent: visits only with page_views; where consent is asked for, nothing but consent before it.
	Privacy chat.Privacy `json:"privacy,omitzero"`
	// Survey is what to ask at the end. Transcript: the conversation can be had by e-mail.
	Survey     chat.Survey `json:"survey,omitzero"`
	Transcript bool        `json:"transcript,omitempty"`
	Colour     string      `json:"colour,omitempty"` // "#rrggbb"; "" is Frontdesk's own accent
	// Appearance is the inbox's; its Logo is the address of a picture, or "".
	Appearance chat.Appearance `json:"appearance,omitzero"`
	// Files are what customers may attach; absent: nothing.
	Files *TakenFiles `json:"files,omitempty"`
	// Proactive are the messages that the widget may show by itself, in order.
	Proactive []chat.ProactiveRule `json:"proactive,omitempty"`
}

// TakenFiles say what customers may attach.
type TakenFiles struct {
	Types    []string `json:"types"` // sniffed media types
	MaxBytes int64    `json:"max_bytes"`
	Most     int      `json:"most"` // files of one message
}

// OpenerSeen is the body of POST /v1/proactive: a visitor saw a rule's message,
// or opened it.
type OpenerSeen struct {
	Inbox string `json:"inbox" maxLength:"64"`
	Rule  string `json:"rule" maxLength:"40"`
	What  string `json:"what" enum:"shown,opened"`
}

// OpenerList is the answer to GET /api/v1/inboxes/{id}/proactive: the counts of
// the last 30 days, of the rules that have any.
type OpenerList struct {
	Data []chat.OpenerCount `json:"data"`
}

// ConversationSummary is a line of a customer's list of conversations.
type ConversationSummary struct {
	ID      uuid.UUID   `json:"id"`
	Subject string      `json:"subject"`
	Status  chat.Status `json:"status"`
	LastSeq int64       `json:"last_seq"`
	At      time.Time   `json:"at"`
}

// ArticleView is an article as a reader sees it: GET /v1/articles/{version}
// with inbox, and spans "12-40,52-90" to mark.
type ArticleView struct {
	Title     string       `json:"title"`
	URL       string       `json:"url"`
	Number    int          `json:"number"`
	Tags      []string     `json:"tags"`
	UpdatedAt time.Time    `json:"updated_at"`
	Minutes   int          `json:"minutes"` // reading time at 220 words a minute
	Blocks    []chat.Block `json:"blocks"`
}

// SetupRequest is the body of POST /api/v1/setup: the first user, who gets
// the role owner and is signed in. Token was printed at the first start.
type SetupRequest struct {
	Token    string `json:"token"`
	Name     string `json:"name" minLength:"1" maxLength:"80"`
	Email    string `json:"email" format:"email" maxLength:"254"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

// LoginRequest is the body of POST /api/v1/login.
type LoginRequest struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"200"`
}

// Me is who is signed in: GET /api/v1/me.
type Me struct {
	User      chat.User      `json:"user"`
	Workspace chat.Workspace `json:"workspace"`
	Inboxes   []chat.Inbox   `json:"inboxes"`
	Demo      bool           `json:"demo"` // this is the demo; its data goes when it stops
}

// Embed is GET /api/v1/embed: what a site needs to embed the widget of this build.
type Embed struct {
	Server    string `json:"server" doc:"Where browsers reach this server, as far as it knows; --public-url tells it"`
	Version   string `json:"version" doc:"Of the loader, as in /widget/{version}/frontdesk.js"`
	Integrity string `json:"integrity" doc:"Of the loader, for the attribute of that name"`
}

// SetupState is GET /api/v1/setup: whether the first user is still to be made.
type SetupState struct {
	Needed bool `json:"needed"`
}

// UserRequest is the body of POST /api/v1/users: a new member of the staff.
type UserRequest struct {
	Name     string    `json:"name" minLength:"1" maxLength:"80"`
	Email    string    `json:"email" format:"email" maxLength:"254"`
	Password string    `json:"password" minLength:"10" maxLength:"200"`
	Role     chat.Role `json:"role" enum:"admin,agent,editor,viewer"`
}

// ConversationList is GET /api/v1/conversations?view=&sort=&cursor=&limit= and filters.
type ConversationList struct {
	Data       []ConversationRow `json:"data"`
	NextCursor string            `json:"next_cursor"`
	chat.Counts
}

// ConversationRow is a line of the inbox.
type ConversationRow struct {
	chat.Conversation
	CustomerName string `json:"customer_name"` // "Visitor 7Q2K" when unknown
	AgentName    string `json:"agent_name"`
	TeamName     string `json:"team_name,omitempty"`
	// Place is where it stands in a list: the cursor of what comes after it. Of two
	// rows, compared as texts, that of the later one is the higher, or the lower
	// where the list falls (newest first, urgent first).
	Place string `json:"place,omitempty"`
}

// ConversationView is GET /api/v1/conversations/{id}: everything but the logs,
// which come over the socket or from …/entries?log=&after=&limit=.
type ConversationView struct {
	ConversationRow
	Person  chat.Customer         `json:"person"`
	Handoff *chat.Handoff         `json:"handoff"` // newest, null if there was none
	Earlier []ConversationSummary `json:"earlier"` // this customer's others, newest first, at most 10
}

// EntryList is GET /api/v1/conversations/{id}/entries.
type EntryList struct {
	Data []chat.Entry `json:"data"`
}

// MoveRequest is the body of POST /api/v1/conversations/{id}/claim, /release
// and /wake, and a part of the other moves'. Epoch is the one that the agent saw,
// Seen the customer's last message: another one is a 409 with code stale.
type MoveRequest struct {
	Epoch int64 `json:"epoch" minimum:"1"`
	Seen  int64 `json:"seen,omitempty" minimum:"0" doc:"customer_seq as the agent saw it; 0 for any. Claim and release do not look at it"`
}

// NotedRequest is the body of …/decline. Note goes into the staff's log.
type NotedRequest struct {
	MoveRequest
	Note string `json:"note,omitempty" maxLength:"4000" doc:"For the staff's log; the customer never sees it"`
}

// CloseRequest is the body of …/close.
type CloseRequest struct {
	NotedRequest
	Outcome chat.Outcome `json:"outcome,omitempty" enum:",solved,no_reply,duplicate,spam,other"`
}

// AssignRequest is the body of …/assign.
type AssignRequest struct {
	NotedRequest
	Agent uuid.UUID `json:"agent"`
}

// TransferRequest is the body of …/transfer: with an agent as assign, with a team
// to its queue, with neither to everybody's.
type TransferRequest struct {
	NotedRequest
	Agent uuid.UUID `json:"agent,omitzero"`
	Team  uuid.UUID `json:"team,omitzero"`
}

// SnoozeRequest is the body of …/snooze.
type SnoozeRequest struct {
	MoveRequest
	Until time.Time `json:"until" doc:"Within a year. Earlier, where an answer is promised before"`
}

// TeamList is GET /api/v1/teams, oldest first.
type TeamList struct {
	Data []chat.Team `json:"data"`
}

// TeamRequest is the body of PUT /api/v1/teams/{id}: the whole of it.
type TeamRequest struct {
	Name    string      `json:"name" minLength:"1" maxLength:"80"`
	Members []uuid.UUID `json:"members" maxItems:"500"`
}

// AssistRequest is the body of POST /api/v1/conversations/{id}/assist/…: what
// is used of it depends on the use.
type AssistRequest struct {
	Text   string   `json:"text,omitempty" maxLength:"8192" doc:"Of reword and translate"`
	Manner string   `json:"manner,omitempty" doc:"Of reword: shorter, kinder or formal"`
	To     string   `json:"to,omitempty" maxLength:"35" doc:"Of translate: a BCP 47 tag"`
	Tags   []string `json:"tags,omitempty" maxItems:"200" doc:"Of tags: those to choose from"`
}

// AssistReply is what an agent may use. By says who made it: a language model,
// or rules; Note why a model's text was not taken.
type AssistReply struct {
	Text      string          `json:"text,omitempty"`
	Title     string          `json:"title,omitempty" doc:"Of article"`
	Tags      []string        `json:"tags" doc:"Of tags"`
	Citations []chat.Citation `json:"citations,omitempty" doc:"Of suggest: what it rests on"`
	By        string          `json:"by" enum:"model,rules"`
	Note      string          `json:"note,omitempty"`
}

// ReplyRequest is the body of POST /api/v1/conversations/{id}/reply. ClientID
// (UUID v7) makes it safe to repeat. A conversation that nobody has is
// claimed by it. Citations are those of the suggested reply, if it was used.
type ReplyRequest struct {
	ClientID  uuid.UUID       `json:"client_id"`
	Text      string          `json:"text" maxLength:"8192" doc:"May be empty beside files"`
	Note      bool            `json:"note,omitempty" doc:"A private note instead of a reply"`
	Files     []uuid.UUID     `json:"files,omitempty" maxItems:"10" doc:"Those that were uploaded for this conversation"`
	Citations []chat.Citation `json:"citations,omitempty"`
	Mentions  []uuid.UUID     `json:"mentions,omitempty" doc:"Members of the staff whom a note names"`
}

// TranscriptRequest is the body of POST /api/v1/conversations/{id}/transcript.
// ClientID (UUID v7) makes it safe to repeat.
type TranscriptRequest struct {
	ClientID uuid.UUID `json:"client_id"`
	Email    string    `json:"email,omitempty" maxLength:"254" doc:"Left out: what is known of the customer"`
}

// ArticleRequest is the body of POST /api/v1/articles and PUT /api/v1/articles/{id}.
// With PUT, Version must be the version that was edited: another one is a 409.
type ArticleRequest struct {
	Title      string               `json:"title" minLength:"1" maxLength:"300"`
	Body       string               `json:"body" maxLength:"1000000"`
	URL        string               `json:"url,omitempty" maxLength:"2000"`
	Tags       []string             `json:"tags,omitempty"`
	Locale     string               `json:"locale,omitempty" maxLength:"35"`
	Visibility knowledge.Visibility `json:"visibility" enum:"public,internal"`
	Status     knowledge.Status     `json:"status" enum:"draft,published,archived"`
	Questions  []string             `json:"questions,omitempty" maxItems:"100" doc:"What customers ask, in their words, that the article answers. Left out, they stay as they are"`
	Version    uuid.UUID            `json:"version,omitzero"`
}

// ArticleList is GET /api/v1/articles?q=&status=&visibility=&cursor=&limit=. Articles come without body.
type ArticleList struct {
	Data       []knowledge.Article `json:"data"`
	NextCursor string              `json:"next_cursor"`
	Total      int                 `json:"total"`
}

// ImportRequest is the body of POST /api/v1/import: articles of one source, a
// batch at a time. With Sync on the last batch, articles of the source that
// Keep does not name are archived.
type ImportRequest struct {
	Source   string            `json:"source" minLength:"1" maxLength:"200"`
	Articles []knowledge.Input `json:"articles" maxItems:"500"`
	Sync     bool              `json:"sync,omitempty"`
	Keep     []string          `json:"keep,omitempty" doc:"External ids of the whole source, with sync"`
}

// ImportReport is its answer. POST /api/v1/import/files takes a multipart
// upload of .md, .html, .jsonl and .csv files (field "files") and answers the same.
type ImportReport struct {
	Added     int       `json:"added"`
	Changed   int       `json:"changed"`
	Unchanged int       `json:"unchanged"`
	Archived  int       `json:"archived"`
	Problems  []Problem `json:"problems"`
}

// Problem is an input that was left out, and what to do about it.
type Problem struct {
	Path string `json:"path"`
	Line int    `json:"line,omitempty"`
	What string `json:"what"`
	Do   string `json:"do"`
}

// QuestionList is GET /api/v1/questions?status=&origin=&article=&cursor=&limit=.
type QuestionList struct {
	Data       []knowledge.Question `json:"data"`
	NextCursor string               `json:"next_cursor"`
	Total      int                  `json:"total"`
}

// QuestionImport is the body of POST /api/v1/questions/import: a part of a
// help desk's history. Its answer is a knowledge.QuestionReport. The same part
// again changes nothing.
type QuestionImport struct {
	Exchanges    []knowledge.Exchange `json:"exchanges" maxItems:"500"`
	AcceptLinked bool                 `json:"accept_linked,omitempty" doc:"Accept the questions whose answer links to the article"`
}

// QuestionDecision is the body of POST /api/v1/questions/decide.
type QuestionDecision struct {
	IDs    []uuid.UUID              `json:"ids" minItems:"1" maxItems:"500"`
	Status knowledge.QuestionStatus `json:"status" enum:"accepted,rejected"`
}

// QuestionsDecided is its answer: how many were not so before.
type QuestionsDecided struct {
	Changed int `json:"changed"`
}

// KnowledgeStatus is GET /api/v1/knowledge/status.
type KnowledgeStatus struct {
	Articles int    `json:"articles"` // published
	Chunks   int    `json:"chunks"`
	Vectors  int    `json:"vectors"`
	Pending  int    `json:"pending"` // chunks that have no vector yet: found by words only
	Model    string `json:"model"`
	Version  int64  `json:"version"`
}

// PreviewRequest is the body of POST /api/v1/preview, whose answer is Preview.
type PreviewRequest struct {
	Body string `json:"body" maxLength:"1000000"`
}

// Preview is Markdown as customers will see it.
type Preview struct {
	Blocks []chat.Block `json:"blocks"`
}

// AskRequest is the body of POST /api/v1/ask: one question, no conversation.
type AskRequest struct {
	Text    string `json:"text" minLength:"1" maxLength:"8192"`
	History []Turn `json:"history,omitempty" maxItems:"100"`
	Locale  string `json:"locale,omitempty" maxLength:"35" doc:"The customer's language, as BCP 47."`
	Explain bool   `json:"explain,omitempty" doc:"Say why: what was found, and what counted for what."`
	NoModel bool   `json:"no_model,omitempty" doc:"Answer without the language model."`
}

// Turn is one earlier message.
type Turn struct {
	Role string `json:"role" enum:"user,assistant"`
	Text string `json:"text"`
}

// AskReply is the bot's decision, as design.md's section on contracts has it.
type AskReply struct {
	Action     chat.Action       `json:"action"`
	Confidence float64           `json:"confidence"`
	Ranked     []string          `json:"ranked"`
	Cited      []string          `json:"cited"`
	Text       string            `json:"text"`
	Reason     chat.Reason       `json:"reason"`
	MS         float64           `json:"ms"`
	Blocks     []chat.Block      `json:"blocks,omitempty"`
	Answer     *chat.Answer      `json:"answer,omitempty"`
	Explain    *chat.Explanation `json:"explain,omitempty"`
}

// TurnReplays is GET /api/v1/turns/{id}/replay: a turn of the bot, or those of
// a conversation in order, taken once more from what was recorded.
type TurnReplays struct {
	Data []TurnReplay `json:"data"`
}

// TurnReplay is one turn taken once more.
type TurnReplay struct {
	Turn         uuid.UUID       `json:"turn"`
	Conversation uuid.UUID       `json:"conversation"`
	At           time.Time       `json:"at"`
	Equal        bool            `json:"equal"` // the decision is the same, byte for byte
	Differs      []Difference    `json:"differs,omitempty"`
	Notes        []string        `json:"notes,omitempty"` // what is not as it was then
	Build        string          `json:"build"`           // version of the program that took the turn
	Then         json.RawMessage `json:"then"`            // the decision
	Again        json.RawMessage `json:"again,omitempty"` // absent where nothing could be decided
	Record       json.RawMessage `json:"record,omitempty"`
}

// Difference is a field that came out otherwise, with its JSON; "" where it is absent.
type Difference struct {
	Field string `json:"field"`
	Then  string `json:"then"`
	Again string `json:"again"`
}

// PresenceRequest is the body of PUT /api/v1/presence.
type PresenceRequest struct {
	State chat.PresenceState `json:"state" enum:"online,away,offline"`
}

// UserList is GET /api/v1/users, with everybody's presence.
type UserList struct {
	Data     []StaffMember   `json:"data"`
	Presence []chat.Presence `json:"presence"`
}

// StyleRequest is the body of PUT /api/v1/inboxes/{id}/style. Revision is the
// one that the new style follows; 0 for the first.
type StyleRequest struct {
	Revision int64      `json:"revision" minimum:"0"`
	Style    chat.Style `json:"style"`
}

// PromptDraftRequest is the body of PUT …/prompts/{name}/draft. The text ""
// discards the draft. Revision is that of the inbox's prompts, all together.
type PromptDraftRequest struct {
	Revision int64  `json:"revision" minimum:"0"`
	Text     string `json:"text" maxLength:"8192"`
}

// PromptLiveRequest is the body of POST …/prompts/{name}/live.
type PromptLiveRequest struct {
	Revision int64 `json:"revision" minimum:"1"`
}

// PromptRestoreRequest is the body of POST …/prompts/{name}/restore: what was
// live at the revision From is live again; 0 is the default.
type PromptRestoreRequest struct {
	Revision int64 `json:"revision" minimum:"0"`
	From     int64 `json:"from" minimum:"0"`
}

// PromptTryRequest is the body of POST …/prompts/{name}/try: at most 5
// questions; none takes those that customers asked last.
type PromptTryRequest struct {
	Text      string   `json:"text" minLength:"1" maxLength:"8192"`
	Questions []string `json:"questions" maxItems:"5"`
}

// VoiceHistory is GET /api/v1/inboxes/{id}/voice/history.
type VoiceHistory struct {
	Data []chat.VoiceChange `json:"data"`
}

// IdentityKeys are an inbox's secrets by name: GET /api/v1/inboxes/{id}/identity.
type IdentityKeys struct {
	Data []chat.IdentityKey `json:"data"` // newest first
}

// NewIdentityKey is a new secret: POST …/identity/rotate. It is shown this once.
type NewIdentityKey struct {
	Key    chat.IdentityKey `json:"key"`
	Secret string           `json:"secret"`
}

// ImportIdentityKey is the body of POST …/identity/import: the secret with
// which a site made the user_hash for another product.
type ImportIdentityKey struct {
	Secret string `json:"secret" maxLength:"1024"`
}

// MergeList lists the visitors whose conversations became a customer's.
type MergeList struct {
	Data []chat.Merge `json:"data"` // newest first
}

// MailSettings are whom e-mail comes from: PUT /api/v1/mail.
type MailSettings struct {
	From    string `json:"from" doc:"Address; empty for the mail server's own" maxLength:"254"`
	Name    string `json:"name" doc:"Empty for the inbox's brand" maxLength:"100"`
	ReplyTo string `json:"reply_to" maxLength:"254"`
}

// MailView is how e-mail stands: GET /api/v1/mail.
type MailView struct {
	Server   string       `json:"server"` // "" when none is set
	Sender   string       `json:"sender"` // what From falls back to, "" if there is nothing
	Settings MailSettings `json:"settings"`
	Recent   []chat.Mail  `json:"recent"` // newest first, at most 20
}

// MailTest is the body of POST /api/v1/mail/test.
type MailTest struct {
	To string `json:"to" maxLength:"254"`
}

// MailTested is the answer when the server took it.
type MailTested struct {
	Server string `json:"server"`
	TLS    string `json:"tls"` // "TLS 1.3", "none"
	MS     int64  `json:"ms"`
}
