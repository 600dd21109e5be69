package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// waitCases are about who waits, for whom and how long.
var waitCases = []testCase{
	{"awaiting the bot", awaiting},
	{"orphans", orphans},
	{"a promise made anew", renewed},
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
	{"what was told", told},
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
	count(1, "with an agent who never came")
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceAway))
	count(0, "with an agent")
	w.clock.advance(chat.PresenceTTL + time.Second)
	count(1, "with an agent who is gone")
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOffline))
	count(1, "with an agent who left")
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	count(0, "with an agent again")
	promised.Promised = w.clock.time().Add(time.Hour)
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

// renewed: a new promise without a move makes no entry of an owner, and leaves the epoch.
func renewed(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	m := toQueue()
	m.Promised = w.clock.time().Add(time.Minute)
	w.move("talk", m)
	w.move("talk", toAgent(alice))
	w.clock.advance(time.Hour)
	before := w.state("talk")
	m = toAgent(alice)
	m.Epoch, m.Promised, m.Entries = before.Epoch, w.clock.time().Add(time.Hour), []chat.Draft{notice("sorry")}
	after, entries, err := w.Transition(w.ctx, w.ws, before.ID, m)
	check(t, err)
	equal(t, "entries", len(entries), 1)
	equal(t, "epoch", after.Epoch, before.Epoch)
	equal(t, "promised", after.Promised, m.Promised)
	_, _, err = w.Transition(w.ctx, w.ws, before.ID, m)
	wantCode(t, err, chat.CodeConflict)
}

func waits(t *testing.T, w *world) {
	equal(t, "none yet", len(must(w.Waits(w.ctx, w.ws, 10))(t)), 0)
	w.queueOf(3)
	w.clock.advance(10 * time.Second)
	first := w.clock.time()
	w.move("waiting 0", toAgent(alice)) // after 12 s
	w.clock.advance(10 * time.Second)
	w.move("waiting 2", toAgent(amir)) // after 20 s
	w.move("waiting 1", toBot())       // not claimed
	w.clock.advance(time.Second)
	told := chat.Told{Place: 4, MinWait: 2, MaxWait: 9}
	w.move("waiting 0", telling(toQueue(), told))
	equal(t, "told", must(w.Told(w.ctx, w.ws, id("waiting 0")))(t), told)
	w.clock.advance(5 * time.Second)
	w.move("waiting 0", toAgent(alice)) // again, after 5 s
	w.move("waiting 0", toAgent(amir))  // passed on, never waited
	w.reopen()
	want := []chat.Wait{
		{Conversation: id("waiting 0"), At: first.Add(16 * time.Second), Waited: 5 * time.Second, Told: told},
		{Conversation: id("waiting 2"), At: first.Add(10 * time.Second), Waited: 20 * time.Second},
		{Conversation: id("waiting 0"), At: first, Waited: 12 * time.Second},
	}
	got := must(w.Waits(w.ctx, w.ws, 0))(t)
	equal(t, "waits", got, want)
	equal(t, "the last two", must(w.Waits(w.ctx, w.ws, 2))(t), want[:2])
	equal(t, "began", got[0].Began(), first.Add(11*time.Second))
}

// told: what the notice of the move to the queue says, until the next wait.
func told(t *testing.T, w *world) {
	one := chat.Told{Place: 1, MinWait: 1, MaxWait: 3}
	says := func(what string, want chat.Told) {
		t.Helper()
		equal(t, what, must(w.Told(w.ctx, w.ws, id("talk")))(t), want)
	}
	w.conversation(w.ws, "talk")
	says("nothing", chat.Told{})
	w.move("talk", telling(toQueue(), one))
	says("place and range", one)
	w.move("talk", telling(toQueue(), chat.Told{Place: 9})) // waits on: no move
	says("as it was told first", one)
	w.move("talk", toAgent(alice))
	w.reopen()
	says("still", one)
	offline := toQueue()
	nobody := notice("nobody is there")
	nobody.Body.Notice = &chat.Notice{Kind: chat.NoticeOffline}
	offline.Entries = []chat.Draft{nobody}
	w.move("talk", offline)
	says("nothing of this wait", chat.Told{})
	_, err := w.Told(w.ctx, w.ws, id("nobody's"))
	wantCode(t, err, chat.CodeNotFound)
}

// telling adds the notice that tells of the wait.
func telling(m chat.Transition, t chat.Told) chat.Transition {
	d := notice("told")
	d.ClientID = uuid.New()
	d.Body.Notice = &chat.Notice{Kind: chat.NoticeQueued, Place: t.Place, MinWait: t.MinWait, MaxWait: t.MaxWait}
	m.Entries = []chat.Draft{d}
	return m
}
