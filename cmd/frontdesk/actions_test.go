package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/action"
	"frontdesk/bot"
	"frontdesk/chat"
)

type oneCustomer chat.Customer

func (c oneCustomer) Customer(context.Context, uuid.UUID, uuid.UUID) (chat.Customer, error) {
	return chat.Customer(c), nil
}

// Actions believe what is proven now, and nothing else.
func TestWhatActionsKnowOfACustomer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	soon, past := now.Add(time.Minute), now.Add(-time.Minute)
	for _, c := range []struct {
		name string
		v    chat.Verification
		want action.Identity
	}{
		{"nothing", chat.Verification{}, action.Identity{}},
		{"a token", chat.Verification{By: chat.ProofToken, Until: soon, Email: true}, action.Identity{Verified: true, Email: "ann@shop.example", Customer: "c7"}},
		{"a token without an address", chat.Verification{By: chat.ProofToken, Until: soon}, action.Identity{Verified: true, Customer: "c7"}},
		{"a code", chat.Verification{By: chat.ProofCode, Until: soon, Email: true}, action.Identity{Verified: true, Email: "ann@shop.example"}},
		{"a token that ran out", chat.Verification{By: chat.ProofToken, Until: past, Email: true}, action.Identity{}},
		{"a hash", chat.Verification{By: chat.ProofHash, Until: soon, Email: true}, action.Identity{}},
	} {
		who := oneCustomer{Email: "ann@shop.example", Subject: "c7", Verification: c.v}
		got, err := customerVerifier{who, func() time.Time { return now }}.Identity(t.Context(), chat.Ref{}, uuid.Nil)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

// The words around an action follow the customer's own, as a message brings them to the conversation.
func TestWordsAroundAnActionFollowTheCustomer(t *testing.T) {
	t.Parallel()
	c := openTestCore(t, t.TempDir())
	ctx, ws := t.Context(), c.workspace.ID
	inboxes, err := c.store.Inboxes(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	who, err := c.store.CreateCustomer(ctx, ws, chat.Customer{ID: uuid.Must(uuid.NewV7()), TokenHash: []byte("t")})
	if err != nil {
		t.Fatal(err)
	}
	ref := chat.Ref{Workspace: ws, Conversation: uuid.Must(uuid.NewV7())}
	if _, err := c.store.OpenConversation(ctx, ws, chat.Conversation{ID: ref.Conversation, Inbox: inboxes[0].ID, Customer: who.ID, Locale: "en-US"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ text, want string }{{"KK-20377", "en"}, {"Wo ist meine Bestellung geblieben?", "de"}, {"ok", "de"}} {
		d := chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: who.ID}, Kind: chat.KindMessage, Text: step.text,
			Body: chat.Body{Locale: bot.LanguageIn(step.text, "en-US")}}
		if _, err := c.store.Append(ctx, ws, ref.Conversation, d); err != nil {
			t.Fatal(err)
		}
		if got := c.words(ctx, ref).Tag(); got != step.want {
			t.Errorf("after %q the bot speaks %s, not %s", step.text, got, step.want)
		}
	}
	if got := c.words(ctx, chat.Ref{Workspace: ws, Conversation: uuid.New()}).Tag(); got != "en" {
		t.Errorf("where there is no conversation: %s", got)
	}
}
