package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/sso"
)

// identityProvider is the one that Settings name, as the gateway sees it.
type identityProvider struct{ *sso.Provider }

// openSSO gives the identity provider, nil where none is set up. It is asked nothing yet.
func (c *core) openSSO(s Settings, publicURL string) (gateway.SSO, error) {
	if s.OidcIssuer == "" {
		return nil, nil
	}
	if publicURL == "" {
		return nil, chat.Errorf(chat.CodeInvalid, "to sign in through %s, Frontdesk has to know its own address: set --public-url", s.OidcIssuer)
	}
	roles := map[string]chat.Role{}
	for _, one := range s.OidcRoles {
		at := strings.LastIndexByte(one, '=')
		if at < 1 {
			return nil, chat.Errorf(chat.CodeInvalid, "--oidc-roles: %q is not of the form GROUP=ROLE", one)
		}
		roles[one[:at]] = chat.Role(one[at+1:])
	}
	p, err := sso.New(sso.Config{
		Issuer: s.OidcIssuer, ClientID: s.OidcClientID, ClientSecret: s.OidcClientSecret, Label: s.OidcLabel, Domains: s.OidcDomains,
		Role: chat.Role(s.OidcRole), Claim: s.OidcClaim, Roles: roles, RedirectURI: strings.TrimRight(publicURL, "/") + gateway.SSOCallbackPath,
	}, c.store, c.workspace.ID, time.Now)
	if err != nil {
		return nil, fmt.Errorf("identity provider: %w", err)
	}
	return identityProvider{p}, nil
}

// Label is the button's.
func (p identityProvider) Label() string { return p.Config().Label }

// View says how it is set up, without the secret.
func (p identityProvider) View(ctx context.Context) protocol.SSOView {
	c := p.Config()
	v := protocol.SSOView{Label: c.Label, Issuer: c.Issuer, ClientID: c.ClientID, RedirectURI: c.RedirectURI, Domains: c.Domains,
		Role: c.Role, Claim: c.Claim, Roles: map[string]string{}}
	for group, role := range c.Roles {
		v.Roles[group] = string(role)
	}
	if err := p.Ready(ctx); err != nil {
		v.Fault = err.Error() // for admins: it holds addresses, and no secret
	}
	return v
}
