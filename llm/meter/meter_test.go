package meter

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// bench is a store with a workspace and an inbox.
type bench struct {
	*sqlite.Store
	ws, inbox uuid.UUID
}

func newBench(t *testing.T) bench {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlitetest.Folder(t), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	ws, in, err := s.EnsureWorkspace(t.Context(), "w", chat.Inbox{Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	return bench{s, ws.ID, in.ID}
}

func (b bench) budget(t *testing.T, inbox uuid.UUID, budget chat.Budget) {
	t.Helper()
	value, err := json.Marshal(budget)
	if err == nil {
		_, err = b.PutSetting(t.Context(), b.ws, chat.Setting{Inbox: inbox, Name: chat.BudgetSetting, Value: value})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (b bench) spent(t *testing.T, q chat.SpendQuery) chat.Spent {
	t.Helper()
	s, err := b.Spent(t.Context(), b.ws, q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// request is of a customer; 10 tokens of prompt, 90 of answer are held for it.
func (b bench) request(customer string) llm.Request {
	return llm.Request{Messages: []llm.Message{{Role: llm.RoleUser, Text: strings.Repeat("x", 35)}}, MaxTokens: 90,
		Account: llm.Account{Workspace: b.ws, Inbox: b.inbox, Customer: id(customer), Conversation: id("talk of " + customer), Purpose: llm.PurposeCompose}}
}

func id(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// model answers each request with u, and with err.
type model struct {
	u     llm.Usage
	err   error
	text  string
	on    func(ctx context.Context)
	asked atomic.Int64
}

func (m *model) Model() string { return "configured" }

func (m *model) Generate(ctx context.Context, _ llm.Request, emit func(string) error) (llm.Result, error) {
	m.asked.Add(1)
	if m.on != nil {
		m.on(ctx)
	}
	if m.text != "" {
		if err := emit(m.text); err != nil {
			return llm.Result{Endpoint: "one", Usage: m.u}, err
		}
	}
	return llm.Result{Endpoint: "one", Model: "reported", Usage: m.u}, m.err
}

func newMeter(t *testing.T, b Store, g llm.Generator, more func(*Options)) *Meter {
	t.Helper()
	o := Options{Generator: g, Store: b, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }}
	if more != nil {
		more(&o)
	}
	m, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func nothing(string) error { return nil }

func TestCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var seen []Observation
	g := &model{u: llm.Usage{Prompt: 1000, Completion: 10}, text: "Hello."}
	m := newMeter(t, b, g, func(o *Options) {
		o.Prices = map[string]Price{"one": {Prompt: .15, Completion: .6}, "other": {Prompt: 100, Completion: 100}}
		o.Observe = func(ob Observation) { seen = append(seen, ob) }
	})
	req := b.request("ann")
	if _, err := m.Generate(t.Context(), req, nothing); err != nil {
		t.Fatal(err)
	}
	all, err := b.SpendBy(t.Context(), b.ws, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []chat.Spend{{Day: noon.Truncate(24 * time.Hour), Inbox: b.inbox, Purpose: "compose", Model: "reported",
		Calls: 1, Prompt: 1000, Completion: 10, Micros: 156}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	sum := chat.Spent{Calls: 1, Prompt: 1000, Completion: 10, Micros: 156}
	for _, q := range []chat.SpendQuery{{Customer: id("ann")}, {Conversation: id("talk of ann")}} {
		if diff := cmp.Diff(sum, b.spent(t, q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", q, diff)
		}
	}
	if diff := cmp.Diff([]Observation{{Account: req.Account, Model: "reported", Usage: g.u, Micros: 156}}, seen); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// What no usage comes with is estimated if a model was at work, and nothing
// stays held in any case.
func TestCountsWhatFailed(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	for name, c := range map[string]struct {
		g      *model
		emit   func(string) error
		tokens int64
		fault  llm.Fault
	}{
		"without a count":       {g: &model{text: strings.Repeat("y", 71)}, tokens: 10 + 20},
		"not reached":           {g: &model{err: &llm.Error{Fault: llm.FaultDown}}, fault: llm.FaultDown},
		"key refused":           {g: &model{err: &llm.Error{Fault: llm.FaultRefused}}, fault: llm.FaultRefused},
		"stalled, nothing said": {g: &model{err: &llm.Error{Fault: llm.FaultStalled}}, tokens: 10, fault: llm.FaultStalled},
		"cut":                   {g: &model{text: "yyy", err: &llm.Error{Fault: llm.FaultCut}}, tokens: 11, fault: llm.FaultCut},
		"reset after a word":    {g: &model{text: "yyy", err: &llm.Error{Fault: llm.FaultDown}}, tokens: 11, fault: llm.FaultDown},
		"counted, then late":    {g: &model{u: llm.Usage{Prompt: 7, Completion: 1}, err: &llm.Error{Fault: llm.FaultLate}}, tokens: 8, fault: llm.FaultLate},
		"taken by nobody":       {g: &model{text: "yyy"}, emit: func(string) error { return gone }, tokens: 11, fault: llm.FaultOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			m := newMeter(t, b, c.g, nil)
			if c.emit == nil {
				c.emit = nothing
			}
			_, err := m.Generate(t.Context(), b.request("ann"), c.emit)
			if llm.FaultOf(err) != c.fault {
				t.Errorf("error %v, want fault %q", err, c.fault)
			}
			if got := b.spent(t, chat.SpendQuery{}); got.Tokens() != c.tokens || got.Micros != 0 {
				t.Errorf("counted %+v, want %d tokens", got, c.tokens)
			}
		})
	}
}

func TestCountsWhenTheCallerHasGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	g := &model{u: llm.Usage{Prompt: 10, Completion: 5}, err: &llm.Error{Fault: llm.FaultCanceled, Err: context.Canceled}, on: func(context.Context) { cancel() }}
	if _, err := newMeter(t, b, g, nil).Generate(ctx, b.request("ann"), nothing); llm.FaultOf(err) != llm.FaultCanceled {
		t.Fatal(err)
	}
	if got := b.spent(t, chat.SpendQuery{}); got.Tokens() != 15 {
		t.Errorf("counted %+v", got)
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		budget chat.Budget // of the workspace
		own    *chat.Budget
		asks   []string // customers, in order; a * asks for staff
		want   []chat.BudgetPart
	}{
		"none":        {asks: []string{"ann", "ann", "bob"}, want: []chat.BudgetPart{"", "", ""}},
		"visitor":     {budget: chat.Budget{Visitor: chat.Allowance{Tokens: 150}}, asks: []string{"ann", "ann", "ann", "bob"}, want: []chat.BudgetPart{"", "", "visitor", ""}},
		"staff":       {budget: chat.Budget{Visitor: chat.Allowance{Tokens: 1}}, asks: []string{"ann*", "ann*", "ann", "ann", "ann*"}, want: []chat.BudgetPart{"", "", "", "visitor", ""}},
		"inbox":       {budget: chat.Budget{Inbox: chat.Allowance{Tokens: 101}}, asks: []string{"ann", "bob", "cara"}, want: []chat.BudgetPart{"", "", "inbox"}},
		"workspace":   {budget: chat.Budget{Workspace: chat.Allowance{Tokens: 1}}, asks: []string{"ann", "bob*"}, want: []chat.BudgetPart{"", "workspace"}},
		"money":       {budget: chat.Budget{Workspace: chat.Allowance{Micros: 150}}, asks: []string{"ann", "bob", "cara"}, want: []chat.BudgetPart{"", "", "workspace"}},
		"of an inbox": {budget: chat.Budget{Visitor: chat.Allowance{Tokens: 1}}, own: &chat.Budget{}, asks: []string{"ann", "ann"}, want: []chat.BudgetPart{"", ""}},
		"inbox's own workspace part": {budget: chat.Budget{Workspace: chat.Allowance{Tokens: 1}},
			own: &chat.Budget{Workspace: chat.Allowance{Tokens: 1e9}}, asks: []string{"ann", "ann"}, want: []chat.BudgetPart{"", "workspace"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.budget(t, uuid.Nil, c.budget)
			if c.own != nil {
				b.budget(t, b.inbox, *c.own)
			}
			g := &model{u: llm.Usage{Prompt: 60, Completion: 40}}
			var refused []chat.BudgetPart
			m := newMeter(t, b, g, func(o *Options) {
				o.Prices = map[string]Price{"one": {Prompt: 1, Completion: 1}}
				o.Observe = func(ob Observation) { refused = append(refused, ob.Refused) }
			})
			asked := int64(0)
			for i, who := range c.asks {
				who, staff := strings.CutSuffix(who, "*")
				req := b.request(who)
				if staff {
					req.Account.Purpose = llm.PurposeAssist
				}
				_, err := m.Generate(t.Context(), req, nothing)
				want := llm.Fault("")
				if c.want[i] != "" {
					want = llm.FaultSpent
				} else {
					asked++
				}
				if llm.FaultOf(err) != want {
					t.Errorf("request %d: %v, want fault %q", i, err, want)
				}
			}
			if diff := cmp.Diff(c.want, refused); diff != "" || g.asked.Load() != asked {
				t.Errorf("asked %d times, want %d; told (-want +got):\n%s", g.asked.Load(), asked, diff)
			}
			if got := b.spent(t, chat.SpendQuery{}); got.Tokens() != 100*asked || got.Calls != asked {
				t.Errorf("counted %+v, want %d requests of 100 tokens", got, asked)
			}
		})
	}
}

// However many turns come at once, on whichever node, the budget is passed by
// one request at most.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	const each, bound, turns = 100, 1000, 60
	b := newBench(t)
	b.budget(t, uuid.Nil, chat.Budget{Inbox: chat.Allowance{Tokens: bound}})
	g := &model{u: llm.Usage{Prompt: 10, Completion: 90}, on: func(context.Context) { time.Sleep(5 * time.Millisecond) }}
	nodes := []*Meter{newMeter(t, b, g, nil), newMeter(t, b, g, nil), newMeter(t, b, g, nil)}
	var through, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range turns {
		wg.Go(func() {
			switch _, err := nodes[i%len(nodes)].Generate(t.Context(), b.request("ann"), nothing); llm.FaultOf(err) {
			case "":
				through.Add(1)
			case llm.FaultSpent:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	spent := b.spent(t, chat.SpendQuery{Inbox: b.inbox})
	if spent.Tokens() != through.Load()*each || spent.Tokens() > bound || through.Load()+refused.Load() != turns {
		t.Errorf("%d through, %d refused, %+v counted; the budget of %d may be passed by nobody who came while it was used up", through.Load(), refused.Load(), spent, bound)
	}
	// Those who came at once may have held more than there was and gone without;
	// what is left is given to those who come now.
	for llm.FaultOf(ask(t, nodes[0], b)) == "" {
	}
	if spent := b.spent(t, chat.SpendQuery{Inbox: b.inbox}); spent.Tokens() < bound || spent.Tokens() >= bound+each {
		t.Errorf("%d tokens in the end", spent.Tokens())
	}
}

func ask(t *testing.T, m *Meter, b bench) error {
	t.Helper()
	_, err := m.Generate(t.Context(), b.request("ann"), nothing)
	return err
}

func TestANewDay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.budget(t, uuid.Nil, chat.Budget{Visitor: chat.Allowance{Tokens: 1}})
	now := noon
	m := newMeter(t, b, &model{u: llm.Usage{Prompt: 50}}, func(o *Options) { o.Now = func() time.Time { return now } })
	for i, want := range []llm.Fault{"", llm.FaultSpent, "", llm.FaultSpent} {
		if i == 2 {
			now = now.Add(24 * time.Hour)
		}
		if err := ask(t, m, b); llm.FaultOf(err) != want {
			t.Errorf("request %d: %v, want %q", i, err, want)
		}
	}
}

func TestDefaultBudgetHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := newMeter(t, b, &model{u: llm.Usage{Prompt: int(chat.DefaultBudget().Visitor.Tokens)}}, nil)
	if err := ask(t, m, b); err != nil {
		t.Fatal(err)
	}
	if err := ask(t, m, b); llm.FaultOf(err) != llm.FaultSpent {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAWorkspaceNothingIsCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := newMeter(t, b, &model{u: llm.Usage{Prompt: 50}}, nil)
	if _, err := m.Generate(t.Context(), llm.Request{Account: llm.Account{Purpose: llm.PurposeTest}}, nothing); err != nil {
		t.Fatal(err)
	}
	if got := b.spent(t, chat.SpendQuery{}); got != (chat.Spent{}) {
		t.Errorf("counted %+v", got)
	}
}

// A store that cannot count lets nothing through, and a budget that cannot be
// read neither.
func TestCannotCount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, s := range map[string]Store{
		"no write":   failing{Store: b, add: true},
		"no sum":     failing{Store: b, sum: true},
		"no setting": failing{Store: b, setting: true},
	} {
		g := &model{}
		if err := ask(t, newMeter(t, s, g, nil), b); llm.FaultOf(err) != llm.FaultOther || g.asked.Load() > 0 {
			t.Errorf("%s: got %v, asked %d times", name, err, g.asked.Load())
		}
	}
	if got := b.spent(t, chat.SpendQuery{}); got != (chat.Spent{}) {
		t.Errorf("counted %+v", got)
	}
}

type failing struct {
	Store
	add, sum, setting bool
}

var errDown = chat.Errorf(chat.CodeUnavailable, "down")

func (f failing) AddSpend(ctx context.Context, ws uuid.UUID, s chat.Spend) error {
	if f.add {
		return errDown
	}
	return f.Store.AddSpend(ctx, ws, s)
}

func (f failing) Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error) {
	if f.sum {
		return chat.Spent{}, errDown
	}
	return f.Store.Spent(ctx, ws, q)
}

func (f failing) Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error) {
	if f.setting {
		return chat.Setting{}, errDown
	}
	return f.Store.Setting(ctx, ws, inbox, name)
}

func TestIsLoggedOnceADay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.budget(t, uuid.Nil, chat.Budget{Visitor: chat.Allowance{Tokens: 1}})
	var out strings.Builder
	m := newMeter(t, b, &model{u: llm.Usage{Prompt: 50}}, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&out, nil)) })
	for range 4 {
		_ = ask(t, m, b)
	}
	if n := strings.Count(out.String(), "used up"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, out.String())
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.budget(t, uuid.Nil, chat.Budget{Inbox: chat.Allowance{Tokens: 100}})
	m := newMeter(t, b, &model{u: llm.Usage{Prompt: 60}}, nil)
	for i, want := range []chat.BudgetPart{"", "", chat.BudgetInbox} {
		if i > 0 {
			if err := ask(t, m, b); err != nil {
				t.Fatal(err)
			}
		}
		st, err := Standing(t.Context(), b, b.ws, b.inbox, noon)
		if err != nil || st.UsedUp != want || st.Own || st.Inbox.Tokens() != int64(60*i) {
			t.Errorf("after %d: %+v, %v", i, st, err)
		}
	}
	if st, err := Standing(t.Context(), b, b.ws, uuid.Nil, noon); err != nil || st.UsedUp != "" || st.Workspace.Tokens() != 120 {
		t.Errorf("workspace: %+v, %v", st, err)
	}
}

func TestPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p                  Price
		prompt, completion int64
		want               int64
	}{{Price{}, 1000, 1000, 0}, {Price{Prompt: 2.5, Completion: 10}, 1000, 100, 3500}, {Price{Prompt: .1}, 1, 0, 1}} {
		if got := c.p.micros(c.prompt, c.completion); got != c.want {
			t.Errorf("%+v for %d and %d: %d, want %d", c.p, c.prompt, c.completion, got, c.want)
		}
	}
}
