package replay_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/ground"
	"frontdesk/bot/replay"
	"frontdesk/chat"
	"frontdesk/handoff"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is a help desk whose bot takes its turns for real.
type shop struct {
	t      *testing.T
	store  store.Store
	base   *knowledge.Base
	engine *bot.Engine
	ws     chat.Workspace
	conv   uuid.UUID
	by     chat.Sender
	runner *bot.Runner
}

const lamp = "Turn the lamp to the left to change it. A new lamp costs 7.50 €. See [the clock](clock.md)."

func open(t *testing.T, change func(*bot.RunnerOptions)) *shop {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s := &shop{t: t}
	var err error
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s.store, err = sqlite.Open(t.Context(), sqlitetest.Folder(t), store.Options{Log: log})
	check(err)
	t.Cleanup(func() { _ = s.store.Close() })
	ws, inbox, err := s.store.EnsureWorkspace(t.Context(), "shop", chat.Inbox{ID: uuid.New(), Key: "shop", Name: "shop"})
	check(err)
	s.ws = ws
	embedder := llm.FakeEmbedder{Dims: 128}
	s.base = knowledge.NewBase(knowledge.Options{Store: s.store, Embedder: embedder, Log: log})
	s.load("lamp", lamp)
	s.load("clock", "Hold the clock button for 3 seconds to set the clock.")
	check(knowledge.NewIndexer(s.base, "t", nil, nil).Run(t.Context()))
	check(s.base.Refresh(t.Context(), ws.ID))
	s.engine, err = bot.New(t.Context(), bot.Options{Search: s.base, Embedder: embedder, Threshold: .01, Log: log})
	check(err)
	customer, err := s.store.CreateCustomer(t.Context(), ws.ID, chat.Customer{ID: uuid.New(), TokenHash: []byte("x")})
	check(err)
	s.by = chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID}
	conv, err := s.store.OpenConversation(t.Context(), ws.ID, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: inbox.ID, Customer: customer.ID, Locale: "en-GB"})
	check(err)
	s.conv = conv.ID
	o := bot.RunnerOptions{Store: s.store, Decider: s.engine, Desk: desk{handoff.New(handoff.Options{Store: s.store, Surroundings: s.store, Log: log})},
		Node: "t", Records: s.store, Build: "b1", Log: log, FirstShown: time.Minute, ComposeLimit: time.Minute, Deadline: time.Minute}
	if change != nil {
		change(&o)
	}
	s.runner, err = bot.NewRunner(o)
	check(err)
	s.runner.Start()
	t.Cleanup(s.runner.Close)
	return s
}

func (s *shop) load(id, body string) {
	s.t.Helper()
	_, err := s.base.Import(s.t.Context(), s.ws.ID, func(yield func(knowledge.Input, error) bool) {
		yield(knowledge.Input{Source: "t", ExternalID: id, Title: "Change the " + id, Body: body, URL: "https://shop.example/" + id}, nil)
	}, false, nil)
	if err != nil {
		s.t.Fatal(err)
	}
}

// desk hands over as the bot wants it.
type desk struct{ *handoff.Desk }

func (d desk) HandOver(ctx context.Context, ws, conv uuid.UUID, epoch int64, h bot.Handover) error {
	answer := h.Answer
	_, err := d.Desk.HandOver(ctx, ws, conv, epoch, handoff.Request{Reason: h.Reason, By: chat.Sender{Kind: chat.PartyBot}, Question: h.Question,
		Says: &chat.Draft{ClientID: uuid.NewSHA1(h.Turn, []byte("x")), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: h.Text, Body: chat.Body{Answer: &answer}}})
	return err
}

// say has the customer write, and waits for the record of the turn.
func (s *shop) say(text string) chat.TurnRecord {
	s.t.Helper()
	before, err := s.store.TurnRecords(s.t.Context(), s.ws.ID, s.conv)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.store.Append(s.t.Context(), s.ws.ID, s.conv, chat.Draft{ClientID: uuid.New(), From: s.by, Kind: chat.KindMessage, Text: text}); err != nil {
		s.t.Fatal(err)
	}
	s.runner.Wake(chat.Ref{Workspace: s.ws.ID, Conversation: s.conv})
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); <-tick.C {
		now, err := s.store.TurnRecords(s.t.Context(), s.ws.ID, s.conv)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(now) > len(before) {
			return now[len(now)-1]
		}
	}
	s.t.Fatal("no turn was recorded")
	return chat.TurnRecord{}
}

