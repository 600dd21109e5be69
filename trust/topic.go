package trust

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Stage says how far a topic may be answered without a person.
type Stage string

// The stages, each of which must be earned in the one before.
const (
	// StageShadow: the conversation goes to an agent, who answers; what the bot
	// would have said is compared with that.
	StageShadow Stage = "shadow"
	// StageSuggest: it goes to an agent with the bot's answer as a suggested
	// reply, which the agent sends, changes or drops.
	StageSuggest Stage = "suggest"
	// StageLive: the bot answers by itself.
	StageLive Stage = "live"
)

// Topic is what is known of the questions that one article answers. The zero
// Topic of an article is one of which nothing is known yet.
type Topic struct {
	Article uuid.UUID `json:"article"`
	Stage   Stage     `json:"stage"` // "" is shadow
	Since   time.Time `json:"since"` // of the verdict that brought it there; zero if none did
	Limit   float64   `json:"limit"` // the error that the evidence is about

	Answers int `json:"answers"` // verdicts that count towards going live, or did, since the last fall
	Wrong   int `json:"wrong"`   // of them
	Live    int `json:"live"`    // verdicts since it went live
	Falls   int `json:"falls"`   // how often it was live and stepped down

	Shadow []bool    `json:"shadow,omitempty"` // the last verdicts of the present stage below live, right or wrong
	Earn   []float64 `json:"earn,omitempty"`   // logarithms of the evidence that the error is below Limit
	Break  float64   `json:"break,omitempty"`  // logarithm of the evidence that it has risen above, while live

	After   int64 `json:"-"` // number of the last verdict that is in it
	Version int64 `json:"-"` // of the stored topic; rises with each change
}

// Rules are the operator's: how wrong a live topic may be, and how sure one
// must be of that. Both methods of moving are pure: the same verdicts in the
// same order give the same stages.
type Rules struct {
	Limit float64 // share of wrong answers, above 0 and at most MaxLimit
	Level float64 // 1-Level is the share of live topics that may exceed it, such as .9
}

// MaxLimit is the highest error that can be told from a risen one.
const MaxLimit = .3

// earnAt is how good a topic is that should go live, as multiples of the
// limit: the evidence for it is the mean over these.
var earnAt = [...]float64{.1, .25, .5}

const (
	// alarmAt is the multiple of the limit (never above .9) that the evidence of
	// a risen error looks out for, and alarm how much of it makes a topic step
	// down. Both were measured together (docs/adr/0010): an error of .5 is found
	// within 30 verdicts, and a topic at half of its limit stays live for thousands.
	alarmAt = 2.5
	alarm   = 20.
	// window is how many verdicts decide between shadow and suggest, and
	// windowWrong how many of them may be wrong. Nothing is risked by a
	// suggestion: an agent reads it.
	window      = 10
	windowWrong = 3
)

// Add gives the topic with one more verdict, and the stage that follows from
// it, but for going live, which Earned decides over all topics.
func (r Rules) Add(t Topic, v Verdict) Topic {
	t.After = max(t.After, v.Number)
	if t.Stage == "" {
		t.Stage = StageShadow
	}
	if t.Limit != r.Limit {
		t = Topic{Article: t.Article, Stage: StageShadow, Limit: r.Limit, Falls: t.Falls, After: t.After, Version: t.Version}
	}
	switch {
	case !v.Answered:
	case t.Stage == StageLive:
		t.Live++
		// It may have risen at any verdict: what spoke against that before is forgotten.
		t.Break = max(t.Break, 0) + r.ratio(alarmAt, v.Right)
		if t.Break >= math.Log(alarm) {
			t = r.fall(t, v.At)
		}
	case v.Kind == KindQuiet: // silence is too weak to earn anything by
	case t.Stage == StageShadow:
		t = t.shown(v, StageSuggest)
	default:
		t = r.earn(t, v).shown(v, StageShadow)
	}
	return t
}

