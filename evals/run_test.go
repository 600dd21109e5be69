package evals

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

var fewArticles = []knowledge.Input{
	{Source: "t", ExternalID: "lamp", Title: "Change the lamp", Body: "Turn the lamp to the left to change it. A new lamp costs 7.50 €."},
	{Source: "t", ExternalID: "clock", Title: "Set the clock", Body: "Hold the clock button for 3 seconds to set the clock."},
	{Source: "t", ExternalID: "fraud", Title: "Fraud checks", Body: "Fraud checks begin at 650 €.", Visibility: knowledge.Internal},
}

func fewQueries() []Query {
	return []Query{
		{ID: "q1", Text: "change the lamp"},
		{ID: "q2", Text: "and to set it?", History: []Past{{"user", "the clock"}, {"assistant", "Yes?"}, {"user", "my clock is wrong"}, {"assistant", "Set the clock."}}},
		{ID: "q3", Text: "hello", History: []Past{{"assistant", "How can I help?"}}},
		{ID: "q4", Text: "fraud checks"},
	}
}

func TestRunAsksAsAConversationWould(t *testing.T) {
	t.Parallel()
	o := RunOptions{Articles: fewArticles, Queries: fewQueries(), Embedder: llm.FakeEmbedder{Dims: 128}, Threshold: .01}
	got, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 {
		t.Fatalf("%d outcomes", len(got))
	}
	if got[0].Action != chat.ActionAnswer || got[0].Ranked[0] != "lamp" || !cmp.Equal(got[0].Cited, []string{"lamp"}) || got[0].MS <= 0 {
		t.Errorf("q1: %+v", got[0])
	}
	if got[0].Values != 1 || len(got[0].Unsupported) != 0 {
		t.Errorf("q1: %d values, %v unsupported", got[0].Values, got[0].Unsupported)
	}
	if len(got[0].Shares) == 0 || got[0].Shares[0].Feature == "" {
		t.Errorf("q1: nothing says what the confidence is made of: %+v", got[0].Shares)
	}
	if got[1].Ranked[0] != "clock" || got[1].Understood == "and to set it?" {
		t.Errorf("q2 was asked without its history: %+v", got[1])
	}
	if got[2].Action != chat.ActionSmallTalk {
		t.Errorf("q3: %+v", got[2])
	}
	for _, id := range got[3].Ranked {
		if id == "fraud" {
			t.Error("q4: a customer's ranking holds an internal article")
		}
	}

	o.Agent, o.Queries = true, o.Queries[3:]
	if got, err = Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got[0].Ranked[0] != "fraud" {
		t.Errorf("an agent's ranking is %v", got[0].Ranked)
	}
}

func TestRunOptions(t *testing.T) {
	t.Parallel()
	asked := 0
	got, err := Run(t.Context(), RunOptions{
		Articles: fewArticles, Queries: fewQueries(), Embedder: llm.FakeEmbedder{Dims: 128}, Limit: 2, Context: ContextLast,
		Progress: func(done, total int) { asked = done*10 + total },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || asked != 22 || got[1].Understood != "and to set it?" {
		t.Errorf("%d outcomes, progress %d, understood %q", len(got), asked, got[1].Understood)
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	q := fewQueries()[1]
	for c, want := range map[Context]string{
		ContextConversation: "and to set it?",
		ContextLast:         "and to set it?",
		ContextUser:         "the clock\nmy clock is wrong\nand to set it?",
		ContextAll:          "the clock\nYes?\nmy clock is wrong\nSet the clock.\nand to set it?",
	} {
		got := q.in(c)
		if got.Text != want || (len(got.History) > 0) != (c == ContextConversation) {
			t.Errorf("%q: %q with %d turns", c, got.Text, len(got.History))
		}
	}
}

func TestRunFileRoundTrip(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	var buf bytes.Buffer
	if err := WriteRun(&buf, fiveOutcomes); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRun(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fiveOutcomes, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestReadQueriesRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no id":    `{"text":"x"}`,
		"same ids": "{\"id\":\"1\"}\n{\"id\":\"1\"}",
		"no json":  "x",
	} {
		path := filepath.Join(t.TempDir(), "q.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadQueries(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := ReadQueries("does-not-exist"); err == nil {
		t.Error("a missing file: no error")
	}
}

func TestReadExtraArticles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "extra.jsonl")
	text := `{"id":"p1","article":{"id":"bad","title":"T","body":"B"},"text":"q"}` + "\n" + `{"id":"plain","title":"U","body":"C"}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadExtraArticles(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ExternalID != "bad" || got[1].ExternalID != "plain" {
		t.Errorf("got %+v", got)
	}
}

func TestUnsupportedValues(t *testing.T) {
	t.Parallel()
	all, bad := unsupportedValues("1. Pay 7.50 € by 14:00.\n2. Ask a@b.example or https://x.example/y.", "It is 7.50 €. Write to a@b.example")
	if diff := cmp.Diff([]string{"14:00", "https://x.example/y."}, bad); all != 4 || diff != "" {
		t.Errorf("%d values: %s", all, diff)
	}
}

func TestRunByWordsOnly(t *testing.T) {
	t.Parallel()
	o := RunOptions{Articles: fewArticles, Queries: fewQueries()[:1], Embedder: llm.FakeEmbedder{Dims: 128}, WordsOnly: true, Threshold: .01}
	got, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Degraded != "no vectors yet" || got[0].Ranked[0] != "lamp" {
		t.Errorf("got %+v", got[0])
	}
}
