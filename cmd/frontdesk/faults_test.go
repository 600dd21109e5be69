package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/handoff"
	"frontdesk/knowledge"
	"frontdesk/llm/fakeserver"
	"frontdesk/llm/openai"
)

var update = flag.Bool("update", false, "write the table of faults anew")

// The limits of the faults' test are the product's, all shorter by the same
// factor: a table of real waits would take minutes.
const (
	faster     = 4
	faultLimit = 8 * time.Second / faster
	faultFirst = 2500 * time.Millisecond / faster
)

// faultDeadlines are the endpoint's own, in the same measure.
var faultDeadlines = openai.Deadlines{First: 6 * time.Second / faster, Between: 3 * time.Second / faster, Total: 45 * time.Second / faster}

// warranty is what is asked about, and in words of its own what a model says.
const (
	warranty = `The warranty of the kettle is 5 years from the day of delivery. It covers the heating element and the lid. Scratches and lime are not covered.`
	worded   = "[-] Sorry for the wait!\n[1] The warranty of the kettle is 5 years from the day of delivery.\n[1] It covers the heating element and the lid.\n" +
		"[1] Scratches and lime are not covered.\n"
	asked = "How long is the warranty of the kettle?"
)

// TestFaults drives turns through runner, composer, the real client and a server
// with every fault, and compares what comes of it with docs/models.md.
// After a change: go test ./cmd/frontdesk -run Faults -update
func TestFaults(t *testing.T) {
	if raceEnabled {
		t.Skip("its times are too short beside the race detector")
	}
	c := openTestCore(t, t.TempDir())
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := c.importArticles(t.Context(), c.workspace.ID, protocol.ImportRequest{Source: "t", Articles: []knowledge.Input{
		{ExternalID: "warranty", Title: "Warranty of the kettle", Body: warranty},
		{ExternalID: "delivery", Title: "Delivery to Austria", Body: "Delivery to Austria costs 6.90 € and takes 2 to 3 working days."},
	}}); err != nil {
		t.Fatal(err)
	}
	if err := knowledge.NewIndexer(c.base, "test", nil, nil).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.base.Refresh(t.Context(), c.workspace.ID); err != nil {
		t.Fatal(err)
	}
	found, err := c.engine.Decide(t.Context(), bot.Turn{Workspace: c.workspace.ID, Messages: []string{asked}})
	if err != nil || found.Action != chat.ActionAnswer {
		t.Fatalf("without a model: %s, %v", found.Action, err)
	}
	faults := fakeserver.Faults(100 * time.Millisecond)
	rows := make([]string, len(faults))
	t.Run("each", func(t *testing.T) {
		for i, f := range faults {
			t.Run(f.Name, func(t *testing.T) {
				t.Parallel()
				rows[i] = faultRow(t, c, f, found.Text)
			})
		}
	})
	if !t.Failed() {
		compareTable(t, rows)
	}
}

// faultRow takes a turn with a fault and gives its row of the table.
func faultRow(t *testing.T, c *core, f fakeserver.Fault, found string) string {
	server := httptest.NewServer(fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return f.Reply(worded) }))
	t.Cleanup(server.Close)
	turn := newFaultTurn(t, c, server.URL)
	turn.say(asked)
	seen := turn.await()
	w := seen.Wording
	if seen.Err != nil || seen.Action != chat.ActionAnswer {
		t.Fatalf("the turn ended in %s, %v", seen.Action, seen.Err)
	}
	if w.Took > faultLimit+faultLimit/4 {
		t.Errorf("it took %s", w.Took)
	}
	stored := turn.stored()
	switch {
	case len(stored) != 1:
		t.Fatalf("stored %q", stored)
	case f.Want == "" && w.Outcome != bot.WordedAnew:
		t.Fatalf("it is whole, but: %s", w.Outcome)
	case f.Want != "" && w.Outcome == bot.WordedAnew:
		t.Fatalf("stored %q, which is not whole", stored)
	case f.Want != "" && stored[0] != found:
		t.Errorf("stored %q instead of what was found", stored)
	case f.Want == "" && (!strings.HasPrefix(stored[0], "Sorry for the wait!") || !strings.HasSuffix(stored[0], "not covered.")):
		t.Errorf("stored %q", stored)
	}
	what := "the answer as it was found"
	if f.Want == "" {
		what = "the worded answer"
	}
	return fmt.Sprintf("| %s | %s | %s | `%s` | %s |", f.Name, turn.meanwhile(), what, w.Outcome, within(w.Outcome))
}

