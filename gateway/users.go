package gateway

import (
	"context"
	"crypto/rand"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/internal/password"
)

// How long a link to set a password counts: an invitation over a weekend and a
// holiday, a new password until it is looked for in the mail.
const (
	inviteLife = 7 * 24 * time.Hour
	resetLife  = 24 * time.Hour
)

// LinkPath is where the console takes a link's token, after a "#": browsers do
// not send that part, so that no log of a proxy holds it.
const LinkPath = "/console/join#token="

// NewStaffLink makes a link for somebody who has a password, or none yet.
func NewStaffLink(now time.Time, invited bool) (token string, link chat.StaffLink) {
	token = rand.Text()
	life := resetLife
	if invited {
		life = inviteLife
	}
	return token, chat.StaffLink{Hash: hashToken(token), Until: now.Add(life)}
}

// manageable gives a user whom somebody may manage: owners are managed by owners.
func (g *Gateway) manageable(ctx context.Context, who principal, id uuid.UUID) (chat.User, error) {
	u, err := g.store.User(ctx, who.workspace.ID, id)
	if err == nil && u.Role == chat.RoleOwner && who.user.Role != chat.RoleOwner {
		err = chat.Errorf(chat.CodeForbidden, "Only an owner may change an owner.")
	}
	return u, err
}

func (g *Gateway) invite(ctx context.Context, who principal, r protocol.InviteRequest) (protocol.UserLink, error) {
	if r.Role == chat.RoleOwner && who.user.Role != chat.RoleOwner {
		return protocol.UserLink{}, chat.Errorf(chat.CodeForbidden, "Only an owner may make somebody an owner.")
	}
	u, err := personOf(r.Name, r.Email, r.Role)
	if err != nil {
		return protocol.UserLink{}, err
	}
	if u, err = g.store.CreateUser(ctx, who.workspace.ID, u); err != nil {
		return protocol.UserLink{}, err
	}
	auditObject(ctx, "user", u.ID.String())
	auditDetail(ctx, "email", u.Email)
	auditDetail(ctx, "role", string(u.Role))
	return g.giveLink(ctx, u)
}

// giveLink makes a link for a user and sends it, or gives it to who asked. The
// one before it counts no more.
func (g *Gateway) giveLink(ctx context.Context, u chat.User) (protocol.UserLink, error) {
	if !u.Disabled.IsZero() {
		return protocol.UserLink{}, chat.Errorf(chat.CodeConflict, "%s may not sign in: enable the account first.", u.Name)
	}
	token, link := NewStaffLink(g.now(), u.PasswordHash == "")
	_, u, err := g.store.ChangeUser(ctx, g.o.Workspace.ID, u.ID, chat.UserChange{Link: &link})
	if err != nil {
		return protocol.UserLink{}, err
	}
	auditObject(ctx, "user", u.ID.String())
	out := protocol.UserLink{User: Member(u), Ends: u.Link.Until}
	address := clientOf(ctx).base + LinkPath + token
	out.Sent, err = g.o.Mail.Invite(ctx, g.o.Workspace, u, address)
	if err != nil {
		out.Fault = chat.MessageOf(err)
	}
	if !out.Sent {
		out.Link = address
	}
	return out, nil
}

// changeUser changes somebody else. A user who is disabled is out at once: her
// sessions end, her sockets close and her conversations go back to the queue.
func (g *Gateway) changeUser(ctx context.Context, who principal, id uuid.UUID, r protocol.UserChangeRequest) (protocol.StaffMember, error) {
	u, err := g.manageable(ctx, who, id)
	if err != nil {
		return protocol.StaffMember{}, err
	}
	c := chat.UserChange{Role: r.Role, Disabled: r.Disabled}
	if r.Role != nil && *r.Role == chat.RoleOwner && u.Role != chat.RoleOwner && who.user.Role != chat.RoleOwner {
		return protocol.StaffMember{}, chat.Errorf(chat.CodeForbidden, "Only an owner may make somebody an owner.")
	}
	if r.Disabled != nil && *r.Disabled && id == who.user.ID {
		return protocol.StaffMember{}, chat.Errorf(chat.CodeConflict, "You would shut yourself out: somebody else has to do that.")
	}
	if r.Name != "" {
		name, err := cleanName(r.Name)
		if err != nil {
			return protocol.StaffMember{}, err
		}
		c.Name = &name
	}
	if r.Untie {
		c.Identity = &chat.StaffIdentity{}
	}
	return g.putUser(ctx, id, c)
}

// putUser changes a user and does what follows from it.
func (g *Gateway) putUser(ctx context.Context, id uuid.UUID, c chat.UserChange) (protocol.StaffMember, error) {
	before, after, err := g.store.ChangeUser(ctx, g.o.Workspace.ID, id, c)
	if err != nil {
		return protocol.StaffMember{}, err
	}
	auditObject(ctx, "user", id.String())
	auditChange(ctx, Member(before), Member(after))
	if before.Disabled.IsZero() && !after.Disabled.IsZero() {
		g.staff.cut(after.ID, "", "signed out")
		if err := g.desk.TakeBack(ctx, g.o.Workspace.ID, after); err != nil {
			return Member(after), err
		}
	}
	return Member(after), nil
}

