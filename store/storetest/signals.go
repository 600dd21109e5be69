package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var signalCases = []testCase{
	{"each change is told", eachChangeIsTold},
	{"what changed nothing is not told", nothingIsTold},
	{"told after the commit, never before", toldAfterCommit},
}

// signalOf waits for a signal about the world's workspace that do causes.
func (w *world) signalOf(what string, want chat.Signal, do func()) {
	w.t.Helper()
	before := len(w.signals.of(w.ws))
	do()
	want.Workspace = w.ws
	eventually(w.t, fmt.Sprintf("%s: signal %+v", what, want), func() bool {
		return slices.ContainsFunc(w.signals.of(w.ws)[before:], func(s chat.Signal) bool {
			return s.Kind == want.Kind && s.Workspace == want.Workspace && s.Conversation == want.Conversation && s.Seq == want.Seq
		})
	})
}

func eachChangeIsTold(t *testing.T, w *world) {
	entry := func(seq int64) chat.Signal {
		return chat.Signal{Kind: chat.SignalEntry, Conversation: id("talk"), Seq: seq}
	}
	articles := func(seq int64) chat.Signal { return chat.Signal{Kind: chat.SignalKnowledge, Seq: seq} }
	w.signalOf("opened", entry(0), func() { w.conversation(w.ws, "talk") })
	w.signalOf("message", entry(1), func() { w.says("talk", customerSays("q", "?")) })
	w.signalOf("note", entry(1), func() { w.says("talk", note("n", "x")) })
	w.signalOf("answer", entry(2), func() { w.answer("talk", chat.Fence{Epoch: 1, CustomerSeq: 1}) })
	w.signalOf("move", entry(4), func() {
		move := toQueue()
		move.Entries = []chat.Draft{notice("")}
		move.Entries[0].ClientID = uuid.New()
		w.move("talk", move)
	})
	var article knowledge.Article
	w.signalOf("put", articles(1), func() { article = w.put(put("one", "A", "a")).Article })
	w.signalOf("vectors", articles(1), func() {
		check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 1)}))
	})
	w.signalOf("archived", articles(2), func() { must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{article.ID}))(t) })
	w.publish("two", "B", "b")
	w.signalOf("missing", articles(4), func() { must(w.ArchiveMissing(w.ctx, w.ws, "test", nil))(t) })
	w.signalOf("presence", chat.Signal{Kind: chat.SignalPresence}, func() {
		check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	})
	w.clock.advance(chat.PresenceTTL + time.Second)
	w.signalOf("presence after it ran out", chat.Signal{Kind: chat.SignalPresence}, func() {
		check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	})
}

func nothingIsTold(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "?"))
	w.publish("one", "A", "a")
	check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 1)}))
	// The last of these signals is the last there is.
	w.signalOf("presence", chat.Signal{Kind: chat.SignalPresence}, func() {
		check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	})
	before := w.signals.of(w.ws)

	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "?"))
	stranger := customerSays("x", "?")
	stranger.From.ID = bob
	_, err := w.Append(w.ctx, w.ws, id("talk"), stranger)
	wantCode(t, err, chat.CodeForbidden)
	_, err = w.AppendIf(w.ctx, w.ws, id("talk"), botSays("a", "!"), chat.Fence{Epoch: 9, CustomerSeq: 1})
	wantCode(t, err, chat.CodeStale)
	_, _, err = w.Transition(w.ctx, w.ws, id("talk"), chat.Transition{Epoch: 9, To: chat.OwnerQueue, Status: chat.StatusOpen})
	wantCode(t, err, chat.CodeStale)
	w.publish("one", "A", "a")
	check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 2)}))
	must(w.ArchiveMissing(w.ctx, w.ws, "test", []string{"one"}))(t)
	w.clock.advance(time.Second)
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	must(w.Entries(w.ctx, w.ws, id("talk"), chat.LogPublic, 0, 0))(t)

	// Closing waits for whatever tells.
	w.reopen()
	equal(t, "signals", w.signals.of(w.ws), before)
}

// toldAfterCommit reads the store from inside Notify: what a signal speaks
// of must be there.
func toldAfterCommit(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	var (
		mu    sync.Mutex
		early []string
		told  int
		over  bool // Close has begun: what is told now may find the store closed
		s     = w.Store
	)
	w.signals.setHook(func(sig chat.Signal) {
		if sig.Workspace != w.ws {
			return
		}
		var seen int64
		var err error
		switch sig.Kind {
		case chat.SignalEntry:
			var c chat.Conversation
			c, err = s.Conversation(w.ctx, w.ws, sig.Conversation)
			seen = c.LastSeq
		case chat.SignalKnowledge:
			seen, err = s.KnowledgeVersion(w.ctx, w.ws)
		}
		mu.Lock()
		defer mu.Unlock()
		if told++; over && chat.CodeOf(err) == chat.CodeUnavailable {
			return
		}
		if err != nil || seen < sig.Seq {
			early = append(early, fmt.Sprintf("%+v, but the store has %d (%v)", sig, seen, err))
		}
	})
	check(t, together(16, func(i int) error {
		for n := range 3 {
			if _, err := w.Append(w.ctx, w.ws, id("talk"), customerSays(fmt.Sprint(i, " ", n), "x")); err != nil {
				return err
			}
		}
		return nil
	}))
	w.publish("one", "A", "a")
	w.move("talk", toQueue())
	mu.Lock()
	over = true
	mu.Unlock()
	check(t, w.Close())
	w.signals.setHook(nil)
	w.open()
	if len(early) > 0 || told == 0 {
		t.Errorf("of %d signals, told too early: %q", told, early)
	}
}
