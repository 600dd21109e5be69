package main

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// An installation whose customers say zorpten for what the articles call a
// parcel: the word is learnt from answers that they found right, finds the
// article, is kept over a restart, and forgotten when told to. What the
// operator gave stays.
func TestTuneSynonymsAndUndo(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it embeds most of the time")
	}
	dir := t.TempDir()
	c := openTestCore(t, dir)
	articles := []knowledge.Input{{ExternalID: "parcel", Title: "Where is my parcel", Body: "A parcel leaves our house on the day of the order."}}
	topics := []string{"gift cards", "invoices", "the warranty", "passwords", "grinders", "boilers"}
	for _, topic := range topics {
		articles = append(articles, knowledge.Input{ExternalID: topic, Title: "All about " + topic, Body: "Here is what there is to know of " + topic + "."})
	}
	if _, err := c.importArticles(t.Context(), c.workspace.ID, protocol.ImportRequest{Source: "t", Articles: articles}); err != nil {
		t.Fatal(err)
	}
	fill(t, c)
	recorder := trust.NewRecorder(trust.RecorderOptions{Store: c.store, Rules: trust.Rules{Limit: .1, Level: .9}, Log: slog.New(slog.DiscardHandler)})
	judge := func(question, article string) {
		t.Helper()
		customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New(), TokenHash: []byte(question)})
		if err != nil {
			t.Fatal(err)
		}
		if err := recorder.Record(t.Context(), rated(t, c, customer.ID, question, article, 5)); err != nil {
			t.Fatal(err)
		}
	}
	for _, topic := range topics {
		for _, form := range []string{"what of %s", "I ask for %s", "help with %s", "%s please"} {
			judge(fmt.Sprintf(form, topic), topic)
		}
	}
	for _, q := range []string{"zorpten", "my zorpten", "is the zorpten late", "zorpten again", "this zorpten?", "a zorpten came", "zorpten lost", "no zorpten here"} {
		judge(q, "parcel")
	}
	first := func(question string) string {
		t.Helper()
		r, err := c.ask(t.Context(), c.workspace.ID, protocol.AskRequest{Text: question})
		if err != nil || len(r.Ranked) == 0 {
			t.Fatalf("%q: %+v, %v", question, r, err)
		}
		return r.Ranked[0]
	}
	const asked = "zorpten for boilers"
	if got := first(asked); got != "boilers" {
		t.Fatalf("before, %s is first", got)
	}
	before := first("zorpten")
	if before == "parcel" {
		t.Fatal("the parcel is first before anything was learnt")
	}

	dry := operateTest[tuneResult](t, c, "tune", tuneRequest{})
	if s := dry.Synonyms; !s.Better || s.Applied || len(s.List) == 0 || s.List[0].Word != "zorpten" || s.List[0].Means != "parcel" || first("zorpten") != before {
		t.Fatalf("without --apply: %+v", s)
	}
	r := operateTest[tuneResult](t, c, "tune", tuneRequest{Apply: true})
	if !r.Synonyms.Applied || r.Applied || first("zorpten") != "parcel" || first(asked) != "boilers" {
		t.Fatalf("applied: %+v; %s is first", r, first("zorpten"))
	}
	if again := operateTest[tuneResult](t, c, "tune", tuneRequest{Apply: true}); again.Synonyms.Missing == "" || again.Synonyms.Applied {
		t.Errorf("twice: %+v", again.Synonyms)
	}
	if n := operateTest[int](t, c, "synonyms-set", knowledge.Synonyms{{Words: []string{"bill"}, Means: []string{"invoices"}, Weight: .9}}); n != 1 || first("zorpten") != "parcel" {
		t.Errorf("%d given; %s is first", n, first("zorpten"))
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}

	c = openTestCore(t, dir)
	defer func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}()
	if got := first("zorpten"); got != "parcel" {
		t.Errorf("after a restart %s is first", got)
	}
	if all := operateTest[synonymsInUse](t, c, "synonyms", struct{}{}); len(all.Given) != 1 || len(all.Learnt) != len(r.Synonyms.List) {
		t.Errorf("in use: %+v", all)
	}
	if got := operateTest[undone](t, c, "tune-undo", struct{}{}); got.Synonyms != 0 || first("zorpten") != before || first("the bill") != "invoices" {
		t.Errorf("undone: %+v; %s is first", got, first("zorpten"))
	}

	// Another node changes them: this one follows.
	if _, err := c.store.PutSynonyms(t.Context(), c.workspace.ID, knowledge.Synonyms{{Words: []string{"zorpten"}, Means: []string{"parcel"}, Weight: .9}}); err != nil {
		t.Fatal(err)
	}
	if err := c.engine.load(t.Context()); err != nil || first("zorpten") != "parcel" {
		t.Errorf("followed: %v; %s is first", err, first("zorpten"))
	}
}

// A tuning keeps what the one before had, but no judge that is not used.
func TestTuningAfter(t *testing.T) {
	t.Parallel()
	before := trust.Tuning{Base: "b1", Judge: []byte(`{"bias":1}`), Synonyms: []byte(`[1]`)}
	var r tuneResult
	r.Synonyms.Applied = true
	next, err := r.after(before, "b1")
	if err != nil || string(next.Judge) != string(before.Judge) || next.Base != "b1" || string(next.Synonyms) == "[1]" {
		t.Errorf("synonyms alone: %+v, %v", next, err)
	}
	if next, err := r.after(before, "b2"); err != nil || next.Judge != nil || next.Base != "" {
		t.Errorf("after an upgrade: %+v, %v", next, err)
	}
	r = tuneResult{Applied: true}
	if next, err := r.after(before, "b2"); err != nil || next.Base != "b2" || string(next.Synonyms) != "[1]" {
		t.Errorf("a judge alone: %+v, %v", next, err)
	}
}
