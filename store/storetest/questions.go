package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var questionCases = []testCase{
	{"stored, listed, not found elsewhere", questionStored},
	{"put again", questionAgain},
	{"accepted and rejected", questionDecided},
	{"accepted at once", func(t *testing.T, w *world) {
		a := w.put(put("one", "A", "a")).Article
		b := w.put(put("two", "B", "b")).Article
		qs := []knowledge.Question{asked(b.ID, "q1", "First?"), asked(a.ID, "q2", "Second?"), asked(b.ID, "q3", "Third?")}
		for i := range qs {
			qs[i].Status, qs[i].DecidedBy = knowledge.QuestionAccepted, alice
		}
		for _, r := range must(w.PutQuestions(w.ctx, w.ws, qs))(t) {
			equal(t, "decided", []any{r.Question.DecidedBy, r.Question.DecidedAt}, []any{alice, w.clock.time()})
		}
		equal(t, "version: one change for each article", must(w.KnowledgeVersion(w.ctx, w.ws))(t), int64(4))
		equal(t, "phrasings", phrasings(w), []string{"two: First? Third?", "one: Second?"})
	}},
	{"an article that comes and goes", questionsOfWithdrawn},
	{"the editor's phrasings", editorsPhrasings},
	{"pending vectors", func(t *testing.T, w *world) {
		p := put("one", "T", "a")
		article := w.put(p).Article
		same := asked(article.ID, "same", p.Chunks[0].Text)
		qs := []knowledge.Question{asked(article.ID, "q1", "First?"), asked(article.ID, "q2", "First?"), same, asked(article.ID, "q3", "Not accepted?")}
		for i := range 3 {
			qs[i].Status = knowledge.QuestionAccepted
		}
		must(w.PutQuestions(w.ctx, w.ws, qs))(t)
		pending, total, err := w.PendingVectors(w.ctx, w.ws, model, 0)
		check(t, err)
		texts := map[string]bool{}
		for _, p := range pending {
			texts[p.Text] = true
			equal(t, "hash of "+p.Text, p.Hash, hash(p.Text))
		}
		equal(t, "texts", texts, map[string]bool{"First?": true, p.Chunks[0].Text: true})
		equal(t, "total", total, 2)
		check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("First?", 1)}))
		must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{article.ID}))(t)
		_, total, err = w.PendingVectors(w.ctx, w.ws, model, 0)
		check(t, err)
		equal(t, "of an archived article", total, 0)
	}},
	{"pages and filters", questionPages},
	{"malformed", malformedQuestions},
	{"changes are told", func(t *testing.T, w *world) {
		a := w.put(put("one", "A", "a")).Article
		q := asked(a.ID, "q1", "First?")
		before := len(w.signals.of(w.ws))
		stored := must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{q}))(t)[0].Question
		w.signalOf("accepted", chat.Signal{Kind: chat.SignalKnowledge, Seq: 2}, func() { w.decide(knowledge.QuestionAccepted, stored.ID) })
		w.signalOf("rejected", chat.Signal{Kind: chat.SignalKnowledge, Seq: 3}, func() { w.decide(knowledge.QuestionRejected, stored.ID) })
		w.reopen() // waits for whatever tells
		equal(t, "signals in all", len(w.signals.of(w.ws))-before, 2)
	}},
}

// asked is a proposed question out of a help desk's history.
func asked(article uuid.UUID, externalID, text string) knowledge.Question {
	return knowledge.Question{
		Article: knowledge.ArticleName{ID: article}, Text: text, Origin: knowledge.OriginHistory, Source: "helpdesk", External: externalID,
		Status: knowledge.QuestionProposed, Match: knowledge.MatchNearness, Score: 0.625,
	}
}

// decide gives questions that status in Alice's name.
func (w *world) decide(status knowledge.QuestionStatus, ids ...uuid.UUID) int {
	w.t.Helper()
	return must(w.DecideQuestions(w.ctx, w.ws, ids, status, alice))(w.t)
}

// phrasings gives what followers see: "external id: texts", in order of revision.
func phrasings(w *world) []string {
	w.t.Helper()
	var out []string
	for _, d := range must(w.DocumentsSince(w.ctx, w.ws, 0, 0))(w.t) {
		line := d.ExternalID + ":"
		for _, p := range d.Questions {
			line += " " + p.Text
			equal(w.t, "hash of "+p.Text, p.Hash, hash(p.Text))
		}
		out = append(out, line)
	}
	return out
}

// texts gives the texts of the list, newest first.
func texts(w *world, q knowledge.QuestionQuery) []string {
	w.t.Helper()
	var out []string
	for _, q := range must(w.ListQuestions(w.ctx, w.ws, q))(w.t).Questions {
		out = append(out, q.Text)
	}
	return out
}

