package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var transitionCases = []testCase{
	{"a handoff", handoffMove},
	{"each move", eachMove},
	{"an epoch of before or later", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		for _, epoch := range []int64{0, 2} {
			move := toQueue()
			move.Epoch, move.Entries = epoch, []chat.Draft{notice("n")}
			_, _, err := w.Transition(w.ctx, w.ws, id("talk"), move)
			wantCode(t, err, chat.CodeStale)
		}
		equal(t, "entries", len(w.log("talk", chat.LogPublic)), 0)
		equal(t, "epoch", w.state("talk").Epoch, int64(1))
	}},
	{"a message does not raise the epoch", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		must(w.AppendIf(w.ctx, w.ws, id("talk"), botSays("a", "!"), chat.Fence{Epoch: 1, CustomerSeq: 1}))(t)
		equal(t, "epoch", w.state("talk").Epoch, int64(1))
	}},
	{"entries in both logs", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		move := toQueue()
		move.Epoch = 1
		move.Entries = []chat.Draft{note("a note", "for staff"), notice("n"), note("another", "x"), botSays("b", "Wait")}
		c, entries, err := w.Transition(w.ctx, w.ws, id("talk"), move)
		check(t, err)
		var order []string
		for _, e := range entries {
			order = append(order, string(e.Log)+" "+string(e.Kind))
		}
		equal(t, "order", order, []string{"public owner", "staff note", "public notice", "staff note", "public message"})
		equal(t, "seqs", seqs(entries), []int64{1, 1, 2, 2, 3})
		if c.LastFrom != chat.PartyBot || c.LastText != "Wait" {
			t.Errorf("the message in it does not show: %+v", c)
		}
	}},
	{"a client id that is taken", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("first", "x"))
		before := w.state("talk")
		for name, taken := range map[string][]chat.Draft{
			"in the log": {notice("n"), notice("first")},
			"twice":      {notice("n"), notice("n")},
		} {
			move := toQueue()
			move.Epoch, move.Entries = 1, taken
			move.Handoff = &chat.Handoff{Reason: chat.ReasonAsked}
			if _, _, err := w.Transition(w.ctx, w.ws, id("talk"), move); chat.CodeOf(err) != chat.CodeConflict {
				t.Errorf("%s: got %v, want CodeConflict", name, err)
			}
		}
		equal(t, "state", w.state("talk"), before)
		equal(t, "entries", len(w.log("talk", chat.LogPublic)), 1)
		_, err := w.Handoff(w.ctx, w.ws, id("talk"))
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"one that comes again", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		end := toClosed()
		end.ID = id("end")
		w.move("talk", end)
		log := w.log("talk", chat.LogPublic)
		equal(t, "its entry", log[len(log)-1].ClientID, id("end"))
		w.move("talk", toBot())
		before := w.state("talk")
		end.Epoch = before.Epoch
		_, _, err := w.Transition(w.ctx, w.ws, id("talk"), end)
		wantCode(t, err, chat.CodeConflict)
		equal(t, "open as it was", w.state("talk"), before)
	}},
	{"malformed", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		badNote := note("n", "x")
		badNote.Log = chat.LogPublic
		for name, f := range map[string]func(*chat.Transition){
			"no owner":        func(m *chat.Transition) { m.To = "" },
			"unknown owner":   func(m *chat.Transition) { m.To = "boss" },
			"no status":       func(m *chat.Transition) { m.Status = "" },
			"unknown status":  func(m *chat.Transition) { m.Status = "odd" },
			"no agent":        func(m *chat.Transition) { m.To, m.Agent = chat.OwnerAgent, uuid.Nil },
			"a public note":   func(m *chat.Transition) { m.Entries = []chat.Draft{badNote} },
			"too many before": func(m *chat.Transition) { m.Before = 1 },
			"none before":     func(m *chat.Transition) { m.Before = -1 },
			"a name in bytes": func(m *chat.Transition) { m.By.Name = "\xff" },
			"a bad address":   func(m *chat.Transition) { m.Entries = []chat.Draft{contact("c", "\x00")} },
			"an owner entry":  func(m *chat.Transition) { m.Entries = []chat.Draft{{Kind: chat.KindOwner, From: m.By}} },
		} {
			move := toQueue()
			move.Epoch = 1
			f(&move)
			if _, _, err := w.Transition(w.ctx, w.ws, id("talk"), move); chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: got %v, want CodeInvalid", name, err)
			}
		}
		equal(t, "epoch", w.state("talk").Epoch, int64(1))
	}},
	{"the newest handoff", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		for _, goal := range []string{"one", "two", "three"} {
			// All at one time: the newest is the last made.
			move := toQueue()
			move.Handoff = &chat.Handoff{Reason: chat.ReasonAsked, Brief: chat.Brief{Version: 1, Goal: goal}}
			w.move("talk", move)
			w.move("talk", toBot())
		}
		w.reopen()
		h := must(w.Handoff(w.ctx, w.ws, id("talk")))(t)
		if h.Brief.Goal != "three" || h.ID == uuid.Nil || !h.At.Equal(w.clock.time()) {
			t.Errorf("got %+v", h)
		}
	}},
	{"last words come before the owner's entry", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		move := toQueue()
		move.Entries, move.Before = []chat.Draft{notice("last words"), notice("notice")}, 1
		w.move("talk", move)
		w.reopen()
		var kinds []chat.Kind
		for _, e := range w.log("talk", chat.LogPublic) {
			kinds = append(kinds, e.Kind)
		}
		equal(t, "kinds", kinds, []chat.Kind{chat.KindNotice, chat.KindOwner, chat.KindNotice})
	}},
	{"the promise", promises},
}

