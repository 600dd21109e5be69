package action

import (
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"frontdesk/chat"
)

// mcpPrefix marks an Action's service as an MCP server.
const mcpPrefix = "mcp:"

var (
	plainName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	headerName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)
	methods    = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	kinds      = []Kind{"", KindText, KindNumber, KindDate}
	// ours are headers that requests have anyway, or that say how they are sent.
	ours = []string{"Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Idempotency-Key", "User-Agent", "Accept", "Cookie"}
)

// problems collects what is wrong with a Config, each with its place.
type problems struct{ list []string }

func (p *problems) add(where, format string, args ...any) {
	p.list = append(p.list, where+": "+fmt.Sprintf(format, args...))
}

// maxProblems is how many are told at a time.
const maxProblems = 10

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	list := p.list
	if len(list) > maxProblems {
		list = append(slices.Clone(list[:maxProblems]), fmt.Sprintf("and %d more", len(list)-maxProblems))
	}
	return chat.Errorf(chat.CodeInvalid, "The actions were not saved. %s.", strings.Join(list, "; "))
}

// Check says everything that is wrong with a Config, in words for whoever
// wrote it. CodeInvalid. What it passes can be run.
func (c Config) Check(hosts Hosts, secrets Secrets) error {
	var p problems
	for i, s := range c.Services {
		where := fmt.Sprintf("services[%d] %s", i, s.Name)
		s.check(&p, strings.TrimSpace(where), hosts, secrets)
		if slices.IndexFunc(c.Services, func(o Service) bool { return o.Name == s.Name }) != i {
			p.add(where, "there is another service of this name")
		}
	}
	if len(c.Actions) > maxActions {
		p.add("actions", "there are %d, at most %d are possible", len(c.Actions), maxActions)
	}
	for i, a := range c.Actions {
		where := strings.TrimSpace(fmt.Sprintf("actions[%d] %s", i, a.Name))
		a.check(&p, where, c)
		if slices.IndexFunc(c.Actions, func(o Action) bool { return o.Name == a.Name }) != i {
			p.add(where, "there is another action of this name")
		}
	}
	return p.err()
}

func (s Service) check(p *problems, where string, hosts Hosts, secrets Secrets) {
	if !plainName.MatchString(s.Name) {
		p.add(where, "a name has letters, digits, - and _, at most 64")
	}
	u, err := parseBase(s.Base)
	if err != nil {
		p.add(where, "base: %v", err)
		return
	}
	if u.Scheme != "https" && !hosts.Allows(u.Host) {
		p.add(where, "base: use https, or have the operator name %s in FRONTDESK_ACTION_HOSTS", u.Host)
	}
	for _, h := range s.Headers {
		switch {
		case !headerName.MatchString(h.Name):
			p.add(where, "%q is no name of a header", h.Name)
		case slices.Contains(ours, textproto.CanonicalMIMEHeaderKey(h.Name)):
			p.add(where, "the header %s is set by Frontdesk itself", h.Name)
		case strings.ContainsFunc(h.Prefix, isControl):
			p.add(where, "the prefix of %s holds a control character", h.Name)
		}
		if err := secrets.Check(h.Secret); err != nil {
			p.add(where, "header %s: %v", h.Name, err)
		}
	}
}

// parseBase reads the address of a service.
func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%q is no address such as https://api.shop.example/v1", base)
	case u.User != nil:
		return nil, fmt.Errorf("an address holds no name or password: use a header with a secret")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("an address ends before ? and #")
	case u.Path != "" && path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/"):
		return nil, fmt.Errorf("its path is not plain: write %s", path.Clean(u.Path))
	}
	return u, nil
}

func (a Action) check(p *problems, where string, c Config) {
	if !plainName.MatchString(a.Name) {
		p.add(where, "a name has letters, digits, - and _, at most 64")
	}
	if strings.TrimSpace(a.Title) == "" {
		p.add(where, "it needs a title, which people see")
	}
	params, err := parseParameters(a.Parameters)
	if err != nil {
		p.add(where, "parameters: %v", err)
		return
	}
	if server, ok := strings.CutPrefix(a.Service, mcpPrefix); ok {
		if !plainName.MatchString(server) || a.Tool == "" {
			p.add(where, `a tool of an MCP server needs its service "mcp:NAME" and the tool's name`)
		}
		if a.Method != "" || a.Path != "" {
			p.add(where, "a tool has no method and no path")
		}
	} else {
		a.checkRequest(p, where, params, c)
	}
	a.checkWords(p, where, params)
	if a.TimeoutMS < 0 || a.timeout() > maxTimeout {
		p.add(where, "timeout_ms: at most %d", maxTimeout/time.Millisecond)
	}
	if a.MaxBytes < 0 || a.MaxBytes > maxBytes {
		p.add(where, "max_bytes: at most %d", maxBytes)
	}
}

