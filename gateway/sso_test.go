package gateway

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// fakeSSO says of everybody who comes back with a code what its table says.
type fakeSSO map[string]chat.Claims

func (fakeSSO) Label() string { return "Company account" }
func (fakeSSO) View(context.Context) protocol.SSOView {
	return protocol.SSOView{Label: "Company account"}
}
func (fakeSSO) Begin(_ context.Context, back string) (string, string, error) {
	return "https://id.example/auth?state=1", "kept " + back, nil
}

func (f fakeSSO) Finish(_ context.Context, keep string, came url.Values) (chat.Claims, string, error) {
	back, ok := strings.CutPrefix(keep, "kept ")
	who, known := f[came.Get("code")]
	if !ok || !known {
		return chat.Claims{}, "", &chat.SignInRefused{Fault: chat.FaultExpired}
	}
	return who, back, nil
}

// come goes through the provider with a code, and gives where one ends.
func (s *staff) come(code, back string) string {
	s.w.t.Helper()
	s.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.w.clock.advance(time.Minute)
	for _, path := range []string{ssoBeginPath + "?back=" + url.QueryEscape(back), SSOCallbackPath + "?state=1&code=" + code} {
		req, err := http.NewRequest(http.MethodGet, s.w.srv.URL+path, nil)
		s.w.check(err)
		a := s.request(req, nil)
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Cache-Control") != "no-store" && !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			s.w.t.Fatalf("%s: %s %s", path, a.Status, a.body)
		}
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, "https://id.example/") {
			return to
		}
	}
	return ""
}

