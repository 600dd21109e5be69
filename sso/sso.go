// Package sso signs staff in through an identity provider: OpenID Connect with
// the authorization code flow and PKCE. It says who somebody is there; what they
// may do here is for others to say.
package sso

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"frontdesk/chat"
)

const (
	// patience bounds each exchange with the provider.
	patience = 10 * time.Second
	// skew is how far the provider's clock may be from ours: RFC 7519, 4.1.4,
	// speaks of a few minutes at most.
	skew = time.Minute
	// life is how long somebody may take at the provider.
	life = 10 * time.Minute
	// maxAnswer bounds what a provider may answer, in bytes.
	maxAnswer = 1 << 20
)

// Config is how an identity provider is set up.
type Config struct {
	Issuer       string // its URL, as it stands in its tokens
	ClientID     string
	ClientSecret string   // "" for a public client
	RedirectURI  string   // registered there, exactly like this
	Label        string   // of the button; "" is "Sign in with" and the issuer's host
	Domains      []string // of e-mail addresses that are let in; empty for all
	Role         chat.Role
	Claim        string // whose values say the role, such as "groups"; "" for none
	// Roles gives the role by value of Claim. The one that may do most counts;
	// owners are made by owners alone.
	Roles map[string]chat.Role
}

// Check says what is wrong with it, as CodeInvalid.
func (c Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return chat.Errorf(chat.CodeInvalid, "the identity provider's issuer %q is not of the form https://id.example", c.Issuer)
	case c.ClientID == "":
		return chat.Errorf(chat.CodeInvalid, "the identity provider needs a client id")
	case c.RedirectURI == "":
		return chat.Errorf(chat.CodeInvalid, "the identity provider needs to know where this server is: set the public URL")
	case len(c.Roles) > 0 && c.Claim == "":
		return chat.Errorf(chat.CodeInvalid, "roles by group need the claim that names the groups")
	}
	for _, role := range append(slices.Collect(values(c.Roles)), c.Role) {
		switch role {
		case "", chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer:
		default:
			return chat.Errorf(chat.CodeInvalid, "the identity provider may give the roles admin, agent, editor and viewer, not %q", role)
		}
	}
	return nil
}

func values[K comparable, V any](m map[K]V) func(func(V) bool) {
	return func(yield func(V) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// Store keeps what signs the way back, and that each way is gone once.
type Store interface {
	Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error)
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
}

// Provider is an identity provider. It is asked for its keys and addresses when
// they are first needed: one that is down keeps no server from starting.
type Provider struct {
	config Config
	store  Store
	ws     uuid.UUID
	now    func() time.Time
	client *http.Client

	mu    sync.Mutex
	found *found
}

// found is what the provider said of itself.
type found struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	namesIss bool // its way back names it (RFC 9207)
}

// New makes a Provider. CodeInvalid.
func New(c Config, store Store, ws uuid.UUID, now func() time.Time) (*Provider, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Label == "" {
		u, _ := url.Parse(c.Issuer) // checked
		c.Label = "Sign in with " + u.Hostname()
	}
	for i, d := range c.Domains {
		c.Domains[i] = strings.ToLower(strings.TrimPrefix(d, "@"))
	}
	client := &http.Client{Timeout: patience, Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Provider{config: c, store: store, ws: ws, now: now, client: client}, nil
}

// Config gives how it is set up.
func (p *Provider) Config() Config { return p.config }

// Ready asks the provider whether it is there, unless it has answered before.
func (p *Provider) Ready(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// discover reads what the provider says of itself, once.
func (p *Provider) discover(ctx context.Context) (*found, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The keys are read later, with this context: it must not end with the request.
	lasting := oidc.ClientContext(context.WithoutCancel(ctx), p.client)
	provider, err := oidc.NewProvider(lasting, p.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("sso: ask %s for its configuration: %w", p.config.Issuer, err)
	}
	var said struct {
		Methods []string `json:"code_challenge_methods_supported"`
		Iss     bool     `json:"authorization_response_iss_parameter_supported"`
		Algs    []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, fmt.Errorf("sso: read the configuration of %s: %w", p.config.Issuer, err)
	}
	if len(said.Methods) > 0 && !slices.Contains(said.Methods, "S256") {
		return nil, fmt.Errorf("sso: %s does not take PKCE with S256", p.config.Issuer)
	}
	p.found = &found{provider: provider, namesIss: said.Iss,
		verifier: provider.VerifierContext(lasting, &oidc.Config{ClientID: p.config.ClientID, SupportedSigningAlgs: asymmetric,
			Now: func() time.Time { return p.now().Add(-skew) }}),
		oauth: oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: provider.Endpoint(),
			RedirectURL: p.config.RedirectURI, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}}
	return p.found, nil
}

// asymmetric are the signatures that are believed: those that the provider alone
// can make. "none" is no signature, and HMAC one that we could make ourselves.
var asymmetric = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// Begin gives where to send the browser, and what it keeps until it is back.
func (p *Provider) Begin(ctx context.Context, back string) (redirect, keep string, err error) {
	f, err := p.discover(ctx)
	if err != nil {
		return "", "", refused(chat.FaultProvider, err)
	}
	w := newWay(back, p.now().Add(life))
	if keep, err = p.seal(ctx, w); err != nil {
		return "", "", err
	}
	return f.oauth.AuthCodeURL(w.State, oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier)), keep, nil
}

