package storetest

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var callCases = []testCase{
	{"a call is kept as it was put", callKept},
	{"a change goes its way once", callMoves},
	{"of many confirmations one succeeds", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		c := must(w.PutCall(w.ctx, w.ws, change("c")))(t)
		var won atomic.Int32
		check(t, together(8, func(i int) error {
			to := chat.CallConfirmed
			if i%2 == 1 {
				to = chat.CallDeclined
			}
			_, err := w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: c.ID, From: chat.CallProposed, To: to, Fenced: true})
			if err == nil {
				won.Add(1)
			}
			if chat.CodeOf(err) == chat.CodeStale {
				return nil
			}
			return err
		}))
		equal(t, "moves", won.Load(), int32(1))
	}},
	{"a takeover voids what was proposed", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		c := must(w.PutCall(w.ctx, w.ws, change("c")))(t)
		w.move("talk", chat.Transition{Epoch: 1, To: chat.OwnerQueue, Status: chat.StatusOpen})
		confirm := chat.CallMove{Call: c.ID, From: chat.CallProposed, To: chat.CallConfirmed, Fenced: true}
		_, err := w.MoveCall(w.ctx, w.ws, confirm)
		wantCode(t, err, chat.CodeStale)
		w.move("talk", chat.Transition{Epoch: 2, To: chat.OwnerBot, Status: chat.StatusOpen})
		_, err = w.MoveCall(w.ctx, w.ws, confirm) // the bot's again, but at another epoch
		wantCode(t, err, chat.CodeStale)
		equal(t, "state", must(w.Call(w.ctx, w.ws, c.ID))(t).State, chat.CallProposed)
	}},
	{"a conversation has one proposed change", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "other")
		first := must(w.PutCall(w.ctx, w.ws, change("first")))(t)
		elsewhere := change("elsewhere")
		elsewhere.Conversation = id("other")
		must(w.PutCall(w.ctx, w.ws, elsewhere))(t)
		must(w.PutCall(w.ctx, w.ws, lookUp("read")))(t)
		must(w.PutCall(w.ctx, w.ws, change("second")))(t)
		again := must(w.PutCall(w.ctx, w.ws, change("first")))(t)
		equal(t, "the first, put again", again.State, chat.CallExpired)
		equal(t, "the first", must(w.Call(w.ctx, w.ws, first.ID))(t).Until, time.Time{})
		equal(t, "elsewhere", must(w.Call(w.ctx, w.ws, elsewhere.ID))(t).State, chat.CallProposed)
	}},
	{"the bot's words stay away when it has not the conversation", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		c := must(w.PutCall(w.ctx, w.ws, lookUp("c")))(t)
		w.move("talk", chat.Transition{Epoch: 1, To: chat.OwnerQueue, Status: chat.StatusOpen})
		must(w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: c.ID, From: chat.CallRunning, To: chat.CallDone, Entries: []chat.Draft{ended(c, chat.CallDone), botSays("words", "done")}}))(t)
		entries := must(w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, 0, 0))(t)
		equal(t, "entries", len(entries), 2) // the move to the queue, and the end of the call
	}},
	{"calls are listed newest first", callsListed},
	{"calls, malformed", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		for name, spoil := range map[string]func(*chat.Call){
			"no action": func(c *chat.Call) { c.Action = "" }, "no digest": func(c *chat.Call) { c.Digest = "" },
			"no end": func(c *chat.Call) { c.Until = time.Time{} }, "runs at once": func(c *chat.Call) { c.State = chat.CallRunning },
		} {
			c := change(name)
			spoil(&c)
			_, err := w.PutCall(w.ctx, w.ws, c)
			if chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		c := must(w.PutCall(w.ctx, w.ws, change("c")))(t)
		for _, m := range []chat.CallMove{
			{Call: c.ID, From: chat.CallProposed, To: chat.CallRunning}, {Call: c.ID, From: chat.CallDone, To: chat.CallRunning},
			{Call: c.ID, From: chat.CallProposed, To: chat.CallConfirmed, Entries: []chat.Draft{{ClientID: id("e"), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindCall}}},
		} {
			_, err := w.MoveCall(w.ctx, w.ws, m)
			wantCode(t, err, chat.CodeInvalid)
		}
		_, err := w.Calls(w.ctx, w.ws, chat.CallQuery{States: []chat.CallState{"odd"}})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.Calls(w.ctx, w.ws, chat.CallQuery{Limit: 201})
		wantCode(t, err, chat.CodeInvalid)
	}},
	{"calls that are not there", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		c := must(w.PutCall(w.ctx, w.ws, change("c")))(t)
		_, err := w.Call(w.ctx, w.ws, id("call beside"))
		wantCode(t, err, chat.CodeNotFound)
		for ws, call := range map[uuid.UUID]uuid.UUID{w.ws: id("call beside"), id("no workspace"): c.ID} {
			_, err := w.Call(w.ctx, ws, call)
			wantCode(t, err, chat.CodeNotFound)
			_, err = w.MoveCall(w.ctx, ws, chat.CallMove{Call: call, From: chat.CallProposed, To: chat.CallDeclined})
			wantCode(t, err, chat.CodeNotFound)
		}
		none := change("none")
		none.Conversation = id("none")
		_, err = w.PutCall(w.ctx, w.ws, none)
		wantCode(t, err, chat.CodeNotFound)
	}},
}

