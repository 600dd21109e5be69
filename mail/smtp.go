package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"frontdesk/chat"
)

const (
	// patience bounds each exchange with the server. RFC 5321, 4.5.3.2, allows
	// servers minutes; a queue that tries again need not wait for them.
	patience = 30 * time.Second
	// The ports of submission (RFC 8314).
	portStartTLS = 587
	portTLS      = 465
)

// SMTP is a mail server that takes letters. It may be used concurrently: each
// letter has a connection of its own.
type SMTP struct {
	host    string
	server  string // host:port, for people
	from    string // "" when the address does not tell
	plain   bool
	tls     *tls.Config // from the start; nil for STARTTLS, or none
	options []gomail.Option
}

// Open reads the address of a mail server, without connecting:
//
//	smtp://user:password@mail.example:587    STARTTLS, required
//	smtps://user:password@mail.example:465   TLS from the start
//	smtp://127.0.0.1:1025?tls=off            no TLS: on this machine only
//
// ?from=help@example.com names the sender. roots are the authorities that are
// trusted, nil for the system's. CodeInvalid says what is wrong.
func Open(address string, config *tls.Config) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The address may hold a password: it is not repeated.
		return nil, chat.Errorf(chat.CodeInvalid, "FRONTDESK_SMTP_URL is not of the form smtp://user:password@mail.example:587 or smtps://…:465")
	}
	s := &SMTP{host: u.Hostname(), plain: u.Scheme == "smtp" && u.Query().Get("tls") == "off"}
	if s.plain && !isLoopback(u.Hostname()) {
		return nil, chat.Errorf(chat.CodeInvalid, "FRONTDESK_SMTP_URL: tls=off is for a mail server on this machine only; %s is none", u.Hostname())
	}
	if s.from, err = fromOf(u); err != nil {
		return nil, err
	}
	if err := s.configure(u, config); err != nil {
		return nil, err
	}
	if _, err = gomail.NewClient(s.host, s.options...); err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "FRONTDESK_SMTP_URL: %w", err)
	}
	return s, nil
}

func (s *SMTP) configure(u *url.URL, config *tls.Config) error {
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config = config.Clone()
	config.ServerName = u.Hostname()
	port := portStartTLS
	s.options = []gomail.Option{gomail.WithTimeout(patience), gomail.WithTLSConfig(config), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithoutNoop()}
	switch {
	case u.Scheme == "smtps":
		port, s.tls = portTLS, config
		s.options = append(s.options, gomail.WithSSL())
	case s.plain:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if p := u.Port(); p != "" {
		port, _ = strconv.Atoi(p) // digits: url.Parse has seen to it
	}
	s.server = net.JoinHostPort(s.host, strconv.Itoa(port))
	s.options = append(s.options, gomail.WithPort(port))
	if u.User == nil {
		return nil
	}
	if s.plain {
		return chat.Errorf(chat.CodeInvalid, "FRONTDESK_SMTP_URL: a password is not sent without TLS")
	}
	password, _ := u.User.Password()
	s.options = append(s.options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password),
		gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	return nil
}

// fromOf is the sender that a server's address names, or that its user is.
func fromOf(u *url.URL) (string, error) {
	if from := u.Query().Get("from"); from != "" {
		from, err := chat.CheckEmail(from)
		if err != nil {
			return "", chat.Errorf(chat.CodeInvalid, "FRONTDESK_SMTP_URL: from: %w", err)
		}
		return from, nil
	}
	from, err := chat.CheckEmail(u.User.Username())
	if err != nil {
		return "", nil //nolint:nilerr // many users are no addresses
	}
	return from, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// From is the sender that the server's address names, "" if it names none.
func (s *SMTP) From() string { return s.from }

// Server is the server's host and port.
func (s *SMTP) Server() string { return s.server }

// Probe is what was found at the mail server.
type Probe struct {
	Server string `json:"server"`
	TLS    string `json:"tls"` // "TLS 1.3", "none"
	TookMS int64  `json:"took_ms"`
}

// Probe connects, agrees on TLS, signs in and leaves.
func (s *SMTP) Probe(ctx context.Context) (Probe, error) {
	start := time.Now()
	p := Probe{Server: s.server, TLS: "none"}
	err := s.with(ctx, func(_ *gomail.Client, c *smtp.Client) error {
		if state, err := c.GetTLSConnectionState(); err == nil {
			p.TLS = tls.VersionName(state.Version)
		}
		return nil
	})
	p.TookMS = time.Since(start).Milliseconds()
	return p, err
}

// Send hands a letter to the server. id makes the Message-ID: the same letter
// sent twice, because an answer was lost, has the same one, by which mail
// programs know the second. A *Refused says that trying again is no use.
func (s *SMTP) Send(ctx context.Context, id string, l Letter, o Settings) error {
	m, err := s.message(id, l, o)
	if err != nil {
		return err
	}
	return s.with(ctx, func(client *gomail.Client, c *smtp.Client) error { return client.SendWithSMTPClient(c, m) })
}

// with runs fn on a connection that has agreed on TLS and signed in. It ends with ctx.
func (s *SMTP) with(ctx context.Context, fn func(*gomail.Client, *smtp.Client) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all := ctx
	// The connection is ours, because the library closes it neither when ctx ends nor when TLS or sign-in fail.
	dial := func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		plain := &net.Dialer{}
		if s.tls != nil {
			c, err = (&tls.Dialer{NetDialer: plain, Config: s.tls}).DialContext(ctx, network, addr)
		} else {
			c, err = plain.DialContext(ctx, network, addr)
		}
		if err == nil {
			context.AfterFunc(all, func() { _ = c.Close() })
		}
		return c, err
	}
	client, err := gomail.NewClient(s.host, append(s.options[:len(s.options):len(s.options)], gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return s.explain(err)
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return s.explain(err)
	}
	if err = fn(client, c); err == nil {
		_ = client.CloseWithSMTPClient(c) // what was taken was taken, whatever the leave
	}
	return s.explain(err)
}

func (s *SMTP) message(id string, l Letter, o Settings) (*gomail.Msg, error) {
	if o.From == "" {
		o.From = s.from
	}
	if o.From == "" {
		return nil, errNoSender()
	}
	to, err := chat.CheckEmail(l.To)
	if err != nil {
		return nil, &Refused{fmt.Errorf("mail: recipient: %w", err)}
	}
	text, html, err := l.Render()
	if err != nil {
		return nil, fmt.Errorf("mail: render: %w", err)
	}
	name := o.Name
	if name == "" {
		name = l.Brand
	}
	_, domain, _ := strings.Cut(o.From, "@")
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: oneLine(name), Address: o.From})
	m.ToMailAddress(&netmail.Address{Address: to})
	if o.ReplyTo != "" {
		m.ReplyToMailAddress(&netmail.Address{Address: o.ReplyTo})
	}
	m.Subject(oneLine(l.Subject))
	m.SetDateWithValue(time.Now())
	m.SetMessageIDWithValue(id + "@" + domain)
	if thread := oneLine(l.Thread); thread != "" {
		// The first letter of a thread answers an id that no letter has: mail programs gather what answers the same.
		m.SetGenHeader(gomail.HeaderReferences, "<"+thread+"@"+domain+">")
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+thread+"@"+domain+">")
	}
	// RFC 3834: no holiday notes and the like in return; the second header is what Exchange listens to.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	return m, nil
}

