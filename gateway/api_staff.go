package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// userOps are the staff as owners and admins manage it.
func (g *Gateway) userOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/users", "listUsers", "The staff and who is online", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.UserList, error) {
			users, err := g.store.Users(ctx, who.workspace.ID)
			if err != nil {
				return protocol.UserList{}, err
			}
			members := make([]protocol.StaffMember, len(users))
			for i, u := range users {
				members[i] = Member(u)
			}
			present, err := g.store.Presence(ctx, who.workspace.ID)
			return protocol.UserList{Data: members, Presence: list(present)}, err
		})
	op(g, a, route{http.MethodPost, "/users", "createUser", "Add a member of the staff", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.UserRequest]) (chat.User, error) {
			u, err := g.staff.newUser(ctx, in.Body.Name, in.Body.Email, in.Body.Password, in.Body.Role)
			if err != nil {
				return u, err
			}
			auditDetail(ctx, "email", u.Email)
			auditDetail(ctx, "role", string(u.Role))
			return g.store.CreateUser(ctx, who.workspace.ID, u)
		})
	op(g, a, route{http.MethodPost, "/users/invite", "inviteUser", "Invite a member of the staff", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.InviteRequest]) (protocol.UserLink, error) {
			return g.invite(ctx, who, in.Body)
		})
	op(g, a, route{http.MethodPut, "/users/{id}", "changeUser", "Change name or role of a member of the staff, or let her no longer sign in", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.UserChangeRequest
		}) (protocol.StaffMember, error) {
			return g.changeUser(ctx, who, in.ID, in.Body)
		})
	op(g, a, route{http.MethodPost, "/users/{id}/link", "linkUser", "Make a link with which somebody sets a new password", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.UserLink, error) {
			u, err := g.manageable(ctx, who, in.ID)
			if err != nil {
				return protocol.UserLink{}, err
			}
			return g.giveLink(ctx, u)
		})
	op(g, a, route{http.MethodPost, "/users/{id}/sign-out", "signOutUser", "End all sessions of a member of the staff", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.SessionsEnded, error) {
			if _, err := g.manageable(ctx, who, in.ID); err != nil {
				return protocol.SessionsEnded{}, err
			}
			n, err := g.staff.end(ctx, in.ID, uuid.Nil, true)
			return protocol.SessionsEnded{Ended: n}, err
		})
}

// accountOps are what everybody may do with the own account.
func (g *Gateway) accountOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/account", "getAccount", "The own account, and where one is signed in", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.Account, error) {
			if err := isUser(who); err != nil {
				return protocol.Account{}, err
			}
			sessions, err := g.store.Sessions(ctx, who.workspace.ID, who.user.ID)
			return protocol.Account{User: Member(who.user), Session: who.session, Sessions: list(sessions)}, err
		})
	op(g, a, route{http.MethodPut, "/account", "changeAccount", "Change the own name", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.AccountRequest]) (protocol.StaffMember, error) {
			if err := isUser(who); err != nil {
				return protocol.StaffMember{}, err
			}
			name, err := cleanName(in.Body.Name)
			if err != nil {
				return protocol.StaffMember{}, err
			}
			return g.putUser(ctx, who.user.ID, chat.UserChange{Name: &name})
		})
	op(g, a, route{http.MethodPut, "/account/photo", "setPhoto", "Set the own photo, which customers see, or take it away", maxPhotoBody}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.PhotoRequest]) (protocol.StaffMember, error) {
			return g.setPhoto(ctx, who, in.Body.Picture)
		})
	op(g, a, route{http.MethodPut, "/account/password", "changePassword", "Change the own password", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.PasswordRequest]) (protocol.SessionsEnded, error) {
			return g.changePassword(ctx, who, in.Body)
		})
	op(g, a, route{http.MethodDelete, "/account/sessions/{id}", "endSession", "Sign out somewhere else", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.SessionsEnded, error) {
			if err := isUser(who); err != nil {
				return protocol.SessionsEnded{}, err
			}
			n, err := g.staff.end(ctx, who.user.ID, in.ID, false)
			if err == nil && n == 0 {
				err = chat.Errorf(chat.CodeNotFound, "This session has ended already.")
			}
			return protocol.SessionsEnded{Ended: n}, err
		})
	op(g, a, route{http.MethodPost, "/account/sign-out-others", "endOtherSessions", "Sign out everywhere else", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.SessionsEnded, error) {
			if err := isUser(who); err != nil {
				return protocol.SessionsEnded{}, err
			}
			n, err := g.staff.end(ctx, who.user.ID, who.session, true)
			return protocol.SessionsEnded{Ended: n}, err
		})
	op(g, a, route{http.MethodPost, "/links/look", "lookAtLink", "Whom a link for a new password belongs to", 0}, anybody,
		func(ctx context.Context, _ principal, in *body[protocol.LinkLook]) (protocol.LinkFound, error) {
			u, err := g.byLink(ctx, in.Body.Token)
			if err != nil {
				return protocol.LinkFound{}, err
			}
			return protocol.LinkFound{Name: u.Name, Email: u.Email, Workspace: g.o.Workspace.Name, New: u.PasswordHash == ""}, nil
		})
	op(g, a, route{http.MethodPost, "/links/use", "useLink", "Set a password with a link, and sign in", 0}, anybody,
		func(ctx context.Context, _ principal, in *body[protocol.LinkUse]) (protocol.Me, error) {
			u, err := g.useLink(ctx, in.Body)
			if err != nil {
				return protocol.Me{}, err
			}
			return g.me(ctx, principal{user: u, workspace: g.o.Workspace})
		})
}

// isUser refuses the operator, who has no account.
func isUser(who principal) error {
	if who.user.ID == uuid.Nil {
		return chat.Errorf(chat.CodeInvalid, "The operator's command line has no account of its own: see frontdesk admin user.")
	}
	return nil
}

// Member is a user with the ways in which she can sign in.
func Member(u chat.User) protocol.StaffMember {
	return protocol.StaffMember{User: u, Password: u.PasswordHash != "", Provider: u.Identity.Subject != "", LinkEnds: u.Link.Until}
}
