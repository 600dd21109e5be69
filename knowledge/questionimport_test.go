package knowledge_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

// desk is a help centre with articles, a store of its own and an index.
type desk struct {
	t     testing.TB
	store *sqlite.Store
	base  *knowledge.Base
	ws    uuid.UUID
}

func newDesk(t testing.TB, e llm.Embedder) *desk {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := sqlite.Open(t.Context(), sqlitetest.Folder(t), store.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	ws, _, err := s.EnsureWorkspace(t.Context(), "test", chat.Inbox{Key: "k", Name: "Site"})
	if err != nil {
		t.Fatal(err)
	}
	b := knowledge.NewBase(knowledge.Options{Store: s, Embedder: e, Log: quiet})
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return &desk{t, s, b, ws.ID}
}

// publish imports articles, and embeds them if embed is set.
func (d *desk) publish(embed *knowledge.Indexer, ins ...knowledge.Input) {
	d.t.Helper()
	articles := func(yield func(knowledge.Input, error) bool) {
		for _, in := range ins {
			if !yield(in, nil) {
				return
			}
		}
	}
	if _, err := d.base.Import(d.t.Context(), d.ws, articles, false, nil); err != nil {
		d.t.Fatal(err)
	}
	if embed != nil {
		if err := embed.Run(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) ask(accept bool, es ...knowledge.Exchange) knowledge.QuestionReport {
	d.t.Helper()
	r, err := d.base.ImportQuestions(d.t.Context(), d.ws, d.store, es, accept)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// list gives the stored questions, oldest first: "status match article: text".
func (d *desk) list() []string {
	d.t.Helper()
	page, err := d.store.ListQuestions(d.t.Context(), d.ws, knowledge.QuestionQuery{Limit: 200})
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for i := range page.Questions {
		q := page.Questions[len(page.Questions)-1-i]
		out = append(out, fmt.Sprintf("%s %s %s: %s", q.Status, q.Match, q.Article.ExternalID, q.Text))
	}
	return out
}

func article(id, url, title, body string) knowledge.Input {
	return knowledge.Input{Source: "test", ExternalID: id, URL: url, Title: title, Body: body}
}

func exchange(id, question, answer string, links ...string) knowledge.Exchange {
	return knowledge.Exchange{Source: "desk", ID: id, Line: len(id), Question: question, Answer: answer, Links: links}
}

func TestImportQuestions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, llm.FakeEmbedder{})
	d.publish(knowledge.NewIndexer(d.base, "test", nil, nil),
		article("pay", "https://help.example/pay", "Pay by invoice", "You can pay by invoice after dispatch."),
		article("lost", "https://help.example/lost", "Lost parcel", "Report a lost parcel after three days."))
	history := []knowledge.Exchange{
		exchange("1", "Mail jo@example.org: can I pay later?", "See here.", "https://www.help.example/pay/?utm=1#x"),
		exchange("2", "pay by invoice after dispatch?", "You can pay by invoice after dispatch."),
		exchange("3", "Pay by invoice, after dispatch", "You can pay by invoice after dispatch."),
		exchange("4", "who wrote the music?", "A friend from Altona."),
		exchange("5", "report a lost parcel", ""),
	}
	got := d.ask(true, history...)
	gaps := got.Gaps
	got.Gaps = nil
	if diff := cmp.Diff(knowledge.QuestionReport{Proposed: 1, Accepted: 1, Linked: 1, Duplicates: 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(gaps) != 2 || gaps[0].ID != "4" || gaps[1].ID != "5" || gaps[1].Nearest.ExternalID != "lost" || gaps[1].Score <= 0 || gaps[1].Question != "report a lost parcel" {
		t.Errorf("gaps %+v", gaps)
	}
	stored := []string{"accepted link pay: Mail e-mail address: can I pay later?", "proposed nearness pay: pay by invoice after dispatch?"}
	if diff := cmp.Diff(stored, d.list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	doc := d.base.Index(d.ws).Documents()[1]
	if doc.ExternalID != "pay" || len(doc.Questions) != 1 || doc.Questions[0] != knowledge.NewPhrasing("Mail e-mail address: can I pay later?") {
		t.Errorf("search has %+v", doc.Questions)
	}
	if _, pending, err := d.store.PendingVectors(t.Context(), d.ws, "fake", 1); err != nil || pending != 0 {
		t.Errorf("%d texts wait for a vector (%v)", pending, err)
	}

	again := d.ask(false, history...)
	again.Gaps = nil
	if diff := cmp.Diff(knowledge.QuestionReport{Unchanged: 2, Duplicates: 1}, again); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(stored, d.list()); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
}

func TestImportQuestionsByLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil) // words only: links alone match
	d.publish(nil,
		article("guides/first-order.md", "", "First order", "How to order."),
		article("360012345678", "https://desk.example/hc/en-us/articles/360012345678", "Numbered", "With a number."),
		article("b/same.md", "", "Same", "One."), article("c/same.md", "", "Same", "Two."),
		article("2024", "", "A year", "No number."))
	asked := 0
	for link, want := range map[string]string{
		"https://any.example/help/First-Order/":                           "guides/first-order.md",
		"https://any.example/first-order.html?x=1":                        "guides/first-order.md",
		"https://desk.example/hc/de/articles/360012345678-Mit-einem-Name": "360012345678",
		"https://any.example/same":                                        "",
		"https://any.example/2024-summer":                                 "",
		"https://any.example/":                                            "",
		"first-order":                                                     "",
		"https://any.example/%zz":                                         "",
	} {
		asked++
		r := d.ask(false, exchange(fmt.Sprint(asked), fmt.Sprintf("What is number %d about?", asked), "", link))
		switch {
		case want == "" && (r.Proposed != 0 || len(r.Gaps) != 1):
			t.Errorf("%s: %+v", link, r)
		case want != "" && (r.Proposed != 1 || r.Linked != 1):
			t.Errorf("%s: %+v, stored %q", link, r, d.list())
		}
	}
	if diff := cmp.Diff(3, len(d.list())); diff != "" {
		t.Error(diff)
	}
}

func TestImportQuestionsWaitsForVectors(t *testing.T) {
	t.Parallel()
	d := newDesk(t, llm.FakeEmbedder{})
	d.publish(nil, article("pay", "", "Pay", "By invoice."))
	_, err := d.base.ImportQuestions(t.Context(), d.ws, d.store, []knowledge.Exchange{exchange("1", "Can I pay later?", "Yes")}, false)
	if chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.base.ImportQuestions(ctx, d.ws, d.store, nil, false); err == nil {
		t.Error("no error of a cancelled import")
	}
}