func lookUp(name string) chat.Call {
	return chat.Call{ID: id("call " + name), Conversation: id("talk"), Inbox: id("inbox"), Customer: ann, Turn: id("turn"), Epoch: 1, Action: "order",
		Title: "Order", Args: json.RawMessage(`{"number":20418}`), Rows: []chat.Field{{Name: "number", Label: "Order", Value: "20418"}},
		Digest: "d", Key: "k", Chosen: chat.ChosenByRules, State: chat.CallRunning, Until: time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC)}
}

func change(name string) chat.Call {
	c := lookUp(name)
	c.Write, c.State = true, chat.CallProposed
	return c
}

// ended is the entry that says how a call ended.
func ended(c chat.Call, state chat.CallState) chat.Draft {
	return chat.Draft{ClientID: uuid.NewSHA1(c.ID, []byte(state)), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindCall,
		Body: chat.Body{Call: &chat.CallChange{Call: c.ID, Action: c.Action, Title: c.Title, State: state}}}
}

func callKept(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	want := change("c")
	got := must(w.PutCall(w.ctx, w.ws, want))(t)
	want.CreatedAt, want.UpdatedAt = w.clock.time(), w.clock.time()
	equal(t, "stored", got, want)
	w.reopen()
	equal(t, "found", must(w.Call(w.ctx, w.ws, want.ID))(t), want)
	changed := want
	changed.Title = "Another"
	equal(t, "put again", must(w.PutCall(w.ctx, w.ws, changed))(t), want)
	bare := lookUp("bare")
	bare.ID, bare.Args = uuid.Nil, nil
	got = must(w.PutCall(w.ctx, w.ws, bare))(t)
	if got.ID.Version() != 7 || string(got.Args) != "{}" {
		t.Errorf("stored %+v", got)
	}
}

func callMoves(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	c := must(w.PutCall(w.ctx, w.ws, change("c")))(t)
	confirmed := ended(c, chat.CallConfirmed)
	confirmed.From = chat.Sender{Kind: chat.PartyCustomer, ID: ann}
	must(w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: c.ID, From: chat.CallProposed, To: chat.CallConfirmed, Fenced: true, Entries: []chat.Draft{confirmed}}))(t)
	_, err := w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: c.ID, From: chat.CallProposed, To: chat.CallConfirmed, Fenced: true})
	wantCode(t, err, chat.CodeStale)
	until := w.clock.time().Add(time.Minute)
	running := must(w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: c.ID, From: chat.CallConfirmed, To: chat.CallRunning, Fenced: true, Until: until}))(t)
	equal(t, "until", running.Until, until)
	w.reopen()
	end := chat.CallMove{Call: c.ID, From: chat.CallRunning, To: chat.CallDone, Code: 200, Took: 1500 * time.Millisecond, Entries: []chat.Draft{ended(c, chat.CallDone), botSays("words", "Cancelled.")}}
	got := must(w.MoveCall(w.ctx, w.ws, end))(t)
	want := c
	want.State, want.Code, want.TookMS, want.Until, want.UpdatedAt = chat.CallDone, 200, 1500, time.Time{}, w.clock.time()
	equal(t, "done", got, want)
	equal(t, "found", must(w.Call(w.ctx, w.ws, c.ID))(t), want)
	entries := must(w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, 0, 0))(t)
	var kinds []chat.Kind
	for _, e := range entries {
		kinds = append(kinds, e.Kind)
	}
	equal(t, "log", kinds, []chat.Kind{chat.KindCall, chat.KindCall, chat.KindMessage})
	equal(t, "entry", *entries[1].Call, chat.CallChange{Call: c.ID, Action: "order", Title: "Order", State: chat.CallDone})
	_, err = w.MoveCall(w.ctx, w.ws, end)
	wantCode(t, err, chat.CodeStale)
}

func callsListed(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.conversation(w.ws, "other")
	var all []chat.Call
	for i := range 5 {
		c := lookUp(fmt.Sprint(i))
		c.ID = uuid.UUID{15: byte(i + 1)}
		if i%2 == 1 {
			c.Conversation = id("other")
		}
		all = append([]chat.Call{must(w.PutCall(w.ctx, w.ws, c))(t)}, all...)
	}
	all[0] = must(w.MoveCall(w.ctx, w.ws, chat.CallMove{Call: all[0].ID, From: chat.CallRunning, To: chat.CallFailed, Error: "no"}))(t)
	list := func(q chat.CallQuery) []chat.Call { return must(w.Calls(w.ctx, w.ws, q))(t) }
	equal(t, "all", list(chat.CallQuery{}), all)
	equal(t, "a page", list(chat.CallQuery{Limit: 2}), all[:2])
	equal(t, "the next", list(chat.CallQuery{Limit: 2, Before: all[1].ID}), all[2:4])
	equal(t, "of a conversation", list(chat.CallQuery{Conversation: id("other")}), []chat.Call{all[1], all[3]})
	equal(t, "failed", list(chat.CallQuery{States: []chat.CallState{chat.CallFailed, chat.CallUnknown}}), all[:1])
	equal(t, "running", list(chat.CallQuery{States: []chat.CallState{chat.CallRunning}}), all[1:])
}
