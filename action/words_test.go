package action

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/say"
)

func german(o *Options) {
	o.Words = func(context.Context, chat.Ref) *say.Table { return say.In("de-AT") }
}

// What the bot says by itself around an action is in the customer's language; what the shop wrote stays as it is.
func TestAnActionSpeaksTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options, c *Config) {
		german(o)
		c.Actions[1].Say = "Refund {amount}." // which the shop's answer lacks
	})
	if got, want := b.answer(asks("Where is my order 20418?")).Text, "Your order 20418 is on its way, delivery 24. November 2026."; got != want {
		t.Errorf("a look-up: %q", got)
	}
	reply := b.answer(asks("Where is my order?"))
	again := asks("what do you mean", "Where is my order?")
	again.Last, again.Asked = &reply.Used, 1
	if got, want := b.answer(again).Text, "Das konnte ich in Ihrer Nachricht nicht finden. What is your order number?"; got != want {
		t.Errorf("asked again, in the shop's words: %q", got)
	}
	b.conf.Actions[0].Ask = nil
	b.declare()
	if got, want := b.answer(asks("Where is my order?")).Text, "Dafür brauche ich von Ihnen: Order."; got != want {
		t.Errorf("asked: %q", got)
	}
	proposal := b.answer(asks("please cancel my order 20418"))
	if want := "Cancel order 20418? Bitte bestätigen Sie das. Vorher geschieht nichts."; proposal.Text != want {
		t.Errorf("proposed: %q", proposal.Text)
	}
	if err := b.Confirm(t.Context(), Confirmation{Ref: talk, Customer: customer, Call: proposal.Card.Call, Yes: true}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the result", func() bool { return slices.Contains(b.store.texts(), "Erledigt: Cancel order 20418.") })
}

func TestWhoItIsIsAskedForInTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	who := &proves{}
	b := newBench(t, func(o *Options, c *Config) {
		german(o)
		o.Verifier, o.Identify, c.Actions[0].Verified = who, who.ask, true
	})
	reply := b.answer(asks("Where is my order 20418?"))
	again := asks("fertig", "Where is my order 20418?")
	again.Last, again.Asked = &reply.Used, 1
	for _, said := range []string{reply.Text, b.answer(again).Text} {
		if !strings.Contains(said, "Bestätigen Sie hier Ihre E-Mail-Adresse und schreiben Sie dann „fertig“") {
			t.Errorf("asked %q", said)
		}
	}
}

func TestWhatGoesWrongIsSaidInTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shop http.HandlerFunc
		want string
	}{
		"refused": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) }, "Der Shop hat das nicht angenommen"},
		"unknown": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "Ob das geklappt hat, kann ich nicht erkennen."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(o *Options, _ *Config) { german(o) })
			_, yes := b.proposed()
			b.shop.set(c.shop)
			if err := b.Confirm(t.Context(), yes); err != nil {
				t.Fatal(err)
			}
			eventually(t, "a person is told", func() bool {
				return slices.ContainsFunc(b.desk.texts(), func(said string) bool { return strings.HasPrefix(said, c.want) })
			})
		})
	}
}