// within says when a turn ends, by the limit that ended it.
func within(outcome string) string {
	switch outcome {
	case string(bot.SetbackUnshown):
		return "2.5 s"
	case string(bot.SetbackLate):
		return "8 s"
	case "stalled":
		return "3 s after the last token"
	}
	return "at once"
}

// faultTurn is a conversation with a runner of its own.
type faultTurn struct {
	t      *testing.T
	c      *core
	runner *bot.Runner
	ref    chat.Ref
	who    uuid.UUID
	ended  chan bot.Observation

	mu    sync.Mutex
	shown []string
}

func newFaultTurn(t *testing.T, c *core, url string) *faultTurn {
	t.Helper()
	pool, err := openai.NewPool(openai.Options{Endpoints: []openai.Endpoint{{
		BaseURL: url + "/v1", Model: "fake", Deadlines: faultDeadlines, Capabilities: &openai.Capabilities{Usage: true},
	}}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	words, err := newWording(composing(pool), nil, faultLimit)
	if err != nil {
		t.Fatal(err)
	}
	f := &faultTurn{t: t, c: c, ended: make(chan bot.Observation, 10)}
	desk := handoff.New(handoff.Options{Store: c.store, Surroundings: c.store, Log: slog.New(slog.DiscardHandler)})
	f.runner, err = bot.NewRunner(bot.RunnerOptions{
		Store: c.store, Decider: c.engine, Desk: botDesk{desk}, Node: t.Name(), Log: slog.New(slog.DiscardHandler),
		Composer: words.composer, ComposeLimit: faultLimit, FirstShown: faultFirst,
		Draft: f.draft, Observe: func(o bot.Observation) { f.ended <- o }, Sweep: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.runner.Start()
	t.Cleanup(f.runner.Close)
	customer, err := c.store.CreateCustomer(t.Context(), c.workspace.ID, chat.Customer{ID: uuid.New(), TokenHash: []byte(t.Name())})
	if err != nil {
		t.Fatal(err)
	}
	conv, err := c.store.OpenConversation(t.Context(), c.workspace.ID, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: c.inbox.ID, Customer: customer.ID})
	if err != nil {
		t.Fatal(err)
	}
	f.who = customer.ID
	f.ref = chat.Ref{Workspace: c.workspace.ID, Conversation: conv.ID}
	return f
}

func (f *faultTurn) draft(_ chat.Ref, _ uuid.UUID, _ int64, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shown = append(f.shown, text)
}

func (f *faultTurn) say(text string) {
	f.t.Helper()
	_, err := f.c.store.Append(f.t.Context(), f.ref.Workspace, f.ref.Conversation, chat.Draft{
		ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: f.who}, Kind: chat.KindMessage, Text: text})
	if err != nil {
		f.t.Fatal(err)
	}
	f.runner.Wake(f.ref)
}

// await gives how the turn ended.
func (f *faultTurn) await() bot.Observation {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	select {
	case o := <-f.ended:
		return o
	case <-ctx.Done():
		f.t.Fatal("silence")
		return bot.Observation{}
	}
}

// stored gives the bot's messages.
func (f *faultTurn) stored() (out []string) {
	f.t.Helper()
	entries, err := f.c.store.Entries(f.t.Context(), f.ref.Workspace, f.ref.Conversation, chat.LogPublic, 0, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, e := range entries {
		if e.From.Kind == chat.PartyBot {
			out = append(out, e.Text)
		}
	}
	return out
}

// meanwhile says what the customer saw before the answer. Drafts are merged by
// time, so that only whether there were any is the same each time.
func (f *faultTurn) meanwhile() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.shown) == 0 {
		return "nothing"
	}
	return "its first sentences"
}

const tableFile = "../../docs/models.md"

// compareTable compares the table in the docs with what was seen.
func compareTable(t *testing.T, rows []string) {
	t.Helper()
	const begin, end = "<!-- faults: made by TestFaults -->\n", "<!-- end of faults -->\n"
	text, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatal(errors.New("docs/models.md has no place for the table of faults"))
	}
	table := "| fault | the customer sees meanwhile | then, and stored | outcome | the turn ends |\n|---|---|---|---|---|\n" + strings.Join(rows, "\n") + "\n"
	if *update {
		if err := os.WriteFile(tableFile, []byte(before+begin+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(old, "\n"), strings.Split(table, "\n")); diff != "" {
		t.Errorf("docs/models.md is not what was seen (-docs +seen; go test ./cmd/frontdesk -run Faults -update): %s", diff)
	}
}
