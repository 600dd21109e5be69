package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// SSO signs staff in through an identity provider. Errors are
// *chat.SignInRefused where the person can know why.
type SSO interface {
	// Label is that of the button on the sign-in page.
	Label() string
	// View says how it is set up, and whether the provider answers.
	View(ctx context.Context) protocol.SSOView
	// Begin gives where to send the browser, and what to keep in it until it is back.
	Begin(ctx context.Context, back string) (redirect, keep string, err error)
	// Finish takes what the browser kept and came back with; back is Begin's. Each
	// beginning is finished once.
	Finish(ctx context.Context, keep string, came url.Values) (who chat.Claims, back string, err error)
}

// The browser's way through the identity provider.
const (
	ssoBeginPath = "/api/v1/sso/begin"
	// SSOCallbackPath, after the public URL, is the redirect URI to register at the provider.
	SSOCallbackPath = "/api/v1/sso/callback"
	ssoCookie       = "frontdesk_sso"
	// ssoPatience is how long somebody may take at the provider, in seconds.
	ssoPatience = 600
)

func (g *Gateway) ssoRoutes(mux *http.ServeMux) {
	if g.o.SSO == nil {
		return
	}
	wrap := func(h http.HandlerFunc) http.Handler {
		return g.staff.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			h(w, g.fromClient(r))
		}))
	}
	mux.Handle("GET "+ssoBeginPath, wrap(g.beginSSO))
	mux.Handle("GET "+SSOCallbackPath, wrap(g.finishSSO))
}

// beginSSO sends the browser to the provider.
func (g *Gateway) beginSSO(w http.ResponseWriter, r *http.Request) {
	if !g.limits.from("sso", addrOf(r.Context()), perAddressLogins, 1) {
		g.refuseSSO(w, r, errTooMany())
		return
	}
	to, keep, err := g.o.SSO.Begin(r.Context(), backPath(r.URL.Query().Get("back")))
	if err != nil {
		g.refuseSSO(w, r, err)
		return
	}
	g.keepForSSO(w, keep, ssoPatience)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// keepForSSO sets the cookie that ties the way back to this browser. It is Lax:
// the way back begins at the provider.
func (g *Gateway) keepForSSO(w http.ResponseWriter, keep string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: ssoCookie, Value: keep, Path: "/api/v1/sso/", MaxAge: seconds, HttpOnly: true,
		Secure: g.o.Secure, SameSite: http.SameSiteLaxMode})
}

// finishSSO takes the browser back and begins a session.
func (g *Gateway) finishSSO(w http.ResponseWriter, r *http.Request) {
	g.keepForSSO(w, "", -1)
	cookie, err := r.Cookie(ssoCookie)
	if err != nil {
		g.refuseSSO(w, r, &chat.SignInRefused{Fault: chat.FaultExpired, Err: err})
		return
	}
	who, back, err := g.o.SSO.Finish(r.Context(), cookie.Value, r.URL.Query())
	var u chat.User
	if err == nil {
		u, err = g.staff.knownAs(r.Context(), who)
	}
	if err == nil {
		err = g.staff.begin(r.Context(), u, chat.SignInProvider)
	}
	if err != nil {
		g.refuseSSO(w, r, err)
		return
	}
	http.Redirect(w, r, backPath(back), http.StatusSeeOther)
}

// refuseSSO sends the browser back to the sign-in page, which says why.
func (g *Gateway) refuseSSO(w http.ResponseWriter, r *http.Request, err error) {
	fault := string(chat.FaultProvider)
	var refused *chat.SignInRefused
	switch {
	case errors.As(err, &refused):
		fault = string(refused.Fault)
		g.log.Warn("gateway: sign-in through the identity provider", "fault", fault, "err", err)
		g.addAudit(r.Context(), chat.User{}, chat.AuditEntry{Action: chat.AuditSignInFailed,
			Detail: map[string]string{"way": string(chat.SignInProvider), "why": fault}})
	case chat.CodeOf(err) == chat.CodeRateLimited:
		fault = "busy"
	default:
		g.logFault(r.Context(), "sign-in through the identity provider", err)
	}
	http.Redirect(w, r, "/console/signin?fault="+url.QueryEscape(fault), http.StatusSeeOther)
}

