package evals

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestSignTest(t *testing.T) {
	t.Parallel()
	round := func(x float64) float64 { return math.Round(x*1e9) / 1e9 }
	near(t, "none", signTest(0, 0), 1)
	near(t, "even", signTest(3, 3), 1)
	near(t, "5 to 0", round(signTest(5, 0)), 2.0/32)
	near(t, "1 to 7", round(signTest(1, 7)), round(2*(1+8)/256.0))
	near(t, "7 to 1", round(signTest(7, 1)), round(2*(1+8)/256.0))
	// With many it nears the chi-square test: (60-40)^2/100 = 4, corrected 3.61, p = .057.
	if p := signTest(40, 60); math.Abs(p-.0569) > .0005 {
		t.Errorf("40 to 60: %v", p)
	}
}

// tenQueries are answerable but for the last two; a is right on those below
// rightA, b on those below rightB.
func tenQueries(rightA, rightB int) (queries []Query, a, b []Outcome) {
	for i := range 10 {
		id := string(rune('0' + i))
		q := Query{ID: id, Label: "answerable", Relevant: []string{"x"}}
		if i >= 8 {
			q = Query{ID: id, Label: "near"}
		}
		outcome := func(right bool) Outcome {
			o := Outcome{ID: id, Action: chat.ActionAnswer, Confidence: .5, Ranked: []string{"y", "x"}, Cited: []string{"y"}}
			if right {
				o.Ranked, o.Cited = []string{"x", "y"}, []string{"x"}
			}
			return o
		}
		queries, a, b = append(queries, q), append(a, outcome(i < rightA)), append(b, outcome(i < rightB))
	}
	return queries, a, b
}

func TestCompare(t *testing.T) {
	t.Parallel()
	queries, a, b := tenQueries(2, 7)
	c, err := Compare(queries, a, b, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	hit, _ := c.Test("Hit@1")
	if diff := cmp.Diff(McNemar{"Hit@1", 8, 0, 5, signTest(0, 5)}, hit); diff != "" {
		t.Error(diff)
	}
	joint, _ := c.Test("joint")
	if joint.N != 10 || joint.OnlyB != 5 {
		t.Errorf("joint %+v", joint)
	}
	d, ok := c.Metric("Hit@1")
	if !ok || d.N != 8 {
		t.Fatalf("%+v", c.Metrics)
	}
	near(t, "A", d.A, 2.0/8)
	near(t, "B", d.B, 7.0/8)
	near(t, "difference", d.Diff, 5.0/8)
	// Five of eight: a share with a standard error of .17.
	if d.Low < .15 || d.Low > .45 || d.High < .8 || d.High > 1 {
		t.Errorf("interval %.3f to %.3f", d.Low, d.High)
	}
	if some, err := Compare(queries, a, b, ScoreOptions{Metrics: []string{"joint"}}); err != nil || len(some.Metrics) != 1 || some.Metrics[0].Name != "joint" {
		t.Errorf("only joint: %+v, %v", some.Metrics, err)
	}
	if c, err = Compare(queries, a, a, ScoreOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Metrics {
		if d.Diff != 0 || d.Low != 0 || d.High != 0 {
			t.Errorf("a run differs from itself: %+v", d)
		}
	}
	if _, err := Compare(queries, a[:5], b, ScoreOptions{}); err == nil {
		t.Error("runs of different questions were compared")
	}
	var out bytes.Buffer
	if err := WriteComparison(&out, c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Hit@1", "1.000", "McNemar"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestScorePooled(t *testing.T) {
	t.Parallel()
	queries, a, b := tenQueries(2, 7)
	r, err := ScorePooled([]Asked{{queries, a}, {queries, b}}, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Hit@1", r.Value("Hit@1"), 9.0/16)
	if r.Queries != 20 {
		t.Errorf("%d questions", r.Queries)
	}
	if got := OnlyAsked(queries, a[3:5]); len(got) != 2 || got[0].ID != "3" {
		t.Errorf("asked %+v", got)
	}
}

func TestBalancedThreshold(t *testing.T) {
	t.Parallel()
	var queries []Query
	var run []Outcome
	add := func(id string, confidence float64, relevant []string, first string) {
		queries = append(queries, Query{ID: id, Relevant: relevant, Label: "l"})
		run = append(run, Outcome{ID: id, Confidence: confidence, Ranked: []string{first}})
	}
	in := []string{"x"}
	add("1", .9, in, "x")
	add("2", .7, in, "x")
	add("3", .5, in, "y") // wrong at any threshold
	add("4", .3, in, "x")
	add("5", .4, nil, "x")
	add("6", .2, nil, "x")
	// Threshold: in scope, turned away. .2: 3/4, 0. .3: 3/4, 1/2. .4: 2/4, 1/2. .5: 2/4, 1. .7: 2/4, 1. .9: 1/4, 1.
	for _, c := range []struct{ in, out, want float64 }{
		{.7, .5, .3},  // margins .05 and 0; at .5 they are -.2 and .5
		{.5, .9, .5},  // 0 and .1
		{.75, .0, .2}, // 0 and 0; nothing is better, and it comes first
	} {
		got, err := BalancedThreshold(queries, run, c.in, c.out)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "threshold", got, c.want)
	}
	at := .3
	r, err := Score(queries, run, ScoreOptions{Threshold: &at})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "in scope", r.Value("in_scope"), .75)
	near(t, "out of scope", r.Value("out_of_scope"), .5)
	none, err := BalancedThreshold(queries[:2], run[:2], .5, .5)
	if err != nil || !math.IsNaN(none) {
		t.Errorf("without out-of-scope questions: %v, %v", none, err)
	}
}