func (s *shop) replay(id uuid.UUID, change func(*replay.Player)) []replay.Replay {
	s.t.Helper()
	p := replay.Player{Store: s.store, Engine: s.engine, Workspace: s.ws.ID, Build: "b1"}
	if change != nil {
		change(&p)
	}
	got, err := p.Of(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func TestATurnIsReplayedByteEqual(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	first := s.say("how do I change the lamp?")
	second := s.say("and what does a new one cost?")
	s.load("lamp", "It cannot be changed at all.")
	if err := s.base.Refresh(t.Context(), s.ws.ID); err != nil {
		t.Fatal(err)
	}
	third := s.say("can I talk to a person please")
	for i, r := range s.replay(s.conv, nil) {
		if !r.Equal || len(r.Notes) > 0 || len(r.Differs) > 0 {
			t.Errorf("turn %d: %+v\nthen  %s\nagain %s", i, r.Differs, r.Then, r.Again)
		}
	}
	if all := s.replay(s.conv, nil); len(all) != 3 || all[0].Turn != first.Turn || all[1].Turn != second.Turn || all[2].Turn != third.Turn {
		t.Errorf("replayed %d turns", len(all))
	}
	if !strings.Contains(string(s.replay(first.Turn, nil)[0].Again), "7.50") {
		t.Error("the replay quotes the article of now")
	}
	if !strings.Contains(string(third.Body), string(chat.ReasonAsked)) {
		t.Errorf("the third turn was no handoff: %s", third.Body)
	}
	if strings.Contains(string(second.Body), "what does a new one") {
		// The question as it was searched stands in the decision, masked; nothing else of the log may.
		var r bot.Record
		if err := json.Unmarshal(second.Body, &r); err != nil {
			t.Fatal(err)
		}
		r.Decision, r.Decided = nil, nil
		if rest, _ := json.Marshal(r); strings.Contains(string(rest), "what does a new one") {
			t.Errorf("the record repeats the log: %s", rest)
		}
	}
}

// TestARuleOfThenIsReplayed: what the inbox rules out may change afterwards.
func TestARuleOfThenIsReplayed(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *bot.RunnerOptions) {
		o.Style = func(context.Context, uuid.UUID, uuid.UUID) (chat.Style, error) {
			return chat.Style{SignOff: "Your team", OffLimits: []chat.OffLimits{{Name: "Law", Phrases: []string{"lawyer"}}}}, nil
		}
	})
	s.say("how do I change the lamp?")
	barred := s.say("how do I change the lamp, asks my lawyer")
	if !strings.Contains(string(barred.Body), string(chat.ReasonPolicy)) {
		t.Errorf("nothing was ruled out: %s", barred.Body)
	}
	for i, r := range s.replay(s.conv, nil) {
		if !r.Equal || len(r.Notes) > 0 {
			t.Errorf("turn %d: %+v %v\nthen  %s\nagain %s", i, r.Differs, r.Notes, r.Then, r.Again)
		}
	}
}

func TestWhatIsNotTheSameIsShown(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	record := s.say("how do I change the lamp?")
	var r bot.Record
	if err := json.Unmarshal(record.Body, &r); err != nil {
		t.Fatal(err)
	}
	put := func(change func(*bot.Record)) replay.Replay {
		t.Helper()
		changed := r
		basis := *r.Basis
		changed.Basis = &basis
		change(&changed)
		body, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.store.PutTurn(t.Context(), s.ws.ID, chat.TurnRecord{Turn: record.Turn, Conversation: s.conv, At: record.At, Body: body}); err != nil {
			t.Fatal(err)
		}
		return s.replay(record.Turn, nil)[0]
	}
	for name, c := range map[string]struct {
		change func(*bot.Record)
		note   string
		field  string
	}{
		"threshold":        {func(r *bot.Record) { r.Basis.Threshold = .999 }, "", "action"},
		"another build":    {func(r *bot.Record) { r.Build = "b0" }, "the program was b0 and is b1", ""},
		"another encoder":  {func(r *bot.Record) { r.Basis.Encoder = "x" }, "the encoder was x", ""},
		"another log":      {func(r *bot.Record) { r.Seen.Turn = "x" }, "log is not what", ""},
		"another search":   {func(r *bot.Record) { r.Basis.Searches = nil }, "searches for something else", ""},
		"without a basis":  {func(r *bot.Record) { r.Basis, r.Cut = nil, 300000 }, "300000 bytes", ""},
		"a failed turn":    {func(r *bot.Record) { r.Failure = "no search" }, "no search", "action"},
		"a coming format":  {func(r *bot.Record) { r.Format = 2 }, "format 2", ""},
		"held back":        {func(r *bot.Record) { r.Held = chat.ReasonShadow }, "", "action"},
		"an action's work": {func(r *bot.Record) { r.Acted, r.Decided = true, json.RawMessage(`{"action":"handoff"}`) }, `before the action, action was "handoff" and is "answer"`, ""},
	} {
		got := put(c.change)
		notes := strings.Join(got.Notes, "\n")
		if !strings.Contains(notes, c.note) || c.note == "" && notes != "" {
			t.Errorf("%s: notes %q", name, got.Notes)
		}
		if c.field != "" && (got.Equal || len(got.Differs) == 0 || got.Differs[0].Field != c.field) {
			t.Errorf("%s: equal %v, differs %+v", name, got.Equal, got.Differs)
		}
	}
	if _, err := (replay.Player{Store: s.store, Engine: s.engine, Workspace: s.ws.ID}).Of(t.Context(), uuid.New()); chat.CodeOf(err) != chat.CodeNotFound {
		t.Errorf("an unknown id: %v", err)
	}
}

