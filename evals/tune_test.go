package evals

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/trust"
)

// simulated draws pairs of two features, right as truth has it.
func simulated(seed uint64, n int, truth bot.Model) []Pair {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]Pair, n)
	for i := range out {
		ev := bot.Evidence{"x": r.NormFloat64(), "y": r.NormFloat64()}
		var id uuid.UUID
		for j := range id {
			id[j] = byte(r.Uint32())
		}
		out[i] = Pair{Conversation: id, Evidence: ev, Right: r.Float64() < truth.Probability(ev)}
	}
	return out
}

func model(bias, x, y float64) bot.Model {
	return bot.Model{Bias: bias, Weights: map[string]float64{"x": x, "y": y}}
}

func TestTune(t *testing.T) {
	t.Parallel()
	old := bot.Judge{Best: model(.5, 1, 1), Settled: map[string]float64{"asked": .3}}
	for name, c := range map[string]struct {
		truth  bot.Model
		n      int
		better bool
	}{
		"another installation":              {model(1, 2, -1), 400, true},
		"another level only":                {model(-1, 1, 1), 400, true},
		"the same one":                      {model(.5, 1, 1), 400, false},
		"too few to be sure of a small one": {model(.5, 1.2, .8), 120, false},
	} {
		pairs := simulated(3, c.n, c.truth)
		got := Tune(old, pairs)
		if got.Missing != "" || got.Better != c.better || got.Better != (got.High < 0) || got.Low > got.Diff || got.Diff > got.High {
			t.Errorf("%s: %+v", name, got)
		}
		if math.Abs(got.New.Brier-got.Old.Brier-got.Diff) > 2e-4 || got.OldID != old.ID() || got.NewID == got.OldID || got.Judge.Settled["asked"] != .3 {
			t.Errorf("%s: %+v", name, got)
		}
		// Pairs that neither has seen.
		fresh := simulated(99, 4000, c.truth)
		score := func(m bot.Model) float64 {
			list := make([]scored, len(fresh))
			for i, p := range fresh {
				list[i] = scored{m.Probability(p.Evidence), p.Right}
			}
			return brier(list)
		}
		if before, after := score(old.Best), score(got.Judge.Best); c.better && after >= before || after > before+.01 {
			t.Errorf("%s: on new pairs %.4f, before %.4f", name, after, before)
		}
		if again := Tune(old, pairs); !cmp.Equal(again, got) {
			t.Errorf("%s: once more it is %+v", name, again)
		}
	}
	if old.Best.Weights["x"] != 1 {
		t.Error("the old judge was changed")
	}
}

func TestTuneSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	old := bot.Judge{Best: model(.5, 1, 1)}
	pairs := simulated(3, 130, old.Best)
	for i := range 50 {
		pairs[i].Silent = true
	}
	if got := Tune(old, pairs); !strings.HasPrefix(got.Missing, "80 of 100 pairs: 20 more") || got.Better || got.NewID != "" || got.Silent != 50 {
		t.Errorf("%+v", got)
	}
	pairs = simulated(3, 130, model(50, 0, 0))
	if got := Tune(old, pairs); !strings.Contains(got.Missing, "alike") {
		t.Errorf("%+v", got)
	}
	if got := Tune(old, nil); !strings.HasPrefix(got.Missing, "0 of 100") {
		t.Errorf("%+v", got)
	}
}

// Those who complain are not all: with 100 verdicts, half of them bad, and 900
// that say nothing, the level is that of all.
func TestSilenceSetsTheLevel(t *testing.T) {
	t.Parallel()
	pairs := simulated(5, 1000, model(0, 1, 1))
	for i := range pairs {
		if i >= 120 {
			pairs[i].Silent, pairs[i].Right = true, true
		}
	}
	got := Tune(bot.Judge{Best: model(.5, 1, 1)}, pairs)
	right, mean := 0., 0.
	for _, p := range pairs {
		mean += got.Judge.Best.Probability(p.Evidence) / 1000
		if p.Right {
			right += 1. / 1000
		}
	}
	if math.Abs(right-mean) > .002 {
		t.Errorf("mean confidence %.3f, and %.3f are right", mean, right)
	}
}

