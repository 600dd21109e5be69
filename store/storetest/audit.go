package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// did is an entry of the audit log.
func did(actor uuid.UUID, action, object string) chat.AuditEntry {
	return chat.AuditEntry{Actor: chat.AuditActor{Kind: chat.AuditUser, ID: actor, Name: "Alice"}, Action: action,
		Object: chat.AuditObject{Kind: "article", ID: object}, Detail: map[string]string{"title": "A → B"}, Address: "192.0.2.7"}
}

var auditCases = []testCase{
	{"entries", func(t *testing.T, w *world) {
		given := did(alice, "putArticle", "one")
		given.ID = id("entry")
		want := given
		want.At = w.clock.time()
		equal(t, "added", must(w.AddAudit(w.ctx, w.ws, given))(t), want)
		w.clock.advance(time.Second)
		second := must(w.AddAudit(w.ctx, w.ws, chat.AuditEntry{Actor: chat.AuditActor{Kind: chat.AuditOperator, Name: "Operator"}, Action: "x", Detail: map[string]string{}}))(t)
		_, err := w.AddAudit(w.ctx, w.ws, given)
		wantCode(t, err, chat.CodeConflict)
		_, err = w.AddAudit(w.ctx, id("no workspace"), did(alice, "x", ""))
		wantCode(t, err, chat.CodeNotFound)
		w.reopen()
		equal(t, "stored", must(w.Audit(w.ctx, w.ws, chat.AuditQuery{}))(t), chat.AuditPage{Entries: []chat.AuditEntry{second, want}})
	}},
	{"pages and filters", func(t *testing.T, w *world) {
		for i := range 7 {
			w.clock.advance(time.Second)
			must(w.AddAudit(w.ctx, w.ws, did([]uuid.UUID{alice, amir}[i%2], []string{"a", "b", "c"}[i%3], fmt.Sprint(i))))(t)
		}
		now := w.clock.time()
		read := func(q chat.AuditQuery) (objects string) {
			t.Helper()
			for {
				page := must(w.Audit(w.ctx, w.ws, q))(t)
				for _, e := range page.Entries {
					objects += e.Object.ID
				}
				if page.Next == "" {
					return objects
				}
				q.Cursor = page.Next
				objects += "|"
			}
		}
		for _, c := range []struct {
			q    chat.AuditQuery
			want string
		}{
			{chat.AuditQuery{}, "6543210"},
			{chat.AuditQuery{Limit: 3}, "654|321|0"},
			{chat.AuditQuery{Limit: 7}, "6543210"},
			{chat.AuditQuery{Actor: amir}, "531"},
			{chat.AuditQuery{Action: "a"}, "630"},
			{chat.AuditQuery{Action: "a", Actor: alice, Limit: 1}, "6|0"},
			{chat.AuditQuery{Object: "4"}, "4"},
			{chat.AuditQuery{From: now.Add(-2 * time.Second), To: now}, "54"},
			{chat.AuditQuery{Action: "none"}, ""},
		} {
			equal(t, fmt.Sprintf("%+v", c.q), read(c.q), c.want)
		}
		equal(t, "beside", len(must(w.Audit(w.ctx, w.beside, chat.AuditQuery{}))(t).Entries), 1)
		for _, bad := range []chat.AuditQuery{{Limit: -1}, {Limit: 201}, {Cursor: "x"}} {
			_, err := w.Audit(w.ctx, w.ws, bad)
			wantCode(t, err, chat.CodeInvalid)
		}
		equal(t, "pruned", must(w.PruneAudit(w.ctx, w.ws, now.Add(-2*time.Second)))(t), 4)
		equal(t, "left", read(chat.AuditQuery{}), "654")
	}},
}