func TestSignInThroughTheProvider(t *testing.T) {
	t.Parallel()
	at := func(subject string) chat.StaffIdentity {
		return chat.StaffIdentity{Issuer: "https://id.example", Subject: subject}
	}
	sso := fakeSSO{
		"anna":       {Identity: at("1"), Email: "anna@example.com", Role: chat.RoleViewer},
		"anna moved": {Identity: at("1"), Email: "other@example.com", Role: chat.RoleViewer},
		"mallory":    {Identity: at("2"), Email: "anna@example.com", Role: chat.RoleViewer},
		"new":        {Identity: at("3"), Email: "new@example.com", Name: "New", Role: chat.RoleEditor},
		"stranger":   {Identity: at("4"), Email: "stranger@example.com"},
		"promoted":   {Identity: at("3"), Email: "new@example.com", Role: chat.RoleAdmin, Mapped: true},
		"left":       {Identity: at("3"), Email: "new@example.com", Mapped: true},
		"olga":       {Identity: at("5"), Email: "olga@example.com", Role: chat.RoleViewer, Mapped: true},
	}
	w := newWorld(t, func(_ *world, o *Options) { o.SSO = sso })
	owner, anna := w.hire("olga", chat.RoleOwner), w.hire("anna", chat.RoleAgent)
	// An unused link to her account must not outlive the tie.
	var link protocol.UserLink
	owner.ok(http.MethodPost, "/users/"+anna.user.ID.String()+"/link", nil, &link)

	for _, c := range []struct{ name, code, want string }{
		{"by the verified address, the first time", "anna", "/console/team?x=1"},
		{"the address here is tied to another there", "mallory", "/console/signin?fault=tied"},
		{"by the subject, whatever the address", "anna moved", "/console/team?x=1"},
		{"somebody new, with the default role", "new", "/console/team?x=1"},
		{"somebody new, and nobody new is let in", "stranger", "/console/signin?fault=unknown"},
		{"the groups say another role", "promoted", "/console/team?x=1"},
		{"the groups say none any more", "left", "/console/signin?fault=unknown"},
		{"an owner stays one", "olga", "/console/team?x=1"},
		{"no such way", "nonsense", "/console/signin?fault=expired"},
	} {
		s := w.stranger()
		if got := s.come(url.QueryEscape(c.code), "/console/team?x=1"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		var me protocol.Me
		if strings.HasPrefix(c.want, "/console/team") {
			s.ok(http.MethodGet, "/me", nil, &me)
		} else if a := s.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
			t.Errorf("%s: is signed in all the same", c.name)
		}
		if me.User.Name == "anna" && me.User.ID != anna.user.ID || me.User.Name == "olga" && me.User.Role != chat.RoleOwner {
			t.Errorf("%s: %+v", c.name, me.User)
		}
	}
	_, token, _ := strings.Cut(link.Link, "#token=")
	if a := w.stranger().do(http.MethodPost, "/links/use", protocol.LinkUse{Token: token, Password: "correct horse"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("the link from before: %s", a.Status)
	}
	owner.ok(http.MethodPut, "/users/"+anna.user.ID.String(), protocol.UserChangeRequest{Disabled: ptr(true)}, nil)
	if got := w.stranger().come("anna", "/console/"); got != "/console/signin?fault=disabled" {
		t.Errorf("disabled: %q", got)
	}
	owner.ok(http.MethodPut, "/users/"+anna.user.ID.String(), protocol.UserChangeRequest{Disabled: ptr(false), Untie: true}, nil)
	if got := w.stranger().come("mallory", "/console/"); got != "/console/" {
		t.Errorf("untied, and tied anew: %q", got)
	}
	var lines []string
	for _, line := range w.trail() {
		if strings.Contains(line, "linkIdentity") || strings.Contains(line, "way=provider") || strings.Contains(line, "role=") {
			lines = append(lines, line)
		}
	}
	want := []string{
		"anna linkIdentity user role=agent", "anna signIn user way=provider", "nobody signInFailed way=provider why=tied", "anna signIn user way=provider",
		"New linkIdentity user role=editor", "New signIn user way=provider", "nobody signInFailed way=provider why=unknown",
		"nobody changeUser user role=editor → admin", "New signIn user way=provider", "nobody signInFailed way=provider why=unknown",
		"olga linkIdentity user role=owner", "olga signIn user way=provider", "nobody signInFailed way=provider why=expired",
		"nobody signInFailed way=provider why=disabled", "anna linkIdentity user role=agent", "anna signIn user way=provider",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("audit: -want +got:\n%s", diff)
	}
}

func TestPasswordsForOwnersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.SSO = fakeSSO{} })
	owner := w.hire("olga", chat.RoleOwner)
	w.hire("anna", chat.RoleAgent)
	owner.ok(http.MethodPut, "/staff/settings", protocol.StaffSettings{Passwords: chat.PasswordsOwners, AuditDays: 400}, nil)
	var how protocol.SignInOptions
	w.stranger().ok(http.MethodGet, "/sign-in", nil, &how)
	if how.Provider != "Company account" || how.Passwords != chat.PasswordsOwners {
		t.Errorf("how %+v", how)
	}
	login := func(email, pass string) answer {
		return w.stranger().do(http.MethodPost, "/login", protocol.LoginRequest{Email: email, Password: pass}, nil)
	}
	if a := login("anna@example.com", "correct horse"); a.problem(t) != chat.CodeForbidden || !strings.Contains(string(a.body), "Company account") {
		t.Errorf("an agent: %s %s", a.Status, a.body)
	}
	if a := login("anna@example.com", "wrong"); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("whose password is wrong learns nothing: %s", a.Status)
	}
	if a := login("olga@example.com", "correct horse"); a.StatusCode != http.StatusOK {
		t.Errorf("an owner: %s", a.Status)
	}
}

func TestBackPath(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"/console/inbox?view=mine#x": "/console/inbox?view=mine#x", "/console/": "/console/", "": "/console/",
		"https://evil.example/console/": "/console/", "//evil.example/console/": "/console/", "/\\evil.example": "/console/",
		"/console/\\evil.example": "/console/", "/console/../v1/x": "/console/", "/console//evil.example": "/console/", "/console/%2e%2e/x": "/console/",
		"/console/\nx": "/console/", "javascript:alert(1)": "/console/", "/console": "/console/", "/console/signin?fault=x": "/console/",
		"/widget/": "/console/", "/console/%zz": "/console/", "/console/%5cevil.example": "/console/%5cevil.example",
	} {
		if got := backPath(given); got != want {
			t.Errorf("%q leads to %q, want %q", given, got, want)
		}
	}
}
