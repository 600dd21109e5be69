package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/trust"
)

// A question that the bot could answer goes to an agent in an inbox where it
// has earned nothing yet; what the agent makes of it is the topic's first verdict.
func TestAnEarnedInbox(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it embeds most of the time")
	}
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	c := openTestCore(t, t.TempDir())
	defer func() { must(c.close()) }()
	fill(t, c)
	in := c.inbox
	in.Settings.Answering = chat.AnswerEarned
	_, err := c.store.PutInbox(t.Context(), c.workspace.ID, in)
	must(err)
	customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New()})
	must(err)
	agent, err := c.store.CreateOwner(t.Context(), c.workspace.ID, chat.User{Name: "Anna", Email: "anna@example.com"})
	must(err)

	desk := handoff.New(handoff.Options{Store: c.store, Surroundings: c.store, Log: slog.New(slog.DiscardHandler)})
	runner, err := bot.NewRunner(bot.RunnerOptions{Store: c.store, Decider: c.engine, Desk: botDesk{desk}, Gate: trust.NewGate(c.store, c.limit), Node: "test",
		Log: slog.New(slog.DiscardHandler)})
	must(err)
	runner.Start()
	defer runner.Close()

	conv, err := c.store.OpenConversation(t.Context(), c.workspace.ID, chat.Conversation{ID: uuid.New(), Inbox: c.inbox.ID, Customer: customer.ID})
	must(err)
	_, err = c.store.Append(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID},
		Kind: chat.KindMessage, Text: "How long do I have to return a kettle?"})
	must(err)
	ref := chat.Ref{Workspace: c.workspace.ID, Conversation: conv.ID}
	runner.Wake(ref)
	for deadline := time.Now().Add(30 * time.Second); conv.Owner != chat.OwnerQueue; {
		if time.Now().After(deadline) {
			t.Fatalf("nobody handed it over: %+v", conv)
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // another goroutine and a store
		conv, err = c.store.Conversation(t.Context(), c.workspace.ID, conv.ID)
		must(err)
	}
	h, err := c.store.Handoff(t.Context(), c.workspace.ID, conv.ID)
	must(err)
	if h.Reason != chat.ReasonShadow || h.Brief.Suggested == nil || !strings.Contains(h.Brief.Suggested.Text, "30 days") || len(h.Brief.Suggested.Citations) != 1 {
		t.Fatalf("handed over as %+v", h)
	}

	_, err = desk.Claim(t.Context(), c.workspace.ID, conv.ID, conv.Epoch, agent)
	must(err)
	_, err = c.store.Append(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyAgent, ID: agent.ID},
		Kind: chat.KindMessage, Text: h.Brief.Suggested.Text})
	must(err)
	recorder := trust.NewRecorder(trust.RecorderOptions{Store: c.store, Rules: trust.Rules{Limit: c.limit, Level: certainty}, Log: slog.New(slog.DiscardHandler)})
	must(recorder.Record(t.Context(), ref))

	verdicts, err := allVerdicts(t.Context(), c)
	must(err)
	if len(verdicts) != 1 || verdicts[0].Kind != trust.KindAccepted || !verdicts[0].Answered || verdicts[0].Confidence < c.engine.engine().Threshold() {
		t.Errorf("verdicts %+v", verdicts)
	}
	topics := operateTest[[]topicView](t, c, "topics", struct{}{})
	if len(topics) != 1 || topics[0].Article != "returns" || topics[0].Stage != trust.StageShadow || topics[0].shown() != "0 of 45" {
		t.Errorf("topics %+v", topics)
	}
}
