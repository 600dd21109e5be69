package chat

import (
	"time"

	"github.com/google/uuid"
)

// Workspace owns everything else: articles, inboxes, users, customers,
// conversations. A fresh install has one.
type Workspace struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// Inbox is one site or channel of a workspace.
type Inbox struct {
	ID        uuid.UUID     `json:"id"`
	Workspace uuid.UUID     `json:"-"`
	Key       string        `json:"key"` // public, unique in the installation: it stands in the embed tag
	Name      string        `json:"name"`
	Settings  InboxSettings `json:"settings"`
	CreatedAt time.Time     `json:"created_at"`
	// Revision counts the changes, from 1. Whoever changes an inbox gives the one that they have seen; 0 changes it
	// whatever happened since.
	Revision int `json:"revision"`
}

// InboxSettings is what an operator sets for an inbox.
type InboxSettings struct {
	Sites    []string `json:"sites"`    // origins that may embed it ("https://shop.example"); empty allows any
	Brand    string   `json:"brand"`    // the name customers see
	Colour   string   `json:"colour"`   // "#rrggbb"; "" is Frontdesk's own accent
	Greeting string   `json:"greeting"` // headline of the welcome screen
	Starters []string `json:"starters"` // up to 3 questions to begin with
	Locales  []string `json:"locales"`  // BCP 47, first is the default
	Timezone string   `json:"timezone"` // IANA, "" is UTC
	Hours    Hours    `json:"hours"`    // when people answer
	Holidays []string `json:"holidays"` // days without anybody, as "2026-12-25" in Timezone
	// Emergency is what the bot says to somebody in danger, in the place of its
	// own words; "" leaves those.
	Emergency string `json:"emergency,omitempty"`
	// Answering says when the bot answers by itself; "" is AnswerThreshold.
	Answering Answering `json:"answering,omitempty"`
	// Privacy says what is kept of customers beyond what they write.
	Privacy Privacy `json:"privacy,omitzero"`
	Survey  Survey  `json:"survey,omitzero"` // what is asked at the end; the zero value asks for csat
	// Appearance is how the widget looks beyond Brand, Colour, Greeting and Starters.
	Appearance Appearance `json:"appearance,omitzero"`
	// NoFiles takes no files from the customers of this inbox, whatever the workspace takes.
	NoFiles bool `json:"no_files,omitempty"`
	// Proactive are the messages that the widget shows by itself. The first that fits is shown.
	Proactive []ProactiveRule `json:"proactive,omitempty"`
}

// Answering says when an inbox's bot answers by itself.
type Answering string

// The ways of answering.
const (
	AnswerThreshold Answering = "threshold" // when its confidence reaches the threshold
	AnswerEarned    Answering = "earned"    // and the topic has shown to be answered well
)

// MaxProactive is how many rules an inbox may have: more than anybody keeps in mind.
const MaxProactive = 20

// ProactiveRule is a message that the widget shows by itself to a visitor who
// reads on one of Pages: once a visit at most, and never after she dismissed it.
type ProactiveRule struct {
	ID   string `json:"id" maxLength:"40" doc:"Made with the rule; what was seen and dismissed is remembered under it"`
	Text string `json:"text" maxLength:"200"`
	// After is how long the page is looked at before, in seconds.
	After int `json:"after" minimum:"0" maximum:"3600" doc:"Seconds on the page before"`
	// Pages are patterns for the path of the page, or for its whole address where they begin with a scheme: * is any
	// run of characters. None: every page.
	Pages []string `json:"pages,omitempty" maxItems:"20" doc:"Patterns of paths, or of addresses; * is any run of characters. None: every page"`
	// Locales are languages ("de", "pt-BR") of the visitor. None: every language.
	Locales []string `json:"locales,omitempty" maxItems:"20" doc:"Languages of the visitor; none: every language"`
	// EveryDays is how many days lie between two times that a visitor sees it; 0: once and never again.
	EveryDays int `json:"every_days,omitempty" minimum:"0" maximum:"365" doc:"Days until a visitor sees it again; 0: once and never again"`
	// Closed shows it also while nobody is there.
	Closed bool `json:"closed,omitempty" doc:"Also while nobody is there"`
	Off    bool `json:"off,omitempty"`
}

// OpenerCount is how often a rule's message was shown, opened and answered.
type OpenerCount struct {
	Rule     string `json:"rule"`
	Shown    int64  `json:"shown"`
	Opened   int64  `json:"opened"`
	Answered int64  `json:"answered"`
}