func questionStored(t *testing.T, w *world) {
	article := w.put(put("one", "How to pay", "x")).Article
	q := asked(article.ID, "ticket 7", "Can I pay — später?")
	q.DecidedBy = alice // of no account while proposed
	result := must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{q}))(t)[0]
	want := q
	want.ID, want.Workspace, want.CreatedAt, want.DecidedBy = result.Question.ID, w.ws, w.clock.time(), uuid.Nil
	want.Article = knowledge.ArticleName{ID: article.ID, Source: "test", ExternalID: "one", Title: "How to pay"}
	equal(t, "result", result, knowledge.QuestionResult{Added: true, Question: want})
	if want.ID == uuid.Nil {
		t.Fatal("no id")
	}
	equal(t, "version", must(w.KnowledgeVersion(w.ctx, w.ws))(t), article.Revision)
	w.reopen()
	equal(t, "page", must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{}))(t), knowledge.QuestionPage{Questions: []knowledge.Question{want}, Total: 1})
	equal(t, "not searched yet", phrasings(w), []string{"one:"})

	_, err := w.PutQuestions(w.ctx, w.beside, []knowledge.Question{q})
	wantCode(t, err, chat.CodeNotFound)
	_, err = w.PutQuestions(w.ctx, w.ws, []knowledge.Question{asked(uuid.New(), "ticket 8", "x?")})
	wantCode(t, err, chat.CodeNotFound)
	_, err = w.PutQuestions(w.ctx, uuid.New(), []knowledge.Question{q})
	wantCode(t, err, chat.CodeNotFound)
	q.External, q.ID = "ticket 9", want.ID
	_, err = w.PutQuestions(w.ctx, w.ws, []knowledge.Question{q})
	wantCode(t, err, chat.CodeConflict)
	equal(t, "after the mistakes", texts(w, knowledge.QuestionQuery{}), []string{q.Text})
	equal(t, "elsewhere", w.decideIn(w.beside, want.ID), 0)
}

// decideIn accepts a question that is another workspace's.
func (w *world) decideIn(ws uuid.UUID, question uuid.UUID) int {
	w.t.Helper()
	return must(w.DecideQuestions(w.ctx, ws, []uuid.UUID{question}, knowledge.QuestionAccepted, alice))(w.t)
}

func questionAgain(t *testing.T, w *world) {
	a, b := w.put(put("one", "A", "a")).Article, w.put(put("two", "B", "b")).Article
	first := must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{asked(a.ID, "7", "First?"), asked(a.ID, "8", "Second?")}))(t)
	w.decide(knowledge.QuestionRejected, first[0].Question.ID)
	version := must(w.KnowledgeVersion(w.ctx, w.ws))(t)
	whole := must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{}))(t)

	again := asked(b.ID, "7", "Changed?") // the same id there, whatever else is different
	again.Status = knowledge.QuestionAccepted
	w.clock.advance(time.Hour)
	results := must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{again, asked(a.ID, "8", "Second?")}))(t)
	for i, r := range results {
		equal(t, "again", r, knowledge.QuestionResult{Question: whole.Questions[1-i]})
	}
	equal(t, "the list", must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{}))(t), whole)
	equal(t, "version", must(w.KnowledgeVersion(w.ctx, w.ws))(t), version)

	elsewhere, verdict := asked(a.ID, "7", "Third?"), asked(a.ID, "7", "Fourth?")
	elsewhere.Source, verdict.Origin = "other", knowledge.OriginVerdict
	for _, r := range must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{elsewhere, verdict}))(t) {
		equal(t, "another source or origin", r.Added, true)
	}
	equal(t, "none at all", len(must(w.PutQuestions(w.ctx, w.ws, nil))(t)), 0)

	// Many at once, of the same keys: each is stored once.
	check(t, together(8, func(i int) error {
		_, err := w.PutQuestions(w.ctx, w.ws, []knowledge.Question{asked(a.ID, "x", "X?"), asked(a.ID, "y", "Y?")})
		return err
	}))
	equal(t, "total", must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{}))(t).Total, 6)
}