// handoffMove hands over with everything that goes with it.
func handoffMove(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "A person, please"))
	w.clock.advance(time.Minute)
	brief := chat.Brief{
		Version: 1, Goal: "A person, please", Tried: []string{"one", "two"}, Open: []string{"which order?"},
		Articles:   []chat.BriefArticle{{Article: id("article"), Number: 3, Title: "Orders", Score: 0.25, Shown: true}},
		Confidence: []chat.BriefPoint{{At: w.clock.time(), Confidence: 0.5, Action: chat.ActionAnswer}},
		Why:        "The customer asked.", Reason: chat.ReasonAsked, Language: "en", TookMS: 1.5,
		Suggested: &chat.Suggestion{Text: "Hello", Citations: []chat.Citation{{N: 1, Title: "Orders", Spans: []chat.Span{{Start: 1, End: 2}}}}},
	}
	unnamed := notice("")
	unnamed.ClientID = uuid.Nil
	move := chat.Transition{
		Epoch: 1, To: chat.OwnerQueue, Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartyBot}, Reason: chat.ReasonAsked,
		Entries:  []chat.Draft{notice("named"), unnamed},
		Handoff:  &chat.Handoff{ID: id("handoff"), Reason: chat.ReasonAsked, At: w.clock.time().Add(-time.Second), Brief: brief},
		Promised: w.clock.Now().Add(time.Hour), Answered: true,
	}
	got, entries, err := w.Transition(w.ctx, w.ws, id("talk"), move)
	check(t, err)

	w.reopen()
	equal(t, "stored state", w.state("talk"), got)
	equal(t, "stored entries", w.log("talk", chat.LogPublic)[1:], entries)
	equal(t, "seqs", seqs(entries), []int64{2, 3, 4})
	first := entries[0]
	equal(t, "the change", first.Change, &chat.Change{
		From: chat.OwnerBot, To: chat.OwnerQueue, Status: chat.StatusOpen, Epoch: 2, Reason: chat.ReasonAsked,
	})
	if first.Kind != chat.KindOwner || first.From != move.By || first.ClientID == uuid.Nil || !first.At.Equal(w.clock.time()) {
		t.Errorf("the owner entry: %+v", first)
	}
	if entries[1].ClientID != id("named") || entries[2].ClientID == uuid.Nil || entries[2].Notice == nil {
		t.Errorf("the notices: %+v", entries[1:])
	}
	if got.Owner != chat.OwnerQueue || got.Epoch != 2 || got.LastSeq != 4 || got.Unanswered() || got.Reason != chat.ReasonAsked ||
		!got.Waiting.Equal(w.clock.time()) || !got.Promised.Equal(w.clock.time().Add(time.Hour)) || got.LastFrom != chat.PartyCustomer {
		t.Errorf("state %+v", got)
	}
	h := must(w.Handoff(w.ctx, w.ws, id("talk")))(t)
	equal(t, "handoff", h, *move.Handoff)
}

