package main

import (
	"context"
	"fmt"
	"strings"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/evals"
)

type evalCheckCmd struct {
	File string `arg:"" help:"Pinned questions: .yaml, or one JSON object a line."`
	JSON bool   `help:"Print the results as one JSON object."`
}

// Help shows an example.
func (evalCheckCmd) Help() string {
	return `Asks the installation each question and says which answers are not as they must be.
Exit code 1: some are not.

  # pinned.yaml
  - text: How long may I return a kettle?
    must_cite: returns
    must_say: 30 days
  - text: I want to sue you.
    must_hand_off: true

  frontdesk eval check pinned.yaml`
}

// checked is one pinned question, asked.
type checked struct {
	Text       string      `json:"text"`
	Action     chat.Action `json:"action"`
	Cited      []string    `json:"cited"`
	Confidence float64     `json:"confidence"`
	Failures   []string    `json:"failures"`
}

// Run checks.
func (cmd evalCheckCmd) Run(env *environment) error {
	pinned, err := evals.ReadPinned(cmd.File)
	if err != nil {
		return err
	}
	results, err := operate[[]checked](env, "check", pinned)
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range results {
		if len(r.Failures) == 0 {
			continue
		}
		failed++
		if !cmd.JSON {
			fmt.Fprintf(env.stdout, "%s\n  %s\n", r.Text, strings.Join(r.Failures, "\n  "))
		}
	}
	if cmd.JSON {
		if err := printJSON(env.stdout, results); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %s failed", failed, count(len(results), "pinned question"))
	}
	if !cmd.JSON {
		_, err = fmt.Fprintf(env.stdout, "%s kept\n", count(len(results), "pinned question"))
	}
	return err
}

func checkPinned(ctx context.Context, c *core, pinned []evals.Pinned) ([]checked, error) {
	out := []checked{}
	for _, p := range pinned {
		d, err := c.engine.Decide(ctx, bot.Turn{Workspace: c.workspace.ID, Messages: []string{p.Text}})
		if err != nil {
			return nil, err
		}
		r := checked{Text: p.Text, Action: d.Action, Cited: []string{}, Confidence: d.Confidence}
		for _, cit := range d.Answer.Citations {
			r.Cited = append(r.Cited, cit.ExternalID)
		}
		r.Failures = p.Failures(evals.Reply{Action: d.Action, Cited: r.Cited, Text: d.Text})
		out = append(out, r)
	}
	return out, nil
}