func questionDecided(t *testing.T, w *world) {
	a, b := w.put(put("one", "A", "a")).Article, w.put(put("two", "B", "b")).Article
	var ids []uuid.UUID
	for _, r := range must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{
		asked(a.ID, "1", "First?"), asked(b.ID, "2", "Second?"), asked(a.ID, "3", "Third?"), asked(a.ID, "4", "First?"),
	}))(t) {
		ids = append(ids, r.Question.ID)
	}
	version := func(what string, want int64) {
		t.Helper()
		equal(t, what, must(w.KnowledgeVersion(w.ctx, w.ws))(t), want)
	}
	version("proposed", 2)
	w.clock.advance(time.Minute)
	equal(t, "accepted", w.decide(knowledge.QuestionAccepted, ids[0], ids[2], ids[3], uuid.New(), ids[0]), 3)
	version("one change of one article", 3)
	w.reopen()
	equal(t, "each text once, oldest first", phrasings(w), []string{"two:", "one: First? Third?"})
	got := must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{Status: knowledge.QuestionAccepted}))(t).Questions
	equal(t, "who and when", []any{len(got), got[0].DecidedBy, got[0].DecidedAt}, []any{3, alice, w.clock.time()})
	if changed := must(w.Article(w.ctx, w.ws, a.ID))(t); changed.Revision != 3 || !changed.UpdatedAt.Equal(a.UpdatedAt) || changed.Version != a.Version {
		t.Errorf("the article became %+v", changed)
	}

	equal(t, "again", w.decide(knowledge.QuestionAccepted, ids[0]), 0)
	equal(t, "none", w.decide(knowledge.QuestionAccepted), 0)
	version("nothing changed", 3)
	equal(t, "rejected before it was accepted", w.decide(knowledge.QuestionRejected, ids[1]), 1)
	version("not the article's", 3)
	w.clock.advance(time.Minute)
	equal(t, "another mind, by the operator", must(w.DecideQuestions(w.ctx, w.ws, ids[2:3], knowledge.QuestionRejected, uuid.Nil))(t), 1)
	version("rejected", 4)
	equal(t, "gone from search", phrasings(w), []string{"two:", "one: First?"})
	rejected := must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{Status: knowledge.QuestionRejected}))(t).Questions
	equal(t, "by the operator", []any{rejected[0].DecidedBy, rejected[0].DecidedAt}, []any{uuid.Nil, w.clock.time()})
	equal(t, "both at once", w.decide(knowledge.QuestionAccepted, ids...), 2)
	version("two articles", 6)
}

func questionsOfWithdrawn(t *testing.T, w *world) {
	p := put("one", "A", "a")
	a := w.put(p).Article
	q := asked(a.ID, "1", "First?")
	q.Status = knowledge.QuestionAccepted
	must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{q}))(t)
	equal(t, "at first", phrasings(w), []string{"one: First?"})
	must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{a.ID}))(t)
	equal(t, "archived", phrasings(w), []string{"one:"})
	equal(t, "not listed", must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{}))(t), knowledge.QuestionPage{})
	w.put(p)
	equal(t, "back", phrasings(w), []string{"one: First?"})
	p.Body = "another text"
	w.put(finished(p))
	equal(t, "a new version keeps them", phrasings(w), []string{"one: First?"})
	p.Status = knowledge.StatusDraft
	w.put(finished(p))
	equal(t, "a draft", phrasings(w), []string{"one:"})
	equal(t, "a draft's are listed", texts(w, knowledge.QuestionQuery{}), []string{"First?"})
}

func editorsPhrasings(t *testing.T, w *world) {
	// with is the article at some version with these phrasings.
	with := func(body string, phrasings ...string) knowledge.Put {
		p := put("one", "A", body)
		p.Phrasings = phrasings
		return finished(p)
	}
	a := w.put(with("v1", "First?", "Second?")).Article
	equal(t, "of the article", must(w.Article(w.ctx, w.ws, a.ID))(t).Phrasings, []string{"First?", "Second?"})
	equal(t, "searched", phrasings(w), []string{"one: First? Second?"})
	page := must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{Origin: knowledge.OriginEditor}))(t)
	equal(t, "listed", []any{page.Total, page.Questions[0].Text, page.Questions[0].Status, page.Questions[0].Match}, []any{2, "Second?", knowledge.QuestionAccepted, knowledge.Match("")})

	history := asked(a.ID, "1", "From history?")
	history.Status = knowledge.QuestionAccepted
	must(w.PutQuestions(w.ctx, w.ws, []knowledge.Question{history}))(t)
	w.put(with("v2", "Second?", "Third?"))
	w.reopen()
	equal(t, "replaced, the others kept", phrasings(w), []string{"one: Second? From history? Third?"})
	equal(t, "unchanged", w.put(with("v2", "Second?", "Third?")).Outcome, knowledge.OutcomeUnchanged)

	// What was rejected comes back when the editor says so anew.
	second := must(w.ListQuestions(w.ctx, w.ws, knowledge.QuestionQuery{Origin: knowledge.OriginEditor}))(t).Questions[1]
	equal(t, "the one", second.Text, "Second?")
	w.decide(knowledge.QuestionRejected, second.ID)
	equal(t, "rejected", must(w.Article(w.ctx, w.ws, a.ID))(t).Phrasings, []string{"Third?"})
	w.put(with("v3", "Second?", "Third?"))
	equal(t, "accepted anew", must(w.Article(w.ctx, w.ws, a.ID))(t).Phrasings, []string{"Second?", "Third?"})

	other := put("two", "B", "b")
	other.Phrasings = []string{"Second?"}
	w.put(finished(other))
	w.put(with("v4"))
	equal(t, "none any more", len(must(w.Article(w.ctx, w.ws, a.ID))(t).Phrasings), 0)
	equal(t, "the other's stay", phrasings(w), []string{"two: Second?", "one: From history?"})
}

