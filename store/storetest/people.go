package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var peopleCases = []testCase{
	{"a customer", func(t *testing.T, w *world) {
		w.clock.advance(time.Second)
		given := chat.Customer{
			ID: id("customer eve"), TokenHash: []byte{0, 1, 2, 255}, Name: "Ève", Email: "Eve@example.com", Locale: "fr",
		}
		want := given
		want.Workspace, want.CreatedAt = w.ws, w.clock.time()
		equal(t, "returned", must(w.CreateCustomer(w.ctx, w.ws, given))(t), want)
		w.reopen()
		equal(t, "stored", must(w.Customer(w.ctx, w.ws, given.ID))(t), want)
		equal(t, "by token", must(w.CustomerByToken(w.ctx, w.ws, given.TokenHash))(t), want)
		_, err := w.Customer(w.ctx, w.beside, given.ID)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.CustomerByToken(w.ctx, w.beside, given.TokenHash)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"several customers", func(t *testing.T, w *world) {
		got := must(w.Customers(w.ctx, w.ws, []uuid.UUID{bob, id("nobody"), ann, bob}))(t)
		slices.SortFunc(got, func(a, b chat.Customer) int { return strings.Compare(a.Name, b.Name) })
		equal(t, "customers", got, []chat.Customer{must(w.Customer(w.ctx, w.ws, ann))(t), must(w.Customer(w.ctx, w.ws, bob))(t)})
		equal(t, "none", must(w.Customers(w.ctx, w.ws, nil))(t), []chat.Customer(nil))
	}},
	{"a token leads to the workspace's own customer", func(t *testing.T, w *world) {
		c := must(w.CustomerByToken(w.ctx, w.ws, []byte("hash of bob's token")))(t)
		if c.ID != bob || c.Workspace != w.ws {
			t.Errorf("got %+v", c)
		}
	}},
	{"taken", func(t *testing.T, w *world) {
		_, err := w.CreateCustomer(w.ctx, w.ws, chat.Customer{ID: ann, TokenHash: []byte("new")})
		wantCode(t, err, chat.CodeConflict)
		_, err = w.CreateCustomer(w.ctx, w.ws, chat.Customer{TokenHash: []byte("hash of ann's token")})
		wantCode(t, err, chat.CodeConflict)
	}},
	{"without a token", func(t *testing.T, w *world) {
		one := must(w.CreateCustomer(w.ctx, w.ws, chat.Customer{Name: "One"}))(t)
		two := must(w.CreateCustomer(w.ctx, w.ws, chat.Customer{Name: "Two", TokenHash: []byte{}}))(t)
		if one.ID == uuid.Nil || one.ID == two.ID {
			t.Errorf("ids %v and %v", one.ID, two.ID)
		}
		_, err := w.CustomerByToken(w.ctx, w.ws, nil)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"changed", func(t *testing.T, w *world) {
		want := must(w.Customer(w.ctx, w.ws, ann))(t)
		want.Name, want.Email, want.Locale = "Anna", "anna@example.com", "sv"
		change := want
		change.TokenHash, change.CreatedAt, change.Workspace = []byte("not this"), time.Time{}, w.beside
		check(t, w.UpdateCustomer(w.ctx, w.ws, change))
		w.reopen()
		equal(t, "stored", must(w.Customer(w.ctx, w.ws, ann))(t), want)
		wantCode(t, w.UpdateCustomer(w.ctx, w.ws, chat.Customer{ID: uuid.New()}), chat.CodeNotFound)
	}},
}
