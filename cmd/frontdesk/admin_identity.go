package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
	"frontdesk/mail"
)

type adminIdentityCmd struct {
	List   identityListCmd   `cmd:"" help:"List the secrets that an inbox's site signs with, without showing them."`
	Rotate identityRotateCmd `cmd:"" help:"Make a new secret for tokens and print it, this once; the one before it goes on counting."`
	Import identityImportCmd `cmd:"" help:"Keep the secret with which a site makes the user_hash for another product; it is read from standard input."`
	Drop   identityDropCmd   `cmd:"" help:"End a secret at once."`
}

// Help shows the way of a rotation.
func (adminIdentityCmd) Help() string {
	return `The site's backend signs a token for each customer who is signed in there (docs/identity.md).

  frontdesk admin inbox identity rotate          prints a secret: give it to the site
  frontdesk admin inbox identity list            shows both that count
  frontdesk admin inbox identity drop ID         when the old one is used no more`
}

type identityListCmd struct {
	Key  string `help:"Key of the inbox, if there are several."`
	JSON bool   `help:"Print JSON."`
}

// Run lists secrets.
func (cmd identityListCmd) Run(env *environment) error {
	return onInbox(env, cmd.Key, func(a administration, in chat.Inbox) error {
		keys, err := a.identityKeys(env.ctx, in.ID)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return printJSON(env.stdout, keys)
		}
		w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
		for _, k := range keys {
			fmt.Fprintf(w, "%s\t%s\tmade %s\n", k.ID, k.Use, k.CreatedAt.Format("2 January 2006, 15:04"))
		}
		return w.Flush()
	})
}

type identityRotateCmd struct {
	Key string `help:"Key of the inbox, if there are several."`
}

// Run makes a secret.
func (cmd identityRotateCmd) Run(env *environment) error {
	return onInbox(env, cmd.Key, func(a administration, in chat.Inbox) error {
		made, err := a.rotateIdentity(env.ctx, in.ID)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "secret  %s\nkid     %s\n\nIt is not shown again. Give it to the site's backend alone; what was signed with the one before it goes on counting.\n",
			made.Secret, made.Key.ID)
		return err
	})
}

type identityImportCmd struct {
	Key string `help:"Key of the inbox, if there are several."`
}

// Run keeps a secret of another product.
func (cmd identityImportCmd) Run(env *environment) error {
	line, err := bufio.NewReader(env.stdin).ReadString('\n')
	secret := strings.TrimRight(line, "\r\n")
	if secret == "" {
		return chat.Errorf(chat.CodeInvalid, "the secret comes on standard input%s", readNote(err))
	}
	return onInbox(env, cmd.Key, func(a administration, in chat.Inbox) error {
		k, err := a.importIdentity(env.ctx, in.ID, secret)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "%s is saved: pages that show a user_hash are believed who their visitor is, but not for what needs a verified customer\n", k.ID)
		return err
	})
}

type identityDropCmd struct {
	ID  string `arg:"" help:"Id of the secret."`
	Key string `help:"Key of the inbox, if there are several."`
}

// Run ends a secret.
func (cmd identityDropCmd) Run(env *environment) error {
	id, err := uuid.Parse(cmd.ID)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "%q is no id of a secret: \"frontdesk admin inbox identity list\" shows them", cmd.ID)
	}
	return onInbox(env, cmd.Key, func(a administration, in chat.Inbox) error {
		if err := a.dropIdentity(env.ctx, in.ID, id); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "%s no longer counts\n", id)
		return err
	})
}

// onInbox runs fn with the inbox of that key, or the only one.
func onInbox(env *environment, key string, fn func(administration, chat.Inbox) error) error {
	return administer(env, func(a administration) error {
		all, err := a.inboxes(env.ctx)
		if err != nil {
			return err
		}
		in, err := pickInbox(all, key)
		if err != nil {
			return err
		}
		return fn(a, in)
	})
}

func (a viaServer) identityKeys(ctx context.Context, inbox uuid.UUID) ([]chat.IdentityKey, error) {
	var out protocol.IdentityKeys
	err := a.call(ctx, "GET", "/inboxes/"+inbox.String()+"/identity", nil, &out)
	return out.Data, err
}

func (a viaServer) rotateIdentity(ctx context.Context, inbox uuid.UUID) (out protocol.NewIdentityKey, err error) {
	return out, a.call(ctx, "POST", "/inboxes/"+inbox.String()+"/identity/rotate", nil, &out)
}

func (a viaServer) importIdentity(ctx context.Context, inbox uuid.UUID, secret string) (out chat.IdentityKey, err error) {
	return out, a.call(ctx, "POST", "/inboxes/"+inbox.String()+"/identity/import", protocol.ImportIdentityKey{Secret: secret}, &out)
}

func (a viaServer) dropIdentity(ctx context.Context, inbox, id uuid.UUID) error {
	return a.call(ctx, "DELETE", "/inboxes/"+inbox.String()+"/identity/"+id.String(), nil, nil)
}

func (a viaServer) mailSettings(ctx context.Context) (mail.Settings, error) {
	var v protocol.MailView
	err := a.call(ctx, "GET", "/mail", nil, &v)
	return mail.Settings{From: v.Settings.From, Name: v.Settings.Name, ReplyTo: v.Settings.ReplyTo}, err
}

func (a viaStore) identity() *identity.Service { return identity.New(identity.Options{Store: a.store}) }

func (a viaStore) identityKeys(ctx context.Context, inbox uuid.UUID) ([]chat.IdentityKey, error) {
	return a.identity().Keys(ctx, a.ws, inbox)
}

func (a viaStore) rotateIdentity(ctx context.Context, inbox uuid.UUID) (protocol.NewIdentityKey, error) {
	k, secret, err := a.identity().Rotate(ctx, a.ws, inbox)
	return protocol.NewIdentityKey{Key: k, Secret: secret}, a.did(ctx, err, "rotateIdentityKey", "inbox", inbox)
}

func (a viaStore) importIdentity(ctx context.Context, inbox uuid.UUID, secret string) (chat.IdentityKey, error) {
	k, err := a.identity().Import(ctx, a.ws, inbox, secret)
	return k, a.did(ctx, err, "importIdentityKey", "inbox", inbox)
}

func (a viaStore) dropIdentity(ctx context.Context, inbox, id uuid.UUID) error {
	return a.did(ctx, a.identity().Drop(ctx, a.ws, inbox, id), "dropIdentityKey", "inbox", inbox)
}

func (a viaStore) mailSettings(ctx context.Context) (mail.Settings, error) {
	return mail.NewQueue(mail.Options{Store: a.store}).Settings(ctx, a.ws)
}
