package gateway

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func ptr[T any](v T) *T { return &v }

func TestWhoMayChangeWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, admin := w.hire("olga", chat.RoleOwner), w.hire("ada", chat.RoleAdmin)
	agent := w.hire("anna", chat.RoleAgent)
	change := func(by *staff, whom *staff, r protocol.UserChangeRequest) chat.Code {
		t.Helper()
		a := by.do(http.MethodPut, "/users/"+whom.user.ID.String(), r, nil)
		if a.StatusCode == http.StatusOK {
			return ""
		}
		return a.problem(t)
	}
	for _, c := range []struct {
		name     string
		by, whom *staff
		r        protocol.UserChangeRequest
		want     chat.Code
	}{
		{"an admin renames an agent", admin, agent, protocol.UserChangeRequest{Name: "Anna B."}, ""},
		{"and makes her an editor", admin, agent, protocol.UserChangeRequest{Role: ptr(chat.RoleEditor)}, ""},
		{"but no owner", admin, agent, protocol.UserChangeRequest{Role: ptr(chat.RoleOwner)}, chat.CodeForbidden},
		{"nor does an admin touch an owner", admin, owner, protocol.UserChangeRequest{Name: "X"}, chat.CodeForbidden},
		{"nor herself out", admin, admin, protocol.UserChangeRequest{Disabled: ptr(true)}, chat.CodeConflict},
		{"the last owner stays", owner, owner, protocol.UserChangeRequest{Role: ptr(chat.RoleAdmin)}, chat.CodeConflict},
		{"an owner makes another", owner, admin, protocol.UserChangeRequest{Role: ptr(chat.RoleOwner)}, ""},
		{"who may take the role", admin, owner, protocol.UserChangeRequest{Role: ptr(chat.RoleViewer)}, ""},
		{"and it is gone at once", owner, agent, protocol.UserChangeRequest{Name: "Y"}, chat.CodeForbidden},
		{"no such role", admin, agent, protocol.UserChangeRequest{Role: ptr(chat.Role("king"))}, chat.CodeInvalid},
		{"no name", admin, agent, protocol.UserChangeRequest{Name: " \t"}, chat.CodeInvalid},
	} {
		if got := change(c.by, c.whom, c.r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	page, err := w.store.Audit(w.ctx, w.ws.ID, chat.AuditQuery{Action: "changeUser"})
	w.check(err)
	if len(page.Entries) != 4 || page.Entries[0].Detail["role"] != "owner → viewer" || page.Entries[0].Object.ID != owner.user.ID.String() || page.Entries[0].Actor.Name != "ada" {
		t.Errorf("audit %+v", page.Entries)
	}
}

func TestDisabledIsOutAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, anna := w.hire("ada", chat.RoleAdmin), w.hire("anna", chat.RoleAgent)
	console := anna.console()
	anna.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceOnline}, nil)
	p := w.join("")
	conv := newID()
	p.say(conv, "Help!")
	p.send("request_person", "p", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
	p.answer("p")
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	anna.ok(http.MethodPost, "/conversations/"+conv.String()+"/claim", protocol.MoveRequest{Epoch: c.Epoch}, nil)
	anna.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "One moment."}, nil)

	path := "/users/" + anna.user.ID.String()
	admin.ok(http.MethodPut, path, protocol.UserChangeRequest{Disabled: ptr(true)}, nil)
	if code := console.ended(); code != protocol.CloseAuthRefused {
		t.Errorf("her socket: %d", code)
	}
	if a := anna.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("her session: %s", a.Status)
	}
	if a := w.stranger().do(http.MethodPost, "/login", protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("her password: %s", a.Status)
	}
	if a := admin.do(http.MethodPost, path+"/link", nil, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("a link for her: %s", a.Status)
	}
	if c, err = w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Owner != chat.OwnerQueue || c.Waiting.IsZero() {
		t.Errorf("her conversation: %+v, %v", c, err)
	}
	admin.ok(http.MethodPut, path, protocol.UserChangeRequest{Disabled: ptr(false)}, nil)
	w.clock.advance(time.Minute)
	w.stranger().ok(http.MethodPost, "/login", protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}, nil)
	if a := anna.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("her old session is back: %s", a.Status)
	}
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.hire("ada", chat.RoleAdmin)
	var made protocol.UserLink
	admin.ok(http.MethodPost, "/users/invite", protocol.InviteRequest{Name: "Ben", Email: "Ben@Example.com", Role: chat.RoleAgent}, &made)
	token, found := strings.CutPrefix(made.Link, w.srv.URL+LinkPath)
	if made.Sent || !found || made.User.Password || made.User.Email != "ben@example.com" || !made.Ends.After(w.clock.Now().Add(6*24*time.Hour)) {
		t.Fatalf("made %+v", made)
	}
	if a := w.stranger().do(http.MethodPost, "/login", protocol.LoginRequest{Email: "ben@example.com"}, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("without a password: %s", a.Status)
	}
	ben := w.stranger()
	var who protocol.LinkFound
	ben.ok(http.MethodPost, "/links/look", protocol.LinkLook{Token: token}, &who)
	if who.Name != "Ben" || !who.New || who.Workspace != "Site" {
		t.Errorf("link of %+v", who)
	}
	if a := ben.do(http.MethodPost, "/links/use", protocol.LinkUse{Token: token + "x", Password: "correct horse"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("another token: %s", a.Status)
	}
	ben.ok(http.MethodPost, "/links/use", protocol.LinkUse{Token: token, Password: "correct horse"}, nil)
	ben.ok(http.MethodGet, "/me", nil, nil)
	if a := w.stranger().do(http.MethodPost, "/links/use", protocol.LinkUse{Token: token, Password: "another horse"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("used twice: %s", a.Status)
	}

	// A new password: the old sessions end, and the newest link counts alone.
	w.letters.mu.Lock()
	w.letters.sends = true
	w.letters.mu.Unlock()
	path := "/users/" + made.User.ID.String() + "/link"
	var reset protocol.UserLink
	admin.ok(http.MethodPost, path, nil, &reset)
	admin.ok(http.MethodPost, path, nil, &reset)
	if !reset.Sent || reset.Link != "" {
		t.Errorf("sent, and shown: %+v", reset)
	}
	w.letters.mu.Lock()
	sent := slices.Clone(w.letters.invited)
	w.letters.mu.Unlock()
	if len(sent) != 2 || !strings.HasPrefix(sent[1], "ben@example.com "+w.srv.URL+LinkPath) {
		t.Fatalf("sent %q", sent)
	}
	use := func(letter string) answer {
		_, token, _ := strings.Cut(letter, "#token=")
		return w.stranger().do(http.MethodPost, "/links/use", protocol.LinkUse{Token: token, Password: "a newer horse"}, nil)
	}
	if a := use(sent[0]); a.problem(t) != chat.CodeNotFound {
		t.Errorf("a link that was replaced: %s", a.Status)
	}
	if a := use(sent[1]); a.StatusCode != http.StatusOK {
		t.Errorf("the newest link: %s %s", a.Status, a.body)
	}
	if a := ben.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("the session before: %s", a.Status)
	}
	admin.ok(http.MethodPost, path, nil, &reset)
	w.clock.advance(resetLife)
	w.letters.mu.Lock()
	last := w.letters.invited[2]
	w.letters.mu.Unlock()
	if a := use(last); a.problem(t) != chat.CodeNotFound {
		t.Errorf("an expired link: %s", a.Status)
	}
	for _, line := range w.trail() {
		if strings.Contains(line, token) {
			t.Errorf("the audit log holds the token: %s", line)
		}
	}
}

func TestOwnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleViewer)
	again := func() *staff {
		w.clock.advance(time.Minute)
		s := w.stranger()
		s.user = anna.user
		s.ok(http.MethodPost, "/login", protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}, nil)
		return s
	}
	phone, tablet := again(), again()
	socket := phone.console()
	var account protocol.Account
	anna.ok(http.MethodGet, "/account", nil, &account)
	if len(account.Sessions) != 3 || !account.User.Password || account.Sessions[0].Way != chat.SignInPassword || account.Sessions[0].Device == "" || account.Sessions[0].Address != "127.0.0.1" {
		t.Fatalf("account %+v", account)
	}
	var hers protocol.Account
	phone.ok(http.MethodGet, "/account", nil, &hers)
	if hers.Session == account.Session {
		t.Error("two sessions have one id")
	}
	anna.ok(http.MethodDelete, "/account/sessions/"+hers.Session.String(), nil, nil)
	if a := phone.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("an ended session: %s", a.Status)
	}
	if code := socket.ended(); code != protocol.CloseAuthRefused {
		t.Errorf("its socket: %d", code)
	}
	if a := anna.do(http.MethodDelete, "/account/sessions/"+hers.Session.String(), nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("ended twice: %s", a.Status)
	}
	ben := w.hire("ben", chat.RoleOwner)
	if a := ben.do(http.MethodDelete, "/account/sessions/"+account.Session.String(), nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("another's session: %s", a.Status)
	}

	if a := anna.do(http.MethodPut, "/account/password", protocol.PasswordRequest{Current: "wrong", Password: "a newer horse"}, nil); a.problem(t) != chat.CodeForbidden {
		t.Errorf("a wrong password: %s", a.Status)
	}
	var ended protocol.SessionsEnded
	anna.ok(http.MethodPut, "/account/password", protocol.PasswordRequest{Current: "correct horse", Password: "a newer horse"}, &ended)
	if ended.Ended != 1 {
		t.Errorf("%d other sessions ended", ended.Ended)
	}
	if a := tablet.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("the tablet: %s", a.Status)
	}
	anna.ok(http.MethodPut, "/account", protocol.AccountRequest{Name: " Anna B. "}, nil)
	var me protocol.Me
	anna.ok(http.MethodGet, "/me", nil, &me)
	if me.User.Name != "Anna B." {
		t.Errorf("me %+v", me.User)
	}
}