func (g *Gateway) changePassword(ctx context.Context, who principal, r protocol.PasswordRequest) (protocol.SessionsEnded, error) {
	if err := isUser(who); err != nil {
		return protocol.SessionsEnded{}, err
	}
	if !g.limits.login(addrOf(ctx), who.user.Email) {
		return protocol.SessionsEnded{}, errTooMany()
	}
	var good bool
	var hash string
	if err := g.staff.hash(ctx, func() {
		if good = password.Check(who.user.PasswordHash, r.Current); good {
			hash = password.Hash(r.Password)
		}
	}); err != nil {
		return protocol.SessionsEnded{}, err
	}
	if !good {
		g.staff.failed(ctx, who.user, chat.SignInPassword, "password")
		return protocol.SessionsEnded{}, chat.Errorf(chat.CodeForbidden, "That is not your password.")
	}
	if _, _, err := g.store.ChangeUser(ctx, who.workspace.ID, who.user.ID, chat.UserChange{PasswordHash: &hash, Link: &chat.StaffLink{}}); err != nil {
		return protocol.SessionsEnded{}, err
	}
	auditObject(ctx, "user", who.user.ID.String())
	n, err := g.staff.end(ctx, who.user.ID, who.session, true)
	return protocol.SessionsEnded{Ended: n}, err
}

// byLink finds whom a link belongs to.
func (g *Gateway) byLink(ctx context.Context, token string) (chat.User, error) {
	gone := chat.Errorf(chat.CodeNotFound, "This link was used, replaced or has expired. Ask for a new one.")
	if !g.limits.from("link", addrOf(ctx), perAddressLogins, 1) {
		return chat.User{}, errTooMany()
	}
	u, err := g.store.UserByLink(ctx, g.o.Workspace.ID, hashToken(strings.TrimSpace(token)))
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && (!u.Disabled.IsZero() || !g.now().Before(u.Link.Until)) {
		return chat.User{}, gone
	}
	return u, err
}

// useLink sets a password and begins a session; all others end.
func (g *Gateway) useLink(ctx context.Context, r protocol.LinkUse) (chat.User, error) {
	u, err := g.byLink(ctx, r.Token)
	if err != nil {
		return u, err
	}
	if err := g.mayUsePassword(ctx, u); err != nil {
		return u, err
	}
	var hash string
	if err := g.staff.hash(ctx, func() { hash = password.Hash(r.Password) }); err != nil {
		return u, err
	}
	_, u, err = g.store.ChangeUser(ctx, g.o.Workspace.ID, u.ID, chat.UserChange{PasswordHash: &hash, Uses: hashToken(strings.TrimSpace(r.Token))})
	if chat.CodeOf(err) == chat.CodeStale {
		err = chat.Errorf(chat.CodeNotFound, "This link was used, replaced or has expired. Ask for a new one.")
	}
	if err != nil {
		return u, err
	}
	auditActor(ctx, u)
	auditObject(ctx, "user", u.ID.String())
	if _, err := g.staff.end(ctx, u.ID, uuid.Nil, true); err != nil {
		return u, err
	}
	return u, g.staff.begin(ctx, u, chat.SignInLink)
}

// end ends one session of a user, or all but it, and the sockets with them.
func (a *staffAuth) end(ctx context.Context, user, session uuid.UUID, others bool) (int, error) {
	n, err := a.srv.store.EndSessions(ctx, a.srv.o.Workspace.ID, user, session, others)
	if err != nil || n == 0 {
		return n, err
	}
	for _, c := range a.srv.hub.consoles(a.srv.o.Workspace.ID) {
		if h, ok := c.h.(*console); ok && h.who == user && (h.id == session) != others {
			c.close(protocol.CloseAuthRefused, "signed out")
		}
	}
	return n, nil
}

// cut closes the sockets of a user here, or those of one session if it is named by its token.
func (a *staffAuth) cut(user uuid.UUID, token, why string) {
	for _, c := range a.srv.hub.consoles(a.srv.o.Workspace.ID) {
		if h, ok := c.h.(*console); ok && h.who == user && (token == "" || h.session == token) {
			c.close(protocol.CloseAuthRefused, why)
		}
	}
}

func errTooMany() error {
	return chat.Errorf(chat.CodeRateLimited, "Too many attempts. Wait a minute, then try again.")
}

// personOf makes a user who cannot sign in yet.
func personOf(name, email string, role chat.Role) (chat.User, error) {
	name, err := cleanName(name)
	if err != nil {
		return chat.User{}, err
	}
	u := chat.User{ID: uuid.Must(uuid.NewV7()), Name: name, Email: strings.ToLower(strings.TrimSpace(clean(email))), Role: role}
	if parsed, err := mail.ParseAddress(u.Email); err != nil || parsed.Address != u.Email {
		return u, chat.Errorf(chat.CodeInvalid, "That is not a whole e-mail address. One looks like name@example.com.")
	}
	return u, nil
}

func cleanName(name string) (string, error) {
	if name = strings.TrimSpace(clean(name)); name == "" {
		return "", chat.Errorf(chat.CodeInvalid, "The name is empty.")
	}
	return name, nil
}
