package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// promiseCases are about the ledger of promises.
var promiseCases = []testCase{
	{"a promised time is a promise with a receipt", promiseOfAnswer},
	{"an agent's reply keeps it", func(t *testing.T, w *world) {
		p := w.promised("talk", time.Hour)
		w.move("talk", toAgent(alice))
		equal(t, "owner", must(w.Promise(w.ctx, w.ws, p.ID))(t).Owner, alice)
		w.clock.advance(time.Minute)
		w.says("talk", note("note", "n"))
		equal(t, "after a note", w.stateOfPromise(p.ID), chat.PromiseOpen)
		w.says("talk", agentSays(alice, "reply", "!"))
		w.reopen()
		kept := must(w.Promise(w.ctx, w.ws, p.ID))(t)
		if kept.State != chat.PromiseKept || !kept.SettledAt.Equal(w.clock.time()) || kept.Owner != alice || !kept.ActAt().IsZero() {
			t.Errorf("got %+v", kept)
		}
		w.says("talk", agentSays(alice, "reply", "!")) // a repeat changes nothing
		equal(t, "after a repeat", must(w.Promise(w.ctx, w.ws, p.ID))(t), kept)
	}},
	{"a late reply breaks it, and it is to be told", func(t *testing.T, w *world) {
		p := w.promised("talk", time.Hour)
		w.move("talk", toAgent(alice))
		w.clock.advance(time.Hour + time.Microsecond)
		w.says("talk", agentSays(alice, "reply", "!"))
		equal(t, "state", w.stateOfPromise(p.ID), chat.PromiseBroken)
		equal(t, "to act on", w.actOn(), []uuid.UUID{p.ID})
		told := toAgent(alice)
		told.Entries = []chat.Draft{notice("sorry")}
		told.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseBroken, Told: true}}
		w.move("talk", told)
		equal(t, "to act on", w.actOn(), []uuid.UUID(nil))
		equal(t, "told", must(w.Promise(w.ctx, w.ws, p.ID))(t).ToldAt, w.clock.time())
	}},
	{"the end withdraws it", func(t *testing.T, w *world) {
		p := w.promised("talk", time.Hour)
		w.move("talk", toClosed())
		equal(t, "state", w.stateOfPromise(p.ID), chat.PromiseWithdrawn)
	}},
	{"an end after its time breaks it", func(t *testing.T, w *world) {
		p := w.promised("talk", time.Hour)
		w.clock.advance(2 * time.Hour)
		w.move("talk", toClosed())
		equal(t, "state", w.stateOfPromise(p.ID), chat.PromiseBroken)
		equal(t, "to act on", w.actOn(), []uuid.UUID{p.ID})
	}},
	{"an apology breaks it and makes the next", promiseBroken},
	{"what is put off is broken, what is put forward is moved", func(t *testing.T, w *world) {
		first := w.promised("talk", time.Hour)
		later := toQueue()
		later.Promised = w.clock.time().Add(2 * time.Hour)
		w.move("talk", later)
		equal(t, "put off", w.stateOfPromise(first.ID), chat.PromiseBroken)
		second := w.openPromise("talk")
		equal(t, "before", second.Before, first.ID)
		sooner := toQueue()
		sooner.Promised = w.clock.time().Add(time.Minute)
		w.move("talk", sooner)
		equal(t, "put forward", w.stateOfPromise(second.ID), chat.PromiseMoved)
		third := w.openPromise("talk")
		w.move("talk", sooner) // the same time is the same promise
		equal(t, "the same", w.openPromise("talk"), third)
	}},
	{"an agent's promises stand beside it", promisesOfAgents},
	{"a promise of an answer moves by its id", func(t *testing.T, w *world) {
		p := w.promised("talk", time.Hour)
		m := toQueue()
		m.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseMoved, Due: p.Due.Add(time.Hour), Reason: "asked for the evening"}}
		equal(t, "promised", w.move("talk", m).Promised, p.Due.Add(time.Hour))
		moved := must(w.Promise(w.ctx, w.ws, p.ID))(t)
		if moved.State != chat.PromiseMoved || moved.MovedTo != w.openPromise("talk").ID || moved.Reason != "asked for the evening" {
			t.Errorf("got %+v", moved)
		}
		m.Promises = []chat.PromiseMove{{ID: moved.MovedTo, State: chat.PromiseKept}}
		equal(t, "kept", w.move("talk", m).Promised, time.Time{})
		equal(t, "open", len(must(w.Promises(w.ctx, w.ws, chat.PromiseQuery{}))(t).Promises), 0)
	}},
	{"raised once, and handed on", func(t *testing.T, w *world) {
		p := w.promised("talk", 8*time.Hour)
		equal(t, "too early", w.actOn(), []uuid.UUID(nil))
		w.clock.advance(7 * time.Hour)
		equal(t, "due soon", w.actOn(), []uuid.UUID{p.ID})
		equal(t, "count", must(w.PromiseStats(w.ctx, w.ws, time.Time{}))(t), chat.PromiseStats{Open: 1, DueSoon: 1})
		raise := toQueue()
		owner := amir
		raise.Promises = []chat.PromiseMove{{ID: p.ID, State: chat.PromiseOpen, Raised: true, Owner: &owner}}
		w.move("talk", raise)
		equal(t, "raised", w.actOn(), []uuid.UUID(nil))
		equal(t, "owner", must(w.Promise(w.ctx, w.ws, p.ID))(t).Owner, amir)
		equal(t, "still due soon", must(w.PromiseStats(w.ctx, w.ws, time.Time{}))(t).DueSoon, 1)
		w.clock.advance(time.Hour)
		equal(t, "overdue", w.actOn(), []uuid.UUID{p.ID})
	}},
	{"of many who settle it one succeeds", func(t *testing.T, w *world) {
		p := w.recorded("talk", "refund", time.Hour)
		var won atomic.Int32
		check(t, together(8, func(i int) error {
			m := toBot()
			m.Epoch = 1
			m.Promises = []chat.PromiseMove{{ID: p.ID, State: []chat.PromiseState{chat.PromiseKept, chat.PromiseWithdrawn}[i%2]}}
			_, _, err := w.Transition(w.ctx, w.ws, id("talk"), m)
			if err == nil {
				won.Add(1)
			}
			if chat.CodeOf(err) == chat.CodeStale {
				return nil
			}
			return err
		}))
		equal(t, "settled", won.Load(), int32(1))
		equal(t, "entries", len(w.log("talk", chat.LogPublic)), 2)
	}},
	{"lists and their pages", promiseLists},
	{"counts", func(t *testing.T, w *world) {
		for i, state := range []chat.PromiseState{chat.PromiseKept, chat.PromiseKept, chat.PromiseWithdrawn, chat.PromiseBroken} {
			w.settleNow(w.recorded(fmt.Sprint("t", i), "x", time.Hour), fmt.Sprint("t", i), state)
		}
		w.clock.advance(time.Hour)
		since := w.clock.time()
		w.settleNow(w.recorded("t4", "x", time.Hour), "t4", chat.PromiseKept)
		equal(t, "all", must(w.PromiseStats(w.ctx, w.ws, time.Time{}))(t), chat.PromiseStats{Kept: 3, Withdrawn: 1, Broken: 1})
		equal(t, "since", must(w.PromiseStats(w.ctx, w.ws, since))(t), chat.PromiseStats{Kept: 1})
	}},
	{"what is no promise is refused", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "other")
		p := w.recorded("talk", "refund", time.Hour)
		for what, m := range map[string]chat.Transition{
			"without a time":  {Record: &chat.Promise{Kind: chat.PromiseOther, Text: "x"}},
			"without a text":  {Record: &chat.Promise{Kind: chat.PromiseOther, Due: p.Due}},
			"of an answer":    {Record: &chat.Promise{Kind: chat.PromiseAnswer, Text: "x", Due: p.Due}},
			"moved nowhere":   {Promises: []chat.PromiseMove{{ID: p.ID, State: chat.PromiseMoved}}},
			"kept later":      {Promises: []chat.PromiseMove{{ID: p.ID, State: chat.PromiseKept, Due: p.Due}}},
			"in what state":   {Promises: []chat.PromiseMove{{ID: p.ID, State: "lost"}}},
			"an entry of one": {Entries: []chat.Draft{{ClientID: id("e"), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindPromise}}},
		} {
			m.Epoch, m.To, m.Status = 1, chat.OwnerBot, chat.StatusOpen
			_, _, err := w.Transition(w.ctx, w.ws, id("talk"), m)
			if chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		again := chat.Transition{Epoch: 1, To: chat.OwnerBot, Status: chat.StatusOpen, Record: &chat.Promise{ID: p.ID, Kind: chat.PromiseOther, Text: "x", Due: p.Due}}
		_, _, err := w.Transition(w.ctx, w.ws, id("talk"), again)
		wantCode(t, err, chat.CodeConflict)
		elsewhere := chat.Transition{Epoch: 1, To: chat.OwnerBot, Status: chat.StatusOpen, Promises: []chat.PromiseMove{{ID: p.ID, State: chat.PromiseKept}}}
		_, _, err = w.Transition(w.ctx, w.ws, id("other"), elsewhere)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Promise(w.ctx, w.beside, p.ID)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.PromiseByNumber(w.ctx, w.beside, p.Number)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Promises(w.ctx, w.ws, chat.PromiseQuery{State: "lost"})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.Promises(w.ctx, w.ws, chat.PromiseQuery{State: chat.PromiseKept, Owner: &alice})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.Promises(w.ctx, w.ws, chat.PromiseQuery{Cursor: "?"})
		wantCode(t, err, chat.CodeInvalid)
	}},
}

