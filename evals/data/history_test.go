package data_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"frontdesk/evals/data"
)

// TestHistory: every exchange of the history is whole, and is about an article that is there.
func TestHistory(t *testing.T) {
	t.Parallel()
	f, err := os.Open("history.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen, known := map[string]bool{}, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var x struct{ ID, Question, Answer, Truth string }
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		if x.ID == "" || x.Question == "" || x.Answer == "" || seen[x.ID] {
			t.Errorf("%+v", x)
		}
		seen[x.ID] = true
		if x.Truth == "" {
			continue
		}
		known++
		if _, err := data.Files.Open("helpcentre/" + x.Truth + ".md"); err != nil {
			t.Errorf("%s: %v", x.ID, err)
		}
	}
	if len(seen) != 74 || known != 50 { // as README.md says
		t.Errorf("%d exchanges, %d of them about an article", len(seen), known)
	}
}
