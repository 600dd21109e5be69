package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// trail gives the audit log, oldest first, as "actor action object detail".
func (w *world) trail() []string {
	w.t.Helper()
	var lines []string
	q := chat.AuditQuery{}
	for {
		page, err := w.store.Audit(w.ctx, w.ws.ID, q)
		w.check(err)
		for _, e := range page.Entries {
			name := e.Actor.Name
			if name == "" {
				name = string(e.Actor.Kind)
			}
			line := name + " " + e.Action
			if e.Object.Kind != "" {
				line += " " + e.Object.Kind
			}
			for _, key := range []string{"way", "why", "role", "name"} {
				if v := e.Detail[key]; v != "" {
					line += " " + key + "=" + v
				}
			}
			lines = append([]string{line}, lines...)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return lines
		}
	}
}

func TestAuditOfSigningIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	s := w.stranger()
	for _, try := range []protocol.LoginRequest{{Email: "anna@example.com", Password: "wrong"}, {Email: "correct horse", Password: "x"}} {
		if a := s.do(http.MethodPost, "/login", try, nil); a.problem(t) != chat.CodeUnauthorized {
			t.Errorf("%+v: %s", try, a.Status)
		}
	}
	anna.ok(http.MethodPost, "/logout", nil, nil)
	anna.ok(http.MethodPost, "/logout", nil, nil) // by nobody: nothing happens
	want := []string{
		"anna signIn user way=password",
		"nobody signInFailed user way=password why=password",
		"nobody signInFailed way=password why=unknown",
		"anna logout",
	}
	if diff := cmp.Diff(want, w.trail()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	page, err := w.store.Audit(w.ctx, w.ws.ID, chat.AuditQuery{Action: chat.AuditSignInFailed})
	w.check(err)
	for _, e := range page.Entries {
		if e.Address != "127.0.0.1" {
			t.Errorf("from %q", e.Address)
		}
		for _, v := range e.Detail {
			if strings.Contains(v, "horse") || strings.Contains(v, "wrong") {
				t.Errorf("the log holds what was typed: %v", e.Detail)
			}
		}
	}
}
