package gateway

import (
	"context"
	"crypto/hmac"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/internal/password"
)

// A session lasts two weeks, or until it was not used for two days: agents who
// work daily sign in once a fortnight.
const (
	sessionLife = 14 * 24 * time.Hour
	sessionIdle = 48 * time.Hour
)

// principal is who a staff request is made by.
type principal struct {
	user      chat.User
	workspace chat.Workspace
	session   uuid.UUID // zero: the operator, or nobody
}

type principalKey struct{}

// principalOf gives who makes the request; ok is false for nobody.
func principalOf(ctx context.Context) (principal, bool) {
	p, ok := ctx.Value(principalKey{}).(principal)
	return p, ok
}

// staffAuth signs the staff in and knows them again.
type staffAuth struct {
	srv      *Gateway
	sessions *scs.SessionManager
	cross    *http.CrossOriginProtection
	hashing  chan struct{} // holds one for each password that is being hashed
}

func newStaffAuth(g *Gateway) (*staffAuth, error) {
	cross := http.NewCrossOriginProtection()
	if g.o.PublicURL != "" { // a proxy may not pass the Host that the browser sees
		u, err := url.Parse(g.o.PublicURL)
		if err != nil || u.Host == "" {
			return nil, chat.Errorf(chat.CodeInvalid, "public URL %q is not an address such as https://help.example", g.o.PublicURL)
		}
		if err := cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("gateway: public URL: %w", err)
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, chat.Errorf(chat.CodeForbidden, "A page of another origin may not do this."))
	}))
	// Not scs.New, which starts a goroutine for a store of its own that nobody can stop without a race.
	m := &scs.SessionManager{
		Store: newSessionStore(g.store, g.now), Codec: scs.GobCodec{}, HashTokenInStore: true,
		Lifetime: sessionLife, IdleTimeout: sessionIdle, ErrorFunc: g.problem,
		Cookie: scs.SessionCookie{Name: "frontdesk_session", Path: "/", HttpOnly: true, Secure: g.o.Secure,
			SameSite: http.SameSiteLaxMode, Persist: true},
	}
	return &staffAuth{srv: g, sessions: m, cross: cross, hashing: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// identify is middleware that finds the principal by the session's cookie, and
// refuses what a page of another origin sends.
func (a *staffAuth) identify(next http.Handler) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := a.user(r.Context())
		_, session := a.ids(r.Context())
		switch chat.CodeOf(err) {
		case "":
			r = r.WithContext(context.WithValue(r.Context(), principalKey{}, principal{user: u, workspace: a.srv.o.Workspace, session: session}))
		case chat.CodeUnauthorized: // each operation says whether that matters
		default:
			a.srv.problem(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
	return a.cross.Handler(a.sessions.LoadAndSave(known))
}

// user gives whose session the context holds. CodeUnauthorized: nobody's.
func (a *staffAuth) user(ctx context.Context) (chat.User, error) {
	nobody := chat.Errorf(chat.CodeUnauthorized, "Sign in first.")
	id, _ := a.ids(ctx)
	if id == uuid.Nil {
		return chat.User{}, nobody
	}
	u, err := a.srv.store.User(ctx, a.srv.o.Workspace.ID, id)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && !u.Disabled.IsZero() {
		err = nobody
	}
	return u, err
}

// sessionKey is under which a session holds the ids of its user and its own.
const sessionKey = "user"

// ids gives them for the session that the context holds, zero for none.
func (a *staffAuth) ids(ctx context.Context) (user, session uuid.UUID) {
	first, second, _ := strings.Cut(a.sessions.GetString(ctx, sessionKey), " ")
	user, uerr := uuid.Parse(first)
	session, serr := uuid.Parse(second)
	if uerr != nil || serr != nil {
		return uuid.Nil, uuid.Nil
	}
	return user, session
}

// userOf is user for a session's token.
func (a *staffAuth) userOf(ctx context.Context, token string) (chat.User, error) {
	ctx, err := a.sessions.Load(ctx, token)
	if err != nil {
		return chat.User{}, err
	}
	return a.user(ctx)
}

// operator is middleware that lets whoever can open the operator's socket act
// as an owner: the folder's permissions are the authorisation.
func (g *Gateway) operator(next http.Handler) http.Handler {
	u := g.operatorUser()
	// Operations that begin or end a session find an empty one.
	return g.staff.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), principalKey{}, principal{user: u, workspace: g.o.Workspace})))
	}))
}

// operatorUser is the operator as a user: an owner without an id.
func (g *Gateway) operatorUser() chat.User {
	return chat.User{Workspace: g.o.Workspace.ID, Name: "Operator", Role: chat.RoleOwner}
}

// login checks e-mail and password and begins a session. Attempts are in the audit log.
func (a *staffAuth) login(ctx context.Context, addr string, req protocol.LoginRequest) (chat.User, error) {
	email := strings.ToLower(strings.TrimSpace(clean(req.Email)))
	if !a.srv.limits.login(addr, email) {
		return chat.User{}, errTooMany()
	}
	u, err := a.srv.store.UserByEmail(ctx, a.srv.o.Workspace.ID, email)
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return u, err
	}
	var good bool
	if err := a.hash(ctx, func() { good = password.Check(u.PasswordHash, req.Password) }); err != nil {
		return u, err
	}
	if !good || !u.Disabled.IsZero() {
		a.failed(ctx, u, chat.SignInPassword, map[bool]string{true: "disabled", false: "password"}[good])
		return chat.User{}, chat.Errorf(chat.CodeUnauthorized, "E-mail and password do not go together.")
	}
	if err := a.srv.mayUsePassword(ctx, u); err != nil {
		return chat.User{}, err
	}
	return u, a.begin(ctx, u, chat.SignInPassword)
}

