package main

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/llm"
	"frontdesk/llm/fakeserver"
)

// A spent budget is tried: the customer gets the answer that needs no model,
// the model is not asked, and operators see it in budgets, metrics and log.
func TestASpentBudget(t *testing.T) {
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
	model := fakeserver.New(func(fakeserver.Request) fakeserver.Reply {
		return fakeserver.Say("[1] You can return a kettle within 30 days of delivery.\n")
	})
	server := httptest.NewServer(model)
	defer server.Close()
	var logged strings.Builder
	c, err := openCore(t.Context(), Settings{Data: t.TempDir(), TargetError: .1, VectorMemoryMax: 20000, OpenaiBaseURL: server.URL + "/v1",
		LlmModel: "fake", LlmLimit: 20 * time.Second, LlmFirstShown: 20 * time.Second}, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelWarn})))
	must(err)
	closed := false
	defer func() {
		if !closed {
			must(c.close())
		}
	}()
	fill(t, c)
	reg := prometheus.NewRegistry()
	c.models.register(reg)
	customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New()})
	must(err)
	desk := handoff.New(handoff.Options{Store: c.store, Surroundings: c.store, Log: slog.New(slog.DiscardHandler)})
	seen := make(chan bot.Observation, 8)
	runner, err := bot.NewRunner(bot.RunnerOptions{Store: c.store, Decider: c.engine, Desk: botDesk{desk}, Node: "test", Composer: c.wording.composer,
		ComposeLimit: 20 * time.Second, FirstShown: 20 * time.Second, Deadline: 30 * time.Second, Log: slog.New(slog.DiscardHandler),
		Observe: func(ob bot.Observation) { seen <- ob }})
	must(err)
	runner.Start()
	defer runner.Close()

	ask := func() (bot.Observation, string) {
		t.Helper()
		conv, err := c.store.OpenConversation(t.Context(), c.workspace.ID, chat.Conversation{ID: uuid.New(), Inbox: c.inbox.ID, Customer: customer.ID})
		must(err)
		_, err = c.store.Append(t.Context(), c.workspace.ID, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID},
			Kind: chat.KindMessage, Text: "How long do I have to return a kettle?"})
		must(err)
		runner.Wake(chat.Ref{Workspace: c.workspace.ID, Conversation: conv.ID})
		ob := <-seen
		entries, err := c.store.Entries(t.Context(), c.workspace.ID, conv.ID, chat.LogPublic, 0, 0)
		must(err)
		return ob, entries[len(entries)-1].Text
	}
	ob, text := ask()
	if ob.Wording.Outcome != bot.WordedAnew || text != "You can return a kettle within 30 days of delivery." {
		t.Fatalf("with a budget: %+v, %q", ob, text)
	}
	spent, err := c.store.Spent(t.Context(), c.workspace.ID, chat.SpendQuery{Customer: customer.ID})
	must(err)
	if spent.Calls != 1 || spent.Tokens() == 0 {
		t.Fatalf("counted %+v", spent)
	}

	value, err := json.Marshal(chat.Budget{Inbox: chat.Allowance{Tokens: spent.Tokens()}})
	must(err)
	_, err = c.store.PutSetting(t.Context(), c.workspace.ID, chat.Setting{Name: chat.BudgetSetting, Value: value})
	must(err)
	asked := len(model.Exchanges())
	ob, text = ask()
	if ob.Wording.Outcome != string(llm.FaultSpent) || ob.Action != chat.ActionAnswer || !strings.Contains(text, "a kettle, a grinder or a scale within 30 days") {
		t.Errorf("without: %+v, %q", ob, text)
	}
	if n := len(model.Exchanges()); n != asked {
		t.Errorf("the model was asked %d times more", n-asked)
	}
	st, err := c.models.Standing(t.Context(), c.workspace.ID, c.inbox.ID)
	must(err)
	if st.UsedUp != chat.BudgetInbox {
		t.Errorf("standing %+v", st)
	}
	if n := counter(t, reg, "frontdesk_model_budget_refusals_total", "inbox"); n != 1 {
		t.Errorf("%v refusals counted", n)
	}
	if n := counter(t, reg, "frontdesk_model_spent_tokens_total", "compose"); n != float64(spent.Tokens()) {
		t.Errorf("%v tokens counted, %d spent", n, spent.Tokens())
	}
	runner.Close()
	closed = true
	must(c.close())
	if !strings.Contains(logged.String(), "an inbox's budget for language models is used up") {
		t.Errorf("logged: %s", logged.String())
	}
}

// counter gives the sum of a metric's series that have a label of that value.
func counter(t *testing.T, reg *prometheus.Registry, name, label string) (sum float64) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == label {
					sum += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}
