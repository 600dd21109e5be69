package postgres

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
)

// openTest opens a store that lives as long as the test.
func openTest(t testing.TB, address string) *Store {
	t.Helper()
	return openWith(t, address, quiet)
}

func openWith(t testing.TB, address string, o store.Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// seed makes a workspace with n conversations of one customer.
func seed(t testing.TB, s *Store, n int) (uuid.UUID, []chat.Conversation) {
	t.Helper()
	ctx := context.Background()
	ws, inbox, err := s.EnsureWorkspace(ctx, "test", chat.Inbox{Key: "test"})
	if err != nil {
		t.Fatal(err)
	}
	customer, err := s.CreateCustomer(ctx, ws.ID, chat.Customer{Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	talks := make([]chat.Conversation, n)
	for i := range talks {
		if talks[i], err = s.OpenConversation(ctx, ws.ID, chat.Conversation{ID: uuid.New(), Inbox: inbox.ID, Customer: customer.ID}); err != nil {
			t.Fatal(err)
		}
	}
	return ws.ID, talks
}

// asks is a message of c's customer.
func asks(c chat.Conversation, text string) chat.Draft {
	return chat.Draft{
		ClientID: uuid.New(), Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyCustomer, ID: c.Customer, Name: "Ann"},
	}
}
