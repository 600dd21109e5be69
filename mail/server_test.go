package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a real SMTP server on a free port of this machine.
type server struct {
	addr  string
	trust *tls.Config // trusts its certificate

	mu   sync.Mutex
	got  []received
	rcpt []error // answers to the next recipients; nil takes one
	hold chan struct{}
}

type received struct {
	from, to, user string
	tls            bool
	msg            *netmail.Message
	body           []byte
}

const user, password = "help@example.com", "s3cret pass"

// newServer serves "starttls", "tls" or "plain".
func newServer(t *testing.T, how string) *server {
	t.Helper()
	cert, pool := certificate(t)
	s := &server{trust: &tls.Config{RootCAs: pool}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	srv.Domain, srv.ReadTimeout, srv.WriteTimeout = "127.0.0.1", 10*time.Second, 10*time.Second
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	switch how {
	case "starttls":
		srv.TLSConfig = config
	case "tls":
		l = tls.NewListener(l, config)
	case "plain":
		srv.AllowInsecureAuth = true
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() {
		s.release()
		_ = srv.Close()
		_ = l.Close() // Close knows a listener only once Serve has begun, which a short test does not wait for
		<-done
	})
	return s
}

// stall has the server say nothing when the next letter's text has come, until release.
func (s *server) stall() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold = make(chan struct{})
}

func (s *server) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hold != nil {
		close(s.hold)
		s.hold = nil
	}
}

// answers are given to the next recipients.
func (s *server) answers(all ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rcpt = all
}

func (s *server) letters() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.got...)
}

type session struct {
	s    *server
	conn *smtp.Conn
	now  received
}

func (x *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, pass string) error {
		if name != user || pass != password {
			return smtp.ErrAuthFailed
		}
		x.now.user = name
		return nil
	}), nil
}

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	x.now.from = from
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if len(x.s.rcpt) > 0 {
		err := x.s.rcpt[0]
		x.s.rcpt = x.s.rcpt[1:]
		if err != nil {
			return err
		}
	}
	x.now.to = to
	return nil
}

func (x *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	got := x.now
	got.msg = m
	if got.body, err = io.ReadAll(m.Body); err != nil {
		return err
	}
	_, got.tls = x.conn.TLSConnectionState()
	x.s.mu.Lock()
	x.s.got = append(x.s.got, got)
	hold := x.s.hold
	x.s.mu.Unlock()
	if hold != nil {
		<-hold
		return errors.New("too late")
	}
	return nil
}

func (x *session) Reset()        { x.now = received{user: x.now.user} }
func (x *session) Logout() error { return nil }

// certificate is one for 127.0.0.1, signed by itself.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
