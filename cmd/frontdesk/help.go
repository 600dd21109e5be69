package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"frontdesk/chat"
)

var helpOptions = kong.HelpOptions{Compact: true, WrapUpperBound: 100, ValueFormatter: kong.DefaultHelpValueFormatter}

type helpCmd struct {
	Topic []string `arg:"" optional:"" help:"A command, such as import, or settings."`
}

// settingsTopic is the topic of the settings that all commands share.
const settingsTopic = "settings"

// Run prints help.
func (cmd helpCmd) Run(env *environment, parser *kong.Kong) error {
	if !slices.Equal(cmd.Topic, []string{settingsTopic}) {
		_, err := parse(parser, append(slices.Clone(cmd.Topic), "--help"))
		if errors.Is(err, errExit) { // it was printed
			return nil
		}
		return chat.Errorf(chat.CodeInvalid, "There is no help on %q: give a command, such as import, or %s.", strings.Join(cmd.Topic, " "), settingsTopic)
	}
	for _, c := range parser.Model.Children {
		c.Hidden = true
	}
	kctx, err := kong.Trace(parser, nil)
	if err != nil {
		return err
	}
	return kong.DefaultHelpPrinter(helpOptions, kctx)
}

// printHelp prints the help of a command with its own flags and arguments, or the list of commands: the settings, which are
// many and the same everywhere, have a topic of their own.
func printHelp(o kong.HelpOptions, ctx *kong.Context) error {
	for _, flag := range ctx.Model.Flags {
		flag.Hidden = flag.Hidden || flag.Name != "help"
	}
	if err := kong.DefaultHelpPrinter(o, ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintf(ctx.Stdout, "\nEvery command takes the settings, such as --data and --config: see \"frontdesk help %s\".\n", settingsTopic)
	return err
}
