//go:build !race

package knowledge_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"frontdesk/evals/data"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
	"frontdesk/llm/minilm"
)

// TestMatchHistory holds the matching of a history to what was measured when
// its weights were chosen: most exchanges find their article, hardly any a
// wrong one, and what no article answers is a gap.
func TestMatchHistory(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("embeds a history with the real encoder")
	}
	e, err := minilm.Open(minilm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, e)
	var ins []knowledge.Input
	for in, err := range source.Read(t.Context(), "../evals/data/helpcentre", source.Options{Source: data.Source}) {
		if err != nil {
			t.Fatal(err)
		}
		ins = append(ins, in)
	}
	cache, err := knowledge.LoadCache(bytes.NewReader(data.Vectors), e.Model(), e.Dim())
	if err != nil {
		t.Fatal(err)
	}
	d.publish(knowledge.NewIndexer(d.base, "test", cache, nil), ins...)

	f, err := os.Open("../evals/data/history.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	truth := map[string]string{}
	var history []knowledge.Exchange
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var x struct{ ID, Question, Answer, Truth string }
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		truth[x.ID] = x.Truth
		history = append(history, exchange(x.ID, x.Question, x.Answer))
	}
	report := d.ask(false, history...)
	right, wrong := 0, 0
	page, err := d.store.ListQuestions(t.Context(), d.ws, knowledge.QuestionQuery{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range page.Questions {
		switch truth[q.External] {
		case q.Article.ExternalID:
			right++
		case "":
			t.Errorf("%s has no answer and got %s (%.2f)", q.External, q.Article.ExternalID, q.Score)
		default:
			wrong++
		}
	}
	t.Logf("%d right, %d wrong, %d gaps, %d duplicates", right, wrong, len(report.Gaps), report.Duplicates)
	if right < 44 || wrong > 3 || report.Duplicates > 0 {
		t.Errorf("%d right, %d wrong, %d duplicates; measured 45, 2 and 0", right, wrong, report.Duplicates)
	}
}
