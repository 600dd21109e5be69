package action

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/chat"
)

// Nothing in an argument leaves the declared address or adds to the request.
func TestArgumentsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	s := Service{Name: "shop", Base: "https://api.shop.example/v1"}
	a := Action{Name: "a", Service: "shop", Method: http.MethodGet, Path: "/orders/{number}/items"}
	for _, v := range []string{"../../admin", "..", ".", "a/b", `a\b`, "a?x=1", "a#b", "%2e%2e", "x;y", "a\r\nX-Admin: 1", "a\nb", "\x00", ""} {
		if r, err := a.request(t.Context(), s, Secrets{}, map[string]any{"number": v}, "k"); err == nil {
			t.Errorf("%q became %s", v, r.URL)
		}
	}
	r, err := a.request(t.Context(), s, Secrets{}, map[string]any{"number": "Ä 1@x:y", "q": "a&b=c\r\nHost: evil", "to": "//evil.example"}, "k")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.URL.String(), "https://api.shop.example/v1/orders/%C3%84%201@x:y/items?q=a%26b%3Dc%0D%0AHost%3A+evil&to=%2F%2Fevil.example"; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	a.Method, a.Path = http.MethodPost, "/orders"
	r, err = a.request(t.Context(), s, Secrets{}, map[string]any{"note": `","admin":true,"x":"`}, "k")
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body) != 1 {
		t.Errorf("sent %v, %v", body, err)
	}
}

func TestOnlyTheDeclaredHostIsReached(t *testing.T) {
	t.Parallel()
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(inside.Close)
	t.Run("no internal address", func(t *testing.T) {
		t.Parallel()
		for _, base := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), strings.Replace(inside.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "http://169.254.169.254", "http://10.0.0.1:1"} {
			b := newBench(t, func(o *Options, c *Config) { c.Services[0].Base = base; c.Actions[0].TimeoutMS = 500 })
			b.silent(asks("Where is my order 20418?"))
		}
	})
	t.Run("no redirect to one", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, nil)
		b.shop.set(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, http.StatusFound) })
		b.silent(asks("Where is my order 20418?"))
		if c := b.store.calls[0]; c.Code != http.StatusFound || c.State != chat.CallFailed {
			t.Errorf("kept %+v", c)
		}
	})
	t.Cleanup(func() {
		if reached {
			t.Error("the internal server was reached")
		}
	})
}

func TestSecretsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte(" abc \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "two"), []byte("a\nb"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Secrets{Dir: dir, Lookup: func(string) (string, bool) { return "from env", true }}
	if v, err := s.value("file:token"); v != "abc" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
	if v, err := s.value("env:FRONTDESK_SECRET_SHOP"); v != "from env" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
	for _, ref := range []string{"", "s3cret", "file:", "file:../token", "file:/etc/passwd", "file:.ssh", "file:none", "file:two", "env:DATABASE_URL", "env:OPENAI_API_KEY", "env:FRONTDESK_SECRET_", "env:"} {
		if v, err := s.value(ref); err == nil {
			t.Errorf("%q gave %q", ref, v)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	shop := newShop(t)
	check := func(c Config) error {
		return c.Check(Hosts{shop.host()}, Secrets{Lookup: func(string) (string, bool) { return "x", true }})
	}
	if err := check(shop.config()); err != nil {
		t.Fatal(err)
	}
	for says, spoil := range map[string]func(*Config){
		"services[0] shop: base: use https": func(c *Config) { c.Services[0].Base = "http://other.example" },
		"no address such as":                func(c *Config) { c.Services[0].Base = "ftp://x" },
		"holds no name or password":         func(c *Config) { c.Services[0].Base = "https://u:p@x.example" },
		"its path is not plain":             func(c *Config) { c.Services[0].Base = "https://x.example/a/../b" },
		"its value does not belong here":    func(c *Config) { c.Services[0].Headers[0].Secret = "sk-12345" },
		"is set by Frontdesk itself":        func(c *Config) { c.Services[0].Headers[0].Name = "host" },
		"is no name of a header":            func(c *Config) { c.Services[0].Headers[0].Name = "X\r\nY" },
		"there is another service":          func(c *Config) { c.Services = append(c.Services, c.Services[0]) },
		"there is another action":           func(c *Config) { c.Actions = append(c.Actions, c.Actions[0]) },
		`there is no service "warehouse"`:   func(c *Config) { c.Actions[0].Service = "warehouse" },
		"declare it as a write":             func(c *Config) { c.Actions[0].Method = "DELETE" },
		"path: it begins with /":            func(c *Config) { c.Actions[0].Path = "/../{number}" },
		`"id" must be a required parameter`: func(c *Config) { c.Actions[0].Path = "/orders/{id}" },
		"it is no JSON schema":              func(c *Config) { c.Actions[0].Parameters = json.RawMessage(`[]`) },
		"must be a string, integer, number or boolean": func(c *Config) {
			c.Actions[0].Parameters = json.RawMessage(`{"type":"object","properties":{"number":{"type":"object"}}}`)
		},
		"write the properties out": func(c *Config) {
			c.Actions[0].Parameters = json.RawMessage(`{"type":"object","allOf":[{"$ref":"https://evil.example/x"}]}`)
		},
		"pattern": func(c *Config) {
			c.Actions[0].Parameters = json.RawMessage(`{"type":"object","properties":{"number":{"type":"string","pattern":"("}},"required":["number"]}`)
		},
		`there is no parameter or result "carrier" to say`: func(c *Config) { c.Actions[0].Say = "With {carrier}" },
		"only parameters are known":                        func(c *Config) { c.Actions[0].Absent = "No {status}" },
		"is a parameter or a result already":               func(c *Config) { c.Actions[0].Results[0].Name = "number" },
		`a write needs "confirm"`:                          func(c *Config) { c.Actions[1].Confirm = "" },
		"needs a title":                                    func(c *Config) { c.Actions[0].Title = " " },
		"timeout_ms":                                       func(c *Config) { c.Actions[0].TimeoutMS = 60_000 },
		"max_bytes":                                        func(c *Config) { c.Actions[0].MaxBytes = -1 },
		"bind":                                             func(c *Config) { c.Actions[0].Bind = map[string]string{"number": "password"} },
	} {
		c := shop.config()
		spoil(&c)
		if err := check(c); chat.CodeOf(err) != chat.CodeInvalid || !strings.Contains(chat.MessageOf(err), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	t.Parallel()
	h := Hosts{"orders.internal:8080", "wms.internal", "::1"}
	for host, want := range map[string]bool{"orders.internal:8080": true, "ORDERS.internal:8080": true, "orders.internal:80": false, "wms.internal:443": true,
		"evil.wms.internal:443": false, "wms.internal": true, "[::1]:80": true, "127.0.0.1:80": false} {
		if h.Allows(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}