// promised hands the conversation to the queue, with an answer promised for then.
func (w *world) promised(name string, within time.Duration) chat.Promise {
	w.t.Helper()
	w.conversation(w.ws, name)
	m := toQueue()
	m.Promised, m.Entries = w.clock.Now().Add(within), []chat.Draft{notice("notice of " + name)}
	w.move(name, m)
	return w.openPromise(name)
}

// recorded is a promise of Alice in the conversation of that name.
func (w *world) recorded(name, text string, within time.Duration) chat.Promise {
	w.t.Helper()
	c := w.conversation(w.ws, name)
	p := chat.Promise{ID: uuid.Must(uuid.NewV7()), Kind: chat.PromiseOther, Text: text, Due: w.clock.Now().Add(within), Owner: alice,
		By: chat.Sender{Kind: chat.PartyAgent, ID: alice, Name: "Alice"}}
	w.move(name, chat.Transition{To: c.Owner, Status: c.Status, Agent: c.Agent, Record: &p})
	return must(w.Promise(w.ctx, w.ws, p.ID))(w.t)
}

func (w *world) settleNow(p chat.Promise, name string, state chat.PromiseState) {
	w.t.Helper()
	c := w.state(name)
	w.move(name, chat.Transition{To: c.Owner, Status: c.Status, Agent: c.Agent, Promises: []chat.PromiseMove{{ID: p.ID, State: state, Told: true}}})
}

