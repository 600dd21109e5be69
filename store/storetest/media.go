package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var mediaCases = []testCase{
	{"a photo", func(t *testing.T, w *world) {
		equal(t, "none", must(w.User(w.ctx, w.ws, alice))(t).Photo, uuid.Nil)
		first := must(w.PutPhoto(w.ctx, w.ws, alice, []byte("one")))(t)
		second := must(w.PutPhoto(w.ctx, w.ws, alice, []byte("two")))(t)
		must(w.PutPhoto(w.ctx, w.ws, amir, []byte("of amir")))(t)
		w.reopen()
		equal(t, "hers", must(w.User(w.ctx, w.ws, alice))(t).Photo, second.Photo)
		equal(t, "data", string(must(w.Photo(w.ctx, w.ws, second.Photo))(t)), "two")
		_, err := w.Photo(w.ctx, w.ws, first.Photo)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Photo(w.ctx, w.beside, second.Photo)
		wantCode(t, err, chat.CodeNotFound)
		// Whatever else changes of her, the photo stays.
		_, changed, err := w.ChangeUser(w.ctx, w.ws, alice, chat.UserChange{Name: ptr("Alice B.")})
		check(t, err)
		equal(t, "changed", changed.Photo, second.Photo)
		equal(t, "taken away", must(w.PutPhoto(w.ctx, w.ws, alice, nil))(t).Photo, uuid.Nil)
		_, err = w.Photo(w.ctx, w.ws, second.Photo)
		wantCode(t, err, chat.CodeNotFound)
		for _, data := range [][]byte{nil, []byte("nobody's")} {
			_, err = w.PutPhoto(w.ctx, w.ws, uuid.New(), data)
			wantCode(t, err, chat.CodeNotFound)
		}
	}},
	{"proactive messages are counted", func(t *testing.T, w *world) {
		count := func(rule string, shown, opened, answered int64) {
			t.Helper()
			check(t, w.CountOpener(w.ctx, w.ws, w.inbox.ID, chat.OpenerCount{Rule: rule, Shown: shown, Opened: opened, Answered: answered}))
		}
		count("old", 1, 0, 0)
		w.clock.advance(30 * 24 * time.Hour)
		count("b", 1, 0, 0)
		count("b", 1, 1, 0)
		w.clock.advance(24 * time.Hour)
		count("b", 1, 0, 1)
		count("a", 1, 0, 0)
		w.reopen()
		equal(t, "30 days", must(w.OpenerCounts(w.ctx, w.ws, w.inbox.ID, 30))(t),
			[]chat.OpenerCount{{Rule: "a", Shown: 1}, {Rule: "b", Shown: 3, Opened: 1, Answered: 1}})
		equal(t, "a day", must(w.OpenerCounts(w.ctx, w.ws, w.inbox.ID, 1))(t), []chat.OpenerCount{{Rule: "a", Shown: 1}, {Rule: "b", Shown: 1, Answered: 1}})
		equal(t, "beside", len(must(w.OpenerCounts(w.ctx, w.beside, w.inbox.ID, 30))(t)), 0)
		wantCode(t, w.CountOpener(w.ctx, w.ws, uuid.New(), chat.OpenerCount{Rule: "a", Shown: 1}), chat.CodeNotFound)
	}},
}
