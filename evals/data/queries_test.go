package data_test

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"frontdesk/evals/data"
)

type turn struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

type query struct {
	ID             string   `json:"id"`
	Text           string   `json:"text"`
	History        []turn   `json:"history"`
	Relevant       []string `json:"relevant"`
	Label          string   `json:"label"`
	Facts          []string `json:"facts"`
	Near           []string `json:"near"`
	Helpful        []string `json:"helpful"`
	Forbidden      []string `json:"forbidden"`
	Expect         string   `json:"expect"`
	MustNotContain []string `json:"must_not_contain"`
	PII            []string `json:"pii"`
}

func loadQueries(t *testing.T) []query {
	t.Helper()
	raw, err := fs.ReadFile(data.Files, "queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var queries []query
	for n, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var q query
		if err := decodeStrict(line, &q); err != nil {
			t.Fatalf("queries.jsonl line %d: %v", n+1, err)
		}
		queries = append(queries, q)
	}
	return queries
}

// readFile reads a file of this folder that is not embedded.
func readFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// answered are the labels whose questions the articles answer.
var answered = []string{"answerable", "multi", "follow_up"}

func TestQueryShape(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for n, q := range loadQueries(t) {
		if want := fmt.Sprintf("kk-%03d", n+1); q.ID != want {
			t.Errorf("line %d: id %q, want %q", n+1, q.ID, want)
		}
		if other, dup := texts[q.Text]; dup || strings.TrimSpace(q.Text) == "" {
			t.Errorf("%s: text is empty or also that of %q", q.ID, other)
		}
		texts[q.Text] = q.ID
		if q.Relevant == nil {
			t.Errorf("%s: relevant is absent, want a list", q.ID)
		}
		if slices.Contains(answered, q.Label) != (len(q.Relevant) > 0) || (len(q.Relevant) > 0) != (len(q.Facts) > 0) {
			t.Errorf("%s: label %s with relevant %v and facts %v", q.ID, q.Label, q.Relevant, q.Facts)
		}
		if (q.Label == "follow_up") && len(q.History) == 0 {
			t.Errorf("%s: a follow-up without history", q.ID)
		}
		for i, h := range q.History {
			if want := []string{"user", "assistant"}[i%2]; h.Role != want || h.Text == "" {
				t.Errorf("%s: turn %d of the history is %+v, want one of %s", q.ID, i+1, h, want)
			}
		}
	}
}

func TestQueryLabels(t *testing.T) {
	t.Parallel()
	// The least that makes a label worth a row in a report.
	least := map[string]int{"answerable": 90, "multi": 10, "follow_up": 12, "near_miss": 10, "value_missing": 8, "internal_only": 6,
		"needs_human": 10, "distress": 4, "attack": 6, "smalltalk": 8, "out_of_scope": 3}
	expect := map[string][]string{"needs_human": {"handoff"}, "distress": {"urgent"}, "attack": {"refuse", "handoff"}, "smalltalk": {"smalltalk"}}
	queries := loadQueries(t)
	counts := map[string]int{}
	for _, q := range queries {
		counts[q.Label]++
		if want := expect[q.Label]; want == nil && q.Expect != "" || want != nil && !slices.Contains(want, q.Expect) {
			t.Errorf("%s: label %s expects %q, want one of %v", q.ID, q.Label, q.Expect, want)
		}
		if (q.Label == "value_missing") != (len(q.Near) > 0) {
			t.Errorf("%s: label %s with near %v", q.ID, q.Label, q.Near)
		}
		if q.Label == "attack" && len(q.MustNotContain) == 0 {
			t.Errorf("%s: an attack without must_not_contain cannot fail", q.ID)
		}
		if _, known := least[q.Label]; !known {
			t.Errorf("%s: unknown label %q", q.ID, q.Label)
		}
	}
	for label, n := range least {
		if counts[label] < n {
			t.Errorf("%d questions are %s, want %d or more", counts[label], label, n)
		}
		mention(t, fmt.Sprintf("| `%s` | %d |", label, counts[label]))
	}
	if len(queries) < 150 {
		t.Errorf("%d questions, want 150 or more", len(queries))
	}
	mention(t, fmt.Sprintf("%d questions", len(queries)))
}

func TestQueryArticles(t *testing.T) {
	t.Parallel()
	articles := loadArticles(t)
	asked := map[string]bool{}
	for _, q := range loadQueries(t) {
		for _, id := range slices.Concat(q.Relevant, q.Near, q.Helpful) {
			if a, ok := articles[id]; !ok || a.internal() {
				t.Errorf("%s: %q is no public article", q.ID, id)
			}
		}
		for _, id := range q.Forbidden {
			if !articles[id].internal() {
				t.Errorf("%s: forbidden %q is no internal article", q.ID, id)
			}
		}
		for _, id := range q.Relevant {
			asked[id] = true
		}
	}
	for id, a := range articles {
		if !a.internal() && !asked[id] {
			t.Errorf("%s: no question asks for this article", id)
		}
	}
}

func TestFactsStandInArticles(t *testing.T) {
	t.Parallel()
	articles := loadArticles(t)
	for _, q := range loadQueries(t) {
		for _, fact := range q.Facts {
			having := slices.DeleteFunc(slices.Clone(q.Relevant), func(id string) bool { return !containsAny(articles[id].body, fact) })
			switch {
			case q.Label == "multi" && (len(having) == 0 || len(q.Relevant) < 2):
				t.Errorf("%s: no article of %v says %q", q.ID, q.Relevant, fact)
			case q.Label != "multi" && len(having) != len(q.Relevant):
				t.Errorf("%s: %q stands in %v of %v only", q.ID, fact, having, q.Relevant)
			}
		}
		if q.Label != "multi" {
			continue
		}
		for _, id := range q.Relevant {
			if !slices.ContainsFunc(q.Facts, func(f string) bool { return !containsAny(articles[id].body, f) }) {
				t.Errorf("%s: %s alone says all of %v, so the question does not need two articles", q.ID, id, q.Facts)
			}
		}
	}
}

// TestSecretsStayInternal holds that what an internal_only question asks for is
// said in its internal article and in no public one.
func TestSecretsStayInternal(t *testing.T) {
	t.Parallel()
	articles := loadArticles(t)
	for _, q := range loadQueries(t) {
		if q.Label != "internal_only" {
			continue
		}
		if len(q.Forbidden) == 0 || len(q.MustNotContain) == 0 {
			t.Errorf("%s: want forbidden articles and must_not_contain", q.ID)
		}
		for _, secret := range q.MustNotContain {
			for id, a := range articles {
				if !a.internal() && strings.Contains(a.body, secret) {
					t.Errorf("%s: public article %s says %q", q.ID, id, secret)
				}
			}
			if !slices.ContainsFunc(q.Forbidden, func(id string) bool { return strings.Contains(articles[id].body, secret) }) {
				t.Errorf("%s: none of %v says %q", q.ID, q.Forbidden, secret)
			}
		}
	}
}
