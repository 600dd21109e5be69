package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var articleCases = []testCase{
	{"added, changed, unchanged", putOutcomes},
	{"source and external id are the key together", func(t *testing.T, w *world) {
		one := w.put(put("one", "A", "x"))
		other := put("one", "B", "y")
		other.Source = "elsewhere"
		two := w.put(finished(other))
		if two.Outcome != knowledge.OutcomeAdded || two.Article.ID == one.Article.ID {
			t.Errorf("got %+v", two)
		}
	}},
	{"malformed batches store nothing", func(t *testing.T, w *world) {
		change := func(f func(*knowledge.Put)) []knowledge.Put {
			p := put("two", "B", "y")
			f(&p)
			return []knowledge.Put{put("one", "A", "x"), p}
		}
		for name, puts := range map[string][]knowledge.Put{
			"twice":              {put("one", "A", "x"), put("two", "B", "y"), put("one", "A2", "x")},
			"no source":          change(func(p *knowledge.Put) { p.Source = "" }),
			"no external id":     change(func(p *knowledge.Put) { p.ExternalID = "" }),
			"unknown status":     change(func(p *knowledge.Put) { p.Status = "odd" }),
			"no status":          change(func(p *knowledge.Put) { p.Status = "" }),
			"unknown visibility": change(func(p *knowledge.Put) { p.Visibility = "odd" }),
		} {
			if _, err := w.PutArticles(w.ctx, w.ws, puts); chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: got %v, want CodeInvalid", name, err)
			}
		}
		equal(t, "version", must(w.KnowledgeVersion(w.ctx, w.ws))(t), int64(0))
		equal(t, "documents", len(must(w.DocumentsSince(w.ctx, w.ws, 0, 0))(t)), 0)
		equal(t, "none at all", len(must(w.PutArticles(w.ctx, w.ws, nil))(t)), 0)
	}},
	{"from the console", func(t *testing.T, w *world) {
		own := uuid.New()
		p := put(own.String(), "Mine", "x")
		p.Source = "console"
		equal(t, "id", w.put(finished(p)).Article.ID, own)
		p.ExternalID = "not a uuid"
		if a := w.put(finished(p)).Article; a.ID == uuid.Nil || a.ID == own {
			t.Errorf("id %v", a.ID)
		}
	}},
	{"each change is a revision, in order", revisions},
	{"a withdrawn article", withdrawn},
	{"a version of before", func(t *testing.T, w *world) {
		old := w.put(put("one", "Old", "Old body")).Article
		now := put("one", "New", "New body")
		now.Visibility = knowledge.Internal
		w.clock.advance(time.Minute)
		current := w.put(finished(now)).Article
		w.reopen()
		a := must(w.ArticleVersion(w.ctx, w.ws, old.Version))(t)
		want := current
		want.Version, want.Number, want.Title, want.Body = old.Version, 1, "Old", "Old body"
		equal(t, "the old version", a, want)
		if a.Visibility != knowledge.Internal {
			t.Error("the article's visibility of now does not show")
		}
		check(t, ignore(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{old.ID})))
		a = must(w.ArticleVersion(w.ctx, w.ws, old.Version))(t)
		equal(t, "archived", []any{a.Status, a.Title, a.Body, a.Number}, []any{knowledge.StatusArchived, "Old", "Old body", 1})
		_, err := w.ArticleVersion(w.ctx, w.ws, uuid.New())
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.ArticleVersion(w.ctx, w.beside, old.Version)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"archive what is missing", archiveMissing},
	{"batches at once", func(t *testing.T, w *world) {
		// Every batch changes the same articles: versions and revisions must come
		// out without a gap, whatever the order.
		const batches, each = 8, 5
		check(t, together(batches, func(i int) error {
			var puts []knowledge.Put
			for n := range each {
				// Half of the batches go backwards, which must not deadlock.
				at := n
				if i%2 == 1 {
					at = each - 1 - n
				}
				puts = append(puts, put(fmt.Sprint("a", at), "T", fmt.Sprint("body ", i)))
			}
			_, err := w.PutArticles(w.ctx, w.ws, puts)
			return err
		}))
		equal(t, "version", must(w.KnowledgeVersion(w.ctx, w.ws))(t), int64(batches*each))
		for i, d := range must(w.DocumentsSince(w.ctx, w.ws, 0, 0))(t) {
			equal(t, "number and revision", []int64{int64(d.Number), d.Revision}, []int64{batches, int64((batches-1)*each + i + 1)})
		}
	}},
}

