package evals

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
	"frontdesk/evals/data"
	"frontdesk/knowledge"
	"frontdesk/llm/minilm"
)

// TestRecordedTurnsAreDecidedAgain decides the repository's own questions with
// the encoder of the binary, keeps what each decision rested on as JSON, and
// decides them again from that alone, after every article was changed. Every
// eighth question, unless FRONTDESK_EVAL=1 asks for all.
func TestRecordedTurnsAreDecidedAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it embeds questions")
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := knowledge.LoadCache(bytes.NewReader(data.Vectors), encoder.Model(), encoder.Dim())
	if err != nil {
		t.Fatal(err)
	}
	set, err := ReadSet(t.Context(), "data")
	if err != nil {
		t.Fatal(err)
	}
	every := 8
	if os.Getenv("FRONTDESK_EVAL") == "1" {
		every = 1
	}
	h, err := open(t.Context(), RunOptions{Articles: set.Articles, Embedder: encoder, Cache: vectors, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	type recorded struct {
		id       string
		turn     bot.Turn
		decision []byte
		basis    []byte
	}
	var all []recorded
	bytes, most := 0, 0
	for i := 0; i < len(set.Queries); i += every {
		q := set.Queries[i]
		turn, err := h.turn(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := h.engine.Decide(t.Context(), turn)
		if err != nil {
			t.Fatal(err)
		}
		d, basis, err := h.engine.Record(t.Context(), turn)
		if err != nil {
			t.Fatal(err)
		}
		r := recorded{q.ID, turn, marshal(t, d), marshal(t, basis)}
		if diff := cmp.Diff(string(marshal(t, plain)), string(r.decision)); diff != "" {
			t.Errorf("%s: recording changes the decision:\n%s", q.ID, diff)
		}
		bytes, most = bytes+len(r.basis), max(most, len(r.basis))
		all = append(all, r)
	}
	t.Logf("%d turns, %d bytes a record, %d at most", len(all), bytes/len(all), most)

	changed := set.Articles
	for i := range changed {
		changed[i].Body += "\n\nThis was changed."
		changed[i].Title += " (changed)"
	}
	if _, err := h.base.Import(t.Context(), h.ws.ID, func(yield func(knowledge.Input, error) bool) {
		for _, in := range changed {
			if !yield(in, nil) {
				return
			}
		}
	}, false, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		var basis bot.Basis
		if err := json.Unmarshal(r.basis, &basis); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(r.basis), string(marshal(t, &basis))); diff != "" {
			t.Errorf("%s: a record is not what was written:\n%s", r.id, diff)
		}
		d, notes, err := h.engine.Again(t.Context(), r.turn, &basis, h.store)
		if err != nil || len(notes) > 0 {
			t.Errorf("%s: %v, notes %v", r.id, err, notes)
		}
		if diff := cmp.Diff(string(r.decision), string(marshal(t, d))); diff != "" {
			t.Errorf("%s: decided otherwise (-then +again):\n%s", r.id, diff)
		}
	}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
