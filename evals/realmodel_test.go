package evals_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/ground"
	"frontdesk/evals"
	"frontdesk/llm/minilm"
	"frontdesk/llm/openai"
)

// realQuestions is how many questions of a set are asked, evenly spread over
// it; FRONTDESK_TEST_LLM_QUESTIONS changes it.
const realQuestions = 60

// TestRealModelNeverMakesAnswersWorse asks questions of two development sets
// without and with a weak real model that words the answers: nothing without a
// source is said, and no question is dealt with worse. Run it with scripts/llm.sh.
func TestRealModelNeverMakesAnswersWorse(t *testing.T) {
	url := os.Getenv("FRONTDESK_TEST_LLM_URL")
	if url == "" {
		t.Skip("no language model: run it with scripts/llm.sh (make test-llm), which sets FRONTDESK_TEST_LLM_URL")
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	cached, err := evals.OpenCached(filepath.Join("..", ".cache", "evals", "vectors"), encoder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cached.Close(); err != nil {
			t.Error(err)
		}
	})
	pool, err := openai.NewPool(openai.Options{Log: slog.New(slog.DiscardHandler), Endpoints: []openai.Endpoint{{
		Name: "local", BaseURL: url, Model: "local", Capabilities: &openai.Capabilities{Usage: true, Schema: true, Seed: true},
		// The question is what it says, not how fast a machine that does other things is.
		Deadlines: openai.Deadlines{First: time.Minute, Between: 30 * time.Second, Total: 3 * time.Minute},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	composer, err := compose.New(compose.Options{Generator: pool, Checker: ground.New(ground.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	rewriter, err := compose.NewRewriter(compose.RewriterOptions{Generator: pool, Within: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"arduino_help", "bank_questions"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(evals.DataDir(".."), name)
			if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
				t.Skipf("no evaluation data in %s; FRONTDESK_EVAL_DATA names the folder of the sets", dir)
			}
			set, err := evals.ReadSet(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			o := evals.RunOptions{Articles: set.Articles, Queries: spread(t, set.Queries), Embedder: cached}
			without, before := score(t, o)
			o.Composer, o.Rewriter = composer, rewriter
			o.Progress = func(done, total int) {
				if done%5 == 0 {
					t.Logf("%d of %d questions", done, total)
				}
			}
			with, after := score(t, o)
			compare(t, o.Queries, without, with, before, after)
		})
	}
}

// spread gives some of the questions, evenly.
func spread(t *testing.T, all []evals.Query) []evals.Query {
	t.Helper()
	n := realQuestions
	if v := os.Getenv("FRONTDESK_TEST_LLM_QUESTIONS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil || n < 1 {
			t.Fatalf("FRONTDESK_TEST_LLM_QUESTIONS is %q: give a number from 1", v)
		}
	}
	n = min(n, len(all))
	var out []evals.Query
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return out
}

func score(t *testing.T, o evals.RunOptions) ([]evals.Outcome, evals.Report) {
	t.Helper()
	run, err := evals.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	report, err := evals.Score(o.Queries, run, evals.ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return run, report
}

func compare(t *testing.T, queries []evals.Query, without, with []evals.Outcome, before, after evals.Report) {
	t.Helper()
	outcomes, dropped := map[string]int{}, map[string]int{}
	var shown, took []float64
	asked := 0
	for i, o := range with {
		if o.Action != without[i].Action || o.Reason != without[i].Reason {
			t.Logf("%s: %s %s without the model, %s %s with it", o.ID, without[i].Action, without[i].Reason, o.Action, o.Reason)
			if len(queries[i].History) == 0 { // only a follow-up is rewritten
				t.Errorf("%s: the model changed what is done", o.ID)
			}
		}
		if o.Worded == nil {
			continue
		}
		asked++
		outcomes[o.Worded.Outcome]++
		for why, n := range o.Worded.Dropped {
			dropped[why] += n
		}
		if o.Worded.ShownMS > 0 {
			shown = append(shown, o.Worded.ShownMS)
		}
		took = append(took, o.Worded.MS)
		if len(o.Unsupported) > len(without[i].Unsupported) {
			t.Errorf("%s: says %q, which no source holds", o.ID, o.Unsupported)
		}
	}
	for _, name := range []string{"joint", "facts"} {
		if a, b := before.Value(name), after.Value(name); b < a {
			t.Errorf("%s is %.3f with the model, %.3f without", name, b, a)
		}
	}
	if v := after.Value("unsupported"); v > 0 {
		t.Errorf("%.3f of the values have no source", v)
	}
	t.Logf("%d questions, %d answers given to the model, %d in its words: %s; sentences dropped: %s", len(queries), asked, outcomes[bot.WordedAnew], tally(outcomes), tally(dropped))
	for _, name := range []string{"joint", "facts", "unsupported", "citation_precision"} {
		a, _ := before.Metric(name)
		b, _ := after.Metric(name)
		t.Logf("%-18s %.3f without, %.3f with (%.3f to %.3f, n %d)", name, a.Value, b.Value, b.Low, b.High, b.N)
	}
	t.Logf("first sentence shown after %s ms; wording takes %s ms", middle(shown), middle(took))
}

func tally(counts map[string]int) string {
	out := ""
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		out += fmt.Sprintf(" %s %d", key, counts[key])
	}
	return out
}

func middle(v []float64) string {
	if len(v) == 0 {
		return "-"
	}
	slices.Sort(v)
	return fmt.Sprintf("%.0f (p50), %.0f (p95), n %d,", v[len(v)/2], v[int(.95*float64(len(v)-1)+.5)], len(v))
}
