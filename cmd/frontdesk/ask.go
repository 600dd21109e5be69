package main

import (
	"fmt"
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
	q := protocol.AskRequest{Text: strings.Join(cmd.Question, " "), Locale: cmd.Locale, Explain: cmd.Explain, NoModel: env.NoModel}
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	r, err := in.ask(env.ctx, q)
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
