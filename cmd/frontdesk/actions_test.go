package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/action"
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
