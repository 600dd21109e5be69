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

var settingCases = []testCase{
	{"a setting has revisions", settingRevisions},
	{"one of many changes a setting", func(t *testing.T, w *world) {
		var won atomic.Int64
		check(t, together(8, func(i int) error {
			_, err := w.PutSetting(w.ctx, w.ws, setting(uuid.Nil, 0, fmt.Sprint(i)))
			switch chat.CodeOf(err) {
			case "":
				won.Add(1)
			case chat.CodeStale:
			default:
				return err
			}
			return nil
		}))
		equal(t, "stored", []int64{won.Load(), must(w.Setting(w.ctx, w.ws, uuid.Nil, "budget"))(t).Revision}, []int64{1, 1})
	}},
	{"an inbox does not inherit a setting", func(t *testing.T, w *world) {
		must(w.PutSetting(w.ctx, w.ws, setting(uuid.Nil, 0, `"all"`)))(t)
		_, err := w.Setting(w.ctx, w.ws, w.inbox.ID, "budget")
		wantCode(t, err, chat.CodeNotFound)
		own := must(w.PutSetting(w.ctx, w.ws, setting(w.inbox.ID, 0, `"own"`)))(t)
		equal(t, "own", []any{own.Inbox, own.Revision}, []any{w.inbox.ID, int64(1)})
		equal(t, "of all", string(must(w.Setting(w.ctx, w.ws, uuid.Nil, "budget"))(t).Value), `"all"`)
		equal(t, "of another name", len(must(w.SettingHistory(w.ctx, w.ws, w.inbox.ID, "style", 0))(t)), 0)
	}},
	{"settings, malformed or nowhere", func(t *testing.T, w *world) {
		change := func(f func(*chat.Setting)) chat.Setting {
			s := setting(uuid.Nil, 0, `1`)
			f(&s)
			return s
		}
		for name, s := range map[string]chat.Setting{
			"no name":          change(func(s *chat.Setting) { s.Name = "" }),
			"name not in UTF8": change(func(s *chat.Setting) { s.Name = "\xff" }),
			"name with U+0000": change(func(s *chat.Setting) { s.Name = "a\x00" }),
			"no value":         change(func(s *chat.Setting) { s.Value = nil }),
			"value is no JSON": change(func(s *chat.Setting) { s.Value = json.RawMessage(`{"a":`) }),
			"value not UTF8":   change(func(s *chat.Setting) { s.Value = json.RawMessage("\"\xff\"") }),
			"revision below 0": change(func(s *chat.Setting) { s.Revision = -1 }),
		} {
			if _, err := w.PutSetting(w.ctx, w.ws, s); chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: got %v, want CodeInvalid", name, err)
			}
		}
		_, err := w.SettingHistory(w.ctx, w.ws, uuid.Nil, "budget", -1)
		wantCode(t, err, chat.CodeInvalid)
		for _, revision := range []int64{0, 3} {
			_, err = w.PutSetting(w.ctx, id("no workspace"), setting(uuid.Nil, revision, `1`))
			wantCode(t, err, chat.CodeNotFound)
			_, err = w.PutSetting(w.ctx, w.ws, setting(id("no inbox"), revision, `1`))
			wantCode(t, err, chat.CodeNotFound)
		}
		_, err = w.Setting(w.ctx, id("no workspace"), uuid.Nil, "budget")
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "history", len(must(w.SettingHistory(w.ctx, w.ws, uuid.Nil, "budget", 0))(t)), 0)
	}},
}

// setting is a budget that follows a revision.
func setting(inbox uuid.UUID, revision int64, value string) chat.Setting {
	return chat.Setting{Inbox: inbox, Name: "budget", Revision: revision, Value: json.RawMessage(value), By: alice}
}

func settingRevisions(t *testing.T, w *world) {
	_, err := w.Setting(w.ctx, w.ws, uuid.Nil, "budget")
	wantCode(t, err, chat.CodeNotFound)
	var want []chat.Setting
	// Spaces, the order of keys and what other encoders would escape are kept.
	for i, value := range []string{`{"b": 1,  "a": "<&>"}`, `null`, `"\u0000 ü"`} {
		w.clock.advance(time.Second)
		given := setting(uuid.Nil, int64(i), value)
		stored := must(w.PutSetting(w.ctx, w.ws, given))(t)
		given.Revision, given.At = int64(i+1), w.clock.time()
		equal(t, "stored", stored, given)
		want = append([]chat.Setting{given}, want...)
	}
	for _, stale := range []int64{0, 1, 2, 4} {
		_, err := w.PutSetting(w.ctx, w.ws, setting(uuid.Nil, stale, `1`))
		wantCode(t, err, chat.CodeStale)
	}
	w.reopen()
	equal(t, "newest", must(w.Setting(w.ctx, w.ws, uuid.Nil, "budget"))(t), want[0])
	equal(t, "history", must(w.SettingHistory(w.ctx, w.ws, uuid.Nil, "budget", 0))(t), want)
	equal(t, "two", must(w.SettingHistory(w.ctx, w.ws, uuid.Nil, "budget", 2))(t), want[:2])
}
