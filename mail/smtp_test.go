package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"mime"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"frontdesk/chat"
)

func TestMain(m *testing.M) { leaks(m) }

// open opens s with a user.
func open(t *testing.T, s *server, scheme, query string) *SMTP {
	t.Helper()
	address := scheme + "://" + url.UserPassword(user, password).String() + "@" + s.addr + query
	if query == "?tls=off" {
		address = scheme + "://" + s.addr + "?tls=off&from=help@example.com"
	}
	carrier, err := Open(address, s.trust)
	if err != nil {
		t.Fatal(err)
	}
	return carrier
}

func letter() Letter {
	return Letter{
		To: "ann@example.net", Subject: "Your code: 123456", Brand: "Kessel & Korn", Colour: "#8f4a1f", Title: "Confirm that it is you",
		Text: []string{"Somebody asked for this code."}, Code: "123456", Notes: []string{"It counts for 10 minutes."}, Thread: "thread-1",
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		how, scheme, query string
		tls                bool
	}{
		"STARTTLS":         {"starttls", "smtp", "", true},
		"TLS":              {"tls", "smtps", "", true},
		"plain, loopback":  {"plain", "smtp", "?tls=off", false},
		"STARTTLS, sender": {"starttls", "smtp", "?from=other@example.com", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, test.how)
			carrier := open(t, s, test.scheme, test.query)
			if err := carrier.Send(t.Context(), "id-1", letter(), Settings{ReplyTo: "desk@example.com"}); err != nil {
				t.Fatal(err)
			}
			all := s.letters()
			if len(all) != 1 {
				t.Fatalf("%d letters", len(all))
			}
			got := all[0]
			if got.tls != test.tls || got.to != "ann@example.net" || test.tls != (got.user == user) {
				t.Errorf("got %+v", got)
			}
			from := carrier.From()
			want := map[string]string{
				"Message-Id": "<id-1@example.com>", "References": "<thread-1@example.com>", "Auto-Submitted": "auto-generated",
				"To": "<ann@example.net>", "From": `"Kessel & Korn" <` + from + `>`, "Reply-To": "<desk@example.com>", "Subject": "Your code: 123456",
			}
			for k, v := range want {
				if h := got.msg.Header.Get(k); h != v {
					t.Errorf("%s: %q, want %q", k, h, v)
				}
			}
			if kind, _, err := mime.ParseMediaType(got.msg.Header.Get("Content-Type")); err != nil || kind != "multipart/alternative" {
				t.Errorf("type %s, %v", kind, err)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	s := newServer(t, "starttls")
	p, err := open(t, s, "smtp", "").Probe(t.Context())
	if err != nil || p.TLS != "TLS 1.3" || p.Server != s.addr {
		t.Errorf("got %+v, %v", p, err)
	}
	wrong, err := Open("smtp://"+url.UserPassword(user, "wrong").String()+"@"+s.addr, s.trust)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrong.Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "refuses user or password") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong password: %v", err)
	}
}

// What goes wrong has words that say what to do, and is tried again but for a refusal of the letter itself.
func TestFaults(t *testing.T) {
	t.Parallel()
	start := newServer(t, "starttls")
	for name, test := range map[string]struct {
		carrier func(t *testing.T) *SMTP
		says    string
		refused bool
	}{
		"no TLS": {func(t *testing.T) *SMTP { return open(t, newServer(t, "plain"), "smtp", "") }, "offers no STARTTLS", false},
		"an unknown authority": {func(t *testing.T) *SMTP {
			s := &server{addr: start.addr, trust: &tls.Config{}}
			return open(t, s, "smtp", "")
		}, "not trusted here", false},
		"nobody there": {func(t *testing.T) *SMTP { return open(t, &server{addr: free(t)}, "smtp", "") }, "does not take e-mail now", false},
		"later": {func(t *testing.T) *SMTP {
			s := newServer(t, "starttls")
			s.answers(&smtp.SMTPError{Code: 451, Message: "greylisted"})
			return open(t, s, "smtp", "")
		}, "greylisted", false},
		"no such mailbox": {func(t *testing.T) *SMTP {
			s := newServer(t, "starttls")
			s.answers(&smtp.SMTPError{Code: 550, Message: "no such mailbox"})
			return open(t, s, "smtp", "")
		}, "no such mailbox", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.carrier(t).Send(t.Context(), "id", letter(), Settings{})
			var refused *Refused
			if err == nil || !strings.Contains(err.Error(), test.says) || errors.As(err, &refused) != test.refused {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestAStalledServerIsLeft(t *testing.T) {
	t.Parallel()
	s := newServer(t, "starttls")
	s.stall()
	carrier := open(t, s, "smtp", "")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- carrier.Send(ctx, "id", letter(), Settings{}) }()
	until(t, func() bool { return len(s.letters()) == 1 })
	cancel()
	select {
	case err := <-ended:
		if chat.CodeOf(err) != chat.CodeUnavailable {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits on")
	}
}

func TestAddressesOfServers(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "mail.example", "http://mail.example", "smtp://", "smtp://user:pass word@%zz",
		"smtp://mail.example?tls=off", "smtp://10.0.0.1:25?tls=off", "smtp://user:pass@127.0.0.1?tls=off", "smtp://mail.example?from=nobody",
	} {
		_, err := Open(bad, nil)
		if chat.CodeOf(err) != chat.CodeInvalid || strings.Contains(err.Error(), "pass word") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for address, want := range map[string]string{
		"smtp://mail.example": "mail.example:587", "smtps://mail.example": "mail.example:465", "smtp://[::1]:1025?tls=off": "[::1]:1025", "smtp://localhost:25?tls=off": "localhost:25",
	} {
		s, err := Open(address, nil)
		if err != nil || s.Server() != want {
			t.Errorf("%s: %v, %v", address, s, err)
		}
	}
}

// Nothing that somebody wrote becomes a header, a recipient or a tag.
func TestNothingIsInjected(t *testing.T) {
	t.Parallel()
	s := newServer(t, "starttls")
	carrier := open(t, s, "smtp", "")
	evil := "x\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>"
	l := Letter{To: "ann@example.net", Subject: evil, Brand: evil, Colour: "red;background:url(x)", Title: evil, Text: []string{evil}, Code: evil,
		Said: []Said{{From: evil, Text: evil}}, Button: &Link{evil, "javascript:alert(1)"}, Notes: []string{evil}, Thread: evil}
	if err := carrier.Send(t.Context(), "id", l, Settings{Name: evil}); err != nil {
		t.Fatal(err)
	}
	got := s.letters()[0]
	if got.msg.Header.Get("Bcc") != "" || got.to != "ann@example.net" {
		t.Errorf("headers %v", got.msg.Header)
	}
	_, html, err := l.Render()
	if err != nil || strings.Contains(html, "<script") || strings.Contains(html, "javascript:") || strings.Contains(html, "url(x)") {
		t.Errorf("%v\n%s", err, html)
	}
	for _, to := range []string{"a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com", "a@example.com>\r\nDATA", ""} {
		l.To = to
		var refused *Refused
		if err := carrier.Send(t.Context(), "id", l, Settings{}); !errors.As(err, &refused) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if len(s.letters()) != 1 {
		t.Errorf("%d letters", len(s.letters()))
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come to pass")
		}
	}
}
