package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// event is something that a customer did.
func event(name string) chat.Activity {
	return chat.Activity{Kind: chat.ActivityEvent, Name: name, Props: map[string]chat.Scalar{"of": "x"}}
}

// visit is a page that a customer saw.
func visit(path string) chat.Activity {
	return chat.Activity{Kind: chat.ActivityVisit, Page: chat.Page{URL: "https://shop.example/" + path, Title: path}}
}

// private gives the world's inbox these settings.
func (w *world) private(p chat.Privacy) {
	w.t.Helper()
	in := w.inbox
	in.Settings.Privacy = p
	must(w.PutInbox(w.ctx, w.ws, in))(w.t)
}

// activity gives what is known that ann did, newest first.
func (w *world) activity() (names []string) {
	w.t.Helper()
	for _, a := range must(w.Activity(w.ctx, w.ws, ann))(w.t) {
		names = append(names, a.Name+a.Page.Title)
	}
	return names
}

func (w *world) set(values map[string]chat.Scalar) error {
	return w.SetAttributes(w.ctx, w.ws, w.inbox.ID, ann, values)
}

func (w *world) add(a chat.Activity) error {
	_, err := w.AddActivity(w.ctx, w.ws, w.inbox.ID, ann, a)
	return err
}

var visitorCases = []testCase{
	{"attributes of the page", func(t *testing.T, w *world) {
		first := w.clock.time()
		check(t, w.set(map[string]chat.Scalar{"plan": "free", "seats": "3", "city": "Oslo"}))
		w.clock.advance(time.Second)
		check(t, w.set(map[string]chat.Scalar{"plan": "team", "city": "", "never": ""}))
		w.reopen()
		equal(t, "attributes", must(w.Customer(w.ctx, w.ws, ann))(t).Attributes, []chat.Attribute{
			{Name: "plan", Value: "team", By: chat.SourcePage, At: w.clock.time()},
			{Name: "seats", Value: "3", By: chat.SourcePage, At: first},
		})
		equal(t, "of bob", must(w.Customer(w.ctx, w.ws, bob))(t).Attributes, []chat.Attribute(nil))
		check(t, w.set(map[string]chat.Scalar{"plan": "", "seats": ""}))
		equal(t, "none left", must(w.Customer(w.ctx, w.ws, ann))(t).Attributes, []chat.Attribute(nil))
	}},
	{"attributes that are not kept", func(t *testing.T, w *world) {
		many := map[string]chat.Scalar{}
		for i := range chat.MaxAttributes {
			many[fmt.Sprint("k", i)] = "x"
		}
		check(t, w.set(many))
		wantCode(t, w.set(map[string]chat.Scalar{"more": "x"}), chat.CodeTooLarge)
		check(t, w.set(map[string]chat.Scalar{"more": "x", "k0": ""})) // one goes, one comes
		wantCode(t, w.set(map[string]chat.Scalar{"": "x"}), chat.CodeInvalid)
		wantCode(t, w.set(map[string]chat.Scalar{"nul": "\x00"}), chat.CodeInvalid)
		equal(t, "kept", len(must(w.Customer(w.ctx, w.ws, ann))(t).Attributes), chat.MaxAttributes)
		wantCode(t, w.SetAttributes(w.ctx, w.ws, w.inbox.ID, id("nobody"), nil), chat.CodeNotFound)
		wantCode(t, w.SetAttributes(w.ctx, w.ws, id("no inbox"), ann, nil), chat.CodeNotFound)
	}},
	{"attributes of the token", func(t *testing.T, w *world) {
		eve := func(by chat.Proof, values ...chat.Attribute) chat.Customer {
			w.clock.advance(time.Second)
			return must(w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "eve", SubjectInbox: w.inbox.ID,
				Verification: chat.Verification{By: by, Until: w.clock.time().Add(time.Hour)}, Attributes: values}))(t)
		}
		first := eve(chat.ProofToken, chat.Attribute{Name: "plan", Value: "team"}, chat.Attribute{Name: "seats", Value: "3"})
		check(t, w.SetAttributes(w.ctx, w.ws, w.inbox.ID, first.ID, map[string]chat.Scalar{"plan": "business"}))
		said := w.clock.time()
		second := eve(chat.ProofToken, chat.Attribute{Name: "plan", Value: "pro"})
		want := []chat.Attribute{ // the token's comes first, and what it no longer says is gone
			{Name: "plan", Value: "pro", By: chat.SourceToken, At: w.clock.time()},
			{Name: "plan", Value: "business", By: chat.SourcePage, At: said},
		}
		equal(t, "said again", second.Attributes, want)
		equal(t, "by a hash", eve(chat.ProofHash, chat.Attribute{Name: "plan", Value: "enterprise"}).Attributes, want)
		w.reopen()
		equal(t, "stored", must(w.Customer(w.ctx, w.ws, first.ID))(t).Attributes, want)
		equal(t, "withdrawn", eve(chat.ProofToken).Attributes, want[1:])
	}},
	{"consent", func(t *testing.T, w *world) {
		w.private(chat.Privacy{Consent: true, PageViews: true})
		wantCode(t, w.set(map[string]chat.Scalar{"plan": "team"}), chat.CodeForbidden)
		wantCode(t, w.add(event("bought")), chat.CodeForbidden)
		wantCode(t, w.add(visit("cart")), chat.CodeForbidden)
		equal(t, "attributes", must(w.Customer(w.ctx, w.ws, ann))(t).Attributes, []chat.Attribute(nil))
		equal(t, "activity", w.activity(), []string(nil))

		given := w.clock.time()
		check(t, w.SetConsent(w.ctx, w.ws, ann, true))
		w.clock.advance(time.Minute)
		check(t, w.SetConsent(w.ctx, w.ws, ann, true))
		w.reopen()
		equal(t, "since", must(w.Customer(w.ctx, w.ws, ann))(t).ConsentedAt, given)
		check(t, w.set(map[string]chat.Scalar{"plan": "team"}))
		check(t, w.add(event("bought")))
		check(t, w.add(visit("cart")))
		equal(t, "kept", w.activity(), []string{"cart", "bought"})

		check(t, w.SetConsent(w.ctx, w.ws, ann, false))
		c := must(w.Customer(w.ctx, w.ws, ann))(t)
		if len(c.Attributes) > 0 || !c.ConsentedAt.IsZero() {
			t.Errorf("withdrawn: %+v", c)
		}
		equal(t, "erased", w.activity(), []string(nil))
		wantCode(t, w.add(event("bought")), chat.CodeForbidden)
		wantCode(t, w.SetConsent(w.ctx, w.ws, id("nobody"), true), chat.CodeNotFound)
		wantCode(t, w.SetConsent(w.ctx, w.ws, id("nobody"), false), chat.CodeNotFound)
	}},
	{"page views", func(t *testing.T, w *world) {
		wantCode(t, w.add(visit("cart")), chat.CodeForbidden)
		check(t, w.add(event("bought"))) // no view
		w.private(chat.Privacy{PageViews: true})
		check(t, w.add(visit("cart")))
		again := visit("cart")
		again.Page.Title = "renamed"
		check(t, w.add(again))
		check(t, w.add(visit("help")))
		check(t, w.add(visit("cart")))
		equal(t, "each change once", w.activity(), []string{"cart", "help", "cart", "bought"})
	}},
	{"no visits once the conversation is closed", func(t *testing.T, w *world) {
		w.private(chat.Privacy{PageViews: true})
		check(t, w.add(visit("before")))
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		w.move("talk", toClosed())
		check(t, w.add(visit("one is open")))
		w.move("talk 2", toClosed())
		wantCode(t, w.add(visit("none is")), chat.CodeClosed)
		check(t, w.add(event("an event")))
		w.move("talk 2", chat.Transition{To: chat.OwnerBot, Status: chat.StatusOpen})
		check(t, w.add(visit("again")))
		equal(t, "kept", w.activity(), []string{"again", "an event", "one is open", "before"})
	}},
	{"activity", func(t *testing.T, w *world) {
		w.clock.advance(time.Second)
		got := must(w.AddActivity(w.ctx, w.ws, w.inbox.ID, ann, event("bought")))(t)
		want := event("bought")
		want.ID, want.At = got.ID, w.clock.time()
		if got.ID == uuid.Nil {
			t.Error("no id")
		}
		equal(t, "returned", got, want)
		w.reopen()
		equal(t, "stored", must(w.Activity(w.ctx, w.ws, ann))(t), []chat.Activity{want})
		equal(t, "of bob", must(w.Activity(w.ctx, w.ws, bob))(t), []chat.Activity(nil))
		wantCode(t, w.add(event("")), chat.CodeInvalid)
		wantCode(t, w.add(chat.Activity{Kind: "odd", Name: "x"}), chat.CodeInvalid)
		_, err := w.AddActivity(w.ctx, w.ws, w.inbox.ID, id("nobody"), event("x"))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.AddActivity(w.ctx, w.ws, id("no inbox"), ann, event("x"))
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"activity is bounded", func(t *testing.T, w *world) {
		must(w.AddActivity(w.ctx, w.ws, w.inbox.ID, bob, event("of bob")))(t)
		for i := range chat.MaxActivity + 2 {
			check(t, w.add(event(fmt.Sprint(i))))
		}
		got := w.activity()
		equal(t, "how many", len(got), chat.MaxActivity)
		equal(t, "newest and oldest", []string{got[0], got[len(got)-1]}, []string{fmt.Sprint(chat.MaxActivity + 1), "2"})
		equal(t, "of bob", len(must(w.Activity(w.ctx, w.ws, bob))(t)), 1)
	}},
	{"old activity", func(t *testing.T, w *world) {
		check(t, w.add(event("old")))
		w.clock.advance(time.Hour)
		check(t, w.add(event("new")))
		equal(t, "pruned", must(w.PruneActivity(w.ctx, w.ws, w.clock.time()))(t), 1)
		equal(t, "left", w.activity(), []string{"new"})
	}},
	{"activity of merged visitors", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		check(t, w.add(event("as a visitor")))
		eve := must(w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "eve", SubjectInbox: w.inbox.ID}))(t)
		w.clock.advance(time.Second)
		must(w.AddActivity(w.ctx, w.ws, w.inbox.ID, eve.ID, event("as eve")))(t)
		m := must(w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: eve.ID}))(t)
		all := must(w.Activity(w.ctx, w.ws, eve.ID))(t)
		equal(t, "both", []string{all[0].Name, all[1].Name}, []string{"as eve", "as a visitor"})
		must(w.UndoMerge(w.ctx, w.ws, m.ID, alice))(t)
		equal(t, "undone", len(must(w.Activity(w.ctx, w.ws, eve.ID))(t)), 1)
		must(w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: eve.ID}))(t)
		check(t, w.SetConsent(w.ctx, w.ws, eve.ID, false))
		equal(t, "erased with the visitor's", len(must(w.Activity(w.ctx, w.ws, eve.ID))(t))+len(w.activity()), 0)
	}},
}
