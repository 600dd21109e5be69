package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/trust"
)

type tuneCmd struct {
	Apply bool `help:"Use the new judge from now on, if it is better." xor:"do"`
	Undo  bool `help:"Go back to the judge before." xor:"do"`
	JSON  bool `help:"Print the result as one JSON object."`
}

// Help shows an example.
func (tuneCmd) Help() string {
	return `Ratings, handoffs and what agents made of suggestions show which answers were right. From
them the judge's weights are fitted anew, and compared with the old ones on verdicts that were
left out of the fit. Nothing changes without --apply, nor if the new judge is not better.

  frontdesk tune
  frontdesk tune --apply
  frontdesk tune --undo`
}

type tuneRequest struct {
	Apply bool `json:"apply"`
}

// tuneResult is what came of a fit.
type tuneResult struct {
	evals.Tuned
	OldThreshold float64 `json:"old_threshold"`
	NewThreshold float64 `json:"new_threshold,omitempty"`
	Applied      bool    `json:"applied"`
}

// Run tunes, or takes back.
func (cmd tuneCmd) Run(env *environment) error {
	if cmd.Undo {
		judge, err := operate[string](env, "tune-undo", struct{}{})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "the judge is %s again\n", judge)
		return err
	}
	r, err := operate[tuneResult](env, "tune", tuneRequest{cmd.Apply})
	if err != nil {
		return err
	}
	if cmd.JSON {
		if err := printJSON(env.stdout, r); err != nil {
			return err
		}
	} else if err := r.write(env); err != nil {
		return err
	}
	switch {
	case !cmd.Apply || r.Applied:
		return nil
	case r.Missing != "":
		return errors.New("nothing was changed: " + r.Missing)
	}
	return errors.New("nothing was changed: the new judge is not better beyond chance")
}

func (r tuneResult) write(env *environment) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d by agents and customers, %d of them wrong; %d by silence\n", count(r.Pairs, "pair"), r.Pairs-r.Silent, r.Wrong, r.Silent)
	if r.Missing != "" {
		fmt.Fprintf(&b, "No judge was fitted: %s.\n", r.Missing)
		_, err := fmt.Fprint(env.stdout, b.String())
		return err
	}
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\told %s\tnew %s\n", r.OldID, r.NewID)
	fmt.Fprintf(w, "Brier\t%.4f\t%.4f\n", r.Old.Brier, r.New.Brier)
	fmt.Fprintf(w, "log loss\t%.4f\t%.4f\n", r.Old.LogLoss, r.New.LogLoss)
	fmt.Fprintf(w, "mean confidence\t%.3f\t%.3f\n", r.Old.Mean, r.New.Mean)
	fmt.Fprintf(w, "threshold\t%.2f\t%.2f\n", r.OldThreshold, r.NewThreshold)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(&b, "Brier changes by %+.4f [%+.4f, %+.4f] on pairs left out of the fit: ", r.Diff, r.Low, r.High)
	switch {
	case r.Applied:
		b.WriteString("better, and in use from now on.\n")
	case r.Better:
		b.WriteString("better. \"frontdesk tune --apply\" uses it.\n")
	default:
		b.WriteString("not better beyond chance.\n")
	}
	_, err := fmt.Fprint(env.stdout, b.String())
	return err
}

// tune fits, and takes the judge into use if it is better and that is wanted.
// It begins with the judge that is in use, and compares with that.
func tune(ctx context.Context, c *core, r tuneRequest) (out tuneResult, err error) {
	verdicts, err := allVerdicts(ctx, c)
	if err != nil {
		return out, err
	}
	present := c.engine.engine()
	pairs, err := evals.Pairs(ctx, c.store, present, c.workspace.ID, verdicts, c.externalID)
	if err != nil {
		return out, err
	}
	out.Tuned = evals.Tune(present.Judge(), pairs)
	out.OldThreshold = present.Threshold()
	if out.Missing != "" {
		return out, nil
	}
	out.NewThreshold = out.Judge.Threshold(c.engine.target)
	if !r.Apply || !out.Better {
		return out, nil
	}
	judge, err := json.Marshal(out.Judge)
	if err != nil {
		return out, err
	}
	report, err := json.Marshal(out)
	if err != nil {
		return out, err
	}
	if _, err := c.store.AddTuning(ctx, c.workspace.ID, trust.Tuning{Base: c.engine.shipped.Judge().ID(), Judge: judge, Report: report}); err != nil {
		return out, err
	}
	out.Applied = true
	return out, c.engine.load(ctx)
}

// undoTuning goes back to the judge before and gives its id.
func undoTuning(ctx context.Context, c *core, _ struct{}) (string, error) {
	err := c.store.DropTuning(ctx, c.workspace.ID)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return "", chat.Errorf(chat.CodeNotFound, "the judge is the shipped one: there is nothing to undo")
	}
	if err != nil {
		return "", err
	}
	err = c.engine.load(ctx)
	return c.engine.engine().Judge().ID(), err
}

func allVerdicts(ctx context.Context, c *core) ([]trust.Verdict, error) {
	var all []trust.Verdict
	q := trust.VerdictQuery{}
	for {
		page, err := c.store.Verdicts(ctx, c.workspace.ID, q)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all, q.After = append(all, page...), page[len(page)-1].Number
	}
}

// externalID names an article that is published, "" for any other.
func (c *core) externalID(article uuid.UUID) string {
	if doc := c.base.Document(c.workspace.ID, article); doc != nil {
		return doc.ExternalID
	}
	return ""
}