func putOutcomes(t *testing.T, w *world) {
	p := put("one", "How to pay", "Pay by card.\nOr by bank.")
	made := w.clock.time()
	got := w.put(p)
	want := knowledge.Article{
		ID: got.Article.ID, Workspace: w.ws, Source: "test", ExternalID: "one", Version: got.Article.Version, Number: 1,
		Title: p.Title, URL: p.URL, Tags: p.Tags, Locale: "en", Visibility: knowledge.Public, Status: knowledge.StatusPublished,
		Revision: 1, CreatedAt: made, UpdatedAt: made,
	}
	equal(t, "added", got, knowledge.PutResult{Outcome: knowledge.OutcomeAdded, Article: want})
	if want.ID == uuid.Nil || want.Version == uuid.Nil {
		t.Fatal("no ids")
	}

	w.clock.advance(time.Minute)
	equal(t, "again", w.put(p), knowledge.PutResult{Outcome: knowledge.OutcomeUnchanged, Article: want})

	p.Title, p.Tags, p.Visibility, p.URL, p.Locale = "How to pay!", nil, knowledge.Internal, "", "de"
	p.Body = "Only by card."
	got = w.put(finished(p))
	if got.Article.Version == want.Version {
		t.Error("a change kept its version")
	}
	want.Version, want.Number, want.Title, want.Tags, want.Visibility = got.Article.Version, 2, p.Title, nil, p.Visibility
	want.URL, want.Locale, want.Revision, want.UpdatedAt = "", "de", 2, w.clock.time()
	equal(t, "changed", got, knowledge.PutResult{Outcome: knowledge.OutcomeChanged, Article: want})

	w.reopen()
	want.Body = p.Body
	equal(t, "stored", must(w.Article(w.ctx, w.ws, want.ID))(t), want)
	_, err := w.Article(w.ctx, w.beside, want.ID)
	wantCode(t, err, chat.CodeNotFound)

	// One of each in a batch; the results are in its order.
	results := must(w.PutArticles(w.ctx, w.ws, []knowledge.Put{put("two", "B", "b"), finished(p), put("one more", "C", "c")}))(t)
	var outcomes []knowledge.Outcome
	for _, r := range results {
		outcomes = append(outcomes, r.Outcome)
	}
	equal(t, "outcomes", outcomes, []knowledge.Outcome{knowledge.OutcomeAdded, knowledge.OutcomeUnchanged, knowledge.OutcomeAdded})
	equal(t, "revisions", []int64{results[0].Article.Revision, results[1].Article.Revision, results[2].Article.Revision}, []int64{3, 2, 4})
}