// speaker words an answer with one request to its model, and drops what is not true.
type speaker struct {
	model llm.Generator
	said  string // a part of its prompt
}

func (c speaker) Compose(ctx context.Context, in bot.Composition, _ func(string)) (bot.Composed, error) {
	var text strings.Builder
	req := llm.Request{Account: llm.Account{Purpose: llm.PurposeCompose}, Messages: []llm.Message{{Role: llm.RoleUser, Text: c.said + in.Decision.Material[0].Body}}}
	if _, err := c.model.Generate(ctx, req, func(p string) error { text.WriteString(p); return nil }); err != nil {
		return bot.Composed{}, err
	}
	kept := strings.ReplaceAll(text.String(), " It is free.", "")
	return bot.Composed{Text: kept, Citations: in.Decision.Answer.Citations, Dropped: map[string]int{"price": 1}}, nil
}

func TestAnAnswerInAModelsWordsIsReplayed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		model   llm.FakeGenerator
		outcome string
		says    string
	}{
		"composed":    {llm.FakeGenerator{Pieces: []string{"Sure! Turn it", " left.", " It is free."}}, bot.WordedAnew, "Sure! Turn it left."},
		"cut by fate": {llm.FakeGenerator{Pieces: []string{"Sure"}, Err: &llm.Error{Fault: llm.FaultCut}}, string(llm.FaultCut), "Turn the lamp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, func(o *bot.RunnerOptions) { o.Composer = speaker{llm.Told{Generator: c.model}, "be kind"} })
			record := s.say("how do I change the lamp?")
			var r bot.Record
			if err := json.Unmarshal(record.Body, &r); err != nil {
				t.Fatal(err)
			}
			if r.Wording == nil || r.Wording.Outcome != c.outcome || len(r.Exchanges) != 1 || !strings.Contains(string(r.Decision), c.says) {
				t.Fatalf("recorded %s", record.Body)
			}
			with := func(said string) func(*replay.Player) {
				return func(p *replay.Player) {
					p.Composer = func(g llm.Generator) (bot.Composer, error) { return speaker{g, said}, nil }
				}
			}
			if got := s.replay(record.Turn, with("be kind"))[0]; !got.Equal || len(got.Notes) > 0 {
				t.Errorf("%v %+v\nthen  %s\nagain %s", got.Notes, got.Differs, got.Then, got.Again)
			}
			if got := s.replay(record.Turn, with("be rude"))[0]; !got.Equal || !strings.Contains(strings.Join(got.Notes, "\n"), "another than it was") {
				t.Errorf("with another prompt: %v, notes %v", got.Equal, got.Notes)
			}
			got := s.replay(record.Turn, nil)[0]
			if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, "no composer") {
				t.Errorf("without a composer: notes %q", notes)
			}
		})
	}
}

// The composer of the house makes the same prompt again, marks and canary
// included, and drops the same sentence.
func TestTheComposersWordsAreReplayed(t *testing.T) {
	t.Parallel()
	of := func(g llm.Generator) (bot.Composer, error) {
		return compose.New(compose.Options{Generator: g, Checker: ground.New(ground.Options{})})
	}
	model := llm.FakeGenerator{Pieces: []string{"[-] Happy to help!\n", "[1] Turn the lamp to the left ", "to change it.\n", "[1] It costs 99 €.\n", "[1] A new lamp costs 7.50 €.\n"}}
	composer, err := of(llm.Told{Generator: model})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, func(o *bot.RunnerOptions) { o.Composer = composer })
	record := s.say("how do I change the lamp?")
	var r bot.Record
	if err := json.Unmarshal(record.Body, &r); err != nil {
		t.Fatal(err)
	}
	if r.Wording == nil || r.Wording.Outcome != bot.WordedAnew || !strings.Contains(string(r.Decision), "Happy to help!") || strings.Contains(string(r.Decision), "99 €") {
		t.Fatalf("recorded %+v, %s", r.Wording, r.Decision)
	}
	got := s.replay(record.Turn, func(p *replay.Player) { p.Composer = of })[0]
	if !got.Equal || len(got.Notes) > 0 {
		t.Errorf("notes %v, %+v\nthen  %s\nagain %s", got.Notes, got.Differs, got.Then, got.Again)
	}
}