// Hours are a week's opening hours, indexed by time.Weekday. A day without
// times is closed; a week without any day means "Monday to Friday, 9 to 17".
type Hours [7]struct {
	Open  string `json:"open"`  // "09:00"
	Close string `json:"close"` // "17:00"
}

// Customer is somebody who asks. Most are anonymous: known by the hash of
// the visitor token in their browser.
type Customer struct {
	ID        uuid.UUID `json:"id"`
	Workspace uuid.UUID `json:"-"`
	TokenHash []byte    `json:"-"` // SHA-256 of the visitor token
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Locale    string    `json:"locale"`
	CreatedAt time.Time `json:"created_at"`
	// Subject is the site's own id of somebody whom it has named, SubjectInbox the inbox whose site that is.
	Subject      string       `json:"subject,omitempty"`
	SubjectInbox uuid.UUID    `json:"-"`
	Verification Verification `json:"verification,omitzero"`
	// Attributes are what is known beside, by name, then source. ConsentedAt is since when the customer agrees that what
	// the page says is kept; zero: they do not.
	Attributes  []Attribute `json:"attributes,omitempty"`
	ConsentedAt time.Time   `json:"consented_at,omitzero"`
}

// Role is what a user may do. Each includes those after it, except that
// agent and editor stand side by side.
type Role string

// The roles.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleAgent  Role = "agent"
	RoleEditor Role = "editor"
	RoleViewer Role = "viewer"
)

// Can reports whether a user of role r may do what need asks for.
func (r Role) Can(need Role) bool {
	switch r {
	case RoleOwner:
		return true
	case RoleAdmin:
		return need != RoleOwner
	case RoleAgent, RoleEditor:
		return need == r || need == RoleViewer
	case RoleViewer:
		return need == RoleViewer
	}
	return false
}

// Team is a group of agents that conversations can wait for.
type Team struct {
	ID        uuid.UUID   `json:"id"`
	Workspace uuid.UUID   `json:"-"`
	Name      string      `json:"name"`    // unique in the workspace, in any case of letters
	Members   []uuid.UUID `json:"members"` // users, by id
	CreatedAt time.Time   `json:"created_at"`
}

// PresenceState is what an agent says of herself.
type PresenceState string

// The states. An agent whose last sign of life is older than PresenceTTL is
// offline, whatever was said.
const (
	PresenceOnline  PresenceState = "online"
	PresenceAway    PresenceState = "away"
	PresenceOffline PresenceState = "offline"
)

// PresenceTTL is how long a sign of life counts: two missed heartbeats of a
// console (25 s each) and a margin.
const PresenceTTL = 60 * time.Second

// Presence is an agent's state and last sign of life.
type Presence struct {
	User   uuid.UUID     `json:"user"`
	Name   string        `json:"name"`
	Photo  uuid.UUID     `json:"photo,omitzero"` // as in Sender
	State  PresenceState `json:"state"`
	SeenAt time.Time     `json:"seen_at"`
}

// Lease is the right to be the only one at something until Until. Fence rises
// each time the lease changes hands.
type Lease struct {
	Key    string
	Holder string
	Fence  int64
	Until  time.Time
}

// Job is work for later: at least once, by one node at a time.
type Job struct {
	ID       uuid.UUID
	Kind     string
	Args     []byte // JSON
	Unique   string // if set, a second job of the same kind and Unique is not added while one waits
	RunAt    time.Time
	Attempts int // how often it was started
	Error    string
}

// Blob is a file's metadata. Its bytes lie in the store, so that a backup is
// whole.
type Blob struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	Type      string    `json:"type"` // sniffed media type
	Size      int64     `json:"size"`
	SHA256    []byte    `json:"-"`
	CreatedAt time.Time `json:"created_at"`
	// Width and Height are a picture's, in pixels; 0 where they are not known.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Conversation is where it belongs, By who uploaded it. Entry is the client id of the entry that holds it, in Log; zero
	// while it was not sent.
	Conversation uuid.UUID `json:"-"`
	By           Sender    `json:"-"`
	Log          Log       `json:"-"`
	Entry        uuid.UUID `json:"-"`
}

// File is the blob as entries name it.
func (b Blob) File() File {
	return File{ID: b.ID, Name: b.Name, Type: b.Type, Size: b.Size, Width: b.Width, Height: b.Height}
}
