package sqlite

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
)

// BenchmarkFacts counts 30 days of a desk with 50,000 conversations in them.
func BenchmarkFacts(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	}()
	w, inbox, err := s.EnsureWorkspace(b.Context(), "here", chat.Inbox{Key: "key"})
	if err != nil {
		b.Fatal(err)
	}
	ws := w.ID
	until := time.Now()
	since := until.AddDate(0, 0, -30)
	if _, err := write(b.Context(), s, func(x *tx) (int, error) {
		for i := range 50_000 {
			at := micros(since.Add(time.Duration(i) * (until.Sub(since) / 50_000)))
			for _, f := range []struct{ kind, name string }{
				{"begun", []string{"", "bot", "person"}[i%3]}, {"handed", []string{"asked", "distress"}[i%2]}, {"claimed", ""}, {"replied", ""}, {"closed", "solved"},
			} {
				if _, err := x.put(`INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, name, value) VALUES (?, ?, ?, ?, ?, ?, ?)`,
					ws[:], 100+i, inbox.ID[:], at, f.kind, f.name, i*1000); err != nil {
					return 0, err
				}
			}
		}
		return 0, nil
	}); err != nil {
		b.Fatal(err)
	}
	for name, inbox := range map[string]uuid.UUID{"all": uuid.Nil, "inbox": inbox.ID} {
		q := chat.FactQuery{Since: since, Until: until.Add(time.Second), Inbox: inbox}
		b.Run("tallies/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Tallies(b.Context(), ws, q); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("delays/"+name, func(b *testing.B) {
			for b.Loop() {
				if all, err := s.Delays(b.Context(), ws, q); err != nil || len(all) != 100_000 {
					b.Fatal(len(all), err)
				}
			}
		})
	}
}
