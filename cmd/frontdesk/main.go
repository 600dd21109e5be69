// Command frontdesk is the whole product in one binary: the server, the demo,
// and the tools of operators and editors. Each subcommand has a file of its own
// here; they only put parts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"frontdesk/chat"
)

// Exit codes, for scripts.
const (
	exitOK      = 0
	exitFailure = 1 // it did not work; the message says why
	exitUsage   = 2 // the command line or a setting is wrong
)

// version is set by the release build: -ldflags "-X main.version=…".
var version = "0.1.0-dev"

func main() {
	// One more than processors: with every one busy encoding an import, the Go
	// scheduler polls the network late, and questions wait (measured: p50 up by
	// a third without, within 13 % with).
	runtime.GOMAXPROCS(runtime.NumCPU() + 1)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands are the subcommands, with the settings that all of them share.
type commands struct {
	Settings

	Demo      demoCmd      `cmd:"" help:"Run a help desk with sample articles: widget, console and editor."`
	Serve     serveCmd     `cmd:"" help:"Run the server."`
	Embed     embedCmd     `cmd:"" help:"Print the tag with which a site embeds the widget."`
	Import    importCmd    `cmd:"" help:"Load articles from a folder or file."`
	Questions questionsCmd `cmd:"" help:"Keep the questions of customers that articles answer."`
	Ask       askCmd       `cmd:"" help:"Put one question to the bot."`
	Replay    replayCmd    `cmd:"" help:"Take a recorded turn of the bot once more, and compare."`
	Eval      evalCmd      `cmd:"" help:"Measure answers on a set of questions."`
	Tune      tuneCmd      `cmd:"" help:"Fit the bot's judge to this installation's own verdicts."`
	Doctor    doctorCmd    `cmd:"" help:"Check what an installation depends on."`
	Admin     adminCmd     `cmd:"" help:"Manage users, inboxes and the encoder."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
	Help      helpCmd      `cmd:"" help:"Print the help of a command, or the settings that all commands share."`
}

// environment is what a subcommand runs in.
type environment struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	Settings
}

const description = `Frontdesk answers customers from your own help articles, and hands over to a person when it is not sure.

Settings are flags, environment variables or keys of a YAML file (--config), by the same names.`

// run is the program: it gives the exit code and never prints a stack trace.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if err := secretsFromFiles(os.LookupEnv, os.Setenv); err != nil {
		fmt.Fprintln(stderr, "frontdesk:", err)
		return exitUsage
	}
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("frontdesk"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code; panic(errExit) }),
		kong.ConfigureHelp(helpOptions), kong.Help(printHelp), kong.Resolvers(fileResolver(args, os.Getenv)))
	if err != nil {
		fmt.Fprintln(stderr, "frontdesk:", err)
		return exitUsage
	}
	kctx, err := parse(parser, args)
	switch {
	case errors.Is(err, errExit): // --help was printed
		return exited
	case err != nil:
		fmt.Fprintf(stderr, "frontdesk: %s\nRun \"frontdesk --help\" for what there is.\n", err)
		return exitUsage
	}
	c.Settings.finish(os.Getenv)
	env := &environment{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, Settings: c.Settings}
	if err := kctx.Run(env, parser); err != nil {
		return fail(stderr, err)
	}
	return exitOK
}

var errExit = errors.New("exit")

// parse runs kong, whose exit hook must not return: it unwinds to here.
func parse(parser *kong.Kong, args []string) (ctx *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != errExit { //nolint:errorlint // it is the very value
				panic(r)
			}
			err = errExit
		}
	}()
	return parser.Parse(args)
}

func fail(stderr io.Writer, err error) int {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "frontdesk: stopped")
		return exitFailure
	}
	msg := strings.TrimSpace(err.Error())
	fmt.Fprintln(stderr, "frontdesk:", msg)
	if chat.CodeOf(err) == chat.CodeInvalid {
		return exitUsage
	}
	return exitFailure
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(env *environment) error {
	_, err := fmt.Fprintln(env.stdout, "frontdesk", version)
	return err
}
