package evals

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
	"frontdesk/llm"
)

// TestRegressFindsTheModel draws from a known model and fits it again.
func TestRegressFindsTheModel(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	truth := bot.Model{Bias: -1, Weights: map[string]float64{"a": 2, "b": -3}}
	var list []sample
	for range 20_000 {
		ev := bot.Evidence{"a": rng.Float64() * 2, "b": rng.Float64()}
		list = append(list, sample{evidence: ev, right: rng.Float64() < truth.Probability(ev), weight: 1})
	}
	got := regress(list, []string{"a", "b"})
	for f, want := range truth.Weights {
		if math.Abs(got.Weights[f]-want) > .15 {
			t.Errorf("weight of %s: got %.3f, want %.3f", f, got.Weights[f], want)
		}
	}
	if math.Abs(got.Bias-truth.Bias) > .1 {
		t.Errorf("bias: got %.3f", got.Bias)
	}
	if diff := cmp.Diff(got, regress(list, []string{"a", "b"})); diff != "" {
		t.Errorf("a second fit differs: %s", diff)
	}
}

func TestSetPriorMeetsTheShare(t *testing.T) {
	t.Parallel()
	m := bot.Model{Bias: 3, Weights: map[string]float64{"a": 1}}
	list := []sample{{bot.Evidence{"a": 1}, true, 1, 0}, {bot.Evidence{"a": 2}, false, 1, 0}, {bot.Evidence{"a": 0}, false, 2, 0}}
	m = setPrior(m, list)
	sum := 0.0
	for _, s := range list {
		sum += s.weight * m.Probability(s.evidence)
	}
	near(t, "mean probability", math.Round(sum/4*1e6)/1e6, .25)
}

func TestSolve(t *testing.T) {
	t.Parallel()
	// 2x + y = 5, x + 3y = 10, with a first row that needs a pivot.
	x := solve([][]float64{{0, 2, 1}, {1, 0, 0}, {0, 1, 3}}, []float64{5, 7, 10})
	near(t, "x0", x[0], 7)
	near(t, "x1", x[1], 1)
	near(t, "x2", x[2], 3)
}

func TestRiskCurveNeverRises(t *testing.T) {
	t.Parallel()
	var list []answerable
	for i := range 200 {
		best := scored{float64(i) / 200, i%4 != 0 && i > 60}
		list = append(list, answerable{best, scored{min(1, best.confidence+.05), best.yes || i%8 == 0}, 1})
	}
	curve := riskCurve(list)
	if len(curve) < 20 {
		t.Fatalf("%d points", len(curve))
	}
	for i := 1; i < len(curve); i++ {
		if curve[i].Error > curve[i-1].Error || curve[i].Threshold <= curve[i-1].Threshold || curve[i].Coverage > curve[i-1].Coverage {
			t.Errorf("point %d: %+v after %+v", i, curve[i], curve[i-1])
		}
	}
}

// TestFitLearnsToTell fits on a set whose questions have an answer or none,
// and asks the judge about both kinds.
func TestFitLearnsToTell(t *testing.T) {
	t.Parallel()
	set := Set{Name: "few", Articles: fewArticles}
	for _, q := range []Query{
		{Text: "change the lamp", Relevant: []string{"lamp"}}, {Text: "set the clock", Relevant: []string{"clock"}},
		{Text: "what does a new lamp cost", Relevant: []string{"lamp"}}, {Text: "clock button", Relevant: []string{"clock"}},
		{Text: "turn the lamp", Relevant: []string{"lamp"}}, {Text: "hold the clock", Relevant: []string{"clock"}},
		{Text: "rent a boat"}, {Text: "weather tomorrow"}, {Text: "football results"}, {Text: "cake recipe"},
	} {
		q.ID = q.Text
		set.Queries = append(set.Queries, q)
	}
	j, reports, err := Fit(t.Context(), []Set{set}, llm.FakeEmbedder{Dims: 128}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != 2 || reports[0].Queries != 10 || reports[0].AUROC < .7 {
		t.Errorf("reports %+v", reports)
	}
	good, bad := bot.Evidence{"shared": 1, "cosine": .8, "words": .4}, bot.Evidence{"shared": 0, "cosine": 0, "words": 0}
	if p, q := j.Best.Probability(good), j.Best.Probability(bad); p <= q {
		t.Errorf("good evidence %.2f, bad evidence %.2f", p, q)
	}
	if j.Among.Probability(good) <= j.Among.Probability(bad) || len(j.BestWords.Weights) == 0 {
		t.Errorf("judge %+v", j)
	}
}
