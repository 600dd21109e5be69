package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/mail"
	"frontdesk/store"
	"frontdesk/store/dsn"
)

type adminCmd struct {
	User     adminUserCmd     `cmd:"" help:"Add or list users."`
	Inbox    adminInboxCmd    `cmd:"" help:"Show or change inboxes."`
	Topic    adminTopicCmd    `cmd:"" help:"Show what the bot has earned to answer by itself."`
	Synonyms adminSynonymsCmd `cmd:"" help:"Show or change the words that stand for one another in search."`
	Encoder  adminEncoderCmd  `cmd:"" help:"Bring another sentence encoder."`
	Seed     seedCmd          `cmd:"" hidden:"" help:"Add made-up conversations, to try an inbox of many."`
}

type adminInboxCmd struct {
	List     inboxListCmd     `cmd:"" help:"List the inboxes: key, name and sites."`
	Set      inboxSetCmd      `cmd:"" help:"Change an inbox; what is not given stays."`
	Identity adminIdentityCmd `cmd:"" help:"Manage the secrets with which a site says who its customers are."`
}

// Help shows an example.
func (adminCmd) Help() string {
	return `Works beside a running server and without one.

  echo 'a long password' | frontdesk admin user add --email mira@example.com --name Mira --role agent
  frontdesk admin user link --email mira@example.com      prints a link to set a new password
  frontdesk admin inbox set --sites https://shop.example --brand "Kessel & Korn" --colour '#8f4a1f'`
}

// administration is the management of an installation: of the running server, or of
// the store if none runs.
type administration interface {
	users(ctx context.Context) (protocol.UserList, error)
	addUser(ctx context.Context, r protocol.UserRequest) (chat.User, error)
	inviteUser(ctx context.Context, r protocol.InviteRequest) (protocol.UserLink, error)
	linkUser(ctx context.Context, id uuid.UUID) (protocol.UserLink, error)
	changeUser(ctx context.Context, id uuid.UUID, r protocol.UserChangeRequest) (protocol.StaffMember, error)
	inboxes(ctx context.Context) ([]chat.Inbox, error)
	putInbox(ctx context.Context, in chat.Inbox) (chat.Inbox, error)
	identityKeys(ctx context.Context, inbox uuid.UUID) ([]chat.IdentityKey, error)
	rotateIdentity(ctx context.Context, inbox uuid.UUID) (protocol.NewIdentityKey, error)
	importIdentity(ctx context.Context, inbox uuid.UUID, secret string) (chat.IdentityKey, error)
	dropIdentity(ctx context.Context, inbox, id uuid.UUID) error
	mailSettings(ctx context.Context) (mail.Settings, error)
	embed(ctx context.Context) (protocol.Embed, error)
}

// administer runs fn on the running server, or on the store.
func administer(env *environment, fn func(administration) error) (err error) {
	server, err := env.server()
	if err != nil {
		return err
	}
	if server != nil {
		return fn(viaServer{server})
	}
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := dsn.Open(env.ctx, env.DatabaseURL, env.Data, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ws, _, err := st.EnsureWorkspace(env.ctx, "Frontdesk", firstInbox())
	if err != nil {
		return err
	}
	return fn(viaStore{st, ws.ID})
}

type viaServer struct{ *client }

func (a viaServer) inboxes(ctx context.Context) ([]chat.Inbox, error) {
	var me protocol.Me
	err := a.call(ctx, "GET", "/me", nil, &me)
	return me.Inboxes, err
}

func (a viaServer) putInbox(ctx context.Context, in chat.Inbox) (out chat.Inbox, err error) {
	err = a.call(ctx, "PUT", "/inboxes/"+in.ID.String(), protocol.InboxRequest{Name: in.Name, Settings: in.Settings, Revision: in.Revision}, &out)
	return out, err
}

type viaStore struct {
	store store.Store
	ws    uuid.UUID
}

func (a viaStore) inboxes(ctx context.Context) ([]chat.Inbox, error) {
	return a.store.Inboxes(ctx, a.ws)
}

func (a viaStore) putInbox(ctx context.Context, in chat.Inbox) (chat.Inbox, error) {
	in, err := gateway.CheckInbox(in)
	if err != nil {
		return in, err
	}
	in, err = a.store.PutInbox(ctx, a.ws, in)
	return in, a.did(ctx, err, "putInbox", "inbox", in.ID)
}

type inboxListCmd struct {
	JSON bool `help:"Print JSON."`
}

// Run lists inboxes.
func (cmd inboxListCmd) Run(env *environment) error {
	return administer(env, func(a administration) error {
		all, err := a.inboxes(env.ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return printJSON(env.stdout, all)
		}
		w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
		for _, in := range all {
			sites := strings.Join(in.Settings.Sites, " ")
			if sites == "" {
				sites = "any site"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", in.Key, in.Name, sites)
		}
		return w.Flush()
	})
}

type inboxSetCmd struct {
	Key       string   `help:"Key of the inbox, if there are several."`
	Name      *string  `help:"Name among the staff."`
	Brand     *string  `help:"Name that customers see."`
	Colour    *string  `help:"Brand colour, #rrggbb." placeholder:"#RRGGBB"`
	Greeting  *string  `help:"Headline of the welcome screen."`
	Timezone  *string  `help:"Time zone of the opening hours, such as Europe/Berlin."`
	Answering *string  `enum:"threshold,earned" help:"When the bot answers by itself: threshold, or earned, topic by topic."`
	Emergency *string  `help:"What the bot says to somebody in danger, instead of its own words."`
	Holidays  []string `help:"Days without anybody, such as 2026-12-25; \"\" for none."`
	Sites     []string `help:"Origins of the sites that may embed the widget." placeholder:"https://…"`
	Starters  []string `help:"Up to three questions to begin with." sep:"none"`
}

// Run changes an inbox.
func (cmd inboxSetCmd) Run(env *environment) error {
	return administer(env, func(a administration) error {
		all, err := a.inboxes(env.ctx)
		if err != nil {
			return err
		}
		in, err := pickInbox(all, cmd.Key)
		if err != nil {
			return err
		}
		cmd.apply(&in)
		if in, err = a.putInbox(env.ctx, in); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "%s is saved\n", in.Key)
		return err
	})
}

func (cmd inboxSetCmd) apply(in *chat.Inbox) {
	if cmd.Answering != nil {
		in.Settings.Answering = chat.Answering(*cmd.Answering)
	}
	for _, f := range []struct{ to, from *string }{
		{&in.Name, cmd.Name}, {&in.Settings.Brand, cmd.Brand}, {&in.Settings.Colour, cmd.Colour},
		{&in.Settings.Greeting, cmd.Greeting}, {&in.Settings.Emergency, cmd.Emergency}, {&in.Settings.Timezone, cmd.Timezone},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if cmd.Holidays != nil {
		in.Settings.Holidays = slices.DeleteFunc(cmd.Holidays, func(day string) bool { return day == "" })
	}
	if cmd.Sites != nil {
		in.Settings.Sites = cmd.Sites
	}
	if cmd.Starters != nil {
		in.Settings.Starters = cmd.Starters
	}
}

func pickInbox(all []chat.Inbox, key string) (chat.Inbox, error) {
	if key == "" && len(all) == 1 {
		return all[0], nil
	}
	for _, in := range all {
		if in.Key == key {
			return in, nil
		}
	}
	return chat.Inbox{}, chat.Errorf(chat.CodeInvalid, "name the inbox with --key: \"frontdesk admin inbox list\" shows them")
}
