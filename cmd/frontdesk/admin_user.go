package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/internal/password"
	"frontdesk/store"
)

type adminUserCmd struct {
	Add    userAddCmd    `cmd:"" help:"Add a user; the password is read from standard input."`
	Invite userInviteCmd `cmd:"" help:"Add a user, who chooses a password with a link."`
	Link   userLinkCmd   `cmd:"" help:"Print a link with which a user sets a new password. The way back in for an owner who has none."`
	Set    userSetCmd    `cmd:"" help:"Change a user: name, role, whether she may sign in."`
	List   userListCmd   `cmd:"" help:"List the users."`
}

type userAddCmd struct {
	Email string `required:"" help:"Address to sign in with."`
	Name  string `required:"" help:"Name that customers see."`
	Role  string `default:"agent" enum:"admin,agent,editor,viewer" help:"admin, agent, editor or viewer (${default})."`
}

// Run adds a user.
func (cmd userAddCmd) Run(env *environment) error {
	line, err := bufio.NewReader(env.stdin).ReadString('\n')
	pass := strings.TrimRight(line, "\r\n")
	if len(pass) < 10 {
		return chat.Errorf(chat.CodeInvalid, "the password comes on standard input and has at least 10 characters (%d came%s)", len(pass), readNote(err))
	}
	return administer(env, func(a administration) error {
		u, err := a.addUser(env.ctx, protocol.UserRequest{Email: cmd.Email, Name: cmd.Name, Role: chat.Role(cmd.Role), Password: pass})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "%s (%s) can sign in as %s\n", u.Name, u.Role, u.Email)
		return err
	})
}

func readNote(err error) string {
	if err != nil && err.Error() != "EOF" {
		return "; " + err.Error()
	}
	return ""
}

type userInviteCmd struct {
	Email string `required:"" help:"Address to sign in with."`
	Name  string `required:"" help:"Name that customers see."`
	Role  string `default:"agent" enum:"owner,admin,agent,editor,viewer" help:"owner, admin, agent, editor or viewer (${default})."`
}

// Run invites a user.
func (cmd userInviteCmd) Run(env *environment) error {
	return administer(env, func(a administration) error {
		made, err := a.inviteUser(env.ctx, protocol.InviteRequest{Email: cmd.Email, Name: cmd.Name, Role: chat.Role(cmd.Role)})
		if err != nil {
			return err
		}
		return printLink(env, made)
	})
}

type userLinkCmd struct {
	Email string `required:"" help:"Address of the user."`
}

// Run makes a link.
func (cmd userLinkCmd) Run(env *environment) error {
	return onUser(env, cmd.Email, func(a administration, u chat.User) error {
		made, err := a.linkUser(env.ctx, u.ID)
		if err != nil {
			return err
		}
		return printLink(env, made)
	})
}

// printLink says where a link went. The server, asked through the operator's
// socket, may not know how browsers reach it.
func printLink(env *environment, made protocol.UserLink) error {
	if made.Sent {
		_, err := fmt.Fprintf(env.stdout, "sent to %s\n", made.User.Email)
		return err
	}
	if made.Fault != "" {
		fmt.Fprintf(env.stderr, "not sent by e-mail: %s\n", made.Fault)
	}
	_, token, _ := strings.Cut(made.Link, gateway.LinkPath)
	_, err := fmt.Fprintf(env.stdout, "%s%s%s\n\nIt works once, until %s.\n", env.reached(), gateway.LinkPath, token, made.Ends.UTC().Format("2 January 15:04 MST"))
	return err
}

type userSetCmd struct {
	Email   string  `required:"" help:"Address of the user."`
	Name    string  `help:"Name that customers see."`
	Role    *string `enum:"owner,admin,agent,editor,viewer" help:"owner, admin, agent, editor or viewer."`
	Disable bool    `help:"No longer let her sign in; her sessions end." xor:"able"`
	Enable  bool    `help:"Let her sign in again." xor:"able"`
	Untie   bool    `help:"Forget who she is at the identity provider: the next sign-in there ties the account anew."`
}

// Run changes a user.
func (cmd userSetCmd) Run(env *environment) error {
	r := protocol.UserChangeRequest{Name: cmd.Name, Untie: cmd.Untie}
	if cmd.Role != nil {
		role := chat.Role(*cmd.Role)
		r.Role = &role
	}
	if cmd.Disable || cmd.Enable {
		r.Disabled = &cmd.Disable
	}
	return onUser(env, cmd.Email, func(a administration, u chat.User) error {
		m, err := a.changeUser(env.ctx, u.ID, r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "%s is %s\n", m.Email, standing(m))
		return err
	})
}

// standing is a user's role, and why she cannot sign in.
func standing(m protocol.StaffMember) string {
	switch {
	case !m.Disabled.IsZero():
		return string(m.Role) + ", and may not sign in"
	case !m.Password && !m.Provider:
		return string(m.Role) + ", and has not set a password yet"
	}
	return string(m.Role)
}

type userListCmd struct {
	JSON bool `help:"Print JSON."`
}

