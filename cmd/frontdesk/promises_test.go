package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

// TestPromisesGoByMail: a customer who is away gets an agent's promise with its receipt, as part of the answer.
func TestPromisesGoByMail(t *testing.T) {
	t.Parallel()
	ctx, quiet := t.Context(), slog.New(slog.DiscardHandler)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := sqlite.Open(context.Background(), sqlitetest.Folder(t), store.Options{Log: quiet})
	check(err)
	defer s.Close()
	ws, inbox, err := s.EnsureWorkspace(ctx, "w", chat.Inbox{Key: "k"})
	check(err)
	who, err := s.CreateCustomer(ctx, ws.ID, chat.Customer{})
	check(err)
	agent, err := s.CreateOwner(ctx, ws.ID, chat.User{Name: "Ana", Email: "ana@example.com"})
	check(err)
	c, err := s.OpenConversation(ctx, ws.ID, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: inbox.ID, Customer: who.ID})
	check(err)
	desk := handoff.New(handoff.Options{Store: s, Surroundings: s, Log: quiet})
	_, err = desk.Reply(ctx, ws.ID, c.ID, agent, chat.Draft{ClientID: uuid.New(), Text: "It is on its way."})
	check(err)
	made, err := desk.Promise(ctx, ws.ID, c.ID, agent, chat.Promise{ID: uuid.New(), Text: "The tracking number", Due: time.Now().Add(time.Hour)})
	check(err)

	p := &post{store: s}
	c, err = s.Conversation(ctx, ws.ID, c.ID)
	check(err)
	u, err := p.unread(ctx, ws.ID, c)
	check(err)
	said := answerLetter(c, inbox, u, "https://help.example/chat").Said
	if len(said) != 2 || !strings.HasPrefix(said[1].Text, "The tracking number (by ") || !strings.Contains(said[1].Text, made.Number) {
		t.Errorf("the letter says %+v", said)
	}
}
