package sso

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"frontdesk/chat"
)

// said is what the provider says of somebody.
type said struct {
	identity chat.StaffIdentity
	raw      map[string]any
}

func (s *said) read() error {
	if s.raw == nil {
		return errors.New("the ID token says nothing")
	}
	return nil
}

func (s said) has(claim string) bool { _, ok := s.raw[claim]; return ok }

func (s said) text(claim string) string { v, _ := s.raw[claim].(string); return v }

// claims checks who somebody is against the configuration.
func (p *Provider) claims(s said) (chat.Claims, error) {
	email := strings.ToLower(strings.TrimSpace(s.text("email")))
	switch v := s.raw["email_verified"]; {
	case email == "":
		return chat.Claims{}, refused(chat.FaultUnverified, errors.New("the provider gave no e-mail address"))
	case v != true && v != "true": // some send a text
		return chat.Claims{}, refused(chat.FaultUnverified, fmt.Errorf("email_verified is %v", v))
	}
	email, err := chat.CheckEmail(email)
	if err != nil {
		return chat.Claims{}, refused(chat.FaultUnverified, err)
	}
	at := strings.LastIndexByte(email, '@')
	if len(p.config.Domains) > 0 && !slices.Contains(p.config.Domains, email[at+1:]) {
		return chat.Claims{}, refused(chat.FaultDomain, fmt.Errorf("the address is of %s", email[at+1:]))
	}
	c := chat.Claims{Identity: s.identity, Email: email, Name: s.text("name"), Role: p.config.Role}
	if len(p.config.Roles) > 0 {
		c.Mapped = true
		if role := p.role(s.raw[p.config.Claim]); role != "" {
			c.Role = role
		}
	}
	return c, nil
}

// byMight are the roles that a provider can give, the mightiest first.
var byMight = []chat.Role{chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer}

// role gives the mightiest role of somebody's groups, "" for none.
func (p *Provider) role(claim any) chat.Role {
	var groups []string
	switch v := claim.(type) {
	case string:
		groups = []string{v}
	case []any:
		for _, g := range v {
			if s, ok := g.(string); ok {
				groups = append(groups, s)
			}
		}
	}
	for _, role := range byMight {
		if slices.ContainsFunc(groups, func(g string) bool { return p.config.Roles[g] == role }) {
			return role
		}
	}
	return ""
}
