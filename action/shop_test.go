package action

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/minilm"
)

// shop is a fake of an order API that remembers what it was asked.
type shop struct {
	*httptest.Server
	mu       sync.Mutex
	requests []request
	reply    http.HandlerFunc // nil: the orders it has
}

type request struct {
	method, path, body string
	header             http.Header
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body strings.Builder
	if r.Body != nil {
		_, _ = io.Copy(&body, r.Body)
	}
	s.mu.Lock()
	s.requests = append(s.requests, request{r.Method, r.URL.RequestURI(), body.String(), r.Header.Clone()})
	reply := s.reply
	s.mu.Unlock()
	if reply != nil {
		reply(w, r)
		return
	}
	switch {
	case !strings.HasPrefix(r.URL.Path, "/v1/orders/20418"):
		http.NotFound(w, r)
	case r.Method == http.MethodGet:
		giveJSON(`{"order":{"status":"shipped","eta":"2026-11-24T12:00:00Z","margin":"secret 42 %"}}`)(w, r)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

func giveJSON(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}
}

func (s *shop) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.requests...)
}

func (s *shop) set(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = h
}

var inbox = uuid.MustParse("01900000-0000-7000-8000-000000000001")

// config declares the shop's two actions.
func (s *shop) config() Config {
	number := json.RawMessage(`{"type":"object","properties":{"number":{"type":"string","title":"Order","pattern":"^(KK-)?[0-9]{5}$"}},"required":["number"]}`)
	return Config{
		Services: []Service{{Name: "shop", Base: s.URL + "/v1", Headers: []Header{{Name: "Authorization", Prefix: "Bearer ", Secret: "env:FRONTDESK_SECRET_SHOP"}}}},
		Actions: []Action{
			{Name: "order_status", Title: "Order status", Service: "shop", Method: "GET", Path: "/orders/{number}", Parameters: number,
				Ask: map[string]string{"number": "What is your order number?"},
				Results: []Result{{Name: "status", Label: "Status", Path: "order.status", Values: map[string]string{"shipped": "on its way", "packed": "packed"}},
					{Name: "date", Label: "Delivery", Path: "order.eta", Kind: KindDate}},
				Say: "Your order {number} is {status}[, delivery {date}].", Absent: "I find no order {number}.",
				Triggers: []string{"Where is my order?", "When will my parcel arrive?", "Has my order been shipped?", "Track my order", "What is the status of my order?", "I am still waiting for my order", "My order has not come yet", "What happened to my order?", "When is my order delivered?"},
				Inboxes:  []uuid.UUID{inbox}},
			{Name: "cancel_order", Title: "Cancel an order", Service: "shop", Method: "POST", Path: "/orders/{number}/cancel", Parameters: number,
				Say: "Order {number} is cancelled.", Confirm: "Cancel order {number}", Write: true,
				Triggers: []string{"Cancel my order", "I want to cancel my order", "Please stop my order", "I do not want the order any more"}, Inboxes: []uuid.UUID{inbox}},
		},
	}
}

// host is the shop's address as the operator allows it.
func (s *shop) host() string { return strings.TrimPrefix(s.URL, "http://") }

// fakeStore follows the store's contract for calls, of one workspace.
type fakeStore struct {
	mu      sync.Mutex
	config  json.RawMessage
	calls   []chat.Call
	epoch   int64
	bots    bool
	entries []chat.Draft
	fail    func(m chat.CallMove) error
	now     func() time.Time
}

var workspace = uuid.MustParse("01900000-0000-7000-8000-000000000002")

func (s *fakeStore) Workspaces(context.Context) ([]chat.Workspace, error) {
	return []chat.Workspace{{ID: workspace}}, nil
}

func (s *fakeStore) Setting(context.Context, uuid.UUID, uuid.UUID, string) (chat.Setting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.config == nil {
		return chat.Setting{}, chat.Errorf(chat.CodeNotFound, "none")
	}
	return chat.Setting{Revision: 1, Value: s.config}, nil
}

func (s *fakeStore) PutCall(_ context.Context, _ uuid.UUID, c chat.Call) (chat.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ID = uuid.Must(uuid.NewV7())
	for i := range s.calls {
		if c.Write && s.calls[i].State == chat.CallProposed {
			s.calls[i].State = chat.CallExpired
		}
	}
	c.UpdatedAt = s.now()
	s.calls = append(s.calls, c)
	return c, nil
}