// openPromise is the one open promise of a conversation.
func (w *world) openPromise(name string) chat.Promise {
	w.t.Helper()
	open := must(w.Promises(w.ctx, w.ws, chat.PromiseQuery{Conversation: id(name), State: chat.PromiseOpen}))(w.t).Promises
	if len(open) != 1 {
		w.t.Fatalf("open promises of %s: %+v", name, open)
	}
	return open[0]
}

func (w *world) stateOfPromise(p uuid.UUID) chat.PromiseState {
	w.t.Helper()
	return must(w.Promise(w.ctx, w.ws, p))(w.t).State
}

func (w *world) actOn() []uuid.UUID {
	w.t.Helper()
	return idsOfPromises(must(w.PromisesToActOn(w.ctx, w.ws, 0))(w.t))
}

func idsOfPromises(all []chat.Promise) (ids []uuid.UUID) {
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return ids
}

func promiseOfAnswer(t *testing.T, w *world) {
	p := w.promised("talk", time.Hour)
	c := w.state("talk")
	want := chat.Promise{ID: p.ID, Number: p.Number, Conversation: id("talk"), Customer: ann, Kind: chat.PromiseAnswer, Text: chat.PromiseAnswerText,
		By: chat.Sender{Kind: chat.PartySystem}, Due: c.Promised, State: chat.PromiseOpen, At: w.clock.time(), Signature: p.Signature}
	equal(t, "promise", p, want)
	if !p.Verify(chat.ReceiptKey(must(w.Secret(w.ctx, w.ws, chat.ReceiptSecret))(t))) {
		t.Error("the signature is not that of the workspace's key")
	}
	if _, err := chat.ParseReceiptNumber(p.Number); err != nil {
		t.Error(err)
	}
	log := w.log("talk", chat.LogPublic)
	given := p.Copy()
	equal(t, "the customer's copy", log[len(log)-1].Promise, &given)
	equal(t, "entries", len(log), 2) // no entry of its own beside the notice
	w.reopen()
	equal(t, "stored", w.openPromise("talk"), p)
	equal(t, "by number", must(w.PromiseByNumber(w.ctx, w.ws, p.Number))(t), p)
	_, err := w.PromiseByNumber(w.ctx, w.ws, "")
	wantCode(t, err, chat.CodeNotFound)

	w.conversation(w.ws, "quiet")
	m := toQueue()
	m.Promised = w.clock.Now().Add(time.Hour)
	w.move("quiet", m)
	log = w.log("quiet", chat.LogPublic)
	given = w.openPromise("quiet").Copy()
	equal(t, "a copy of its own", log[len(log)-1].Promise, &given)
	equal(t, "kind", log[len(log)-1].Kind, chat.KindPromise)
}