func errNoSender() error {
	return chat.Errorf(chat.CodeUnavailable, "No sender is set for e-mail: set it in the console under Settings, Mail.")
}

// Refused says that the server will not take a letter, now or later.
type Refused struct{ Err error }

// Error gives the server's words.
func (r *Refused) Error() string { return r.Err.Error() }

// Unwrap gives the cause.
func (r *Refused) Unwrap() error { return r.Err }

// Uncertain says that a letter was handed over, and that the server's answer was lost: it may have gone out, or not.
type Uncertain struct{ Err error }

// Error says what happened to the connection.
func (u *Uncertain) Error() string { return u.Err.Error() }

// Unwrap gives the cause.
func (u *Uncertain) Unwrap() error { return u.Err }

// explain gives an error of the server words for an operator, and marks one that trying again does not mend: the
// server's 5xx to this very letter. A refused sign-in is mended by the operator, and then the letter goes.
func (s *SMTP) explain(err error) error {
	if err == nil {
		return nil
	}
	var send *gomail.SendError
	if errors.As(err, &send) && send.ErrorCode() >= 500 && (send.Reason == gomail.ErrSMTPRcptTo || send.Reason == gomail.ErrSMTPData ||
		send.Reason == gomail.ErrSMTPDataClose || send.Reason == gomail.ErrSMTPMailFrom) {
		return &Refused{fmt.Errorf("mail: %s refused it: %w", s.server, err)}
	}
	if errors.As(err, &send) && send.Reason == gomail.ErrSMTPDataClose && send.ErrorCode() == 0 {
		return &Uncertain{chat.Errorf(chat.CodeUnavailable, "%s was handed it and did not answer (%w)", s.server, err)}
	}
	var refused *Refused
	if errors.As(err, &refused) {
		return err
	}
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case strings.Contains(err.Error(), "STARTTLS"):
		return chat.Errorf(chat.CodeUnavailable, "%s offers no STARTTLS, which is required: use smtps:// if it speaks TLS from the start (%w)", s.server, err)
	case errors.As(err, &unknown):
		return chat.Errorf(chat.CodeUnavailable, "%s shows a certificate of an authority that is not trusted here: add it to the system's, or name its file in SSL_CERT_FILE (%w)", s.server, err)
	case strings.HasPrefix(lastWords(err), "535"), strings.HasPrefix(lastWords(err), "534"), strings.HasPrefix(lastWords(err), "530"):
		return chat.Errorf(chat.CodeUnavailable, "%s refuses user or password (%w)", s.server, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return chat.Errorf(chat.CodeUnavailable, "%s does not answer in time (%w)", s.server, err)
	}
	return chat.Errorf(chat.CodeUnavailable, "%s does not take e-mail now (%w)", s.server, err)
}

// lastWords are those of the innermost error: the server's answer, if it gave one.
func lastWords(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
