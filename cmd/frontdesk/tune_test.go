package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

var fewArticles = []knowledge.Input{
	{ExternalID: "returns", Title: "Return an order", Body: "You can return a kettle, a grinder or a scale within 30 days of delivery."},
	{ExternalID: "delivery", Title: "Delivery to Austria", Body: "Delivery to Austria costs 6.90 € and takes 2 to 3 working days."},
}

func openTestCore(t *testing.T, dir string) *core {
	t.Helper()
	c, err := openCore(t.Context(), Settings{Data: dir, TargetError: .1, VectorMemoryMax: 20000}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func operateTest[Out any](t *testing.T, c *core, name string, in any) (out Out) {
	t.Helper()
	args, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	result, err := c.operate(t.Context(), name, args)
	if err != nil {
		t.Fatal(err)
	}
	return result.(Out)
}

// fill imports fewArticles and embeds them.
func fill(t *testing.T, c *core) {
	t.Helper()
	if _, err := c.importArticles(t.Context(), c.workspace.ID, protocol.ImportRequest{Source: "t", Articles: fewArticles}); err != nil {
		t.Fatal(err)
	}
	// A service that runs has an indexer of its own: while that is at work, it is waited for.
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		err := knowledge.NewIndexer(c.base, "test", nil, nil).Run(t.Context())
		if err == nil {
			break
		}
		if chat.CodeOf(err) != chat.CodeConflict || time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if err := c.base.Refresh(t.Context(), c.workspace.ID); err != nil {
		t.Fatal(err)
	}
}

// An installation whose customers find every other answer wrong: the judge
// learns it, keeps it over a restart, and forgets it when told to.
func TestTuneAndUndo(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it embeds most of the time")
	}
	dir := t.TempDir()
	c := openTestCore(t, dir)
	fill(t, c)
	shipped := c.engine.engine().Judge().ID()
	if r := operateTest[tuneResult](t, c, "tune", tuneRequest{Apply: true}); r.Applied || !strings.HasPrefix(r.Missing, "0 of 100 pairs") {
		t.Fatalf("without verdicts: %+v", r)
	}
	if got := operateTest[evals.Certificate](t, c, "certify", certifyRequest{.1, .9}); got.Certified || !strings.HasPrefix(got.Reason, "0 of 45") || got.Made.Articles.Count != 2 {
		t.Errorf("certificate: %+v", got)
	}

	customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	recorder := trust.NewRecorder(trust.RecorderOptions{Store: c.store, Rules: trust.Rules{Limit: .1, Level: .9}, Log: slog.New(slog.DiscardHandler)})
	for i := range 120 {
		id, question := "returns", fmt.Sprintf("May I return a kettle after %d days?", i)
		if i%2 == 0 {
			id, question = "delivery", fmt.Sprintf("What does delivery of %d kettles to Austria cost?", i)
		}
		ref := rated(t, c, customer.ID, question, id, 1+4*(i%2))
		if err := recorder.Record(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}

	dry := operateTest[tuneResult](t, c, "tune", tuneRequest{})
	if dry.Applied || !dry.Better || dry.Missing != "" || c.engine.engine().Judge().ID() != shipped {
		t.Fatalf("without --apply: %+v", dry)
	}
	r := operateTest[tuneResult](t, c, "tune", tuneRequest{Apply: true})
	if !r.Applied || r.NewID != dry.NewID || c.engine.engine().Judge().ID() != r.NewID || c.engine.engine().Threshold() != r.NewThreshold {
		t.Fatalf("applied: %+v", r)
	}
	if got := operateTest[evals.Certificate](t, c, "certify", certifyRequest{.1, .9}); got.Data.Answers != 0 {
		t.Errorf("verdicts that it was tuned by are held back: %+v", got)
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
	if got := c.engine.engine().Judge().ID(); got != r.NewID {
		t.Errorf("after a restart the judge is %s, want %s", got, r.NewID)
	}
	if got := operateTest[undone](t, c, "tune-undo", struct{}{}); got.Judge != shipped || c.engine.engine().Judge().ID() != shipped {
		t.Errorf("undone: %v, want %s", got, shipped)
	}
	if _, err := c.operate(context.Background(), "tune-undo", json.RawMessage(`{}`)); chat.CodeOf(err) != chat.CodeNotFound {
		t.Errorf("undone twice: %v", err)
	}

	// A judge that was fitted from another one is left alone.
	if _, err := c.store.AddTuning(t.Context(), c.workspace.ID, trust.Tuning{Base: "another", Judge: json.RawMessage(`{}`), Report: json.RawMessage(`{}`)}); err != nil {
		t.Fatal(err)
	}
	c.engine.follow()
	if err := c.engine.load(t.Context()); err != nil || c.engine.engine().Judge().ID() != shipped {
		t.Errorf("of another version: %s, %v", c.engine.engine().Judge().ID(), err)
	}
	c.engine.close()
}

// rated stores a conversation in which the bot answered out of an article and
// the customer rated it.
func rated(t *testing.T, c *core, customer uuid.UUID, question, externalID string, score int) chat.Ref {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	var article uuid.UUID
	for _, d := range c.base.Index(c.workspace.ID).Documents() {
		if d.ExternalID == externalID {
			article = d.ID
		}
	}
	conv, err := c.store.OpenConversation(t.Context(), c.workspace.ID, chat.Conversation{ID: uuid.New(), Inbox: c.inbox.ID, Customer: customer})
	must(err)
	by := chat.Sender{Kind: chat.PartyCustomer, ID: customer}
	asked, err := c.store.Append(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: by, Kind: chat.KindMessage, Text: question})
	must(err)
	answer := chat.Answer{Action: chat.ActionAnswer, Confidence: .9, Citations: []chat.Citation{{N: 1, Article: article, ExternalID: externalID}}}
	_, err = c.store.AppendIf(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "…",
		Body: chat.Body{Answer: &answer}}, chat.Fence{Epoch: conv.Epoch, CustomerSeq: asked.Seq})
	must(err)
	_, err = c.store.Append(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: by, Kind: chat.KindRating, Body: chat.Body{Rating: &chat.Rating{Score: score}}})
	must(err)
	return chat.Ref{Workspace: c.workspace.ID, Conversation: conv.ID}
}
