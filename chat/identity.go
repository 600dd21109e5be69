package chat

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Level says how surely it is known who a customer is.
type Level string

// The levels, from the least to the most.
const (
	LevelAnonymous Level = "anonymous"
	LevelGiven     Level = "e-mail given" // by the customer, or by the site some time ago: nobody vouches for it now
	// LevelVouched: the site named the customer in a way that never expires (user_hash). Whoever has seen it once can
	// show it again, so it opens the customer's own conversations and nothing that needs LevelVerified.
	LevelVouched  Level = "vouched"
	LevelVerified Level = "verified" // by a signed token that expires, or by a code sent to the address
)

var levels = []Level{LevelAnonymous, LevelGiven, LevelVouched, LevelVerified}

// AtLeast reports whether l is need or above. A level that is none of the known ones is below all of them.
func (l Level) AtLeast(need Level) bool {
	return slices.Index(levels, l) >= slices.Index(levels, need) && slices.Contains(levels, need)
}

// Proof is how a customer showed who they are.
type Proof string

// The proofs.
const (
	ProofToken Proof = "token" // the site's signed token
	ProofCode  Proof = "code"  // a code sent to the e-mail address
	ProofHash  Proof = "hash"  // the site's user_hash
)

// Verification is a customer's last proof. The zero value is none.
type Verification struct {
	By    Proof     `json:"by"`
	Until time.Time `json:"until"` // until when it counts
	Email bool      `json:"email"` // the e-mail address is the customer's own
}

// Level gives how surely it is known at a time who c is.
func (c Customer) Level(now time.Time) Level {
	live := c.Verification.Until.After(now)
	switch {
	case live && (c.Verification.By == ProofToken || c.Verification.By == ProofCode):
		return LevelVerified
	case live && c.Verification.By == ProofHash:
		return LevelVouched
	case c.Email != "":
		return LevelGiven
	}
	return LevelAnonymous
}

// IdentityKey is a secret that an inbox's site and Frontdesk share, to vouch for customers with.
type IdentityKey struct {
	ID        uuid.UUID `json:"id"` // a token may name it as its kid
	Inbox     uuid.UUID `json:"inbox"`
	Use       Proof     `json:"use"` // ProofToken or ProofHash
	Secret    []byte    `json:"-"`
	CreatedAt time.Time `json:"created_at"`
}

// LiveKeys is how many keys of an inbox and use count at a time: the one in use, and the one it takes the place of.
const LiveKeys = 2

// IdentityCode is a one-time code that was sent to an e-mail address. Of a conversation's codes the newest counts.
type IdentityCode struct {
	ID           uuid.UUID
	Conversation uuid.UUID
	Customer     uuid.UUID
	Email        string
	Hash         []byte // of the code, keyed
	Tries        int    // tries that are left
	CreatedAt    time.Time
	Until        time.Time
}

// CodeLimit bounds how many codes there may be since a time.
type CodeLimit struct {
	Since                time.Time
	Conversation, Emails int // of one conversation; to one address in any case of letters
}

// Merge records that an anonymous customer's conversations became another's.
type Merge struct {
	ID            uuid.UUID   `json:"id"`
	From          uuid.UUID   `json:"from"`
	Into          uuid.UUID   `json:"into"`
	Conversations []uuid.UUID `json:"conversations"` // what was moved
	At            time.Time   `json:"at"`
	UndoneAt      time.Time   `json:"undone_at,omitzero"`
	UndoneBy      uuid.UUID   `json:"undone_by,omitzero"`
}

// MailState says how far an e-mail got.
type MailState string

// The states of an e-mail.
const (
	MailQueued  MailState = "queued"  // it waits for its first or next try
	MailSending MailState = "sending" // it is on its way; a crash leaves it so
	MailSent    MailState = "sent"    // the mail server took it
	MailFailed  MailState = "failed"  // given up
	// MailUnknown: the connection, or we, were lost after the letter was handed over and before the server's answer. It is
	// not sent again: nothing comes twice.
	MailUnknown MailState = "unknown"
)

// Mail records an e-mail, without its text.
type Mail struct {
	ID           uuid.UUID `json:"id"`
	Kind         string    `json:"kind"` // what wrote it
	Conversation uuid.UUID `json:"conversation,omitzero"`
	To           string    `json:"to"` // "" until it was written
	State        MailState `json:"state"`
	Attempts     int       `json:"attempts"`
	Error        string    `json:"error,omitempty"` // of the last try
	// Seq is the last number of the conversation's log that it brings, if it brings a part of that.
	Seq       int64     `json:"seq,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Resume is a link that resumes one conversation, for whoever reads the mailbox that it went to.
type Resume struct {
	Hash         []byte // SHA-256 of its token
	Conversation uuid.UUID
	Email        string
	CreatedAt    time.Time
	Until        time.Time
}
