package sso

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

// memory is a Store.
type memory struct {
	mu   sync.Mutex
	held map[string]bool
}

func (m *memory) Secret(context.Context, uuid.UUID, string) ([]byte, error) {
	return []byte("a secret of the workspace"), nil
}

func (m *memory) AcquireLease(_ context.Context, _ uuid.UUID, key, _ string, _ time.Time) (chat.Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[key] {
		return chat.Lease{}, chat.Errorf(chat.CodeConflict, "held")
	}
	m.held[key] = true
	return chat.Lease{}, nil
}

var enc = base64.RawURLEncoding

// keys are made once: making them is slow.
var keys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var out [2]*rsa.PrivateKey
	for i := range out {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		out[i] = k
	}
	return out
})

// issuer is a small identity provider that can be made to lie.
type issuer struct {
	*httptest.Server
	t      *testing.T
	claims map[string]any // of the ID token, over what is right
	info   map[string]any // of the userinfo
	alg    string         // "" is RS256
	key    int            // which of the keys signs: 0 is the one that it publishes
	meta   map[string]any // of the discovery, over what is right
	codes  map[string]url.Values
	now    time.Time
}

func newIssuer(t *testing.T) *issuer {
	is := &issuer{t: t, claims: map[string]any{}, meta: map[string]any{}, codes: map[string]url.Values{}, now: time.Now()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		meta := map[string]any{"issuer": is.URL, "authorization_endpoint": is.URL + "/auth", "token_endpoint": is.URL + "/token", "jwks_uri": is.URL + "/keys",
			"userinfo_endpoint": is.URL + "/me", "id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"},
			"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true}
		maps.Copy(meta, is.meta)
		is.answer(w, meta)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		pub := keys()[0].PublicKey
		is.answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": enc.EncodeToString(pub.N.Bytes()), "e": enc.EncodeToString(big.NewInt(int64(pub.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /token", is.token)
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer access" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		is.answer(w, is.info)
	})
	is.Server = httptest.NewServer(mux)
	t.Cleanup(is.Close)
	return is
}

func (is *issuer) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		is.t.Error(err)
	}
}

// token checks PKCE, as a provider does, and gives an ID token.
func (is *issuer) token(w http.ResponseWriter, r *http.Request) {
	asked, ok := is.codes[r.FormValue("code")]
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if !ok || enc.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") || id != "frontdesk" || secret != "hush" {
		w.WriteHeader(http.StatusBadRequest)
		is.answer(w, map[string]string{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": is.URL, "sub": "7", "aud": "frontdesk", "exp": is.now.Add(time.Hour).Unix(), "iat": is.now.Unix(),
		"nonce": asked.Get("nonce"), "email": "Anna@Example.com", "email_verified": true, "name": "Anna"}
	for key, v := range is.claims {
		if claims[key] = v; v == nil {
			delete(claims, key)
		}
	}
	is.answer(w, map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": is.sign(claims)})
}

func (is *issuer) sign(claims map[string]any) string {
	alg := is.alg
	if alg == "" {
		alg = "RS256"
	}
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			is.t.Error(err)
		}
		return enc.EncodeToString(data)
	}
	text := part(map[string]string{"alg": alg, "kid": "1"}) + "." + part(claims)
	switch alg {
	case "none":
		return text + "."
	case "HS256": // with the public key, or what we share
		m := hmac.New(sha256.New, []byte("hush"))
		m.Write([]byte(text))
		return text + "." + enc.EncodeToString(m.Sum(nil))
	}
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, keys()[is.key], crypto.SHA256, sum[:])
	if err != nil {
		is.t.Error(err)
	}
	return text + "." + enc.EncodeToString(sig)
}

// visit begins a sign-in and does what browser and person do at the provider:
// it gives what the browser keeps and what it comes back with.
func (is *issuer) visit(p *Provider) (keep string, came url.Values) {
	is.t.Helper()
	to, keep, err := p.Begin(is.t.Context(), "/console/team")
	if err != nil {
		is.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		is.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || q.Get("redirect_uri") != "https://help.example/back" || len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 {
		is.t.Errorf("asked with %v", q)
	}
	code := rand.Text()
	is.codes[code] = q
	return keep, url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {is.URL}}
}

func (is *issuer) provider(change func(*Config)) *Provider {
	is.t.Helper()
	c := Config{Issuer: is.URL, ClientID: "frontdesk", ClientSecret: "hush", RedirectURI: "https://help.example/back"}
	if change != nil {
		change(&c)
	}
	p, err := New(c, &memory{held: map[string]bool{}}, uuid.New(), func() time.Time { return is.now })
	if err != nil {
		is.t.Fatal(err)
	}
	return p
}

