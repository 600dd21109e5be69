package knowledge

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// importBatch is how many articles one transaction stores: enough to make the
// cost of a commit small, few enough that others are not kept waiting.
const importBatch = 100

// Report says what an import did, so far or in all.
type Report struct {
	Added     int        `json:"added"`
	Changed   int        `json:"changed"`
	Unchanged int        `json:"unchanged"`
	Archived  int        `json:"archived"`
	Problems  []*Problem `json:"problems"`
}

// Articles is how many articles were read.
func (r *Report) Articles() int { return r.Added + r.Changed + r.Unchanged }

// Import stores the articles of a sequence, in batches, and returns when
// searches see them (by words; vectors follow). What is wrong with single
// articles is in the Report; an error is one of the store, of the sequence, or ctx's, and
// what was stored before it stays. The same input again changes nothing.
//
// With sync, articles of the same source that the sequence does not hold are
// archived, unless an article was lost or there was none at all: then nothing
// is, and a Problem says so. progress, if not nil, is called after each batch.
func (b *Base) Import(ctx context.Context, ws uuid.UUID, articles iter.Seq2[Input, error], sync bool, progress func(Report)) (Report, error) {
	if progress == nil {
		progress = func(Report) {}
	}
	im := &importing{base: b, ws: ws, keep: map[string][]string{}, seen: map[[2]string]bool{}, progress: progress}
	err := im.run(ctx, articles)
	if err == nil && sync {
		err = im.archive(ctx)
	}
	return im.report, errors.Join(err, b.Refresh(ctx, ws))
}

type importing struct {
	base     *Base
	ws       uuid.UUID
	batch    []Put
	keep     map[string][]string // source -> external ids
	seen     map[[2]string]bool  // source and external id
	report   Report
	progress func(Report)
}

func (im *importing) run(ctx context.Context, articles iter.Seq2[Input, error]) error {
	for in, err := range articles {
		var problem *Problem
		switch {
		case errors.As(err, &problem):
			im.report.Problems = append(im.report.Problems, problem)
			continue
		case err != nil:
			return errors.Join(fmt.Errorf("knowledge: import: %w", err), im.flush(ctx))
		}
		im.take(in)
		if len(im.batch) == importBatch {
			if err := im.flush(ctx); err != nil {
				return err
			}
		}
	}
	return im.flush(ctx)
}

// take adds an article to the batch, if it is one.
func (im *importing) take(in Input) {
	lost := func(what, do string) {
		im.report.Problems = append(im.report.Problems, &Problem{Path: in.ExternalID, What: what, Do: do, Lost: true})
	}
	if err := in.Check(); err != nil {
		lost(chat.MessageOf(err), "")
		return
	}
	put := Prepare(in)
	key := [2]string{put.Source, put.ExternalID}
	if im.seen[key] {
		lost("There is another article with the same id.", "Give each its own; the first was kept.")
		return
	}
	im.seen[key] = true
	im.keep[put.Source] = append(im.keep[put.Source], put.ExternalID)
	im.batch = append(im.batch, put)
}

func (im *importing) flush(ctx context.Context) error {
	if len(im.batch) == 0 {
		return nil
	}
	results, err := im.base.options.Store.PutArticles(ctx, im.ws, im.batch)
	if err != nil {
		return fmt.Errorf("knowledge: import %d articles from %q on: %w", len(im.batch), im.batch[0].ExternalID, err)
	}
	for _, r := range results {
		switch r.Outcome {
		case OutcomeAdded:
			im.report.Added++
		case OutcomeChanged:
			im.report.Changed++
		default:
			im.report.Unchanged++
		}
	}
	im.batch = im.batch[:0]
	im.progress(im.report)
	return nil
}

// archive withdraws what the sources no longer hold, if it is sure of it.
func (im *importing) archive(ctx context.Context) error {
	why := ""
	for _, p := range im.report.Problems {
		if p.Lost {
			why = "Nothing was archived, because some articles could not be read and may still be wanted."
		}
	}
	if len(im.keep) == 0 {
		why = "Nothing was archived, because no article could be read at all."
	}
	if why != "" {
		im.report.Problems = append(im.report.Problems, &Problem{Path: "sync", What: why, Do: "Mend the problems and import again."})
		return nil
	}
	for source, ids := range im.keep {
		n, err := im.base.options.Store.ArchiveMissing(ctx, im.ws, source, ids)
		if err != nil {
			return fmt.Errorf("knowledge: archive what %q no longer has: %w", source, err)
		}
		im.report.Archived += n
	}
	im.progress(im.report)
	return nil
}
