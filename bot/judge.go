package bot

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
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
	// Among gives the probability that one of the first three is.
	Among      Model `json:"among"`
	AmongWords Model `json:"among_words"`
	// Settled is how often the first article was right where a rule had
	// decided the turn: no such turn has a higher confidence.
	Settled float64 `json:"settled"`
	// Risk says how often answers at or above a threshold were wrong, on
	// questions that the weights were not fitted on, in rising order of threshold.
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

// Probability gives m's probability for ev, 0 for no evidence at all.
func (m Model) Probability(ev Evidence) float64 {
	if len(ev) == 0 {
		return 0
	}
	sum := m.Bias
	for name, w := range m.Weights {
		sum += w * ev[name]
	}
	return 1 / (1 + math.Exp(-sum))
}

// judged are the probabilities for one turn.
type judged struct {
	best  float64 // that the first article is right
	among float64 // that one of the first three is; never below best
}

func (j Judge) judge(ev Evidence, vectors bool) judged {
	best, among := j.Best, j.Among
	if !vectors {
		best, among = j.BestWords, j.AmongWords
	}
	out := judged{best: best.Probability(ev), among: among.Probability(ev)}
	out.among = max(out.among, out.best)
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