// eachMove walks a conversation through all owners and both statuses.
func eachMove(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	type seen struct {
		Owner   chat.Owner
		Agent   uuid.UUID
		Status  chat.Status
		Waiting bool
		Reason  chat.Reason
	}
	since := w.clock.time()
	for i, c := range []struct {
		move chat.Transition
		want seen
	}{
		{toQueue(), seen{chat.OwnerQueue, uuid.Nil, chat.StatusOpen, true, chat.ReasonAsked}},
		{toQueue(), seen{chat.OwnerQueue, uuid.Nil, chat.StatusOpen, true, chat.ReasonAsked}}, // waits on: no move
		{toAgent(alice), seen{chat.OwnerAgent, alice, chat.StatusOpen, false, chat.ReasonClaimed}},
		{toAgent(amir), seen{chat.OwnerAgent, amir, chat.StatusOpen, false, chat.ReasonClaimed}},
		{toBot(), seen{chat.OwnerBot, uuid.Nil, chat.StatusOpen, false, chat.ReasonReleased}},
		{toClosed(), seen{chat.OwnerBot, uuid.Nil, chat.StatusClosed, false, chat.ReasonClosed}},
		{func() chat.Transition { m := toBot(); m.Reason = ""; return m }(), seen{chat.OwnerBot, uuid.Nil, chat.StatusOpen, false, chat.ReasonClosed}},
		{func() chat.Transition { m := toQueue(); m.Status = chat.StatusClosed; return m }(), seen{chat.OwnerQueue, uuid.Nil, chat.StatusClosed, false, chat.ReasonAsked}},
	} {
		before := w.state("talk")
		w.clock.advance(time.Minute)
		after := w.move("talk", c.move)
		equal(t, "state", seen{after.Owner, after.Agent, after.Status, !after.Waiting.IsZero(), after.Reason}, c.want)
		if i == 1 {
			equal(t, "no move", after.Epoch, before.Epoch)
			equal(t, "no entry", after.LastSeq, before.LastSeq)
			continue
		}
		equal(t, "epoch", after.Epoch, before.Epoch+1)
		if i == 0 && !after.Waiting.Equal(since.Add(time.Minute)) {
			t.Errorf("move %d: waits since %v", i, after.Waiting)
		}
		log := w.log("talk", chat.LogPublic)
		want := &chat.Change{From: before.Owner, To: c.move.To, Status: c.move.Status, Epoch: after.Epoch, Reason: c.move.Reason, Agent: c.move.Agent, Name: c.move.Name}
		equal(t, "change", log[len(log)-1].Change, want)
		equal(t, "stored", w.state("talk"), after)
	}
}

// promises covers Promised, ClearPromise and Answered.
func promises(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "?"))
	w.says("talk", contact("c", "ann@example.com"))
	at := w.clock.time().Add(time.Hour)

	move := unanswered(toQueue())
	move.Promised = at
	if c := w.move("talk", move); !c.Promised.Equal(at) || c.Email == "" || !c.Unanswered() {
		t.Errorf("promised: %+v", c)
	}
	if c := w.move("talk", unanswered(toQueue())); !c.Promised.Equal(at) {
		t.Errorf("zero did not leave the old promise: %+v", c)
	}
	move.ClearPromise, move.Promised = true, at.Add(time.Hour)
	if c := w.move("talk", move); !c.Promised.Equal(at.Add(time.Hour)) || c.Email != "" {
		t.Errorf("clear and a new promise: %+v", c)
	}
	move.Promised, move.Answered = time.Time{}, true
	if c := w.move("talk", move); !c.Promised.IsZero() || c.Unanswered() || c.AnsweredSeq != 1 {
		t.Errorf("cleared: %+v", c)
	}
}