// failed notes an attempt to sign in. What was typed for an e-mail that nobody
// has is not kept: now and then it is a password.
func (a *staffAuth) failed(ctx context.Context, u chat.User, way chat.SignInWay, why string) {
	e := chat.AuditEntry{Action: chat.AuditSignInFailed, Detail: map[string]string{"way": string(way), "why": why}}
	if u.ID != uuid.Nil {
		e.Object = chat.AuditObject{Kind: "user", ID: u.ID.String()}
	} else {
		e.Detail["why"] = "unknown"
	}
	a.srv.addAudit(ctx, chat.User{}, e)
}

// hash runs fn, which hashes a password, when it is its turn: each takes 19 MiB
// and a processor for a while, so many at once would take all there is.
func (a *staffAuth) hash(ctx context.Context, fn func()) error {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
		fn()
		return nil
	case <-ctx.Done():
		return chat.Errorf(chat.CodeUnavailable, "Too many people sign in at once: %w", ctx.Err())
	}
}

// logout ends the session, and the console's sockets with it.
func (a *staffAuth) logout(ctx context.Context, who principal) error {
	session := a.sessions.Token(ctx)
	if err := a.sessions.Destroy(ctx); err != nil {
		return err
	}
	if session == "" {
		return nil
	}
	a.cut(who.user.ID, session, "signed out")
	return nil
}

// begin starts a session with a token of its own, so that one from before cannot be used on.
func (a *staffAuth) begin(ctx context.Context, u chat.User, way chat.SignInWay) error {
	if err := a.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now, from := a.srv.now(), clientOf(ctx)
	deadline := now.Add(sessionLife)
	a.sessions.SetDeadline(ctx, deadline)
	s, err := a.srv.store.BeginSession(ctx, a.srv.o.Workspace.ID, storedToken(a.sessions.Token(ctx)),
		chat.StaffSession{User: u.ID, Way: way, Address: from.addr, Device: from.device, ExpiresAt: now.Add(sessionIdle)})
	if err != nil {
		return err
	}
	// One value: of several, scs's codec makes other bytes each time, and each request would be a change to store.
	a.sessions.Put(ctx, sessionKey, u.ID.String()+" "+s.ID.String())
	a.srv.addAudit(ctx, u, chat.AuditEntry{Action: chat.AuditSignIn, Object: chat.AuditObject{Kind: "user", ID: u.ID.String()},
		Detail: map[string]string{"way": string(way)}})
	return nil
}

// setup makes the first user, if the token is the one that was printed at the first start.
func (a *staffAuth) setup(ctx context.Context, addr string, req protocol.SetupRequest) (chat.User, error) {
	if !a.srv.limits.login(addr, "setup") {
		return chat.User{}, errTooMany()
	}
	ws := a.srv.o.Workspace.ID
	want, err := SetupToken(ctx, a.srv.store, ws)
	if err != nil {
		return chat.User{}, err
	}
	if !hmac.Equal([]byte(want), []byte(strings.TrimSpace(req.Token))) {
		return chat.User{}, chat.Errorf(chat.CodeUnauthorized, "That is not the setup token. The server prints it at its start until the first user is made.")
	}
	u, err := a.newUser(ctx, req.Name, req.Email, req.Password, chat.RoleOwner)
	if err != nil {
		return u, err
	}
	if u, err = a.srv.store.CreateOwner(ctx, ws, u); err != nil {
		return u, err
	}
	return u, a.begin(ctx, u, chat.SignInPassword)
}

// newUser makes a user with a password, who is not stored yet.
func (a *staffAuth) newUser(ctx context.Context, name, email, pass string, role chat.Role) (chat.User, error) {
	u, err := personOf(name, email, role)
	if err == nil {
		err = a.hash(ctx, func() { u.PasswordHash = password.Hash(pass) })
	}
	return u, err
}

// SetupToken is the token that makes the first user.
func SetupToken(ctx context.Context, store interface {
	Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error)
}, ws uuid.UUID) (string, error) {
	key, err := store.Secret(ctx, ws, "setup")
	if err != nil {
		return "", err
	}
	const letters = "abcdefghijkmnpqrstuvwxyz23456789" // 32 that are not mistaken for each other
	var b strings.Builder
	for i, x := range key[:20] { // 100 bits
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[x%32])
	}
	return b.String(), nil
}

func (g *Gateway) staffRoutes(mux *http.ServeMux) {
	g.ssoRoutes(mux)
	mux.Handle("/api/", g.staff.identify(g.apiHandler()))
	mux.Handle("GET /console/socket", g.staff.identify(http.HandlerFunc(g.handleConsoleSocket)))
}

// OperatorHandler serves the staff's API to whoever can reach it: mount it on a
// socket that only the operator may open.
func (g *Gateway) OperatorHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", g.operator(g.apiHandler()))
	if g.o.Operate != nil {
		mux.HandleFunc("POST /api/v1/operate/{name}", g.handleOperate)
	}
	g.healthRoutes(mux)
	return mux
}

func (g *Gateway) handleConsoleSocket(w http.ResponseWriter, r *http.Request) {
	p, ok := principalOf(r.Context())
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeUnauthorized, "Sign in first."))
		return
	}
	g.upgrade(w, r, protocol.ConsoleV1, &console{srv: g, user: p.user, who: p.user.ID, id: p.session, ws: p.workspace.ID,
		session: g.staff.sessions.Token(r.Context()), checked: g.now()})
}

// greetConsole registers a console and tells it who is there.
func (g *Gateway) greetConsole(c *conn, h *console) {
	g.hub.addStaff(h.ws, c)
	c.welcomed()
	c.reply("welcome", "", protocol.ConsoleWelcome{User: h.user, Node: g.o.Node})
	g.inboxes.markPresence(h.ws)
}
