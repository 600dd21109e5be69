package storetest

import (
	"fmt"
	"testing"
	"time"

	"frontdesk/chat"
)

// waitCases are about who waits, for whom and how long.
var waitCases = []testCase{
	{"awaiting the bot", awaiting},
	{"orphans", orphans},
	{"place in the queue", func(t *testing.T, w *world) {
		ids := w.queueOf(4)
		w.conversation(w.ws, "talk")
		equal(t, "who does not wait", must(w.QueuePlace(w.ctx, w.ws, id("talk")))(t), 0)
		for i, c := range ids {
			equal(t, "place", must(w.QueuePlace(w.ctx, w.ws, c))(t), i+1)
		}
		w.move("waiting 1", toAgent(alice))
		w.reopen()
		for i, want := range []int{1, 0, 2, 3} {
			equal(t, "place after one left", must(w.QueuePlace(w.ctx, w.ws, ids[i]))(t), want)
		}
	}},
	{"places are apart also at the same time", func(t *testing.T, w *world) {
		seen := map[int]bool{}
		for i := range 5 {
			w.conversation(w.ws, fmt.Sprint("w", i))
			w.move(fmt.Sprint("w", i), toQueue())
		}
		page := must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewQueue}))(t)
		for i, c := range page.Conversations {
			place := must(w.QueuePlace(w.ctx, w.ws, c.ID))(t)
			equal(t, "place in the order of the view", place, i+1)
			seen[place] = true
		}
		equal(t, "places", len(seen), 5)
	}},
	{"waits", waits},
}

// awaiting: the bot's open conversations with an unanswered message, oldest first.
func awaiting(t *testing.T, w *world) {
	start := w.clock.time()
	ask := func(name string, after time.Duration) {
		w.conversation(w.ws, name)
		w.clock.advance(after)
		w.says(name, customerSays("q of "+name, "?"))
	}
	ask("second", time.Second)
	ask("answered", time.Second)
	w.answer("answered", chat.Fence{Epoch: 1, CustomerSeq: 1})
	ask("queued", time.Second)
	w.move("queued", unanswered(toQueue()))
	ask("agent's", time.Second)
	w.move("agent's", toAgent(alice))
	ask("closed", time.Second)
	w.move("closed", unanswered(toClosed()))
	ask("third", time.Second)
	w.says("second", note("no word of the customer", "x"))
	w.conversation(w.ws, "silent")
	ask("too new", time.Minute)
	w.clock.advance(time.Hour)
	w.says("third", rating("no word either", 3))

	w.reopen()
	before := start.Add(time.Minute)
	got := must(w.Awaiting(w.ctx, w.ws, before, 0))(t)
	equal(t, "awaiting", got, []chat.Conversation{w.state("second"), w.state("third")})
	equal(t, "awaiting, at most one", idsOf(must(w.Awaiting(w.ctx, w.ws, before, 1))(t)), idsOf(got[:1]))
	// "Older than" leaves out the message of that very time.
	equal(t, "awaiting, at the edge", len(must(w.Awaiting(w.ctx, w.ws, start.Add(time.Second), 0))(t)), 0)
	equal(t, "awaiting, just after", len(must(w.Awaiting(w.ctx, w.ws, start.Add(time.Second+time.Microsecond), 0))(t)), 1)
}

func orphans(t *testing.T, w *world) {
	count := func(want int, what string) {
		t.Helper()
		equal(t, what, must(w.Orphans(w.ctx, w.ws, w.clock.time()))(t), want)
	}
	w.conversation(w.ws, "talk")
	w.clock.advance(time.Minute)
	count(0, "nothing said")
	w.says("talk", customerSays("q", "?"))
	count(0, "only just said")
	w.clock.advance(time.Minute)
	count(1, "the bot has it and is silent")

	w.move("talk", toQueue())
	count(1, "in the queue without a promise")
	promised := toQueue()
	promised.Promised = w.clock.time().Add(time.Hour)
	w.move("talk", promised)
	count(0, "in the queue with a promise")
	w.clock.advance(2 * time.Hour)
	count(1, "the promise is over")
	w.move("talk", toAgent(alice))
	count(0, "with an agent")
	w.move("talk", promised)
	w.move("talk", toBot())
	count(1, "given back to the bot without a word")
	w.move("talk", toClosed())
	count(0, "closed")
	w.move("talk", toBot())
	count(1, "open again")
	w.says("talk", botSays("a", "!"))
	count(0, "the last word is the bot's")
	w.says("talk", customerSays("q2", "?"))
	w.clock.advance(time.Minute)
	w.says("talk", rating("r", 2))
	w.reopen()
	count(1, "a rating is no word")
}

func waits(t *testing.T, w *world) {
	equal(t, "none yet", len(must(w.Waits(w.ctx, w.ws, 10))(t)), 0)
	w.queueOf(3)
	w.clock.advance(10 * time.Second)
	w.move("waiting 0", toAgent(alice)) // after 12 s
	w.clock.advance(10 * time.Second)
	w.move("waiting 2", toAgent(amir)) // after 20 s
	w.move("waiting 1", toBot())       // not claimed
	w.clock.advance(time.Second)
	w.move("waiting 0", toQueue())
	w.clock.advance(5 * time.Second)
	w.move("waiting 0", toAgent(alice)) // again, after 5 s
	w.move("waiting 0", toAgent(amir))  // passed on, never waited
	w.reopen()
	want := []time.Duration{5 * time.Second, 20 * time.Second, 12 * time.Second}
	equal(t, "waits", must(w.Waits(w.ctx, w.ws, 0))(t), want)
	equal(t, "the last two", must(w.Waits(w.ctx, w.ws, 2))(t), want[:2])
}
