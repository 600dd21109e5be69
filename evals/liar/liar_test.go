package liar_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frontdesk/bot/ground"
	"frontdesk/evals"
	"frontdesk/evals/liar"
)

const (
	seed = 2026
	// many is how many lies, and true sentences, a set gives.
	many = 500
	// leastTrue is the share of true sentences that must pass.
	leastTrue = .95
)

// TestOwnArticles: no lie made of the repository's own articles passes.
func TestOwnArticles(t *testing.T) {
	t.Parallel()
	hold(t, filepath.Join("..", "data", "helpcentre"))
}

// TestSharedArticles: none made of others' articles, where these are found.
func TestSharedArticles(t *testing.T) {
	t.Parallel()
	for _, set := range []string{"arduino_help", "bank_questions"} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(evals.DataDir(filepath.Join("..", "..")), set, "articles.jsonl")
			if _, err := os.Stat(path); err != nil {
				t.Skip("no evaluation data: ", err)
			}
			hold(t, path)
		})
	}
}

func hold(t *testing.T, path string) {
	t.Helper()
	articles, err := evals.ReadArticles(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	cases := liar.Make(articles, liar.Options{Seed: seed, N: many})
	r, err := liar.Judge(t.Context(), ground.New(ground.Options{}), cases)
	if err != nil {
		t.Fatal(err)
	}
	if r.Truths.N != many || r.Lies.N != many {
		t.Fatalf("made %d true sentences and %d lies, want %d of each", r.Truths.N, r.Lies.N, many)
	}
	for _, m := range r.Misses {
		if !m.True {
			t.Errorf("passed, though a lie (%s): %s\n  made of: %s", m.Kind, m.Text, m.Fact)
		}
	}
	if share := float64(r.Truths.Passed) / float64(r.Truths.N); share < leastTrue {
		t.Errorf("%.3f of the true sentences passed, want %.2f", share, leastTrue)
		for _, m := range r.Misses {
			if m.True {
				t.Logf("refused (%s %s): %s", m.Finding.Why, m.Finding.What, m.Text)
			}
		}
	}
}

// TestMakeRepeats: the same seed makes the same cases, another one others.
func TestMakeRepeats(t *testing.T) {
	t.Parallel()
	articles, err := evals.ReadArticles(t.Context(), filepath.Join("..", "data", "helpcentre"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := liar.Make(articles, liar.Options{Seed: 3, N: 60}), liar.Make(articles, liar.Options{Seed: 3, N: 60})
	if d := cmp.Diff(a, b, cmpopts.IgnoreUnexported(liar.Case{})); d != "" {
		t.Error("the same seed made other cases:", d)
	}
	c := liar.Make(articles, liar.Options{Seed: 4, N: 60})
	if cmp.Equal(a, c, cmpopts.IgnoreUnexported(liar.Case{})) {
		t.Error("another seed made the same cases")
	}
	if got := liar.Make(articles[:1], liar.Options{Seed: 3, N: 60}); got != nil {
		t.Errorf("one article gave %d cases, want none", len(got))
	}
}

// TestJudgeCounts: what passes and what does not is counted by kind, with bounds.
func TestJudgeCounts(t *testing.T) {
	t.Parallel()
	sources := []ground.Source{{N: 1, Title: "Delivery", Body: "Delivery to Austria takes 3 days."}}
	r, err := liar.Judge(t.Context(), ground.New(ground.Options{}), []liar.Case{
		{Kind: "quote", True: true, Text: "Delivery to Austria takes 3 days.", Sources: sources},
		{Kind: "quote", True: true, Text: "Delivery to Austria takes 4 days.", Sources: sources}, // no truth, to see it counted
		{Kind: "number", Text: "Delivery to Austria takes 5 days.", Sources: sources},
		{Kind: "number", Text: "Delivery to Austria takes three days.", Sources: sources}, // no lie, to see it counted
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Truths.N != 2 || r.Truths.Passed != 1 || r.Lies.N != 2 || r.Lies.Passed != 1 || len(r.Misses) != 2 {
		t.Errorf("counted %+v", r)
	}
	// One wrong of two: 1-(1-p)^2-... = .05 at p = .975.
	if r.Lies.Wrong < .97 || r.Lies.Wrong > .98 {
		t.Errorf("the bound of one in two is %.3f, want .975", r.Lies.Wrong)
	}
	if r.Kinds[0].Whys[ground.WhyValue] != 1 {
		t.Errorf("reasons %v, want one %s", r.Kinds[0].Whys, ground.WhyValue)
	}
}
