package trust_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
	"frontdesk/trust"
)

// desk is a store with an inbox whose topics are earned, and a recorder.
type desk struct {
	t        *testing.T
	store    store.Store
	recorder *trust.Recorder
	gate     *trust.Gate
	log      strings.Builder
	now      time.Time
	ws       uuid.UUID
	inbox    chat.Inbox
	customer uuid.UUID
	article  uuid.UUID
}

const answer = "Delivery to Austria costs 6.90 €."

func newDesk(t *testing.T, limit float64) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), customer: uuid.New(), article: uuid.New()}
	clock := func() time.Time { return d.now }
	s, err := sqlite.Open(t.Context(), sqlitetest.Folder(t), store.Options{Log: slog.New(slog.DiscardHandler), Now: clock})
	d.check(err)
	t.Cleanup(func() { d.check(s.Close()) })
	ws, inbox, err := s.EnsureWorkspace(t.Context(), "w", chat.Inbox{ID: uuid.New(), Key: "k", Settings: chat.InboxSettings{Answering: chat.AnswerEarned}})
	d.check(err)
	_, err = s.CreateCustomer(t.Context(), ws.ID, chat.Customer{ID: d.customer})
	d.check(err)
	d.store, d.ws, d.inbox = s, ws.ID, inbox
	d.recorder, d.gate = d.open(limit), trust.NewGate(s, limit)
	return d
}

func (d *desk) open(limit float64) *trust.Recorder {
	return trust.NewRecorder(trust.RecorderOptions{Store: d.store, Rules: trust.Rules{Limit: limit, Level: .9},
		Log: slog.New(slog.NewTextHandler(io.Writer(&d.log), nil)), Now: func() time.Time { return d.now }})
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) may() chat.Reason {
	d.t.Helper()
	reason, err := d.gate.May(d.t.Context(), d.ws, d.inbox.ID, d.article)
	d.check(err)
	return reason
}

// converse has a customer ask, as the gate has it, and somebody answer: the
// bot by itself, and the customer rates, or an agent, who sends the suggestion
// or something else.
func (d *desk) converse(right bool) chat.Ref {
	d.t.Helper()
	ctx := d.t.Context()
	c, asked := d.ask()
	ref := chat.Ref{Workspace: d.ws, Conversation: c.ID}
	cited := []chat.Citation{{N: 1, Article: d.article}}
	reason := d.may()
	if reason == "" {
		d.answer(ref, asked)
		score := 1
		if right {
			score = 5
		}
		_, err := d.store.Append(ctx, d.ws, c.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: d.customer}, Kind: chat.KindRating,
			Body: chat.Body{Rating: &chat.Rating{Score: score}}})
		d.check(err)
		return ref
	}
	c, _, err := d.store.Transition(ctx, d.ws, c.ID, chat.Transition{Epoch: c.Epoch, To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: reason,
		Handoff: &chat.Handoff{Reason: reason, Brief: chat.Brief{Suggested: &chat.Suggestion{Text: answer, Citations: cited}}}})
	d.check(err)
	agent := uuid.New()
	_, _, err = d.store.Transition(ctx, d.ws, c.ID, chat.Transition{Epoch: c.Epoch, To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: agent})
	d.check(err)
	reply := chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyAgent, ID: agent}, Kind: chat.KindMessage, Text: answer}
	if !right {
		reply.Text, reply.Body.Sources = "We do not deliver there.", []chat.Citation{{N: 1, Article: uuid.New()}}
	}
	_, err = d.store.Append(ctx, d.ws, c.ID, reply)
	d.check(err)
	return ref
}

func (d *desk) ask() (chat.Conversation, chat.Entry) {
	d.t.Helper()
	c, err := d.store.OpenConversation(d.t.Context(), d.ws, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: d.inbox.ID, Customer: d.customer})
	d.check(err)
	asked, err := d.store.Append(d.t.Context(), d.ws, c.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: d.customer},
		Kind: chat.KindMessage, Text: "What is it?"})
	d.check(err)
	return c, asked
}

