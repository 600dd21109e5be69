package storetest

import (
	"fmt"
	"testing"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var articleListCases = []testCase{
	{"filters", articleFilters},
	{"pages", articlePages},
	{"malformed queries", func(t *testing.T, w *world) {
		for _, q := range []knowledge.ArticleQuery{{Limit: 201}, {Limit: -1}, {Cursor: "odd"}, {Status: "odd"}, {Visibility: "odd"}} {
			_, err := w.ListArticles(w.ctx, w.ws, q)
			wantCode(t, err, chat.CodeInvalid)
		}
	}},
}

func articleFilters(t *testing.T, w *world) {
	add := func(externalID, title string, f func(*knowledge.Put)) {
		p := put(externalID, title, "the body is not searched")
		if f != nil {
			f(&p)
		}
		w.put(finished(p))
	}
	add("pay-1", "How to PAY by card", nil)
	add("pay-2", "Über 100% der Überweisung", func(p *knowledge.Put) { p.Visibility = knowledge.Internal })
	add("ship", "Shipping_costs", func(p *knowledge.Put) { p.Source = "zendesk" })
	add("draft", "A draft about cards", func(p *knowledge.Put) { p.Status = knowledge.StatusDraft })
	add("gone", "Gone cards", func(p *knowledge.Put) { p.Status = knowledge.StatusArchived })

	w.reopen()
	for _, c := range []struct {
		query knowledge.ArticleQuery
		want  []string
	}{
		{knowledge.ArticleQuery{}, []string{"draft", "ship", "pay-2", "pay-1"}},
		{knowledge.ArticleQuery{Status: knowledge.StatusPublished}, []string{"ship", "pay-2", "pay-1"}},
		{knowledge.ArticleQuery{Status: knowledge.StatusDraft}, []string{"draft"}},
		{knowledge.ArticleQuery{Status: knowledge.StatusArchived}, []string{"gone"}},
		{knowledge.ArticleQuery{Visibility: knowledge.Internal}, []string{"pay-2"}},
		{knowledge.ArticleQuery{Visibility: knowledge.Public}, []string{"draft", "ship", "pay-1"}},
		{knowledge.ArticleQuery{Source: "zendesk"}, []string{"ship"}},
		{knowledge.ArticleQuery{Source: "zen"}, nil},
		{knowledge.ArticleQuery{Text: "card"}, []string{"draft", "pay-1"}},
		{knowledge.ArticleQuery{Text: " CARD  pay "}, []string{"pay-1"}},
		{knowledge.ArticleQuery{Text: "pay-2"}, []string{"pay-2"}},
		{knowledge.ArticleQuery{Text: "über ÜBERWEISUNG"}, []string{"pay-2"}},
		{knowledge.ArticleQuery{Text: "100%"}, []string{"pay-2"}},
		{knowledge.ArticleQuery{Text: "0%0"}, nil},
		{knowledge.ArticleQuery{Text: "g_c"}, []string{"ship"}},
		{knowledge.ArticleQuery{Text: "to_pay"}, nil},
		{knowledge.ArticleQuery{Text: `\`}, nil},
		{knowledge.ArticleQuery{Text: "body"}, nil},
		{knowledge.ArticleQuery{Text: "card", Status: knowledge.StatusArchived}, []string{"gone"}},
	} {
		page := must(w.ListArticles(w.ctx, w.ws, c.query))(t)
		equal(t, fmt.Sprintf("%+v", c.query), externalIDs(page.Articles), c.want)
		equal(t, fmt.Sprintf("%+v: total", c.query), page.Total, len(c.want))
		for _, a := range page.Articles {
			whole := must(w.Article(w.ctx, w.ws, a.ID))(t)
			whole.Body = ""
			equal(t, "article", a, whole)
		}
	}
}

func articlePages(t *testing.T, w *world) {
	var puts []knowledge.Put
	for i := range 7 {
		puts = append(puts, put(fmt.Sprint("a", i), "Title", "Body"))
	}
	must(w.PutArticles(w.ctx, w.ws, puts))(t) // all at one time
	w.publish("a2", "Title", "New body")
	whole := []string{"a2", "a6", "a5", "a4", "a3", "a1", "a0"}
	for _, limit := range []int{1, 2, 3, 7, 200} {
		q := knowledge.ArticleQuery{Limit: limit}
		var got []string
		for {
			page := must(w.ListArticles(w.ctx, w.ws, q))(t)
			if len(page.Articles) > limit {
				t.Fatalf("a page of %d, limit %d", len(page.Articles), limit)
			}
			equal(t, "total", page.Total, 7)
			got = append(got, externalIDs(page.Articles)...)
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		equal(t, fmt.Sprint("in pages of ", limit), got, whole)
	}
}

func externalIDs(articles []knowledge.Article) []string {
	var ids []string
	for _, a := range articles {
		ids = append(ids, a.ExternalID)
	}
	return ids
}
