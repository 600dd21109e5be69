package chat

import (
	"time"

	"github.com/google/uuid"
)

// User is a member of the staff.
type User struct {
	ID           uuid.UUID     `json:"id"`
	Workspace    uuid.UUID     `json:"-"`
	Email        string        `json:"email"` // lower case, unique in the workspace
	Name         string        `json:"name"`  // customers see it
	Role         Role          `json:"role"`
	PasswordHash string        `json:"-"`                    // argon2id, PHC string; "" for who signs in by other ways
	Disabled     time.Time     `json:"disabled_at,omitzero"` // since when she may not sign in; zero: she may
	Identity     StaffIdentity `json:"-"`                    // who she is at the identity provider
	Link         StaffLink     `json:"-"`                    // with which she may set a password
	Photo        uuid.UUID     `json:"photo,omitzero"`       // as in Sender
	CreatedAt    time.Time     `json:"created_at"`
}

// StaffIdentity is who a user is at an identity provider: the subject never
// changes there, an e-mail address may. The zero value is nobody.
type StaffIdentity struct {
	Issuer  string
	Subject string
}

// StaffLink lets whoever holds its token set a password, once. The zero value
// is no link.
type StaffLink struct {
	Hash  []byte    // SHA-256 of the token
	Until time.Time // when it expires
}

// UserChange changes a user; what is nil stays.
type UserChange struct {
	Name         *string
	Role         *Role
	PasswordHash *string
	Disabled     *bool // true ends her sessions and takes her offline
	// Identity ties her to an identity, or unties her (zero). It is CodeConflict
	// to tie one who is tied to another.
	Identity *StaffIdentity
	Link     *StaffLink // replaces the one before; zero takes it away
	// Uses is the hash of the link that allows the change, which takes it away.
	// CodeStale: she has no such link, or it has expired.
	Uses []byte
}

// StaffSession is a sign-in that lasts.
type StaffSession struct {
	ID        uuid.UUID `json:"id"`
	User      uuid.UUID `json:"-"`
	Way       SignInWay `json:"way"`
	Address   string    `json:"address"` // from which it began
	Device    string    `json:"device"`  // the browser's User-Agent then
	CreatedAt time.Time `json:"created_at"`
	UsedAt    time.Time `json:"used_at"`    // to within some minutes
	ExpiresAt time.Time `json:"expires_at"` // unless it is used before
}

// SignInWay is how somebody signed in.
type SignInWay string

// The ways of signing in.
const (
	SignInPassword SignInWay = "password"
	SignInProvider SignInWay = "provider" // the identity provider
	SignInLink     SignInWay = "link"     // an invitation, or a link to set a new password
)

// AuditEntry is something that somebody did. Entries are never changed; they go
// when they are older than the workspace keeps them.
type AuditEntry struct {
	ID     uuid.UUID   `json:"id"`
	At     time.Time   `json:"at"`
	Actor  AuditActor  `json:"actor"`
	Action string      `json:"action"` // id of the API's operation, or one of the Audit actions
	Object AuditObject `json:"object"`
	// Detail says more: what changed, from what to what. It holds no secret.
	Detail  map[string]string `json:"detail"`
	Address string            `json:"address"` // of the client; "" for the operator
}

// What the audit log holds beside the API's operations.
const (
	AuditSignIn       = "signIn"
	AuditSignInFailed = "signInFailed"
	AuditLinked       = "linkIdentity" // a user was tied to an identity at the provider
)

// AuditActor is who did it.
type AuditActor struct {
	Kind AuditKind `json:"kind"`
	ID   uuid.UUID `json:"id,omitzero"` // of a user
	Name string    `json:"name"`        // as it was then
}

// AuditKind is what an actor is.
type AuditKind string

// The kinds of actors.
const (
	AuditUser     AuditKind = "user"
	AuditOperator AuditKind = "operator" // the command line of the installation
	AuditNobody   AuditKind = "nobody"   // not signed in
)

// AuditObject is what it was done to.
type AuditObject struct {
	Kind string `json:"kind"` // "user", "conversation", "article" …; "" for the workspace
	ID   string `json:"id"`
}

// AuditQuery asks for a page of the audit log, newest first. The zero value of
// a field does not restrict.
type AuditQuery struct {
	Actor  uuid.UUID
	Action string
	Object string    // id of an object
	From   time.Time // at or after
	To     time.Time // before
	Cursor string    // of the page before
	Limit  int       // up to 200; 0 is 50
}

// AuditPage is a page of the audit log. Next is "" on the last.
type AuditPage struct {
	Entries []AuditEntry
	Next    string
}

// StaffSettings are what an owner sets about the staff. It is the setting
// StaffSettingsName of a workspace.
type StaffSettings struct {
	Passwords PasswordsRule `json:"passwords"`
	AuditDays int           `json:"audit_days"` // for how long the audit log is kept
}

// StaffSettingsName is the name of the setting.
const StaffSettingsName = "staff"

// DefaultStaffSettings hold until others are set: the log covers a year and the
// month in which somebody looks back at it.
func DefaultStaffSettings() StaffSettings {
	return StaffSettings{Passwords: PasswordsEverybody, AuditDays: 400}
}

// PasswordsRule says who may sign in with a password where there is an
// identity provider.
type PasswordsRule string

// The rules. Owners always may: a provider that is down or set up wrongly shuts
// nobody out for good.
const (
	PasswordsEverybody PasswordsRule = "everybody"
	PasswordsOwners    PasswordsRule = "owners"
)

// SignInFault is why an identity provider's sign-in did not work.
type SignInFault string

// The faults.
const (
	FaultExpired    SignInFault = "expired"    // it took too long, was begun in another browser, or is used already
	FaultCancelled  SignInFault = "cancelled"  // the person said no at the provider
	FaultProvider   SignInFault = "provider"   // the provider cannot be reached, or its answer is not good
	FaultUnverified SignInFault = "unverified" // the provider has not verified the e-mail address
	FaultDomain     SignInFault = "domain"     // the address is of none of the allowed domains
	FaultUnknown    SignInFault = "unknown"    // nobody here has the address, and nobody new is let in
	FaultTied       SignInFault = "tied"       // whoever has the address here is another one at the provider
	FaultDisabled   SignInFault = "disabled"   // may not sign in any more
)

// SignInRefused is an error that says why somebody was not signed in.
type SignInRefused struct {
	Fault SignInFault
	Err   error // for the log
}

// Error says why.
func (e *SignInRefused) Error() string {
	if e.Err == nil {
		return "not signed in: " + string(e.Fault)
	}
	return "not signed in: " + string(e.Fault) + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *SignInRefused) Unwrap() error { return e.Err }

// Claims are what an identity provider says of somebody. All of it was checked.
type Claims struct {
	Identity StaffIdentity
	Email    string // verified by the provider
	Name     string
	Role     Role // for it, by the provider's groups or the default; "" lets in nobody who is not known
	Mapped   bool // the role comes from the groups: it is the provider's to say
}