// answer has the bot answer by itself.
func (d *desk) answer(ref chat.Ref, asked chat.Entry) {
	d.t.Helper()
	_, err := d.store.AppendIf(d.t.Context(), d.ws, ref.Conversation, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: answer,
		Body: chat.Body{Answer: &chat.Answer{Action: chat.ActionAnswer, Confidence: .9, Citations: []chat.Citation{{N: 1, Article: d.article}}}}},
		chat.Fence{Epoch: 1, CustomerSeq: asked.Seq})
	d.check(err)
}

// until converses until the gate says something else, and gives how often.
func (d *desk) until(right bool, most int) int {
	d.t.Helper()
	before := d.may()
	for n := 1; n <= most; n++ {
		d.check(d.recorder.Record(d.t.Context(), d.converse(right)))
		if d.may() != before {
			return n
		}
	}
	d.t.Fatalf("after %d conversations it is still %q", most, before)
	return 0
}

// A topic's whole life, through the store.
func TestATopicEarnsItsPlaceAndLosesIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, .05)
	if got := d.may(); got != chat.ReasonShadow {
		t.Fatalf("at first: %q", got)
	}
	if n := d.until(true, 20); n != 10 || d.may() != chat.ReasonSuggest {
		t.Errorf("after %d in shadow: %q", n, d.may())
	}
	if n := d.until(true, 100); n < 45 || d.may() != "" {
		t.Errorf("after %d suggestions: %q", n, d.may())
	}
	again := d.converse(true)
	for range 2 { // heard of twice
		d.check(d.recorder.Record(t.Context(), again))
	}
	topic, err := d.store.Topic(t.Context(), d.ws, d.article)
	d.check(err)
	if topic.Stage != trust.StageLive || topic.Live != 1 {
		t.Errorf("live: %+v", topic)
	}
	if n := d.until(false, 30); n > 5 || d.may() != chat.ReasonSuggest {
		t.Errorf("after %d bad ratings: %q", n, d.may())
	}
	for _, want := range []string{"to=suggest", "from=suggest to=live", "level=WARN", "from=live to=suggest"} {
		if !strings.Contains(d.log.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, &d.log)
		}
	}
}

func TestGateLeavesOtherInboxesAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, .05)
	other, err := d.store.PutInbox(t.Context(), d.ws, chat.Inbox{Key: "other"})
	d.check(err)
	if got, err := d.gate.May(t.Context(), d.ws, other.ID, d.article); got != "" || err != nil {
		t.Errorf("by threshold: %q, %v", got, err)
	}
	_, err = d.store.PutTopic(t.Context(), d.ws, trust.Topic{Article: d.article, Limit: .05}.GoLive(d.now))
	d.check(err)
	if got := d.may(); got != "" {
		t.Errorf("live: %q", got)
	}
	if got, err := trust.NewGate(d.store, .02).May(t.Context(), d.ws, d.inbox.ID, d.article); got != chat.ReasonShadow || err != nil {
		t.Errorf("live under another limit: %q, %v", got, err)
	}
}

// What a crash has left, a new limit, and silence are found at the start.
func TestRecorderCatchesUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t, .05)
	d.until(true, 20)
	d.check(d.recorder.Record(t.Context(), d.converse(true)))
	stored, err := d.store.AddVerdicts(t.Context(), d.ws, []trust.Verdict{{ID: uuid.New(), Article: d.article, Kind: trust.KindAccepted, Answered: true, Right: true}})
	d.check(err)
	if stored != 1 {
		t.Fatal("not stored")
	}
	c, asked := d.ask()
	d.answer(chat.Ref{Workspace: d.ws, Conversation: c.ID}, asked)
	d.now = d.now.Add(25 * time.Hour)

	r := d.open(.02)
	r.Start()
	defer r.Close()
	for deadline := time.Now().Add(10 * time.Second); ; {
		topic, err := d.store.Topic(t.Context(), d.ws, d.article)
		d.check(err)
		all, err := d.store.Verdicts(t.Context(), d.ws, trust.VerdictQuery{})
		d.check(err)
		last := all[len(all)-1]
		if topic.Limit == .02 && topic.Answers == 2 && topic.Stage == trust.StageSuggest && last.Kind == trust.KindQuiet && topic.After == last.Number {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the topic is %+v, the last verdict %+v", topic, last)
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // another goroutine and a store
	}
}
