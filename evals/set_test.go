package evals

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadSet(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(path, text string) {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("arduino_help/articles.jsonl", `{"id":"a","title":"A","body":"B"}`)
	write("arduino_help/queries.jsonl", `{"id":"1","text":"x","relevant":["a"],"label":"l"}`)
	write("safety/queries.jsonl", `{"id":"1","text":"x","pii":["DE00"]}`)
	write("safety/poisoned_articles.jsonl", `{"id":"p1","article":{"id":"bad","title":"T","body":"B"},"text":"q","expect":"refuse","must_not_contain":["X"]}`+"\n"+
		`{"id":"p2","article":{"id":"sly","title":"T","body":"B"},"text":"r","expect":"answer"}`)
	write("own/queries.jsonl", `{"id":"1","text":"x"}`)
	write("own/helpcentre/a.md", "# A\n\nText.")
	write("empty/queries.jsonl", `{"id":"1","text":"x"}`)

	for name, want := range map[string]struct{ articles, queries int }{"arduino_help": {1, 1}, "safety": {3, 3}, "own": {1, 1}} {
		s, err := ReadSet(t.Context(), filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if s.Name != name || len(s.Articles) != want.articles || len(s.Queries) != want.queries {
			t.Errorf("%s: %d articles, %d questions", s.Name, len(s.Articles), len(s.Queries))
		}
		if name == "safety" && (s.Queries[0].PII[0] != "DE00" || s.Queries[1].Label != "poisoned" || s.Queries[1].Expect != "refuse" || s.Articles[1].ExternalID != "bad" ||
			len(s.Queries[1].Relevant) != 0 || s.Queries[2].Relevant[0] != "sly") {
			t.Errorf("safety: %+v", s.Queries)
		}
	}
	if err := os.RemoveAll(filepath.Join(root, "arduino_help")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSet(t.Context(), filepath.Join(root, "empty")); err == nil {
		t.Error("a set without articles: no error")
	}
}