// checkRequest checks how an action's request is made.
func (a Action) checkRequest(p *problems, where string, params parameters, c Config) {
	if _, ok := c.service(a.Service); !ok {
		p.add(where, "there is no service %q", a.Service)
	}
	if !slices.Contains(methods, a.Method) {
		p.add(where, "method: one of %s", strings.Join(methods, ", "))
	}
	if a.Method != http.MethodGet && !a.Write && a.Method != http.MethodPost {
		p.add(where, "%s changes something: declare it as a write, so that the customer confirms it", a.Method)
	}
	bare := slot.ReplaceAllString(a.Path, "x")
	if !strings.HasPrefix(a.Path, "/") || strings.ContainsAny(bare, "{}?#\\%") || strings.ContainsFunc(bare, isControl) ||
		path.Clean(bare) != strings.TrimSuffix(bare, "/") && bare != "/" {
		p.add(where, "path: it begins with /, is plain, and has parameters in braces: /orders/{number}")
	}
	for _, name := range slotsOf(a.Path) {
		if one, ok := params.get(name); !ok || !one.Required && a.Bind[name] == "" {
			p.add(where, "path: %q must be a required parameter", name)
		}
	}
	for name, place := range a.In {
		if _, ok := params.get(name); !ok || place != inQuery && place != inBody && place != inPath {
			p.add(where, `in: %q must be a parameter, and its place "query" or "body"`, name)
		}
	}
	for _, one := range params.list {
		if a.place(one.Name) == inBody && (a.Method == http.MethodGet || a.Method == http.MethodDelete) {
			p.add(where, "in: a %s request has no body for %q", a.Method, one.Name)
		}
	}
}

// checkWords checks what is asked, shown and said.
func (a Action) checkWords(p *problems, where string, params parameters) {
	known := map[string]bool{}
	for _, one := range params.list {
		known[one.Name] = true
	}
	for name := range a.Ask {
		if !known[name] {
			p.add(where, "ask: there is no parameter %q", name)
		}
	}
	for name, what := range a.Bind {
		if !known[name] || what != bindEmail && what != bindCustomer {
			p.add(where, `bind: %q must be a parameter, and come from "email" or "customer"`, name)
		}
	}
	for _, name := range slotsOf(a.Confirm) {
		if !known[name] {
			p.add(where, "confirm: there is no parameter %q", name)
		}
	}
	for _, r := range a.Results {
		switch {
		case !parameterName.MatchString(r.Name):
			p.add(where, "results: %q is no name", r.Name)
		case known[r.Name]:
			p.add(where, "results: %q is a parameter or a result already", r.Name)
		case strings.TrimSpace(r.Path) == "" || strings.Contains(r.Path, ".."):
			p.add(where, "results: %s needs its path in the answer, as order.status", r.Name)
		case !slices.Contains(kinds, r.Kind):
			p.add(where, "results: %s is text, number or date", r.Name)
		}
		known[r.Name] = true
	}
	if strings.TrimSpace(a.Say) == "" {
		p.add(where, `it needs a sentence to say: "Your order {number} is {status}."`)
	}
	for _, template := range []string{a.Say, a.Absent} {
		for _, name := range slotsOf(template) {
			if !known[name] {
				p.add(where, "there is no parameter or result %q to say", name)
			}
		}
	}
	for _, name := range slotsOf(a.Absent) {
		if _, ok := params.get(name); !ok {
			p.add(where, "absent: only parameters are known when there is no answer, not %q", name)
		}
	}
	if a.Write && strings.TrimSpace(a.Confirm) == "" {
		p.add(where, `a write needs "confirm", what will happen: "Cancel order {number}"`)
	}
}
