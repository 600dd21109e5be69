package bot

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

//go:embed judge.json
var judgeFile []byte

// Judge turns evidence into probabilities. It holds figures only, fitted by
// `go run ./bot/fit`, which also says on what.
type Judge struct {
	// Best gives the probability that the first article is right; BestWords
	// the same where there are no vectors.
	Best      Model `json:"best"`
	BestWords Model `json:"best_words"`
	// Pair gives the probability that one of the first two is.
	Pair      Model `json:"pair"`
	PairWords Model `json:"pair_words"`
	// Among gives the probability that one of the first three is.
	Among      Model `json:"among"`
	AmongWords Model `json:"among_words"`
	// List gives the probability that the first article is right where that is
	// nothing but a list of what customers say.
	List      Model `json:"list"`
	ListWords Model `json:"list_words"`
	// Settled is, for each rule that may decide a turn, how often the first
	// article was right where it had: no such turn has a higher confidence. A rule
	// that is not in it was never seen, and gives no confidence at all.
	Settled map[string]float64 `json:"settled"`
	// Risk says how often answers at or above a threshold were wrong, on
	// questions that the weights were not fitted on, in rising order of threshold:
	// answers out of the best article where that reaches the threshold, else out
	// of the first two where that does.
	Risk []RiskPoint `json:"risk"`
	// Fitted says what the weights come from.
	Fitted json.RawMessage `json:"fitted,omitempty"`
}

// Model is a logistic regression over features by name.
type Model struct {
	Bias    float64            `json:"bias"`
	Weights map[string]float64 `json:"weights"`
}

// RiskPoint is one point of a risk-coverage curve.
type RiskPoint struct {
	Threshold float64 `json:"threshold"`
	Error     float64 `json:"error"`    // share of wrong answers at or above Threshold
	Coverage  float64 `json:"coverage"` // share of questions answered
}

// DefaultJudge gives the judge that ships with the binary.
func DefaultJudge() (Judge, error) {
	var j Judge
	if err := json.Unmarshal(judgeFile, &j); err != nil {
		return Judge{}, fmt.Errorf("bot: read judge.json: %w", err)
	}
	return j, nil
}

// Probability gives m's probability for ev, 0 for no evidence at all. It adds
// up in order of the features' names: the last bits of a sum depend on that.
func (m Model) Probability(ev Evidence) float64 {
	if len(ev) == 0 {
		return 0
	}
	sum := m.Bias
	for _, name := range slices.Sorted(maps.Keys(m.Weights)) {
		sum += m.Weights[name] * ev[name]
	}
	return 1 / (1 + math.Exp(-sum))
}

// judged are the probabilities for one turn.
type judged struct {
	best  float64 // that the first article is right
	pair  float64 // that one of the first two is; never below best
	among float64 // that one of the first three is; never below pair
}

func (j Judge) judge(ev Evidence, vectors bool) judged {
	best, pair, among, list := j.Best, j.Pair, j.Among, j.List
	if !vectors {
		best, pair, among, list = j.BestWords, j.PairWords, j.AmongWords, j.ListWords
	}
	if ev[EvidenceList] > 0 {
		best, pair, among = list, list, list
	}
	out := judged{best: best.Probability(ev), pair: pair.Probability(ev), among: among.Probability(ev)}
	if ev["phrasing"] > 0 { // it also says which questions it answers, and this may be one
		out.best = max(out.best, list.Probability(ev))
	}
	out.pair = max(out.pair, out.best)
	out.among = max(out.among, out.pair)
	return out
}

// Threshold gives the confidence from which on at most target of the answers
// were wrong when it was measured; without such a point, the confidence at
// which each single answer is expected to meet the target.
func (j Judge) Threshold(target float64) float64 {
	at := 1 - target
	for i := len(j.Risk) - 1; i >= 0; i-- {
		if j.Risk[i].Error > target {
			break
		}
		at = min(at, j.Risk[i].Threshold)
	}
	return at
}
