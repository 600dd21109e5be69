package evals

import (
	"encoding/json"
	"fmt"
	"math"

	"frontdesk/bot"
)

// What a fit may differ by from one made elsewhere: the last bits of a vector
// differ between processors, and near a tie an article's place may.
const (
	sameFigure    = .01
	sameThreshold = .04
)

// SameFit tells where a judge that was fitted anew differs from the one that
// is there: its figures on questions left out of the fit, and its thresholds. None: they are the same.
func SameFit(old, again bot.Judge) ([]string, error) {
	var figures [2]struct {
		LeftOut []FitReport `json:"left_out"`
	}
	for i, j := range []bot.Judge{old, again} {
		if err := json.Unmarshal(j.Fitted, &figures[i]); err != nil {
			return nil, fmt.Errorf("evals: read what a judge was fitted on: %w", err)
		}
	}
	was := map[string]FitReport{}
	for _, r := range figures[0].LeftOut {
		was[r.Set] = r
	}
	var out []string
	differ := func(what string, old, again, by float64) {
		if math.Abs(old-again) > by {
			out = append(out, fmt.Sprintf("%s: %.4f, now %.4f", what, old, again))
		}
	}
	for _, r := range figures[1].LeftOut {
		o, ok := was[r.Set]
		if !ok || o.Queries != r.Queries {
			out = append(out, fmt.Sprintf("%s: %d questions, now %d", r.Set, o.Queries, r.Queries))
			continue
		}
		differ(r.Set+", right", o.Right, r.Right, sameFigure)
		differ(r.Set+", AUROC", o.AUROC, r.AUROC, sameFigure)
		differ(r.Set+", Brier", o.Brier, r.Brier, sameFigure)
		differ(r.Set+", AURC", o.AURC, r.AURC, sameFigure)
		delete(was, r.Set)
	}
	for set := range was {
		out = append(out, set+": is no longer fitted on")
	}
	for _, target := range []float64{.05, .10, .20} {
		differ(fmt.Sprintf("threshold for an error of %.2f", target), old.Threshold(target), again.Threshold(target), sameThreshold)
	}
	return out, nil
}