func promiseBroken(t *testing.T, w *world) {
	first := w.promised("talk", time.Hour)
	w.clock.advance(time.Hour + time.Second)
	equal(t, "overdue", w.actOn(), []uuid.UUID{first.ID})
	sorry := toQueue()
	sorry.Promised, sorry.Entries = w.clock.time().Add(time.Hour), []chat.Draft{notice("sorry")}
	sorry.Entries[0].Body.Notice = &chat.Notice{Kind: chat.NoticeOverdue}
	w.move("talk", sorry)
	second := w.openPromise("talk")
	broken := must(w.Promise(w.ctx, w.ws, first.ID))(t)
	if broken.State != chat.PromiseBroken || broken.MovedTo != second.ID || second.Before != first.ID || !broken.ToldAt.Equal(w.clock.time()) {
		t.Errorf("first %+v\nsecond %+v", broken, second)
	}
	equal(t, "to act on", w.actOn(), []uuid.UUID(nil))
	log := w.log("talk", chat.LogPublic)
	equal(t, "copy", log[len(log)-1].Promise.Number, second.Number)
	equal(t, "stats", must(w.PromiseStats(w.ctx, w.ws, time.Time{}))(t), chat.PromiseStats{Broken: 1, Open: 1})
}

func promisesOfAgents(t *testing.T, w *world) {
	answer := w.promised("talk", time.Hour)
	w.move("talk", toAgent(alice))
	refund := w.recorded("talk", " Refund\n of 20 ", 48*time.Hour)
	call := w.recorded("talk", "Call", 3*time.Hour)
	equal(t, "one line", refund.Text, "Refund of 20")
	w.says("talk", agentSays(alice, "reply", "!"))
	w.move("talk", toClosed())
	equal(t, "answer", w.stateOfPromise(answer.ID), chat.PromiseKept)
	equal(t, "open", idsOfPromises(must(w.Promises(w.ctx, w.ws, chat.PromiseQuery{}))(t).Promises), []uuid.UUID{call.ID, refund.ID})

	w.settleNow(call, "talk", chat.PromiseKept)
	log := w.log("talk", chat.LogPublic)
	last := log[len(log)-1]
	if last.Kind != chat.KindPromise || last.Promise.ID != call.ID || last.Promise.State != chat.PromiseKept || last.Promise.Customer != uuid.Nil {
		t.Errorf("the customer's copy of what was kept: %+v %+v", last, last.Promise)
	}
	w.move("talk", chat.Transition{To: chat.OwnerBot, Status: chat.StatusClosed,
		Promises: []chat.PromiseMove{{ID: refund.ID, State: chat.PromiseMoved, Due: refund.Due.Add(time.Hour)}}})
	next := w.openPromise("talk")
	if next.Text != refund.Text || next.Owner != alice || next.Number == refund.Number || next.By != refund.By {
		t.Errorf("got %+v", next)
	}
}

func promiseLists(t *testing.T, w *world) {
	var open, kept []uuid.UUID
	for i := range 5 {
		name := fmt.Sprint("t", i)
		a := w.recorded(name, "a", time.Duration(5-i)*time.Hour)
		b := w.recorded(name, "b", time.Hour)
		open = append([]uuid.UUID{a.ID}, open...)
		w.clock.advance(time.Second)
		w.settleNow(b, name, chat.PromiseKept)
		kept = append([]uuid.UUID{b.ID}, kept...)
	}
	pages := func(q chat.PromiseQuery) (ids []uuid.UUID) {
		t.Helper()
		q.Limit = 2
		for {
			page := must(w.Promises(w.ctx, w.ws, q))(t)
			ids = append(ids, idsOfPromises(page.Promises)...)
			if q.Cursor = page.Next; q.Cursor == "" {
				return ids
			}
		}
	}
	equal(t, "open", pages(chat.PromiseQuery{}), open)
	equal(t, "kept", pages(chat.PromiseQuery{State: chat.PromiseKept}), kept)
	equal(t, "alice's", pages(chat.PromiseQuery{Owner: &alice}), open)
	equal(t, "the queue's", pages(chat.PromiseQuery{Owner: &uuid.Nil}), []uuid.UUID(nil))
	equal(t, "of a conversation", len(pages(chat.PromiseQuery{Conversation: id("t0")})), 2)
	equal(t, "of a customer", len(pages(chat.PromiseQuery{Customer: ann})), 10)
	equal(t, "of another", len(pages(chat.PromiseQuery{Customer: bob})), 0)
	equal(t, "kept of a conversation", pages(chat.PromiseQuery{Conversation: id("t0"), State: chat.PromiseKept}), kept[4:])
}
