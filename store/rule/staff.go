package rule

import (
	"bytes"
	"strconv"
	"time"

	"frontdesk/chat"
)

// CheckRole says what is wrong with a role, as CodeInvalid.
func CheckRole(r chat.Role) error {
	switch r {
	case chat.RoleOwner, chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer:
		return nil
	}
	return invalid("there is no role %q", r)
}

// ChangeUser changes u; owners is how many others are owners and may sign in.
// One must be left: CodeConflict.
func ChangeUser(u *chat.User, c chat.UserChange, owners int, now time.Time) error {
	now = now.UTC().Truncate(time.Microsecond)
	if c.Uses != nil {
		if len(u.Link.Hash) == 0 || !bytes.Equal(u.Link.Hash, c.Uses) || !now.Before(u.Link.Until) {
			return chat.Errorf(chat.CodeStale, "the link was used, replaced or has expired")
		}
		u.Link = chat.StaffLink{}
	}
	wasOwner := u.Role == chat.RoleOwner && u.Disabled.IsZero()
	if c.Name != nil {
		u.Name = *c.Name
	}
	if c.Role != nil {
		if err := CheckRole(*c.Role); err != nil {
			return err
		}
		u.Role = *c.Role
	}
	if c.PasswordHash != nil {
		u.PasswordHash = *c.PasswordHash
	}
	switch {
	case c.Disabled == nil:
	case !*c.Disabled:
		u.Disabled = time.Time{}
	case u.Disabled.IsZero():
		u.Disabled = now
	}
	if c.Link != nil {
		u.Link = *c.Link
		u.Link.Until = u.Link.Until.UTC().Truncate(time.Microsecond)
	}
	if c.Identity != nil {
		none := chat.StaffIdentity{}
		if u.Identity != none && *c.Identity != none && u.Identity != *c.Identity {
			return chat.Errorf(chat.CodeConflict, "the user is tied to another identity")
		}
		u.Identity = *c.Identity
	}
	if isOwner := u.Role == chat.RoleOwner && u.Disabled.IsZero(); wasOwner && !isOwner && owners == 0 {
		return chat.Errorf(chat.CodeConflict, "this is the last owner: make somebody else an owner first")
	}
	return nil
}

// NewAudit is an entry with what it needs to be stored.
func NewAudit(e chat.AuditEntry) (chat.AuditEntry, error) {
	var err error
	if e.ID, err = NewID(e.ID); err != nil {
		return chat.AuditEntry{}, err
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	return e, nil
}

// AuditLimit is the limit of a page of the audit log, and the number below
// which it begins.
func AuditLimit(q chat.AuditQuery) (limit int, before int64, err error) {
	if limit, err = PageLimit(q.Limit); err != nil {
		return 0, 0, err
	}
	before, err = ParseRevision(q.Cursor)
	return limit, before, err
}

// AuditPage is the page, of at most limit, that begins with found, whose
// numbers are in the same order. One more than limit means that there is a next page.
func AuditPage(found []chat.AuditEntry, numbers []int64, limit int) chat.AuditPage {
	if len(found) <= limit {
		return chat.AuditPage{Entries: found}
	}
	return chat.AuditPage{Entries: found[:limit], Next: strconv.FormatInt(numbers[limit-1], 10)}
}
