package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

type tuneCmd struct {
	Apply bool `help:"Use the new judge and the new synonyms from now on, each if it is better." xor:"do"`
	Undo  bool `help:"Go back to what was in use before the last --apply." xor:"do"`
	JSON  bool `help:"Print the result as one JSON object."`
}

// Help shows an example.
func (tuneCmd) Help() string {
	return `Ratings, handoffs and what agents made of suggestions show which answers were right. From
them the judge's weights are fitted anew, and compared with the old ones on verdicts that were
left out of the fit. From them, and from accepted past questions, synonyms are learnt: words of
customers for which the articles that answer have another. They are tried on questions that
were left out of the learning. Nothing changes without --apply, nor by what is not better.

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
	OldThreshold float64       `json:"old_threshold"`
	NewThreshold float64       `json:"new_threshold,omitempty"`
	Applied      bool          `json:"applied"` // the judge
	Synonyms     tunedSynonyms `json:"synonyms"`
}

// tunedSynonyms is what came of learning synonyms.
type tunedSynonyms struct {
	evals.TunedSynonyms
	Applied bool `json:"applied"`
}

// undone is what is in use after a tuning was taken back.
type undone struct {
	Judge    string `json:"judge"`
	Synonyms int    `json:"synonyms"` // learnt ones
}

// Run tunes, or takes back.
func (cmd tuneCmd) Run(env *environment) error {
	if cmd.Undo {
		now, err := operate[undone](env, "tune-undo", struct{}{})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "the judge is %s again, with %s\n", now.Judge, count(now.Synonyms, "learnt synonym"))
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
	if !cmd.Apply || r.Applied || r.Synonyms.Applied {
		return nil
	}
	return fmt.Errorf("nothing was changed: %s; %s", cmp.Or(r.Missing, "the new judge is not better beyond chance"),
		cmp.Or(r.Synonyms.Missing, "the new synonyms are not better beyond chance"))
}

func (r tuneResult) write(env *environment) error {
	var b strings.Builder
	r.writeJudge(&b)
	r.Synonyms.write(&b)
	_, err := fmt.Fprint(env.stdout, b.String())
	return err
}

func (r tuneResult) writeJudge(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %d by agents and customers, %d of them wrong; %d by silence\n", count(r.Pairs, "pair"), r.Pairs-r.Silent, r.Wrong, r.Silent)
	if r.Missing != "" {
		fmt.Fprintf(b, "No judge was fitted: %s.\n", r.Missing)
		return
	}
	w := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\told %s\tnew %s\n", r.OldID, r.NewID)
	fmt.Fprintf(w, "Brier\t%.4f\t%.4f\n", r.Old.Brier, r.New.Brier)
	fmt.Fprintf(w, "log loss\t%.4f\t%.4f\n", r.Old.LogLoss, r.New.LogLoss)
	fmt.Fprintf(w, "mean confidence\t%.3f\t%.3f\n", r.Old.Mean, r.New.Mean)
	fmt.Fprintf(w, "threshold\t%.2f\t%.2f\n", r.OldThreshold, r.NewThreshold)
	_ = w.Flush() // a Builder takes everything
	fmt.Fprintf(b, "Brier changes by %+.4f [%+.4f, %+.4f] on pairs left out of the fit: %s\n", r.Diff, r.Low, r.High, whetherBetter(r.Better, r.Applied))
}

func (r tunedSynonyms) write(b *strings.Builder) {
	if len(r.List) == 0 {
		fmt.Fprintf(b, "No synonyms were learnt: %s.\n", r.Missing)
		return
	}
	fmt.Fprintf(b, "%s learnt from %s:\n", count(len(r.List), "synonym"), count(r.Questions, "answered question"))
	w := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	for _, l := range r.List {
		fmt.Fprintf(w, "  %s\tmeans %s\t%.2f\t%d questions of %d askers\t%.0f %% of those with it, %.1f times chance\n",
			l.Word, l.Means, l.Weight, l.Questions, l.Askers, 100*l.Share, l.Lift)
	}
	_ = w.Flush()
	if r.Missing != "" {
		fmt.Fprintf(b, "They were not tried: %s.\n", r.Missing)
		return
	}
	fmt.Fprintf(b, "Right article first %.3f, before %.3f; MRR@10 %.3f, before %.3f; %s of %d found elsewhere\n",
		r.New.Hit1, r.Old.Hit1, r.New.MRR, r.Old.MRR, count(r.Changed, "question"), r.Questions)
	fmt.Fprintf(b, "MRR changes by %+.4f [%+.4f, %+.4f] on questions left out of the learning: %s\n", r.Diff, r.Low, r.High, whetherBetter(r.Better, r.Applied))
}

func whetherBetter(better, applied bool) string {
	switch {
	case applied:
		return "better, and in use from now on."
	case better:
		return "better. \"frontdesk tune --apply\" uses it."
	}
	return "not better beyond chance."
}

// tune fits the judge and learns synonyms, and takes into use what is better,
// if that is wanted. The judge begins with the one that is in use, and is
// compared with that. Both are measured with the search of now.
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
	stored, err := newestTuning(ctx, c.store, c.workspace.ID)
	if err != nil {
		return out, err
	}
	out.Tuned = evals.Tune(present.Judge(), pairs)
	out.OldThreshold = present.Threshold()
	if out.Missing == "" {
		out.NewThreshold = out.Judge.Threshold(c.engine.target)
	}
	if out.Synonyms.TunedSynonyms, err = tuneSynonyms(ctx, c, stored, verdicts); err != nil {
		return out, err
	}
	if !r.Apply || !out.Better && !out.Synonyms.Better {
		return out, nil
	}
	out.Applied, out.Synonyms.Applied = out.Better, out.Synonyms.Better
	next, err := out.after(stored, c.engine.shipped.Judge().ID())
	if err != nil {
		return out, err
	}
	if _, err := c.store.AddTuning(ctx, c.workspace.ID, next); err != nil {
		return out, err
	}
	return out, c.engine.load(ctx)
}

// after gives the tuning that takes up what was applied, and keeps the rest of
// the one before; but not a judge that this program does not use.
func (r tuneResult) after(before trust.Tuning, shipped string) (next trust.Tuning, err error) {
	next.Synonyms = before.Synonyms
	if before.Base == shipped {
		next.Base, next.Judge = before.Base, before.Judge
	}
	if r.Applied {
		next.Base = shipped
		if next.Judge, err = json.Marshal(r.Judge); err != nil {
			return next, err
		}
	}
	if r.Synonyms.Applied {
		if next.Synonyms, err = json.Marshal(r.Synonyms.TunedSynonyms.Synonyms()); err != nil {
			return next, err
		}
	}
	next.Report, err = json.Marshal(r)
	return next, err
}

// tuneSynonyms learns synonyms and tries them, unless they are in use already.
func tuneSynonyms(ctx context.Context, c *core, stored trust.Tuning, verdicts []trust.Verdict) (out evals.TunedSynonyms, err error) {
	solved, err := evals.SolvedThen(ctx, c.store, c.workspace.ID, verdicts)
	if err != nil {
		return out, err
	}
	in := localInstallation{c}
	past, err := allQuestions(ctx, in, knowledge.QuestionQuery{Status: knowledge.QuestionAccepted})
	if err != nil {
		return out, err
	}
	own, err := c.store.Synonyms(ctx, c.workspace.ID)
	if err != nil {
		return out, err
	}
	inUse, err := learntSynonyms(stored)
	if err != nil {
		return out, err
	}
	return evals.TuneSynonyms(ctx, c.base.Index(c.workspace.ID), own.Synonyms, inUse, append(solved, evals.SolvedBefore(past)...))
}

// undoTuning goes back to what was in use before.
func undoTuning(ctx context.Context, c *core, _ struct{}) (out undone, err error) {
	err = c.store.DropTuning(ctx, c.workspace.ID)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return out, chat.Errorf(chat.CodeNotFound, "the judge is the shipped one and nothing was learnt: there is nothing to undo")
	}
	if err != nil {
		return out, err
	}
	if err := c.engine.load(ctx); err != nil {
		return out, err
	}
	stored, err := newestTuning(ctx, c.store, c.workspace.ID)
	if err != nil {
		return out, err
	}
	learnt, err := learntSynonyms(stored)
	return undone{c.engine.engine().Judge().ID(), len(learnt)}, err
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
