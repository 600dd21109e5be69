package protocol

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// StaffMember is a user with the ways in which she can sign in. One with
// neither a password nor a provider has not taken the invitation yet.
type StaffMember struct {
	chat.User
	Password bool      `json:"password"`
	Provider bool      `json:"provider"` // tied to an identity at the identity provider
	LinkEnds time.Time `json:"link_ends,omitzero"`
}

// PhotoRequest is the body of PUT /api/v1/account/photo.
type PhotoRequest struct {
	Picture []byte `json:"picture,omitempty" doc:"JPEG, PNG or GIF of at most 4 MB, in base64: its middle becomes the photo. Nothing takes the photo away"`
}

// InviteRequest is the body of POST /api/v1/users/invite.
type InviteRequest struct {
	Name  string    `json:"name" minLength:"1" maxLength:"80"`
	Email string    `json:"email" format:"email" maxLength:"254"`
	Role  chat.Role `json:"role" enum:"owner,admin,agent,editor,viewer"`
}

// UserLink is a link with which somebody sets a password, once. It is in the
// answer only if it was not sent by e-mail.
type UserLink struct {
	User  StaffMember `json:"user"`
	Sent  bool        `json:"sent"`
	Link  string      `json:"link,omitempty"`
	Fault string      `json:"fault,omitempty"` // why it was not sent although e-mail is set up
	Ends  time.Time   `json:"ends"`
}

// UserChangeRequest is the body of PUT /api/v1/users/{id}; what is left out stays.
type UserChangeRequest struct {
	Name     string     `json:"name,omitempty" maxLength:"80"`
	Role     *chat.Role `json:"role,omitempty" enum:"owner,admin,agent,editor,viewer"`
	Disabled *bool      `json:"disabled,omitempty"`
	Untie    bool       `json:"untie,omitempty" doc:"Forget who she is at the identity provider"`
}

// LinkLook is the body of POST /api/v1/links/look.
type LinkLook struct {
	Token string `json:"token" minLength:"1" maxLength:"100"`
}

// LinkFound is whom a link belongs to.
type LinkFound struct {
	Name      string `json:"name"`
	Email     string `json:"email"`
	Workspace string `json:"workspace"`
	New       bool   `json:"new"` // an invitation: there was no password before
}

// LinkUse is the body of POST /api/v1/links/use: it sets the password and signs in.
type LinkUse struct {
	Token    string `json:"token" minLength:"1" maxLength:"100"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

// Account is the own account: GET /api/v1/account.
type Account struct {
	User     StaffMember         `json:"user"`
	Session  uuid.UUID           `json:"session"` // that of the request
	Sessions []chat.StaffSession `json:"sessions"`
}

// AccountRequest is the body of PUT /api/v1/account.
type AccountRequest struct {
	Name string `json:"name" minLength:"1" maxLength:"80"`
}

// PasswordRequest is the body of PUT /api/v1/account/password. All other
// sessions end.
type PasswordRequest struct {
	Current  string `json:"current" maxLength:"200"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

// SessionsEnded says how many sessions ended.
type SessionsEnded struct {
	Ended int `json:"ended"`
}

// SignInOptions is GET /api/v1/sign-in: how one can sign in.
type SignInOptions struct {
	Provider  string             `json:"provider"` // label of the identity provider's button; "" for none
	Passwords chat.PasswordsRule `json:"passwords"`
}

// StaffSettings are what an owner sets about the staff: PUT /api/v1/staff/settings.
type StaffSettings struct {
	Passwords chat.PasswordsRule `json:"passwords" enum:"everybody,owners"`
	AuditDays int                `json:"audit_days" minimum:"30" maximum:"3650" doc:"For how long the audit log is kept"`
}

// StaffSettingsView is GET /api/v1/staff/settings.
type StaffSettingsView struct {
	Settings StaffSettings `json:"settings"`
	Provider SSOView       `json:"provider"`
}

// SSOView is how the identity provider stands. The zero value: none is set up.
type SSOView struct {
	Label       string            `json:"label"`
	Issuer      string            `json:"issuer"`
	ClientID    string            `json:"client_id"`
	RedirectURI string            `json:"redirect_uri"`
	Domains     []string          `json:"domains"`
	Role        chat.Role         `json:"role"` // of new users; "" if nobody new is let in
	Claim       string            `json:"claim"`
	Roles       map[string]string `json:"roles"` // role by the claim's value
	Fault       string            `json:"fault"` // why it cannot be used now
}

// AuditList is GET /api/v1/audit.
type AuditList struct {
	Data       []chat.AuditEntry `json:"data"`
	NextCursor string            `json:"next_cursor"`
}

// AuditActions is GET /api/v1/audit/actions: what the log can hold.
type AuditActions struct {
	Data []AuditAction `json:"data"`
}

// AuditAction is one of them.
type AuditAction struct {
	Action  string `json:"action"`
	Summary string `json:"summary"`
}