func (s *fakeStore) MoveCall(_ context.Context, _ uuid.UUID, m chat.CallMove) (chat.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(m); err != nil {
			return chat.Call{}, err
		}
	}
	for i := range s.calls {
		c := &s.calls[i]
		if c.ID != m.Call {
			continue
		}
		if c.State != m.From || m.Fenced && (c.Epoch != s.epoch || !s.bots) {
			return chat.Call{}, chat.Errorf(chat.CodeStale, "moved on")
		}
		c.State, c.Until, c.Code, c.Error, c.UpdatedAt = m.To, m.Until, m.Code, m.Error, s.now()
		for _, d := range m.Entries {
			if d.From.Kind != chat.PartyBot || s.bots {
				s.entries = append(s.entries, d)
			}
		}
		return *c, nil
	}
	return chat.Call{}, chat.Errorf(chat.CodeNotFound, "none")
}

func (s *fakeStore) Call(_ context.Context, ws, id uuid.UUID) (chat.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.ID == id && ws == workspace {
			return c, nil
		}
	}
	return chat.Call{}, chat.Errorf(chat.CodeNotFound, "none")
}

func (s *fakeStore) Calls(_ context.Context, _ uuid.UUID, q chat.CallQuery) ([]chat.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []chat.Call
	for _, c := range s.calls {
		for _, state := range q.States {
			if c.State == state {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// texts gives what the entries say: the bot's words, and how calls ended.
func (s *fakeStore) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, e := range s.entries {
		if e.Body.Call != nil {
			out = append(out, string(e.Body.Call.State))
		} else {
			out = append(out, e.Text)
		}
	}
	return out
}

func (s *fakeStore) states() []chat.CallState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []chat.CallState
	for _, c := range s.calls {
		out = append(out, c.State)
	}
	return out
}

// fakeDesk remembers what was handed over.
type fakeDesk struct {
	mu   sync.Mutex
	said []string
	err  error
}

func (d *fakeDesk) HandOver(_ context.Context, _ chat.Ref, _ chat.Call, text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.said = append(d.said, text)
	}
	return d.err
}

func (d *fakeDesk) texts() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.said...)
}

// bench is an engine with a shop, a store and a desk.
type bench struct {
	*Engine
	t     testing.TB
	shop  *shop
	store *fakeStore
	desk  *fakeDesk
	conf  Config
}

// remembering embeds each text once for all tests.
type remembering struct {
	llm.Embedder
	vectors sync.Map
}

func (r *remembering) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	if v, ok := r.vectors.Load(text); ok {
		return v.([]float32), nil
	}
	v, err := r.Embedder.EmbedQuery(ctx, text)
	if err == nil {
		r.vectors.Store(text, v)
	}
	return v, err
}

var shipped = sync.OnceValues(func() (*remembering, error) {
	e, err := minilm.Open(minilm.Options{})
	return &remembering{Embedder: e}, err
})

func encoder(t testing.TB) llm.Embedder {
	t.Helper()
	e, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newBench(t testing.TB, change func(*Options, *Config)) *bench {
	t.Helper()
	b := &bench{t: t, shop: newShop(t), desk: &fakeDesk{}}
	b.conf = b.shop.config()
	b.store = &fakeStore{epoch: 1, bots: true, now: time.Now}
	o := Options{Store: b.store, Desk: b.desk, Embedder: encoder(t), Hosts: Hosts{b.shop.host()},
		Secrets: Secrets{Lookup: func(name string) (string, bool) { return "s3cret", name == "FRONTDESK_SECRET_SHOP" }}}
	if change != nil {
		change(&o, &b.conf)
	}
	e, err := NewEngine(o)
	if err != nil {
		t.Fatal(err)
	}
	b.Engine = e
	t.Cleanup(e.Close)
	b.declare()
	return b
}

// declare stores the bench's config.
func (b *bench) declare() {
	b.t.Helper()
	data, err := json.Marshal(b.conf)
	if err != nil {
		b.t.Fatal(err)
	}
	b.store.mu.Lock()
	b.store.config = data
	b.store.mu.Unlock()
}

var (
	talk     = chat.Ref{Workspace: workspace, Conversation: uuid.MustParse("01900000-0000-7000-8000-000000000003")}
	customer = uuid.MustParse("01900000-0000-7000-8000-000000000004")
)

// asks is a turn with a message that only a person could serve.
func asks(message string, before ...string) Request {
	return Request{Ref: talk, Inbox: inbox, Customer: customer, Turn: uuid.New(), Epoch: 1, Messages: []string{message}, Before: before, Otherwise: chat.ActionHandoff}
}

// answer gives the reply to a turn; it must be one.
func (b *bench) answer(r Request) Reply {
	b.t.Helper()
	reply, ok, err := b.Answer(b.t.Context(), r)
	if err != nil || !ok {
		b.t.Fatalf("no reply to %q: %v %v", r.Messages, ok, err)
	}
	return reply
}

// silent expects no reply.
func (b *bench) silent(r Request) {
	b.t.Helper()
	if reply, ok, _ := b.Answer(b.t.Context(), r); ok {
		b.t.Errorf("%q was replied to: %+v", r.Messages, reply)
	}
}

// eventually waits for something to be so.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came to %s", what)
		}
	}
}