func questionPages(t *testing.T, w *world) {
	a, b := w.put(put("one", "A", "a")).Article, w.put(put("two", "B", "b")).Article
	var qs []knowledge.Question
	for i := range 7 {
		q := asked(a.ID, fmt.Sprint(i), fmt.Sprintf("q%d?", i))
		if i%3 == 1 {
			q.Article.ID, q.Status = b.ID, knowledge.QuestionAccepted
		}
		qs = append(qs, q)
	}
	must(w.PutQuestions(w.ctx, w.ws, qs))(t)
	whole := []string{"q6?", "q5?", "q4?", "q3?", "q2?", "q1?", "q0?"}
	for _, limit := range []int{1, 3, 7, 200} {
		q := knowledge.QuestionQuery{Limit: limit}
		var got []string
		for {
			page := must(w.ListQuestions(w.ctx, w.ws, q))(t)
			equal(t, "total", page.Total, 7)
			for _, one := range page.Questions {
				got = append(got, one.Text)
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		equal(t, fmt.Sprint("in pages of ", limit), got, whole)
	}
	for _, c := range []struct {
		query knowledge.QuestionQuery
		want  []string
	}{
		{knowledge.QuestionQuery{Status: knowledge.QuestionAccepted}, []string{"q4?", "q1?"}},
		{knowledge.QuestionQuery{Status: knowledge.QuestionRejected}, nil},
		{knowledge.QuestionQuery{Article: a.ID}, []string{"q6?", "q5?", "q3?", "q2?", "q0?"}},
		{knowledge.QuestionQuery{Article: a.ID, Status: knowledge.QuestionAccepted}, nil},
		{knowledge.QuestionQuery{Origin: knowledge.OriginHistory, Limit: 1}, []string{"q6?"}},
		{knowledge.QuestionQuery{Origin: knowledge.OriginVerdict}, nil},
		{knowledge.QuestionQuery{Article: uuid.New()}, nil},
	} {
		equal(t, fmt.Sprintf("%+v", c.query), texts(w, c.query), c.want)
	}
}

func malformedQuestions(t *testing.T, w *world) {
	a := w.put(put("one", "A", "a")).Article
	for name, change := range map[string]func(*knowledge.Question){
		"no article":     func(q *knowledge.Question) { q.Article.ID = uuid.Nil },
		"no text":        func(q *knowledge.Question) { q.Text = " " },
		"too long":       func(q *knowledge.Question) { q.Text = string(make([]byte, knowledge.MaxQuestion+1)) },
		"no source":      func(q *knowledge.Question) { q.Source = "" },
		"no external id": func(q *knowledge.Question) { q.External = "" },
		"the editor's":   func(q *knowledge.Question) { q.Origin = knowledge.OriginEditor },
		"odd origin":     func(q *knowledge.Question) { q.Origin = "odd" },
		"odd status":     func(q *knowledge.Question) { q.Status = "odd" },
		"odd match":      func(q *knowledge.Question) { q.Match = "odd" },
		"odd score":      func(q *knowledge.Question) { q.Score = 1.1 },
		"twice":          func(q *knowledge.Question) { q.External = "good" },
	} {
		bad := asked(a.ID, "bad", "Bad?")
		change(&bad)
		_, err := w.PutQuestions(w.ctx, w.ws, []knowledge.Question{asked(a.ID, "good", "Good?"), bad})
		if chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: got %v, want CodeInvalid", name, err)
		}
	}
	equal(t, "stored", len(texts(w, knowledge.QuestionQuery{})), 0)
	for _, status := range []knowledge.QuestionStatus{"", "odd", knowledge.QuestionProposed} {
		_, err := w.DecideQuestions(w.ctx, w.ws, nil, status, alice)
		wantCode(t, err, chat.CodeInvalid)
	}
	for _, q := range []knowledge.QuestionQuery{{Limit: 201}, {Limit: -1}, {Cursor: "odd"}, {Status: "odd"}, {Origin: "odd"}} {
		_, err := w.ListQuestions(w.ctx, w.ws, q)
		wantCode(t, err, chat.CodeInvalid)
	}
}
