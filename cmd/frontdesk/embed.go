package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/widget"
)

type embedCmd struct {
	Inbox     string `arg:"" optional:"" help:"Key or name of the inbox; without it all are listed if there are several."`
	Integrity bool   `xor:"what" help:"The tag of this build's loader, which browsers check: the site changes it when an update changes the loader."`
	CSP       bool   `name:"csp" xor:"what" help:"What a site's content security policy has to allow."`
}

// Help shows an example.
func (embedCmd) Help() string {
	return `Prints the tag that a site puts into its pages. Beside a running server it asks that for its address and
loader; with a database, run it with the binary and the --public-url that the server has.

  frontdesk embed
  frontdesk embed Website --public-url https://help.example
  frontdesk embed --integrity        where the site pins what it runs
  frontdesk embed --csp              where the site has a content security policy`
}

// Run prints tags.
func (cmd embedCmd) Run(env *environment) error {
	return administer(env, func(a administration) error {
		e, err := a.embed(env.ctx)
		if err != nil {
			return err
		}
		if env.PublicURL != "" || e.Server == "" { // no server said
			e.Server = env.reached()
		}
		if cmd.CSP {
			_, err := fmt.Fprintln(env.stdout, gateway.SitePolicy(e.Server))
			return err
		}
		all, err := a.inboxes(env.ctx)
		if err != nil {
			return err
		}
		chosen, err := cmd.choose(all)
		if err != nil {
			return err
		}
		for _, in := range chosen {
			tag := gateway.Tag(e.Server, in.Key)
			if cmd.Integrity {
				tag = gateway.PinnedTag(e.Server, in.Key, e)
			}
			if len(chosen) > 1 {
				tag = in.Name + "\n  " + tag
			}
			fmt.Fprintln(env.stdout, tag)
		}
		return nil
	})
}

// choose gives the inbox that is named, or all.
func (cmd embedCmd) choose(all []chat.Inbox) ([]chat.Inbox, error) {
	if cmd.Inbox == "" {
		return all, nil
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(in chat.Inbox) bool {
		return in.Key != cmd.Inbox && !strings.EqualFold(in.Name, cmd.Inbox)
	})
	if len(chosen) == 0 {
		return nil, chat.Errorf(chat.CodeInvalid, "no inbox has the key or name %q: \"frontdesk admin inbox list\" shows them", cmd.Inbox)
	}
	return chosen, nil
}

// reached is where browsers reach the server that these settings are of.
func (s Settings) reached() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	return "http://" + loopback(s.Listen)
}

func (a viaServer) embed(ctx context.Context) (e protocol.Embed, err error) {
	return e, a.call(ctx, "GET", "/embed", nil, &e)
}

func (a viaStore) embed(context.Context) (protocol.Embed, error) {
	return gateway.EmbedOf(widget.Files())
}