// Where nothing was answered, nothing is known of the risk.
func TestTunedThresholdStaysWherePairsAre(t *testing.T) {
	t.Parallel()
	var pairs []Pair
	for _, p := range simulated(7, 3000, model(3, 1.5, -.5)) {
		if model(3, 1, 0).Probability(p.Evidence) > .9 {
			pairs = append(pairs, p)
		}
	}
	got := Tune(bot.Judge{Best: model(3, 1, 0)}, pairs)
	if len(got.Judge.Risk) == 0 || got.Judge.Threshold(.2) < .7 {
		t.Errorf("threshold %.2f, risk %+v", got.Judge.Threshold(.2), got.Judge.Risk)
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	h, err := open(t.Context(), RunOptions{Articles: fewArticles, Embedder: llm.FakeEmbedder{Dims: 128}, Threshold: .01, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	ids := map[string]uuid.UUID{"gone": uuid.New()}
	names := map[uuid.UUID]string{}
	docs, err := h.store.DocumentsSince(t.Context(), h.ws.ID, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		ids[d.ExternalID], names[d.ID] = d.ID, d.ExternalID
	}
	answered := chat.Answer{Action: chat.ActionAnswer, Confidence: .7}
	var verdicts []trust.Verdict
	add := func(text, article, correct string, kind trust.Kind, right bool) {
		t.Helper()
		c := h.said(t, text, answered, "…")
		verdicts = append(verdicts, trust.Verdict{Conversation: c.ID, Seq: 2, Article: ids[article], Correct: ids[correct], Kind: kind, Right: right})
	}
	const question = "change the lamp"
	add(question, "lamp", "", trust.KindRated, true)           // right
	add(question, "lamp", "", trust.KindRated, false)          // wrong
	add(question, "lamp", "", trust.KindQuiet, true)           // right, silent
	add(question, "clock", "", trust.KindRated, false)         // the lamp may be right
	add(question, "clock", "lamp", trust.KindRejected, false)  // right: the agent said so
	add(question, "clock", "fraud", trust.KindRejected, false) // wrong: the agent named another
	add(question, "clock", "", trust.KindRated, true)          // wrong: it was the clock
	add(question, "gone", "", trust.KindRated, true)           // of an article that is gone
	add("I want to speak to a person", "lamp", "", trust.KindRated, true)
	verdicts = append(verdicts, trust.Verdict{Conversation: uuid.New(), Seq: 2, Article: ids["lamp"]})

	got, err := Pairs(t.Context(), h.store, h.engine, h.ws.ID, verdicts, func(id uuid.UUID) string { return names[id] })
	if err != nil {
		t.Fatal(err)
	}
	var right, wrong, silent int
	for _, p := range got {
		switch {
		case len(p.Evidence) == 0 || p.Conversation == uuid.Nil:
			t.Errorf("pair %+v", p)
		case p.Silent:
			silent++
		case p.Right:
			right++
		default:
			wrong++
		}
	}
	if !slices.Equal([]int{right, wrong, silent}, []int{2, 3, 1}) {
		t.Errorf("%d right, %d wrong, %d silent", right, wrong, silent)
	}

	// What is known to answer what: the right ones and what agents named instead; silence names none.
	solved, err := SolvedThen(t.Context(), h.store, h.ws.ID, verdicts)
	if err != nil {
		t.Fatal(err)
	}
	by := map[uuid.UUID]int{}
	for _, s := range solved {
		by[s.Article]++
		if s.Text == "" || s.Asker == "" {
			t.Errorf("solved %+v", s)
		}
	}
	if want := map[uuid.UUID]int{ids["lamp"]: 3, ids["clock"]: 1, ids["fraud"]: 1, ids["gone"]: 1}; !cmp.Equal(by, want) {
		t.Errorf("solved %v, want %v", by, want)
	}
}
