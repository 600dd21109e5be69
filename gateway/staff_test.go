package gateway

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.stranger()
	var state protocol.SetupState
	s.ok(http.MethodGet, "/setup", nil, &state)
	if !state.Needed {
		t.Fatal("nobody is there, but no setup is needed")
	}
	token, err := SetupToken(w.ctx, w.store, w.ws.ID)
	w.check(err)
	if again, err := SetupToken(w.ctx, w.store, w.ws.ID); err != nil || again != token || len(token) != 23 {
		t.Errorf("token %q, then %q (%v)", token, again, err)
	}
	req := protocol.SetupRequest{Token: "aaaaa-aaaaa-aaaaa-aaaaa", Name: "Olga", Email: "Olga@Example.com", Password: "correct horse"}
	if a := s.do(http.MethodPost, "/setup", req, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("wrong token: %s", a.Status)
	}
	req.Token = " " + token + "\n" // as it is pasted
	for _, bad := range []func(r *protocol.SetupRequest){
		func(r *protocol.SetupRequest) { r.Password = "short" },
		func(r *protocol.SetupRequest) { r.Email = "olga" },
		func(r *protocol.SetupRequest) { r.Email = "Olga <olga@example.com>" },
		func(r *protocol.SetupRequest) { r.Name = " \x00 " },
	} {
		r := req
		bad(&r)
		if a := s.do(http.MethodPost, "/setup", r, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%+v: %s", r, a.Status)
		}
	}
	w.clock.advance(time.Minute)
	var me protocol.Me
	s.ok(http.MethodPost, "/setup", req, &me)
	if me.User.Role != chat.RoleOwner || me.User.Email != "olga@example.com" || len(me.Inboxes) != 1 || me.Workspace.ID != w.ws.ID {
		t.Errorf("me %+v", me)
	}
	s.ok(http.MethodGet, "/me", nil, &me) // and is signed in
	second := w.stranger()
	if a := second.do(http.MethodPost, "/setup", req, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("a second time: %s", a.Status)
	}
	if a := second.do(http.MethodGet, "/me", nil, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("after that: %s", a.Status)
	}
	s.ok(http.MethodGet, "/setup", nil, &state)
	if state.Needed {
		t.Error("setup is still needed")
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.Secure = true })
	w.srv.Config.ErrorLog = nil
	// Cookies are for https alone here: the handler is asked without a socket.
	api := func(cookie *http.Cookie, method, path, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, "https://help.example/api/v1"+path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		if cookie != nil {
			req.AddCookie(cookie)
		}
		rec := httptest.NewRecorder()
		w.g.Handler().ServeHTTP(rec, req)
		return rec
	}
	_, err := w.store.CreateUser(w.ctx, w.ws.ID, chat.User{Name: "anna", Email: "anna@example.com", Role: chat.RoleAgent, PasswordHash: hashed()})
	w.check(err)
	const right = `{"email":"ANNA@example.com ","password":"correct horse"}`

	wrong := api(nil, http.MethodPost, "/login", `{"email":"anna@example.com","password":"x"}`)
	nobody := api(nil, http.MethodPost, "/login", `{"email":"nobody@example.com","password":"x"}`)
	if wrong.Code != http.StatusUnauthorized || wrong.Body.String() != nobody.Body.String() || len(wrong.Result().Cookies())+len(nobody.Result().Cookies()) != 0 {
		t.Errorf("wrong %s, nobody %s", wrong.Body, nobody.Body)
	}
	// A session that somebody planted is not the one that is signed in.
	planted := &http.Cookie{Name: "frontdesk_session", Value: strings.Repeat("A", 43)}
	rec := api(planted, http.MethodPost, "/login", right)
	if rec.Code != http.StatusOK || len(rec.Result().Cookies()) != 1 {
		t.Fatalf("login: %d %s", rec.Code, rec.Body)
	}
	cookie := rec.Result().Cookies()[0]
	if cookie.Value == planted.Value || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("cookie %+v", cookie)
	}
	if api(planted, http.MethodGet, "/me", "").Code != http.StatusUnauthorized {
		t.Error("the planted session is signed in")
	}
	if strings.Contains(rec.Body.String(), "argon2") {
		t.Errorf("the answer holds the hash: %s", rec.Body)
	}
	// Signing in again makes a new token and ends the old one.
	again := api(cookie, http.MethodPost, "/login", right)
	newer := again.Result().Cookies()[0]
	if newer.Value == cookie.Value || api(cookie, http.MethodGet, "/me", "").Code != http.StatusUnauthorized || api(newer, http.MethodGet, "/me", "").Code != http.StatusOK {
		t.Error("the old session lives on")
	}
	if cc := again.Header().Get("Cache-Control"); !strings.Contains(cc, "no-store") {
		t.Errorf("Cache-Control %q", cc)
	}

	// A session ends when it was not used for two days.
	w.clock.advance(sessionIdle + touchEvery + time.Minute)
	if rec := api(newer, http.MethodGet, "/me", ""); rec.Code != http.StatusUnauthorized {
		t.Errorf("idle session: %d", rec.Code)
	}
}

func TestLogoutIsFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	stolen := anna.cookies().Get("Cookie")
	anna.ok(http.MethodPost, "/logout", nil, nil)
	req, err := http.NewRequest(http.MethodGet, w.srv.URL+"/api/v1/me", nil)
	w.check(err)
	req.Header.Set("Cookie", stolen)
	if a := w.stranger().request(req, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("the old cookie: %s", a.Status)
	}
	// Logging out without a session is no error.
	w.stranger().ok(http.MethodPost, "/logout", nil, nil)

	// A request that was under way when the session ended does not bring it back.
	for range 20 {
		w.clock.advance(time.Minute)
		ben := w.stranger()
		ben.ok(http.MethodPost, "/login", protocol.LoginRequest{Email: "anna@example.com", Password: "correct horse"}, nil)
		header := ben.cookies()
		w.g.staff.sessions.Store.(*sessionStore).mu.Lock()
		w.g.staff.sessions.Store.(*sessionStore).saved = map[string]savedSession{} // so that each request saves
		w.g.staff.sessions.Store.(*sessionStore).mu.Unlock()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				req, _ := http.NewRequest(http.MethodGet, w.srv.URL+"/api/v1/me", nil)
				req.Header = header.Clone()
				if res, err := ben.Do(req); err == nil {
					res.Body.Close()
				}
			})
		}
		out, _ := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1/logout", nil)
		out.Header = header.Clone()
		if a := ben.request(out, nil); a.StatusCode != http.StatusOK {
			t.Fatalf("logout: %s %s", a.Status, a.body)
		}
		wg.Wait()
		token := strings.TrimPrefix(header.Get("Cookie"), "frontdesk_session=")
		if _, found, err := w.store.FindSession(w.ctx, storedToken(token)); err != nil || found {
			t.Fatalf("the session is back (%v)", err)
		}
		if a := w.stranger().request(withCookie(w, token), nil); a.StatusCode != http.StatusUnauthorized {
			t.Fatalf("the session lives: %s", a.Status)
		}
	}
}

func withCookie(w *world, token string) *http.Request {
	req, err := http.NewRequest(http.MethodGet, w.srv.URL+"/api/v1/me", nil)
	w.check(err)
	req.Header.Set("Cookie", "frontdesk_session="+token)
	return req
}

// Reading does not write a session each time.
func TestSessionsAreTouchedRarely(t *testing.T) {
	t.Parallel()
	counting := &sessionCounter{}
	w := newWorld(t, func(_ *world, o *Options) { counting.Store = o.Store; o.Store = counting })
	anna := w.hire("anna", chat.RoleAgent)
	for range 20 {
		anna.ok(http.MethodGet, "/me", nil, nil)
	}
	if n := counting.saves(); n > 2 {
		t.Errorf("%d saves", n)
	}
}

type sessionCounter struct {
	Store
	mu sync.Mutex
	n  int
}

