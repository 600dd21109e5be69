package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"frontdesk/evals"
)

type evalReplayCmd struct {
	Days  int  `help:"Only conversations of the last so many days." placeholder:"N"`
	Limit int  `default:"2000" help:"At most so many turns, of the newest conversations (${default})." placeholder:"N"`
	JSON  bool `help:"Print the result as one JSON object."`
}

// Help shows an example.
func (evalReplayCmd) Help() string {
	return `Answers the installation's own conversations again, with the articles and the judge of today,
and says which turns would go otherwise. Nothing is stored; personal data are masked.

  frontdesk eval replay --days 30`
}

type replayRequest struct {
	Days  int `json:"days"`
	Limit int `json:"limit"`
}

// Run replays.
func (cmd evalReplayCmd) Run(env *environment) error {
	r, err := operate[evals.Replayed](env, "replay", replayRequest{cmd.Days, cmd.Limit})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, r)
	}
	fmt.Fprintf(env.stdout, "%s of %s answered again\n", count(r.Turns, "turn"), count(r.Conversations, "conversation"))
	w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
	for _, line := range []struct {
		effect evals.Effect
		words  string
	}{
		{evals.EffectSame, "the same"},
		{evals.EffectText, "the same article in other words"},
		{evals.EffectLost, "answered then, a person now"},
		{evals.EffectChanged, "out of another article now"},
		{evals.EffectGained, "not answered then, answered now"},
		{evals.EffectOther, "another action, no answer then or now"},
	} {
		fmt.Fprintf(w, "  %s\t%d\n", line.words, r.Counts[line.effect])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, d := range r.Differences {
		fmt.Fprintf(env.stdout, "\n%s, %s:%d\n  asked  %s\n  then   %s\n  now    %s\n", d.Effect, d.Conversation, d.Seq, d.Question, inShort(d.Then), inShort(d.Now))
	}
	return nil
}

func inShort(s evals.Said) string {
	words := string(s.Action)
	if s.Reason != "" {
		words += ": " + strings.ReplaceAll(string(s.Reason), "_", " ")
	}
	if len(s.Cited) > 0 {
		words += " " + strings.Join(s.Cited, ", ")
	}
	return fmt.Sprintf("%s (%.2f)", words, s.Confidence)
}

func replayHistory(ctx context.Context, c *core, r replayRequest) (evals.Replayed, error) {
	o := evals.ReplayOptions{Limit: r.Limit}
	if r.Days > 0 {
		o.Since = time.Now().AddDate(0, 0, -r.Days)
	}
	return evals.Replay(ctx, c.store, c.engine, c.workspace.ID, o)
}
