package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var turnCases = []testCase{
	{"records of turns", turnRecords},
	{"old records of turns go", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		for i := range 4 {
			check(t, w.PutTurn(w.ctx, w.ws, turn(fmt.Sprint(i), `1`)))
			w.clock.advance(time.Hour)
		}
		equal(t, "removed", must(w.PruneTurns(w.ctx, w.ws, w.clock.time().Add(-2*time.Hour)))(t), 2)
		equal(t, "again", must(w.PruneTurns(w.ctx, w.ws, w.clock.time().Add(-2*time.Hour)))(t), 0)
		left := must(w.TurnRecords(w.ctx, w.ws, id("talk")))(t)
		equal(t, "left", []uuid.UUID{left[0].Turn, left[1].Turn}, []uuid.UUID{id("turn 2"), id("turn 3")})
		_, err := w.TurnRecord(w.ctx, w.ws, id("turn 0"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "nowhere", must(w.PruneTurns(w.ctx, id("no workspace"), w.clock.time()))(t), 0)
	}},
	{"turns, malformed or nowhere", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		noID, noBody, garbled := turn("1", `1`), turn("1", ``), turn("1", "\"\xff\"")
		noID.Turn = uuid.Nil
		for _, r := range []chat.TurnRecord{noID, noBody, garbled} {
			wantCode(t, w.PutTurn(w.ctx, w.ws, r), chat.CodeInvalid)
		}
		nowhere := turn("1", `1`)
		nowhere.Conversation = id("talk 2") // there is one beside
		wantCode(t, w.PutTurn(w.ctx, w.ws, nowhere), chat.CodeNotFound)
		wantCode(t, w.PutTurn(w.ctx, id("no workspace"), turn("1", `1`)), chat.CodeNotFound)
		equal(t, "records", len(must(w.TurnRecords(w.ctx, w.ws, id("talk")))(t)), 0)
	}},
}

// turn is a record of that name in the conversation "talk".
func turn(name, body string) chat.TurnRecord {
	return chat.TurnRecord{Turn: id("turn " + name), Conversation: id("talk"), Body: json.RawMessage(body)}
}

func turnRecords(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.conversation(w.ws, "talk 2")
	_, err := w.TurnRecord(w.ctx, w.ws, id("turn 1"))
	wantCode(t, err, chat.CodeNotFound)
	var want []chat.TurnRecord
	for i, body := range []string{`{"b": 1,  "a": "<&>"}`, `2`, `3`} {
		r := turn(fmt.Sprint(i), body)
		check(t, w.PutTurn(w.ctx, w.ws, r))
		r.At = w.clock.time()
		want = append(want, r)
		if i > 0 { // the first two have one time
			w.clock.advance(time.Second)
		}
	}
	slices.SortFunc(want[:2], func(a, b chat.TurnRecord) int { return slices.Compare(a.Turn[:], b.Turn[:]) })
	elsewhere := turn("elsewhere", `4`)
	elsewhere.Conversation = id("talk 2")
	check(t, w.PutTurn(w.ctx, w.ws, elsewhere))
	w.reopen()
	equal(t, "in order", must(w.TurnRecords(w.ctx, w.ws, id("talk")))(t), want)
	equal(t, "one", must(w.TurnRecord(w.ctx, w.ws, want[1].Turn))(t), want[1])

	again := want[0]
	again.Body = json.RawMessage(`"again"`)
	check(t, w.PutTurn(w.ctx, w.ws, again))
	again.At = w.clock.time()
	equal(t, "replaced", must(w.TurnRecord(w.ctx, w.ws, again.Turn))(t), again)
	equal(t, "still", len(must(w.TurnRecords(w.ctx, w.ws, id("talk")))(t)), 3)
}

var memoryCases = []testCase{
	{"a memory", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		_, err := w.Memory(w.ctx, w.ws, id("talk"))
		wantCode(t, err, chat.CodeNotFound)
		first := memory(4, `{"b": 1,  "a": "<&>"}`)
		check(t, w.PutMemory(w.ctx, w.ws, first))
		first.At = w.clock.time()
		w.reopen()
		equal(t, "stored", must(w.Memory(w.ctx, w.ws, id("talk")))(t), first)
		w.clock.advance(time.Second)
		check(t, w.PutMemory(w.ctx, w.ws, memory(3, `"older"`)))
		equal(t, "an older one is dropped", must(w.Memory(w.ctx, w.ws, id("talk")))(t), first)
		for _, seq := range []int64{4, 9} {
			w.clock.advance(time.Second)
			m := memory(seq, fmt.Sprint(seq))
			check(t, w.PutMemory(w.ctx, w.ws, m))
			m.At = w.clock.time()
			equal(t, "replaced", must(w.Memory(w.ctx, w.ws, id("talk")))(t), m)
		}
	}},
	{"the newest memory wins", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		check(t, together(8, func(i int) error { return w.PutMemory(w.ctx, w.ws, memory(int64(i), fmt.Sprint(i))) }))
		got := must(w.Memory(w.ctx, w.ws, id("talk")))(t)
		equal(t, "newest", []any{got.Seq, string(got.Body)}, []any{int64(7), "7"})
	}},
	{"memories, malformed or nowhere", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		wantCode(t, w.PutMemory(w.ctx, w.ws, memory(-1, `1`)), chat.CodeInvalid)
		wantCode(t, w.PutMemory(w.ctx, w.ws, memory(1, `{`)), chat.CodeInvalid)
		nowhere := memory(1, `1`)
		nowhere.Conversation = id("talk 2") // there is one beside
		wantCode(t, w.PutMemory(w.ctx, w.ws, nowhere), chat.CodeNotFound)
		wantCode(t, w.PutMemory(w.ctx, id("no workspace"), memory(1, `1`)), chat.CodeNotFound)
		_, err := w.Memory(w.ctx, id("no workspace"), id("talk"))
		wantCode(t, err, chat.CodeNotFound)
	}},
}

// memory is one of the conversation "talk".
func memory(seq int64, body string) chat.Memory {
	return chat.Memory{Conversation: id("talk"), Seq: seq, Body: json.RawMessage(body)}
}
