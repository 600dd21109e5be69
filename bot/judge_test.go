package bot

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/llm"
)

func TestDefaultJudgeIsFitted(t *testing.T) {
	t.Parallel()
	j, err := DefaultJudge()
	if err != nil {
		t.Fatal(err)
	}
	if len(j.Risk) < 10 || len(j.Fitted) == 0 {
		t.Fatalf("%d points of risk, fitted %q", len(j.Risk), j.Fitted)
	}
	a, err := newEngine(t, nil).Assess(t.Context(), Turn{Messages: []string{"how do I reset my password?"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Model{j.Best, j.BestWords, j.Pair, j.PairWords, j.Among, j.AmongWords, j.List, j.ListWords} {
		if len(m.Weights) == 0 {
			t.Error("a model has no weights")
		}
		for f := range m.Weights {
			if _, ok := a.Evidence[f]; !ok {
				t.Errorf("weight for %q, which evidence does not have", f)
			}
		}
	}
	if easy, strict := j.Threshold(.3), j.Threshold(.1); easy >= strict || strict >= 1 || easy <= 0 {
		t.Errorf("thresholds %.2f and %.2f", easy, strict)
	}
}

func TestThreshold(t *testing.T) {
	t.Parallel()
	j := Judge{Risk: []RiskPoint{{.2, .5, 1}, {.4, .3, .8}, {.6, .1, .5}, {.8, .02, .2}}}
	for target, want := range map[float64]float64{.5: .2, .3: .4, .2: .6, .1: .6, .05: .8, .01: .99} {
		if got := j.Threshold(target); math.Abs(got-want) > 1e-9 {
			t.Errorf("target %.2f: got %.2f, want %.2f", target, got, want)
		}
	}
	if got := (Judge{}).Threshold(.1); got != .9 {
		t.Errorf("without a curve: %.2f", got)
	}
}

func TestProbability(t *testing.T) {
	t.Parallel()
	m := Model{Bias: 1, Weights: map[string]float64{"a": -2}}
	if got := m.Probability(Evidence{"a": .5}); got != .5 {
		t.Errorf("got %v", got)
	}
	if got := m.Probability(nil); got != 0 {
		t.Errorf("no evidence: %v", got)
	}
}

// TestEvidenceIsFinite holds for the ends: one article, no words, no vectors.
func TestEvidenceIsFinite(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 4, 5} {
		for _, degraded := range []string{"", "embedding late"} {
			e := newEngine(t, func(o *Options, m *memory) {
				*m = *newMemory(t, o.Embedder, shop[:n]...)
				m.degraded = degraded
			})
			a, err := e.Assess(t.Context(), Turn{Messages: []string{"refund password delivery grinder goodwill"}})
			if err != nil {
				t.Fatal(err)
			}
			for f, v := range a.Evidence {
				if math.IsNaN(v) || math.IsInf(v, 0) || v < -1.001 || v > 10 {
					t.Errorf("%d articles, %q: %s is %v", n, degraded, f, v)
				}
			}
			if len(a.Evidence) == 0 || a.Vectors != (degraded == "") {
				t.Errorf("%d articles, %q: %+v", n, degraded, a)
			}
		}
	}
}

func TestSettledTurnsAreNotConfident(t *testing.T) {
	t.Parallel()
	e := newEngine(t, func(o *Options, _ *memory) { o.Judge.Settled = map[string]float64{"value_missing": .05} })
	d := ask(t, e, Turn{Messages: []string{"what are the delivery costs to Norway?"}})
	if d.Confidence != .05 || d.Answer.Confidence != .05 {
		t.Errorf("confidence %.2f", d.Confidence)
	}
}

func TestWordsForEveryReason(t *testing.T) {
	t.Parallel()
	said := map[string]chat.Reason{}
	for _, r := range chat.HandoffReasons() {
		words := handoffWords[r]
		if other, taken := said[words]; taken || words == "" {
			t.Errorf("%s has no words of its own: %q, as %s", r, words, other)
		}
		said[words] = r
	}
	if len(said) != len(handoffWords) {
		t.Errorf("%d reasons have words, of a list of %d", len(handoffWords), len(said))
	}
	for what, text := range map[string]string{
		"attack": Words(chat.ActionRefuse, chat.ReasonInject), "abuse": Words(chat.ActionRefuse, chat.ReasonAbuse), "clarify": Words(chat.ActionClarify, ""),
		"unknown": Words(chat.ActionHandoff, "new"), "hello": smallTalk(map[class]bool{classGreeting: true}), "bot": smallTalk(map[class]bool{classIdentity: true, classThanks: true}),
	} {
		for _, banned := range []string{"soon", "shortly", "!", "Oops", "sorry"} {
			if strings.Contains(text, banned) || text == "" {
				t.Errorf("%s: %q", what, text)
			}
		}
	}
}

func TestVectorsKeepsTheLastUsed(t *testing.T) {
	t.Parallel()
	embed := &notingEmbedder{FakeEmbedder: llm.FakeEmbedder{Dims: 4}}
	v := newVectors(embed)
	for i := range keptVectors + 1 {
		for _, text := range []string{"first", fmt.Sprint(i)} {
			if _, err := v.of(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(embed.texts) != keptVectors+2 || v.kept.order.Len() != keptVectors || len(v.kept.byKey) != keptVectors {
		t.Errorf("%d embedded, %d kept, %d keys", len(embed.texts), v.kept.order.Len(), len(v.kept.byKey))
	}
	_, first := v.kept.get("first")
	if _, zeroth := v.kept.get("0"); !first || zeroth {
		t.Error("dropped what was used last")
	}
	broken := newVectors(llm.FakeEmbedder{Err: errors.New("gone")})
	if _, err := broken.of(t.Context(), "x"); err == nil {
		t.Error("no error")
	}
}

func TestJudgeIsKnownByItsFigures(t *testing.T) {
	t.Parallel()
	j, err := DefaultJudge()
	if err != nil {
		t.Fatal(err)
	}
	id := j.ID()
	if len(id) != 12 {
		t.Errorf("id %q", id)
	}
	if len(j.FittedOn()) < 2 || slices.Contains(j.FittedOn(), "all") {
		t.Errorf("fitted on %q", j.FittedOn())
	}
	j.Fitted = nil
	if j.ID() != id || j.FittedOn() != nil {
		t.Errorf("without its origin it is %s, fitted on %q", j.ID(), j.FittedOn())
	}
	j.Best.Bias += .01
	if j.ID() == id {
		t.Error("another bias, the same id")
	}
}