// Finish takes the browser back.
func (p *Provider) Finish(ctx context.Context, keep string, came url.Values) (chat.Claims, string, error) {
	w, err := p.open(ctx, keep)
	if err != nil {
		return chat.Claims{}, "", err
	}
	if subtle.ConstantTimeCompare([]byte(w.State), []byte(came.Get("state"))) != 1 || len(came["state"]) != 1 || len(came["code"]) > 1 {
		return chat.Claims{}, "", refused(chat.FaultExpired, errors.New("the state is not the one of this browser"))
	}
	if err := p.once(ctx, w); err != nil {
		return chat.Claims{}, "", err
	}
	f, err := p.discover(ctx)
	if err != nil {
		return chat.Claims{}, "", refused(chat.FaultProvider, err)
	}
	// Another provider that somebody was tricked into would name itself (RFC 9207).
	if iss := came.Get("iss"); iss != p.config.Issuer && (iss != "" || f.namesIss) {
		return chat.Claims{}, "", refused(chat.FaultProvider, fmt.Errorf("the answer is of the issuer %q", iss))
	}
	if fault := came.Get("error"); fault != "" {
		why := chat.FaultProvider
		if fault == "access_denied" {
			why = chat.FaultCancelled
		}
		return chat.Claims{}, "", refused(why, fmt.Errorf("the provider says %q: %.200q", fault, came.Get("error_description")))
	}
	c, err := p.exchange(ctx, f, w, came.Get("code"))
	if err != nil {
		return chat.Claims{}, "", err
	}
	who, err := p.claims(c)
	return who, w.Back, err
}

// exchange turns the code into what the provider says of somebody.
func (p *Provider) exchange(ctx context.Context, f *found, w way, code string) (said, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := f.oauth.Exchange(ctx, code, oauth2.VerifierOption(w.Verifier))
	if err != nil {
		return said{}, refused(chat.FaultProvider, fmt.Errorf("exchange the code: %w", err))
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return said{}, refused(chat.FaultProvider, errors.New("the provider gave no ID token"))
	}
	token, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return said{}, refused(chat.FaultProvider, err)
	}
	var s said
	if err = token.Claims(&s.raw); err == nil {
		err = s.read()
	}
	switch {
	case err != nil:
		return said{}, refused(chat.FaultProvider, err)
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(w.Nonce)) != 1:
		return said{}, refused(chat.FaultProvider, errors.New("the nonce of the ID token is another one"))
	case token.IssuedAt.After(p.now().Add(skew)):
		return said{}, refused(chat.FaultProvider, fmt.Errorf("the ID token is of the future: %s", token.IssuedAt))
	case len(token.Audience) > 1 && s.text("azp") != p.config.ClientID:
		return said{}, refused(chat.FaultProvider, errors.New("the ID token was made for another client"))
	case token.Subject == "":
		return said{}, refused(chat.FaultProvider, errors.New("the ID token names nobody"))
	}
	s.identity = chat.StaffIdentity{Issuer: token.Issuer, Subject: token.Subject}
	return s, p.complete(ctx, f, tokens, &s)
}

// complete asks for what the ID token leaves out: many providers tell address
// and groups only when they are asked with the access token.
func (p *Provider) complete(ctx context.Context, f *found, tokens *oauth2.Token, s *said) error {
	if s.has("email") && (p.config.Claim == "" || s.has(p.config.Claim)) || f.provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := f.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return refused(chat.FaultProvider, fmt.Errorf("ask who it is: %w", err))
	}
	if info.Subject != s.identity.Subject {
		return refused(chat.FaultProvider, errors.New("the provider speaks of somebody else when it is asked who it is"))
	}
	var more map[string]any
	if err := info.Claims(&more); err != nil {
		return refused(chat.FaultProvider, err)
	}
	for key, v := range more {
		if !s.has(key) {
			s.raw[key] = v
		}
	}
	return nil
}

func refused(why chat.SignInFault, err error) error {
	return &chat.SignInRefused{Fault: why, Err: err}
}

// bounded is a transport that reads at most maxAnswer of a body.
type bounded struct{ http.RoundTripper }

// RoundTrip sends a request.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, maxAnswer)
	}
	return res, err
}
