package evals

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/trust"
)

// Assessor looks at a turn as the judge does. bot.Engine is one.
type Assessor interface {
	Assess(ctx context.Context, t bot.Turn) (bot.Assessment, error)
}

// Pair is a turn of an installation's history as the judge sees it today,
// with whether its first article is right by a verdict of then.
type Pair struct {
	Conversation uuid.UUID
	Evidence     bot.Evidence
	Right        bool
	// Silent: the verdict is that nobody complained. It says how many answers
	// are right, and nothing about which.
	Silent bool
}

// Pairs reads the pairs out of a workspace's verdicts and conversations. name
// gives an article's external id, "" if there is no such article any more. A
// verdict on another article than today's first says something only if an
// agent named the right one; a turn that a rule decides has no use for a judge.
func Pairs(ctx context.Context, h History, a Assessor, ws uuid.UUID, verdicts []trust.Verdict, name func(uuid.UUID) string) ([]Pair, error) {
	byConversation := map[uuid.UUID][]trust.Verdict{}
	for _, v := range verdicts {
		byConversation[v.Conversation] = append(byConversation[v.Conversation], v)
	}
	var out []Pair
	err := eachConversation(ctx, h, ws, time.Time{}, func(conv chat.Conversation, log []chat.Entry) (bool, error) {
		for _, v := range byConversation[conv.ID] {
			turn, ok := turnOf(conv, log, v.Seq)
			if !ok {
				continue
			}
			seen, err := a.Assess(ctx, turn)
			if err != nil {
				return false, fmt.Errorf("evals: assess turn %d of %s: %w", v.Seq, conv.ID, err)
			}
			if right, known := rightToday(v, seen, name); known {
				out = append(out, Pair{Conversation: conv.ID, Evidence: seen.Evidence, Right: right, Silent: v.Kind == trust.KindQuiet})
			}
		}
		return true, nil
	})
	return out, err
}

// turnOf gives the turn of the bot's last message at or before seq.
func turnOf(conv chat.Conversation, log []chat.Entry, seq int64) (bot.Turn, bool) {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].Seq > seq {
			continue
		}
		if t, ok := turnBefore(conv, log, i); ok {
			return t, true
		}
	}
	return bot.Turn{}, false
}

func rightToday(v trust.Verdict, seen bot.Assessment, name func(uuid.UUID) string) (right, known bool) {
	if seen.Settled != "" || !seen.Vectors || len(seen.Ranked) == 0 || seen.Evidence == nil {
		return false, false
	}
	first, judged, correct := seen.Ranked[0], name(v.Article), ""
	if v.Correct != uuid.Nil {
		correct = name(v.Correct)
	}
	switch {
	case judged != "" && first == judged:
		return v.Right, true
	case v.Right && judged != "":
		return false, true // another article is first now
	case correct != "":
		return first == correct, true
	}
	return false, false
}

// LeastPairs is how many pairs with words of their own (not silent) a judge is
// fitted to, at least: some ten for each weight that moves.
const LeastPairs = 100

// Tuned is a judge that was fitted to an installation, and what speaks for it.
// Scores are of pairs that were left out of the fit (5 folds by conversation).
type Tuned struct {
	Judge   bot.Judge `json:"-"`
	Pairs   int       `json:"pairs"`
	Silent  int       `json:"silent"` // of them
	Wrong   int       `json:"wrong"`  // of those that are not silent
	Need    int       `json:"need"`   // pairs that are not silent
	Old     Fitness   `json:"old"`
	New     Fitness   `json:"new"`
	Diff    float64   `json:"diff"` // Brier, new less old
	Low     float64   `json:"low"`  // its bootstrap 95 % interval, by pairs
	High    float64   `json:"high"`
	Better  bool      `json:"better"` // the whole interval is below 0
	OldID   string    `json:"old_judge"`
	NewID   string    `json:"new_judge,omitempty"`
	Missing string    `json:"missing,omitempty"` // why nothing was fitted
}

// Fitness is how near probabilities came to what was right.
type Fitness struct {
	Brier   float64 `json:"brier"`
	LogLoss float64 `json:"log_loss"`
	Mean    float64 `json:"mean"` // mean confidence, to compare with the share that was right
}

