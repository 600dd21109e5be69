package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/handoff"
)

// turn has a customer of the installation in a folder ask something, where no
// server runs: turn FOLDER NAME QUESTION. $NAME is the turn's id then, and
// $NAME_conversation that of the conversation.
func turn(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: turn FOLDER NAME QUESTION")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	quiet := slog.New(slog.DiscardHandler)
	c, err := openCore(ctx, Settings{Data: ts.MkAbs(args[0]), TargetError: .1, Languages: []string{"en"}, VectorMemoryMax: 20000}, quiet)
	ts.Check(err)
	defer func() { ts.Check(c.close()) }()
	desk := handoff.New(handoff.Options{Store: c.store, Surroundings: c.store, Log: quiet})
	runner, err := bot.NewRunner(bot.RunnerOptions{Store: c.store, Decider: c.engine, Desk: botDesk{desk}, Node: "test", Records: c.store, Build: version, Log: quiet})
	ts.Check(err)
	runner.Start()
	defer runner.Close()

	customer, err := c.store.CreateCustomer(ctx, c.workspace.ID, chat.Customer{ID: uuid.New()})
	ts.Check(err)
	conv, err := c.store.OpenConversation(ctx, c.workspace.ID, chat.Conversation{ID: uuid.New(), Inbox: c.inbox.ID, Customer: customer.ID})
	ts.Check(err)
	_, err = c.store.Append(ctx, c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID}, Kind: chat.KindMessage, Text: args[2]})
	ts.Check(err)
	runner.Wake(chat.Ref{Workspace: c.workspace.ID, Conversation: conv.ID})
	for {
		records, err := c.store.TurnRecords(ctx, c.workspace.ID, conv.ID)
		ts.Check(err)
		if len(records) > 0 {
			ts.Setenv(args[1], records[0].Turn.String())
			ts.Setenv(args[1]+"_conversation", conv.ID.String())
			if strings.Contains(string(records[0].Body), args[2]) {
				ts.Logf("the record holds the question as it was searched")
			}
			return
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // another goroutine and a store
	}
}

func TestOldRecordsOfTurnsAreDropped(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it opens an encoder")
	}
	c := openTestCore(t, t.TempDir())
	defer func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}()
	customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	conv, err := c.store.OpenConversation(t.Context(), c.workspace.ID, chat.Conversation{ID: uuid.New(), Inbox: c.inbox.ID, Customer: customer.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.PutTurn(t.Context(), c.workspace.ID, chat.TurnRecord{Turn: uuid.New(), Conversation: conv.ID, Body: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ days, left int }{{30, 1}, {0, 0}} {
		all := func(context.Context) ([]chat.Workspace, error) { return []chat.Workspace{c.workspace}, nil }
		tidy(t.Context(), all, c.chores(step.days), slog.New(slog.DiscardHandler))
		records, err := c.store.TurnRecords(t.Context(), c.workspace.ID, conv.ID)
		if err != nil || len(records) != step.left {
			t.Errorf("%d records left, %v; want %d", len(records), err, step.left)
		}
	}
}