// Sessions end when they are not used for two days, and after two weeks whatever happens.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used, left := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	begun := w.clock.Now()
	for w.clock.Now().Sub(begun) < sessionLife-sessionIdle {
		w.clock.advance(sessionIdle - time.Hour)
		used.ok(http.MethodGet, "/me", nil, nil)
	}
	if a := left.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("idle for two days: %s", a.Status)
	}
	w.clock.advance(begun.Add(sessionLife - time.Minute).Sub(w.clock.Now()))
	used.ok(http.MethodGet, "/me", nil, nil)
	w.clock.advance(2 * time.Minute)
	if a := used.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("after two weeks of use: %s", a.Status)
	}
}

// Sign-ins are throttled by account, wherever they come from, and by address, whomever they try.
func TestSignInThrottling(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.TrustedProxies = []string{"127.0.0.1"} })
	w.hire("anna", chat.RoleAgent)
	w.clock.advance(time.Hour)
	try := func(addr, email, pass string) answer {
		body, _ := json.Marshal(protocol.LoginRequest{Email: email, Password: pass})
		req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1/login", strings.NewReader(string(body)))
		w.check(err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", addr)
		return w.stranger().request(req, nil)
	}
	spread := func(i int) string { return "192.0.2." + string(rune('0'+i)) }
	for i := range perAccountLogins.burst {
		if a := try(spread(i), "anna@example.com", "wrong"); a.problem(t) != chat.CodeUnauthorized {
			t.Fatalf("try %d: %s", i, a.Status)
		}
	}
	a := try("198.51.100.1", "Anna@example.com", "correct horse")
	if a.problem(t) != chat.CodeRateLimited || a.Header.Get("Retry-After") == "" {
		t.Errorf("the account, from elsewhere: %s", a.Status)
	}
	for i := range perAddressLogins.burst - 1 { // one was taken above
		if a := try("198.51.100.1", "nobody"+string(rune('a'+i))+"@example.com", "x"); a.problem(t) != chat.CodeUnauthorized {
			t.Fatalf("address %d: %s", i, a.Status)
		}
	}
	if a := try("198.51.100.1", "other@example.com", "x"); a.problem(t) != chat.CodeRateLimited {
		t.Errorf("the address, another account: %s", a.Status)
	}
	w.clock.advance(time.Minute)
	if a := try("198.51.100.1", "anna@example.com", "correct horse"); a.StatusCode != http.StatusOK {
		t.Errorf("a minute later: %s", a.Status)
	}
}