// Run lists users.
func (cmd userListCmd) Run(env *environment) error {
	return administer(env, func(a administration) error {
		list, err := a.users(env.ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return printJSON(env.stdout, list.Data)
		}
		w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
		for _, u := range list.Data {
			fmt.Fprintf(w, "%s\t%s\t%s\n", u.Name, u.Email, standing(u))
		}
		return w.Flush()
	})
}

// onUser runs fn with the user of that address.
func onUser(env *environment, email string, fn func(administration, chat.User) error) error {
	return administer(env, func(a administration) error {
		list, err := a.users(env.ctx)
		if err != nil {
			return err
		}
		for _, u := range list.Data {
			if strings.EqualFold(u.Email, strings.TrimSpace(email)) {
				return fn(a, u.User)
			}
		}
		return chat.Errorf(chat.CodeNotFound, "nobody has the address %s: \"frontdesk admin user list\" shows who there is", email)
	})
}

func (a viaServer) users(ctx context.Context) (out protocol.UserList, err error) {
	return out, a.call(ctx, "GET", "/users", nil, &out)
}

func (a viaServer) addUser(ctx context.Context, r protocol.UserRequest) (out chat.User, err error) {
	return out, a.call(ctx, "POST", "/users", r, &out)
}

func (a viaServer) inviteUser(ctx context.Context, r protocol.InviteRequest) (out protocol.UserLink, err error) {
	return out, a.call(ctx, "POST", "/users/invite", r, &out)
}

func (a viaServer) linkUser(ctx context.Context, id uuid.UUID) (out protocol.UserLink, err error) {
	return out, a.call(ctx, "POST", "/users/"+id.String()+"/link", nil, &out)
}

func (a viaServer) changeUser(ctx context.Context, id uuid.UUID, r protocol.UserChangeRequest) (out protocol.StaffMember, err error) {
	return out, a.call(ctx, "PUT", "/users/"+id.String(), r, &out)
}

func (a viaStore) users(ctx context.Context) (out protocol.UserList, err error) {
	all, err := a.store.Users(ctx, a.ws)
	for _, u := range all {
		out.Data = append(out.Data, gateway.Member(u))
	}
	return out, err
}

func (a viaStore) addUser(ctx context.Context, r protocol.UserRequest) (chat.User, error) {
	u, err := a.store.CreateUser(ctx, a.ws, chat.User{ID: uuid.Must(uuid.NewV7()), Name: r.Name, Email: strings.ToLower(r.Email),
		Role: r.Role, PasswordHash: password.Hash(r.Password)})
	return u, a.did(ctx, err, "createUser", "user", u.ID)
}

func (a viaStore) inviteUser(ctx context.Context, r protocol.InviteRequest) (protocol.UserLink, error) {
	token, link := gateway.NewStaffLink(time.Now(), true)
	u, err := a.store.CreateUser(ctx, a.ws, chat.User{ID: uuid.Must(uuid.NewV7()), Name: r.Name, Email: strings.ToLower(r.Email), Role: r.Role, Link: link})
	return protocol.UserLink{User: gateway.Member(u), Link: gateway.LinkPath + token, Ends: link.Until}, a.did(ctx, err, "inviteUser", "user", u.ID)
}

func (a viaStore) linkUser(ctx context.Context, id uuid.UUID) (protocol.UserLink, error) {
	u, err := a.store.User(ctx, a.ws, id)
	if err != nil {
		return protocol.UserLink{}, err
	}
	token, link := gateway.NewStaffLink(time.Now(), u.PasswordHash == "")
	_, u, err = a.store.ChangeUser(ctx, a.ws, id, chat.UserChange{Link: &link})
	return protocol.UserLink{User: gateway.Member(u), Link: gateway.LinkPath + token, Ends: link.Until}, a.did(ctx, err, "linkUser", "user", id)
}

func (a viaStore) changeUser(ctx context.Context, id uuid.UUID, r protocol.UserChangeRequest) (protocol.StaffMember, error) {
	c := chat.UserChange{Role: r.Role, Disabled: r.Disabled}
	if r.Name != "" {
		c.Name = &r.Name
	}
	if r.Untie {
		c.Identity = &chat.StaffIdentity{}
	}
	_, u, err := a.store.ChangeUser(ctx, a.ws, id, c)
	return gateway.Member(u), a.did(ctx, err, "changeUser", "user", id)
}

// did notes what the operator did without a server, unless it failed.
func (a viaStore) did(ctx context.Context, err error, action, kind string, id uuid.UUID) error {
	if err != nil {
		return err
	}
	return operatorDid(ctx, a.store, a.ws, chat.AuditEntry{Action: action, Object: chat.AuditObject{Kind: kind, ID: id.String()}})
}

// operatorDid adds an entry about the operator to the audit log.
func operatorDid(ctx context.Context, st store.Store, ws uuid.UUID, e chat.AuditEntry) error {
	e.Actor = chat.AuditActor{Kind: chat.AuditOperator, Name: "Operator"}
	if _, err := st.AddAudit(ctx, ws, e); err != nil {
		return fmt.Errorf("it was done, but is not in the audit log: %w", err)
	}
	return nil
}