// earn counts a verdict on what was suggested.
func (r Rules) earn(t Topic, v Verdict) Topic {
	t.Answers++
	if !v.Right {
		t.Wrong++
	}
	logs := make([]float64, len(earnAt))
	copy(logs, t.Earn)
	for i, multiple := range earnAt {
		logs[i] += r.ratio(multiple, v.Right)
	}
	t.Earn = logs
	return t
}

// fall takes a topic out of live. It has to earn everything again.
func (r Rules) fall(t Topic, at time.Time) Topic {
	return Topic{Article: t.Article, Stage: StageSuggest, Since: at, Limit: r.Limit, Falls: t.Falls + 1, After: t.After, Version: t.Version}
}

// shown counts a verdict below live and moves between shadow and suggest: up
// when a window has few wrong ones, down when it has many. What was earned
// stays: a topic cannot shake off its wrong answers by a turn in shadow.
func (t Topic) shown(v Verdict, other Stage) Topic {
	t.Shadow = append(slices.Clone(t.Shadow), v.Right)
	if len(t.Shadow) > window {
		t.Shadow = t.Shadow[len(t.Shadow)-window:]
	}
	wrong := 0
	for _, right := range t.Shadow {
		if !right {
			wrong++
		}
	}
	up := other == StageSuggest && wrong <= windowWrong
	down := other == StageShadow && wrong > window/2
	if len(t.Shadow) == window && (up || down) {
		t.Stage, t.Since, t.Shadow = other, v.At, nil
	}
	return t
}

// ratio is the logarithm of how much likelier a verdict is with an error of
// multiple times the limit than with one of the limit.
func (r Rules) ratio(multiple float64, right bool) float64 {
	p := min(multiple*r.Limit, .9)
	if right {
		return math.Log1p(-p) - math.Log1p(-r.Limit)
	}
	return math.Log(p / r.Limit)
}

// mixture is the logarithm of the mean of what logs are the logarithms of.
func mixture(logs []float64) float64 {
	if len(logs) == 0 {
		return 0
	}
	top := slices.Max(logs)
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return top + math.Log(sum/float64(len(logs)))
}

// Earned gives the articles whose topics go live now, out of all topics of a
// workspace: so that of all that are live, at most 1-Level are expected to
// exceed the limit, however many bad ones try and however often one looks.
//
// A topic's evidence is an e-process: it may be looked at after every verdict.
// Over topics it is weighed by the e-BH rule: with n topics that have enough
// verdicts or are live, k of them may be live if each has evidence of at least
// n / (k (1-Level)). Each fall doubles what a topic must show. It must also
// have Least verdicts, and an Upper bound below the limit.
//
// Sources: A. Ramdas, P. Grünwald, V. Vovk, G. Shafer, "Game-theoretic
// statistics and safe anytime-valid inference", arXiv 2210.01948; R. Wang,
// A. Ramdas, "False discovery rate control with e-values", arXiv 2009.02824.
func (r Rules) Earned(all []Topic) []uuid.UUID {
	need := Least(r.Limit, r.Level)
	type candidate struct {
		Topic
		evidence float64
	}
	var tried []candidate
	for _, t := range all {
		if t.Limit == r.Limit && (t.Stage == StageLive || t.Answers >= need) {
			tried = append(tried, candidate{t, t.evidence()})
		}
	}
	slices.SortStableFunc(tried, func(a, b candidate) int { return cmp.Compare(b.evidence, a.evidence) })
	held := 0
	for i, t := range tried {
		if t.evidence >= math.Log(float64(len(tried))/(float64(i+1)*(1-r.Level))) {
			held = i + 1
		}
	}
	var out []uuid.UUID
	for _, t := range tried[:held] {
		if t.Stage == StageSuggest && Upper(t.Wrong, t.Answers, r.Level) < r.Limit {
			out = append(out, t.Article)
		}
	}
	return out
}

// evidence is the logarithm of t's evidence for an error below its limit.
func (t Topic) evidence() float64 { return mixture(t.Earn) - float64(t.Falls)*math.Ln2 }

// GoLive gives t as a live topic, at a time.
func (t Topic) GoLive(at time.Time) Topic {
	t.Stage, t.Since, t.Live, t.Break, t.Shadow = StageLive, at, 0, 0, nil
	return t
}