// backPath is a path of the console to go to after the sign-in: what leads
// anywhere else leads to its front page.
func backPath(path string) string {
	const home = "/console/"
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path, home) ||
		strings.HasPrefix(path, home+"signin") || strings.ContainsAny(path, "\\\r\n\t") || strings.Contains(u.Path, "..") || strings.Contains(path, "//") {
		return home
	}
	return path
}

// knownAs finds who somebody is here. A user whom nobody is tied to yet is tied
// by the verified e-mail address, once; from then on it is the provider's
// subject that counts, whatever becomes of the address.
func (a *staffAuth) knownAs(ctx context.Context, who chat.Claims) (chat.User, error) {
	ws := a.srv.o.Workspace.ID
	u, err := a.srv.store.UserByIdentity(ctx, ws, who.Identity)
	if chat.CodeOf(err) == chat.CodeNotFound {
		u, err = a.firstTime(ctx, who)
	}
	if err != nil {
		return u, err
	}
	if !u.Disabled.IsZero() {
		return u, &chat.SignInRefused{Fault: chat.FaultDisabled}
	}
	// An owner stays one: the provider's groups shut nobody out of the installation.
	if who.Mapped && who.Role != u.Role && u.Role != chat.RoleOwner {
		if who.Role == "" {
			return u, &chat.SignInRefused{Fault: chat.FaultUnknown}
		}
		before, after, err := a.srv.store.ChangeUser(ctx, ws, u.ID, chat.UserChange{Role: &who.Role})
		if err != nil {
			return u, err
		}
		a.srv.addAudit(ctx, chat.User{}, chat.AuditEntry{Action: "changeUser", Object: userObject(u.ID),
			Detail: map[string]string{"role": string(before.Role) + " → " + string(after.Role), "by": "provider"}})
		u = after
	}
	return u, nil
}

// firstTime ties somebody who signs in through the provider for the first time.
func (a *staffAuth) firstTime(ctx context.Context, who chat.Claims) (chat.User, error) {
	ws := a.srv.o.Workspace.ID
	u, err := a.srv.store.UserByEmail(ctx, ws, who.Email)
	switch chat.CodeOf(err) {
	case "":
		if !u.Disabled.IsZero() {
			return u, &chat.SignInRefused{Fault: chat.FaultDisabled}
		}
		// Whoever holds an unused link to the account would keep a way in.
		if _, u, err = a.srv.store.ChangeUser(ctx, ws, u.ID, chat.UserChange{Identity: &who.Identity, Link: &chat.StaffLink{}}); err != nil {
			if chat.CodeOf(err) == chat.CodeConflict {
				err = &chat.SignInRefused{Fault: chat.FaultTied, Err: err}
			}
			return u, err
		}
	case chat.CodeNotFound:
		if who.Role == "" {
			return u, &chat.SignInRefused{Fault: chat.FaultUnknown}
		}
		name := who.Name
		if strings.TrimSpace(clean(name)) == "" {
			name, _, _ = strings.Cut(who.Email, "@")
		}
		if u, err = personOf(cutBytes(name, maxPersonName), who.Email, who.Role); err != nil {
			return u, &chat.SignInRefused{Fault: chat.FaultProvider, Err: err}
		}
		u.Identity = who.Identity
		if u, err = a.srv.store.CreateUser(ctx, ws, u); err != nil {
			return u, err
		}
	default:
		return u, err
	}
	a.srv.addAudit(ctx, u, chat.AuditEntry{Action: chat.AuditLinked, Object: userObject(u.ID),
		Detail: map[string]string{"issuer": cutBytes(clean(who.Identity.Issuer), maxAuditValue), "email": who.Email, "role": string(u.Role)}})
	return u, nil
}

// maxPersonName is how long a name may be, in bytes.
const maxPersonName = 80

func userObject(id uuid.UUID) chat.AuditObject {
	return chat.AuditObject{Kind: "user", ID: id.String()}
}
