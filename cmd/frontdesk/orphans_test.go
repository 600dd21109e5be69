package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// orphansEnd is what the product promises: whatever stops, nobody is without an
// answer, a person or a promised time for longer.
const orphansEnd = 30 * time.Second

// TestOrphansEnd stops the language model, the agents and the server, one after
// the other, while customers wait for a word. Each time, there are no orphans
// within 30 s, of any age: the monitor's own count leaves out those of the last 30 s.
func TestOrphansEnd(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("its times are the product's: too short beside the race detector")
	}
	model := httptest.NewServer(ableModel())
	defer model.Close()
	d := &manned{t: t, settings: Settings{Data: t.TempDir(), TargetError: .1, VectorMemoryMax: 20000, OpenaiBaseURL: model.URL + "/v1",
		OpenaiAPIKey: "right", LlmModel: "able", LlmLimit: 8 * time.Second, LlmFirstShown: 2500 * time.Millisecond}}
	d.start()
	fill(t, d.c)
	anna := d.hire("anna")

	t.Log("the model stops")
	first := d.asks(2)
	model.CloseClientConnections()
	model.Close()
	first = append(first, d.asks(3)...)
	d.noOrphans()
	for _, c := range d.states(first) {
		if c.Unanswered() {
			t.Errorf("%s has no answer: %+v", c.ID, c)
		}
	}

	t.Log("the agents stop")
	desk := handoff.New(handoff.Options{Store: d.c.store, Surroundings: d.c.store})
	var hers []uuid.UUID
	for _, c := range d.states(d.asks(3)) {
		c, err := desk.Claim(t.Context(), d.c.workspace.ID, c.ID, c.Epoch, anna)
		d.check(err)
		_, err = desk.Reply(t.Context(), d.c.workspace.ID, c.ID, anna, chat.Draft{ClientID: uuid.New(), Text: "One moment."})
		d.check(err)
		d.says(c.ID, "Are you still there?")
		hers = append(hers, c.ID)
	}
	d.check(d.c.store.SetPresence(t.Context(), d.c.workspace.ID, anna.ID, chat.PresenceOffline))
	d.noOrphans()
	for _, c := range d.states(hers) {
		if c.Owner != chat.OwnerQueue || c.Reason != chat.ReasonVanished || !c.Promised.After(time.Now()) {
			t.Errorf("%s was left: %+v", c.ID, c)
		}
	}

	t.Log("the server stops")
	d.check(d.v.close())
	var err error
	d.c, err = openCore(t.Context(), d.settings, slog.New(slog.DiscardHandler)) // a store without a bot: messages that it never took up
	d.check(err)
	last := d.asks(4)
	if n := d.orphans(); n != len(last) {
		t.Fatalf("%d orphans while nobody is there, want %d", n, len(last))
	}
	d.check(d.c.close())
	d.start()
	d.noOrphans()
	d.check(d.v.close())
}

// manned is a service and its desk.
type manned struct {
	t        *testing.T
	settings Settings
	c        *core
	v        *service
	customer chat.Customer
}

func (d *manned) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *manned) start() {
	d.t.Helper()
	var err error
	d.c, err = openCore(d.t.Context(), d.settings, slog.New(slog.DiscardHandler))
	d.check(err)
	d.v, err = newService(d.c, d.settings, serviceOptions{})
	d.check(err)
}

func (d *manned) hire(name string) chat.User {
	d.t.Helper()
	u, err := d.c.store.CreateUser(d.t.Context(), d.c.workspace.ID, chat.User{Name: name, Email: name + "@example.com", Role: chat.RoleAgent})
	d.check(err)
	d.check(d.c.store.SetPresence(d.t.Context(), d.c.workspace.ID, u.ID, chat.PresenceOnline))
	return u
}

// asks has so many customers ask something, each in a conversation of its own.
func (d *manned) asks(n int) (convs []uuid.UUID) {
	d.t.Helper()
	var err error
	if d.customer.ID == uuid.Nil {
		d.customer, err = d.c.store.CreateCustomer(d.t.Context(), d.c.workspace.ID, chat.Customer{ID: uuid.New(), TokenHash: []byte("c")})
		d.check(err)
	}
	for range n {
		c, err := d.c.store.OpenConversation(d.t.Context(), d.c.workspace.ID, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: d.c.inbox.ID, Customer: d.customer.ID})
		d.check(err)
		d.says(c.ID, "What does delivery to Austria cost?")
		convs = append(convs, c.ID)
	}
	return convs
}

// says stores a customer's message and wakes the bot, as the gateway does.
func (d *manned) says(conv uuid.UUID, text string) {
	d.t.Helper()
	_, err := d.c.store.Append(d.t.Context(), d.c.workspace.ID, conv, chat.Draft{ClientID: uuid.New(), Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyCustomer, ID: d.customer.ID}})
	d.check(err)
	if d.v != nil && d.v.core == d.c {
		d.v.runner.Wake(chat.Ref{Workspace: d.c.workspace.ID, Conversation: conv})
	}
}

func (d *manned) states(convs []uuid.UUID) (out []chat.Conversation) {
	d.t.Helper()
	for _, id := range convs {
		c, err := d.c.store.Conversation(d.t.Context(), d.c.workspace.ID, id)
		d.check(err)
		out = append(out, c)
	}
	return out
}

func (d *manned) orphans() int {
	d.t.Helper()
	n, err := d.c.store.Orphans(d.t.Context(), d.c.workspace.ID, time.Now().Add(time.Second))
	d.check(err)
	return n
}

// noOrphans waits until there are none.
func (d *manned) noOrphans() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), orphansEnd)
	defer cancel()
	begin := time.Now()
	for n := d.orphans(); n > 0; n = d.orphans() {
		select {
		case <-ctx.Done():
			d.t.Fatalf("%d orphans are left after %s", n, orphansEnd)
		case <-time.After(20 * time.Millisecond):
		}
	}
	d.t.Logf("no orphans after %s", time.Since(begin).Round(time.Millisecond))
	rec := httptest.NewRecorder()
	d.v.gateway.Metrics().ServeHTTP(rec, httptest.NewRequestWithContext(d.t.Context(), "GET", "/metrics", nil))
	if want := "frontdesk_orphans 0"; !strings.Contains(rec.Body.String(), fmt.Sprintln(want)) {
		d.t.Errorf("the metrics do not say %q", want)
	}
}
