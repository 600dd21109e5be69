package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"frontdesk/gateway/protocol"
)

type askCmd struct {
	Question []string `arg:"" help:"The question."`
	Locale   string   `help:"The customer's language, such as de-AT." placeholder:"LOCALE"`
	Explain  bool     `help:"Say why: what was found, what counted for what, and what the judge made of it."`
	JSON     bool     `help:"Print the decision as one JSON object."`
}

// Help shows an example.
func (askCmd) Help() string {
	return `Prints what a customer would be told, with sources and confidence. Beside a running server
it asks that; otherwise it opens the store.

  frontdesk ask "Which grind do I need for a moka pot?"
  frontdesk ask --explain "How do I clean the burrs?"
  frontdesk ask --json "What does delivery to Austria cost?"`
}

// Run asks.
func (cmd askCmd) Run(env *environment) (err error) {
	q := protocol.AskRequest{Text: strings.Join(cmd.Question, " "), Locale: cmd.Locale, Explain: cmd.Explain}
	var r protocol.AskReply
	server, err := running(env.ctx, env.Data)
	if err != nil {
		return err
	}
	if server != nil && env.DatabaseURL == "" {
		err = server.call(env.ctx, "POST", "/ask", q, &r)
	} else {
		r, err = askDirectly(env, q)
	}
	if err != nil {
		return err
	}
	if cmd.JSON {
		r.Blocks, r.Answer = nil, nil // the contract's fields only
		return printJSON(env.stdout, r)
	}
	fmt.Fprintf(env.stdout, "%s\n\n%s, confidence %.2f", r.Text, r.Action, r.Confidence)
	if r.Reason != "" {
		fmt.Fprintf(env.stdout, ", because: %s", strings.ReplaceAll(string(r.Reason), "_", " "))
	}
	fmt.Fprintln(env.stdout)
	if r.Answer != nil {
		for _, c := range r.Answer.Citations {
			fmt.Fprintf(env.stdout, "[%d] %s, v%d (%s)\n", c.N, c.Title, c.Number, c.ExternalID)
		}
	}
	if r.Explain != nil {
		printExplanation(env.stdout, *r.Explain)
	}
	return nil
}

func askDirectly(env *environment, q protocol.AskRequest) (r protocol.AskReply, err error) {
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	c, err := openCore(env.ctx, env.Settings, log)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.ask(env.ctx, c.workspace.ID, q)
}