func revisions(t *testing.T, w *world) {
	version := func(want int64, what string) {
		t.Helper()
		equal(t, what, must(w.KnowledgeVersion(w.ctx, w.ws))(t), want)
	}
	version(0, "at first")
	a := w.put(put("a", "A", "a")).Article
	b := w.put(put("b", "B", "b\nsecond line")).Article
	c := w.put(put("c", "C", "c")).Article
	version(3, "three added")
	w.put(put("a", "A", "a"))
	version(3, "one unchanged")
	draft := put("d", "D", "d")
	draft.Status = knowledge.StatusDraft
	d := w.put(finished(draft)).Article
	equal(t, "archived", must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{a.ID, uuid.New(), a.ID}))(t), 1)
	version(5, "one archived")
	equal(t, "archived again", must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{a.ID}))(t), 0)
	equal(t, "archived none", must(w.ArchiveArticles(w.ctx, w.ws, nil))(t), 0)
	w.put(put("b", "B2", "b2"))
	version(6, "one changed")

	w.reopen()
	version(6, "after reopening")
	all := must(w.DocumentsSince(w.ctx, w.ws, 0, 0))(t)
	var got []string
	for _, doc := range all {
		got = append(got, fmt.Sprintf("%d %s %s %d chunks %q", doc.Revision, doc.ExternalID, doc.Status, len(doc.Chunks), doc.Body))
	}
	equal(t, "documents", got, []string{
		`3 c published 1 chunks "c"`, `4 d draft 0 chunks ""`, `5 a archived 0 chunks ""`, `6 b published 1 chunks "b2"`,
	})
	equal(t, "ids", []uuid.UUID{all[0].ID, all[1].ID, all[2].ID, all[3].ID}, []uuid.UUID{c.ID, d.ID, a.ID, b.ID})
	equal(t, "chunks", all[3].Chunks, put("b", "B2", "b2").Chunks)

	// In pages, as a follower reads them.
	var after int64
	var paged []knowledge.Document
	for {
		page := must(w.DocumentsSince(w.ctx, w.ws, after, 2))(t)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		after = page[len(page)-1].Revision
	}
	equal(t, "paged", paged, all)
}

func withdrawn(t *testing.T, w *world) {
	p := put("one", "Title", "Body")
	first := w.put(p).Article
	w.clock.advance(time.Minute)
	equal(t, "archived", must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{first.ID}))(t), 1)
	a := must(w.Article(w.ctx, w.ws, first.ID))(t)
	if a.Status != knowledge.StatusArchived || a.Revision != 2 || a.Version != first.Version || !a.UpdatedAt.Equal(w.clock.time()) || a.Body != "Body" {
		t.Errorf("archived: %+v", a)
	}
	back := w.put(p)
	if back.Outcome != knowledge.OutcomeChanged || back.Article.Version != first.Version || back.Article.Number != 1 ||
		back.Article.Status != knowledge.StatusPublished || back.Article.Revision != 3 {
		t.Errorf("the same text again: %+v", back)
	}
	equal(t, "chunks are back", must(w.DocumentsSince(w.ctx, w.ws, 2, 0))(t)[0].Chunks, p.Chunks)
	must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{first.ID}))(t)
	changed := w.put(put("one", "Title", "Other body"))
	if changed.Outcome != knowledge.OutcomeChanged || changed.Article.Number != 2 || changed.Article.Status != knowledge.StatusPublished {
		t.Errorf("another text: %+v", changed)
	}
}

func archiveMissing(t *testing.T, w *world) {
	for _, name := range []string{"a", "b", "c", "d"} {
		w.publish(name, name, name)
	}
	elsewhere := put("a", "A", "a")
	elsewhere.Source = "elsewhere"
	w.put(finished(elsewhere))
	version := must(w.KnowledgeVersion(w.ctx, w.ws))(t)
	keep := []string{"a", "c", "not there", "c"}
	equal(t, "archived", must(w.ArchiveMissing(w.ctx, w.ws, "test", keep))(t), 2)
	equal(t, "archived again", must(w.ArchiveMissing(w.ctx, w.ws, "test", keep))(t), 0)
	equal(t, "version", must(w.KnowledgeVersion(w.ctx, w.ws))(t), version+2)
	w.reopen()
	var left []string
	for _, a := range must(w.ListArticles(w.ctx, w.ws, knowledge.ArticleQuery{}))(t).Articles {
		left = append(left, a.Source+" "+a.ExternalID)
	}
	equal(t, "left", left, []string{"elsewhere a", "test c", "test a"})
	equal(t, "all of a source", must(w.ArchiveMissing(w.ctx, w.ws, "test", nil))(t), 2)
	equal(t, "of no source", must(w.ArchiveMissing(w.ctx, w.ws, "nowhere", nil))(t), 0)
}

// ignore drops the value of a call that is made for its effect.
func ignore[T any](_ T, err error) error { return err }