// TestEveryChangeIsAudited: the one mechanism covers all operations; those that
// change nothing are named, and have a summary that says so.
func TestEveryChangeIsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	var actions protocol.AuditActions
	owner.ok(http.MethodGet, "/audit/actions", nil, &actions)
	known := map[string]bool{}
	for _, a := range actions.Data {
		known[a.Action] = true
		if a.Summary == "" {
			t.Errorf("%s says nothing of itself", a.Action)
		}
	}
	there := map[string]bool{}
	for name, op := range operations(w.g) {
		there[op.OperationID] = true
		if method, _, _ := strings.Cut(name, " "); method != http.MethodGet && !asks[op.OperationID] && op.OperationID != "login" && !known[op.OperationID] {
			t.Errorf("%s is not an action of the audit log", name)
		}
	}
	for id := range asks {
		if !there[id] {
			t.Errorf("%s is no operation any more", id)
		}
	}
	// And what is written comes from there: some of each kind.
	owner.ok(http.MethodPost, "/articles", protocol.ArticleRequest{Title: "T", Body: "B", Visibility: "public", Status: "published"}, nil)
	in := protocol.InboxRequest{Name: "Shop"}
	in.Settings.Sites, in.Settings.Starters, in.Settings.Locales = []string{}, []string{}, []string{}
	owner.ok(http.MethodPut, "/inboxes/"+w.inbox.ID.String(), in, nil)
	owner.ok(http.MethodPost, "/preview", protocol.PreviewRequest{}, nil)
	owner.do(http.MethodPost, "/users", map[string]string{}, nil) // refused: nothing to note
	if diff := cmp.Diff([]string{"olga signIn user way=password", "olga createArticle article", "olga putInbox inbox name=Site → Shop"}, w.trail()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAuditList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	w.hire("anna", chat.RoleAgent)
	owner.ok(http.MethodPut, "/account", protocol.AccountRequest{Name: "=cmd()"}, nil)
	owner.ok(http.MethodPut, "/account", protocol.AccountRequest{Name: "Olga"}, nil)
	var all, page protocol.AuditList
	owner.ok(http.MethodGet, "/audit", nil, &all)
	owner.ok(http.MethodGet, "/audit?limit=3", nil, &page)
	if len(all.Data) != 4 || len(page.Data) != 3 || page.NextCursor == "" {
		t.Fatalf("%d, then %+v", len(all.Data), page)
	}
	owner.ok(http.MethodGet, "/audit?limit=3&cursor="+page.NextCursor, nil, &page)
	if len(page.Data) != 1 || page.NextCursor != "" {
		t.Errorf("the rest %+v", page)
	}
	owner.ok(http.MethodGet, "/audit?action=signIn&actor="+owner.user.ID.String(), nil, &page)
	if len(page.Data) != 1 {
		t.Errorf("filtered %+v", page)
	}
	lines := owner.do(http.MethodGet, "/audit/export", nil, nil)
	if n := strings.Count(string(lines.body), "\n"); n != 4 || lines.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("%d lines of %s", n, lines.Header.Get("Content-Type"))
	}
	table := owner.do(http.MethodGet, "/audit/export?format=csv", nil, nil)
	rows, err := csv.NewReader(strings.NewReader(string(table.body))).ReadAll()
	w.check(err)
	if len(rows) != 5 || rows[0][0] != "at" || rows[1][3] != "'=cmd()" {
		t.Errorf("rows %q", rows)
	}
	owner.ok(http.MethodGet, "/audit/export?format=csv&actor="+newID().String(), nil, nil)
}

func TestStaffSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, admin := w.hire("olga", chat.RoleOwner), w.hire("ada", chat.RoleAdmin)
	var v protocol.StaffSettingsView
	admin.ok(http.MethodGet, "/staff/settings", nil, &v)
	if v.Settings.AuditDays != 400 || v.Settings.Passwords != chat.PasswordsEverybody || v.Provider.Label != "" {
		t.Errorf("by default %+v", v)
	}
	owner.ok(http.MethodPut, "/staff/settings", protocol.StaffSettings{Passwords: chat.PasswordsEverybody, AuditDays: 90}, &v)
	owner.ok(http.MethodPut, "/staff/settings", protocol.StaffSettings{Passwords: chat.PasswordsEverybody, AuditDays: 91}, &v)
	if v.Settings.AuditDays != 91 {
		t.Errorf("set %+v", v)
	}
	if a := owner.do(http.MethodPut, "/staff/settings", protocol.StaffSettings{Passwords: chat.PasswordsOwners, AuditDays: 90}, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("without a provider: %s", a.Status)
	}
	if a := owner.do(http.MethodPut, "/staff/settings", protocol.StaffSettings{Passwords: chat.PasswordsEverybody, AuditDays: 3}, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("three days: %s", a.Status)
	}
}