func (s *sessionCounter) saves() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *sessionCounter) SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error {
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
	return s.Store.SaveSession(ctx, token, data, expiry)
}

func TestCrossOriginRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) { o.PublicURL = "https://help.example" })
	admin := w.hire("olga", chat.RoleOwner)
	body := []byte(`{"name":"Mallory","email":"mallory@example.com","password":"correct horse","role":"admin"}`)
	post := func(header http.Header) answer {
		req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1/users", bytes.NewReader(body))
		w.check(err)
		for k, v := range header {
			req.Header[k] = v
		}
		req.Header.Set("Content-Type", "application/json")
		return admin.request(req, nil)
	}
	for _, h := range []http.Header{
		{"Origin": {"https://evil.example"}},
		{"Origin": {"null"}},
		{"Origin": {"https://help.example.evil.example"}},
		{"Origin": {"http://help.example"}},
		{"Sec-Fetch-Site": {"cross-site"}},
		{"Sec-Fetch-Site": {"same-site"}},
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
	} {
		if a := post(h); a.StatusCode != http.StatusForbidden || a.problem(t) != chat.CodeForbidden {
			t.Errorf("%v: %s", h, a.Status)
		}
	}
	users, err := w.store.Users(w.ctx, w.ws.ID)
	if err != nil || len(users) != 1 {
		t.Errorf("users %+v, %v", users, err)
	}
	if a := post(http.Header{"Origin": {"https://help.example"}, "Sec-Fetch-Site": {"cross-site"}}); a.StatusCode != http.StatusOK {
		t.Errorf("from the public address, behind a proxy: %s %s", a.Status, a.body)
	}
}

// The operator's socket acts as an owner who has no session.
func TestOperator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	srv := httptest.NewServer(w.g.OperatorHandler())
	t.Cleanup(srv.Close)
	s := w.stranger()
	call := func(method, path, body string) answer {
		req, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
		w.check(err)
		req.Header.Set("Content-Type", "application/json")
		return s.request(req, nil)
	}
	for _, test := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/api/v1/me", "", 200},
		{http.MethodPost, "/api/v1/users", `{"name":"Anna","email":"anna@example.com","password":"correct horse","role":"agent"}`, 200},
		{http.MethodGet, "/api/v1/conversations", "", 200},
		{http.MethodPost, "/api/v1/logout", "", 200},
		{http.MethodPost, "/api/v1/login", `{"email":"anna@example.com","password":"wrong"}`, 401},
		{http.MethodPost, "/api/v1/login", `{"email":"anna@example.com","password":"correct horse"}`, 200},
		{http.MethodGet, "/healthz", "", 200},
		{http.MethodGet, "/v1/socket", "", 404},
		{http.MethodPost, "/api/v1/operate/greet", `{"name":"Anna"}`, 200},
		{http.MethodPost, "/api/v1/operate/other", `{}`, 404},
		{http.MethodPost, "/api/v1/operate/greet", strings.Repeat(" ", maxOperate+1), 413},
	} {
		if a := call(test.method, test.path, test.body); a.StatusCode != test.status {
			t.Errorf("%s %s: %s %s", test.method, test.path, a.Status, a.body)
		}
	}
}

func TestTokensAreNotLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	anna.console()
	p := w.join("")
	p.say(newID(), "Hello?")
	s := w.session(p.visit)
	q := w.knock()
	q.send("hello", "", protocol.Hello{Token: s.SocketToken + "x"})
	q.ended()
	token, err := SetupToken(w.ctx, w.store, w.ws.ID)
	w.check(err)
	session := strings.TrimPrefix(anna.cookies().Get("Cookie"), "frontdesk_session=")
	for name, secret := range map[string]string{"visitor": p.visit, "socket": s.SocketToken, "session": session, "setup": token, "password": "correct horse", "text": "Hello?"} {
		if strings.Contains(w.logs.String(), secret) {
			t.Errorf("the log holds the %s:\n%s", name, w.logs)
		}
	}
}