func faultOf(err error) chat.SignInFault {
	var r *chat.SignInRefused
	if errors.As(err, &r) {
		return r.Fault
	}
	return ""
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	p := is.provider(func(c *Config) { c.Role = chat.RoleAgent })
	keep, came := is.visit(p)
	who, back, err := p.Finish(t.Context(), keep, came)
	want := chat.Claims{Identity: chat.StaffIdentity{Issuer: is.URL, Subject: "7"}, Email: "anna@example.com", Name: "Anna", Role: chat.RoleAgent}
	if diff := cmp.Diff(want, who); diff != "" || back != "/console/team" || err != nil {
		t.Errorf("back to %q, %v, -want +got:\n%s", back, err, diff)
	}
	if _, _, err := p.Finish(t.Context(), keep, came); faultOf(err) != chat.FaultExpired {
		t.Errorf("the same way twice: %v", err)
	}
}

// TestFaults: nothing that is not exactly right signs anybody in.
func TestFaults(t *testing.T) {
	t.Parallel()
	hour := func(is *issuer, n int) any { return is.now.Add(time.Duration(n) * time.Hour).Unix() }
	for _, c := range []struct {
		name   string
		config func(*Config)
		lie    func(*issuer)
		come   func(is *issuer, keep *string, came url.Values)
		want   chat.SignInFault // "" is signed in
	}{
		{name: "all right"},
		{name: "another nonce", lie: func(is *issuer) { is.claims["nonce"] = "other" }, want: chat.FaultProvider},
		{name: "no nonce", lie: func(is *issuer) { is.claims["nonce"] = nil }, want: chat.FaultProvider},
		{name: "expired", lie: func(is *issuer) { is.claims["exp"] = hour(is, -1) }, want: chat.FaultProvider},
		{name: "expired within the skew of clocks", lie: func(is *issuer) { is.claims["exp"] = is.now.Add(-skew / 2).Unix() }},
		{name: "no expiry", lie: func(is *issuer) { is.claims["exp"] = nil }, want: chat.FaultProvider},
		{name: "of the future", lie: func(is *issuer) { is.claims["iat"] = hour(is, 1) }, want: chat.FaultProvider},
		{name: "of the near future", lie: func(is *issuer) { is.claims["iat"] = is.now.Add(skew / 2).Unix() }},
		{name: "not valid yet", lie: func(is *issuer) { is.claims["nbf"] = hour(is, 1) }, want: chat.FaultProvider},
		{name: "alg none", lie: func(is *issuer) { is.alg = "none" }, want: chat.FaultProvider},
		{name: "signed with what we share", lie: func(is *issuer) { is.alg = "HS256" }, want: chat.FaultProvider},
		{name: "signed by somebody else", lie: func(is *issuer) { is.key = 1 }, want: chat.FaultProvider},
		{name: "another audience", lie: func(is *issuer) { is.claims["aud"] = "other" }, want: chat.FaultProvider},
		{name: "several audiences, and another client", lie: func(is *issuer) {
			is.claims["aud"], is.claims["azp"] = []string{"frontdesk", "other"}, "other"
		}, want: chat.FaultProvider},
		{name: "several audiences, and us", lie: func(is *issuer) { is.claims["aud"], is.claims["azp"] = []string{"frontdesk", "other"}, "frontdesk" }},
		{name: "another issuer in the token", lie: func(is *issuer) { is.claims["iss"] = "https://evil.example" }, want: chat.FaultProvider},
		{name: "another issuer on the way back", come: func(_ *issuer, _ *string, came url.Values) { came.Set("iss", "https://evil.example") }, want: chat.FaultProvider},
		{name: "no issuer on the way back of one that names itself", come: func(_ *issuer, _ *string, came url.Values) { came.Del("iss") }, want: chat.FaultProvider},
		{name: "no issuer on the way back of one that does not", lie: func(is *issuer) { is.meta["authorization_response_iss_parameter_supported"] = false },
			come: func(_ *issuer, _ *string, came url.Values) { came.Del("iss") }},
		{name: "no subject", lie: func(is *issuer) { is.claims["sub"] = "" }, want: chat.FaultProvider},
		{name: "another state", come: func(_ *issuer, _ *string, came url.Values) { came.Set("state", "other") }, want: chat.FaultExpired},
		{name: "no state", come: func(_ *issuer, _ *string, came url.Values) { came.Del("state") }, want: chat.FaultExpired},
		{name: "two states", come: func(_ *issuer, _ *string, came url.Values) { came.Add("state", "other") }, want: chat.FaultExpired},
		{name: "another's browser", come: func(is *issuer, keep *string, _ url.Values) { *keep, _ = is.visit(is.provider(nil)) }, want: chat.FaultExpired},
		{name: "what the browser kept, changed", come: func(_ *issuer, keep *string, _ url.Values) { *keep = "A" + (*keep)[1:] + "A" }, want: chat.FaultExpired},
		{name: "nothing kept", come: func(_ *issuer, keep *string, _ url.Values) { *keep = "" }, want: chat.FaultExpired},
		{name: "too late", come: func(is *issuer, _ *string, _ url.Values) { is.now = is.now.Add(life) }, want: chat.FaultExpired},
		{name: "another's code", come: func(is *issuer, _ *string, came url.Values) {
			_, other := is.visit(is.provider(nil))
			came.Set("code", other.Get("code"))
		}, want: chat.FaultProvider},
		{name: "no code", come: func(_ *issuer, _ *string, came url.Values) { came.Del("code") }, want: chat.FaultProvider},
		{name: "the person said no", come: func(_ *issuer, _ *string, came url.Values) { came.Set("error", "access_denied") }, want: chat.FaultCancelled},
		{name: "the provider failed", come: func(_ *issuer, _ *string, came url.Values) { came.Set("error", "server_error") }, want: chat.FaultProvider},
		{name: "not verified", lie: func(is *issuer) { is.claims["email_verified"] = false }, want: chat.FaultUnverified},
		{name: "verified is not said", lie: func(is *issuer) { is.claims["email_verified"] = nil }, want: chat.FaultUnverified},
		{name: "verified as a text", lie: func(is *issuer) { is.claims["email_verified"] = "true" }},
		{name: "no address at all", lie: func(is *issuer) { is.claims["email"] = "" }, want: chat.FaultUnverified},
		{name: "another domain", config: func(c *Config) { c.Domains = []string{"shop.example"} }, want: chat.FaultDomain},
		{name: "a domain that ends alike", config: func(c *Config) { c.Domains = []string{"ample.com"} }, want: chat.FaultDomain},
		{name: "the domain", config: func(c *Config) { c.Domains = []string{"@Example.com"} }},
		{name: "address by userinfo", lie: func(is *issuer) {
			is.claims["email"] = nil
			is.claims["email_verified"] = nil
			is.info = map[string]any{"sub": "7", "email": "anna@example.com", "email_verified": true}
		}},
		{name: "userinfo of another", lie: func(is *issuer) {
			is.claims["email"] = nil
			is.info = map[string]any{"sub": "8", "email": "olga@example.com", "email_verified": true}
		}, want: chat.FaultProvider},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			is := newIssuer(t)
			if c.lie != nil {
				c.lie(is)
			}
			p := is.provider(c.config)
			keep, came := is.visit(p)
			if c.come != nil {
				c.come(is, &keep, came)
			}
			who, _, err := p.Finish(t.Context(), keep, came)
			if faultOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%v, want %q", err, c.want)
			}
			if err != nil && who != (chat.Claims{}) {
				t.Errorf("refused, and yet %+v", who)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		groups any
		role   chat.Role // the default
		want   chat.Role
	}{
		{"one", []string{"support"}, "", chat.RoleAgent},
		{"the mightiest", []string{"writers", "leads", "support"}, "", chat.RoleAdmin},
		{"none, and no default", []string{"sales"}, "", ""},
		{"none, and a default", nil, chat.RoleViewer, chat.RoleViewer},
		{"a text", "writers", "", chat.RoleEditor},
		{"no list of texts", []any{7, map[string]any{}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			is := newIssuer(t)
			is.claims["groups"] = c.groups
			p := is.provider(func(cfg *Config) {
				cfg.Role, cfg.Claim = c.role, "groups"
				cfg.Roles = map[string]chat.Role{"leads": chat.RoleAdmin, "support": chat.RoleAgent, "writers": chat.RoleEditor}
			})
			is.info = map[string]any{"sub": "7"}
			keep, came := is.visit(p)
			who, _, err := p.Finish(t.Context(), keep, came)
			if err != nil || who.Role != c.want || !who.Mapped {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

func TestProviderIsDown(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	p := is.provider(nil)
	is.meta["issuer"] = "https://evil.example"
	if _, _, err := p.Begin(t.Context(), "/"); faultOf(err) != chat.FaultProvider {
		t.Errorf("one that calls itself otherwise: %v", err)
	}
	delete(is.meta, "issuer")
	is.meta["code_challenge_methods_supported"] = []string{"plain"}
	if _, _, err := p.Begin(t.Context(), "/"); faultOf(err) != chat.FaultProvider {
		t.Errorf("without S256: %v", err)
	}
	delete(is.meta, "code_challenge_methods_supported")
	if err := p.Ready(t.Context()); err != nil {
		t.Errorf("back again: %v", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := Config{Issuer: "https://id.example/realm", ClientID: "x", RedirectURI: "https://help.example/back", Claim: "groups", Role: chat.RoleAgent,
		Roles: map[string]chat.Role{"a": chat.RoleAdmin}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"no https":       func(c *Config) { c.Issuer = "http://id.example" },
		"no issuer":      func(c *Config) { c.Issuer = "id.example" },
		"no client":      func(c *Config) { c.ClientID = "" },
		"no way back":    func(c *Config) { c.RedirectURI = "" },
		"owners for all": func(c *Config) { c.Role = chat.RoleOwner },
		"owners":         func(c *Config) { c.Roles = map[string]chat.Role{"a": chat.RoleOwner} },
		"no such role":   func(c *Config) { c.Role = "king" },
		"no claim":       func(c *Config) { c.Claim = "" },
	} {
		c := good
		change(&c)
		if err := c.Check(); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