// Tune fits the judge's weights for the best article to pairs, beginning with
// the ones it has: how far they move is paid for (ridge), so that few pairs
// move them little. Silent pairs are left out of the fit, and then set its
// level: the bias is moved until the mean confidence over all pairs is the
// share of them that are right. Those who complain or are asked are not all.
func Tune(old bot.Judge, pairs []Pair) Tuned {
	t := Tuned{Judge: old, Pairs: len(pairs), Need: LeastPairs, OldID: old.ID()}
	for _, p := range pairs {
		switch {
		case p.Silent:
			t.Silent++
		case !p.Right:
			t.Wrong++
		}
	}
	loud := t.Pairs - t.Silent
	switch {
	case loud < LeastPairs:
		t.Missing = fmt.Sprintf("%d of %d pairs: %d more verdicts of agents or customers are needed", loud, LeastPairs, LeastPairs-loud)
		return t
	case t.Wrong == 0 || t.Wrong == loud:
		t.Missing = "all verdicts are alike: there is nothing to tell apart"
		return t
	}
	t.compare(old, pairs)
	t.Judge.Best = roundModel(refit(old.Best, pairs))
	t.NewID = t.Judge.ID()
	return t
}

// compare scores the old judge and new ones on the pairs that they were not
// fitted on, and takes the new judge's risk from there.
func (t *Tuned) compare(old bot.Judge, pairs []Pair) {
	before, after := make([]scored, len(pairs)), make([]scored, len(pairs))
	for fold := range folds {
		var rest []Pair
		for _, p := range pairs {
			if foldOf(p) != fold {
				rest = append(rest, p)
			}
		}
		m := refit(old.Best, rest)
		for i, p := range pairs {
			if foldOf(p) == fold {
				before[i] = scored{old.Best.Probability(p.Evidence), p.Right}
				after[i] = scored{m.Probability(p.Evidence), p.Right}
			}
		}
	}
	t.Old, t.New = scoreOf(before), scoreOf(after)
	diff := func(pick []int) float64 {
		sum := 0.0
		for _, i := range pick {
			sum += brier(after[i:i+1]) - brier(before[i:i+1])
		}
		return sum / float64(len(pick))
	}
	all := make([]int, len(pairs))
	for i := range all {
		all[i] = i
	}
	low, high := interval(len(pairs), diff)
	t.Diff, t.Low, t.High = round(diff(all)), round(low), round(high)
	t.Better = t.High < 0
	t.Judge.Risk = seenRisk(after)
}

// seenRisk is the risk curve down to where there are pairs: an installation
// mostly has verdicts on what it answered, and nothing says how wrong answers
// with less confidence would be.
func seenRisk(list []scored) []bot.RiskPoint {
	confidences, answers := make([]float64, len(list)), make([]answerable, len(list))
	for i, s := range list {
		confidences[i], answers[i] = s.confidence, answerable{s, s, 1}
	}
	slices.Sort(confidences)
	lowest := confidences[len(list)/20]
	return slices.DeleteFunc(riskCurve(answers), func(p bot.RiskPoint) bool { return p.Threshold < lowest })
}

// foldOf keeps a conversation together.
func foldOf(p Pair) int { return int(p.Conversation[15]) % folds }

func scoreOf(list []scored) Fitness {
	s := Fitness{Brier: brier(list)}
	for _, x := range list {
		p := min(max(x.confidence, 1e-6), 1-1e-6)
		if !x.yes {
			p = 1 - p
		}
		s.LogLoss -= math.Log(p) / float64(len(list))
		s.Mean += x.confidence / float64(len(list))
	}
	// Four decimals are the same in whichever order weights are added up.
	s.Brier, s.LogLoss, s.Mean = round(s.Brier), round(s.LogLoss), round(s.Mean)
	return s
}

// leastScale is how little a feature may vary before its weight is held the
// more. Most lie between 0 and 1, and one article's pairs are much alike.
const leastScale = .1

// refit moves m's weights towards the pairs.
func refit(m bot.Model, pairs []Pair) bot.Model {
	names := make([]string, 0, len(m.Weights))
	for f := range m.Weights {
		names = append(names, f)
	}
	slices.Sort(names) // the same pairs give the same judge
	var loud, all []sample
	for _, p := range pairs {
		s := sample{evidence: p.Evidence, right: p.Right, weight: 1, offset: logit(m.Probability(p.Evidence))}
		all = append(all, s)
		if !p.Silent {
			loud = append(loud, s)
		}
	}
	moved := regressScaled(loud, names, leastScale)
	out := bot.Model{Bias: m.Bias + moved.Bias, Weights: map[string]float64{}}
	for _, f := range names {
		out.Weights[f] = m.Weights[f] + moved.Weights[f]
	}
	return setPrior(out, all)
}

func logit(p float64) float64 {
	p = min(max(p, 1e-9), 1-1e-9)
	return math.Log(p / (1 - p))
}
