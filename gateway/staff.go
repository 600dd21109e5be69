package gateway

import (
	"context"
	"crypto/hmac"
	"net/http"
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
}

func newStaffAuth(g *Gateway) *staffAuth {
	m := scs.New()
	m.Store = sessionStore{g.store}
	m.HashTokenInStore = true
	m.Lifetime, m.IdleTimeout = sessionLife, sessionIdle
	m.Cookie.Name = "frontdesk_session"
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = g.o.Secure
	m.ErrorFunc = g.problem
	return &staffAuth{srv: g, sessions: m}
}

// identify is middleware that finds the principal by the session's cookie, and
// refuses what a page of another origin sends.
func (a *staffAuth) identify(next http.Handler) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if id, err := uuid.Parse(a.sessions.GetString(ctx, "user")); err == nil {
			u, err := a.srv.store.User(ctx, a.srv.o.Workspace.ID, id)
			if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
				a.srv.problem(w, r, err)
				return
			}
			if err == nil {
				ctx = context.WithValue(ctx, principalKey{}, principal{user: u, workspace: a.srv.o.Workspace})
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, chat.Errorf(chat.CodeForbidden, "A page of another origin may not do this."))
	}))
	return cross.Handler(a.sessions.LoadAndSave(known))
}

// operator is middleware that lets whoever can open the operator's socket act
// as an owner: the folder's permissions are the authorisation.
func (g *Gateway) operator(next http.Handler) http.Handler {
	u := chat.User{Workspace: g.o.Workspace.ID, Name: "Operator", Role: chat.RoleOwner}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), principalKey{}, principal{user: u, workspace: g.o.Workspace})))
	})
}

// login checks e-mail and password and begins a session.
func (a *staffAuth) login(ctx context.Context, addr string, req protocol.LoginRequest) (chat.User, error) {
	if !a.srv.limits.login(addr, req.Email) {
		return chat.User{}, chat.Errorf(chat.CodeRateLimited, "Too many attempts. Wait a minute, then try again.")
	}
	u, err := a.srv.store.UserByEmail(ctx, a.srv.o.Workspace.ID, strings.TrimSpace(req.Email))
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return u, err
	}
	if !password.Check(u.PasswordHash, req.Password) {
		return u, chat.Errorf(chat.CodeUnauthorized, "E-mail and password do not go together.")
	}
	return u, a.begin(ctx, u)
}

// begin starts a session with a token of its own, so that one from before cannot be used on.
func (a *staffAuth) begin(ctx context.Context, u chat.User) error {
	if err := a.sessions.RenewToken(ctx); err != nil {
		return err
	}
	a.sessions.Put(ctx, "user", u.ID.String())
	return nil
}

// setup makes the first user, if the token is the one that was printed at the first start.
func (a *staffAuth) setup(ctx context.Context, addr string, req protocol.SetupRequest) (chat.User, error) {
	if !a.srv.limits.login(addr, "setup") {
		return chat.User{}, chat.Errorf(chat.CodeRateLimited, "Too many attempts. Wait a minute, then try again.")
	}
	ws := a.srv.o.Workspace.ID
	want, err := SetupToken(ctx, a.srv.store, ws)
	if err != nil {
		return chat.User{}, err
	}
	if !hmac.Equal([]byte(want), []byte(strings.TrimSpace(req.Token))) {
		return chat.User{}, chat.Errorf(chat.CodeUnauthorized, "That is not the setup token. The server prints it at its start until the first user is made.")
	}
	u, err := a.srv.store.CreateOwner(ctx, ws, newUser(req.Name, req.Email, req.Password, chat.RoleOwner))
	if err != nil {
		return u, err
	}
	return u, a.begin(ctx, u)
}

func newUser(name, email, pass string, role chat.Role) chat.User {
	return chat.User{ID: uuid.Must(uuid.NewV7()), Name: strings.TrimSpace(name), Email: strings.ToLower(strings.TrimSpace(email)),
		Role: role, PasswordHash: password.Hash(pass)}
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

// sessionStore keeps console sessions in the store; scs hands it the hash of the token.
type sessionStore struct{ store staffStore }

func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.store.FindSession(ctx, token)
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return s.store.SaveSession(ctx, token, b, expiry)
}

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.DeleteSession(ctx, token)
}

// Find, Commit and Delete complete scs.Store; scs calls the forms with a context.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func (g *Gateway) staffRoutes(mux *http.ServeMux) {
	staff := http.NewServeMux()
	g.api(staff)
	mux.Handle("/api/", g.staff.identify(withAddr(g, staff)))
	mux.Handle("GET /console/socket", g.staff.identify(http.HandlerFunc(g.handleConsoleSocket)))
}

// OperatorHandler serves the staff's API to whoever can reach it: mount it on a
// socket that only the operator may open.
func (g *Gateway) OperatorHandler() http.Handler {
	mux := http.NewServeMux()
	staff := http.NewServeMux()
	g.api(staff)
	mux.Handle("/api/", g.operator(withAddr(g, staff)))
	g.healthRoutes(mux)
	return mux
}

func (g *Gateway) handleConsoleSocket(w http.ResponseWriter, r *http.Request) {
	p, ok := principalOf(r.Context())
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeUnauthorized, "Sign in first."))
		return
	}
	g.upgrade(w, r, protocol.ConsoleV1, &console{srv: g, user: p.user, ws: p.workspace.ID})
}

// greetConsole registers a console and tells it who is there.
func (g *Gateway) greetConsole(c *conn, h *console) {
	g.hub.addStaff(h.ws, c)
	c.reply("welcome", "", protocol.ConsoleWelcome{User: h.user, Node: g.o.Node})
	g.inboxes.markPresence(h.ws)
}
