package knowledge

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/chat"
	"frontdesk/llm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func seqOf(ins ...Input) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		for _, in := range ins {
			if !yield(in, nil) {
				return
			}
		}
	}
}

func inputs(n int) []Input {
	var out []Input
	for i := range n {
		out = append(out, Input{Source: "test", ExternalID: fmt.Sprintf("a%03d", i), Title: fmt.Sprintf("Article %d", i), Body: fmt.Sprintf("Text number%d.\n\n## More\n\nAlso number%d.", i, i)})
	}
	return out
}

func newBase(t *testing.T, m *memStore, e llm.Embedder) *Base {
	t.Helper()
	b := NewBase(Options{Store: m, Embedder: e, Log: slog.New(slog.DiscardHandler)})
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func mustImport(t *testing.T, b *Base, m *memStore, sync bool, ins ...Input) Report {
	t.Helper()
	r, err := b.Import(t.Context(), m.ws, seqOf(ins...), sync, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func found(t *testing.T, b *Base, m *memStore, text string) []string {
	t.Helper()
	r, err := b.Search(t.Context(), m.ws, Query{Text: text, Articles: 1})
	if err != nil {
		t.Fatal(err)
	}
	return ids(r)
}

func TestImport(t *testing.T) {
	t.Parallel()
	m := newMemStore()
	b := newBase(t, m, nil)
	all := inputs(250)
	var steps []int
	r, err := b.Import(t.Context(), m.ws, seqOf(all...), true, func(r Report) { steps = append(steps, r.Articles()) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Report{Added: 250}, r); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{100, 200, 250, 250}, steps); diff != "" {
		t.Errorf("progress: %s", diff)
	}
	if got := found(t, b, m, "number77"); !slices.Equal(got, []string{"a077"}) {
		t.Errorf("found %v right after the import", got)
	}
	version := b.Status(m.ws).Version
	if diff := cmp.Diff(Report{Unchanged: 250}, mustImport(t, b, m, true, all...)); diff != "" {
		t.Errorf("the same again: %s", diff)
	}
	if v := b.Status(m.ws).Version; v != version {
		t.Errorf("the same again moved the version from %d to %d", version, v)
	}

	all[3].Body += "\n\nNew words: zebra."
	if diff := cmp.Diff(Report{Changed: 1, Unchanged: 199, Archived: 50}, mustImport(t, b, m, true, all[:200]...)); diff != "" {
		t.Errorf("one changed, 50 gone: %s", diff)
	}
	if got := found(t, b, m, "zebra"); !slices.Equal(got, []string{"a003"}) {
		t.Errorf("found %v", got)
	}
	if got := found(t, b, m, "number222"); len(got) != 0 {
		t.Errorf("found the archived %v", got)
	}
	if d := b.Document(m.ws, b.Index(m.ws).Documents()[0].ID); d == nil || d.ExternalID != "a000" {
		t.Errorf("document %+v", d)
	}
}

func TestImportTellsOfProblems(t *testing.T) {
	t.Parallel()
	broken := func(yield func(Input, error) bool) {
		_ = yield(inputs(1)[0], nil) &&
			yield(Input{}, fmt.Errorf("wrapped: %w", &Problem{Path: "b.md", Line: 3, What: "Broken.", Lost: true})) &&
			yield(inputs(1)[0], nil) &&
			yield(Input{Source: "test", ExternalID: "x"}, nil) &&
			yield(Input{Source: "test", ExternalID: "y", Title: "T", Visibility: "secret"}, nil)
	}
	m := newMemStore()
	b := newBase(t, m, nil)
	mustImport(t, b, m, false, inputs(2)...)
	r, err := b.Import(t.Context(), m.ws, broken, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range r.Problems {
		paths = append(paths, p.Path)
	}
	if diff := cmp.Diff([]string{"b.md", "a000", "x", "y", "sync"}, paths); diff != "" {
		t.Error(diff)
	}
	if r.Unchanged != 1 || r.Archived != 0 {
		t.Errorf("%+v: an import with lost articles must not archive", r)
	}
	if r := mustImport(t, b, m, true); r.Archived != 0 || len(r.Problems) != 1 {
		t.Errorf("%+v: an empty import must not archive everything", r)
	}
	if want := "b.md:3: Broken."; r.Problems[0].Error() != want {
		t.Errorf("%q, want %q", r.Problems[0].Error(), want)
	}
}

func TestImportKeepsWhatWasStoredBeforeAnError(t *testing.T) {
	t.Parallel()
	m := newMemStore()
	m.failPuts = 2
	b := newBase(t, m, nil)
	r, err := b.Import(t.Context(), m.ws, seqOf(inputs(250)...), true, nil)
	if !errors.Is(err, errDown) || r.Added != 100 || r.Archived != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if got := found(t, b, m, "number7"); !slices.Equal(got, []string{"a007"}) {
		t.Errorf("found %v", got)
	}
	stopped := func(yield func(Input, error) bool) {
		_ = yield(inputs(251)[250], nil) && yield(Input{}, context.Canceled)
	}
	r, err = b.Import(t.Context(), m.ws, stopped, true, nil)
	if !errors.Is(err, context.Canceled) || r.Added != 1 {
		t.Errorf("%+v, %v: what came before the end must be stored", r, err)
	}
}

func TestBaseFollowsTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemStore()
		put := func(in Input) {
			if _, err := m.PutArticles(t.Context(), m.ws, []Put{Prepare(in)}); err != nil {
				t.Fatal(err)
			}
		}
		all := inputs(3)
		put(all[0])
		b := NewBase(Options{Store: m, Log: slog.New(slog.DiscardHandler)})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if got := found(t, b, m, "number0"); len(got) != 1 {
			t.Fatal("an article of before the start is not found")
		}
		put(all[1])
		b.Notify(chat.Signal{Kind: chat.SignalEntry, Workspace: m.ws})
		synctest.Wait()
		if got := found(t, b, m, "number1"); len(got) != 0 {
			t.Error("a signal about something else was followed")
		}
		b.Notify(chat.Signal{Kind: chat.SignalKnowledge, Workspace: m.ws})
		synctest.Wait()
		if got := found(t, b, m, "number1"); len(got) != 1 {
			t.Error("a signal was not followed")
		}
		put(all[2])
		time.Sleep(pollEvery)
		synctest.Wait()
		if got := found(t, b, m, "number2"); len(got) != 1 {
			t.Error("a change without a signal was not found by polling")
		}
	})
}

func TestBaseOutlivesTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var failed atomic.Int64
		m := newMemStore()
		b := NewBase(Options{Store: m, Log: slog.New(slog.DiscardHandler), Observer: Observer{Failed: func(string) { failed.Add(1) }}})
		m.down = true
		if err := b.Start(t.Context()); !errors.Is(err, errDown) {
			t.Fatalf("start without a store: %v", err)
		}
		m.down = false
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		mustImport(t, b, m, false, inputs(1)...)
		m.set(func() { m.down = true })
		time.Sleep(3 * pollEvery)
		synctest.Wait()
		if failed.Load() == 0 {
			t.Error("a store that is down was not noticed")
		}
		if got := found(t, b, m, "number0"); len(got) != 1 {
			t.Error("search needs the store")
		}
		m.set(func() {
			m.down = false
			m.put([2]string{"test", "new"}, Prepare(Input{Source: "test", ExternalID: "new", Title: "zebra"}))
		})
		m.set(func() {
			m.put([2]string{"test", "new"}, Prepare(Input{Source: "test", ExternalID: "new", Title: "zebra", Body: "zebra"}))
		})
		time.Sleep(pollEvery)
		synctest.Wait()
		if got := found(t, b, m, "zebra"); len(got) != 1 {
			t.Error("it did not catch up")
		}
	})
}
